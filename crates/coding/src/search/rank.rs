//! Ranking: which texts answer a reading of a query, and how well.
//!
//! A text's score is the share of the query that it answers, weighed by rarity, lowered by what
//! it says beyond the query. The rarest word leads; a list of texts is left off as soon as no
//! further text can come among the best.

use std::cell::RefCell;

use super::index::{DENIALS, Index, PREFIXES, TextKind, Word};
use super::rewrite::Reading;
use super::vocabulary::{Match, Term};
use super::words::{is_stop_word, singular};
use crate::codeset::NodeId;

/// The most words of a query that count.
const GROUPS_MAX: usize = 24;
/// The most texts looked at for one word.
const LIST_MAX: usize = 500;
/// How many words that stand in more texts than that are paired with each other.
const CROWDED_MAX: usize = 3;
/// The most texts looked at for each such pair.
const SHARED_MAX: usize = 200;
/// The most texts looked at for the first reading of a query.
pub const TEXTS_MAX: usize = 1_000;
/// What the share of a text's own words counts for.
const PRECISION_SHARE: f32 = 0.28;
/// Lost by a text that names the other side, encounter or trimester.
const CONFLICT_LOSS: f32 = 0.3;
/// Lost by a procedure whose root operation is not the one that the query names.
const DEED_LOSS: f32 = 0.15;
/// The weight of a word that no text holds.
const UNKNOWN_WEIGHT: f32 = 3.0;

/// Words of which a query that names one excludes the others.
const RIVALS: &[&[&str]] = &[
    &["left", "right", "bilateral"],
    &["first", "second", "third"],
    &["upper", "lower"],
    &["systolic", "diastolic"],
    &["nontraumatic", "traumatic"],
    &["hyperglycemia", "hypoglycemia"],
];

/// One word of the query with every word of the index that it may mean.
#[derive(Debug)]
pub struct Group {
    /// As typed or as read from the table.
    pub typed: String,
    /// How much it tells.
    pub weight: f32,
    /// Whether the query denies it: "without coma".
    pub denied: bool,
    /// The words it may mean.
    pub terms: Vec<(Term, Match)>,
}

/// What one term of the index means to the query.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    Answers { group: u8, quality: f32, how: Match },
    Rival,
}

/// A query as an index sees it.
pub struct Plan {
    /// Its words, the rarest first.
    pub groups: Vec<Group>,
    meanings: Vec<Meaning>,
    weight_sum: f32,
    /// Which groups say what is done: a bit for each.
    deeds: u32,
}

/// A text that answers.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    /// The number of the text.
    pub text: u32,
    /// Which groups it answers, a bit for each.
    pub answered: u32,
    /// The worst way in which a word was met.
    pub how: Match,
    /// Its score; 1 for a text that says exactly what was asked.
    pub score: f32,
}

/// Tables as large as an index, kept between queries.
#[derive(Default)]
struct Scratch {
    /// For each term, 1 + its place in the plan's meanings.
    meaning_of: Vec<u16>,
    /// For each text, the number of the query that last looked at it.
    seen: Vec<u32>,
    query: u32,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

fn quality_of(how: Match) -> f32 {
    match how {
        Match::Exact => 1.0,
        Match::Family => 0.93,
        Match::Prefix => 0.9,
        Match::Typo => 0.88,
    }
}

impl Plan {
    /// Prepares a reading for an index.
    #[must_use]
    pub fn new(index: &Index, reading: &Reading) -> Self {
        let words = joined(index, &reading.words);
        let mut groups: Vec<Group> = Vec::new();
        let mut denied = false;
        for (at, word) in words.iter().enumerate() {
            let last = at + 1 == words.len();
            denied = DENIALS.contains(&word.as_str()) || (denied && word != "with");
            if is_stop_word(word) && words.len() > 1 || groups.len() == GROUPS_MAX {
                continue;
            }
            let typed = singular(word).to_owned();
            if groups.iter().any(|group| group.typed == typed) {
                continue;
            }
            let mut terms = Vec::new();
            let unfinished = last && reading.unfinished;
            // Other readings hold no errors any more: the speller put them right.
            index.vocabulary.matches(&typed, unfinished, reading.is_fallback, &mut terms);
            let weight = weight_of(index, &typed, &terms);
            let denied = denied && !DENIALS.contains(&word.as_str());
            groups.push(Group { typed, weight, denied, terms });
        }
        groups.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let weight_sum = groups.iter().map(|group| group.weight).sum::<f32>().max(0.001);
        let is_deed = |group: &Group| {
            let mut met = group.terms.iter().filter(|(_, how)| *how <= Match::Family);
            met.any(|(term, _)| index.leads.contains(term))
        };
        let deeds = groups.iter().enumerate().filter(|(_, group)| is_deed(group));
        let deeds = deeds.fold(0, |deeds, (at, _)| deeds | (1 << at));
        Self { groups, meanings: Vec::new(), weight_sum, deeds }
    }

