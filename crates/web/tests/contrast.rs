//! Contrast of every pair of colours that meet, in both themes (WCAG 2.2, 1.4.3 and 1.4.11).

use std::collections::HashMap;

/// Text needs 4.5, frames of controls and shapes 3.
const TEXT: f64 = 4.5;
const SHAPE: f64 = 3.0;

/// Foreground, background, least ratio.
const PAIRS: &[(&str, &str, f64)] = &[
    ("ink", "paper", TEXT),
    ("ink", "surface", TEXT),
    ("ink", "sunken", TEXT),
    ("ink", "hover", TEXT),
    ("ink", "accent-soft", TEXT),
    ("ink", "mark", TEXT),
    ("ink", "added", TEXT),
    ("ink", "removed", TEXT),
    ("ink", "warn-soft", TEXT),
    ("ink", "ok-soft", TEXT),
    ("ink", "stop-soft", TEXT),
    ("ink", "note-soft", TEXT),
    ("ink-quiet", "paper", TEXT),
    ("ink-quiet", "surface", TEXT),
    ("ink-quiet", "sunken", TEXT),
    ("ink-quiet", "hover", TEXT),
    ("ink-quiet", "accent-soft", TEXT),
    ("accent", "paper", TEXT),
    ("accent", "surface", TEXT),
    ("accent", "sunken", TEXT),
    ("accent", "hover", TEXT),
    ("accent", "accent-soft", TEXT),
    ("accent-strong", "accent-soft", TEXT),
    ("accent-strong", "hover", TEXT),
    ("accent-ink", "accent", TEXT),
    ("accent-ink", "accent-strong", TEXT),
    ("ok", "ok-soft", TEXT),
    ("ok", "surface", TEXT),
    ("ok", "paper", TEXT),
    ("warn", "warn-soft", TEXT),
    ("warn", "surface", TEXT),
    ("warn", "paper", TEXT),
    ("stop", "stop-soft", TEXT),
    ("stop", "surface", TEXT),
    ("stop", "paper", TEXT),
    ("note", "note-soft", TEXT),
    ("line-strong", "surface", SHAPE),
    ("line-strong", "paper", SHAPE),
    ("line-strong", "sunken", SHAPE),
    ("accent", "mark", SHAPE),
    ("accent", "stop-soft", SHAPE),
];

fn tokens() -> HashMap<String, [String; 2]> {
    let sheet = include_str!("../assets/css/tokens.css");
    let mut found = HashMap::new();
    for line in sheet.lines() {
        let Some((name, value)) = line.trim().strip_prefix("--").and_then(|l| l.split_once(": "))
        else {
            continue;
        };
        let Some(pair) = value.strip_prefix("light-dark(") else { continue };
        let pair = pair.trim_end_matches(';').trim_end_matches(')');
        let (light, dark) = pair.split_once(", ").expect("two colours");
        found.insert(name.to_owned(), [light.to_owned(), dark.to_owned()]);
    }
    found
}

/// Relative luminance of `#rrggbb` (WCAG 2.2, definitions).
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = u8::from_str_radix(&colour[at..at + 2], 16).expect("hexadecimal digits");
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn contrast_is_computed_as_the_guideline_says() {
    assert!((contrast("#ffffff", "#000000") - 21.0).abs() < 1e-9);
    assert!((contrast("#777777", "#ffffff") - 4.478).abs() < 0.001);
}

#[test]
fn colours_that_meet_can_be_told_apart() {
    let tokens = tokens();
    let mut low = Vec::new();
    for (theme, word) in ["light", "dark"].into_iter().enumerate() {
        for (front, back, least) in PAIRS {
            let ratio = contrast(&tokens[*front][theme], &tokens[*back][theme]);
            if ratio < *least {
                low.push(format!("{front} on {back}, {word}: {ratio:.2} of {least}"));
            }
        }
    }
    assert_eq!(low, Vec::<String>::new());
}

#[test]
fn initials_can_be_read_in_every_patients_colour() {
    let tokens = tokens();
    for hue in 0..12 {
        for theme in [0, 1] {
            let colour = |name: &str| tokens[name][theme].as_str();
            let (ink, surface) = (colour("hue-ink"), colour("surface"));
            let back = colour(&format!("hue-{hue}"));
            assert!(contrast(ink, back) >= TEXT, "hue {hue}");
            assert!(contrast(back, surface) >= SHAPE, "hue {hue}");
        }
    }
}
