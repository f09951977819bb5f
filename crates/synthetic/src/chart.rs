//! One person's chart: the visits written as FHIR resources, with their truth.

mod entries;

pub(crate) use entries::{category, quantity, status};

use crate::notes;
use crate::person::Person;
use crate::plan::{Planned, encounters};
use crate::random::Random;
use crate::scan::Scan;
use crate::scenario::{CHRONIC, Chronic, Class, Diagnosis, NEWBORNS};
use crate::site::{self, ENCOUNTER_SYSTEM, Provider, UNITS, bed_id, provider};
use crate::truth::{Coding, Death, Readmission, Stay, Truth};
use jiff::{ToSpan, civil, tz::TimeZone};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// A person's records, in an order in which each reference leads back.
#[derive(Clone, Default)]
pub struct Chart {
    /// FHIR resources: the patient's own, a newborn's, a duplicate's.
    pub resources: Vec<Value>,
    /// Scans.
    pub scans: Vec<Scan>,
    /// What is true of them.
    pub truth: Truth,
}

/// What all charts share.
pub(crate) struct House {
    pub today: civil::Date,
    pub zone: TimeZone,
    pub providers: Vec<Provider>,
    /// Stays in each bed of each unit: from, and to. They never overlap.
    beds: HashMap<&'static str, Vec<BTreeMap<civil::DateTime, civil::DateTime>>>,
}

impl House {
    pub(crate) fn new(today: civil::Date) -> House {
        // Central time by its rule, so that no machine's time zone files are needed.
        let zone = TimeZone::posix("CST6CDT,M3.2.0,M11.1.0").expect("the rule is well formed");
        let beds = UNITS.iter().map(|unit| (unit.key, vec![BTreeMap::new(); unit.beds])).collect();
        House { today, zone, providers: site::providers(), beds }
    }

    /// A local time as FHIR text with its offset.
    pub(crate) fn stamp(&self, time: civil::DateTime) -> String {
        let offset = self.zone.to_ambiguous_timestamp(time);
        let timestamp = offset.compatible().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let hours = self.zone.to_offset(timestamp).seconds() / 3600;
        let sign = if hours < 0 { '-' } else { '+' };
        format!("{}{sign}{:02}:00", time.strftime("%Y-%m-%dT%H:%M:%S"), hours.abs())
    }

    /// A bed of the unit that is free for this time; `None` where the unit has none.
    fn bed(
        &mut self,
        unit: &str,
        from: civil::DateTime,
        to: Option<civil::DateTime>,
    ) -> Option<usize> {
        let to = to.unwrap_or(civil::DateTime::MAX);
        let beds = self.beds.get_mut(unit)?;
        let place = beds
            .iter()
            .position(|taken| taken.range(..to).next_back().is_none_or(|(_, end)| *end <= from))?;
        beds[place].insert(from, to);
        Some(place + 1)
    }
}

/// The visit's number: `p00012-e3` is `V000123`.
pub(crate) fn encounter_number(encounter: &str) -> String {
    encounter.replace("-e", "").replace('p', "V")
}

/// A sensitive class as a security label.
pub(crate) fn label(class: &str) -> Value {
    let (code, words) = match class {
        "sud" => ("ETH", "substance abuse information sensitivity"),
        "mental-health" => ("PSY", "psychiatry disorder information sensitivity"),
        "hiv-sti" => ("HIV", "HIV/AIDS information sensitivity"),
        _ => ("CEL", "celebrity information sensitivity"),
    };
    let system = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    json!({"system": system, "code": code, "display": words})
}

/// A concept of one code.
pub(crate) fn concept(system: &str, code: &str, words: &str) -> Value {
    json!({"coding": [{"system": system, "code": code, "display": words}], "text": words})
}

pub(crate) const ICD_10_CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";

/// Everything about one visit that its entries share.
pub(crate) struct Scene<'a> {
    pub person: &'a Person,
    pub visit: &'a Planned,
    pub encounter: String,
    pub attending: &'a Provider,
    pub chronic: &'a [&'static Chronic],
    pub is_newborn: bool,
}

/// Writes one chart.
pub(crate) struct Writer<'a> {
    pub house: &'a mut House,
    pub random: Random,
    pub chart: Chart,
    counts: HashMap<&'static str, u32>,
}