    /// The share of the query that the answered groups make.
    #[must_use]
    pub fn coverage(&self, answered: u32) -> f32 {
        let answered = |at: usize| answered & (1 << at) != 0;
        let weights = self.groups.iter().enumerate().filter(|(at, _)| answered(*at));
        weights.map(|(_, group)| group.weight).sum::<f32>() / self.weight_sum
    }

    fn fill(&mut self, index: &Index, scratch: &mut Scratch) {
        scratch.meaning_of.resize(index.vocabulary.len().max(scratch.meaning_of.len()), 0);
        scratch.seen.resize(index.text_count().max(scratch.seen.len()), 0);
        scratch.query = scratch.query.wrapping_add(1);
        if scratch.query == 0 {
            scratch.seen.fill(0);
            scratch.query = 1;
        }
        for (group, words) in self.groups.iter().enumerate() {
            for (term, how) in &words.terms {
                let meaning =
                    Meaning::Answers { group: group as u8, quality: quality_of(*how), how: *how };
                add_meaning(&mut self.meanings, &mut scratch.meaning_of, *term, meaning);
            }
        }
        for rivals in RIVALS {
            let named = |word: &&&str| self.groups.iter().any(|group| group.typed == **word);
            let named: Vec<&&str> = rivals.iter().filter(named).collect();
            if named.is_empty() {
                continue;
            }
            for rival in rivals.iter().filter(|rival| !named.contains(rival)) {
                if let Some(term) = index.vocabulary.exact(rival) {
                    let (meanings, places) = (&mut self.meanings, &mut scratch.meaning_of);
                    add_meaning(meanings, places, term, Meaning::Rival);
                }
            }
        }
    }

    fn clear(&self, scratch: &mut Scratch, index: &Index) {
        for (term, _) in self.groups.iter().flat_map(|group| &group.terms) {
            scratch.meaning_of[usize::from(*term)] = 0;
        }
        for rival in RIVALS.iter().flat_map(|rivals| rivals.iter()) {
            if let Some(term) = index.vocabulary.exact(rival) {
                scratch.meaning_of[usize::from(term)] = 0;
            }
        }
    }
}

fn add_meaning(meanings: &mut Vec<Meaning>, places: &mut [u16], term: Term, meaning: Meaning) {
    let place = &mut places[usize::from(term)];
    if *place == 0 && meanings.len() < usize::from(u16::MAX) {
        meanings.push(meaning);
        *place = meanings.len() as u16;
    }
}

/// Joins "non traumatic" where the index knows "nontraumatic".
fn joined(index: &Index, words: &[String]) -> Vec<String> {
    let mut joined: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        if let Some(last) = joined.last_mut().filter(|last| PREFIXES.contains(&last.as_str())) {
            let both = format!("{last}{word}");
            if index.vocabulary.exact(singular(&both)).is_some() {
                *last = both;
                continue;
            }
        }
        joined.push(word.clone());
    }
    joined
}

fn weight_of(index: &Index, typed: &str, terms: &[(Term, Match)]) -> f32 {
    if typed == "unspecified" || typed == "a" {
        return 0.4;
    }
    let best = terms.iter().map(|(_, how)| *how).min();
    let same = terms.iter().filter(|(_, how)| Some(*how) == best);
    let least = same.map(|(term, _)| index.weights[usize::from(*term)]).reduce(f32::min);
    least.unwrap_or(UNKNOWN_WEIGHT)
}

