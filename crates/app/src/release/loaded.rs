//! A request with everything that a decision on it needs, loaded on one state of the store.

use super::standing::{Prepared, prepared};
use super::{ADULT_YEARS, rules};
use crate::Error;
use crate::entry::zone_in;
use exchange::fhir::released_kind;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record::{Context, LabelMask, PatientKey, ResourceKey, SensitiveClass};
use release::basis::{Answer, Answers, Evaluation, evaluate_under};
use release::lifecycle::Facts;
use release::requester::{Gap, IndividualFacts, gaps};
use release::scope::{Item, Part2Cover, Scope};
use release::{Basis, Request};
use store::find::PatientRow;
use store::release::{ReleaseBody, ReleaseRequest};
use store::{ResourceRow, View};

/// A request, loaded.
pub struct Loaded {
    /// The request as it stands.
    pub row: ReleaseRequest,
    /// The site's zone.
    pub zone: TimeZone,
    /// Today in that zone.
    pub today: Date,
    /// The patient, links followed.
    pub patient: Option<PatientRow>,
    /// Whether a minor, whether dead.
    pub individual: IndividualFacts,
    /// The latest day on which the patient can have died, by the chart.
    pub died_on: Option<Date>,
    /// The chosen basis, evaluated today under the checklist of the day of receipt.
    pub evaluation: Option<Evaluation>,
    /// The basis that lifts Part 2 beside it, evaluated today.
    pub cover: Option<Evaluation>,
    /// What the verification lacks; none while nobody verified.
    pub gaps: Option<Vec<Gap>>,
    /// The scope, with what the answers lift.
    pub scope: Option<Scope>,
    /// Items that the decision is about.
    pub items: Vec<Item>,
    /// What review, redaction and packet have come to.
    pub prepared: Prepared,
}

impl Loaded {
    /// Loads a request; its items are those that were selected.
    pub(crate) fn of(view: &mut View<'_>, id: i64) -> Result<Loaded, Error> {
        let row = view.release_request(id)?.ok_or(Error::NotFound)?;
        let zone = zone_in(view)?;
        let today = view.context().at.date_in(&zone);
        let patient = match row.patient {
            Some(key) => {
                let survivor = view.patient_survivor(key)?;
                Some(view.patient_row(survivor)?.ok_or(Error::NotFound)?)
            }
            None => None,
        };
        let individual = patient.as_ref().map_or_else(IndividualFacts::default, |patient| {
            let minor = is_minor(patient.birth_date.reveal(), today);
            IndividualFacts { minor, deceased: patient.deceased }
        });
        let died_on = match patient.as_ref().filter(|patient| patient.deceased) {
            Some(patient) => death_date(view, patient, &zone)?,
            None => None,
        };
        let prepared = prepared(view, &row)?;
        let mut loaded = Loaded {
            row,
            zone,
            today,
            patient,
            individual,
            died_on,
            evaluation: None,
            cover: None,
            gaps: None,
            scope: None,
            items: Vec::new(),
            prepared,
        };
        loaded.judge(view)?;
        loaded.items = loaded.selected_items(view)?;
        Ok(loaded)
    }

    /// The day whose rules the request is asked by: that of its receipt.
    pub(crate) fn asked_on(&self) -> Date {
        self.request().received
    }

    /// Judges basis, cover, requester and scope: under the rules of the day of receipt, by what
    /// is so today.
    fn judge(&mut self, view: &mut View<'_>) -> Result<(), Error> {
        let checklists = rules::checklists(view)?;
        let body = &self.row.body;
        let jurisdiction = body.request.jurisdiction.as_deref();
        let judged = |basis: Basis, answers: &Answers| {
            let days = (body.request.received, self.today);
            evaluate_under(&checklists, basis, jurisdiction, answers, days)
        };
        self.evaluation = body.request.basis.map(|basis| judged(basis, &body.answers));
        self.cover = body.cover.as_ref().map(|(basis, answers)| judged(*basis, answers));
        let kind = body.request.requester.kind;
        self.gaps =
            (body.verification.as_ref()).map(|done| gaps(kind, done, self.individual, self.today));
        self.scope = self.scope_today();
        Ok(())
    }

    fn scope_today(&self) -> Option<Scope> {
        let body = &self.row.body;
        let mut scope = body.scope.clone()?;
        if let Some(done) = &body.verification {
            scope.authority = done.authority;
        }
        let satisfied = self.cover.as_ref().filter(|cover| cover.is_satisfied());
        scope.part2 = satisfied.and_then(|cover| part2_cover(cover.basis));
        scope.own_form_for = own_form_for(body, self.evaluation.as_ref());
        Some(scope)
    }

    /// The request, as its lifecycle knows it.
    pub fn request(&self) -> &Request {
        &self.row.body.request
    }

    /// Whose record it is about, links followed.
    pub fn patient_key(&self) -> Option<PatientKey> {
        self.patient.as_ref().map(|patient| patient.patient)
    }

