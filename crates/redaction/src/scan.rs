//! Scans to pixels: PNG, JPEG, TIFF (every page of it), under limits.
//!
//! Only pixels are kept. Metadata of the file (camera, place, thumbnails) is left behind.

use crate::page::PagePixels;
use crate::pdf::read::Limits;
use image::{ImageFormat, ImageReader};
use serde::{Deserialize, Serialize};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why a scan isn't read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum ScanError {
    /// Not one of the formats.
    #[error("The file isn't a PNG, JPEG or TIFF image. Convert it, or scan again.")]
    UnknownFormat,
    /// Too many bytes or pixels.
    #[error("The image is larger than allowed. Scan again at 200 dots per inch.")]
    TooLarge,
    /// Too many pages.
    #[error("The TIFF has more than {0} pages. Split it.")]
    TooManyPages(usize),
    /// Broken.
    #[error("The image can't be read. Scan again, or ask the sender for a new copy.")]
    Broken,
}

/// Reads a scan: one page, or each page of a TIFF.
pub fn read_scan(bytes: &[u8], limits: &Limits) -> Result<Vec<PagePixels>, ScanError> {
    if bytes.len() > limits.file_bytes_max {
        return Err(ScanError::TooLarge);
    }
    let format = image::guess_format(bytes).map_err(|_| ScanError::UnknownFormat)?;
    let read = || match format {
        ImageFormat::Tiff => tiff_pages(bytes, limits),
        ImageFormat::Png | ImageFormat::Jpeg => Ok(vec![decode(bytes, format, limits)?]),
        _ => Err(ScanError::UnknownFormat),
    };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(ScanError::Broken))
}

fn decode(bytes: &[u8], format: ImageFormat, limits: &Limits) -> Result<PagePixels, ScanError> {
    let open = || ImageReader::with_format(Cursor::new(bytes), format);
    let (width, height) = open().into_dimensions().map_err(|_| ScanError::Broken)?;
    if u64::from(width) * u64::from(height) > limits.page_pixels_max {
        return Err(ScanError::TooLarge);
    }
    let mut reader = open();
    let mut allowed = image::Limits::default();
    allowed.max_alloc = Some(limits.page_pixels_max.saturating_mul(16));
    reader.limits(allowed);
    let picture = reader.decode().map_err(|_| ScanError::Broken)?;
    // Transparent pixels are laid on white, as paper is.
    let rgba = picture.to_rgba8();
    let over_white = |channel: u8, alpha: u8| {
        let mixed = u32::from(channel) * u32::from(alpha) + 255 * (255 - u32::from(alpha));
        u8::try_from(mixed / 255).unwrap_or(255)
    };
    let rgb = rgba.pixels().flat_map(|p| [0, 1, 2].map(|i| over_white(p.0[i], p.0[3]))).collect();
    PagePixels::new(width, height, rgb).ok_or(ScanError::Broken)
}

/// Each image directory of a TIFF (TIFF 6.0, section 2) is decoded with the header pointed at it.
fn tiff_pages(bytes: &[u8], limits: &Limits) -> Result<Vec<PagePixels>, ScanError> {
    let little = bytes.starts_with(b"II");
    let mut pages = Vec::new();
    let mut offset = number(bytes, 4, 4, little).ok_or(ScanError::Broken)?;
    let mut seen = Vec::new();
    while offset != 0 {
        if seen.contains(&offset) {
            return Err(ScanError::Broken);
        }
        if pages.len() >= limits.pages_max {
            return Err(ScanError::TooManyPages(limits.pages_max));
        }
        seen.push(offset);
        let mut pointed = bytes.to_vec();
        let first = u32::try_from(offset).map_err(|_| ScanError::Broken)?;
        let written = if little { first.to_le_bytes() } else { first.to_be_bytes() };
        pointed.get_mut(4..8).ok_or(ScanError::Broken)?.copy_from_slice(&written);
        pages.push(decode(&pointed, ImageFormat::Tiff, limits)?);
        let entries = number(bytes, offset, 2, little).ok_or(ScanError::Broken)?;
        offset = number(bytes, offset + 2 + entries * 12, 4, little).unwrap_or(0);
    }
    Ok(pages)
}

fn number(bytes: &[u8], at: usize, width: usize, little: bool) -> Option<usize> {
    let part = bytes.get(at..at.checked_add(width)?)?;
    let add = |value: usize, byte: &u8| (value << 8) | usize::from(*byte);
    Some(if little { part.iter().rev().fold(0, add) } else { part.iter().fold(0, add) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, Rgb, RgbImage};

    fn encoded(format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = RgbImage::from_pixel(20, 10, Rgb([200, 200, 200]));
        DynamicImage::ImageRgb8(picture).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn formats_read_as_pixels() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Tiff] {
            let pages = read_scan(&encoded(format), &Limits::default()).unwrap();
            assert_eq!((pages.len(), pages[0].width, pages[0].height), (1, 20, 10), "{format:?}");
            assert!(pages[0].rgb.iter().all(|value| (198..=202).contains(value)));
        }
    }

    #[test]
    fn a_page_goes_through_png_and_back() {
        let rgb = (0..20 * 10 * 3).map(|value| u8::try_from(value % 251).unwrap()).collect();
        let page = PagePixels::new(20, 10, rgb).unwrap();
        assert_eq!(read_scan(&page.to_png(), &Limits::default()), Ok(vec![page]));
    }

    #[test]
    fn a_second_page_of_a_tiff_is_kept() {
        let one = encoded(ImageFormat::Tiff);
        let little = one.starts_with(b"II");
        let first = number(&one, 4, 4, little).unwrap();
        let entries = number(&one, first, 2, little).unwrap();
        // The directory is copied to the end and linked as the second page.
        let mut two = one.clone();
        let second = u32::try_from(two.len()).unwrap();
        let link = first + 2 + entries * 12;
        two.extend_from_slice(&one[first..link + 4]);
        let written = if little { second.to_le_bytes() } else { second.to_be_bytes() };
        two[link..link + 4].copy_from_slice(&written);
        assert_eq!(read_scan(&two, &Limits::default()).unwrap().len(), 2);
        let mut looped = two.clone();
        let end = looped.len() - 4;
        looped[end..].copy_from_slice(&written);
        assert_eq!(read_scan(&looped, &Limits::default()), Err(ScanError::Broken));
    }

    #[test]
    fn bad_files_are_sentences() {
        let limits = Limits { page_pixels_max: 100, ..Limits::default() };
        assert_eq!(read_scan(&encoded(ImageFormat::Png), &limits), Err(ScanError::TooLarge));
        let cut = &encoded(ImageFormat::Png)[..60];
        assert_eq!(read_scan(cut, &Limits::default()), Err(ScanError::Broken));
        assert_eq!(read_scan(b"GIF89a", &Limits::default()), Err(ScanError::UnknownFormat));
        assert_eq!(read_scan(b"", &Limits::default()), Err(ScanError::UnknownFormat));
    }
}
