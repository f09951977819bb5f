//! Vital signs, with US Core's LOINC codes and UCUM units.

use super::clinical::put_reference;
use super::field::{DATE_WOULD_DO, Faults, FieldError, Weight};
use super::{Desk, Facts, begin, concept, put};
use serde_json::{Map, Number, Value, json};

/// A vital sign that is typed as one number.
pub struct VitalSign {
    /// The field's name in the form.
    pub field: &'static str,
    /// LOINC code (US Core vital signs profile).
    pub loinc: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Unit as shown.
    pub unit: &'static str,
    /// Unit in UCUM.
    pub ucum: &'static str,
    /// Outside of these nobody lives, or the unit is wrong.
    pub possible: (f64, f64),
    /// Outside of these an adult's value is confirmed.
    pub usual: (f64, f64),
}

/// Every vital sign, in the order of the form. Possible limits: the widest survived or measured
/// values of textbooks, rounded outwards; they catch wrong units and misplaced points.
pub const VITAL_SIGNS: &[VitalSign] = &[
    VitalSign {
        field: "systolic",
        loinc: "8480-6",
        name: "Systolic blood pressure",
        unit: "mmHg",
        ucum: "mm[Hg]",
        possible: (30.0, 320.0),
        usual: (80.0, 200.0),
    },
    VitalSign {
        field: "diastolic",
        loinc: "8462-4",
        name: "Diastolic blood pressure",
        unit: "mmHg",
        ucum: "mm[Hg]",
        possible: (10.0, 220.0),
        usual: (40.0, 120.0),
    },
    VitalSign {
        field: "pulse",
        loinc: "8867-4",
        name: "Heart rate",
        unit: "/min",
        ucum: "/min",
        possible: (10.0, 350.0),
        usual: (40.0, 150.0),
    },
    VitalSign {
        field: "respiration",
        loinc: "9279-1",
        name: "Respiratory rate",
        unit: "/min",
        ucum: "/min",
        possible: (2.0, 120.0),
        usual: (8.0, 35.0),
    },
    VitalSign {
        field: "temperature",
        loinc: "8310-5",
        name: "Body temperature",
        unit: "°C",
        ucum: "Cel",
        possible: (20.0, 45.0),
        usual: (35.0, 40.5),
    },
    VitalSign {
        field: "oxygen",
        loinc: "2708-6",
        name: "Oxygen saturation in arterial blood",
        unit: "%",
        ucum: "%",
        possible: (20.0, 100.0),
        usual: (85.0, 100.0),
    },
    VitalSign {
        field: "height",
        loinc: "8302-2",
        name: "Body height",
        unit: "cm",
        ucum: "cm",
        possible: (20.0, 275.0),
        usual: (45.0, 210.0),
    },
    VitalSign {
        field: "weight",
        loinc: "29463-7",
        name: "Body weight",
        unit: "kg",
        ucum: "kg",
        possible: (0.2, 650.0),
        usual: (2.0, 200.0),
    },
    VitalSign {
        field: "head",
        loinc: "9843-4",
        name: "Head occipital-frontal circumference",
        unit: "cm",
        ucum: "cm",
        possible: (15.0, 75.0),
        usual: (28.0, 62.0),
    },
];

/// What is typed for vital signs taken at one time; what was not taken is empty.
#[derive(Clone, Default)]
pub struct VitalSigns {
    /// `Patient/p1`.
    pub patient: String,
    /// `Encounter/e1`.
    pub encounter: String,
    /// When they were taken.
    pub taken_at: String,
    /// Field of [`VITAL_SIGNS`] and the number as typed. A temperature may end in F.
    pub values: Vec<(String, String)>,
}

impl VitalSigns {
    fn given(&self, sign: &VitalSign) -> &str {
        let found = self.values.iter().find(|(field, _)| field == sign.field);
        found.map_or("", |(_, value)| value.trim())
    }

    /// What is wrong, field by field.
    pub fn check(&self, desk: &Desk) -> Vec<FieldError> {
        let mut faults = Faults::new();
        faults.required("patient", &self.patient, "The patient", "Find and choose one.");
        faults.required("taken_at", &self.taken_at, "The time they were taken", DATE_WOULD_DO);
        faults.past("taken_at", &self.taken_at, desk);
        let mut is_any = false;
        for sign in VITAL_SIGNS {
            let given = self.given(sign);
            if !given.is_empty() {
                is_any = true;
                check_sign(sign, given, &mut faults);
            }
        }
        if !is_any {
            let would = "At least one vital sign.";
            faults.add(Weight::Missing, "values", "", "No measurement is given.", would);
        }
        let number = |field: &str| {
            let sign = VITAL_SIGNS.iter().find(|sign| sign.field == field)?;
            self.given(sign).parse::<f64>().ok()
        };
        let (systolic, diastolic) = (number("systolic"), number("diastolic"));
        if let (Some(systolic), Some(diastolic)) = (systolic, diastolic)
            && diastolic >= systolic
        {
            let given = diastolic.to_string();
            let reason = "The diastolic pressure is not below the systolic.";
            faults.wrong("diastolic", &given, reason, "The two the other way round?");
        }
        faults.0
    }
}

