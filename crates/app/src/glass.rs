//! Breaking the glass: one hidden chart, or what is hidden in an open one, opened to one person
//! for a while, and reviewed.
//!
//! A hidden chart is absent everywhere. One who knows of it from elsewhere gives two identifiers
//! and a reason; the privacy officer reviews what was opened (45 CFR 170.315(d)(6)).
//!
//! A chart that is open may hold hidden encounters and entries. Its glass can be broken whether
//! or not it does: an offer, or a refusal, that depended on it would tell.

use crate::access::{Right, require};
use crate::chart::{Identity, identity_in};
use crate::people::field;
use crate::{Error, FieldError};
use integrity::glass::{GlassAction, GlassRefusal, apply};
use record::{Actor, BirthDate, Context, Instant, LabelMask, Mrn, PatientKey, Private, Role};
use store::audit::{AuditRow, AuditSearch};
use store::find::PatientRow;
use store::label::Glass;
use store::work::NewWork;
use store::{AuditEntry, Store, Transaction};

/// Seconds for which broken glass holds a chart open: two hours.
pub const OPEN_SECONDS: i64 = 2 * 3600;
/// Seconds within which a breaking is to be reviewed: three days.
pub const REVIEW_SECONDS_MAX: i64 = 3 * 24 * 3600;
/// Shortest reason, in characters.
pub const REASON_CHARACTERS_MIN: usize = 10;
/// Attempts an hour that find nobody, after which more are refused.
pub const ATTEMPTS_MAX: usize = 5;
const HOUR_SECONDS: i64 = 3600;
/// Entries of the trail that a review shows at most.
pub const ENTRIES_MAX: i64 = 500;
/// Breakings that the list shows at most.
pub const LIST_MAX: i64 = 200;

/// Kinds of reason.
pub const REASON_KINDS: &[(&str, &str)] = &[
    ("emergency", "Emergency treatment of the patient"),
    ("continuity", "Treatment that goes on: transfer, referral, consultation"),
    ("patient-asked", "The patient asks for it"),
    ("legal-deadline", "A legal deadline: court order, reportable condition"),
    ("record-safety", "Safety of the record: overlay, wrong patient"),
];

const NOBODY: &str = "No hidden chart fits this record number together with this birth date. \
    Check both. If the chart isn't hidden, Find will show it, and what is hidden in it is opened \
    from there.";
const ALL_SEEN: &str = "You are cleared for every sensitive class: nothing of this chart is \
    hidden from you.";
const TOO_MANY: &str = "Too many attempts that found nobody. Wait an hour, or call the privacy \
    officer. The attempts were recorded.";

/// What one gives to break the glass.
#[derive(Clone)]
pub struct GlassForm {
    /// Record number, from paper, a wristband or a caller.
    pub mrn: Mrn,
    /// Birth date, `YYYY-MM-DD`.
    pub birth_date: BirthDate,
    /// A word of [`REASON_KINDS`].
    pub kind: String,
    /// The reason in words.
    pub reason: Private,
}

/// Opens the one hidden chart that both identifiers fit, for [`OPEN_SECONDS`].
///
/// # Errors
/// [`Error::Invalid`] names the fields; [`Error::Refused`] with the same words whether there is
/// no such chart or it isn't hidden; [`Error::Refused`] after too many attempts.
pub fn break_glass(
    store: &Store,
    context: &Context,
    form: &GlassForm,
) -> Result<PatientKey, Error> {
    require(store, context, Right::GlassBreak)?;
    let person = person_of(context)?;
    check(form)?;
    if attempts(store, context)? >= ATTEMPTS_MAX {
        return refuse(store, context, TOO_MANY);
    }
    let system = Context { cleared: LabelMask::ALL, ..context.clone() };
    let fits =
        store.look(&system, |view| view.patient_by_identifiers(&form.mrn, &form.birth_date))?;
    let hidden: Vec<&PatientRow> =
        fits.iter().filter(|row| !row.labels.is_within(context.cleared)).collect();
    let [row] = hidden[..] else { return refuse(store, context, NOBODY) };
    let patient = row.patient;
    store.write(context, |transaction| {
        broken_open(transaction, person, patient, &form.kind, &form.reason)
    })?;
    Ok(patient)
}

fn person_of(context: &Context) -> Result<i64, Error> {
    match context.actor {
        Actor::Person { id } => Ok(id),
        _ => Err(Error::Refused("Only a person can break the glass.".into())),
    }
}

