//! The rules and the site's terms of completion: the one place from which the desk takes them.

use crate::Error;
use integrity::clock::{notice_level, plus_days};
use integrity::{CompletionRule, NoticeLevel, NoticeRule};
use jiff::tz::TimeZone;
use record::Instant;
use store::View;

/// The completion rules with the dates on which each holds: the site's rows over the shipped
/// ones. [`integrity::completion::missing`] takes those that hold on the day of the event.
pub(super) fn rules(view: &mut View<'_>) -> Result<Vec<CompletionRule>, Error> {
    crate::rules::completion_rules_all(view)
}

/// When which notice begins, and in which time zone days are counted.
#[derive(Clone, Debug)]
pub struct Terms {
    /// When a level of notice begins, relative to the due date.
    pub notices: Vec<NoticeRule>,
    /// The facility's time zone.
    pub zone: TimeZone,
}

/// The site's terms.
pub(super) fn terms(view: &mut View<'_>) -> Result<Terms, Error> {
    let zone = crate::entry::zone_in(view)?;
    let today = view.context().at.date_in(&zone);
    Ok(Terms { notices: crate::rules::notice_rules(view, today)?, zone })
}

impl Terms {
    /// What is due before this instant has reached the level by now.
    pub fn due_before(&self, level: NoticeLevel, now: Instant) -> Instant {
        let rule = self.notices.iter().find(|rule| rule.level == level);
        plus_days(now, -rule.map_or(0, |rule| rule.days_after_due), &self.zone)
    }

    /// The level of notice of something due then.
    pub fn notice(&self, due: Option<Instant>, now: Instant) -> NoticeLevel {
        due.map_or(NoticeLevel::None, |due| notice_level(due, now, &self.notices, &self.zone))
    }

    /// When something due then becomes delinquent.
    pub fn delinquent_at(&self, due: Instant) -> Instant {
        let rule = self.notices.iter().find(|rule| rule.level == NoticeLevel::Delinquent);
        plus_days(due, rule.map_or(0, |rule| rule.days_after_due), &self.zone)
    }
}
