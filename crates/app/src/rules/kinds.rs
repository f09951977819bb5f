//! Each kind of rule: what ships, what heads it, what may be wrong with it.

use super::setting::{EVER, Setting, SettingRule};
use integrity::{CompletionRule, QueueTerms, RetentionClass, retention};
use jiff::civil::Date;
use record::Citation;
use record::effective::{Fault, Term};
use release::FEDERAL;
use release::basis::Checklist;
use release::clock::ClockRule;
use release::fee::Schedule;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::rule::RuleKind;

/// What every rule has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Name within its kind, shared by its versions.
    pub name: String,
    /// Version.
    pub version: i64,
    /// `US`, or a state.
    pub jurisdiction: String,
    /// Where it stands.
    pub citation: String,
    /// When it holds.
    pub term: Term,
}

/// A kind of rule.
pub trait Rule: Clone + Serialize + DeserializeOwned {
    /// The kind's name in the store.
    const KIND: RuleKind;
    /// Every shipped version.
    fn shipped() -> Vec<Self>;
    /// What heads it.
    fn head(&self) -> Head;
    /// The same rule under another head.
    fn with_head(self, head: &Head) -> Self;
    /// What is wrong with it, where a person entered it.
    fn faults(&self) -> Vec<Fault>;
}

fn head(
    name: &str,
    version: i64,
    jurisdiction: &str,
    citation: &str,
    from: Date,
    until: Option<Date>,
) -> Head {
    Head {
        name: name.to_owned(),
        version,
        jurisdiction: jurisdiction.to_owned(),
        citation: citation.to_owned(),
        term: Term { from, until },
    }
}

fn small(version: i64) -> u32 {
    u32::try_from(version).unwrap_or(u32::MAX)
}

impl Rule for Checklist {
    const KIND: RuleKind = RuleKind::Checklist;

    fn shipped() -> Vec<Checklist> {
        release::basis::built_in()
    }

    fn head(&self) -> Head {
        let citation = &self.citation.text;
        head(&self.id, self.version.into(), &self.jurisdiction, citation, self.from, self.to)
    }

    fn with_head(self, head: &Head) -> Checklist {
        Checklist {
            id: head.name.clone(),
            version: small(head.version),
            jurisdiction: head.jurisdiction.clone(),
            citation: Citation::new(&head.citation),
            from: head.term.from,
            to: head.term.until,
            ..self
        }
    }

    fn faults(&self) -> Vec<Fault> {
        Checklist::faults(self)
    }
}

impl Rule for ClockRule {
    const KIND: RuleKind = RuleKind::Clock;

    fn shipped() -> Vec<ClockRule> {
        release::clock::built_in()
    }

    fn head(&self) -> Head {
        let citation = &self.citation.text;
        head(&self.id, self.version.into(), &self.jurisdiction, citation, self.from, self.to)
    }

    fn with_head(self, head: &Head) -> ClockRule {
        ClockRule {
            id: head.name.clone(),
            version: small(head.version),
            jurisdiction: head.jurisdiction.clone(),
            citation: Citation::new(&head.citation),
            from: head.term.from,
            to: head.term.until,
            ..self
        }
    }

    fn faults(&self) -> Vec<Fault> {
        ClockRule::faults(self)
    }
}

impl Rule for Schedule {
    const KIND: RuleKind = RuleKind::FeeSchedule;

    fn shipped() -> Vec<Schedule> {
        Vec::new()
    }

    fn head(&self) -> Head {
        let citation = &self.citation.text;
        head(&self.id, self.version.into(), &self.jurisdiction, citation, self.from, self.to)
    }

    fn with_head(self, head: &Head) -> Schedule {
        Schedule {
            id: head.name.clone(),
            version: small(head.version),
            jurisdiction: head.jurisdiction.clone(),
            citation: Citation::new(&head.citation),
            from: head.term.from,
            to: head.term.until,
            ..self
        }
    }

    fn faults(&self) -> Vec<Fault> {
        Schedule::faults(self)
    }
}

impl Rule for RetentionClass {
    const KIND: RuleKind = RuleKind::Retention;

    fn shipped() -> Vec<RetentionClass> {
        retention::shipped()
    }

    fn head(&self) -> Head {
        let (citation, term) = (&self.citation.text, self.term);
        head(&self.id, self.version.into(), &self.jurisdiction, citation, term.from, term.until)
    }

    fn with_head(self, head: &Head) -> RetentionClass {
        RetentionClass {
            id: head.name.clone(),
            version: small(head.version),
            jurisdiction: head.jurisdiction.clone(),
            citation: Citation::new(&head.citation),
            term: head.term,
            ..self
        }
    }

    fn faults(&self) -> Vec<Fault> {
        RetentionClass::faults(self)
    }
}

impl Rule for CompletionRule {
    const KIND: RuleKind = RuleKind::Completion;

    fn shipped() -> Vec<CompletionRule> {
        integrity::completion_rules()
    }

    fn head(&self) -> Head {
        let version = self.version.parse().unwrap_or(1);
        head(&self.id, version, FEDERAL, &self.citation.text, self.from, self.until)
    }

    fn with_head(self, head: &Head) -> CompletionRule {
        CompletionRule {
            id: head.name.clone(),
            version: head.version.to_string(),
            citation: Citation::new(&head.citation),
            from: head.term.from,
            until: head.term.until,
            ..self
        }
    }

    fn faults(&self) -> Vec<Fault> {
        CompletionRule::faults(self)
    }
}

/// The one rule of the order of work.
pub const QUEUE_NAME: &str = "my-work";

/// The terms of the order of My work from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct QueueRule {
    /// Name.
    pub id: String,
    /// Version.
    pub version: i64,
    /// The terms.
    pub terms: QueueTerms,
    /// Whose decision.
    pub citation: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Option<Date>,
}

impl Rule for QueueRule {
    const KIND: RuleKind = RuleKind::Queue;

    fn shipped() -> Vec<QueueRule> {
        vec![QueueRule {
            id: QUEUE_NAME.to_owned(),
            version: 1,
            terms: QueueTerms::shipped(),
            citation: "House rule".to_owned(),
            from: EVER,
            until: None,
        }]
    }

    fn head(&self) -> Head {
        head(&self.id, self.version, FEDERAL, &self.citation, self.from, self.until)
    }

    fn with_head(self, head: &Head) -> QueueRule {
        QueueRule {
            id: head.name.clone(),
            version: head.version,
            citation: head.citation.clone(),
            from: head.term.from,
            until: head.term.until,
            ..self
        }
    }

    fn faults(&self) -> Vec<Fault> {
        self.terms.faults()
    }
}

impl Rule for SettingRule {
    const KIND: RuleKind = RuleKind::Setting;

    fn shipped() -> Vec<SettingRule> {
        let rule = |setting: Setting| SettingRule {
            id: setting.as_str().to_owned(),
            version: 1,
            value: setting.shipped(),
            citation: setting.citation().to_owned(),
            from: EVER,
            until: None,
        };
        Setting::ALL.into_iter().map(rule).collect()
    }

    fn head(&self) -> Head {
        head(&self.id, self.version, FEDERAL, &self.citation, self.from, self.until)
    }

    fn with_head(self, head: &Head) -> SettingRule {
        SettingRule {
            id: head.name.clone(),
            version: head.version,
            citation: head.citation.clone(),
            from: head.term.from,
            until: head.term.until,
            ..self
        }
    }

    fn faults(&self) -> Vec<Fault> {
        SettingRule::faults(self)
    }
}
