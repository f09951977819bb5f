//! Who is one person: links between merged records, and possible duplicates.
//!
//! A merge is a link that is resolved on reading; no row of either record changes. Reasons are
//! words of people about patients: they are kept under the patient's key.

use crate::find::{PATIENT_COLUMNS, PatientRow, patient_row};
use crate::{Error, Row, Transaction, Value, View, body, projection};
use identity::duplicate::DuplicateState;
use identity::link::Act;
use identity::{Link, LinkId, Links, Pair, Person};
use record::{Actor, ContentHash, Instant, PatientKey, Private};

/// A possible duplicate as it stands.
#[derive(Clone, Debug)]
pub struct DuplicatePair {
    /// Id.
    pub id: i64,
    /// The two records.
    pub pair: Pair,
    /// Probability that they are one person, 0 to 1, when they were last compared.
    pub probability: f64,
    /// Digest of what was last compared.
    pub evidence: ContentHash,
    /// Where it stands.
    pub state: DuplicateState,
    /// How often it was changed: what a form was shown, to be compared when it is sent.
    pub changes: i64,
    /// When it was found.
    pub found_at: Instant,
    /// When it last changed.
    pub changed_at: Instant,
}

/// One change of a possible duplicate.
#[derive(Clone, Debug)]
pub struct DuplicateEvent {
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: String,
    /// State before; empty at the beginning.
    pub from: String,
    /// State after.
    pub to: String,
    /// Why.
    pub reason: Private,
}

const PAIR_COLUMNS: &str = "duplicate_pair, low, high, probability_ppm, evidence, body, changes, \
     found_at, changed_at";

fn reason_context(table: &str, id: i64) -> Vec<u8> {
    format!("{table}:{id}").into_bytes()
}

fn actor_of(key: &str) -> Actor {
    let (kind, rest) = key.split_once(':').unwrap_or(("system", key));
    match (kind, rest.parse()) {
        ("person", Ok(id)) => Actor::Person { id },
        ("client", Ok(id)) => Actor::Client { id },
        _ => Actor::System { name: rest.to_owned() },
    }
}

