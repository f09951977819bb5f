//! The document viewer: page images with zoom, turn and redaction boxes, and notes with
//! stretches to be withheld. All of it works without script, by links and forms.

use crate::ui::action::kbd;
use crate::ui::{Button, Choice, Field, Form};
use maud::{Markup, Render, html};

/// How far a redaction has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A rule proposes it.
    Proposed,
    /// A person decided it.
    Confirmed,
    /// A person decided against it.
    Refused,
    /// Nothing is withheld: the words support a code.
    Evidence,
}

impl Mark {
    fn word(self) -> &'static str {
        match self {
            Mark::Proposed => "proposed",
            Mark::Confirmed => "confirmed",
            Mark::Refused => "refused",
            Mark::Evidence => "evidence",
        }
    }
}

/// A box on a page, in the page's own units.
#[derive(Clone, Debug)]
pub struct Region {
    /// An id unique on the page; a row with `data-points="ID"` points at the box.
    pub id: String,
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// How far it has come.
    pub mark: Mark,
    /// Why it is withheld.
    pub reason: String,
}

/// One page of a document, with the ways to its neighbours.
#[derive(Clone, Debug)]
pub struct Viewer {
    title: String,
    number: u32,
    count: u32,
    page_href: String,
    image: Option<(String, u32, u32)>,
    text: Option<String>,
    regions: Vec<Region>,
    redacts: Option<Redacts>,
}

#[derive(Clone, Debug)]
struct Redacts {
    action: String,
    csrf: String,
    reasons: Vec<Choice>,
    hidden: Vec<(String, String)>,
}

impl Viewer {
    /// Page `number` of `count`. `page_href` is the address of a page without its number:
    /// `/documents/7?page=`.
    pub fn new(
        title: impl Into<String>,
        number: u32,
        count: u32,
        page_href: impl Into<String>,
    ) -> Viewer {
        Viewer {
            title: title.into(),
            number,
            count,
            page_href: page_href.into(),
            image: None,
            text: None,
            regions: Vec::new(),
            redacts: None,
        }
    }

    /// The page's image, and the width and height of the units in which boxes are given.
    pub fn image(mut self, href: impl Into<String>, width: u32, height: u32) -> Viewer {
        self.image = Some((href.into(), width, height));
        self
    }

    /// The page's text: for a document without images, and for screen readers beside one.
    pub fn text(mut self, text: impl Into<String>) -> Viewer {
        self.text = Some(text.into());
        self
    }

    /// The boxes on this page.
    pub fn regions(mut self, regions: impl IntoIterator<Item = Region>) -> Viewer {
        self.regions.extend(regions);
        self
    }

    /// Boxes can be drawn: by mouse, by key (`b`), or by numbers in a form. The address is posted
    /// `page`, `x`, `y`, `width`, `height`, `reason` and answers with the same page.
    pub fn redacts(
        mut self,
        action: impl Into<String>,
        csrf: &str,
        reasons: impl IntoIterator<Item = Choice>,
    ) -> Viewer {
        self.redacts = Some(Redacts {
            action: action.into(),
            csrf: csrf.to_owned(),
            reasons: reasons.into_iter().collect(),
            hidden: Vec::new(),
        });
        self
    }

    /// A hidden value of the form that adds boxes.
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Viewer {
        if let Some(redacts) = &mut self.redacts {
            redacts.hidden.push((name.into(), value.into()));
        }
        self
    }

    fn step(&self, label: &str, to: Option<u32>, key: &str) -> Markup {
        html! {
            @match to {
                Some(number) => a class="button button-small" data-page-link data-key=(key)
                    href={ (self.page_href) (number) } { (label) (kbd(key)) },
                None => span class="button button-small" aria-disabled="true" { (label) },
            }
        }
    }

    fn bar(&self) -> Markup {
        let before = self.number.checked_sub(1).filter(|number| *number > 0);
        let after = (self.number < self.count).then_some(self.number + 1);
        html! {
            div class="viewer-bar" role="group" aria-label={ "View of " (self.title) } {
                (self.step("Previous", before, "["))
                span class="place" { "Page " (self.number) " of " (self.count) }
                (self.step("Next", after, "]"))
                @if self.image.is_some() {
                    (Button::script("Larger", "zoom-in").small().key("+"))
                    (Button::script("Smaller", "zoom-out").small().key("-"))
                    (Button::script("Fit", "zoom-fit").small().key("0"))
                    (Button::script("Turn", "turn").small().key("Shift+R"))
                }
                @if self.redacts.is_some() {
                    span class="end" { "New box " (kbd("b")) ", or draw one" }
                }
            }
        }
    }

    fn overlay(&self, width: u32, height: u32) -> Markup {
        let label = format!("{} boxes on this page", self.regions.len());
        html! {
            svg data-boxes data-swap="boxes" viewBox={ "0 0 " (width) " " (height) }
                preserveAspectRatio="none" role="group" aria-label=(label) {
                @for region in &self.regions {
                    @if region.mark != Mark::Refused {
                        rect class={ "box box-" (region.mark.word()) } id=(region.id)
                            x=(region.x) y=(region.y) width=(region.width) height=(region.height) {
                            title { (region.reason) ", " (region.mark.word()) }
                        }
                    }
                }
            }
        }
    }
}

impl Redacts {
    /// The form that adds a box: filled by drawing, or typed.
    fn form(&self, page: u32) -> Markup {
        let content = html! {
            details {
                summary { "Box by numbers" }
                div class="fields-two" {
                    @for (name, label) in
                        [("x", "Left"), ("y", "Top"), ("width", "Width"), ("height", "Height")]
                    {
                        (Field::text(name, label).id(format!("box-{name}")))
                    }
                }
            }
            (Field::select("reason", "Reason for new boxes", self.reasons.iter().cloned())
                .id("box-reason"))
            div class="actions" { (Button::submit("Add box").small()) }
        };
        let form = self
            .hidden
            .iter()
            .fold(Form::post(&self.action), |form, (name, value)| form.hidden(name, value));
        let form = form.csrf(&self.csrf).hidden("page", page.to_string()).label("New box");
        html! { div class="redaction-form" { (form.boxes().content(content)) } }
    }
}

