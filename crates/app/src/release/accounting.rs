//! The accounting of disclosures of one patient (45 CFR 164.528): what went out, what the patient
//! may see of it, and the accountings that were asked for.

use super::act::told;
use super::effects::end_of;
use super::{ACCOUNTING_KIND, letters, rules};
use crate::access::{Right, require};
use crate::chart::{Identity, identity_in};
use crate::entry::zone_in;
use crate::{Error, FieldError};
use jiff::civil::Date;
use record::{Context, PatientKey, Private, Role};
use release::accounting::{
    Accounting, AccountingFee, Disclosure, Entry, Listing, Suspension, account, accounting_fee,
    listing,
};
use release::clock::{self, Clock};
use release::letter::accounting_report;
use release::requester::{Requester, RequesterKind};
use store::release::{AccountingRow, Disclosed, NewDisclosure};
use store::work::NewWork;
use store::{AuditEntry, Store, Transaction, View};

/// A disclosure with whether the patient's accounting lists it.
#[derive(Clone, Debug)]
pub struct Told {
    /// The disclosure.
    pub disclosed: Disclosed,
    /// Whether it appears, and by which paragraph.
    pub listing: Listing,
    /// Whether it is suspended today.
    pub is_suspended: bool,
}

/// The accounting of a patient.
pub struct AccountingPage {
    /// Whose.
    pub identity: Identity,
    /// Every disclosure, the newest first.
    pub disclosures: Vec<Told>,
    /// What the patient would get today.
    pub account: Accounting,
    /// Accountings that were asked for, the newest first.
    pub asked: Vec<AccountingRow>,
    /// Whether one asked for today may be charged.
    pub fee: AccountingFee,
    /// Today at the site.
    pub today: Date,
}

/// What is typed of a disclosure that was made outside of the desk.
#[derive(Clone, Debug, Default)]
pub struct DisclosureForm {
    /// Its day.
    pub on: String,
    /// Who received it.
    pub recipient: String,
    /// Their address.
    pub address: String,
    /// What was disclosed.
    pub description: String,
    /// Why.
    pub purpose: String,
    /// On what basis, or that it was not permitted.
    pub disclosure: Option<Disclosure>,
}

/// What is typed of a suspension.
#[derive(Clone, Debug, Default)]
pub struct SuspensionForm {
    /// Whether the statement is in writing.
    pub is_written: bool,
    /// First day.
    pub from: String,
    /// Last day that a written statement gives.
    pub until: String,
    /// Agency and official.
    pub agency: String,
}

fn field(name: &str, reason: &str) -> FieldError {
    FieldError::new(name, reason)
}

/// The patient's disclosures and accountings.
///
/// # Errors
/// [`Error::NotFound`] where the patient is not there, or hidden.
pub fn accounting(
    store: &Store,
    context: &Context,
    patient: PatientKey,
) -> Result<AccountingPage, Error> {
    require(store, context, Right::Release)?;
    store.read(context, |view| {
        let identity = identity_in(view, patient)?;
        let patient = identity.patient.patient;
        let today = context.at.date_in(&identity.zone);
        let disclosed = view.disclosure_list(patient)?;
        let entries: Vec<Entry> = disclosed.iter().map(|one| one.entry.clone()).collect();
        let account = account(&entries, patient, today, None, today);
        let asked = view.accounting_list(patient)?;
        let earlier: Vec<Date> =
            asked.iter().filter_map(|row| row.requested_on.parse().ok()).collect();
        let told = |disclosed: Disclosed| Told {
            listing: listing(disclosed.entry.disclosure),
            is_suspended: disclosed.entry.suspensions.iter().any(|s| s.is_active(today)),
            disclosed,
        };
        let disclosures = disclosed.into_iter().rev().map(told).collect();
        let fee = accounting_fee(&earlier, today);
        let audit = AuditEntry::new(context, "accounting.open", format!("patient/{}", patient.0));
        let page = AccountingPage { identity, disclosures, account, asked, fee, today };
        Ok((page, audit.patients([patient])))
    })
}

