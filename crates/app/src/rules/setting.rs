//! Settings of the organization with one number each.

use jiff::civil::{Date, date};
use record::effective::Fault;
use serde::{Deserialize, Serialize};

/// A setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Setting {
    /// Days after the last day of an encounter within which codes are due.
    BillHoldDays,
    /// How far back encounters are queued for coding.
    CodingLookBackDays,
    /// Days before the due date at which a provider is reminded.
    NoticeReminderDaysBefore,
    /// Days before the due date at which a provider is warned.
    NoticeWarningDaysBefore,
    /// Days after the due date at which a chart is told to be delinquent.
    NoticeDelinquentDaysAfter,
    /// Days after the due date at which privileges are suspended.
    NoticeSuspensionDaysAfter,
    /// Days ahead at which a credential is said to expire.
    CredentialExpiryDays,
    /// The month with which the fiscal year of reports begins.
    FiscalYearMonth,
}

impl Setting {
    /// Every setting, in the order in which pages list them.
    pub const ALL: [Setting; 8] = [
        Setting::BillHoldDays,
        Setting::CodingLookBackDays,
        Setting::NoticeReminderDaysBefore,
        Setting::NoticeWarningDaysBefore,
        Setting::NoticeDelinquentDaysAfter,
        Setting::NoticeSuspensionDaysAfter,
        Setting::CredentialExpiryDays,
        Setting::FiscalYearMonth,
    ];

    /// The name that the store and forms use.
    pub fn as_str(self) -> &'static str {
        match self {
            Setting::BillHoldDays => "bill-hold-days",
            Setting::CodingLookBackDays => "coding-look-back-days",
            Setting::NoticeReminderDaysBefore => "notice-reminder-days-before",
            Setting::NoticeWarningDaysBefore => "notice-warning-days-before",
            Setting::NoticeDelinquentDaysAfter => "notice-delinquent-days-after",
            Setting::NoticeSuspensionDaysAfter => "notice-suspension-days-after",
            Setting::CredentialExpiryDays => "credential-expiry-days",
            Setting::FiscalYearMonth => "fiscal-year-month",
        }
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Setting::BillHoldDays => "Bill hold",
            Setting::CodingLookBackDays => "Look-back of coding",
            Setting::NoticeReminderDaysBefore => "Reminder of a provider",
            Setting::NoticeWarningDaysBefore => "Warning of a provider",
            Setting::NoticeDelinquentDaysAfter => "Notice of a delinquent chart",
            Setting::NoticeSuspensionDaysAfter => "Notice of suspension",
            Setting::CredentialExpiryDays => "Credentials about to expire",
            Setting::FiscalYearMonth => "Fiscal year",
        }
    }

    /// What its number is.
    pub fn label(self) -> &'static str {
        match self {
            Setting::BillHoldDays => "Codes are due after the last day within",
            Setting::CodingLookBackDays => "Encounters are queued for coding from the last",
            Setting::NoticeReminderDaysBefore | Setting::NoticeWarningDaysBefore => {
                "Before the due date by"
            }
            Setting::NoticeDelinquentDaysAfter | Setting::NoticeSuspensionDaysAfter => {
                "After the due date by"
            }
            Setting::CredentialExpiryDays => "Shown before the last day by",
            Setting::FiscalYearMonth => "First month",
        }
    }

    /// What follows from it, for the one who changes it.
    pub fn meaning(self) -> &'static str {
        match self {
            Setting::BillHoldDays => {
                "So long a bill waits for its codes. Encounters without final codes after that \
                 are overdue in My work and at the coding desk."
            }
            Setting::CodingLookBackDays => {
                "Encounters that ended longer ago than this are not queued for coding unless \
                 Find work is asked for an earlier day."
            }
            Setting::NoticeReminderDaysBefore => {
                "From then on a provider's open deficiencies are told as a reminder."
            }
            Setting::NoticeWarningDaysBefore => {
                "From then on a provider's open deficiencies are told as a warning."
            }
            Setting::NoticeDelinquentDaysAfter => {
                "From then on the chart counts as delinquent in lists and statistics. 0: the day \
                 after it was due."
            }
            Setting::NoticeSuspensionDaysAfter => {
                "From then on the provider is listed for suspension. Nobody is suspended by this \
                 program: the medical staff decides."
            }
            Setting::CredentialExpiryDays => {
                "From then on a credential that ends is shown on the team page of My work."
            }
            Setting::FiscalYearMonth => "Yearly statistics count from the first day of this month.",
        }
    }

    /// Where the shipped number comes from.
    pub fn citation(self) -> &'static str {
        match self {
            Setting::CodingLookBackDays => "42 CFR 424.44: one calendar year to file a claim",
            Setting::BillHoldDays => "House rule: hospitals hold bills three to five days",
            Setting::NoticeReminderDaysBefore
            | Setting::NoticeWarningDaysBefore
            | Setting::NoticeDelinquentDaysAfter
            | Setting::NoticeSuspensionDaysAfter => "Medical staff bylaws",
            Setting::CredentialExpiryDays => "House rule",
            Setting::FiscalYearMonth => "31 U.S.C. 1102: the federal fiscal year",
        }
    }

    /// The number that a new site starts with.
    pub fn shipped(self) -> i64 {
        match self {
            Setting::BillHoldDays => 4,
            Setting::CodingLookBackDays => 365,
            Setting::NoticeReminderDaysBefore => 14,
            Setting::NoticeWarningDaysBefore => 3,
            Setting::NoticeDelinquentDaysAfter => 0,
            Setting::NoticeSuspensionDaysAfter => 7,
            Setting::CredentialExpiryDays => 90,
            Setting::FiscalYearMonth => 10,
        }
    }

    /// The largest number that makes sense.
    pub fn max(self) -> i64 {
        match self {
            Setting::CodingLookBackDays => 3_660,
            Setting::FiscalYearMonth => 12,
            _ => 366,
        }
    }

    /// Reads the stored name back.
    pub fn parse(text: &str) -> Option<Setting> {
        Setting::ALL.into_iter().find(|setting| setting.as_str() == text)
    }
}

/// From which day the shipped numbers hold: before any record.
pub(super) const EVER: Date = date(1900, 1, 1);

/// A setting's number from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingRule {
    /// The setting's name.
    pub id: String,
    /// Version, counted from 1.
    pub version: i64,
    /// The number.
    pub value: i64,
    /// Whose decision.
    pub citation: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Option<Date>,
}

impl SettingRule {
    /// What is wrong with a number that a person entered.
    pub fn faults(&self) -> Vec<Fault> {
        let Some(setting) = Setting::parse(&self.id) else {
            return vec![Fault::new("name", "There is no setting of this name.")];
        };
        if (0..=setting.max()).contains(&self.value) {
            return Vec::new();
        }
        vec![Fault::new("value", format!("Give a number from 0 to {}.", setting.max()))]
    }
}
