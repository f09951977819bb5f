//! Two things side by side, and two versions of a text, with what differs marked.

use crate::ui::badge::{Badge, Tone};
use maud::{Markup, Render, html};

/// A table that sets two or more records side by side, a field a row.
#[derive(Clone, Debug)]
pub struct Comparison {
    caption: String,
    heads: Vec<Markup>,
    rows: Vec<(String, Vec<Markup>, bool)>,
}

impl Comparison {
    /// A comparison of the things with these heads.
    pub fn new(caption: impl Into<String>, heads: impl IntoIterator<Item = Markup>) -> Comparison {
        Comparison { caption: caption.into(), heads: heads.into_iter().collect(), rows: Vec::new() }
    }

    /// Adds a field; it differs when the texts do.
    pub fn field<T: AsRef<str>>(
        self,
        name: impl Into<String>,
        values: impl IntoIterator<Item = T>,
    ) -> Comparison {
        let values: Vec<T> = values.into_iter().collect();
        let differs = values.windows(2).any(|pair| pair[0].as_ref() != pair[1].as_ref());
        let cells = values.iter().map(|value| html! { (value.as_ref()) }).collect();
        self.marked(name, cells, differs)
    }

    /// Adds a field of markup, and whether it differs.
    pub fn marked(
        mut self,
        name: impl Into<String>,
        cells: Vec<Markup>,
        differs: bool,
    ) -> Comparison {
        self.rows.push((name.into(), cells, differs));
        self
    }
}

impl Render for Comparison {
    fn render(&self) -> Markup {
        html! {
            div class="table-scroll" {
                table class="data compare" {
                    caption class="visually-hidden" { (self.caption) }
                    thead {
                        tr {
                            th scope="col" { "Field" }
                            @for head in &self.heads { th scope="col" { (head) } }
                            th scope="col" class="mark-cell" { "Agreement" }
                        }
                    }
                    tbody {
                        @for (name, cells, differs) in &self.rows {
                            tr class=[differs.then_some("differs")] {
                                th scope="row" { (name) }
                                @for cell in cells { td { (cell) } }
                                td class="mark-cell" {
                                    @if *differs { (Badge::new(Tone::Warn, "Differs")) }
                                    @else { span class="quiet" { "Same" } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A stretch of two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stretch<'a> {
    Kept(&'a str),
    Removed(&'a str),
    Added(&'a str),
}

/// Beyond this many pairs of words the middle of a text is shown as wholly replaced.
const PAIRS_MAX: usize = 4_000_000;

/// The newer text with what was removed struck out and what was added underlined.
pub fn diff(older: &str, newer: &str) -> Markup {
    html! {
        div class="diff" role="group" aria-label="What changed" {
            @for stretch in stretches(older, newer) {
                @match stretch {
                    Stretch::Kept(text) => (text),
                    Stretch::Removed(text) => del {
                        span class="visually-hidden" { "removed: " } (text)
                    },
                    Stretch::Added(text) => ins {
                        span class="visually-hidden" { "added: " } (text)
                    },
                }
            }
        }
    }
}

/// Words with the white space after them, so that they join to the text again.
fn words(text: &str) -> Vec<&str> {
    text.split_inclusive(char::is_whitespace).collect()
}

fn stretches<'a>(older: &'a str, newer: &'a str) -> Vec<Stretch<'a>> {
    let (old, new) = (words(older), words(newer));
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail =
        old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let mut found: Vec<Stretch> = old[..head].iter().map(|word| Stretch::Kept(word)).collect();
    middle(&old[head..old.len() - tail], &new[head..new.len() - tail], &mut found);
    found.extend(old[old.len() - tail..].iter().map(|word| Stretch::Kept(word)));
    found
}

/// The longest common subsequence of words, by the table of its lengths.
fn middle<'a>(old: &[&'a str], new: &[&'a str], found: &mut Vec<Stretch<'a>>) {
    if old.len().saturating_mul(new.len()) > PAIRS_MAX {
        found.extend(old.iter().map(|word| Stretch::Removed(word)));
        found.extend(new.iter().map(|word| Stretch::Added(word)));
        return;
    }
    let wide = new.len() + 1;
    let mut longest = vec![0u32; (old.len() + 1) * wide];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i * wide + j] = if old[i] == new[j] {
                longest[(i + 1) * wide + j + 1] + 1
            } else {
                longest[(i + 1) * wide + j].max(longest[i * wide + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            found.push(Stretch::Kept(old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len()
            || (i < old.len() && longest[(i + 1) * wide + j] >= longest[i * wide + j + 1])
        {
            found.push(Stretch::Removed(old[i]));
            i += 1;
        } else {
            found.push(Stretch::Added(new[j]));
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(older: &str, newer: &str) -> (String, String) {
        let mut texts = (String::new(), String::new());
        for stretch in stretches(older, newer) {
            match stretch {
                Stretch::Kept(text) => {
                    texts.0.push_str(text);
                    texts.1.push_str(text);
                }
                Stretch::Removed(text) => texts.0.push_str(text),
                Stretch::Added(text) => texts.1.push_str(text),
            }
        }
        texts
    }

    #[test]
    fn a_diff_holds_both_texts() {
        let table = [
            ("", ""),
            ("", "a b"),
            ("a b", ""),
            ("left knee pain", "right knee pain"),
            ("a b c d e", "a x c y e f"),
            ("one  two\nthree", "one two\nthree four"),
        ];
        for (older, newer) in table {
            assert_eq!(both(older, newer), (older.to_owned(), newer.to_owned()));
        }
    }

    #[test]
    fn a_diff_keeps_what_is_common() {
        let found = stretches("left knee pain", "right knee pain");
        let expected = [
            Stretch::Removed("left "),
            Stretch::Added("right "),
            Stretch::Kept("knee "),
            Stretch::Kept("pain"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn fields_differ_when_their_texts_do() {
        let page = Comparison::new("Two records", [html! { "A" }, html! { "B" }])
            .field("Name", ["Roe", "Roe"])
            .field("Sex", ["F", "M"])
            .render()
            .into_string();
        assert_eq!(page.matches("Differs").count(), 1);
        assert_eq!(page.matches("Same").count(), 1);
    }
}