/// How far a reading is followed.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How many texts are wanted.
    pub wanted: usize,
    /// The most texts looked at.
    pub texts_max: usize,
    /// Whether texts that hold two common words are sought by themselves.
    pub pairs: bool,
}

/// The best texts for a reading, the best first, with the plan that found them; then `finish`
/// is called with the tables still filled.
pub fn with_best<T>(
    index: &Index,
    reading: &Reading,
    bounds: Bounds,
    finish: impl FnOnce(&Scoring<'_>, Vec<Found>) -> T,
) -> T {
    SCRATCH.with(|scratch| {
        let scratch = &mut *scratch.borrow_mut();
        let mut plan = Plan::new(index, reading);
        plan.fill(index, scratch);
        let found = scan(index, &plan, scratch, bounds);
        let scoring = Scoring { index, plan: &plan, meaning_of: &scratch.meaning_of };
        let result = finish(&scoring, found);
        plan.clear(scratch, index);
        result
    })
}

fn scan(
    index: &Index,
    plan: &Plan,
    scratch: &mut Scratch,
    Bounds { wanted, texts_max, pairs }: Bounds,
) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut looked_at = 0;
    let mut open_weight = plan.weight_sum;
    let mut look = |number: u32, scratch: &mut Scratch, found: &mut Vec<Found>| {
        let seen = &mut scratch.seen[number as usize];
        if *seen == scratch.query || looked_at >= texts_max {
            return;
        }
        *seen = scratch.query;
        looked_at += 1;
        let scoring = Scoring { index, plan, meaning_of: &scratch.meaning_of };
        found.push(scoring.text(number));
    };
    if pairs {
        for number in shared(index, plan) {
            look(number, scratch, &mut found);
        }
    }
    for group in &plan.groups {
        for (term, _) in &group.terms {
            for number in index.postings(*term).iter().take(LIST_MAX) {
                look(*number, scratch, &mut found);
            }
        }
        open_weight -= group.weight;
        let reachable = open_weight / plan.weight_sum;
        let sure = found.iter().filter(|found| found.score > reachable).count();
        if sure >= wanted {
            break;
        }
    }
    let by_score = |a: &Found, b: &Found| b.score.total_cmp(&a.score).then(a.text.cmp(&b.text));
    if found.len() > wanted {
        found.select_nth_unstable_by(wanted, by_score);
        found.truncate(wanted);
    }
    found.sort_unstable_by(by_score);
    found
}

/// Texts that hold two words of the query, each of which stands in more texts than are looked at:
/// the plainest texts of either need not hold the other. Thousands of procedures are of the knee,
/// and thousands are replacements.
fn shared(index: &Index, plan: &Plan) -> Vec<u32> {
    let longest = |group: &Group| {
        let lists = group.terms.iter().filter(|(_, how)| *how <= Match::Family);
        lists.map(|(term, _)| index.postings(*term)).max_by_key(|list| list.len())
    };
    let lists = plan.groups.iter().filter_map(longest);
    let crowded: Vec<&[u32]> =
        lists.filter(|list| list.len() > LIST_MAX).take(CROWDED_MAX).collect();
    let mut shared = Vec::new();
    for (at, list) in crowded.iter().enumerate() {
        for other in &crowded[at + 1..] {
            let (short, long) =
                if list.len() < other.len() { (list, other) } else { (other, list) };
            shared.extend(in_both(short, long).take(SHARED_MAX));
        }
    }
    shared
}

/// What stands in both of two sorted lists.
fn in_both<'a>(short: &'a [u32], long: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
    let mut rest = long;
    short.iter().copied().filter(move |number| {
        let mut reach = 1;
        while reach < rest.len() && rest[reach] < *number {
            reach *= 2;
        }
        let ahead = &rest[..rest.len().min(reach + 1)];
        rest = &rest[ahead.partition_point(|known| known < number)..];
        rest.first() == Some(number)
    })
}

/// The tables that score texts and titles of one query.
pub struct Scoring<'a> {
    index: &'a Index,
    /// The query.
    pub plan: &'a Plan,
    meaning_of: &'a [u16],
}

