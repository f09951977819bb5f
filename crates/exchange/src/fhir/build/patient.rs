//! Registration of a patient.

use super::field::{DAY_WOULD_DO, Faults, FieldError, Weight};
use super::{Desk, concept, put};
use jiff::civil;
use serde_json::{Map, Value, json};

/// What is typed to register a patient.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PatientForm {
    /// Medical record number.
    pub mrn: String,
    /// The namespace of the facility's numbers.
    pub mrn_system: String,
    /// Family name.
    pub family: String,
    /// First given name.
    pub given: String,
    /// Other given names, parted by blanks.
    pub middle: String,
    /// Jr., III.
    pub suffix: String,
    /// Family name before marriage, or another former one.
    pub former_family: String,
    /// The name that the patient goes by.
    pub called: String,
    /// Birth date, `YYYY-MM-DD`; a year or month where no more is known.
    pub birth_date: String,
    /// `female`, `male`, `other`, `unknown`.
    pub gender: String,
    /// Telephone.
    pub phone: String,
    /// Electronic mail.
    pub email: String,
    /// Street and number.
    pub street: String,
    /// City.
    pub city: String,
    /// State, two letters.
    pub state: String,
    /// ZIP code.
    pub postal_code: String,
    /// Social Security number.
    pub ssn: String,
    /// Language, BCP 47: `en`, `es`.
    pub language: String,
    /// Date or time of death.
    pub deceased: String,
}

/// Genders of R4.
const GENDERS: &[&str] = &["female", "male", "other", "unknown"];

impl PatientForm {
    /// What is wrong, field by field.
    pub fn check(&self, desk: &Desk) -> Vec<FieldError> {
        let mut faults = Faults::new();
        let or_unknown = "Type it, or Unknown.";
        faults.required("family", &self.family, "The family name", or_unknown);
        faults.required("given", &self.given, "The given name", or_unknown);
        faults.required("birth_date", &self.birth_date, "The birth date", DAY_WOULD_DO);
        faults.required("gender", &self.gender, "The sex", "Choose one; unknown is one.");
        faults.one_of("gender", &self.gender, GENDERS);
        for (field, name) in [("family", &self.family), ("given", &self.given)] {
            if name.chars().any(|letter| letter.is_ascii_digit()) {
                let would = "The name without numbers.";
                faults.add(Weight::Unusual, field, name, "A name holds a number.", would);
            }
        }
        self.check_dates(&mut faults, desk);
        self.check_numbers(&mut faults);
        faults.0
    }

    fn check_dates(&self, faults: &mut Faults, desk: &Desk) {
        faults.past("birth_date", &self.birth_date, desk);
        faults.past("deceased", &self.deceased, desk);
        let after_birth = "This is before the birth.";
        faults.ordered("deceased", &self.birth_date, &self.deceased, after_birth, desk);
        if self.birth_date.trim().len() > 10 {
            let would = "The date alone, as 1970-02-03.";
            faults.wrong("birth_date", &self.birth_date, "A birth date has no time.", would);
        }
        let Ok(born) = self.birth_date.trim().parse::<civil::Date>() else { return };
        let years = i32::from(desk.now.date_in(desk.zone).year()) - i32::from(born.year());
        if years > 115 && self.deceased.trim().is_empty() {
            let would = "The year again, or the date of death.";
            faults.add(
                Weight::Unusual,
                "birth_date",
                &self.birth_date,
                "This makes the patient older than 115.",
                would,
            );
        }
    }

    fn check_numbers(&self, faults: &mut Faults) {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
        let phone = self.phone.trim();
        let is_local = digits(phone) == 10 || (digits(phone) == 11 && phone.contains('1'));
        if !phone.is_empty() && !phone.starts_with('+') && !is_local {
            let would = "Ten digits, or + and the country's number first.";
            faults.wrong("phone", phone, "This is not a telephone number.", would);
        }
        let email = self.email.trim();
        let is_email = email
            .split_once('@')
            .is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
        if !email.is_empty() && !is_email {
            faults.wrong("email", email, "This is not an address.", "As name@example.org.");
        }
        let code = self.postal_code.trim();
        let is_zip = matches!(digits(code), 5 | 9)
            && code.chars().all(|letter| letter.is_ascii_digit() || letter == '-');
        if !code.is_empty() && !is_zip {
            let would = "Five digits, or nine with a hyphen.";
            faults.wrong("postal_code", code, "This is not a ZIP code.", would);
        }
        let state = self.state.trim();
        let is_state = state.len() == 2 && state.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !state.is_empty() && !is_state {
            faults.wrong("state", state, "This is not a state.", "Two letters, as IL.");
        }
        let ssn: String = self.ssn.chars().filter(char::is_ascii_digit).collect();
        // Never issued: 000, 666 and 900 to 999 first; 00 second; 0000 last (20 CFR 422.103).
        let is_never = ssn.len() != 9
            || ssn.starts_with("000")
            || ssn.starts_with("666")
            || ssn.starts_with('9')
            || &ssn[3..5] == "00"
            || &ssn[5..] == "0000";
        if !self.ssn.trim().is_empty() && is_never {
            let would = "Nine digits as 123-45-6789, or nothing.";
            faults.wrong("ssn", &self.ssn, "No such number is issued.", would);
        }
    }

