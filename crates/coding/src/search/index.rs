//! The index of one edition: its texts, the words in them and where each word stands.
//!
//! A code that only a seventh character tells from its neighbours is not a text of its own: the
//! code before expansion is, and the seventh character is chosen afterwards. Texts are numbered
//! by how little they say, so that the front of a long list holds the plainest texts.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::vocabulary::{Counting, Term, Vocabulary};
use super::words::{folded, is_stop_word, raw_words, singular};
use crate::codeset::{Edition, EntryKind, Node, NodeId, NoteKind, System};

/// Where a text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// The title.
    Title,
    /// An inclusion term.
    Inclusion,
    /// An "includes" note.
    Includes,
    /// An entry of an imported alphabetic index.
    Index,
}

/// A text that can be found.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// The code or category that it belongs to.
    pub node: NodeId,
    /// Where it comes from.
    pub kind: TextKind,
    /// Whether it ends in NOS: the code takes what is not specified further.
    pub not_specified: bool,
    /// What its chapter loses: conditions of the newborn and of pregnancy are asked for by name.
    pub chapter_loss: f32,
    /// Its words, as a range of [`Index::words`].
    first: u32,
    count: u16,
}

/// A word of a text: its term, and how much it counts when a query lacks it, in eighths.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// The term.
    pub term: Term,
    /// 8 for a word that must be asked for, 0 for one that need not be.
    pub eighths: u8,
    /// Whether the text denies it: "without coma", "not intractable".
    pub denied: bool,
}

/// The index of one edition.
pub struct Index {
    /// The words.
    pub vocabulary: Vocabulary,
    texts: Vec<Text>,
    words: Vec<Word>,
    posting_starts: Vec<u32>,
    postings: Vec<u32>,
    /// How much each term tells, by its rarity.
    pub weights: Vec<f32>,
    /// The terms with which the titles of procedures begin: their root operations, and the kinds
    /// of imaging and therapy. Empty in other systems.
    pub leads: Vec<Term>,
    /// For each node, the words of its title as a range of `words`.
    node_words: Vec<(u32, u16)>,
    /// Hash of a whole folded title, and the node that has it; sorted.
    whole_titles: Vec<(u64, u32)>,
}

/// Titles that begin with a word, so that it is taken for what is done.
const LEAD_TITLES_MIN: usize = 40;

/// A word while the index is built: its provisional number, eighths, and whether it is denied.
type Drafted = (u32, u8, bool);

/// A text while the index is built: words by provisional number.
struct Draft {
    node: NodeId,
    kind: TextKind,
    not_specified: bool,
    chapter_loss: f32,
    words: Vec<Drafted>,
    /// Words of seventh characters: found in the text, never leading to it.
    silent: Vec<u32>,
}

impl Index {
    /// Builds the index of an edition, with further index entries (phrase, code).
    #[must_use]
    pub fn new(edition: &Edition, entries: &[(String, String)]) -> Self {
        let mut counting = Counting::default();
        let mut drafts = Vec::new();
        let mut suffixes: HashMap<&str, Vec<Drafted>> = HashMap::new();
        let mut own_words: Vec<Vec<Drafted>> = Vec::with_capacity(edition.len());
        let mut whole_titles = Vec::new();
        for node in edition.nodes() {
            if node.is_reportable() {
                whole_titles.push((hash_of(&folded(node.title())), node.id.index() as u32));
            }
            if let Some(suffix) = suffix_of(node) {
                let words =
                    suffixes.entry(suffix).or_insert_with(|| weighed_words(suffix, &mut counting));
                own_words.push(words.clone());
                continue;
            }
            own_words.push(weighed_words(node.title(), &mut counting));
            if node.kind() == EntryKind::Code {
                draft_texts(node, own_words.last(), &mut counting, &mut drafts);
            }
        }
        for (phrase, code) in entries {
            if let Some(node) = edition.find(code) {
                let words = weighed_words(phrase, &mut counting);
                drafts.push(Draft::new(node, TextKind::Index, words, phrase));
            }
        }
        for draft in &mut drafts {
            draft.silent = silent_words(edition.node(draft.node), &suffixes);
        }
        whole_titles.sort_unstable();
        let (vocabulary, terms) = counting.finish();
        let mut index = Self::assemble(vocabulary, &terms, drafts, &own_words, whole_titles);
        if edition.system == System::Icd10Pcs {
            index.leads = index.leads_of_titles();
        }
        index
    }