impl View<'_> {
    /// The record under which a patient is found today: itself where nothing was merged.
    pub fn patient_survivor(&mut self, patient: PatientKey) -> Result<PatientKey, Error> {
        let sql = "SELECT survivor FROM patient_link WHERE patient = $1 AND ended_at IS NULL";
        let (mut at, mut seen) = (patient, vec![patient]);
        while let Some(row) = self.query_one(sql, &[at.0.into()])? {
            at = PatientKey(row.integer(0)?);
            if seen.contains(&at) {
                return Err(Error::Corrupt(format!("links of patient {} go round", patient.0)));
            }
            seen.push(at);
        }
        Ok(at)
    }

    /// Every record that is found under this one today, itself first.
    pub fn patient_members(&mut self, patient: PatientKey) -> Result<Vec<PatientKey>, Error> {
        let sql = "SELECT patient FROM patient_link WHERE survivor = $1 AND ended_at IS NULL
                   ORDER BY patient";
        let (mut members, mut next) = (vec![patient], 0);
        while let Some(at) = members.get(next).copied() {
            for row in self.query(sql, &[at.0.into()])? {
                let member = PatientKey(row.integer(0)?);
                if !members.contains(&member) {
                    members.push(member);
                }
            }
            next += 1;
        }
        Ok(members)
    }

    /// Every record of the person whose record this is, as far as it was merged.
    pub fn patient_group(&mut self, patient: PatientKey) -> Result<Vec<PatientKey>, Error> {
        let survivor = self.patient_survivor(patient)?;
        self.patient_members(survivor)
    }

    /// The members as a list for a statement: numbers of our own only.
    pub(crate) fn members_sql(&mut self, patient: PatientKey) -> Result<String, Error> {
        let members = self.patient_members(patient)?;
        let numbers: Vec<String> = members.iter().map(|member| member.0.to_string()).collect();
        Ok(numbers.join(", "))
    }

    /// Every link that stands, to judge what may be merged; their reasons are left out.
    pub fn patient_links(&mut self) -> Result<Links, Error> {
        let sql = "SELECT link, patient, survivor, at, actor FROM patient_link
                   WHERE ended_at IS NULL ORDER BY link";
        let rows = self.query(sql, &[])?;
        let link = |row: &Row| {
            let by = actor_of(row.text(4)?);
            Ok(Link {
                id: LinkId(row.integer(0)?),
                retired: PatientKey(row.integer(1)?),
                survivor: PatientKey(row.integer(2)?),
                merged: Act { by, at: Instant(row.integer(3)?), reason: String::new() },
                ended: None,
            })
        };
        Ok(Links::from_links(rows.iter().map(link).collect::<Result<Vec<_>, Error>>()?))
    }

    /// What matching reads of every patient, by key, after this one. Hidden ones are there too:
    /// duplicates are looked for among all records, and only their pairs are shown.
    pub fn person_page(
        &mut self,
        after: PatientKey,
        limit: i64,
    ) -> Result<Vec<(PatientKey, Person)>, Error> {
        let sql = "SELECT p.patient, v.resource, v.number, v.unit, v.body FROM patient_row p
                   JOIN resource r ON r.resource = p.resource
                   JOIN version v ON v.version = r.version
                   WHERE p.patient > $1 ORDER BY p.patient LIMIT $2";
        let rows = self.query(sql, &[after.0.into(), limit.into()])?;
        rows.iter().map(|row| self.person_of_row(row)).collect()
    }

    fn person_of_row(&mut self, row: &Row) -> Result<(PatientKey, Person), Error> {
        let (resource, number) = (row.integer(1)?, row.integer(2)?);
        let text = self.open_body(row.integer(3)?, resource, number, row.blob(4)?)?;
        let person = projection::person(&body::as_sent(&text)?);
        Ok((PatientKey(row.integer(0)?), person))
    }

    /// Who a patient is, for the decision on a possible duplicate: labels do not hide what that
    /// decision needs, and no more than that is given.
    pub fn patient_to_decide(
        &mut self,
        patient: PatientKey,
    ) -> Result<Option<(PatientRow, Person)>, Error> {
        let sql = format!(
            "SELECT {PATIENT_COLUMNS} FROM patient_row p
             JOIN resource r ON r.resource = p.resource WHERE p.patient = $1"
        );
        let Some(row) = self.query_one(&sql, &[patient.0.into()])? else { return Ok(None) };
        let found = self.person_page(PatientKey(patient.0 - 1), 1)?;
        let person = found.into_iter().find(|(key, _)| *key == patient).map(|(_, one)| one);
        Ok(Some((patient_row(&row)?, person.unwrap_or_default())))
    }

    /// A possible duplicate.
    pub fn duplicate(&mut self, id: i64) -> Result<Option<DuplicatePair>, Error> {
        let sql = format!("SELECT {PAIR_COLUMNS} FROM duplicate_pair WHERE duplicate_pair = $1");
        let row = self.query_one(&sql, &[id.into()])?;
        row.map(|row| self.duplicate_of(&row)).transpose()
    }

    /// Possible duplicates in these states, the likeliest first.
    pub fn duplicate_list(
        &mut self,
        states: &[&str],
        limit: i64,
    ) -> Result<Vec<DuplicatePair>, Error> {
        let list: Vec<String> = (1..=states.len()).map(|n| format!("${n}")).collect();
        let mut parameters: Vec<Value> = states.iter().map(|state| Value::from(*state)).collect();
        parameters.push(limit.into());
        let sql = format!(
            "SELECT {PAIR_COLUMNS} FROM duplicate_pair WHERE state IN ({})
             ORDER BY probability_ppm DESC, duplicate_pair LIMIT ${}",
            list.join(", "),
            parameters.len()
        );
        let rows = self.query(&sql, &parameters)?;
        rows.iter().map(|row| self.duplicate_of(row)).collect()
    }

    /// How many possible duplicates stand in each state, and how many records are in those that
    /// are not closed.
    pub fn duplicate_counts(&mut self) -> Result<(Vec<(String, i64)>, i64), Error> {
        let sql = "SELECT state, COUNT(*) FROM duplicate_pair GROUP BY state ORDER BY state";
        let rows = self.query(sql, &[])?;
        let counts = rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.integer(1)?)));
        let counts = counts.collect::<Result<Vec<_>, Error>>()?;
        let open = "state IN ('open', 'in-review', 'waiting', 'to-merge')";
        let sql = format!(
            "SELECT COUNT(*) FROM (SELECT low AS one FROM duplicate_pair WHERE {open}
             UNION SELECT high AS one FROM duplicate_pair WHERE {open}) records"
        );
        let records = self.query_one(&sql, &[])?.ok_or(Error::NotFound)?.integer(0)?;
        Ok((counts, records))
    }

    /// What happened to a possible duplicate, the newest first.
    pub fn duplicate_events(&mut self, pair: &DuplicatePair) -> Result<Vec<DuplicateEvent>, Error> {
        let sql = "SELECT duplicate_event, at, actor, from_state, to_state, reason
                   FROM duplicate_event WHERE duplicate_pair = $1 ORDER BY duplicate_event DESC";
        let rows = self.query(sql, &[pair.id.into()])?;
        let unit = self.unit_of_low(pair.pair)?;
        let key = self.unit_key(unit)?;
        let event = |row: &Row| {
            let context = reason_context("duplicate_event", row.integer(0)?);
            let reason = key.decrypt(row.blob(5)?, &context)?;
            Ok(DuplicateEvent {
                at: Instant(row.integer(1)?),
                actor: row.text(2)?.to_owned(),
                from: row.text(3)?.to_owned(),
                to: row.text(4)?.to_owned(),
                reason: Private::new(String::from_utf8_lossy(&reason)),
            })
        };
        rows.iter().map(event).collect()
    }

    fn duplicate_of(&mut self, row: &Row) -> Result<DuplicatePair, Error> {
        let id = row.integer(0)?;
        let damaged = || Error::Corrupt(format!("possible duplicate {id} can't be read"));
        let pair = Pair::new(PatientKey(row.integer(1)?), PatientKey(row.integer(2)?));
        let pair = pair.ok_or_else(damaged)?;
        let unit = self.unit_of_low(pair)?;
        let body = self.unit_key(unit)?.decrypt(row.blob(5)?, &reason_context("pair", id))?;
        Ok(DuplicatePair {
            id,
            pair,
            probability: row.integer(3)? as f64 / 1e6,
            evidence: ContentHash::from_slice(row.blob(4)?).ok_or_else(damaged)?,
            state: serde_json::from_slice(&body).map_err(|_| damaged())?,
            changes: row.integer(6)?,
            found_at: Instant(row.integer(7)?),
            changed_at: Instant(row.integer(8)?),
        })
    }

    fn unit_of_low(&mut self, pair: Pair) -> Result<i64, Error> {
        let row = self.row("patient", &[pair.low.0.into()])?.ok_or(Error::NotFound)?;
        row.integer(2)
    }
}

