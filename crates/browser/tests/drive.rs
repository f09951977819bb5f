//! The driver does to a small page what it says.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;

use browser::Browser;
use serde_json::json;

const PAGE: &str = r#"<!doctype html><html lang="en"><title>Chart</title>
<meta name="viewport" content="width=device-width">
<style>body { background: white; min-height: 2000px }
@media (prefers-color-scheme: dark) { body { background: black } }</style>
<h1>Chart</h1><input id="first"><input id="second" type="file"><p id="said"></p><p class="row">a</p>
<p class="row">b</p><p hidden class="hidden">never seen</p><script src="/script.js"></script>"#;

/// The script that the product's pages are checked with.
const AXE: &str = include_str!("../../web/tests/vendor/axe/axe.min.js");

const SCRIPT: &str = r#"
addEventListener('keydown', event => {
  const held = event.ctrlKey ? 'Ctrl+' : '';
  if (event.key === 'Enter') said.textContent = held + 'Enter ' + first.value;
  if (event.key === '?') setTimeout(() => { said.textContent = 'help is here' }, 50);
});
"#;

/// Serves the page on loopback, under a policy as strict as the product's.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let url = format!("http://{}/", listener.local_addr().expect("it is bound"));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            thread::spawn(move || {
                let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
                let first = lines.next().unwrap_or_default();
                while lines.next().is_some_and(|line| !line.is_empty()) {}
                let (kind, body) = match first.split(' ').nth(1) {
                    Some("/script.js") => ("text/javascript", SCRIPT),
                    _ => ("text/html", PAGE),
                };
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: {kind}\r\n\
                     Content-Security-Policy: default-src 'none'; script-src 'self'; \
                     style-src 'unsafe-inline'\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                );
            });
        }
    });
    url
}

#[test]
fn a_page_is_read_and_driven_by_keys() {
    let mut browser = Browser::start().unwrap();
    browser.goto(&serve()).unwrap();
    assert_eq!(browser.title().unwrap(), "Chart");
    assert_eq!(browser.texts_of(".row").unwrap(), ["a", "b"]);
    assert_eq!(browser.count(".row").unwrap(), 2);

    browser.press("Tab").unwrap();
    assert!(browser.is_focused("#first").unwrap());
    assert_eq!(browser.focused().unwrap(), "input#first");
    browser.type_text("Ødegård 7").unwrap();
    browser.press("Ctrl+Enter").unwrap();
    assert_eq!(browser.text_of("#said").unwrap(), "Ctrl+Enter Ødegård 7");
    assert_eq!(browser.keystrokes(), 1 + 9 + 1);

    browser.keystrokes_reset();
    browser.press("?").unwrap();
    browser.wait_for_text("help is here").unwrap();
    browser.wait_for("#said").unwrap();
    browser.wait_for_none(".hidden").unwrap();
    assert_eq!(browser.keystrokes(), 1);

    let file = std::env::temp_dir().join(format!("browser-test-{}.txt", std::process::id()));
    std::fs::write(&file, "a scan").unwrap();
    browser.choose_file("#second", &file).unwrap();
    assert_eq!(browser.run("return second.files[0].size", &[]).unwrap(), json!(6));
    std::fs::remove_file(file).unwrap();
    let complaints = browser.complaints().unwrap();
    assert!(complaints.iter().all(|one| one.contains("favicon")), "{complaints:?}");
}

#[test]
fn appearance_and_pictures_follow() {
    let browser = Browser::start().unwrap();
    browser.goto(&serve()).unwrap();
    browser.set_size(390, 844).unwrap();
    assert_eq!(browser.run("return [innerWidth, innerHeight]", &[]).unwrap(), json!([390, 844]));
    let colour = "return getComputedStyle(document.body).backgroundColor";
    browser.set_dark(true).unwrap();
    assert_eq!(browser.run(colour, &[]).unwrap(), json!("rgb(0, 0, 0)"));
    browser.set_dark(false).unwrap();
    assert_eq!(browser.run(colour, &[]).unwrap(), json!("rgb(255, 255, 255)"));

    let folder = std::env::temp_dir().join(format!("browser-pictures-{}", std::process::id()));
    let height_of = |name: &str, whole: bool| {
        let file = folder.join(name);
        if whole { browser.screenshot_whole(&file) } else { browser.screenshot(&file) }.unwrap();
        let bytes = std::fs::read(file).unwrap();
        assert_eq!(&bytes[1..4], b"PNG");
        u32::from_be_bytes(bytes[20..24].try_into().unwrap())
    };
    assert_eq!(height_of("sight.png", false), 844);
    assert!(height_of("whole.png", true) >= 2000);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn violations_are_found_until_they_are_mended() {
    let browser = Browser::start().unwrap();
    browser.goto(&serve()).unwrap();
    let violations = browser.axe(AXE).unwrap();
    let found: Vec<&str> = violations.iter().map(|violation| violation.id.as_str()).collect();
    assert!(found.contains(&"label"), "{found:?}");
    let label = violations.iter().find(|violation| violation.id == "label").unwrap();
    assert_eq!(
        label.to_string(),
        "label (critical): Form elements must have labels at #first, #second"
    );
    let mend = "for (const input of document.querySelectorAll('input')) \
                input.setAttribute('aria-label', 'Name')";
    browser.run(mend, &[]).unwrap();
    let violations = browser.axe(AXE).unwrap();
    assert!(violations.iter().all(|violation| violation.id != "label"), "{violations:?}");
}

#[test]
fn waiting_in_vain_is_told() {
    let browser = Browser::start().unwrap();
    browser.goto(&serve()).unwrap();
    let error = browser.text_of("#absent").unwrap_err().to_string();
    assert!(error.starts_with("nothing is at #absent on http://127.0.0.1:"), "{error}");
    let error = browser.run("return absent.text", &[]).unwrap_err().to_string();
    assert!(error.contains("absent is not defined"), "{error}");
}
