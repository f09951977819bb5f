//! Everything that tools of others get out of a PDF, as lower-case text.

use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A way to look into a PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// `pdftotext`: the words of the pages.
    Words,
    /// `qpdf --qdf`: every object and stream, inflated.
    Objects,
    /// `pdfimages` and `tesseract`: what can be read in the images.
    Images,
    /// `pdfinfo` and the XMP metadata.
    Metadata,
    /// The bytes of the file as they lie.
    Raw,
}

impl Tool {
    /// Whether the words of pages can be found by it; the others show what should hold none.
    pub fn finds_words(self) -> bool {
        match self {
            Tool::Words | Tool::Objects | Tool::Images => true,
            Tool::Metadata | Tool::Raw => false,
        }
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

fn run(program: &str, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|_| {
        panic!("this test needs {program}; run all tests with: cargo xtask test")
    });
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn lower(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).to_lowercase()
}

/// What each tool sees in the file.
pub fn seen(folder: &Path, name: &str, bytes: &[u8]) -> Vec<(Tool, String)> {
    let file = folder.join(format!("{name}.pdf"));
    fs::write(&file, bytes).unwrap();
    let path = file.to_str().unwrap();
    let inflated = folder.join(format!("{name}.qdf.pdf"));
    let to = inflated.to_str().unwrap();
    run("qpdf", &["--qdf", "--object-streams=disable", "--stream-data=uncompress", path, to]);
    let mut metadata = run("pdfinfo", &[path]);
    metadata.extend(run("pdfinfo", &["-meta", path]));
    vec![
        (Tool::Words, lower(&run("pdftotext", &["-layout", path, "-"]))),
        (Tool::Objects, lower(&fs::read(&inflated).unwrap())),
        (Tool::Images, recognized(folder, name, path)),
        (Tool::Metadata, lower(&metadata)),
        (Tool::Raw, lower(bytes)),
    ]
}

/// Every image of the file, read by character recognition.
fn recognized(folder: &Path, name: &str, path: &str) -> String {
    let images = folder.join(format!("{name}-images"));
    fs::create_dir(&images).unwrap();
    run("pdfimages", &["-png", path, images.join("image").to_str().unwrap()]);
    let mut all = String::new();
    let mut count = 0;
    for image in fs::read_dir(&images).unwrap() {
        let image = image.unwrap().path();
        all += &lower(&run("tesseract", &[image.to_str().unwrap(), "-", "--psm", "6"]));
        count += 1;
    }
    assert!(count >= 2, "the pages of the PDF and the scan are images");
    all
}
