//! Rows for statistics. Totals count everyone: these statements hide nothing, give no name, and
//! only those that open a number's rows filter labels.

use crate::coding::CodingWork;
use crate::find::{PATIENT_COLUMNS, PatientRow, patient_row};
use crate::resource::{visible, visible_as};
use crate::{Error, Row, Value, View};
use coding::work::{CodeSet, State};
use exchange::fhir::EncounterFacts;
use record::{BirthDate, Instant, PatientKey, ResourceKey};
use std::collections::HashMap;

/// Keys that one statement lists.
const KEYS_AT_ONCE: usize = 500;
/// Encounters that did not take place, or are planned, count nowhere. Finished ones without an
/// end can't be counted on any day: a quality check finds them.
const COUNTED: &str = "r.deleted = 0 AND r.patient IS NOT NULL
     AND (r.status IS NULL OR r.status NOT IN ('planned', 'cancelled', 'entered-in-error'))
     AND (e.ended IS NOT NULL OR r.status IS NULL OR r.status <> 'finished')";

/// A stay, without anybody's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StayRecord {
    /// The Encounter.
    pub encounter: ResourceKey,
    /// Whose, as it was filed: merges are not resolved.
    pub patient: PatientKey,
    /// What its entry says of it.
    pub facts: EncounterFacts,
}

/// A coded entry, without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodedRecord {
    /// The Condition or Procedure.
    pub entry: ResourceKey,
    /// Whose.
    pub patient: PatientKey,
    /// Its Encounter, where that is held.
    pub encounter: Option<ResourceKey>,
    /// The code.
    pub code: String,
    /// Its date.
    pub at: Option<Instant>,
}

/// An account of the coding desk at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRecord {
    /// The Encounter.
    pub encounter: ResourceKey,
    /// Day of its end at the facility.
    pub ended_on: String,
    /// Stored word of its state now.
    pub state: String,
    /// Why it is held.
    pub hold_reason: Option<String>,
    /// When it became final, where it has.
    pub finalized_at: Option<Instant>,
}

/// What an encounter is charged: its charge items, else its claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChargeRecord {
    /// The Encounter.
    pub encounter: ResourceKey,
    /// When it ended; a day without a time as a day in UTC.
    pub ended_at: Instant,
    /// In cents.
    pub cents: i64,
}

/// The final codes of an inpatient stay, with what grouping needs beside them.
#[derive(Clone, Debug)]
pub struct FinalCoding {
    /// The work.
    pub work: CodingWork,
    /// Birth date.
    pub birth_date: BirthDate,
    /// As registered.
    pub sex: String,
    /// Code of the discharge disposition.
    pub disposition: Option<String>,
    /// The codes.
    pub codes: CodeSet,
}

/// An access to one record in the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRecord {
    /// The entry.
    pub entry: i64,
    /// When.
    pub at: Instant,
    /// Under which roles.
    pub roles: String,
    /// For what purpose.
    pub purpose: String,
}

/// A request for release, without what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    /// The request.
    pub request: i64,
    /// Day of its receipt.
    pub received_on: String,
    /// When it was delivered, where it was.
    pub delivered_at: Option<Instant>,
}

/// A request for release behind a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestNamed {
    /// The request.
    pub request: i64,
    /// Its number.
    pub number: String,
    /// Stored word of its state.
    pub state: String,
    /// Day of its receipt.
    pub received_on: String,
    /// When it was delivered, where it was.
    pub delivered_at: Option<Instant>,
    /// Whose, where it is identified.
    pub patient: Option<PatientKey>,
}

/// An encounter behind a number, with whose it is.
#[derive(Clone, Debug)]
pub struct EncounterListed {
    /// The Encounter.
    pub encounter: ResourceKey,
    /// Its FHIR id.
    pub fhir_id: String,
    /// Whose.
    pub patient: PatientRow,
    /// Class code.
    pub class: String,
    /// Begin, as sent.
    pub started: String,
    /// End, as sent; empty while in house.
    pub ended: String,
    /// Service.
    pub service: String,
}

