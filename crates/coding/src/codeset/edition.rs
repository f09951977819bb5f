//! One edition of a code set: its entries as a tree, with seventh characters expanded.

use jiff::civil::Date;

use super::code::{Code, System};
use super::notes::NoteKind;
use super::source::{EntryKind, Line, PackError, read_line};

/// The place of a node in its edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// The position in the publisher's order, from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

const NOWHERE: u32 = u32::MAX;

/// A slice of the edition's text.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: u32,
    length: u32,
}

#[derive(Debug)]
struct Stored {
    code: Span,
    title: Span,
    parent: u32,
    /// The first node after everything below this one.
    after: u32,
    first_note: u32,
    note_count: u16,
    kind: EntryKind,
    reportable: bool,
}

/// One edition of a code set. All its text lies in one string.
#[derive(Debug)]
pub struct Edition {
    /// Whose codes these are.
    pub system: System,
    /// What the publisher calls it: "FY2026, April 2026 update".
    pub name: String,
    /// The first date on which it is in force.
    pub from: Date,
    /// The last date on which it is in force.
    pub to: Date,
    /// The edition whose chapters and notes stand here, where the publisher's file has none.
    pub notes_of: Option<String>,
    text: String,
    nodes: Vec<Stored>,
    notes: Vec<(NoteKind, Span)>,
    by_code: Vec<(Code, u32)>,
}

/// One chapter, block, category or code.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    edition: &'a Edition,
    /// Its place.
    pub id: NodeId,
}

impl Edition {
    /// Builds the tree from packed text (see [`super::source`]).
    ///
    /// # Errors
    /// The first line that is neither an entry nor a note.
    pub fn from_text(
        system: System,
        name: &str,
        dates: (Date, Date),
        packed: &str,
    ) -> Result<Self, PackError> {
        let mut building = Building::default();
        building.text.reserve(packed.len() * 2);
        for (index, line) in packed.lines().enumerate() {
            building.line(line).ok_or(PackError::Line { line: index + 1 })?;
        }
        building.close_to(0);
        let Building { text, nodes, notes, .. } = building;
        let mut edition = Self {
            system,
            name: name.to_owned(),
            from: dates.0,
            to: dates.1,
            notes_of: None,
            text,
            nodes,
            notes,
            by_code: Vec::new(),
        };
        edition.by_code = edition.index_codes();
        // An edition is kept as long as the program runs.
        edition.text.shrink_to_fit();
        edition.nodes.shrink_to_fit();
        edition.notes.shrink_to_fit();
        edition.by_code.shrink_to_fit();
        Ok(edition)
    }

    fn index_codes(&self) -> Vec<(Code, u32)> {
        let mut index: Vec<(Code, u32)> = self
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.kind == EntryKind::Code)
            .filter_map(|(id, node)| Some((Code::parse(self.slice(node.code))?, id as u32)))
            .collect();
        index.sort_unstable();
        index
    }

    fn slice(&self, span: Span) -> &str {
        &self.text[span.start as usize..(span.start + span.length) as usize]
    }

    /// The node of a code or category, with or without its dot. Chapters and blocks are found by
    /// walking [`Edition::nodes`]: five blocks share their name with a code.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<Node<'_>> {
        let code = Code::parse(code)?;
        let place = self.by_code.binary_search_by(|(known, _)| known.cmp(&code)).ok()?;
        Some(self.node(NodeId(self.by_code[place].1)))
    }

    /// The node at a place that this edition gave out.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node { edition: self, id }
    }

    /// The node at a position in the publisher's order, from 0.
    #[must_use]
    pub fn nth(&self, index: usize) -> Option<Node<'_>> {
        (index < self.nodes.len()).then(|| self.node(NodeId(index as u32)))
    }

    /// Every node in the publisher's order.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..self.nodes.len() as u32).map(|id| self.node(NodeId(id)))
    }

    /// Every code that can be reported, in the publisher's order.
    pub fn reportable(&self) -> impl Iterator<Item = Node<'_>> {
        self.nodes().filter(Node::is_reportable)
    }

    /// Every code and category whose code starts with `prefix`, sorted by code.
    pub fn starting_with<'a>(&'a self, prefix: &str) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let first = Code::parse(prefix);
        let start = first.map_or(0, |code| self.by_code.partition_point(|(c, _)| *c < code));
        let prefix = first.map_or_else(String::new, |code| code.as_str().to_owned());
        self.by_code[start..]
            .iter()
            .take_while(move |(code, _)| code.as_str().starts_with(&prefix))
            .map(|(_, id)| self.node(NodeId(*id)))
    }

    /// How many nodes the edition holds, chapters and categories included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the edition holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Whether the edition is in force on `date`.
    #[must_use]
    pub fn covers(&self, date: Date) -> bool {
        self.from <= date && date <= self.to
    }
}

