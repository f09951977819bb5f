//! The coded entries of one visit.

use super::{ICD_10_CM, Scene, Writer, concept, diagnoses, procedure_time};
use crate::scenario::Class;
use jiff::ToSpan;
use serde_json::{Value, json};

const ICD_10_PCS: &str = "http://www.cms.gov/Medicare/Coding/ICD10";

impl Writer<'_> {
    /// Coded entries of a visit: diagnoses, procedures, orders, vital signs, laboratory.
    pub(super) fn entries(&mut self, scene: &Scene) {
        let Scene { person, visit, encounter, attending, .. } = scene;
        let scenario = visit.scenario;
        let doctor = json!({"reference": format!("Practitioner/{}", attending.id),
                            "display": attending.name});
        let at = self.house.stamp(visit.start.saturating_add(2.hours()));
        let subject = json!({"reference": person.reference()});
        let context = json!({"reference": format!("Encounter/{encounter}")});
        for diagnosis in diagnoses(scene) {
            let condition = json!({
                "resourceType": "Condition", "id": self.id(person, "dx"),
                "clinicalStatus": status("condition-clinical", "active"),
                "verificationStatus": status("condition-ver-status", "confirmed"),
                "category": [category("condition-category", "encounter-diagnosis")],
                "code": concept(ICD_10_CM, diagnosis.code, diagnosis.words),
                "subject": subject, "encounter": context, "recordedDate": at, "recorder": doctor
            });
            self.push(condition, scenario.label);
        }
        if !scene.is_newborn {
            for procedure in scenario.procedures {
                let done = self.house.stamp(procedure_time(visit));
                let entry = json!({
                    "resourceType": "Procedure", "id": self.id(person, "px"),
                    "status": "completed",
                    "code": concept(ICD_10_PCS, procedure.code, procedure.words),
                    "subject": subject, "encounter": context, "performedDateTime": done,
                    "performer": [{"actor": doctor}]
                });
                self.push(entry, scenario.label);
            }
            for (words, directions) in scenario.medications {
                let order = json!({
                    "resourceType": "MedicationRequest", "id": self.id(person, "rx"),
                    "status": if visit.end.is_some() { "completed" } else { "active" },
                    "intent": "order", "medicationCodeableConcept": {"text": words},
                    "subject": subject, "encounter": context, "authoredOn": at,
                    "requester": doctor, "dosageInstruction": [{"text": directions}]
                });
                self.push(order, scenario.label);
            }
        }
        self.vital_signs(scene, 1);
        if scenario.class == Class::Inpatient {
            self.vital_signs(scene, 20);
            self.laboratory(scene);
        }
    }

    fn vital_signs(&mut self, scene: &Scene, hours: i64) {
        let Scene { person, visit, .. } = scene;
        let at = self.house.stamp(visit.start.saturating_add(hours.hours()));
        let (pulse, respiration, temperature, oxygen) = match scene.is_newborn {
            true => (140.0, 44.0, 36.8, 98.0),
            false => visit.scenario.vitals,
        };
        let is_adult = person.age_on(visit.start.date()) > 15;
        let systolic = self.random.near(if is_adult { 128.0 } else { 104.0 }, 14.0).round();
        let diastolic = self.random.near(if is_adult { 76.0 } else { 62.0 }, 8.0).round();
        let mut panel = self.observation(scene, &at, "85354-9", "Blood pressure", "vital-signs");
        let part = |loinc: &str, name: &str, value: f64| {
            json!({"code": concept("http://loinc.org", loinc, name),
                   "valueQuantity": quantity(value, "mmHg", "mm[Hg]")})
        };
        panel["component"] = json!([
            part("8480-6", "Systolic blood pressure", systolic),
            part("8462-4", "Diastolic blood pressure", diastolic.min(systolic - 20.0))
        ]);
        if !scene.is_newborn {
            self.push(panel, visit.scenario.label);
        }
        let weight = match (scene.is_newborn, person.sex) {
            (true, _) => 3.4,
            _ if !is_adult => 3.0 * person.age_on(visit.start.date()) as f64 + 8.0,
            (_, "female") => 70.0,
            _ => 84.0,
        };
        let signs = [
            ("8867-4", "Heart rate", "/min", "/min", self.random.near(pulse, 8.0).round()),
            (
                "9279-1",
                "Respiratory rate",
                "/min",
                "/min",
                self.random.near(respiration, 2.0).round(),
            ),
            ("8310-5", "Body temperature", "°C", "Cel", self.random.near(temperature, 0.3)),
            (
                "2708-6",
                "Oxygen saturation in arterial blood",
                "%",
                "%",
                self.random.near(oxygen, 1.0).round().min(100.0),
            ),
            ("29463-7", "Body weight", "kg", "kg", self.random.near(weight, weight / 6.0)),
        ];
        for (loinc, name, unit, ucum, value) in signs {
            let mut one = self.observation(scene, &at, loinc, name, "vital-signs");
            one["valueQuantity"] = quantity(value, unit, ucum);
            self.push(one, visit.scenario.label);
        }
    }

    fn laboratory(&mut self, scene: &Scene) {
        if scene.is_newborn {
            return;
        }
        let at = self.house.stamp(scene.visit.start.saturating_add(3.hours()));
        let tests = [
            ("718-7", "Hemoglobin", "g/dL", "g/dL", self.random.near(12.8, 1.4)),
            ("6690-2", "Leukocytes", "10*3/uL", "10*3/uL", self.random.near(9.4, 3.0)),
            ("2160-0", "Creatinine", "mg/dL", "mg/dL", self.random.near(1.1, 0.2)),
            ("2823-3", "Potassium", "mmol/L", "mmol/L", self.random.near(4.1, 0.4)),
        ];
        let mut results = Vec::new();
        for (loinc, name, unit, ucum, value) in tests {
            let mut one = self.observation(scene, &at, loinc, name, "laboratory");
            one["valueQuantity"] = quantity(value.max(0.3), unit, ucum);
            let id = one["id"].as_str().unwrap_or_default();
            results.push(json!({"reference": format!("Observation/{id}"), "display": name}));
            self.push(one, scene.visit.scenario.label);
        }
        let report = json!({
            "resourceType": "DiagnosticReport", "id": self.id(scene.person, "report"),
            "status": "final",
            "category": [concept("http://terminology.hl7.org/CodeSystem/v2-0074", "LAB",
                                 "Laboratory")],
            "code": concept("http://loinc.org", "11502-2", "Laboratory report"),
            "subject": {"reference": scene.person.reference()},
            "encounter": {"reference": format!("Encounter/{}", scene.encounter)},
            "effectiveDateTime": at, "issued": at, "result": results
        });
        self.push(report, scene.visit.scenario.label);
    }

    fn observation(
        &mut self,
        scene: &Scene,
        at: &str,
        loinc: &str,
        name: &str,
        kind: &str,
    ) -> Value {
        json!({
            "resourceType": "Observation", "id": self.id(scene.person, "o"), "status": "final",
            "category": [category("observation-category", kind)],
            "code": concept("http://loinc.org", loinc, name),
            "subject": {"reference": scene.person.reference()},
            "encounter": {"reference": format!("Encounter/{}", scene.encounter)},
            "effectiveDateTime": at
        })
    }
}

pub(crate) fn quantity(value: f64, unit: &str, ucum: &str) -> Value {
    let value = (value * 10.0).round() / 10.0;
    let number = if value.fract() == 0.0 { json!(value as i64) } else { json!(value) };
    json!({"value": number, "unit": unit, "system": "http://unitsofmeasure.org", "code": ucum})
}

pub(crate) fn status(system: &str, code: &str) -> Value {
    let system = format!("http://terminology.hl7.org/CodeSystem/{system}");
    json!({"coding": [{"system": system, "code": code}]})
}

pub(crate) fn category(system: &str, code: &str) -> Value {
    status(system, code)
}
