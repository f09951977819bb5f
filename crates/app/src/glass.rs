//! Breaking the glass: one hidden chart, opened to one person for a while, and reviewed.
//!
//! A hidden chart is absent everywhere. One who knows of it from elsewhere gives two identifiers
//! and a reason; the privacy officer reviews what was opened (45 CFR 170.315(d)(6)).

use crate::Error;
use crate::access::{Right, require};
use crate::people::field;
use record::{Actor, BirthDate, Context, Instant, LabelMask, Mrn, PatientKey, Private, Role};
use store::audit::{AuditRow, AuditSearch};
use store::find::PatientRow;
use store::label::Glass;
use store::work::NewWork;
use store::{AuditEntry, Store};

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
    Check both. If the chart isn't hidden, Find will show it.";
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
    let Actor::Person { id: person } = context.actor else {
        return Err(Error::Refused("Only a person can break the glass.".into()));
    };
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
    let until = context.at.plus_seconds(OPEN_SECONDS);
    store
        .write(context, |transaction| {
            let reason = format!("{}: {}", form.kind, form.reason.reveal().trim());
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
            let entry = AuditEntry::new(context, "glass.break", format!("glass/{glass}"));
            Ok(transaction.audit(&entry.patients([patient]))?)
        })
        .map(|()| patient)
}

fn check(form: &GlassForm) -> Result<(), Error> {
    let mut errors = Vec::new();
    if form.mrn.reveal().trim().is_empty() {
        errors.push(field("mrn", "Give the medical record number."));
    }
    if form.birth_date.reveal().parse::<jiff::civil::Date>().is_err() {
        errors.push(field("birth_date", "Give the birth date as 1980-03-04."));
    }
    if !REASON_KINDS.iter().any(|(word, _)| *word == form.kind) {
        errors.push(field("kind", "Choose the kind of reason."));
    }
    if form.reason.reveal().trim().chars().count() < REASON_CHARACTERS_MIN {
        let least = format!("Say why in at least {REASON_CHARACTERS_MIN} characters.");
        errors.push(field("reason", &least));
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
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

/// Records the review. It stands: a second one is refused, and nobody reviews their own.
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
    if !appropriate && note.trim().is_empty() {
        let reason = "Say what was wrong, and what follows from it.";
        return Err(Error::Invalid(vec![field("note", reason)]));
    }
    store.write(context, |transaction| {
        let glass = transaction.glass(id)?.ok_or(Error::NotFound)?;
        if glass.person == reviewer {
            return Err(Error::Refused(
                "You broke this glass yourself. Another privacy officer must review it.".into(),
            ));
        }
        transaction.glass_review(id, reviewer, appropriate, note.trim())?;
        transaction.work_close("review-glass", id, true)?;
        let entry = AuditEntry::new(context, "glass.review", format!("glass/{id}"));
        let detail = format!(r#"{{"appropriate":{appropriate}}}"#);
        Ok(transaction.audit(&entry.patients([glass.patient]).detail(detail))?)
    })
}