impl Transaction<'_> {
    /// Keeps a possible duplicate that was not known.
    pub fn duplicate_create(
        &mut self,
        pair: Pair,
        probability: f64,
        evidence: ContentHash,
    ) -> Result<i64, Error> {
        let (id, at) = (self.new_id(), self.context().at);
        let row = DuplicatePair {
            id,
            pair,
            probability,
            evidence,
            state: DuplicateState::Open,
            changes: 0,
            found_at: at,
            changed_at: at,
        };
        let mut values = self.duplicate_values(&row)?;
        values.extend([
            ("duplicate_pair", id.into()),
            ("low", pair.low.0.into()),
            ("high", pair.high.0.into()),
            ("found_at", at.0.into()),
        ]);
        self.insert("duplicate_pair", &values)?;
        self.duplicate_event(&row, "", "Found by comparing all records.")?;
        Ok(id)
    }

    /// Saves a possible duplicate whose state, evidence or probability was changed, and why.
    ///
    /// # Errors
    /// [`Error::Conflict`] when somebody changed it since it was read.
    pub fn duplicate_save(&mut self, changed: &DuplicatePair, reason: &str) -> Result<(), Error> {
        let before = self.duplicate(changed.id)?.ok_or(Error::NotFound)?;
        if before.changes != changed.changes {
            return Err(Error::Conflict(
                "Somebody else has worked on this pair. Load the page again.".into(),
            ));
        }
        let mut row = changed.clone();
        row.changes += 1;
        let values = self.duplicate_values(&row)?;
        self.update("duplicate_pair", &[row.id.into()], &values)?;
        self.duplicate_event(&row, before.state.as_str(), reason)
    }

    fn duplicate_values(
        &mut self,
        row: &DuplicatePair,
    ) -> Result<Vec<(&'static str, Value)>, Error> {
        let body = serde_json::to_vec(&row.state).expect("a state is plain data and serialises");
        let unit = self.unit_of_low(row.pair)?;
        let body = self.unit_key(unit)?.encrypt(&body, &reason_context("pair", row.id))?;
        let (link, until) = match &row.state {
            DuplicateState::Merged { link } => (Some(link.0), None),
            DuplicateState::Waiting { until, .. } => (None, Some(until.0)),
            _ => (None, None),
        };
        Ok(vec![
            ("probability_ppm", ((row.probability * 1e6).round() as i64).into()),
            ("evidence", row.evidence.0.to_vec().into()),
            ("state", row.state.as_str().into()),
            ("link", link.into()),
            ("waits_until", until.into()),
            ("body", body.into()),
            ("changes", row.changes.into()),
            ("changed_at", self.context().at.0.into()),
        ])
    }

    fn duplicate_event(
        &mut self,
        row: &DuplicatePair,
        from: &str,
        reason: &str,
    ) -> Result<(), Error> {
        let id = self.new_id();
        let unit = self.unit_of_low(row.pair)?;
        let context = reason_context("duplicate_event", id);
        let reason = self.unit_key(unit)?.encrypt(reason.as_bytes(), &context)?;
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "duplicate_event",
            &[
                ("duplicate_event", id.into()),
                ("duplicate_pair", row.id.into()),
                ("at", at.into()),
                ("actor", actor.into()),
                ("from_state", from.into()),
                ("to_state", row.state.as_str().into()),
                ("reason", reason.into()),
            ],
        )
    }

    /// Links a record to the one under which it is found from now on. What may be linked is
    /// judged before, by [`Links::may_merge`].
    pub fn patient_link_create(
        &mut self,
        retired: PatientKey,
        survivor: PatientKey,
        reason: &str,
    ) -> Result<LinkId, Error> {
        let id = self.new_id();
        let unit = self.unit_of(Some(retired))?;
        let context = reason_context("patient_link", id);
        let reason = self.unit_key(unit)?.encrypt(reason.as_bytes(), &context)?;
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "patient_link",
            &[
                ("link", id.into()),
                ("patient", retired.0.into()),
                ("survivor", survivor.0.into()),
                ("at", at.into()),
                ("actor", actor.into()),
                ("reason", reason.into()),
            ],
        )?;
        // From now on what hides one of the records hides all of them.
        self.relabel_all(survivor)?;
        Ok(LinkId(id))
    }

    /// Ends a link: both records stand for themselves again.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was ended before.
    pub fn patient_link_end(&mut self, link: LinkId, reason: &str) -> Result<(), Error> {
        let sql = "SELECT patient FROM patient_link WHERE link = $1 AND ended_at IS NULL";
        let Some(row) = self.query_one(sql, &[link.0.into()])? else {
            return Err(Error::Conflict("This merge was undone before.".into()));
        };
        let retired = PatientKey(row.integer(0)?);
        let together = self.patient_group(retired)?;
        let unit = self.unit_of(Some(retired))?;
        let context = reason_context("patient_link_end", link.0);
        let reason = self.unit_key(unit)?.encrypt(reason.as_bytes(), &context)?;
        let values = [
            ("ended_at", self.context().at.0.into()),
            ("ended_by", self.context().actor.key().into()),
            ("ended_reason", reason.into()),
        ];
        self.update("patient_link", &[link.0.into()], &values)?;
        // Each record is hidden again by its own labels alone.
        together.into_iter().try_for_each(|member| self.relabel(member))
    }
}