/// Whose chart it is, before the glass of what may be hidden in it is broken.
///
/// # Errors
/// [`Error::Forbidden`] without the rights; [`Error::NotFound`] where there is nothing to see.
pub fn asked(store: &Store, context: &Context, patient: PatientKey) -> Result<Identity, Error> {
    require(store, context, Right::GlassBreak)?;
    require(store, context, Right::ChartRead)?;
    store.read(context, |view| {
        let identity = identity_in(view, patient)?;
        let entry = AuditEntry::new(context, "glass.ask", format!("patient/{}", patient.0));
        Ok((identity, entry.patients([patient])))
    })
}

/// Opens whatever is hidden in a chart that one may open, for [`OPEN_SECONDS`]: its encounters,
/// entries and documents of every sensitive class. Whether anything is hidden decides nothing.
///
/// # Errors
/// [`Error::Invalid`] names the fields; [`Error::NotFound`] where the chart is not there, or
/// hidden itself; [`Error::Refused`] for one from whom nothing is ever hidden.
pub fn break_within(
    store: &Store,
    context: &Context,
    patient: PatientKey,
    kind: &str,
    reason: &Private,
) -> Result<(), Error> {
    require(store, context, Right::GlassBreak)?;
    require(store, context, Right::ChartRead)?;
    let person = person_of(context)?;
    if LabelMask::ALL.is_within(context.cleared) {
        return Err(Error::Refused(ALL_SEEN.to_owned()));
    }
    let errors = reason_errors(kind, reason);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    store.write(context, |transaction| {
        let patient = identity_in(transaction, patient)?.patient.patient;
        broken_open(transaction, person, patient, kind, reason)
    })
}

/// The glass as it stands from now on, its review, and its entry in the trail.
fn broken_open(
    transaction: &mut Transaction<'_>,
    person: i64,
    patient: PatientKey,
    kind: &str,
    reason: &Private,
) -> Result<(), Error> {
    let context = transaction.context().clone();
    let reason = format!("{kind}: {}", reason.reveal().trim());
    let until = context.at.plus_seconds(OPEN_SECONDS);
    let glass = transaction.glass_break(person, patient, &reason, until)?;
    transaction.work_open(&NewWork {
        kind: "review-glass",
        subject: glass,
        // Without the patient: the reviewer's queue shows it though the chart is hidden.
        patient: None,
        role: Role::PrivacyOfficer,
        due_at: Some(context.at.plus_seconds(REVIEW_SECONDS_MAX)),
        reason: "Somebody broke the glass of a hidden chart.",
    })?;
    let entry = AuditEntry::new(&context, "glass.break", format!("glass/{glass}"));
    Ok(transaction.audit(&entry.patients([patient]))?)
}

/// A kept reason as people read it: its kind in words, and what was written.
pub fn reason_words(kept: &str) -> (&str, &str) {
    match kept.split_once(": ") {
        Some((kind, words)) => {
            let known = REASON_KINDS.iter().find(|(word, _)| *word == kind);
            known.map_or(("", kept), |(_, label)| (*label, words))
        }
        None => ("", kept),
    }
}

fn check(form: &GlassForm) -> Result<(), Error> {
    let mut errors = Vec::new();
    if form.mrn.reveal().trim().is_empty() {
        errors.push(field("mrn", "Give the medical record number."));
    }
    if form.birth_date.reveal().parse::<jiff::civil::Date>().is_err() {
        errors.push(field("birth_date", "Give the birth date as 1980-03-04."));
    }
    errors.extend(reason_errors(&form.kind, &form.reason));
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

fn reason_errors(kind: &str, reason: &Private) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if !REASON_KINDS.iter().any(|(word, _)| *word == kind) {
        errors.push(field("kind", "Choose the kind of reason."));
    }
    if reason.reveal().trim().chars().count() < REASON_CHARACTERS_MIN {
        let least = format!("Say why in at least {REASON_CHARACTERS_MIN} characters.");
        errors.push(field("reason", &least));
    }
    errors
}

/// Attempts of the last hour that found nobody: guessing numbers is no way in.
fn attempts(store: &Store, context: &Context) -> Result<usize, Error> {
    let search = AuditSearch {
        actor: Some(context.actor.key()),
        action: Some("glass.break".into()),
        outcome: Some("refused".into()),
        from: Some(context.at.plus_seconds(-HOUR_SECONDS)),
        limit: ATTEMPTS_MAX as i64,
        ..AuditSearch::default()
    };
    Ok(store.look(context, |view| view.audit_list(&search))?.len())
}

