//! What was redacted can't be recovered: by raw bytes, by streams, by reading the pages again.

use super::*;
use crate::page::Word;
use crate::pdf::encrypt::encrypt;
use crate::pdf::read::{Limits, ReadError, count_pages, read_pages};
use crate::verify::LeakKind;
use lopdf::{Document, Object, Stream, dictionary};
use proptest::prelude::*;

const NOTE: &str = "Patient: Zebulon Quackenbush, seen 2026-03-04.\nPhone 312-555-0142. \
    Stable angina, continue metoprolol 25 mg twice daily.";

fn span(text: &str, part: &str) -> (usize, usize) {
    let byte = text.find(part).unwrap();
    let start = text[..byte].chars().count();
    (start, start + part.chars().count())
}

fn note(redactions: &[&str]) -> PacketItem {
    let redactions = redactions.iter().map(|part| span(NOTE, part)).collect();
    let content = ItemContent::Text { text: NOTE.into(), redactions };
    PacketItem { title: "Progress note, 2026-03-04".into(), content }
}

fn packet(items: Vec<PacketItem>) -> Packet {
    let cover = vec![
        Block::Title { text: "Release of information".into() },
        Block::Paragraph { text: "Enclosed is what was asked for.".into() },
    ];
    let (forbidden, allowed) = (Vec::new(), Vec::new());
    Packet { request: "R-17".into(), cover, items, forbidden, allowed }
}

fn limits(dpi: u32) -> Limits {
    Limits { dpi, ..Limits::default() }
}

/// The words of all pages, by the reader that also reads foreign files.
fn words_of(bytes: &[u8]) -> String {
    let pages = read_pages(bytes, 0..99, &limits(72), &|| true).unwrap().pages;
    pages.iter().map(|page| page.text().0).collect::<Vec<_>>().join("\n")
}

/// Everything that is in a file: raw, and every stream inflated.
fn all_bytes(bytes: &[u8]) -> Vec<u8> {
    let mut all = bytes.to_vec();
    for object in Document::load_mem(bytes).unwrap().objects.values() {
        if let Object::Stream(stream) = object {
            all.extend(stream.decompressed_content().unwrap_or_else(|_| stream.content.clone()));
        }
    }
    all
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part.eq_ignore_ascii_case(text.as_bytes()))
}

#[test]
fn redacted_text_is_gone_and_the_rest_is_there() {
    let secrets = ["Zebulon Quackenbush", "312-555-0142"];
    let built = build(&packet(vec![note(&secrets)])).unwrap();
    let everything = all_bytes(&built.bytes);
    let words = words_of(&built.bytes);
    for part in ["Zebulon", "Quackenbush", "555-0142"] {
        assert!(!contains(&everything, part) && !words.contains(part), "{part}");
    }
    assert!(words.contains("metoprolol 25 mg"), "{words}");
    assert!(words.contains("page 2 of 2") && words.contains("R-17"), "{words}");
    assert_eq!(built.pages, 2);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let packet = packet(vec![note(&["Zebulon Quackenbush"])]);
    assert_eq!(build(&packet).unwrap(), build(&packet).unwrap());
}

#[test]
fn a_text_left_elsewhere_stops_the_packet() {
    let mut packet = packet(vec![note(&["Zebulon Quackenbush"]), note(&[])]);
    let Err(BuildError::Leaks(leaks)) = build(&packet) else { panic!("it must be refused") };
    assert!(leaks.iter().all(|leak| leak.what == LeakKind::Text { index: 0 }), "{leaks:?}");
    packet.allowed.push("zebulon quackenbush".into());
    assert!(build(&packet).is_ok(), "a person allowed it");
    packet.allowed.clear();
    packet.items.pop();
    packet.items[0].title = "Note of Zebulon Quackenbush".into();
    assert!(matches!(build(&packet), Err(BuildError::Leaks(_))), "a running head is text too");
}

