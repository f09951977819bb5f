//! What is written down between two actions: who verified the requester, answers to a checklist,
//! what covers Part 2, the fee.

use super::act::{load, target, told};
use super::loaded::Loaded;
use super::{effects, log, rules};
use crate::access::{Right, require};
use crate::{Error, FieldError};
use jiff::civil::Date;
use record::{Context, Private};
use release::Basis;
use release::basis::{Answer, Answers};
use release::fee::{Copy, Fee, PatientCosts, Rate, patient_fee, rate, schedule_fee};
use release::lifecycle::StateName;
use release::requester::{Authority, IdentityProof, Verification};
use std::collections::BTreeMap;
use store::release::{ReleaseBody, ReleaseSave};
use store::{AuditEntry, Store, Transaction};

/// What is typed of the verification of a requester.
#[derive(Clone, Debug, Default)]
pub struct VerifyForm {
    /// How identity was confirmed.
    pub identity: Vec<IdentityProof>,
    /// The authority relied on.
    pub authority: Option<Authority>,
    /// The document that shows it.
    pub document: String,
    /// Last day of that document.
    pub document_until: String,
    /// Whether the representative is kept out (164.502(g)(5)).
    pub representative_barred: bool,
}

/// Answers as typed, by element.
#[derive(Clone, Debug, Default)]
pub struct CheckForm {
    /// `yes`, `no`, a date, or empty.
    pub answers: BTreeMap<String, String>,
    /// The state whose law applies.
    pub jurisdiction: String,
}

/// What is typed to count a fee.
#[derive(Clone, Debug, Default)]
pub struct FeeForm {
    /// The kind of copy.
    pub copy: Option<Copy>,
    /// The flat fee instead of counted costs.
    pub flat: bool,
    /// Minutes of copying.
    pub minutes: String,
    /// Dollars an hour.
    pub labour: String,
    /// Dollars.
    pub supplies: String,
    /// Dollars.
    pub postage: String,
    /// Dollars; empty where no summary was agreed.
    pub summary: String,
    /// Whether the individual agreed to the summary and its fee.
    pub summary_agreed: bool,
    /// Pages, for a schedule.
    pub pages: String,
}

/// Changes what is kept of a request without a change of state.
fn change(
    store: &Store,
    context: &Context,
    (id, revision): (i64, i64),
    verb: &str,
    edit: impl Fn(&mut Transaction<'_>, &Loaded, &mut ReleaseBody) -> Result<(), Error>,
) -> Result<(), Error> {
    require(store, context, Right::Release)?;
    let done = store.write(context, |transaction| {
        let loaded = load(transaction, id, revision)?;
        still_prepared(&loaded)?;
        let mut body = loaded.row.body.clone();
        edit(transaction, &loaded, &mut body)?;
        let due_before = body.request.due.clone();
        body.request.due = effects::due(transaction, &body)?;
        let save = ReleaseSave { was: &loaded.row, body: &body, event: None };
        transaction.release_request_save(&save)?;
        if body.request.due != due_before {
            effects::work(transaction, context, id, &loaded.zone, &body)?;
        }
        let entry = AuditEntry::new(context, verb, target(id)).patients(body.request.patient);
        Ok(transaction.audit(&entry)?)
    });
    told(store, context, id, verb, done)
}

/// Nothing is written into a request that is delivered or at its end.
fn still_prepared(loaded: &Loaded) -> Result<(), Error> {
    let done = loaded.request().state.name() == StateName::Delivered;
    if done || !loaded.request().is_open() {
        return Err(Error::Refused(format!(
            "The request is \"{}\": what it rests on stays as it was.",
            loaded.request().state.name()
        )));
    }
    Ok(())
}

fn invalid(field: &str, reason: impl ToString) -> Error {
    Error::Invalid(vec![FieldError::new(field, reason.to_string())])
}

fn day(field: &str, text: &str) -> Result<Option<Date>, Error> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| invalid(field, "Give the day as 2026-03-04.")),
    }
}

/// Writes down how identity and authority of the requester were verified.
///
/// # Errors
/// [`Error::Invalid`] names the fields; [`Error::Conflict`] when somebody worked on it meanwhile.
pub fn put_verification(
    store: &Store,
    context: &Context,
    id: i64,
    revision: i64,
    form: &VerifyForm,
) -> Result<(), Error> {
    change(store, context, (id, revision), "release.verify", |_, _, body| {
        let authority = form
            .authority
            .ok_or_else(|| invalid("authority", "Choose by what authority they ask."))?;
        let document = form.document.trim();
        body.verification = Some(Verification {
            identity: form.identity.clone(),
            authority,
            document: (!document.is_empty()).then(|| Private::new(document)),
            document_until: day("document_until", &form.document_until)?,
            representative_barred: form.representative_barred,
            by: context.actor.clone(),
        });
        Ok(())
    })
}

