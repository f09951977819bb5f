//! Merge and unmerge as events over keys.
//!
//! ```text
//!   a    b    c          three records
//!   a -> b    c          merge a into b:   resolve(a) = b, members(b) = a, b
//!   a -> b -> c          merge b into c:   resolve(a) = c, members(c) = a, b, c
//!   a    b -> c          unmerge a -> b:   resolve(a) = a, members(c) = b, c
//! ```
//!
//! A merge writes a link and touches no record: every document keeps the key under which it was
//! filed, so that ending the link gives back both sides whole, with what was filed on either side
//! in between. Links are never deleted: an unmerge ends one.

use record::{Actor, Instant, PatientKey};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// Key of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LinkId(pub i64);

/// Who did something, when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Instant,
    /// Why, in their words. Never empty.
    pub reason: String,
}

/// A link from a record that was merged to the one that survives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The link's key.
    pub id: LinkId,
    /// The record that now is found under the survivor.
    pub retired: PatientKey,
    /// The record that it was merged into.
    pub survivor: PatientKey,
    /// Who merged them, when and why.
    pub merged: Act,
    /// Who ended the link, when and why.
    pub ended: Option<Act>,
}

/// What happened to the links, in order: the store keeps these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum LinkEvent {
    /// A record was merged into another.
    Merged {
        /// The new link.
        id: LinkId,
        /// The record merged.
        retired: PatientKey,
        /// The record it was merged into.
        survivor: PatientKey,
        /// Who, when, why.
        act: Act,
    },
    /// A link was ended.
    Unmerged {
        /// The link.
        id: LinkId,
        /// Who, when, why.
        act: Act,
    },
}

/// Why a merge or an unmerge can't be done.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkRefusal {
    /// One record twice.
    #[error("A record can't be merged with itself. Choose two records.")]
    SameRecord,
    /// The record is already merged.
    #[error("This record was merged before. Unmerge it first, or merge the record it went into.")]
    AlreadyMerged {
        /// The link that stands.
        link: LinkId,
    },
    /// The record to survive was itself merged.
    #[error("The record to keep was merged into another. Merge into that one instead.")]
    SurvivorMerged {
        /// The record that survives today.
        into: PatientKey,
    },
    /// Links would go round.
    #[error("These two records are already one. There is nothing to merge.")]
    AlreadyOne,
    /// The link's key was used before.
    #[error("This link was written before. Reload the page and look at the record's history.")]
    LinkExists {
        /// The key.
        link: LinkId,
    },
    /// There is no such link.
    #[error("There is no such merge. Reload the page and look at the record's history.")]
    NoSuchLink {
        /// The key asked for.
        link: LinkId,
    },
    /// The link was ended before.
    #[error("This merge was undone before. There is nothing to undo.")]
    AlreadyEnded {
        /// The link.
        link: LinkId,
    },
    /// No reason was given.
    #[error("Write why. A merge and its undoing are kept with their reason.")]
    NoReason,
}

/// All links, and what they make of each key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    links: BTreeMap<LinkId, Link>,
    /// The link that stands for each retired key.
    standing: BTreeMap<PatientKey, LinkId>,
}

impl Links {
    /// Replays events in their order.
    ///
    /// # Errors
    /// The first event that could not have happened, with its refusal.
    pub fn replay(
        events: impl IntoIterator<Item = LinkEvent>,
    ) -> Result<Links, (LinkEvent, LinkRefusal)> {
        let mut links = Links::default();
        for event in events {
            links.apply(&event).map_err(|refusal| (event, refusal))?;
        }
        Ok(links)
    }

    /// Builds the structure from stored links; those that stand are taken as they are.
    pub fn from_links(stored: impl IntoIterator<Item = Link>) -> Links {
        let mut links = Links::default();
        for link in stored {
            if link.ended.is_none() {
                links.standing.insert(link.retired, link.id);
            }
            links.links.insert(link.id, link);
        }
        links
    }

