//! What the finders propose for one part of a document: identifiers of others, sensitive content
//! that the release doesn't cover, and texts that were withheld elsewhere.

use super::material::{Content, Part, screen_page, words_of_line};
use crate::Error;
use crate::pages_of::RenderPage;
use exchange::fhir::{Indexed, Name};
use record::{LabelMask, Mrn, PersonName, Private, SensitiveClass};
use redaction::mark::{Finder, MarkState, Place, Reason};
use redaction::text::sensitive::propose;
use redaction::text::{find_others, find_phrase};
use redaction::{Class, Known, find};
use redaction::{PagePixels, Span};
use release::scope::{Item, Scope, withhold};
use release::{Basis, scope};
use store::release::NewReleaseMark;

/// What the finders know.
#[derive(Clone, Default)]
pub struct Knowledge {
    /// What identifies the patient.
    pub patient: Known,
    /// What identifies people near the patient.
    pub near: Known,
}

/// A place that is proposed, in a text.
struct Proposed {
    start: usize,
    end: usize,
    finder: Finder,
    reason: Reason,
    why: String,
}

/// What is known of a person from a resource that describes one.
pub fn known_of(people: &[Indexed]) -> Known {
    let mut known = Known::default();
    for person in people {
        known.names.extend(person.names.iter().filter_map(name_of));
        for telecom in &person.telecoms {
            match telecom.system.as_deref() {
                Some("email") => known.emails.push(telecom.value.clone()),
                _ => known.telephones.push(telecom.value.clone()),
            }
        }
        for address in &person.addresses {
            known.addresses.extend(address.lines.iter().cloned());
        }
        for identifier in &person.identifiers {
            match identifier.is_mrn() {
                true => known.mrns.push(Mrn::new(identifier.value.reveal())),
                false => known.numbers.push(identifier.value.clone()),
            }
        }
        let born = person.birth_date.as_ref();
        let born = born.and_then(|date| date.reveal().parse::<jiff::civil::Date>().ok());
        known.dates.extend(born);
    }
    known
}

fn name_of(name: &Name) -> Option<PersonName> {
    let given: Vec<&str> = name.given.iter().map(PersonName::reveal).collect();
    match (&name.family, &name.text) {
        (Some(family), _) => {
            let text = format!("{}, {}", family.reveal(), given.join(" "));
            Some(PersonName::new(text.trim_end_matches([',', ' '])))
        }
        (None, Some(text)) => Some(text.clone()),
        (None, None) => None,
    }
}

/// Proposes marks for every text and every page of a part; pages without words get none.
/// Returns them with the count of pages; a text counts as one.
///
/// # Errors
/// [`Error::Refused`] with a sentence when a page can't be rendered.
pub fn propose_part(
    render: &RenderPage,
    number: usize,
    part: &Part,
    finders: &dyn Fn(&str) -> Vec<Finding>,
) -> Result<(Vec<NewReleaseMark>, u32), Error> {
    match &part.content {
        Content::Text(text) => Ok((marks_in_words(number, part, text, finders), 1)),
        Content::Line { cells, .. } => {
            Ok((marks_in_words(number, part, &words_of_line(cells), finders), 1))
        }
        Content::Pages { media_type, bytes } => {
            let mut all = Vec::new();
            let (mut page, mut pages) = (1, 1);
            while page <= pages {
                let image = screen_page(render, media_type, bytes, page)?;
                pages = image.facts.pages;
                let words = words_only(&image.facts);
                let (text, _) = words.text();
                let found = finders(&text);
                let index = page - 1;
                let place = |finding: &Finding| {
                    let boxes = words.boxes_of(index, finding.start, finding.end);
                    boxes.into_iter().map(Place::Box).collect()
                };
                all.extend(marks(number, part, &text, &found, &place));
                page += 1;
            }
            Ok((all, pages))
        }
        Content::Other { .. } => Ok((Vec::new(), 0)),
    }
}

fn marks_in_words(
    number: usize,
    part: &Part,
    text: &str,
    finders: &dyn Fn(&str) -> Vec<Finding>,
) -> Vec<NewReleaseMark> {
    let place = |finding: &Finding| vec![Place::Span(finding.start, finding.end)];
    marks(number, part, text, &finders(text), &place)
}

/// The words of a page with the size that their boxes are measured in; no pixels.
pub fn words_only(facts: &crate::pages_of::PageFacts) -> PagePixels {
    let words = facts.words.clone();
    PagePixels { width: facts.width, height: facts.height, rgb: Vec::new(), words }
}

/// A place of a text that a finder names.
pub struct Finding {
    /// First character.
    pub start: usize,
    /// The one after the last.
    pub end: usize,
    /// Which finder.
    pub finder: Finder,
    /// Why it should go.
    pub reason: Reason,
    /// In words, without the text.
    pub why: String,
    /// Proposed, or confirmed by the person who asked.
    pub state: MarkState,
}

fn marks(
    number: usize,
    part: &Part,
    text: &str,
    found: &[Finding],
    places: &dyn Fn(&Finding) -> Vec<Place>,
) -> Vec<NewReleaseMark> {
    let mut marks = Vec::new();
    for finding in found {
        let covered: String =
            text.chars().skip(finding.start).take(finding.end - finding.start).collect();
        for place in places(finding) {
            marks.push(NewReleaseMark {
                part: number as i64,
                place,
                content_hash: part.hash,
                finder: finding.finder,
                reason: finding.reason,
                text: Private::new(covered.clone()),
                why: finding.why.clone(),
                state: finding.state,
            });
        }
    }
    marks
}