    /// The Patient. Registration data carries no [`super::Facts`]: its history does.
    pub fn build(&self, desk: &Desk) -> Value {
        let mut out = Map::new();
        out.insert("resourceType".to_owned(), json!("Patient"));
        let identifiers = self.identifiers();
        if !identifiers.is_empty() {
            out.insert("identifier".to_owned(), Value::Array(identifiers));
        }
        out.insert("active".to_owned(), json!(true));
        out.insert("name".to_owned(), Value::Array(self.names()));
        let telecoms = self.telecoms();
        if !telecoms.is_empty() {
            out.insert("telecom".to_owned(), Value::Array(telecoms));
        }
        put(&mut out, "gender", &self.gender);
        put(&mut out, "birthDate", &self.birth_date);
        if let Some(time) = desk.date_time(&self.deceased) {
            put(&mut out, "deceasedDateTime", &time);
        }
        let mut address = Map::new();
        if !self.street.trim().is_empty() {
            address.insert("line".to_owned(), json!([self.street.trim()]));
        }
        put(&mut address, "city", &self.city);
        put(&mut address, "state", &self.state.to_uppercase());
        put(&mut address, "postalCode", &self.postal_code);
        if !address.is_empty() {
            out.insert("address".to_owned(), json!([address]));
        }
        if !self.language.trim().is_empty() {
            let language = concept("urn:ietf:bcp:47", &self.language, "");
            out.insert("communication".to_owned(), json!([{"language": language}]));
        }
        Value::Object(out)
    }

    fn identifiers(&self) -> Vec<Value> {
        let table = "http://terminology.hl7.org/CodeSystem/v2-0203";
        let mut out = Vec::new();
        if !self.mrn.trim().is_empty() {
            let kind = concept(table, "MR", "Medical record number");
            let mut number = Map::new();
            number.insert("type".to_owned(), kind);
            put(&mut number, "system", &self.mrn_system);
            put(&mut number, "value", &self.mrn);
            out.push(Value::Object(number));
        }
        let ssn: String = self.ssn.chars().filter(char::is_ascii_digit).collect();
        if ssn.len() == 9 {
            let kind = concept(table, "SS", "Social Security number");
            let value = format!("{}-{}-{}", &ssn[..3], &ssn[3..5], &ssn[5..]);
            let system = "http://hl7.org/fhir/sid/us-ssn";
            out.push(json!({"type": kind, "system": system, "value": value}));
        }
        out
    }

    fn names(&self) -> Vec<Value> {
        let mut given = vec![self.given.trim()];
        given.extend(self.middle.split_whitespace());
        given.retain(|name| !name.is_empty());
        let mut official = Map::new();
        put(&mut official, "use", "official");
        put(&mut official, "family", &self.family);
        if !given.is_empty() {
            official.insert("given".to_owned(), json!(given));
        }
        if !self.suffix.trim().is_empty() {
            official.insert("suffix".to_owned(), json!([self.suffix.trim()]));
        }
        let mut names = vec![Value::Object(official)];
        if !self.former_family.trim().is_empty() {
            names.push(json!({"use": "maiden", "family": self.former_family.trim()}));
        }
        if !self.called.trim().is_empty() {
            names.push(json!({"use": "nickname", "given": [self.called.trim()]}));
        }
        names
    }

    fn telecoms(&self) -> Vec<Value> {
        let pairs = [("phone", &self.phone), ("email", &self.email)];
        let given = pairs.iter().filter(|(_, value)| !value.trim().is_empty());
        given.map(|(system, value)| json!({"system": system, "value": value.trim()})).collect()
    }
}
