//! Every component, on the gallery's pages: linked ids, labels, nothing inline, light.

#[path = "../examples/gallery/pages.rs"]
mod gallery;
mod markup;

use maud::html;
use web::assets;
use web::ui::*;

#[test]
fn pages_have_no_fault() {
    for (name, page) in gallery::all(Theme::System) {
        assert_eq!(markup::faults(&page.into_string()), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_check_finds_faults() {
    let table = [
        (html! { h1 {} p id="a" {} p id="a" {} }, "id a twice"),
        (html! { h1 {} label for="x" {} }, "label for=x names nothing"),
        (html! { h1 {} input name="n"; }, "input Some(\"n\") has no label"),
        (html! { h1 {} p style="color:red" {} }, "p has style"),
        (html! { h1 {} a href="//elsewhere" {} }, "a href=//elsewhere leaves the site"),
        (html! { h1 {} a onclick="x()" {} }, "a has onclick"),
        (html! { h1 {} script { "x()" } }, "inline script"),
        (html! { h1 {} h3 {} }, "h3 after h1"),
        (html! { h1 {} nav {} }, "nav without a name"),
        (html! { h1 {} a data-key="e" {} a data-key="e" {} }, "key e twice"),
    ];
    for (page, expected) in table {
        assert_eq!(markup::faults(&page.into_string()), [expected]);
    }
}

#[test]
fn pages_are_light() {
    let assets: usize = assets::files().map(|(_, bytes)| bytes.len()).sum();
    for (name, page) in gallery::all(Theme::Dark) {
        let total = assets + page.into_string().len();
        assert!(total < 150_000, "{name} weighs {total} bytes with all its assets");
    }
}

#[test]
fn every_page_says_that_it_is_a_demonstration() {
    for (name, page) in gallery::all(Theme::System) {
        assert!(page.into_string().contains("Every patient here is invented"), "{name}");
    }
    let real = page(&Shell::default(), html! { h1 { "Sign in" } });
    assert!(!real.into_string().contains("invented"));
}

#[test]
fn desks_show_their_keys_and_the_current_one() {
    let (_, work) = gallery::all(Theme::System).remove(0);
    let work = work.into_string();
    let tags = markup::tags(&work);
    // Who has the whole of Integrity finds the verification there.
    for desk in Desk::ALL.iter().filter(|desk| **desk != Desk::Verification) {
        let link = tags
            .iter()
            .find(|tag| tag.name == "a" && tag.get("href") == Some(desk.href()))
            .expect("every desk is in the menu");
        assert_eq!(link.get("data-key"), Some(format!("g {}", desk.letter()).as_str()));
        let current = (*desk == Desk::Work).then_some("page");
        assert_eq!(link.get("aria-current"), current, "{desk:?}");
    }
}

#[test]
fn nobody_signed_in_sees_no_desk_and_no_search() {
    let page = page(&Shell::default(), html! { h1 { "Sign in" } }).into_string();
    assert!(!page.contains("id=\"desks\"") && !page.contains("role=\"search\""));
}

#[test]
fn the_theme_is_the_readers() {
    let table = [
        (Theme::from_cookie("dark"), Some("dark")),
        (Theme::from_cookie("light"), Some("light")),
        (Theme::from_cookie("\"><script>"), None),
    ];
    for (theme, expected) in table {
        let shell = Shell { theme, ..Shell::default() };
        let page = page(&shell, html! { h1 { "Sign in" } }).into_string();
        let tags = markup::tags(&page);
        assert_eq!(tags[0].get("data-theme"), expected);
    }
}

#[test]
fn an_error_is_linked_from_the_summary_and_read_with_its_field() {
    let errors = [FieldError::new("onset", "2026-02-30", "There is no such day", "2026-02-28")];
    let page = html! {
        (error_summary(&errors))
        (Field::date("onset", "Began").value("2026-02-30").errors(&errors))
    }
    .into_string();
    let tags = markup::tags(&page);
    let input = tags.iter().find(|tag| tag.name == "input").expect("the field is there");
    assert_eq!(input.get("aria-invalid"), Some("true"));
    assert_eq!(input.get("aria-describedby"), Some("field-onset-hint field-onset-error"));
    let link = tags.iter().find(|tag| tag.name == "a").expect("the summary links");
    assert_eq!(link.get("href"), Some("#field-onset"));
    for text in ["There is no such day", "2026-02-30", "2026-02-28"] {
        assert!(page.contains(text));
    }
}

#[test]
fn what_was_typed_is_shown_escaped() {
    let typed = "<b>\"&";
    let page = Field::text("q", "Query").value(typed).hint(typed);
    let page = html! { (page) (Field::area("n", "Note", 3).value(typed)) }.into_string();
    assert!(!page.contains("<b>"));
    assert_eq!(page.matches("&lt;b&gt;").count(), 3);
}

#[test]
fn a_password_is_never_sent_back() {
    let page = html! { (Field::password("p", "Password").value("hunter2")) }.into_string();
    assert!(!page.contains("hunter2"));
}

#[test]
fn an_empty_table_says_what_belongs_there() {
    let table = Table::new("Scans").column(Column::text("Scan"));
    let table = table.empty(Empty::new("No scan waits", "Scans arrive from import."));
    let page = html! { (table) }.into_string();
    assert!(page.contains("Scans arrive from import.") && !page.contains("<table"));
}
