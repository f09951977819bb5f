//! People who never lived: names, birth dates, addresses, numbers.

use crate::names;
use crate::random::Random;
use crate::site::MRN_SYSTEM;
use jiff::{ToSpan, civil};
use serde_json::{Value, json};

/// A person as registered.
#[derive(Clone)]
pub(crate) struct Person {
    pub id: String,
    pub mrn: String,
    pub family: String,
    pub given: String,
    pub middle: String,
    pub suffix: &'static str,
    pub former_family: String,
    pub sex: &'static str,
    pub birth: civil::Date,
    pub phone: String,
    pub email: String,
    pub street: String,
    pub city: &'static str,
    pub zip: &'static str,
    pub ssn: String,
    pub relative: String,
    pub is_vip: bool,
    pub deceased: Option<String>,
}

impl Person {
    /// A person of the given number.
    pub(crate) fn new(number: u64, today: civil::Date, random: &mut Random) -> Person {
        let sex = if random.percent(52) { "female" } else { "male" };
        let given = name(sex, random);
        let middle = name(sex, random);
        let family = (*random.pick(names::FAMILY)).to_owned();
        let age = match random.between(0, 99) {
            0..=11 => random.between(1, 17),
            12..=44 => random.between(18, 44),
            45..=74 => random.between(45, 69),
            _ => random.between(70, 97),
        };
        let days = random.between(0, 364);
        let birth = today.saturating_sub(age.years()).saturating_sub(days.days());
        let is_married = sex == "female" && age > 25 && random.percent(55);
        let former = if is_married { *random.pick(names::FAMILY) } else { "" };
        let (city, zip) = *random.pick(names::TOWNS);
        let relative_sex = if random.percent(50) { "female" } else { "male" };
        let relative = format!("{} {family}", name(relative_sex, random));
        Person {
            id: format!("p{number:05}"),
            mrn: mrn(number, 0),
            email: format!(
                "{}.{}{number}@example.org",
                given.to_lowercase(),
                family.to_lowercase()
            ),
            phone: phone(random),
            street: format!("{} {}", random.between(10, 999), random.pick(names::STREETS)),
            city,
            zip,
            ssn: format!(
                "9{:02}-{:02}-{:04}",
                random.between(0, 99),
                random.between(1, 49),
                random.between(1, 9999)
            ),
            relative,
            suffix: if sex == "male" && random.percent(3) { "Jr." } else { "" },
            former_family: former.to_owned(),
            is_vip: random.percent(1),
            given,
            middle,
            family,
            sex,
            birth,
            deceased: None,
        }
    }

    /// Age in full years on a date.
    pub(crate) fn age_on(&self, date: civil::Date) -> i64 {
        let before = (date.month(), date.day()) < (self.birth.month(), self.birth.day());
        i64::from(date.year()) - i64::from(self.birth.year()) - i64::from(before)
    }

    /// `Jane Roe`.
    pub(crate) fn shown(&self) -> String {
        format!("{} {}", self.given, self.family)
    }

    pub(crate) fn reference(&self) -> String {
        format!("Patient/{}", self.id)
    }

    /// The Patient.
    pub(crate) fn resource(&self) -> Value {
        let mut official = json!({
            "use": "official", "family": self.family,
            "given": if self.middle.is_empty() { vec![&self.given] }
                     else { vec![&self.given, &self.middle] }
        });
        if !self.suffix.is_empty() {
            official["suffix"] = json!([self.suffix]);
        }
        let mut names = vec![official];
        if !self.former_family.is_empty() {
            names.push(json!({"use": "maiden", "family": self.former_family}));
        }
        let table = "http://terminology.hl7.org/CodeSystem/v2-0203";
        let mut identifiers = vec![json!({
            "use": "usual",
            "type": {"coding": [{"system": table, "code": "MR",
                                 "display": "Medical record number"}]},
            "system": MRN_SYSTEM, "value": self.mrn
        })];
        if !self.ssn.is_empty() {
            identifiers.push(json!({
                "type": {"coding": [{"system": table, "code": "SS",
                                     "display": "Social Security number"}]},
                "system": "http://hl7.org/fhir/sid/us-ssn", "value": self.ssn
            }));
        }
        let mut telecom = vec![json!({"system": "phone", "value": self.phone, "use": "home"})];
        if !self.email.is_empty() {
            telecom.push(json!({"system": "email", "value": self.email}));
        }
        let mut out = json!({
            "resourceType": "Patient", "id": self.id,
            "identifier": identifiers, "active": true, "name": names, "telecom": telecom,
            "gender": self.sex, "birthDate": self.birth.to_string(),
            "address": [{"use": "home", "line": [self.street], "city": self.city, "state": "IL",
                         "postalCode": self.zip}],
            "contact": [{
                "relationship": [{"text": "Next of kin"}],
                "name": {"text": self.relative},
                "telecom": [{"system": "phone", "value": self.phone}]
            }],
            "managingOrganization": {"reference": "Organization/prairie-general"}
        });
        if self.is_vip {
            out["meta"] = json!({"security": [crate::chart::label("vip")]});
        }
        if let Some(time) = &self.deceased {
            out["deceasedDateTime"] = json!(time);
        }
        out
    }
}

/// A medical record number: of a person, and of each further record of theirs.
pub(crate) fn mrn(number: u64, record: u64) -> String {
    format!("{}", 1_000_000 + number * 10 + record)
}

fn name(sex: &str, random: &mut Random) -> String {
    let list = if sex == "female" { names::FEMALE } else { names::MALE };
    (*random.pick(list)).to_owned()
}

/// A number of the range kept for examples: 555-0100 to 555-0199.
pub(crate) fn phone(random: &mut Random) -> String {
    let area = random.pick(&["217", "309", "312", "618", "708", "773", "815", "847"]);
    format!("({area}) 555-01{:02}", random.between(0, 99))
}