impl<'a> Node<'a> {
    fn stored(&self) -> &'a Stored {
        &self.edition.nodes[self.id.index()]
    }

    /// The system of the edition.
    #[must_use]
    pub fn system(&self) -> System {
        self.edition.system
    }

    /// The code without a dot, or the name of the chapter (`1`) or block (`A00-A09`).
    #[must_use]
    pub fn code(&self) -> &'a str {
        self.edition.slice(self.stored().code)
    }

    /// The whole title, the meaning of the seventh character included.
    #[must_use]
    pub fn title(&self) -> &'a str {
        self.edition.slice(self.stored().title)
    }

    /// Chapter, block or code.
    #[must_use]
    pub fn kind(&self) -> EntryKind {
        self.stored().kind
    }

    /// Whether it is a leaf: only leaves can be reported.
    #[must_use]
    pub fn is_reportable(&self) -> bool {
        self.stored().reportable
    }

    /// The node above.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let parent = self.stored().parent;
        (parent != NOWHERE).then(|| self.edition.node(NodeId(parent)))
    }

    /// The nodes above, the nearest first, the chapter last.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> + use<'a> {
        std::iter::successors(self.parent(), Self::parent)
    }

    /// The nodes directly below.
    pub fn children(&self) -> impl Iterator<Item = Self> + use<'a> {
        let (edition, after) = (self.edition, self.stored().after);
        let first = self.id.0 + 1;
        std::iter::successors((first < after).then_some(first), move |id| {
            let next = edition.nodes[*id as usize].after;
            (next < after).then_some(next)
        })
        .map(move |id| edition.node(NodeId(id)))
    }

    /// Every node below, in the publisher's order.
    pub fn descendants(&self) -> impl Iterator<Item = Self> + use<'a> {
        let edition = self.edition;
        (self.id.0 + 1..self.stored().after).map(move |id| edition.node(NodeId(id)))
    }

    /// Every code below that can be reported, or the code itself when it is a leaf.
    pub fn leaves(&self) -> impl Iterator<Item = Self> + use<'a> {
        let edition = self.edition;
        (self.id.0..self.stored().after)
            .map(move |id| edition.node(NodeId(id)))
            .filter(Self::is_reportable)
    }

    /// Notes that stand at this very node.
    pub fn notes(&self) -> impl Iterator<Item = (NoteKind, &'a str)> + use<'a> {
        let (edition, stored) = (self.edition, self.stored());
        let first = stored.first_note as usize;
        edition.notes[first..first + usize::from(stored.note_count)]
            .iter()
            .map(|(kind, span)| (*kind, edition.slice(*span)))
    }

    /// Terms that this very code holds.
    pub fn inclusion_terms(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.notes().filter(|(kind, _)| *kind == NoteKind::Inclusion).map(|(_, text)| text)
    }

    /// Every note that bears on this node: its own and those of the nodes above, with the node
    /// where each stands. Inclusion terms of nodes above are left out: they are theirs alone.
    pub fn notes_with_inherited(&self) -> impl Iterator<Item = (Self, NoteKind, &'a str)> {
        let own = self.id;
        std::iter::successors(Some(*self), Self::parent).flat_map(move |node| {
            node.notes()
                .filter(move |(kind, _)| *kind != NoteKind::Inclusion || node.id == own)
                .map(move |(kind, text)| (node, kind, text))
        })
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.code(), self.title())
    }
}

/// An edition while its lines are read.
#[derive(Default)]
struct Building {
    text: String,
    nodes: Vec<Stored>,
    notes: Vec<(NoteKind, Span)>,
    /// The open nodes from the top down, with their depth and seventh characters.
    open: Vec<Open>,
}

struct Open {
    depth: u8,
    id: u32,
    seventh: Vec<(char, String)>,
    /// Seventh characters that a note takes away, by sixth character.
    withheld: Option<(String, String)>,
}

impl Building {
    fn push(&mut self, text: &str) -> Span {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        Span { start, length: text.len() as u32 }
    }

    fn line(&mut self, line: &str) -> Option<()> {
        match read_line(line)? {
            Line::Entry { kind, depth, code, title } => {
                self.close_to(depth);
                let parent = self.open.last().map_or(NOWHERE, |open| open.id);
                let (code, title) = (self.push(code), self.push(title));
                let id = self.add(kind, code, title, parent);
                self.open.push(Open { depth, id, seventh: Vec::new(), withheld: None });
            }
            Line::Note(kind, text) => {
                let span = self.push(text);
                self.notes.push((kind, span));
                let open = self.open.last_mut()?;
                self.nodes[open.id as usize].note_count += 1;
                open.withheld = open.withheld.take().or_else(|| withheld_by(text));
            }
            Line::Seventh(character, meaning) => {
                self.open.last_mut()?.seventh.push((character, meaning.to_owned()));
            }
        }
        Some(())
    }

    fn add(&mut self, kind: EntryKind, code: Span, title: Span, parent: u32) -> u32 {
        let id = self.nodes.len() as u32;
        self.nodes.push(Stored {
            code,
            title,
            parent,
            after: id + 1,
            first_note: self.notes.len() as u32,
            note_count: 0,
            kind,
            reportable: false,
        });
        id
    }