/// Writes down a disclosure that was made outside of the desk, or that no basis allowed.
///
/// # Errors
/// [`Error::Invalid`] names what 164.528(b)(2) asks for and isn't given.
pub fn disclose(
    store: &Store,
    context: &Context,
    patient: PatientKey,
    form: &DisclosureForm,
) -> Result<(), Error> {
    require(store, context, Right::Release)?;
    store.write(context, |transaction| {
        let patient = visible(transaction, patient)?;
        let zone = zone_in(transaction)?;
        let today = context.at.date_in(&zone);
        let on = form.on.trim().parse::<Date>().ok().filter(|on| *on <= today);
        let lacks = [
            ("on", on.is_none(), "Give its day as 2026-03-04, not in the future."),
            ("recipient", form.recipient.trim().is_empty(), "Name who received it."),
            ("description", form.description.trim().is_empty(), "Say what was disclosed."),
            ("purpose", form.purpose.trim().is_empty(), "Say why it was disclosed."),
            ("disclosure", form.disclosure.is_none(), "Choose on what basis."),
        ];
        let lacking = lacks.iter().filter(|(_, lacks, _)| *lacks);
        let errors: Vec<FieldError> = lacking.map(|(name, _, why)| field(name, why)).collect();
        let (Some(on), Some(disclosure), true) = (on, form.disclosure, errors.is_empty()) else {
            return Err(Error::Invalid(errors));
        };
        let address = Some(form.address.trim()).filter(|text| !text.is_empty());
        let entry = Entry {
            patient,
            on,
            recipient: Private::new(form.recipient.trim()),
            recipient_address: address.map(Private::new),
            description: form.description.trim().to_owned(),
            purpose: form.purpose.trim().to_owned(),
            disclosure,
            request: None,
            suspensions: Vec::new(),
        };
        let id = transaction.disclosure_create(&NewDisclosure { request: None, entry })?;
        let audit = AuditEntry::new(context, "accounting.disclose", format!("disclosure/{id}"));
        Ok(transaction.audit(&audit.patients([patient]))?)
    })
}

/// The patient under whom this record is found, when it may be seen.
fn visible(view: &mut View<'_>, patient: PatientKey) -> Result<PatientKey, Error> {
    let patient = view.patient_survivor(patient)?;
    view.patient_row(patient)?.ok_or(Error::NotFound)?;
    Ok(patient)
}

/// Suspends the patient's right to see a disclosure (164.528(a)(2)); returns whose it is.
///
/// # Errors
/// [`Error::Invalid`] names the fields.
pub fn suspend(
    store: &Store,
    context: &Context,
    disclosure: i64,
    form: &SuspensionForm,
) -> Result<PatientKey, Error> {
    require(store, context, Right::Release)?;
    store.write(context, |transaction| {
        let of = transaction.disclosure_patient(disclosure)?.ok_or(Error::NotFound)?;
        let patient = visible(transaction, of)?;
        let suspension = suspension_of(form)?;
        transaction.disclosure_suspend(disclosure, &suspension)?;
        let target = format!("disclosure/{disclosure}");
        let audit = AuditEntry::new(context, "accounting.suspend", target);
        transaction.audit(&audit.patients([patient]))?;
        Ok(patient)
    })
}

fn suspension_of(form: &SuspensionForm) -> Result<Suspension, Error> {
    let from = form.from.trim().parse::<Date>().ok();
    let until = form.until.trim().parse::<Date>().ok();
    let agency = form.agency.trim().to_owned();
    let order_wrong = from.zip(until).is_some_and(|(from, until)| until < from);
    let lacks = [
        ("from", from.is_none(), "Give the first day as 2026-03-04."),
        (
            "until",
            form.is_written && (until.is_none() || order_wrong),
            "A written statement gives its time: its last day, as 2026-03-04.",
        ),
        ("agency", agency.is_empty(), "Document the agency and the official."),
    ];
    let errors: Vec<FieldError> = lacks
        .iter()
        .filter(|(_, lacks, _)| *lacks)
        .map(|(name, _, why)| field(name, why))
        .collect();
    match (from, until, errors.is_empty()) {
        (Some(from), Some(until), true) if form.is_written => {
            Ok(Suspension::Written { from, until, agency })
        }
        (Some(from), _, true) => Ok(Suspension::Oral { from, agency }),
        _ => Err(Error::Invalid(errors)),
    }
}