    /// Applies one event.
    ///
    /// # Errors
    /// Why it can't be applied. Nothing has changed then.
    pub fn apply(&mut self, event: &LinkEvent) -> Result<(), LinkRefusal> {
        match event {
            LinkEvent::Merged { id, retired, survivor, act } => {
                self.merge(*id, *retired, *survivor, act.clone())
            }
            LinkEvent::Unmerged { id, act } => self.unmerge(*id, act.clone()),
        }
    }

    /// Merges `retired` into `survivor`.
    ///
    /// # Errors
    /// The first rule that forbids it.
    pub fn merge(
        &mut self,
        id: LinkId,
        retired: PatientKey,
        survivor: PatientKey,
        merged: Act,
    ) -> Result<(), LinkRefusal> {
        self.may_merge(retired, survivor, &merged.reason)?;
        if self.links.contains_key(&id) {
            return Err(LinkRefusal::LinkExists { link: id });
        }
        self.links.insert(id, Link { id, retired, survivor, merged, ended: None });
        self.standing.insert(retired, id);
        Ok(())
    }

    /// Whether a merge may be done.
    ///
    /// # Errors
    /// The first rule that forbids it.
    pub fn may_merge(
        &self,
        retired: PatientKey,
        survivor: PatientKey,
        reason: &str,
    ) -> Result<(), LinkRefusal> {
        if retired == survivor {
            return Err(LinkRefusal::SameRecord);
        }
        if self.resolve(retired) == self.resolve(survivor) {
            return Err(LinkRefusal::AlreadyOne);
        }
        if let Some(link) = self.standing.get(&retired) {
            return Err(LinkRefusal::AlreadyMerged { link: *link });
        }
        let into = self.resolve(survivor);
        if into != survivor {
            return Err(LinkRefusal::SurvivorMerged { into });
        }
        if reason.trim().is_empty() { Err(LinkRefusal::NoReason) } else { Ok(()) }
    }

    /// Ends a link.
    ///
    /// # Errors
    /// The first rule that forbids it.
    pub fn unmerge(&mut self, id: LinkId, ended: Act) -> Result<(), LinkRefusal> {
        if ended.reason.trim().is_empty() {
            return Err(LinkRefusal::NoReason);
        }
        let link = self.links.get_mut(&id).ok_or(LinkRefusal::NoSuchLink { link: id })?;
        if link.ended.is_some() {
            return Err(LinkRefusal::AlreadyEnded { link: id });
        }
        link.ended = Some(ended);
        self.standing.remove(&link.retired);
        Ok(())
    }

    /// The record under which this key is found today: itself where nothing was merged.
    pub fn resolve(&self, key: PatientKey) -> PatientKey {
        let mut at = key;
        // No chain is longer than the links that stand, whatever was stored.
        for _ in 0..self.standing.len() {
            match self.standing.get(&at).and_then(|id| self.links.get(id)) {
                Some(link) => at = link.survivor,
                None => break,
            }
        }
        at
    }

    /// Every key found under the same survivor as this one, itself among them, in order.
    pub fn members(&self, key: PatientKey) -> Vec<PatientKey> {
        let survivor = self.resolve(key);
        let retired = self.standing.keys().copied();
        let mut members: BTreeSet<PatientKey> =
            retired.filter(|one| self.resolve(*one) == survivor).collect();
        members.insert(survivor);
        members.into_iter().collect()
    }

    /// The link that stands for a retired key.
    pub fn standing_link(&self, retired: PatientKey) -> Option<&Link> {
        self.standing.get(&retired).and_then(|id| self.links.get(id))
    }

    /// Every link that ever was, in the order of keys.
    pub fn history(&self) -> impl Iterator<Item = &Link> {
        self.links.values()
    }

    /// The links that stand, by retired key: what resolving depends on, and nothing else.
    pub fn standing(&self) -> BTreeMap<PatientKey, PatientKey> {
        let links = self.standing.values().filter_map(|id| self.links.get(id));
        links.map(|link| (link.retired, link.survivor)).collect()
    }
}

#[cfg(test)]
#[path = "link_tests.rs"]
mod tests;