impl View<'_> {
    /// Inpatient and observation stays that touch the time between two instants, or may: the
    /// caller decides by the facility's days.
    pub fn report_stays(
        &mut self,
        from: Instant,
        until: Instant,
    ) -> Result<Vec<StayRecord>, Error> {
        let of_period = format!(
            "e.class IN ('IMP', 'OBSENC') AND e.started_at < $2
             AND (e.ended_at IS NULL OR e.ended_at >= $1) AND {COUNTED}"
        );
        let period = [Value::from(from.0), Value::from(until.0)];
        let sql = format!(
            "SELECT p.resource, p.nursing_unit, p.since FROM encounter_place p
             JOIN encounter_row e ON e.resource = p.resource
             JOIN resource r ON r.resource = e.resource
             WHERE {of_period} ORDER BY p.resource, p.number"
        );
        let mut places: HashMap<i64, Vec<(String, Option<String>)>> = HashMap::new();
        for row in self.query(&sql, &period)? {
            let since = row.text_or_none(2)?.map(str::to_owned);
            places.entry(row.integer(0)?).or_default().push((row.text(1)?.to_owned(), since));
        }
        let sql = format!(
            "SELECT e.resource, r.patient, e.class, e.class_before, e.class_since, e.started,
                    e.ended, e.disposition, e.service, e.facility, e.newborn, e.planned,
                    e.transfer_in
             FROM encounter_row e JOIN resource r ON r.resource = e.resource
             WHERE {of_period} ORDER BY e.started_at, e.resource"
        );
        let rows = self.query(&sql, &period)?;
        let stay = |row: &Row| {
            let text = |column: usize| Ok::<_, Error>(row.text_or_none(column)?.map(str::to_owned));
            let encounter = row.integer(0)?;
            Ok(StayRecord {
                encounter: ResourceKey(encounter),
                patient: PatientKey(row.integer(1)?),
                facts: EncounterFacts {
                    class: row.text(2)?.to_owned(),
                    class_before: text(3)?,
                    class_since: text(4)?,
                    started: text(5)?,
                    ended: text(6)?,
                    disposition: text(7)?,
                    service: row.text(8)?.to_owned(),
                    facility: row.text(9)?.to_owned(),
                    is_newborn: row.integer(10)? != 0,
                    is_planned: row.integer(11)? != 0,
                    is_transfer_in: row.integer(12)? != 0,
                    places: places.remove(&encounter).unwrap_or_default(),
                },
            })
        };
        rows.iter().map(stay).collect()
    }

    /// Coded entries of a type whose code begins so, within a time where one is given.
    pub fn report_codes(
        &mut self,
        kind: &str,
        system: &str,
        prefix: &str,
        within: Option<(Instant, Instant)>,
    ) -> Result<Vec<CodedRecord>, Error> {
        let (from, until) = within.unwrap_or((Instant(i64::MIN), Instant(i64::MAX)));
        let sql = "SELECT c.resource, r.patient, e.resource, c.code, r.first_at
                   FROM coded_row c JOIN resource r ON r.resource = c.resource
                   LEFT JOIN resource e ON e.kind = 'Encounter' AND e.fhir_id = r.encounter
                   WHERE c.system = $1 AND c.code >= $2 AND c.code < $3 AND r.kind = $4
                     AND r.deleted = 0 AND r.patient IS NOT NULL
                     AND (r.status IS NULL OR r.status NOT IN ('entered-in-error', 'not-done'))
                     AND COALESCE(r.first_at, 0) >= $5 AND COALESCE(r.first_at, 0) <= $6
                   ORDER BY c.resource";
        let parameters = [
            system.into(),
            prefix.into(),
            format!("{prefix}\u{10FFFF}").into(),
            kind.into(),
            from.0.into(),
            until.0.into(),
        ];
        let rows = self.query(sql, &parameters)?;
        let coded = |row: &Row| {
            Ok(CodedRecord {
                entry: ResourceKey(row.integer(0)?),
                patient: PatientKey(row.integer(1)?),
                encounter: row.integer_or_none(2)?.map(ResourceKey),
                code: row.text(3)?.to_owned(),
                at: row.integer_or_none(4)?.map(Instant),
            })
        };
        rows.iter().map(coded).collect()
    }

    /// Charges of the encounters that ended before an instant.
    pub fn report_charges(&mut self, until: Instant) -> Result<Vec<ChargeRecord>, Error> {
        let sql = format!(
            "SELECT e.resource, e.ended_at,
                    CAST(SUM(CASE WHEN c.kind = 'ChargeItem' THEN m.cents ELSE 0 END) AS BIGINT),
                    CAST(SUM(CASE WHEN c.kind = 'Claim' THEN m.cents ELSE 0 END) AS BIGINT)
             FROM charge_row m JOIN resource c ON c.resource = m.resource
             JOIN resource r ON r.kind = 'Encounter' AND r.fhir_id = c.encounter
             JOIN encounter_row e ON e.resource = r.resource
             WHERE e.ended_at < $1 AND c.deleted = 0 AND {COUNTED}
             GROUP BY e.resource, e.ended_at ORDER BY e.resource"
        );
        let rows = self.query(&sql, &[until.0.into()])?;
        rows.iter()
            .map(|row| {
                let (items, claims) = (row.integer(2)?, row.integer(3)?);
                Ok(ChargeRecord {
                    encounter: ResourceKey(row.integer(0)?),
                    ended_at: Instant(row.integer(1)?),
                    cents: if items != 0 { items } else { claims },
                })
            })
            .collect()
    }

    /// Accounts that ended by a day and were not final at an instant.
    pub fn report_accounts(
        &mut self,
        ended_by: &str,
        at: Instant,
    ) -> Result<Vec<AccountRecord>, Error> {
        let sql = "SELECT c.encounter, c.ended_on, c.state, c.hold_reason, c.finalized_at
                   FROM coding_work c JOIN resource r ON r.resource = c.encounter
                   WHERE c.ended_on <= $1 AND r.deleted = 0
                     AND (c.state <> 'final' OR c.finalized_at > $2)
                   ORDER BY c.ended_on, c.encounter";
        let rows = self.query(sql, &[ended_by.into(), at.0.into()])?;
        rows.iter()
            .map(|row| {
                Ok(AccountRecord {
                    encounter: ResourceKey(row.integer(0)?),
                    ended_on: row.text(1)?.to_owned(),
                    state: row.text(2)?.to_owned(),
                    hold_reason: row.text_or_none(3)?.map(str::to_owned),
                    finalized_at: row.integer_or_none(4)?.map(Instant),
                })
            })
            .collect()
    }

    /// The final codes of a stay, hidden or not: for totals, which count everyone.
    pub fn coding_final(&mut self, encounter: ResourceKey) -> Result<Option<FinalCoding>, Error> {
        let Some(work) = self.coding_of(encounter)?.filter(|work| work.state == State::Final)
        else {
            return Ok(None);
        };
        let sql = "SELECT p.birth_date, p.sex, e.disposition FROM encounter_row e
                   JOIN resource r ON r.resource = e.resource
                   JOIN patient_row p ON p.patient = r.patient WHERE e.resource = $1";
        let Some(row) = self.query_one(sql, &[encounter.0.into()])? else { return Ok(None) };
        Ok(Some(FinalCoding {
            codes: self.coding_draft(&work)?,
            work,
            birth_date: BirthDate::new(row.text(0)?),
            sex: row.text(1)?.to_owned(),
            disposition: row.text_or_none(2)?.map(str::to_owned),
        }))
    }

    /// Accesses to records by people and by clients within a time, one for each record touched.
    pub fn report_accesses(
        &mut self,
        from: Instant,
        until: Instant,
    ) -> Result<Vec<AccessRecord>, Error> {
        let sql = "SELECT a.entry, a.at, a.roles, a.purpose
                   FROM audit_entry a JOIN audit_patient p ON p.entry = a.entry
                   WHERE a.at >= $1 AND a.at < $2 AND a.outcome = 'done'
                     AND (a.actor LIKE 'person:%' OR a.actor LIKE 'client:%')
                   ORDER BY a.entry";
        let rows = self.query(sql, &[from.0.into(), until.0.into()])?;
        rows.iter()
            .map(|row| {
                Ok(AccessRecord {
                    entry: row.integer(0)?,
                    at: Instant(row.integer(1)?),
                    roles: row.text(2)?.to_owned(),
                    purpose: row.text(3)?.to_owned(),
                })
            })
            .collect()
    }

    /// Requests that were delivered within a time or after it, and those that had not ended at its
    /// end. A request runs from its receipt, whenever it was logged: the caller looks at that day.
    pub fn report_requests(
        &mut self,
        from: Instant,
        until: Instant,
    ) -> Result<Vec<RequestRecord>, Error> {
        let sql = "SELECT release_request, received_on, delivered_at FROM release_request
                   WHERE delivered_at >= $1 OR (delivered_at IS NULL AND ended_at IS NULL)
                      OR (delivered_at IS NULL AND ended_at >= $2)
                   ORDER BY release_request";
        let rows = self.query(sql, &[from.0.into(), until.0.into()])?;
        rows.iter()
            .map(|row| {
                Ok(RequestRecord {
                    request: row.integer(0)?,
                    received_on: row.text(1)?.to_owned(),
                    delivered_at: row.integer_or_none(2)?.map(Instant),
                })
            })
            .collect()
    }

    /// Patients registered within a time, with when and whether the record is merged today.
    pub fn report_registrations(
        &mut self,
        from: Instant,
        until: Instant,
    ) -> Result<Vec<(PatientKey, Instant, bool)>, Error> {
        let sql = "SELECT r.patient, v.at,
                          (SELECT COUNT(*) FROM patient_link l
                           WHERE l.patient = r.patient AND l.ended_at IS NULL)
                   FROM version v JOIN resource r ON r.resource = v.resource
                   WHERE r.kind = 'Patient' AND v.number = 1 AND v.at >= $1 AND v.at < $2
                     AND r.patient IS NOT NULL ORDER BY r.patient";
        let rows = self.query(sql, &[from.0.into(), until.0.into()])?;
        rows.iter()
            .map(|row| {
                let key = PatientKey(row.integer(0)?);
                Ok((key, Instant(row.integer(1)?), row.integer(2)? > 0))
            })
            .collect()
    }

    /// Records that stand in a possible duplicate on which nobody has decided, each once for each.
    pub fn report_possible_duplicates(&mut self) -> Result<Vec<PatientKey>, Error> {
        let open = "state IN ('open', 'in-review', 'waiting', 'to-merge')";
        let sql = format!("SELECT low, high FROM duplicate_pair WHERE {open} ORDER BY 1, 2");
        let mut keys = Vec::new();
        for row in self.query(&sql, &[])? {
            keys.extend([PatientKey(row.integer(0)?), PatientKey(row.integer(1)?)]);
        }
        Ok(keys)
    }

    /// The encounters behind a number, in the order given; hidden ones are absent.
    pub fn report_encounters(
        &mut self,
        keys: &[ResourceKey],
    ) -> Result<Vec<EncounterListed>, Error> {
        let mut found = HashMap::new();
        for part in keys.chunks(KEYS_AT_ONCE) {
            let list: Vec<String> = part.iter().map(|key| key.0.to_string()).collect();
            let sql = format!(
                "SELECT {PATIENT_COLUMNS}, n.resource, n.fhir_id, e.class, e.started, e.ended,
                        e.service
                 FROM resource n JOIN encounter_row e ON e.resource = n.resource
                 JOIN patient_row p ON p.patient = n.patient
                 JOIN resource r ON r.resource = p.resource
                 WHERE n.resource IN ({}) AND n.deleted = 0 AND {} AND {}",
                list.join(", "),
                visible(self.context()),
                visible_as(self.context(), "n")
            );
            for row in self.query(&sql, &[])? {
                let listed = encounter_listed(&row)?;
                found.insert(listed.encounter, listed);
            }
        }
        Ok(keys.iter().filter_map(|key| found.remove(key)).collect())
    }

    /// Requests for release by key, in the order of keys.
    pub fn report_request_list(&mut self, keys: &[i64]) -> Result<Vec<RequestNamed>, Error> {
        let mut found = Vec::new();
        for part in keys.chunks(KEYS_AT_ONCE) {
            let list: Vec<String> = part.iter().map(i64::to_string).collect();
            let sql = format!(
                "SELECT release_request, number, state, received_on, delivered_at, patient
                 FROM release_request WHERE release_request IN ({}) ORDER BY release_request",
                list.join(", ")
            );
            for row in self.query(&sql, &[])? {
                found.push(RequestNamed {
                    request: row.integer(0)?,
                    number: row.text(1)?.to_owned(),
                    state: row.text(2)?.to_owned(),
                    received_on: row.text(3)?.to_owned(),
                    delivered_at: row.integer_or_none(4)?.map(Instant),
                    patient: row.integer_or_none(5)?.map(PatientKey),
                });
            }
        }
        Ok(found)
    }

    /// The patients behind a number, in the order given; hidden ones are absent.
    pub fn report_patients(&mut self, keys: &[PatientKey]) -> Result<Vec<PatientRow>, Error> {
        let mut found = HashMap::new();
        for part in keys.chunks(KEYS_AT_ONCE) {
            let list: Vec<String> = part.iter().map(|key| key.0.to_string()).collect();
            let sql = format!(
                "SELECT {PATIENT_COLUMNS} FROM patient_row p
                 JOIN resource r ON r.resource = p.resource
                 WHERE p.patient IN ({}) AND {}",
                list.join(", "),
                visible(self.context())
            );
            for row in self.query(&sql, &[])? {
                let patient = patient_row(&row)?;
                found.insert(patient.patient, patient);
            }
        }
        Ok(keys.iter().filter_map(|key| found.remove(key)).collect())
    }
}

fn encounter_listed(row: &Row) -> Result<EncounterListed, Error> {
    let text = |column: usize| Ok::<_, Error>(row.text_or_none(column)?.unwrap_or("").to_owned());
    Ok(EncounterListed {
        patient: patient_row(row)?,
        encounter: ResourceKey(row.integer(9)?),
        fhir_id: row.text(10)?.to_owned(),
        class: text(11)?,
        started: text(12)?,
        ended: text(13)?,
        service: text(14)?,
    })
}