/// A page like a scan: light grey with dark bars where words stand.
fn scanned() -> PagePixels {
    let mut page = PagePixels::new(400, 200, vec![230; 400 * 200 * 3]).unwrap();
    let word = |text: &str, left, top| Word { text: text.into(), left, top, width: 90, height: 16 };
    page.words =
        vec![word("Zebulon", 20, 20), word("Quackenbush", 120, 20), word("metoprolol", 20, 60)];
    let bars = page.words.clone();
    for bar in bars {
        for y in bar.top..bar.top + bar.height {
            for x in bar.left..bar.left + bar.width {
                let at = (y as usize * 400 + x as usize) * 3;
                page.rgb[at..at + 3].copy_from_slice(&[200, 10, 10]);
            }
        }
    }
    page
}

#[test]
fn burned_pages_lose_pixels_and_words() {
    let page = scanned();
    let (text, _) = page.text();
    let (start, end) = span(&text, "Zebulon Quackenbush");
    let redactions = page.boxes_of(0, start, end);
    assert_eq!(redactions.len(), 1, "words side by side share a box");
    let content = ItemContent::Pages { pages: vec![page], redactions };
    let mut packet = packet(vec![PacketItem { title: "Scan".into(), content }]);
    packet.forbidden = vec!["Zebulon".into(), "Quackenbush".into()];
    let built = build(&packet).unwrap();
    let everything = all_bytes(&built.bytes);
    let words = words_of(&built.bytes);
    assert!(!contains(&everything, "Zebulon") && !words.contains("Quackenbush"));
    assert!(words.contains("metoprolol"), "survivors can be searched: {words}");
    // The image inside: red is left only in the third bar.
    let document = Document::load_mem(&built.bytes).unwrap();
    let image = document.objects.values().find_map(|object| match object {
        Object::Stream(stream) if stream.dict.has(b"Width") => Some(stream),
        _ => None,
    });
    let pixels = image.unwrap().decompressed_content().unwrap();
    let red = |from: usize, to: usize| {
        pixels[from * 400 * 3..to * 400 * 3].chunks_exact(3).filter(|p| p[0] == 200).count()
    };
    assert_eq!((red(0, 50), red(50, 100)), (0, 90 * 16));
}

#[test]
fn invisible_words_lie_where_they_lay() {
    let page = scanned();
    let content = ItemContent::Pages { pages: vec![page], redactions: Vec::new() };
    let built = build(&packet(vec![PacketItem { title: "Scan".into(), content }])).unwrap();
    let pages = read_pages(&built.bytes, 1..2, &limits(72), &|| true).unwrap().pages;
    let found = pages[0].words.iter().find(|word| word.text == "metoprolol").unwrap();
    // The page is fitted to 552 points: one pixel of the scan is 1.38 points.
    assert!((found.left - (30 + 27)).abs() <= 2, "{}", found.left);
    assert!((found.width - 124).abs() <= 4, "{}", found.width);
}

#[test]
fn pages_of_a_pdf_go_through_pixels() {
    let first = build(&packet(vec![note(&[])])).unwrap();
    assert_eq!(count_pages(&first.bytes, &limits(72)), Ok(2));
    let pages = read_pages(&first.bytes, 0..2, &limits(100), &|| true).unwrap().pages;
    assert_eq!((pages[1].width, pages[1].height), (850, 1100));
    let (text, _) = pages[1].text();
    let (start, end) = span(&text, "Zebulon Quackenbush");
    let redactions = pages[1].boxes_of(1, start, end);
    let content = ItemContent::Pages { pages, redactions };
    let mut second = packet(vec![PacketItem { title: "Outside record".into(), content }]);
    second.forbidden = vec!["Quackenbush".into(), "Zebulon".into()];
    let built = build(&second).unwrap();
    let words = words_of(&built.bytes);
    assert!(words.contains("metoprolol") && !words.contains("Quackenbush"), "{words}");
}

#[test]
fn what_a_reviewer_cannot_see_is_not_kept() {
    let mut document = Document::with_version("1.7");
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
    });
    let content = b"BT /F1 14 Tf 72 700 Td (seen) Tj ET \
        BT /F1 14 Tf 72 600 Td (covered) Tj ET 72 599 55 12 re f \
        BT 1 g /F1 14 Tf 72 500 Td (white) Tj ET \
        BT 0 g 3 Tr /F1 14 Tf 72 400 Td (ghost) Tj ET";
    let content = document.add_object(Stream::new(dictionary! {}, content.to_vec()));
    let tree = document.new_object_id();
    let page = document.add_object(dictionary! {
        "Type" => "Page",
        "Parent" => tree,
        "MediaBox" => vec![0.into(), 0.into(), 612.into(), 792.into()],
        "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        "Contents" => content,
    });
    let kids: Vec<Object> = vec![page.into()];
    let pages = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => 1 };
    document.objects.insert(tree, pages.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    assert_eq!(words_of(&bytes), "seen");
}