/// Writes down answers to the checklist of the chosen basis, and the state whose law applies.
///
/// # Errors
/// [`Error::Invalid`] names the answers that are neither yes, no nor a day.
pub fn put_answers(
    store: &Store,
    context: &Context,
    id: i64,
    revision: i64,
    form: &CheckForm,
) -> Result<(), Error> {
    change(store, context, (id, revision), "release.answer", |transaction, loaded, body| {
        let jurisdiction = log::jurisdiction(&form.jurisdiction)
            .map_err(|reason| invalid("jurisdiction", reason))?;
        body.request.jurisdiction = jurisdiction;
        let basis = body
            .request
            .basis
            .ok_or_else(|| Error::Refused(release::Refusal::NoBasis.to_string()))?;
        body.answers = read_answers(transaction, loaded, basis, body, form)?;
        Ok(())
    })
}

/// Writes down what lifts 42 CFR Part 2 beside the basis: a consent under 2.31 or an exception,
/// with its own checklist. No basis takes the cover away.
///
/// # Errors
/// [`Error::Refused`] for a basis that does not lift Part 2.
pub fn put_cover(
    store: &Store,
    context: &Context,
    id: i64,
    revision: i64,
    basis: Option<Basis>,
    form: &CheckForm,
) -> Result<(), Error> {
    change(store, context, (id, revision), "release.cover", |transaction, loaded, body| {
        let Some(basis) = basis else {
            body.cover = None;
            return Ok(());
        };
        if !basis.covers_part2() {
            return Err(Error::Refused(
                "Only a consent under 42 CFR 2.31, an exception of 2.51 to 2.53 or an order \
                 under 2.61 to 2.67 lifts Part 2. Choose one of them."
                    .into(),
            ));
        }
        let answers = read_answers(transaction, loaded, basis, body, form)?;
        body.cover = Some((basis, answers));
        Ok(())
    })
}

/// Answers to the elements that are asked today; others are left out.
fn read_answers(
    transaction: &mut Transaction<'_>,
    loaded: &Loaded,
    basis: Basis,
    body: &ReleaseBody,
    form: &CheckForm,
) -> Result<Answers, Error> {
    let checklists = rules::checklists(transaction)?;
    let jurisdiction = body.request.jurisdiction.as_deref();
    let (mut answers, mut errors) = (Answers::new(), Vec::new());
    for element in rules::elements(&checklists, basis, jurisdiction, loaded.asked_on()) {
        let Some(typed) = form.answers.get(&element.id) else { continue };
        match read_answer(typed) {
            Ok(answer) => answers.extend(answer.map(|answer| (element.id, answer))),
            Err(reason) => {
                errors.push(FieldError::new(&format!("answer-{}", element.id), reason));
            }
        }
    }
    if errors.is_empty() { Ok(answers) } else { Err(Error::Invalid(errors)) }
}

fn read_answer(typed: &str) -> Result<Option<Answer>, &'static str> {
    match typed.trim().to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "y" | "yes" => Ok(Some(Answer::Yes)),
        "n" | "no" => Ok(Some(Answer::No)),
        day => day
            .parse()
            .map(|day| Some(Answer::On(day)))
            .map_err(|_| "Answer yes or no, or give a day as 2026-03-04."),
    }
}

/// Counts the fee by the rate of the basis, and keeps it until the packet is approved.
///
/// # Errors
/// [`Error::Refused`] where the law allows no such fee.
pub fn put_fee(
    store: &Store,
    context: &Context,
    id: i64,
    revision: i64,
    form: Option<&FeeForm>,
) -> Result<(), Error> {
    change(store, context, (id, revision), "release.fee", |transaction, loaded, body| {
        let counted = matches!(
            loaded.request().state.name(),
            StateName::Invoiced | StateName::Ready | StateName::Delivered
        );
        if counted {
            return Err(Error::Refused(
                "The packet is approved and its fee stands. Send it back to change the fee, or \
                 waive it."
                    .into(),
            ));
        }
        body.fee = match form {
            None => None,
            Some(form) => Some(count(transaction, loaded, body, form)?),
        };
        Ok(())
    })
}

