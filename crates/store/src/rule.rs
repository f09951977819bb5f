//! Rules as data: what the site sets beside the shipped law, by the day from which it holds.
//!
//! Rows are only ever added. A new row supersedes from its first day.

use crate::{Error, Row, Transaction, View};
use jiff::civil::Date;
use record::Instant;
use record::effective::{Effect, Term};

/// What kind of rule it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleKind {
    /// The checklist of a legal basis for release.
    Checklist,
    /// A clock of release: how many days there are.
    Clock,
    /// A schedule of fees for copies.
    FeeSchedule,
    /// A retention class.
    Retention,
    /// A document that a chart must hold.
    Completion,
    /// The terms of the order of My work.
    Queue,
    /// A setting with one number.
    Setting,
}

impl RuleKind {
    /// Every kind, in the order in which pages list them.
    pub const ALL: [RuleKind; 7] = [
        RuleKind::Checklist,
        RuleKind::Clock,
        RuleKind::FeeSchedule,
        RuleKind::Retention,
        RuleKind::Completion,
        RuleKind::Queue,
        RuleKind::Setting,
    ];

    /// The word that the store uses.
    pub fn as_str(self) -> &'static str {
        match self {
            RuleKind::Checklist => "checklist",
            RuleKind::Clock => "clock",
            RuleKind::FeeSchedule => "fee-schedule",
            RuleKind::Retention => "retention",
            RuleKind::Completion => "completion",
            RuleKind::Queue => "queue",
            RuleKind::Setting => "setting",
        }
    }

    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            RuleKind::Checklist => "Legal bases",
            RuleKind::Clock => "Due dates",
            RuleKind::FeeSchedule => "Fees",
            RuleKind::Retention => "Retention classes",
            RuleKind::Completion => "Completion rules",
            RuleKind::Queue => "Order of work",
            RuleKind::Setting => "Settings",
        }
    }

    /// Reads the stored word back.
    pub fn parse(text: &str) -> Option<RuleKind> {
        RuleKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A row of the site for one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRow {
    /// Key.
    pub id: i64,
    /// What kind of rule.
    pub kind: RuleKind,
    /// The rule's name within its kind: `us-access`.
    pub name: String,
    /// Counted on from the shipped versions of this rule.
    pub version: i64,
    /// `US`, or a state as `US-CA`.
    pub jurisdiction: String,
    /// Where it stands.
    pub citation: String,
    /// From which day to which it holds.
    pub term: Term,
    /// What it does.
    pub effect: Effect,
    /// The rule as JSON, where the effect sets one.
    pub content: Option<String>,
    /// Why it was entered.
    pub reason: String,
    /// When.
    pub entered_at: Instant,
    /// By whom.
    pub entered_by: String,
}

/// A row about to be added.
#[derive(Clone, Debug)]
pub struct NewRule<'a> {
    /// What kind of rule.
    pub kind: RuleKind,
    /// The rule's name within its kind.
    pub name: &'a str,
    /// Its version, unused so far for this rule.
    pub version: i64,
    /// `US`, or a state.
    pub jurisdiction: &'a str,
    /// Where it stands.
    pub citation: &'a str,
    /// From which day to which it holds.
    pub term: Term,
    /// What it does.
    pub effect: Effect,
    /// The rule as JSON, where the effect sets one.
    pub content: Option<&'a str>,
    /// Why it is entered.
    pub reason: &'a str,
}

const COLUMNS: &str = "rule, kind, name, version, jurisdiction, citation, from_date, until_date, \
     effect, content, reason, entered_at, entered_by";

fn day(text: &str) -> Result<Date, Error> {
    text.parse().map_err(|_| Error::Corrupt(format!("a rule holds the day {text}")))
}

fn rule_of(row: &Row) -> Result<RuleRow, Error> {
    let unknown = |what: &str| Error::Corrupt(format!("a rule has the unknown {what}"));
    Ok(RuleRow {
        id: row.integer(0)?,
        kind: RuleKind::parse(row.text(1)?).ok_or_else(|| unknown("kind"))?,
        name: row.text(2)?.to_owned(),
        version: row.integer(3)?,
        jurisdiction: row.text(4)?.to_owned(),
        citation: row.text(5)?.to_owned(),
        term: Term { from: day(row.text(6)?)?, until: row.text_or_none(7)?.map(day).transpose()? },
        effect: Effect::parse(row.text(8)?).ok_or_else(|| unknown("effect"))?,
        content: row.text_or_none(9)?.map(str::to_owned),
        reason: row.text(10)?.to_owned(),
        entered_at: Instant(row.integer(11)?),
        entered_by: row.text(12)?.to_owned(),
    })
}

impl View<'_> {
    /// Every row of one kind, in order of entry.
    pub fn rule_list(&mut self, kind: RuleKind) -> Result<Vec<RuleRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM rule WHERE kind = $1 ORDER BY rule");
        self.query(&sql, &[kind.as_str().into()])?.iter().map(rule_of).collect()
    }
}

impl Transaction<'_> {
    /// Adds a row; returns its key.
    ///
    /// # Errors
    /// [`Error::Conflict`] when this version was entered meanwhile.
    pub fn rule_append(&mut self, new: &NewRule<'_>) -> Result<i64, Error> {
        let sql = "SELECT rule FROM rule WHERE kind = $1 AND name = $2 AND version = $3";
        let key = [new.kind.as_str().into(), new.name.into(), new.version.into()];
        if self.query_one(sql, &key)?.is_some() {
            let text = "Somebody has changed this rule meanwhile. Look at it again.";
            return Err(Error::Conflict(text.to_owned()));
        }
        let id = self.new_id();
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "rule",
            &[
                ("rule", id.into()),
                ("kind", new.kind.as_str().into()),
                ("name", new.name.into()),
                ("version", new.version.into()),
                ("jurisdiction", new.jurisdiction.into()),
                ("citation", new.citation.into()),
                ("from_date", new.term.from.to_string().into()),
                ("until_date", new.term.until.map(|day| day.to_string()).into()),
                ("effect", new.effect.as_str().into()),
                ("content", new.content.map(str::to_owned).into()),
                ("reason", new.reason.into()),
                ("entered_at", at.into()),
                ("entered_by", actor.into()),
            ],
        )?;
        Ok(id)
    }
}
