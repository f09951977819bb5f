//! What is wrong with a field of a form, said so that it can be put right.

use super::Desk;
use record::Private;

/// Whether a field's fault stops the saving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Nothing is given where something must be: shown at saving, not while typing.
    Missing,
    /// What is given can't be right.
    Wrong,
    /// What is given is rare: to be confirmed.
    Unusual,
}

/// A fault of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name in the form.
    pub field: &'static str,
    /// What was given.
    pub given: Private,
    /// What is wrong with it.
    pub reason: String,
    /// What would do instead.
    pub would_do: String,
    /// How grave it is.
    pub weight: Weight,
}

impl FieldError {
    /// Whether the entry can't be saved with it.
    pub fn stops(&self) -> bool {
        self.weight != Weight::Unusual
    }
}

/// Collects the faults of a form.
pub(super) struct Faults(pub(super) Vec<FieldError>);

impl Faults {
    pub(super) fn new() -> Faults {
        Faults(Vec::new())
    }

    pub(super) fn add(
        &mut self,
        weight: Weight,
        field: &'static str,
        given: &str,
        reason: &str,
        would_do: &str,
    ) {
        self.0.push(FieldError {
            field,
            given: Private::new(given),
            reason: reason.to_owned(),
            would_do: would_do.to_owned(),
            weight,
        });
    }

    pub(super) fn wrong(&mut self, field: &'static str, given: &str, reason: &str, would: &str) {
        self.add(Weight::Wrong, field, given, reason, would);
    }

    /// A text that must be given. `what` is named as the form names it: `The vaccine`.
    pub(super) fn required(
        &mut self,
        field: &'static str,
        given: &str,
        what: &str,
        would_do: &str,
    ) {
        if given.trim().is_empty() {
            self.add(Weight::Missing, field, given, &format!("{what} is missing."), would_do);
        }
    }

    /// A date or time, where given, that can be read and lies not in the future.
    pub(super) fn past(&mut self, field: &'static str, given: &str, desk: &Desk) {
        if given.trim().is_empty() {
            return;
        }
        match desk.range(given) {
            None => self.wrong(field, given, "This is not a date.", DATE_WOULD_DO),
            Some(range) if range.first > desk.now => {
                self.wrong(field, given, "This lies in the future.", "A date up to now.");
            }
            Some(range) if range.first.0 < OLDEST => {
                self.wrong(field, given, "This is before 1880.", "A date of this record.");
            }
            Some(_) => {}
        }
    }

    /// Two times of which the first must not be after the second.
    pub(super) fn ordered(
        &mut self,
        field: &'static str,
        earlier: &str,
        later: &str,
        reason: &str,
        desk: &Desk,
    ) {
        if let (Some(earlier), Some(end)) = (desk.range(earlier), desk.range(later))
            && earlier.first > end.last
        {
            self.wrong(field, later, reason, "A time that is not before it.");
        }
    }

    /// One of a list of codes.
    pub(super) fn one_of(&mut self, field: &'static str, given: &str, allowed: &[&str]) {
        if !given.is_empty() && !allowed.contains(&given) {
            let would_do = format!("One of: {}.", allowed.join(", "));
            self.wrong(field, given, "This is not one of the choices.", &would_do);
        }
    }
}

/// What a day takes.
pub(super) const DAY_WOULD_DO: &str = "A day as 2026-03-04.";

/// What a date field takes.
pub(super) const DATE_WOULD_DO: &str = "A date as 2026-03-04, with a time as 2026-03-04 10:30.";

/// 1880-01-01 in microseconds: nobody alive is older.
const OLDEST: i64 = -2_840_140_800_000_000;