fn refuse<T>(store: &Store, context: &Context, sentence: &str) -> Result<T, Error> {
    let entry = AuditEntry::new(context, "glass.break", "glass").refused();
    store.write(context, |transaction| transaction.audit(&entry))?;
    Err(Error::Refused(sentence.to_owned()))
}

/// A breaking of the glass as the reviewer sees it.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The breaking.
    pub glass: Glass,
    /// Who broke it.
    pub person: String,
    /// Whose chart; none when it is hidden from the reviewer too.
    pub patient: Option<PatientRow>,
    /// Who reviewed it.
    pub reviewer: Option<String>,
}

/// Every breaking, those not yet reviewed first.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn list(store: &Store, context: &Context) -> Result<Vec<Broken>, Error> {
    require(store, context, Right::GlassReview)?;
    store.read(context, |view| {
        let mut all = Vec::new();
        for glass in view.glass_list(LIST_MAX)? {
            all.push(broken(view, glass)?);
        }
        let patients: Vec<PatientKey> = all.iter().map(|broken| broken.glass.patient).collect();
        Ok((all, AuditEntry::new(context, "glass.list", "glass").patients(patients)))
    })
}

fn broken(view: &mut store::View<'_>, glass: Glass) -> Result<Broken, Error> {
    let name = |person: Option<store::person::Person>| person.map(|person| person.name);
    let person = name(view.person(glass.person)?).unwrap_or_default();
    let reviewer = match glass.reviewed_by {
        Some(id) => name(view.person(id)?),
        None => None,
    };
    Ok(Broken { patient: view.patient_row(glass.patient)?, person, reviewer, glass })
}

/// One breaking with everything that was opened under it, the newest first.
///
/// # Errors
/// [`Error::NotFound`] where there is none with this id.
pub fn open(store: &Store, context: &Context, id: i64) -> Result<(Broken, Vec<AuditRow>), Error> {
    require(store, context, Right::GlassReview)?;
    store.read(context, |view| {
        let glass = view.glass(id)?.ok_or(Error::NotFound)?;
        let search = AuditSearch {
            patient: Some(glass.patient),
            actor: Some(Actor::Person { id: glass.person }.key()),
            from: Some(glass.at),
            until: Some(Instant(glass.until.0 + 1)),
            limit: ENTRIES_MAX,
            ..AuditSearch::default()
        };
        let opened = view.audit_list(&search)?;
        let entry = AuditEntry::new(context, "glass.open", format!("glass/{id}"));
        let entry = entry.patients([glass.patient]);
        Ok(((broken(view, glass)?, opened), entry))
    })
}

/// A refusal of the lifecycle as the page shows it.
fn refused(no: GlassRefusal) -> Error {
    let sentence = no.to_string();
    match no {
        GlassRefusal::NoNote => Error::Invalid(vec![field("note", &sentence)]),
        GlassRefusal::WasReviewed => Error::Conflict(sentence),
        GlassRefusal::IsOver | GlassRefusal::WasClosed | GlassRefusal::IsOwn => {
            Error::Refused(sentence)
        }
    }
}

/// Records the review. An inappropriate breaking closes the chart again at once. The review
/// stands: a second one is refused, and nobody reviews their own.
///
/// # Errors
/// [`Error::Refused`] for one's own; [`Error::Conflict`] when it was reviewed before;
/// [`Error::Invalid`] for an inappropriate one without a note.
pub fn review(
    store: &Store,
    context: &Context,
    id: i64,
    appropriate: bool,
    note: &str,
) -> Result<(), Error> {
    require(store, context, Right::GlassReview)?;
    let Actor::Person { id: reviewer } = context.actor else {
        return Err(Error::Refused("Only a person can review this.".into()));
    };
    store.write(context, |transaction| {
        let glass = transaction.glass(id)?.ok_or(Error::NotFound)?;
        let (is_own, until) = (glass.person == reviewer, glass.until);
        let action = GlassAction::Review { appropriate, note, is_own, until };
        apply(glass.state(context.at)?, &action, context.at).map_err(refused)?;
        transaction.glass_review(id, reviewer, appropriate, note.trim())?;
        transaction.work_close("review-glass", id, true)?;
        let entry = AuditEntry::new(context, "glass.review", format!("glass/{id}"));
        let detail = format!(r#"{{"appropriate":{appropriate}}}"#);
        Ok(transaction.audit(&entry.patients([glass.patient]).detail(detail))?)
    })
}
