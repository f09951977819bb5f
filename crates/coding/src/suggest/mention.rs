//! Mentions: phrases in a note with the code each leads to and what the note says about it.

use super::Suggester;
use super::companion::body_mass;
use super::context::Marks;
use super::dictionary::{Hit, Seen, Source, Stamps, is_capital, is_letter_a};
use super::encounter::Circumstances;
use super::notes::{Section, Sentence, split_sentences};
use super::sides::Sides;
use super::vocabulary::WordId;
use super::words::{Gap, Word, fold, is_filler, is_modifier, normal, split_words};

/// What a note says about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// It is there.
    Present,
    /// It may be there.
    Doubtful,
    /// It was there.
    Past,
    /// A relative has or had it.
    Family,
}

/// A finding in a note.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    /// Node of a reportable code.
    pub(super) node: usize,
    pub(super) status: Status,
    pub(super) section: Section,
    /// First scalar value of the words.
    pub(super) start: usize,
    /// One past the last scalar value.
    pub(super) end: usize,
    pub(super) source: Source,
    /// Number of words matched.
    pub(super) words: usize,
    /// Words between those matched that the phrase does not hold.
    pub(super) strangers: usize,
    /// Words of the code's title that nothing in the note supports.
    pub(super) missing: usize,
    /// The first byte and the byte past the last.
    pub(super) bytes: (usize, usize),
}

const NEAR_WORDS: usize = 6;
const SHOUTED_LETTERS_MIN: usize = 5;

/// Every mention that is not denied and not hypothetical.
pub(super) fn find(suggester: &Suggester, text: &str) -> Vec<Mention> {
    let words = split_words(text);
    let mut sides = Sides::new(&suggester.vocabulary);
    let sentences: Vec<(Sentence, Vec<Seen>)> = split_sentences(text, &words)
        .into_iter()
        .map(|sentence| {
            let part = &words[sentence.first..sentence.end];
            let seen = look(suggester, part);
            let ids: Vec<Option<WordId>> = seen.iter().map(|word| word.id).collect();
            sides.read(part, &ids);
            (sentence, seen)
        })
        .collect();
    let mut stamps = Stamps::default();
    let mut mentions = Vec::new();
    for (sentence, seen) in &sentences {
        let part = &words[sentence.first..sentence.end];
        mentions.extend(body_mass_mention(suggester, sentence, part));
        let hits = suggester.dictionary.find(seen, &mut stamps);
        if hits.is_empty() {
            continue;
        }
        let marks = suggester.cues.mark(part, sentence.section);
        let reading =
            Reading { suggester, sentence, words: part, seen, marks: &marks, sides: &sides };
        for hit in &hits {
            reading.read(hit, &mut mentions);
        }
    }
    mentions
}

/// A body mass index stated in a sentence.
fn body_mass_mention(
    suggester: &Suggester,
    sentence: &Sentence,
    words: &[Word<'_>],
) -> Option<Mention> {
    let found = body_mass(words)?;
    let (first, last) = (&words[found.first], &words[found.last]);
    Some(Mention {
        node: suggester.tree.find(found.code)?,
        status: Status::Present,
        section: sentence.section,
        start: first.start,
        end: last.end,
        source: Source::Companion,
        words: 1,
        strangers: 0,
        missing: 0,
        bytes: (first.byte_start, last.byte_end),
    })
}

/// A sentence with all that bears on its hits.
struct Reading<'a> {
    suggester: &'a Suggester,
    sentence: &'a Sentence,
    words: &'a [Word<'a>],
    seen: &'a [Seen],
    marks: &'a [Marks],
    sides: &'a Sides,
}

/// The words of a sentence as the dictionary sees them.
fn look(suggester: &Suggester, words: &[Word<'_>]) -> Vec<Seen> {
    // A sentence all in capitals holds long words in capitals, a list of abbreviations does not.
    let capitals = words.iter().filter(|word| is_capital(word.text));
    let long = capitals.clone().filter(|word| word.text.len() >= SHOUTED_LETTERS_MIN).count();
    let shouted = long > 1 && capitals.count() * 2 > words.len();
    words
        .iter()
        .enumerate()
        .map(|(place, word)| {
            let folded = fold(word.text);
            Seen {
                id: suggester.vocabulary.get(&normal(word.text)),
                capital: (!shouted && is_capital(singular(word.text)))
                    .then(|| suggester.vocabulary.get(singular(word.text)))
                    .flatten(),
                filler: is_filler(&folded) && !is_letter_a(word.text, place),
                modifier: is_modifier(&folded),
                wall: word.before == Gap::Clause
                    || word.before == Gap::Comma
                    || matches!(
                        folded.as_str(),
                        "without" | "no" | "not" | "but" | "which" | "nor" | "denies" | "denied"
                    ),
                joins: matches!(folded.as_str(), "and" | "or") || word.before == Gap::Comma,
            }
        })
        .collect()
}

impl Reading<'_> {
    fn read(&self, hit: &Hit, mentions: &mut Vec<Mention>) {
        let Some(status) = status(hit, self.marks, self.sentence.section) else { return };
        let phrase = self.suggester.dictionary.phrase(hit.phrase);
        let mut near = near_words(self.suggester, hit, self.words, self.seen, self.marks);
        if !near.sided {
            near.ids.extend(self.sides.of(&phrase.words, &self.suggester.vocabulary));
        }
        let first = &self.words[hit.places[0]];
        let last = &self.words[hit.places[hit.places.len() - 1]];
        for target in phrase.target.split('+').filter(|target| !target.is_empty()) {
            let Some((node, missing)) = reach(self.suggester, target, &phrase.words, &near.ids)
            else {
                continue;
            };
            let node = self.by_circumstances(hit, node);
            mentions.push(Mention {
                node,
                status,
                section: self.sentence.section,
                start: first.start,
                end: last.end,
                source: phrase.source,
                words: hit.places.len(),
                strangers: hit.strangers,
                missing,
                bytes: (first.byte_start, last.byte_end),
            });
        }
    }
}