/// The value in the sign's own unit: a temperature in Fahrenheit is rewritten.
fn read(sign: &VitalSign, given: &str) -> Option<(f64, Number)> {
    let fahrenheit = given.strip_suffix(['F', 'f']).filter(|_| sign.field == "temperature");
    if let Some(degrees) = fahrenheit {
        let degrees: f64 = degrees.trim().trim_end_matches('°').parse().ok()?;
        let celsius = format!("{:.1}", (degrees - 32.0) / 1.8);
        return Some((celsius.parse().ok()?, celsius.parse().ok()?));
    }
    let is_plain = given.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let value: f64 = given.parse().ok().filter(|_| is_plain)?;
    Some((value, given.parse().ok()?))
}

fn check_sign(sign: &VitalSign, given: &str, faults: &mut Faults) {
    let Some((value, _)) = read(sign, given) else {
        let would = format!("A number, in {}.", sign.unit);
        return faults.wrong(sign.field, given, "This is not a number.", &would);
    };
    let (low, high) = sign.possible;
    if value < low || value > high {
        let would = format!("{low} to {high} {}.", sign.unit);
        let fahrenheit = sign.field == "temperature" && (68.0..=113.0).contains(&value);
        let would = if fahrenheit { format!("{would} Fahrenheit ends in F.") } else { would };
        return faults.wrong(sign.field, given, "This value is not possible.", &would);
    }
    let (low, high) = sign.usual;
    if value < low || value > high {
        let would = format!("{low} to {high} {} is usual. Look again, then save.", sign.unit);
        faults.add(Weight::Unusual, sign.field, given, "This value is unusual.", &would);
    }
}

/// The Observations: one for both blood pressures together, one for each other sign.
pub fn vital_sign_observations(signs: &VitalSigns, facts: &Facts, desk: &Desk) -> Vec<Value> {
    let read = |sign: &VitalSign| read(sign, signs.given(sign)).map(|(_, number)| number);
    let mut out = Vec::new();
    let pressures: Vec<Value> = VITAL_SIGNS[..2]
        .iter()
        .filter_map(|sign| {
            let quantity = quantity(sign, read(sign)?);
            let code = concept("http://loinc.org", sign.loinc, sign.name);
            Some(json!({"code": code, "valueQuantity": quantity}))
        })
        .collect();
    if !pressures.is_empty() {
        let mut panel = observation(signs, "85354-9", "Blood pressure", facts, desk);
        panel.insert("component".to_owned(), Value::Array(pressures));
        out.push(Value::Object(panel));
    }
    for sign in &VITAL_SIGNS[2..] {
        if let Some(number) = read(sign) {
            let mut one = observation(signs, sign.loinc, sign.name, facts, desk);
            one.insert("valueQuantity".to_owned(), quantity(sign, number));
            out.push(Value::Object(one));
        }
    }
    out
}

fn quantity(sign: &VitalSign, number: Number) -> Value {
    json!({
        "value": number, "unit": sign.unit, "system": "http://unitsofmeasure.org",
        "code": sign.ucum
    })
}

fn observation(
    signs: &VitalSigns,
    loinc: &str,
    name: &str,
    facts: &Facts,
    desk: &Desk,
) -> Map<String, Value> {
    let mut out = begin("Observation", facts, desk);
    put(&mut out, "status", "final");
    let system = "http://terminology.hl7.org/CodeSystem/observation-category";
    let category = concept(system, "vital-signs", "Vital signs");
    out.insert("category".to_owned(), json!([category]));
    out.insert("code".to_owned(), concept("http://loinc.org", loinc, name));
    out.insert("subject".to_owned(), json!({"reference": signs.patient}));
    put_reference(&mut out, "encounter", &signs.encounter);
    put(&mut out, "effectiveDateTime", &desk.date_time(&signs.taken_at).unwrap_or_default());
    put(&mut out, "issued", &desk.now_text());
    if !facts.author.display.is_empty() {
        out.insert("performer".to_owned(), json!([facts.author.to_value()]));
    }
    out
}