impl Writer<'_> {
    pub(crate) fn new(house: &mut House, random: Random) -> Writer<'_> {
        Writer { house, random, chart: Chart::default(), counts: HashMap::new() }
    }

    /// The next id of a kind: `p00001-dx3`.
    pub(crate) fn id(&mut self, person: &Person, kind: &'static str) -> String {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        format!("{}-{kind}{count}", person.id)
    }

    pub(crate) fn push(&mut self, mut resource: Value, sensitive: &str) {
        if !sensitive.is_empty() {
            resource["meta"] = json!({"security": [label(sensitive)]});
        }
        self.chart.resources.push(resource);
    }

    /// The person and every visit.
    pub(crate) fn person(&mut self, mut person: Person, may_die: bool) -> Person {
        let today = self.house.today;
        let plan = encounters(&person, today, may_die, &mut self.random);
        if let Some(end) = plan.iter().find(|visit| visit.dies).and_then(|visit| visit.end) {
            person.deceased = Some(self.house.stamp(end));
        }
        self.push(person.resource(), "");
        let age = person.age_on(today);
        let mut chronic: Vec<&'static Chronic> = Vec::new();
        for one in CHRONIC {
            if age >= one.from_age && self.random.percent(one.often) {
                chronic.push(one);
            }
        }
        self.background(&person, &chronic);
        let mut last_stay: Option<(String, civil::Date)> = None;
        for visit in &plan {
            let encounter = self.write_encounter(&person, visit, &chronic);
            if visit.scenario.class != Class::Inpatient {
                continue;
            }
            if let Some((index, left)) = &last_stay {
                let days = (visit.start.date() - *left).get_days().into();
                if (0..=30).contains(&days) {
                    let readmission =
                        Readmission { index: index.clone(), encounter: encounter.clone(), days };
                    self.chart.truth.readmissions.push(readmission);
                }
            }
            last_stay = visit.end.map(|end| (encounter, end.date()));
        }
        person
    }

    /// Problems, medications, allergies and immunizations that belong to no single visit.
    fn background(&mut self, person: &Person, chronic: &[&'static Chronic]) {
        let today = self.house.today;
        for one in chronic {
            let years = self.random.between(1, 12);
            let onset = (today.year() - years as i16).to_string();
            let id = self.id(person, "problem");
            let provider = provider(&self.house.providers, "Primary care", &mut self.random);
            let doctor = json!({"reference": format!("Practitioner/{}", provider.id),
                                "display": provider.name});
            let problem = json!({
                "resourceType": "Condition", "id": id,
                "clinicalStatus": status("condition-clinical", "active"),
                "verificationStatus": status("condition-ver-status", "confirmed"),
                "category": [category("condition-category", "problem-list-item")],
                "code": concept(ICD_10_CM, one.code, one.words),
                "subject": {"reference": person.reference()},
                "onsetDateTime": onset, "asserter": doctor
            });
            let medication = json!({
                "resourceType": "MedicationStatement", "id": self.id(person, "taken"),
                "status": "active",
                "medicationCodeableConcept": {"text": one.medication.0},
                "subject": {"reference": person.reference()},
                "effectivePeriod": {"start": onset},
                "dosage": [{"text": one.medication.1}]
            });
            self.push(problem, "");
            self.push(medication, "");
        }
        self.allergies(person);
        let shots = [
            ("140", "Influenza, seasonal, injectable, preservative free"),
            ("115", "Tdap"),
            ("133", "Pneumococcal conjugate PCV 13"),
            ("121", "zoster live"),
        ];
        for _ in 0..self.random.between(1, 4) {
            let (code, words) = *self.random.pick(&shots);
            let days = self.random.between(3, 700);
            let given = today.saturating_sub(days.days());
            let lot = format!("T{}", self.random.between(1000, 9999));
            let shot = json!({
                "resourceType": "Immunization", "id": self.id(person, "shot"),
                "status": "completed",
                "vaccineCode": concept("http://hl7.org/fhir/sid/cvx", code, words),
                "patient": {"reference": person.reference()},
                "occurrenceDateTime": given.to_string(), "primarySource": true, "lotNumber": lot,
                "expirationDate": given.saturating_add(300.days()).to_string()
            });
            self.push(shot, "");
        }
    }

    fn allergies(&mut self, person: &Person) {
        let known = [
            ("Penicillin", "medication", "Hives"),
            ("Sulfamethoxazole", "medication", "Rash"),
            ("Peanut", "food", "Swelling of the lips"),
            ("Latex", "environment", "Itching"),
            ("Codeine", "medication", "Vomiting"),
        ];
        let entry = match self.random.percent(35) {
            true => *self.random.pick(&known),
            false => ("No known allergies", "", ""),
        };
        let mut out = json!({
            "resourceType": "AllergyIntolerance", "id": self.id(person, "allergy"),
            "clinicalStatus": status("allergyintolerance-clinical", "active"),
            "verificationStatus": status("allergyintolerance-verification", "confirmed"),
            "code": {"text": entry.0},
            "patient": {"reference": person.reference()}
        });
        if !entry.1.is_empty() {
            out["category"] = json!([entry.1]);
            out["reaction"] = json!([{"manifestation": [{"text": entry.2}]}]);
        }
        self.push(out, "");
    }

    /// One visit with its entries and notes; the id of its Encounter.
    pub(crate) fn write_encounter(
        &mut self,
        person: &Person,
        visit: &Planned,
        chronic: &[&'static Chronic],
    ) -> String {
        let encounter = self.id(person, "e");
        let attending = choose(&self.house.providers, visit.scenario.service, &mut self.random);
        let providers = std::mem::take(&mut self.house.providers);
        let own: Vec<&'static Chronic> = chronic
            .iter()
            .filter(|one| !visit.scenario.replaces.contains(&one.code))
            .copied()
            .collect();
        let scene = Scene {
            person,
            visit,
            encounter: encounter.clone(),
            attending: &providers[attending],
            chronic: &own,
            is_newborn: false,
        };
        self.encounter(&scene);
        self.entries(&scene);
        notes::write(self, &scene);
        self.truths(&scene);
        self.house.providers = providers;
        if let Some(kind) = visit.delivery {
            self.newborn(person, visit, kind);
        }
        encounter
    }

    fn encounter(&mut self, scene: &Scene) {
        let Scene { person, visit, encounter, attending, .. } = scene;
        let scenario = visit.scenario;
        let unit = if scene.is_newborn { "nur" } else { scenario.unit };
        let mut places = Vec::new();
        let mut since = visit.start;
        if let Some((from, at)) = visit.moved_from {
            self.place(from, since, Some(at), &mut places);
            since = at;
        }
        self.place(unit, since, visit.end, &mut places);
        let class = scenario.class;
        let mut period = json!({"start": self.house.stamp(visit.start)});
        if let Some(end) = visit.end {
            period["end"] = json!(self.house.stamp(end));
        }
        let mut out = json!({
            "resourceType": "Encounter", "id": encounter,
            "identifier": [{"use": "official", "system": ENCOUNTER_SYSTEM,
                            "value": encounter_number(encounter)}],
            "status": if visit.end.is_some() { "finished" } else { "in-progress" },
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                      "code": class.code(), "display": class.words()},
            "serviceType": {"text": if scene.is_newborn { "Newborn" } else { scenario.service }},
            "subject": {"reference": person.reference(), "display": person.shown()},
            "participant": [{
                "type": [concept("http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
                                 "ATND", "attender")],
                "individual": {"reference": format!("Practitioner/{}", attending.id),
                               "display": attending.name}
            }],
            "period": period,
            "reasonCode": [{"text": if scene.is_newborn { "Birth" } else { scenario.complaint }}],
            "location": places,
            "serviceProvider": {"reference": match scenario.unit {
                "clinic" => "Organization/prairie-clinic",
                "rec" => "Organization/recovery-center",
                _ => "Organization/prairie-general",
            }}
        });
        if class == Class::Inpatient {
            let (code, words) =
                if is_planned(scene) { ("EL", "elective") } else { ("UR", "urgent") };
            let system = "http://terminology.hl7.org/CodeSystem/v3-ActPriority";
            out["priority"] = concept(system, code, words);
            let source = if scene.is_newborn { "Born in this hospital" } else { "Emergency room" };
            out["hospitalization"] = json!({"admitSource": {"text": source}});
        }
        // UB-04 form locator 17 asks for it of every stay in a bed.
        if matches!(class, Class::Inpatient | Class::Observation)
            && let Some((code, words)) = self.disposition(visit, scene.is_newborn)
        {
            let system = "https://www.nubc.org/CodeSystem/PatDischargeStatus";
            out["hospitalization"]["dischargeDisposition"] = concept(system, code, words);
        }
        self.push(out, scenario.label);
        self.charge(scene);
    }

    /// What is charged for a visit that is over.
    fn charge(&mut self, scene: &Scene) {
        let Some(end) = scene.visit.end else { return };
        let dollars = charge_cents(scene) / 100;
        let charge = json!({
            "resourceType": "ChargeItem", "id": format!("{}-charge", scene.encounter),
            "status": "billable", "code": {"text": "Charges of the encounter"},
            "subject": {"reference": scene.person.reference()},
            "context": {"reference": format!("Encounter/{}", scene.encounter)},
            "occurrenceDateTime": self.house.stamp(end),
            "priceOverride": {"value": dollars, "currency": "USD"}
        });
        self.push(charge, scene.visit.scenario.label);
    }

    /// Discharge status, told by the scenario so that it needs no throw.
    fn disposition(
        &self,
        visit: &Planned,
        is_newborn: bool,
    ) -> Option<(&'static str, &'static str)> {
        visit.end?;
        Some(match visit.scenario.unit {
            _ if visit.dies => ("20", "Expired"),
            _ if is_newborn => ("01", "Home or self care"),
            "surg" if visit.scenario.ages.0 > 60 => ("03", "Skilled nursing facility"),
            "icu" => ("06", "Home with home health service"),
            _ => ("01", "Home or self care"),
        })
    }

    fn place(
        &mut self,
        unit: &'static str,
        from: civil::DateTime,
        to: Option<civil::DateTime>,
        places: &mut Vec<Value>,
    ) {
        let mut period = json!({"start": self.house.stamp(from)});
        if let Some(to) = to {
            period["end"] = json!(self.house.stamp(to));
        }
        let status = if to.is_some() { "completed" } else { "active" };
        let name = UNITS.iter().find(|one| one.key == unit).map_or(unit, |one| one.name);
        let mut add = |reference: String, display: String| {
            places.push(json!({
                "location": {"reference": reference, "display": display},
                "status": status, "period": period
            }));
        };
        add(format!("Location/unit-{unit}"), name.to_owned());
        if let Some(bed) = self.house.bed(unit, from, to) {
            add(format!("Location/{}", bed_id(unit, bed)), format!("{name} bed {bed}"));
        }
    }

    fn truths(&mut self, scene: &Scene) {
        let Scene { person, visit, encounter, .. } = scene;
        let scenario = visit.scenario;
        let admitted = visit.start.date();
        let discharged = visit.end.map(|end| end.date());
        let length = discharged.map(|end| i64::from((end - admitted).get_days()).max(1));
        let has_surgery = scenario.procedures.iter().any(|procedure| procedure.is_surgery);
        let is_surgical = !scene.is_newborn && has_surgery;
        self.chart.truth.stays.push(Stay {
            encounter: encounter.clone(),
            patient: person.id.clone(),
            class: scenario.class.code(),
            service: if scene.is_newborn { "Newborn" } else { scenario.service },
            unit: if scene.is_newborn { "nur" } else { scenario.unit },
            admitted: admitted.to_string(),
            discharged: discharged.map(|date| date.to_string()),
            length_days: length,
            disposition: match scenario.class {
                Class::Inpatient => self.disposition(visit, scene.is_newborn).map(|(code, _)| code),
                _ => None,
            },
            is_newborn: scene.is_newborn,
            is_transferred: visit.moved_from.is_some(),
            is_surgical,
            is_delivery: visit.delivery.is_some() && !scene.is_newborn,
            is_planned: is_planned(scene),
            charge_cents: visit.end.map_or(0, |_| charge_cents(scene)),
        });
        if let Some(end) = visit.end.filter(|_| visit.dies) {
            let operated = procedure_time(visit);
            self.chart.truth.deaths.push(Death {
                patient: person.id.clone(),
                encounter: encounter.clone(),
                date: end.date().to_string(),
                is_under_48_hours: end < visit.start.saturating_add(48.hours()),
                is_postoperative: is_surgical && end < operated.saturating_add(10.days()),
            });
        }
        if scenario.class == Class::Inpatient {
            let all = diagnoses(scene);
            self.chart.truth.codings.push(Coding {
                encounter: encounter.clone(),
                principal: all[0].code,
                secondary: all[1..].iter().map(|one| (one.code, one.present)).collect(),
                procedures: match scene.is_newborn {
                    true => Vec::new(),
                    false => scenario.procedures.iter().map(|one| one.code).collect(),
                },
            });
        }
    }

    /// The child: a record of its own, with a stay from birth to the mother's discharge.
    fn newborn(&mut self, mother: &Person, visit: &Planned, kind: usize) {
        let sex = *self.random.pick(&["female", "male"]);
        let birth = visit.start.saturating_add(6.hours());
        let word = if sex == "female" { "Girl" } else { "Boy" };
        let child = Person {
            id: format!("{}b", mother.id),
            mrn: format!("{}", mother.mrn.parse::<u64>().unwrap_or_default() + 5),
            given: format!("Baby {word}"),
            middle: String::new(),
            suffix: "",
            former_family: String::new(),
            email: String::new(),
            ssn: String::new(),
            sex,
            birth: birth.date(),
            relative: mother.shown(),
            is_vip: false,
            deceased: None,
            ..mother.clone()
        };
        self.push(child.resource(), "");
        self.chart.truth.births.push((mother.id.clone(), child.id.clone()));
        let stay = Planned {
            scenario: &crate::scenario::DELIVERIES[kind],
            start: birth,
            end: visit.end,
            dies: false,
            moved_from: None,
            delivery: Some(kind),
        };
        let encounter = self.id(&child, "e");
        let attending = choose(&self.house.providers, "Newborn", &mut self.random);
        let providers = std::mem::take(&mut self.house.providers);
        let scene = Scene {
            person: &child,
            visit: &stay,
            encounter,
            attending: &providers[attending],
            chronic: &[],
            is_newborn: true,
        };
        self.encounter(&scene);
        self.entries(&scene);
        notes::write(self, &scene);
        self.truths(&scene);
        self.house.providers = providers;
    }
}