/// Identifiers and sensitive content in a text, for a release of this scope.
pub fn findings(text: &str, knowledge: &Knowledge, scope: &Scope, item: &Item) -> Vec<Finding> {
    let mut proposed: Vec<Proposed> = Vec::new();
    let identifiers = match scope.basis {
        Basis::LimitedDataSet => limited(find(text, &knowledge.patient)),
        _ => find_others(text, &knowledge.patient, &knowledge.near),
    };
    proposed.extend(identifiers.into_iter().map(|span| identifier(span, scope.basis)));
    for found in propose(text) {
        let Some(why) = not_released(scope, item, found.class) else { continue };
        let why = if found.negated { format!("{why} A denial tells too.") } else { why };
        let (finder, reason) = (Finder::Sensitive, Reason::Sensitive);
        proposed.push(Proposed { start: found.start, end: found.end, finder, reason, why });
    }
    proposed.sort_by_key(|one| (one.start, one.end));
    proposed.into_iter().map(Finding::from).collect()
}

/// A limited data set keeps dates, ages and places (45 CFR 164.514(e)(2)).
fn limited(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| !matches!(span.class, Class::Date | Class::Age | Class::Geography));
    spans
}

impl From<Proposed> for Finding {
    fn from(one: Proposed) -> Finding {
        let Proposed { start, end, finder, reason, why } = one;
        Finding { start, end, finder, reason, why, state: MarkState::Proposed }
    }
}

fn identifier(span: Span, basis: Basis) -> Proposed {
    let reason = match basis {
        Basis::LimitedDataSet => Reason::Identifier,
        _ => Reason::AnotherPerson,
    };
    Proposed {
        start: span.start,
        end: span.end,
        finder: Finder::Identifier,
        reason,
        why: format!("{}: {}", span.class.label(), span.why),
    }
}

/// Why content of a class stays out of this release: the same gate that holds back items.
fn not_released(scope: &Scope, item: &Item, class: SensitiveClass) -> Option<String> {
    let labelled = Item { labels: LabelMask::of(class), ..item.clone() };
    let bare = Item { labels: LabelMask::NONE, ..item.clone() };
    if item.labels.contains(class) || withhold(scope, &bare).is_some() {
        return None;
    }
    let held: scope::Withheld = withhold(scope, &labelled)?;
    Some(format!("Speaks of {}: {} ({})", class.label(), held.reason, held.citation))
}

/// Places of these texts that no mark covers yet.
pub fn same_texts(text: &str, withheld: &[String]) -> Vec<Finding> {
    let mut found = Vec::new();
    for phrase in withheld {
        for (start, end) in find_phrase(text, phrase) {
            found.push(Finding {
                start,
                end,
                finder: Finder::Same,
                reason: Reason::AnotherPerson,
                why: "The same text is withheld elsewhere in this release.".to_owned(),
                state: MarkState::Proposed,
            });
        }
    }
    found
}

/// Texts that must not be found in the packet once a mark over `text` is confirmed: the whole,
/// and of another person's name each longer word that isn't the patient's own.
pub fn withheld_texts(text: &str, why: &str, patient: &Known) -> Vec<String> {
    let mut texts = vec![text.trim().to_owned()];
    if why.starts_with(Class::Name.label()) {
        let own: Vec<String> = patient
            .names
            .iter()
            .flat_map(|name| name.reveal().split([' ', ',']))
            .map(str::to_lowercase)
            .collect();
        let words = text.split(|c: char| c.is_whitespace() || c == ',' || c == '.');
        let longer = words.filter(|word| word.chars().count() >= NAME_LETTERS_MIN);
        texts.extend(longer.filter(|word| !own.contains(&word.to_lowercase())).map(str::to_owned));
    }
    texts.retain(|text| text.chars().filter(|c| c.is_alphanumeric()).count() >= LETTERS_MIN);
    texts
}

/// Texts that must not be found in the packet once `text` of a line, from its character `start`
/// on, is withheld. Of a line that goes whole, that is what it is about; of a measured value the
/// thing with its value, since the same thing is measured on other days.
pub fn withheld_of_line(
    section: &exchange::fhir::Section,
    cells: &[String],
    text: &str,
    start: usize,
) -> Vec<String> {
    let what = cells.first().map_or(0, |cell| cell.chars().count());
    let pieces: Vec<&str> = text.split('\n').filter(|piece| !piece.trim().is_empty()).collect();
    let is_about = start < what && pieces.len() > 1;
    let mut texts = match (is_about, section.is_measured) {
        (true, true) => vec![pieces[..2].join(" ")],
        (true, false) => vec![pieces[0].to_owned()],
        (false, _) => pieces.into_iter().map(str::to_owned).collect(),
    };
    texts.retain(|text| text.chars().filter(|c| c.is_alphanumeric()).count() >= LETTERS_MIN);
    texts
}

/// Letters of a part of a name that is looked for by itself.
const NAME_LETTERS_MIN: usize = 4;
/// Letters and digits of a text that the verifier can tell from chance.
const LETTERS_MIN: usize = 3;