    /// What the lifecycle is asked with.
    pub(crate) fn facts<'a>(&'a self, context: &'a Context) -> Facts<'a> {
        Facts {
            actor: &context.actor,
            roles: &context.roles,
            at: context.at,
            today: self.today,
            evaluation: self.evaluation.as_ref(),
            verification: self.gaps.as_deref(),
            scope: self.scope.as_ref(),
            items: &self.items,
            minor: self.individual.minor,
            died_on: self.died_on,
            undecided_proposals: self.prepared.undecided_proposals,
            unconfirmed_redactions: self.prepared.unconfirmed_redactions,
            packet: self.prepared.packet.as_ref(),
        }
    }

    /// The items of the selection that this context may see.
    fn selected_items(&self, view: &mut View<'_>) -> Result<Vec<Item>, Error> {
        let keys = match &self.request().selection {
            Some(selection) => selection.items.clone(),
            None => Vec::new(),
        };
        self.items_of(view, &keys)
    }

    /// These entries as items, where they are this patient's and may be seen.
    pub(crate) fn items_of(
        &self,
        view: &mut View<'_>,
        keys: &[ResourceKey],
    ) -> Result<Vec<Item>, Error> {
        let Some(patient) = self.patient_key() else { return Ok(Vec::new()) };
        let members = view.patient_members(patient)?;
        let mut items = Vec::new();
        for key in keys {
            let row = view.resource_by_key(*key)?.filter(|row| !row.deleted);
            let of_patient = |row: &ResourceRow| row.patient.is_some_and(|p| members.contains(&p));
            if let Some(row) = row.filter(of_patient) {
                let value = view.resource_value(&row)?;
                items.push(self.item(&row, &value));
            }
        }
        Ok(items)
    }

    /// An entry as an item of the release.
    pub(crate) fn item(&self, row: &ResourceRow, value: &serde_json::Value) -> Item {
        let labels = self.patient.as_ref().map_or(LabelMask::NONE, |patient| patient.labels);
        Item {
            key: row.resource,
            kind: released_kind(value).0,
            date: row.first_at.map(|at| at.date_in(&self.zone)),
            labels: row.labels.with(labels),
            restricted_from_plan: self.row.body.restricted.contains(&row.resource),
            compiled_for_litigation: self.row.body.litigation.contains(&row.resource),
        }
    }
}

/// The last day of the date of death in the chart, which may be a month or a year alone.
fn death_date(
    view: &mut View<'_>,
    patient: &PatientRow,
    zone: &TimeZone,
) -> Result<Option<Date>, Error> {
    let value = view.resource_value_by_key(patient.resource)?;
    let span = exchange::fhir::index(&value, zone).deceased_at;
    Ok(span.map(|(_, last)| last.date_in(zone)))
}

/// Under [`ADULT_YEARS`] on the day. A birth date without its day counts from its last day.
fn is_minor(birth_date: &str, today: Date) -> bool {
    let born = match birth_date.len() {
        4 => format!("{birth_date}-12-31").parse::<Date>(),
        7 => format!("{birth_date}-28").parse::<Date>(),
        _ => birth_date.parse::<Date>(),
    };
    born.is_ok_and(|born| born.saturating_add(ADULT_YEARS.years()) > today)
}

fn part2_cover(basis: Basis) -> Option<Part2Cover> {
    match basis {
        Basis::Part2Consent => Some(Part2Cover::Consent),
        Basis::Part2Emergency => Some(Part2Cover::Emergency),
        Basis::Part2Research => Some(Part2Cover::Research),
        Basis::Part2Audit => Some(Part2Cover::Audit),
        Basis::Part2CourtOrder => Some(Part2Cover::CourtOrder),
        _ => None,
    }
}

/// Notes that are kept apart go out only by a form of their own: what the satisfied checklists
/// say of it (164.508(b)(3)(ii), 42 CFR 2.31(b)).
fn own_form_for(body: &ReleaseBody, evaluation: Option<&Evaluation>) -> LabelMask {
    let Some(evaluation) = evaluation.filter(|e| e.is_satisfied()) else {
        return LabelMask::NONE;
    };
    let yes = |id: &str| body.answers.get(id) == Some(&Answer::Yes);
    match evaluation.basis {
        Basis::Authorization if yes("psychotherapy") && yes("psychotherapy-alone") => {
            LabelMask::of(SensitiveClass::Psychotherapy)
        }
        Basis::Part2Consent if yes("counselling-notes") && yes("counselling-alone") => {
            LabelMask::of(SensitiveClass::SubstanceUseCounselling)
        }
        _ => LabelMask::NONE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_minor_is_one_until_the_birthday() {
        let table = [
            ("2008-03-05", true),
            ("2008-03-04", false),
            ("2008-03", true),
            ("2008", true),
            ("2007", false),
            ("", false),
        ];
        for (born, expected) in table {
            assert_eq!(is_minor(born, date(2026, 3, 4)), expected, "{born}");
        }
    }
}
