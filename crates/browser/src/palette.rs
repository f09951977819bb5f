//! Pictures made small: a page has few colours, so a palette of 256 holds them.

use anyhow::{Context, Result};
use std::collections::HashMap;
use std::io::Cursor;

/// Colours of a palette at most.
const COLOURS_MAX: usize = 256;

/// The same picture with at most 256 colours. Where there are more, those that differ least
/// become one.
pub fn with_palette(file: &[u8]) -> Result<Vec<u8>> {
    let mut reader = png::Decoder::new(Cursor::new(file)).read_info()?;
    let mut bytes = vec![0; reader.output_buffer_size().context("the picture is too large")?];
    let frame = reader.next_frame(&mut bytes)?;
    let samples = frame.color_type.samples();
    let pixels: Vec<[u8; 3]> = bytes[..frame.buffer_size()]
        .chunks_exact(samples)
        .map(|pixel| if samples < 3 { [pixel[0]; 3] } else { [pixel[0], pixel[1], pixel[2]] })
        .collect();
    let coarser = [0xff_u8, 0xfc, 0xf8, 0xf0, 0xe0, 0xc0];
    let found = coarser.into_iter().find_map(|mask| indexed(&pixels, mask));
    let (palette, indices) = found.context("four levels a colour always fit")?;
    let mut small = Vec::new();
    let mut encoder = png::Encoder::new(&mut small, frame.width, frame.height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.write_header()?.write_image_data(&indices)?;
    Ok(small)
}

/// The palette and the pixels' places in it, when it is small enough. A colour is shown as the
/// one of its kind that came first.
fn indexed(pixels: &[[u8; 3]], mask: u8) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut places: HashMap<[u8; 3], u8> = HashMap::new();
    let (mut palette, mut indices) = (Vec::new(), Vec::with_capacity(pixels.len()));
    for pixel in pixels {
        let kind = pixel.map(|level| level & mask);
        let next = places.len();
        if next == COLOURS_MAX && !places.contains_key(&kind) {
            return None;
        }
        indices.push(*places.entry(kind).or_insert_with(|| {
            palette.extend(pixel);
            // Below 256: it was looked at before.
            next as u8
        }));
    }
    Some((palette, indices))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_colours_become_few_and_few_stay() {
        let few = [[1, 2, 3], [1, 2, 4], [1, 2, 3]];
        assert_eq!(indexed(&few, 0xff), Some((vec![1, 2, 3, 1, 2, 4], vec![0, 1, 0])));
        let many: Vec<[u8; 3]> = (0..1000u32).map(|n| [n as u8, (n / 256) as u8, 0]).collect();
        assert_eq!(indexed(&many, 0xff), None);
        let (palette, indices) = indexed(&many, 0xf8).expect("32 levels and 1 fit");
        assert_eq!((palette.len(), indices.len()), (32 * 3, 1000));
    }
}
