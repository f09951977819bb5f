//! The tree of codes, and the walk from a category to the code that the words of a note support.

use super::vocabulary::{Vocabulary, WordId};
use super::words::{fold, is_filler, normal, split_words};

/// A code with the words that name it.
#[derive(Clone, Debug)]
pub(super) struct NamedCode<'a> {
    /// The code without its dot.
    pub(super) code: &'a str,
    /// The title in the tabular list.
    pub(super) title: &'a str,
    /// Inclusion terms at this code, and what its category is said to include.
    pub(super) terms: Vec<&'a str>,
    /// Whether the code can be reported, that is, has no finer code below it.
    pub(super) reportable: bool,
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) code: String,
    /// Words of the title that tell it from others.
    words: Vec<WordId>,
    unspecified: bool,
    /// The side that is dominant only when the note says so (guideline I.C.6.a).
    other_dominance: bool,
    pub(super) reportable: bool,
}

/// Words missing, words found, other dominance, not unspecified, encounter: least is best.
type Order = (usize, usize, bool, bool, usize);

/// All codes, sorted, so that what stands below a code is one range.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

/// A reportable code reached from a prefix, and how well the words support it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    pub(super) node: usize,
    /// Words of its title, beyond those of the prefix, found near the mention.
    pub(super) found: usize,
    /// Words of its title not found.
    pub(super) missing: usize,
}

impl Tree {
    /// Builds the tree; words of titles are added to the vocabulary.
    pub(super) fn new(codes: &[NamedCode<'_>], vocabulary: &mut Vocabulary) -> Tree {
        let mut nodes: Vec<Node> = codes
            .iter()
            .map(|code| Node {
                code: code.code.to_owned(),
                words: title_words(code.title, vocabulary),
                unspecified: is_unspecified(code.title),
                other_dominance: code.title.contains("left dominant side")
                    || code.title.contains("right nondominant side")
                    || code.title.contains("right non-dominant side"),
                reportable: code.reportable,
            })
            .collect();
        nodes.sort_by(|left, right| left.code.cmp(&right.code));
        Tree { nodes }
    }

    pub(super) fn node(&self, index: usize) -> &Node {
        &self.nodes[index]
    }

    /// The node of a code.
    pub(super) fn find(&self, code: &str) -> Option<usize> {
        self.nodes.binary_search_by(|node| node.code.as_str().cmp(code)).ok()
    }

    /// Nodes at and below a prefix.
    pub(super) fn below(&self, prefix: &str) -> std::ops::Range<usize> {
        let first = self.nodes.partition_point(|node| node.code.as_str() < prefix);
        let end = first + self.nodes[first..].partition_point(|node| node.code.starts_with(prefix));
        first..end
    }

    /// Whether a code's title leaves something open.
    pub(super) fn is_unspecified(&self, node: usize) -> bool {
        self.nodes[node].unspecified
    }

    /// The reportable code below a prefix that the words near a mention support best; where they
    /// say nothing, the code whose title adds least (the unspecified one).
    pub(super) fn walk(
        &self,
        prefix: &str,
        said: &[WordId],
        near: &dyn Fn(WordId) -> bool,
    ) -> Option<Reached> {
        let range = self.below(prefix);
        let known: &[WordId] = match self.find(prefix) {
            Some(node) => &self.nodes[node].words,
            None => &[],
        };
        let mut best: Option<(Order, Reached)> = None;
        for index in range {
            let node = &self.nodes[index];
            if !node.reportable {
                continue;
            }
            let mut found = 0;
            let mut missing = 0;
            for word in &node.words {
                if known.contains(word) || said.contains(word) {
                    continue;
                }
                if near(*word) { found += 1 } else { missing += 1 }
            }
            // A title half supported is not supported; compare what is missing first.
            let order = (
                missing,
                usize::MAX - found,
                node.other_dominance,
                !node.unspecified,
                encounter_order(node),
            );
            if best.as_ref().is_none_or(|(least, _)| order < *least) {
                best = Some((order, Reached { node: index, found, missing }));
            }
        }
        best.map(|(_, reached)| reached)
    }
}

/// Initial encounter first, for the active treatment of an injury (guideline I.C.19.a).
fn encounter_order(node: &Node) -> usize {
    match (node.code.len(), node.code.as_bytes().last()) {
        (7, Some(b'A')) => 0,
        (7, Some(b'0')) => 0,
        (7, _) => 1,
        _ => 0,
    }
}

fn is_unspecified(title: &str) -> bool {
    let lower = title.to_ascii_lowercase();
    lower.contains("unspecified") || lower.contains("without complication")
}

/// Words of a title that tell one code from another.
fn title_words(title: &str, vocabulary: &mut Vocabulary) -> Vec<WordId> {
    let plain = plain_title(title);
    let mut words: Vec<WordId> = Vec::new();
    for word in split_words(&plain) {
        let folded = fold(word.text);
        if is_filler(&folded) || is_neutral(&folded) {
            continue;
        }
        let id = vocabulary.add(&normal(word.text));
        if !words.contains(&id) {
            words.push(id);
        }
    }
    words
}

/// A title without what coders read past: brackets, "unspecified as to", "without complications".
pub(super) fn plain_title(title: &str) -> String {
    let mut plain = String::with_capacity(title.len());
    let mut depth = 0usize;
    for letter in title.chars() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    let lower = plain.to_ascii_lowercase();
    let mut end = lower.len();
    for tail in [
        " unspecified as to ",
        ", unspecified whether ",
        ", without ",
        " without ",
        " not specified as ",
        ", not having",
    ] {
        if let Some(at) = lower.find(tail)
            && at > 3
        {
            end = end.min(at);
        }
    }
    plain.get(..end).unwrap_or(&plain).to_owned()
}

fn is_neutral(folded: &str) -> bool {
    matches!(
        folded,
        "unspecified"
            | "other"
            | "specified"
            | "nos"
            | "initial"
            | "encounter"
            | "closed"
            | "displaced"
            | "type"
            | "elsewhere"
            | "classified"
            | "not"
            | "part"
            | "site"
            | "disease"
            | "disorder"
            | "use"
            | "primary"
            | "nonintractable"
            | "intractable"
            | "uncomplicated"
            | "affecting"
            | "side"
            | "dominant"
            | "nondominant"
            | "non"
            | "single"
            | "episode"
    )
}
