//! A QR code of a short text, drawn as SVG: what a telephone reads from the screen, so that nobody
//! types a secret of 32 letters.

use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};

/// Light modules around the code, which readers need.
const QUIET: usize = 4;

/// The code as a drawing under a label; nothing for a text that is too long for one.
pub fn qr(text: &str, label: &str) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::L) else {
        return html! {};
    };
    let side = code.width() + 2 * QUIET;
    let modules = code.to_colors();
    let dark = modules.iter().enumerate().filter(|(_, color)| **color == Color::Dark);
    let square =
        |(at, _)| format!("M{} {}h1v1h-1z", at % code.width() + QUIET, at / code.width() + QUIET);
    let path: String = dark.map(square).collect();
    html! {
        svg class="qr" viewBox={ "0 0 " (side) " " (side) } role="img" aria-label=(label)
            shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_within_its_quiet_zone() {
        // 53 bytes at level L are version 3, 29 modules a side (ISO/IEC 18004, table 7).
        let drawn = qr(&"a".repeat(53), "Secret").into_string();
        assert!(drawn.contains("viewBox=\"0 0 37 37\""), "{drawn}");
        assert!(drawn.contains("aria-label=\"Secret\""));
        // The corners of the three finder patterns, and the light fourth corner's absence.
        for corner in ["M4 4h", "M32 4h", "M4 32h"] {
            assert!(drawn.contains(corner), "{corner}");
        }
        assert!(!drawn.contains("M3 "), "the quiet zone is light");
    }

    #[test]
    fn a_text_too_long_for_a_code_draws_nothing() {
        assert_eq!(qr(&"a".repeat(3000), "Secret").into_string(), "");
    }
}