impl Reading<'_> {
    /// The code that encounter and intent choose; only injuries and poisonings have such.
    fn by_circumstances(&self, hit: &Hit, node: usize) -> usize {
        let tree = &self.suggester.tree;
        if tree.node(node).code.len() != 7 {
            return node;
        }
        Circumstances::of(self.words, hit.places[0], self.sentence.section).chosen(tree, node)
    }
}

/// An abbreviation in capitals without its plural ending: "UTIs".
fn singular(text: &str) -> &str {
    text.strip_suffix('s').unwrap_or(text)
}

/// What the cues say of a hit; nothing where it is denied or only feared.
fn status(hit: &Hit, marks: &[Marks], section: Section) -> Option<Status> {
    let any = |test: fn(&Marks) -> bool| hit.places.iter().any(|place| test(&marks[*place]));
    let all = |test: fn(&Marks) -> bool| hit.places.iter().all(|place| test(&marks[*place]));
    if any(|mark| mark.denied && !mark.cue) || any(|mark| mark.may_come && !mark.cue) {
        return None;
    }
    if section == Section::Instructions && all(|mark| mark.doubted) {
        return None;
    }
    if any(|mark| mark.family) {
        return Some(Status::Family);
    }
    if any(|mark| mark.past && !mark.cue) {
        return Some(Status::Past);
    }
    if any(|mark| mark.doubted && !mark.cue) {
        return Some(Status::Doubtful);
    }
    Some(Status::Present)
}

/// Words around a hit.
struct Near {
    ids: Vec<WordId>,
    /// A side of the body stands among them.
    sided: bool,
}

/// Words around a hit in its clause, with only the nearest side of the body.
fn near_words(
    suggester: &Suggester,
    hit: &Hit,
    words: &[Word<'_>],
    seen: &[Seen],
    marks: &[Marks],
) -> Near {
    let first = hit.places[0];
    let last = hit.places[hit.places.len() - 1];
    let mut near = Vec::new();
    let mut side: Option<(usize, &str)> = None;
    let from = first.saturating_sub(NEAR_WORDS);
    let to = (last + NEAR_WORDS).min(words.len() - 1);
    for place in from..=to {
        let distance = first.saturating_sub(place).max(place.saturating_sub(last));
        let apart = (place.min(last) + 1..=place.max(last))
            .any(|between| words[between].before == Gap::Clause)
            || (place.min(first) + 1..=first.max(place))
                .any(|between| words[between].before == Gap::Clause);
        if apart || marks[place].denied {
            continue;
        }
        let folded = fold(words[place].text);
        let named = match folded.as_str() {
            "right" | "rt" => Some("right"),
            "left" | "lt" => Some("left"),
            "both" | "bilateral" | "bilaterally" => Some("bilateral"),
            _ => None,
        };
        match named {
            Some(named) if side.is_none_or(|(least, _)| distance < least) => {
                side = Some((distance, named));
            }
            Some(_) => {}
            None => near.extend(seen[place].id),
        }
    }
    if let Some((_, named)) = side {
        near.extend(suggester.vocabulary.get(named));
    }
    Near { ids: near, sided: side.is_some() }
}

/// From the target of a phrase to a reportable code.
fn reach(
    suggester: &Suggester,
    target: &str,
    said: &[WordId],
    near: &[WordId],
) -> Option<(usize, usize)> {
    let tree = &suggester.tree;
    let is_near = |word: WordId| near.contains(&word);
    let reached = tree.walk(target, said, &is_near)?;
    let node = tree.node(reached.node);
    let fixed = node.code == target;
    let open = tree.find(target).is_some_and(|node| tree.is_unspecified(node));
    if open && target.len() > 3 {
        // An unspecified code: a sibling may say what the note says.
        let parent = &target[..target.len() - 1];
        if let Some(finer) = tree.walk(parent, said, &is_near)
            && finer.missing == 0
            && finer.found > 0
        {
            return Some((finer.node, 0));
        }
    }
    Some((reached.node, if fixed { 0 } else { reached.missing }))
}