#[test]
fn broken_files_are_sentences() {
    let whole = build(&packet(vec![note(&[])])).unwrap().bytes;
    let all = |bytes: &[u8], limits: &Limits| read_pages(bytes, 0..9, limits, &|| true);
    assert_eq!(all(b"not a pdf", &limits(72)), Err(ReadError::Broken));
    assert_eq!(all(b"", &limits(72)), Err(ReadError::Broken));
    let few = Limits { pages_max: 1, ..limits(72) };
    assert_eq!(all(&whole, &few), Err(ReadError::TooManyPages { pages: 2, limit: 1 }));
    let small = Limits { page_pixels_max: 1_000, ..limits(72) };
    assert_eq!(all(&whole, &small), Err(ReadError::PageTooLarge(1)));
    let short = Limits { file_bytes_max: 10, ..limits(72) };
    assert_eq!(all(&whole, &short), Err(ReadError::TooLarge(10)));
    let stopped = read_pages(&whole, 0..9, &limits(72), &|| false);
    assert_eq!(stopped, Err(ReadError::OutOfTime(1)));
    for cut in (0..whole.len()).step_by(97) {
        let _ = all(&whole[..cut], &limits(36));
    }
}

/// A packet with something added, to see that the verifier sees it.
fn tampered(change: impl FnOnce(&mut Document)) -> Vec<u8> {
    let built = build(&packet(vec![note(&["Zebulon Quackenbush"])])).unwrap();
    let mut document = Document::load_mem(&built.bytes).unwrap();
    change(&mut document);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn add_content(document: &mut Document, content: &[u8]) {
    let page = *document.get_pages().values().next().unwrap();
    document.add_page_contents(page, content.to_vec()).unwrap();
}

#[test]
fn the_verifier_sees_every_hiding_place() {
    type Change = fn(&mut Document);
    let utf16 = |d: &mut Document| {
        let mut text = vec![0xfe, 0xff];
        text.extend("Quackenbush".encode_utf16().flat_map(u16::to_be_bytes));
        let id = d.trailer.get(b"Info").unwrap().as_reference().unwrap();
        d.get_dictionary_mut(id).unwrap().set("Title", Object::string_literal(text));
    };
    let table: [(&str, Change); 11] = [
        ("plain", |d| add_content(d, b"BT (Quackenbush) Tj ET")),
        ("hexadecimal", |d| add_content(d, b"BT <517561636b656e62757368> Tj ET")),
        ("octal", |d| add_content(d, b"BT (\\121uackenbus\\150) Tj ET")),
        ("in pieces", |d| add_content(d, b"BT [(Quac) -20 (kenb) 3 (ush)] TJ ET")),
        ("metadata", utf16),
        ("a comment", |d| add_content(d, b"% Quackenbush\n")),
        ("an annotation", |d| {
            let page = *d.get_pages().values().next().unwrap();
            let note = d.add_object(dictionary! { "Type" => "Annot" });
            d.get_dictionary_mut(page).unwrap().set("Annots", vec![note.into()]);
        }),
        ("an attachment", |d| {
            let file = d.add_object(Stream::new(dictionary! {}, b"anything".to_vec()));
            d.catalog_mut().unwrap().set("EmbeddedFiles", file);
        }),
        ("a script", |d| d.catalog_mut().unwrap().set("OpenAction", "x")),
        ("an orphan", |d| {
            d.add_object(Object::string_literal("nobody refers to this"));
        }),
        ("a lying image", |d| {
            let page = *d.get_pages().values().next().unwrap();
            let image = dictionary! {
                "Subtype" => "Image", "Width" => 1, "Height" => 1, "ColorSpace" => "DeviceGray",
            };
            let image = d.add_object(Stream::new(image, vec![0; 5_000]));
            d.get_dictionary_mut(page).unwrap().set("XImage", image);
        }),
    ];
    let forbidden = vec!["Quackenbush".to_owned()];
    assert_eq!(verify_packet(&tampered(|_| ()), &forbidden), []);
    for (what, change) in table {
        assert_ne!(verify_packet(&tampered(change), &forbidden), [], "{what}");
    }
    let mut appended = tampered(|_| ());
    appended.extend_from_slice(b"Quackenbush");
    assert_ne!(verify_packet(&appended, &[]), [], "data after the end");
    assert_ne!(verify_packet(b"no pdf", &[]), []);
}

#[test]
fn an_encrypted_packet_opens_with_its_password_only() {
    let built = build(&packet(vec![note(&[])])).unwrap();
    let closed = encrypt(&built.bytes, "correct horse", "owner", &[7; 32]).unwrap();
    assert!(!contains(&closed, "metoprolol") && !contains(&closed, "Release of information"));
    let open =
        |word| Document::load_mem_with_options(&closed, lopdf::LoadOptions::with_password(word));
    assert!(open("wrong").is_err());
    let opened = open("correct horse").unwrap();
    assert_eq!(opened.get_pages().len(), 2);
    assert_eq!(
        read_pages(&closed, 0..1, &limits(72), &|| true),
        Err(ReadError::Protected),
        "a sender's protected file is a sentence"
    );
    assert!(encrypt(&built.bytes, "", "owner", &[7; 32]).is_err(), "an empty password opens");
}

#[test]
fn a_photograph_is_written_as_a_plain_jpeg() {
    // Noise can't be deflated: a linear congruence is noise enough.
    let mut state = 7u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    let rgb: Vec<u8> = (0..1_000 * 800 * 3).map(|_| noise()).collect();
    let page = PagePixels::new(1_000, 800, rgb).unwrap();
    let redactions = vec![PageBox { page: 0, left: 0, top: 0, width: 2_000, height: 2_000 }];
    let content = ItemContent::Pages { pages: vec![page], redactions };
    let item = PacketItem { title: "Photograph".into(), content };
    let built = build(&packet(vec![item])).unwrap();
    assert!(contains(&built.bytes, "DCTDecode"));
    let shown = &read_pages(&built.bytes, 1..2, &limits(72), &|| true).unwrap().pages[0];
    let pixel = |x: usize, y: usize| &shown.rgb[(y * shown.width as usize + x) * 3..][..3];
    assert!(pixel(80, 220).iter().all(|value| *value < 20), "the box is black");
    assert!(pixel(450, 300).iter().any(|value| *value > 20), "the rest is not");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Whatever is redacted in a note is in no word of the packet, and the rest is there.
    #[test]
    fn no_redacted_word_comes_back(
        words in proptest::collection::vec("[a-z]{5,9}", 4..30), hidden in 0usize..30,
    ) {
        let hidden = format!("q{}q", words[hidden % words.len()]);
        let text = format!("{} {hidden} {}", words.join(" "), words.join("\n"));
        let redactions = vec![span(&text, &hidden)];
        let content = ItemContent::Text { text, redactions };
        let item = PacketItem { title: "Note".into(), content };
        let built = build(&packet(vec![item])).unwrap();
        prop_assert!(!contains(&all_bytes(&built.bytes), &hidden));
        let shown = words_of(&built.bytes);
        prop_assert!(!shown.contains(&hidden));
        prop_assert!(words.iter().all(|word| shown.contains(word)));
    }
}

#[test]
fn an_empty_packet_is_refused() {
    assert_eq!(build(&packet(Vec::new())), Err(BuildError::Empty));
}

#[test]
fn unusual_characters_are_not_lost() {
    let text = "T ≥ 38 °C, Łukasz 中".to_owned();
    let content = ItemContent::Text { text, redactions: Vec::new() };
    let built = build(&packet(vec![PacketItem { title: "Note".into(), content }])).unwrap();
    let words = words_of(&built.bytes);
    for part in [">=", "°C", "Lukasz", "[U+4E2D]"] {
        assert!(words.contains(part), "{part}: {words}");
    }
}