    /// The first words of many titles.
    fn leads_of_titles(&self) -> Vec<Term> {
        let mut counts: HashMap<Term, usize> = HashMap::new();
        let titles = self.texts.iter().filter(|text| text.kind == TextKind::Title);
        for word in titles.filter_map(|text| self.text_words(text).first()) {
            *counts.entry(word.term).or_default() += 1;
        }
        counts.retain(|_, count| *count >= LEAD_TITLES_MIN);
        counts.into_keys().collect()
    }

    /// Whether some text holds the word, or one of its family.
    #[must_use]
    pub fn knows(&self, word: &str) -> bool {
        let mut terms = Vec::new();
        self.vocabulary.matches(singular(word), false, false, &mut terms);
        !terms.is_empty()
    }

    fn assemble(
        vocabulary: Vocabulary,
        terms: &[Term],
        mut drafts: Vec<Draft>,
        own_words: &[Vec<Drafted>],
        whole_titles: Vec<(u64, u32)>,
    ) -> Self {
        let mut counts = vec![0_u32; vocabulary.len()];
        for (number, ..) in drafts.iter().flat_map(|draft| &draft.words) {
            counts[usize::from(terms[*number as usize])] += 1;
        }
        let all = drafts.len() as f32;
        let weights: Vec<f32> =
            counts.iter().map(|count| (1.0 + all / (*count).max(1) as f32).ln()).collect();
        let mass_of = |words: &[Drafted]| -> f32 {
            let weigh = |(number, eighths, _): &Drafted| {
                weights[usize::from(terms[*number as usize])] * f32::from(*eighths) / 8.0
            };
            words.iter().map(weigh).sum()
        };
        let mut order: Vec<(f32, usize)> =
            drafts.iter().enumerate().map(|(at, draft)| (mass_of(&draft.words), at)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut built = Self {
            posting_starts: Vec::with_capacity(vocabulary.len() + 1),
            postings: Vec::new(),
            vocabulary,
            texts: Vec::with_capacity(drafts.len()),
            words: Vec::new(),
            weights,
            leads: Vec::new(),
            node_words: Vec::with_capacity(own_words.len()),
            whole_titles,
        };
        let mut lists: Vec<Vec<u32>> = vec![Vec::new(); counts.len()];
        for (_, at) in order {
            let draft = &mut drafts[at];
            let first = built.words.len() as u32;
            for (number, eighths, denied) in &draft.words {
                let term = terms[*number as usize];
                built.words.push(Word { term, eighths: *eighths, denied: *denied });
                let list = &mut lists[usize::from(term)];
                if list.last() != Some(&(built.texts.len() as u32)) {
                    list.push(built.texts.len() as u32);
                }
            }
            for number in &draft.silent {
                let term = terms[*number as usize];
                built.words.push(Word { term, eighths: 0, denied: false });
            }
            let count = (built.words.len() as u32 - first) as u16;
            built.texts.push(Text {
                node: draft.node,
                kind: draft.kind,
                not_specified: draft.not_specified,
                chapter_loss: draft.chapter_loss,
                first,
                count,
            });
        }
        for list in lists {
            built.posting_starts.push(built.postings.len() as u32);
            built.postings.extend(list);
        }
        built.posting_starts.push(built.postings.len() as u32);
        for words in own_words {
            let first = built.words.len() as u32;
            let word = |(number, eighths, denied): &Drafted| Word {
                term: terms[*number as usize],
                eighths: *eighths,
                denied: *denied,
            };
            built.words.extend(words.iter().map(word));
            built.node_words.push((first, words.len() as u16));
        }
        built.words.shrink_to_fit();
        built.postings.shrink_to_fit();
        built
    }

    /// The texts that hold a term, the plainest first.
    #[must_use]
    pub fn postings(&self, term: Term) -> &[u32] {
        let at = usize::from(term);
        &self.postings[self.posting_starts[at] as usize..self.posting_starts[at + 1] as usize]
    }

    /// A text by its number.
    #[must_use]
    pub fn text(&self, number: u32) -> &Text {
        &self.texts[number as usize]
    }

    /// How many texts there are.
    #[must_use]
    pub fn text_count(&self) -> usize {
        self.texts.len()
    }

    /// The words of a text, those of its seventh characters included.
    #[must_use]
    pub fn text_words(&self, text: &Text) -> &[Word] {
        &self.words[text.first as usize..text.first as usize + usize::from(text.count)]
    }

    /// The words of a node's title; of its seventh character alone, where it has one.
    #[must_use]
    pub fn node_words(&self, node: NodeId) -> &[Word] {
        let (first, count) = self.node_words[node.index()];
        &self.words[first as usize..first as usize + usize::from(count)]
    }

    /// The reportable codes whose whole title is this text.
    pub fn titled<'a>(
        &'a self,
        edition: &'a Edition,
        text: &'a str,
    ) -> impl Iterator<Item = Node<'a>> {
        let key = hash_of(text);
        let start = self.whole_titles.partition_point(|(known, _)| *known < key);
        self.whole_titles[start..]
            .iter()
            .take_while(move |(known, _)| *known == key)
            .filter_map(move |(_, at)| edition.nth(*at as usize))
            .filter(move |node| folded(node.title()) == text)
    }
}