fn is_planned(scene: &Scene) -> bool {
    scene.visit.scenario.is_planned() && !scene.is_newborn
}

/// Charges by the class, the days and the procedures of a visit: whole dollars, and no throw.
fn charge_cents(scene: &Scene) -> i64 {
    let visit = scene.visit;
    let days =
        visit.end.map_or(1, |end| i64::from((end.date() - visit.start.date()).get_days()).max(1));
    let dollars = match visit.scenario.class {
        Class::Inpatient if scene.is_newborn => 1_400 * days,
        Class::Inpatient if visit.scenario.unit == "icu" => 6_200 * days,
        Class::Inpatient => 2_900 * days,
        Class::Observation => 2_100,
        Class::Emergency => 1_150,
        Class::Outpatient => 210,
    };
    let operations = match scene.is_newborn {
        true => 0,
        false => visit.scenario.procedures.iter().filter(|one| one.is_surgery).count() as i64,
    };
    (dollars + operations * 9_500) * 100
}

/// The place of a provider of this service.
fn choose(providers: &[Provider], service: &str, random: &mut Random) -> usize {
    let chosen = provider(providers, service, random);
    providers.iter().position(|one| one.id == chosen.id).unwrap_or_default()
}

/// A borrowed or chronic diagnosis, principal first.
pub(crate) struct Coded {
    pub code: &'static str,
    pub words: &'static str,
    pub present: &'static str,
    pub said: &'static str,
}

/// Every diagnosis of the visit: the scenario's, and chronic ones that were treated in a stay.
pub(crate) fn diagnoses(scene: &Scene) -> Vec<Coded> {
    let own: &[Diagnosis] = match (scene.is_newborn, scene.visit.delivery) {
        (true, Some(kind)) => std::slice::from_ref(&NEWBORNS[kind]),
        _ => scene.visit.scenario.diagnoses,
    };
    let mut all: Vec<Coded> = own
        .iter()
        .map(|one| Coded { code: one.code, words: one.words, present: one.present, said: one.said })
        .collect();
    if scene.visit.scenario.class == Class::Inpatient && !scene.is_newborn {
        all.extend(scene.chronic.iter().map(|one| Coded {
            code: one.code,
            words: one.words,
            present: "Y",
            said: one.said,
        }));
    }
    all
}

/// When the procedures of a stay are done: the next morning, or sooner in a short one.
pub(crate) fn procedure_time(visit: &Planned) -> civil::DateTime {
    let next = visit.start.date().saturating_add(1.days()).at(9, 30, 0, 0);
    match visit.end {
        Some(end) if end <= next => visit.start.saturating_add(4.hours()),
        _ => next,
    }
}
