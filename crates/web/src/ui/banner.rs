//! Whose chart is open.

use crate::ui::{Badge, Tone, date_text};
use maud::{Markup, Render, html};
use record::{BirthDate, ContentHash, LabelMask, Mrn, PersonName};

/// The patient banner: in sight on every page that shows patient data.
#[derive(Clone, Debug, Default)]
pub struct Banner {
    /// `Family, Given`.
    pub name: PersonName,
    /// FHIR text of any precision.
    pub birth_date: BirthDate,
    /// As [`crate::ui::age`] gives it; `None` when the birth date has no day.
    pub age: Option<String>,
    /// The word that the record holds.
    pub sex: String,
    /// Medical record number at the facility in use.
    pub mrn: Mrn,
    /// The chart's address.
    pub href: String,
    /// An opaque id of the patient: it chooses the colour, nothing else.
    pub opaque_id: String,
    /// Address of a photograph, when the chart holds one.
    pub photo_href: Option<String>,
    /// Sensitive classes of the patient's record.
    pub labels: LabelMask,
    /// Legal or other holds, one phrase each.
    pub holds: Vec<String>,
    /// What one must not overlook: deceased, possible duplicate, merged, glass broken until.
    pub alerts: Vec<String>,
}

impl Banner {
    fn portrait(&self) -> Markup {
        html! {
            @if let Some(photo) = &self.photo_href {
                img class="initials" src=(photo) alt="";
            } @else {
                span class="initials" aria-hidden="true" { (initials(self.name.reveal())) }
            }
        }
    }

    fn identifiers(&self) -> Markup {
        html! {
            dl {
                div {
                    dt { "Born" }
                    dd {
                        @if self.birth_date.is_empty() { "not known" }
                        @else { (date_text(self.birth_date.reveal())) }
                        @if let Some(age) = &self.age { " (" (age) ")" }
                    }
                }
                div {
                    dt { "Sex" }
                    dd { @if self.sex.is_empty() { "not known" } @else { (self.sex) } }
                }
                div {
                    dt { abbr title="Medical record number" { "MRN" } }
                    dd { @if self.mrn.is_empty() { "none" } @else { (self.mrn.reveal()) } }
                }
            }
        }
    }
}

impl Render for Banner {
    fn render(&self) -> Markup {
        let flagged = !self.labels.is_empty() || !self.holds.is_empty() || !self.alerts.is_empty();
        html! {
            section class={ "banner " (look(&self.opaque_id)) } aria-label="Patient" {
                (self.portrait())
                span class="patient-name" {
                    @if self.href.is_empty() { (self.name.reveal()) }
                    @else { a href=(self.href) data-key="Home" { (self.name.reveal()) } }
                }
                (self.identifiers())
                @if flagged {
                    span class="flags" {
                        @for alert in &self.alerts { (Badge::new(Tone::Stop, alert)) }
                        @for hold in &self.holds { (Badge::new(Tone::Warn, hold)) }
                        @for class in self.labels.classes() {
                            (Badge::new(Tone::Info, class.label()))
                        }
                    }
                }
            }
        }
    }
}

/// The patient's initials in the patient's colour, for rows that show several patients.
pub fn patient_dot(name: &PersonName, opaque_id: &str) -> Markup {
    html! {
        span class={ "patient-dot " (look(opaque_id)) } aria-hidden="true" {
            (initials(name.reveal()))
        }
    }
}

/// A patient's name with the initials before it, on one line, for rows.
pub fn patient_name(name: &PersonName, opaque_id: &str) -> Markup {
    html! { span class="nowrap" { (patient_dot(name, opaque_id)) (name.reveal()) } }
}

/// One of twelve colours and three shapes, the same for one id always.
fn look(opaque_id: &str) -> String {
    let hash = ContentHash::of(opaque_id.as_bytes()).0;
    format!("hue-{} weave-{}", hash[0] % 12, hash[1] % 3)
}

/// `Roe, Jane Ann` gives `JR`, `Jane Roe` too, and an empty name a question mark.
fn initials(name: &str) -> String {
    let first = |text: &str| text.trim().chars().next();
    let pair = match name.split_once(',') {
        Some((family, given)) => [first(given), first(family)],
        None => {
            let mut words = name.split_whitespace();
            [words.next().and_then(first), words.next_back().and_then(first)]
        }
    };
    let letters: String = pair.into_iter().flatten().flat_map(char::to_uppercase).collect();
    if letters.is_empty() { "?".to_owned() } else { letters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_given_and_family_name() {
        let table = [
            ("Roe, Jane Ann", "JR"),
            ("Jane Ann Roe", "JR"),
            ("Cher", "C"),
            ("øst, åse", "ÅØ"),
            ("Roe,", "R"),
            ("", "?"),
        ];
        for (name, expected) in table {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn banner_shows_identifiers_on_the_page_and_not_in_debug() {
        let banner = Banner {
            name: PersonName::new("Roe, Jane"),
            mrn: Mrn::new("00123"),
            birth_date: BirthDate::new("1957-03-04"),
            ..Banner::default()
        };
        let page = banner.render().into_string();
        assert!(page.contains("Roe, Jane") && page.contains("00123"));
        assert!(page.contains("4 Mar 1957"));
        let debug = format!("{banner:?}");
        assert!(!debug.contains("Roe") && !debug.contains("00123") && !debug.contains("1957"));
    }
}