    /// Closes every open node at `depth` or deeper: a leaf gets its seventh characters.
    fn close_to(&mut self, depth: u8) {
        while self.open.last().is_some_and(|open| open.depth >= depth) {
            let id = self.open.last().expect("just seen").id;
            let is_leaf = id as usize + 1 == self.nodes.len();
            if is_leaf && self.nodes[id as usize].kind == EntryKind::Code {
                self.expand(id);
            }
            self.nodes[id as usize].after = self.nodes.len() as u32;
            self.open.pop();
        }
    }

    /// Adds a code for each seventh character, with X in the empty places before it
    /// (guidelines I.A.4 and I.A.5).
    fn expand(&mut self, id: u32) {
        let leaf = &self.nodes[id as usize];
        let (code, title) = (self.owned(leaf.code), self.owned(leaf.title));
        let seventh = self.open.iter().rev().find(|open| !open.seventh.is_empty());
        let Some(seventh) = seventh.filter(|_| code.len() < 7) else {
            self.nodes[id as usize].reportable = true;
            return;
        };
        let withheld = self.open.iter().find_map(|open| open.withheld.clone());
        for (character, meaning) in seventh.seventh.clone() {
            if is_withheld(withheld.as_ref(), &code, character) {
                continue;
            }
            let code = self.push(&format!("{code:X<6}{character}"));
            let title = self.push(&format!("{title}, {meaning}"));
            let added = self.add(EntryKind::Code, code, title, id);
            self.nodes[added as usize].reportable = true;
        }
    }

    fn owned(&self, span: Span) -> String {
        self.text[span.start as usize..(span.start + span.length) as usize].to_owned()
    }
}

/// Reads "7th characters D and S do not apply to codes in category S06 with 6th character 7 -
/// … or 8 - …" as (seventh characters, sixth characters).
fn withheld_by(note: &str) -> Option<(String, String)> {
    let rest = note.strip_prefix("7th characters ")?;
    let (seventh, rest) = rest.split_once(" do not apply to codes in category ")?;
    let (_, sixth) = rest.split_once(" with 6th character ")?;
    let single = |text: &str| -> String {
        text.split_whitespace().filter(|w| w.len() == 1 && *w != "-").collect()
    };
    Some((single(seventh), single(sixth)))
}

fn is_withheld(withheld: Option<&(String, String)>, code: &str, character: char) -> bool {
    withheld.is_some_and(|(seventh, sixth)| {
        seventh.contains(character) && code.chars().nth(5).is_some_and(|c| sixth.contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TEXT: &str = "0c\t19\tInjury\n\
        X\tbirth trauma (P10-P15)\n\
        1b\tS00-S09\tInjuries to the head\n\
        2\tS06\tIntracranial injury\n\
        n\t7th characters D and S do not apply to codes in category S06 with 6th character 7 - \
        death or 8 - death.\n\
        7\tA\tinitial encounter\n7\tD\tsubsequent encounter\n7\tS\tsequela\n\
        3\tS060\tConcussion\n\
        i\tCommotio cerebri\n\
        4\tS060X\tConcussion\n\
        5\tS060X0\tConcussion without loss of consciousness\n\
        5\tS060X7\tConcussion with death\n\
        3\tS069\tUnspecified injury\n\
        1b\tB20\tHIV\n\
        2\tB20\tHIV disease\n";

    fn edition() -> Edition {
        let dates = (date(2025, 10, 1), date(2026, 9, 30));
        Edition::from_text(System::Icd10Cm, "test", dates, TEXT).unwrap()
    }

    #[test]
    fn seventh_characters_are_expanded_with_fillers() {
        let edition = edition();
        let leaves: Vec<&str> = edition.reportable().map(|node| node.code()).collect();
        let expected = "S060X0A S060X0D S060X0S S060X7A S069XXA S069XXD S069XXS B20";
        assert_eq!(leaves.join(" "), expected);
        let title = edition.find("S06.9XXD").unwrap().title();
        assert_eq!(title, "Unspecified injury, subsequent encounter");
    }

    #[test]
    fn tree_and_notes_are_walked() {
        let edition = edition();
        let node = edition.find("S060X0A").unwrap();
        let above: Vec<&str> = node.ancestors().map(|n| n.code()).collect();
        assert_eq!(above, ["S060X0", "S060X", "S060", "S06", "S00-S09", "19"]);
        let notes: Vec<(&str, NoteKind)> =
            node.notes_with_inherited().map(|(at, kind, _)| (at.code(), kind)).collect();
        assert_eq!(notes, [("S06", NoteKind::Note), ("19", NoteKind::Excludes2)]);
        let below: Vec<&str> = edition.find("S06").unwrap().children().map(|n| n.code()).collect();
        assert_eq!(below, ["S060", "S069"]);
        assert_eq!(edition.find("S060").unwrap().leaves().count(), 4);
        let block = edition.find("B20").unwrap();
        assert!(block.is_reportable());
        assert_eq!(edition.starting_with("S069").count(), 4);
    }

    #[test]
    fn broken_line_is_named() {
        let dates = (date(2025, 10, 1), date(2026, 9, 30));
        let result = Edition::from_text(System::Icd10Cm, "test", dates, "0c\t1\tx\nbroken\n");
        assert_eq!(result.unwrap_err(), PackError::Line { line: 2 });
    }
}