fn count(
    transaction: &mut Transaction<'_>,
    loaded: &Loaded,
    body: &ReleaseBody,
    form: &FeeForm,
) -> Result<Fee, Error> {
    let basis =
        body.request.basis.ok_or_else(|| Error::Refused(release::Refusal::NoBasis.to_string()))?;
    let refused = |refusal: release::fee::FeeRefusal| Error::Refused(refusal.to_string());
    let postage_cents = cents("postage", &form.postage)?;
    match rate(basis, is_directive(body)) {
        Rate::None => Err(Error::Refused(release::Refusal::NoFeeHere.to_string())),
        Rate::Patient => {
            let summary = form.summary.trim();
            let costs = PatientCosts {
                copy: form.copy.ok_or_else(|| invalid("copy", "Choose the kind of copy."))?,
                flat: form.flat,
                copying_minutes: whole("minutes", &form.minutes)?,
                labour_cents_per_hour: cents("labour", &form.labour)?,
                supplies_cents: cents("supplies", &form.supplies)?,
                postage_cents,
                summary_cents: match summary {
                    "" => None,
                    text => Some(cents("summary", text)?),
                },
                summary_agreed: form.summary_agreed,
                search_and_retrieval_cents: 0,
            };
            patient_fee(&costs).map_err(refused)
        }
        Rate::Schedule => {
            let schedules = rules::schedules(transaction, loaded.asked_on())?;
            let jurisdiction = body.request.jurisdiction.as_deref().unwrap_or(release::FEDERAL);
            let pages = whole("pages", &form.pages)?;
            schedule_fee(&schedules, jurisdiction, pages, postage_cents, loaded.asked_on())
                .map_err(refused)
        }
    }
}

/// Whether the copy goes to somebody whom the individual names (164.524(c)(3)(ii)).
pub(super) fn is_directive(body: &ReleaseBody) -> bool {
    body.request.basis == Some(Basis::Access) && body.answers.get("directive") == Some(&Answer::Yes)
}

fn whole(field: &str, text: &str) -> Result<u32, Error> {
    match text.trim() {
        "" => Ok(0),
        text => text.parse().map_err(|_| invalid(field, "Give a whole number.")),
    }
}

/// Dollars as cents: `6.50` is 650.
fn cents(field: &str, text: &str) -> Result<u32, Error> {
    let text = text.trim().trim_start_matches('$');
    if text.is_empty() {
        return Ok(0);
    }
    let wrong = || invalid(field, "Give dollars as 6.50.");
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let part = match part.len() {
        1 => format!("{part}0"),
        2 => part.to_owned(),
        _ => return Err(wrong()),
    };
    let whole: u32 = whole.parse().map_err(|_| wrong())?;
    let part: u32 = part.parse().map_err(|_| wrong())?;
    whole.checked_mul(100).and_then(|cents| cents.checked_add(part)).ok_or_else(wrong)
}

/// Writes down that the individual asked for a review of the denial: a provider who took no part
/// in it gets the work.
///
/// # Errors
/// [`Error::Refused`] where the ground gives no right of review.
pub fn review_asked(store: &Store, context: &Context, id: i64) -> Result<(), Error> {
    require(store, context, Right::Release)?;
    let done = store.write(context, |transaction| {
        let loaded = Loaded::of(transaction, id)?;
        let release::State::Denied { ground, upheld_by, .. } = &loaded.request().state else {
            return Err(Error::Refused("This request isn't denied.".into()));
        };
        if !ground.is_reviewable() {
            return Err(Error::Refused(release::Refusal::NotReviewable.to_string()));
        }
        if upheld_by.is_some() {
            return Err(Error::Refused(release::Refusal::AlreadyReviewed.to_string()));
        }
        let number = &loaded.request().number;
        effects::review_work(transaction, id, loaded.row.patient, number)?;
        let entry = AuditEntry::new(context, "release.review-asked", target(id));
        Ok(transaction.audit(&entry.patients(loaded.row.patient))?)
    });
    told(store, context, id, "release.review-asked", done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_read_to_the_cent() {
        for (text, expected) in [("6.50", 650), ("6.5", 650), ("$12", 1_200), ("", 0)] {
            assert_eq!(cents("x", text).unwrap(), expected, "{text}");
        }
        for wrong in ["6.505", "a", "1.x", "-3"] {
            assert!(cents("x", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn answers_are_yes_no_or_a_day() {
        let day = jiff::civil::date(2026, 3, 4);
        for (typed, expected) in [
            ("", Ok(None)),
            (" Y ", Ok(Some(Answer::Yes))),
            ("no", Ok(Some(Answer::No))),
            ("2026-03-04", Ok(Some(Answer::On(day)))),
        ] {
            assert_eq!(read_answer(typed), expected, "{typed}");
        }
        assert!(read_answer("perhaps").is_err());
    }
}