fn hash_of(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// What a seventh character adds to the title of the code before it.
pub(super) fn suffix_of(node: Node<'_>) -> Option<&str> {
    let parent = node.parent().filter(|parent| parent.kind() == EntryKind::Code)?;
    if node.code().len() != 7 || parent.code().len() >= 7 {
        return None;
    }
    let padded = node.code()[parent.code().len()..6].bytes().all(|byte| byte == b'X');
    let rest = node.title().strip_prefix(parent.title())?.strip_prefix(", ")?;
    padded.then_some(rest)
}

fn draft_texts(
    node: Node<'_>,
    title: Option<&Vec<Drafted>>,
    counting: &mut Counting,
    drafts: &mut Vec<Draft>,
) {
    let mut add = |kind: TextKind, words: Vec<Drafted>, text: &str| {
        if !words.is_empty() {
            drafts.push(Draft::new(node, kind, words, text));
        }
    };
    add(TextKind::Title, title.cloned().unwrap_or_default(), node.title());
    for (kind, note) in node.notes() {
        match kind {
            NoteKind::Inclusion => add(TextKind::Inclusion, weighed_words(note, counting), note),
            NoteKind::Includes => add(TextKind::Includes, weighed_words(note, counting), note),
            _ => {}
        }
    }
}

impl Draft {
    fn new(node: Node<'_>, kind: TextKind, words: Vec<Drafted>, text: &str) -> Self {
        Self {
            node: node.id,
            kind,
            not_specified: text.ends_with(" NOS"),
            chapter_loss: chapter_loss(node),
            words,
            silent: Vec::new(),
        }
    }
}

/// What a diagnosis loses for its chapter. A query for anemia means the patient's own, before
/// that of a newborn or in pregnancy, and a disease before the cause of an accident.
fn chapter_loss(node: Node<'_>) -> f32 {
    if node.system() != System::Icd10Cm {
        return 0.0;
    }
    match node.code().as_bytes().first() {
        Some(b'P') => 0.08,
        Some(b'O') => 0.05,
        Some(b'Z') => 0.03,
        // Diabetes whose type is not said is of type 2 (guideline I.C.4.a.2).
        _ if ["E08", "E09", "E10", "E13"].iter().any(|other| node.code().starts_with(other)) => {
            0.05
        }
        Some(b'Q' | b'V' | b'W' | b'X' | b'Y') => 0.02,
        _ => 0.0,
    }
}

/// The words of the seventh characters directly below a code.
fn silent_words(node: Node<'_>, suffixes: &HashMap<&str, Vec<Drafted>>) -> Vec<u32> {
    let mut numbers: Vec<u32> = node
        .children()
        .filter_map(suffix_of)
        .filter_map(|suffix| suffixes.get(suffix))
        .flatten()
        .map(|(number, ..)| *number)
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The words of a text with what each counts. Words in brackets, denied words ("without …"), the
/// sex and an unspecified part ("unspecified organism") need hardly be asked for.
fn weighed_words(text: &str, counting: &mut Counting) -> Vec<Drafted> {
    let mut words: Vec<Drafted> = Vec::new();
    let mut reading = Reading { depth: 0, first_part: true, denied: false, unspecified: false };
    for part in text.split_inclusive(['(', ')', '[', ']', ',', ';']) {
        let unspecified_part = !reading.first_part && part.contains("unspecified");
        let spelled = raw_words(&joined_prefixes(part));
        for (at, word) in spelled.iter().enumerate() {
            let before = at.checked_sub(1).map_or("", |at| spelled[at].as_str());
            reading.hear(word, before);
            if is_stop_word(word) {
                continue;
            }
            let or_unspecified = spelled.get(at + 1).is_some_and(|next| next == "or")
                && spelled.get(at + 2).is_some_and(|next| next == "unspecified");
            let cheap = reading.depth > 0 || unspecified_part || or_unspecified;
            let eighths = reading.eighths_of(word, cheap);
            let number = counting.number(singular(word));
            if !words.iter().any(|(known, ..)| *known == number) {
                let denied = reading.denied && !DENIALS.contains(&word.as_str());
                words.push((number, eighths, denied));
            }
        }
        reading.end_part(part);
    }
    words
}

/// Words that deny what follows them.
pub(super) const DENIALS: &[&str] = &["without", "not", "no"];

/// First parts that are written together with what follows: "pre-eclampsia".
pub(super) const PREFIXES: &[&str] = &[
    "non", "pre", "post", "hypo", "hyper", "anti", "peri", "poly", "sub", "micro", "neuro", "semi",
    "intra", "extra", "inter", "multi",
];

/// Where the reading of a text stands.
struct Reading {
    /// Brackets that are open.
    depth: usize,
    first_part: bool,
    denied: bool,
    /// Whether "unspecified" stood before in this part.
    unspecified: bool,
}

impl Reading {
    /// Takes note of a word that changes how the next are read. A denial reaches to the next
    /// comma, "with", side, or "of" ("without foreign body of scalp").
    fn hear(&mut self, word: &str, before: &str) {
        match word {
            "without" | "not" | "no" => self.denied = true,
            "with" | "but" if self.depth == 0 => self.denied = false,
            "right" | "left" | "bilateral" => self.denied = false,
            "of" if !matches!(before, "loss" | "mention" | "evidence" | "history") => {
                self.denied = false;
            }
            _ => {}
        }
    }

    fn eighths_of(&mut self, word: &str, cheap: bool) -> u8 {
        let after_unspecified = self.unspecified;
        self.unspecified |= word == "unspecified";
        match word {
            "nos" | "encounter" | "uncomplicated" | "accidental" | "unintentional" => 0,
            _ if self.denied => 1,
            "unspecified" => 1,
            "male" | "female" | "adult" => 2,
            "other" | "specified" | "nec" => 4,
            _ if cheap => 2,
            _ if after_unspecified => 5,
            _ => 8,
        }
    }

    fn end_part(&mut self, part: &str) {
        match part.chars().last() {
            Some('(' | '[') => self.depth += 1,
            Some(')' | ']') => self.depth = self.depth.saturating_sub(1),
            Some(',' | ';') => {
                (self.first_part, self.denied, self.unspecified) = (false, false, false);
            }
            _ => {}
        }
    }
}

/// The text with hyphenated first parts written together.
fn joined_prefixes(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for word in text.split_inclusive(' ') {
        match word.split_once('-') {
            Some((first, rest)) if PREFIXES.contains(&first.to_ascii_lowercase().as_str()) => {
                joined.push_str(first);
                joined.push_str(rest);
            }
            _ => joined.push_str(word),
        }
    }
    joined
}