/// Writes down that a patient asked for an accounting: its clock starts.
///
/// # Errors
/// [`Error::Invalid`] names the fields.
pub fn ask(
    store: &Store,
    context: &Context,
    patient: PatientKey,
    requested_on: &str,
    from: &str,
) -> Result<(), Error> {
    require(store, context, Right::Release)?;
    store.write(context, |transaction| {
        let patient = visible(transaction, patient)?;
        let zone = zone_in(transaction)?;
        let today = context.at.date_in(&zone);
        let day = requested_on.trim().parse::<Date>().ok().filter(|day| *day <= today);
        let day = day.ok_or_else(|| {
            let reason = "Give the day on which it was asked for, not in the future.";
            Error::Invalid(vec![field("requested_on", reason)])
        })?;
        let from = match from.trim() {
            "" => None,
            text => Some(text.parse::<Date>().map_err(|_| {
                Error::Invalid(vec![field("from", "Give the first day as 2026-03-04.")])
            })?),
        };
        let rules = rules::clocks(transaction, day)?;
        let due = clock::due(&rules, Clock::Accounting, None, day)
            .ok_or_else(|| Error::Refused("No rule for accountings is in force.".into()))?;
        let from = from.map(|day| day.to_string());
        let (asked_on, due_on) = (day.to_string(), due.on.to_string());
        let id = transaction.accounting_ask(patient, &asked_on, from.as_deref(), &due_on)?;
        transaction.work_open(&NewWork {
            kind: ACCOUNTING_KIND,
            subject: id,
            patient: Some(patient),
            role: Role::ReleaseSpecialist,
            due_at: end_of(due.on, &zone),
            reason: "An accounting of disclosures was asked for (45 CFR 164.528(c)).",
        })?;
        let audit = AuditEntry::new(context, "accounting.ask", format!("accounting/{id}"));
        Ok(transaction.audit(&audit.patients([patient]))?)
    })
}

/// Whose accounting this is, for one who comes from the queue of work.
///
/// # Errors
/// [`Error::NotFound`] where it is not there, or hidden.
pub fn asked(store: &Store, context: &Context, id: i64) -> Result<PatientKey, Error> {
    require(store, context, Right::Release)?;
    store.read(context, |view| {
        let row = view.accounting(id)?.ok_or(Error::NotFound)?;
        let patient = visible(view, row.patient)?;
        let audit = AuditEntry::new(context, "accounting.address", format!("accounting/{id}"));
        Ok((patient, audit.patients([patient])))
    })
}

/// Gives an accounting: the letter as the patient gets it is written and kept; returns its key.
///
/// # Errors
/// [`Error::Conflict`] when it was given before.
pub fn give(store: &Store, context: &Context, id: i64) -> Result<i64, Error> {
    require(store, context, Right::Release)?;
    let done = store.write(context, |transaction| {
        let row = transaction.accounting(id)?.ok_or(Error::NotFound)?;
        let patient = visible(transaction, row.patient)?;
        let letter = report(transaction, context, &row, patient)?;
        transaction.accounting_give(id, letter)?;
        transaction.work_close(ACCOUNTING_KIND, id, true)?;
        let audit = AuditEntry::new(context, "accounting.give", format!("accounting/{id}"));
        transaction.audit(&audit.patients([patient]))?;
        Ok(letter)
    });
    told(store, context, id, "accounting.give", done)
}

fn report(
    transaction: &mut Transaction<'_>,
    context: &Context,
    row: &AccountingRow,
    patient: PatientKey,
) -> Result<i64, Error> {
    let broken = || Error::Internal("an accounting holds a day that is none".into());
    let requested: Date = row.requested_on.parse().map_err(|_| broken())?;
    let from = row.from_date.as_ref().map(|day| day.parse::<Date>().map_err(|_| broken()));
    let zone = zone_in(transaction)?;
    let today = context.at.date_in(&zone);
    let disclosed = transaction.disclosure_list(patient)?;
    let entries: Vec<Entry> = disclosed.into_iter().map(|one| one.entry).collect();
    let account = account(&entries, patient, requested, from.transpose()?, today);
    let name = transaction.patient_row(patient)?.ok_or(Error::NotFound)?.name;
    let individual = Requester {
        kind: RequesterKind::Individual,
        name: Private::new(name.reveal()),
        organization: None,
        address: None,
    };
    let number = format!("A-{}", row.id);
    let envelope = letters::envelope(transaction, &individual, &number, today)?;
    let letter = accounting_report(&envelope, &account);
    Ok(transaction.release_letter_create(None, Some(patient), "accounting", &letter)?)
}