/// What a run of words says to the query.
#[derive(Debug, Clone, Copy)]
pub struct Heard {
    /// Which groups are answered.
    pub answered: u32,
    /// The weight of the answered groups, lowered for words met inexactly.
    pub gained: f32,
    /// The weight of the words that answer.
    pub used: f32,
    /// The weight of the words that nobody asked for.
    pub unasked: f32,
    /// Whether a word speaks against the query.
    pub rival: bool,
    /// Which groups are denied though asked for, or there though denied.
    opposed: u32,
    /// The worst way in which a group was met.
    pub how: Match,
}

impl Scoring<'_> {
    /// Compares words with the query.
    #[must_use]
    pub fn hear(&self, words: &[Word]) -> Heard {
        let mut best = [0.0_f32; GROUPS_MAX];
        let mut ways = [Match::Exact; GROUPS_MAX];
        let mut heard = Heard {
            answered: 0,
            gained: 0.0,
            used: 0.0,
            unasked: 0.0,
            rival: false,
            opposed: 0,
            how: Match::Exact,
        };
        for word in words {
            let weight = self.index.weights[usize::from(word.term)] * f32::from(word.eighths) / 8.0;
            let place = self.meaning_of[usize::from(word.term)];
            if place == 0 {
                heard.unasked += weight;
                continue;
            }
            match self.plan.meanings[usize::from(place) - 1] {
                Meaning::Rival => {
                    heard.rival |= word.eighths > 0;
                    heard.unasked += weight;
                }
                Meaning::Answers { group, quality, how } => {
                    let group = usize::from(group);
                    if word.denied != self.plan.groups[group].denied {
                        heard.unasked += weight;
                        heard.opposed |= 1 << group;
                        continue;
                    }
                    heard.used += weight;
                    heard.answered |= 1 << group;
                    if quality > best[group] {
                        best[group] = quality;
                        ways[group] = how;
                    }
                }
            }
        }
        heard.rival |= heard.opposed & !heard.answered != 0;
        for (at, group) in self.plan.groups.iter().enumerate() {
            if best[at] > 0.0 {
                heard.gained += group.weight * best[at];
                heard.how = heard.how.max(ways[at]);
            }
        }
        heard
    }

    fn text(&self, number: u32) -> Found {
        let text = self.index.text(number);
        let heard = self.hear(self.index.text_words(text));
        let coverage = heard.gained / self.plan.weight_sum;
        let precision = heard.used / (heard.used + heard.unasked).max(0.1);
        let kind_loss = match text.kind {
            _ if text.not_specified => -0.01,
            TextKind::Title => 0.0,
            TextKind::Inclusion | TextKind::Index => 0.005,
            TextKind::Includes => 0.06,
        };
        let rival_loss = if heard.rival { CONFLICT_LOSS } else { 0.0 };
        let deed_loss = if self.does_another(text) { DEED_LOSS } else { 0.0 };
        let score = coverage * (1.0 - PRECISION_SHARE + PRECISION_SHARE * precision)
            - kind_loss
            - text.chapter_loss
            - rival_loss
            - deed_loss;
        Found { text: number, answered: heard.answered, how: heard.how, score }
    }

    /// Whether the query names what is done, and the text begins with something else.
    fn does_another(&self, text: &super::index::Text) -> bool {
        let deeds = self.plan.deeds;
        let Some(first) = self.index.text_words(text).first().filter(|_| deeds != 0) else {
            return false;
        };
        let place = self.meaning_of[usize::from(first.term)];
        match place.checked_sub(1).map(|place| self.plan.meanings[usize::from(place)]) {
            Some(Meaning::Answers { group, .. }) => deeds & (1 << group) == 0,
            Some(Meaning::Rival) | None => true,
        }
    }

    /// What a node's own title says to the query.
    #[must_use]
    pub fn node(&self, node: NodeId) -> Heard {
        self.hear(self.index.node_words(node))
    }

    /// The share of the query that `answered` adds to what `before` answered already.
    #[must_use]
    pub fn added(&self, before: u32, answered: u32) -> f32 {
        self.plan.coverage(answered & !before)
    }
}