impl Render for Viewer {
    fn render(&self) -> Markup {
        html! {
            section class="viewer" aria-label=(self.title) data-viewer
                data-redacting[self.redacts.is_some()] {
                (self.bar())
                div class="viewer-stage" tabindex="0" role="group"
                    aria-label={ "Page " (self.number) } {
                    @if let Some((href, width, height)) = &self.image {
                        div class="viewer-page" {
                            img src=(href) width=(width) height=(height)
                                alt={ (self.title) ", page " (self.number) };
                            (self.overlay(*width, *height))
                        }
                        @if let Some(text) = &self.text {
                            div class="visually-hidden" { (text) }
                        }
                    } @else if let Some(text) = &self.text {
                        div class="viewer-text" { (text) }
                    } @else {
                        p class="quiet" { "This page has no image and no text." }
                    }
                }
                @if let Some(redacts) = &self.redacts { (redacts.form(self.number)) }
            }
        }
    }
}

/// A stretch of a note, in characters (Unicode scalar values) from its start.
#[derive(Clone, Debug)]
pub struct Span {
    /// An id unique on the page.
    pub id: String,
    /// First character.
    pub start: usize,
    /// One after the last character.
    pub end: usize,
    /// How far it has come.
    pub mark: Mark,
    /// Why it is withheld.
    pub reason: String,
}

/// A note with the stretches to be withheld. Overlapping spans are cut at the one before.
pub fn marked_note(text: &str, spans: &[Span]) -> Markup {
    html! {
        div class="note-text" data-note data-swap="note" tabindex="0" role="group"
            aria-label="Text of the note" { (stretches(text, spans)) }
    }
}

fn stretches(text: &str, spans: &[Span]) -> Markup {
    let mut spans: Vec<&Span> = spans.iter().collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let at =
        |character: usize| text.char_indices().nth(character).map_or(text.len(), |(byte, _)| byte);
    let mut pieces = Vec::new();
    let mut done = 0;
    for span in spans {
        let (start, end) = (at(span.start).max(done), at(span.end));
        if end <= start {
            continue;
        }
        pieces.push((&text[done..start], None));
        pieces.push((&text[start..end], Some(span)));
        done = end;
    }
    pieces.push((&text[done..], None));
    html! {
        @for (piece, span) in pieces {
            @match span {
                None => (piece),
                Some(span) => mark class={ "span-" (span.mark.word()) } id=(span.id)
                    title={ (span.reason) ", " (span.mark.word()) } { (piece) },
            }
        }
    }
}

/// The form that withholds a stretch of [`marked_note`]: filled by selecting it with the mouse,
/// or with the arrow keys in the note and Enter. The address is posted `start`, `end` (characters)
/// and `reason`, and answers with the same page.
pub fn span_form(
    action: &str,
    csrf: &str,
    reasons: impl IntoIterator<Item = Choice>,
    hidden: &[(&str, &str)],
) -> Markup {
    let content = html! {
        p class="quiet" {
            "Select words with the mouse, or go into the text: arrows choose a word, "
            kbd { "Shift" } " and arrows more, " (kbd("Enter")) " withholds."
        }
        p { "Chosen: " q data-span-text { "nothing yet" } }
        details {
            summary { "By numbers" }
            div class="fields-two" {
                (Field::text("start", "From character").id("span-start"))
                (Field::text("end", "To character").id("span-end"))
            }
        }
        (Field::select("reason", "Reason", reasons).id("span-reason"))
        div class="actions" { (Button::submit("Withhold").small()) }
    };
    let form =
        hidden.iter().fold(Form::post(action), |form, (name, value)| form.hidden(*name, *value));
    html! {
        div class="redaction-form stack-tight" {
            (form.csrf(csrf).label("Withhold a stretch").spans().content(content))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: usize, end: usize) -> Span {
        let id = format!("s{start}");
        Span { id, start, end, mark: Mark::Proposed, reason: "name".to_owned() }
    }

    fn plain(markup: &Markup) -> String {
        let mut text = String::new();
        let mut within = false;
        for c in markup.0.chars() {
            match c {
                '<' => within = true,
                '>' => within = false,
                c if !within => text.push(c),
                _ => {}
            }
        }
        text
    }

    #[test]
    fn marks_lose_no_character() {
        let text = "Åse Øst came on 4 March.";
        let table: [&[Span]; 5] = [
            &[],
            &[span(0, 7)],
            &[span(16, 23), span(0, 3)],
            &[span(0, 5), span(3, 9)],
            &[span(20, 99)],
        ];
        for spans in table {
            assert_eq!(plain(&stretches(text, spans)), text);
        }
        assert!(stretches(text, &[span(0, 3)]).0.contains(">Åse</mark>"));
    }

    #[test]
    fn refused_boxes_are_not_drawn() {
        let region = |mark| Region {
            id: "r".to_owned(),
            x: 1,
            y: 2,
            width: 3,
            height: 4,
            mark,
            reason: "name".to_owned(),
        };
        let page = |mark| {
            Viewer::new("Letter", 1, 1, "/d?page=")
                .image("/i.png", 100, 100)
                .regions([region(mark)])
                .render()
                .0
        };
        assert!(page(Mark::Proposed).contains("<rect"));
        assert!(!page(Mark::Refused).contains("<rect"));
    }
}
