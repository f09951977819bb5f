//! Notes in words that agree with the coded entries.

use crate::chart::{Scene, Writer, concept, diagnoses, encounter_number, procedure_time};
use crate::scenario::Class;
use crate::site::Provider;
use crate::truth::Deficiency;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{ToSpan, civil};
use serde_json::json;

/// Writes the notes of a visit. Some stays lack one, or a signature: the truth says which.
pub(crate) fn write(writer: &mut Writer, scene: &Scene) {
    match scene.visit.scenario.class {
        Class::Inpatient => inpatient(writer, scene),
        Class::Observation => {
            let at = scene.visit.start.saturating_add(90.minutes());
            note(
                writer,
                scene,
                "34117-2",
                "History and physical note",
                at,
                &admission(scene),
                true,
            );
            if let Some(end) = scene.visit.end {
                let text = progress(scene, end);
                note(writer, scene, "11506-3", "Progress note", end, &text, true);
            }
        }
        Class::Emergency => {
            let at = scene.visit.start.saturating_add(50.minutes());
            let text = short(scene, "EMERGENCY DEPARTMENT NOTE");
            note(writer, scene, "34111-5", "Emergency department Note", at, &text, true);
        }
        Class::Outpatient => {
            let at = scene.visit.start.saturating_add(25.minutes());
            let text = short(scene, "OFFICE VISIT");
            note(writer, scene, "34108-1", "Outpatient Note", at, &text, true);
        }
    }
}

/// A document that each stay must have, by LOINC code and name.
struct Due {
    loinc: &'static str,
    name: &'static str,
    at: civil::DateTime,
    text: String,
}

fn inpatient(writer: &mut Writer, scene: &Scene) {
    let visit = scene.visit;
    let mut due = vec![Due {
        loinc: "34117-2",
        name: "History and physical note",
        at: visit.start.saturating_add(4.hours()),
        text: admission(scene),
    }];
    let surgery = visit.scenario.procedures.iter().find(|procedure| procedure.is_surgery);
    if let Some(surgery) = surgery.filter(|_| !scene.is_newborn) {
        let at = procedure_time(visit);
        let consented = at.saturating_sub(2.hours());
        let text = consent(scene, surgery.said);
        note(writer, scene, "64293-4", "Procedure consent", consented, &text, true);
        let text = anaesthesia(scene, surgery.said);
        note(writer, scene, "34750-0", "Anesthesiology Note", at, &text, true);
        due.push(Due {
            loinc: "11504-8",
            name: "Operation note",
            at: procedure_time(visit).saturating_add(2.hours()),
            text: operation(scene, surgery.said),
        });
    }
    let last = visit.end.unwrap_or_else(|| writer.house.today.at(6, 0, 0, 0));
    for day in 1..=3 {
        let at = visit.start.date().saturating_add(day.days()).at(8, 15, 0, 0);
        if at < last && !scene.is_newborn {
            let text = progress(scene, at);
            note(writer, scene, "11506-3", "Progress note", at, &text, true);
        }
    }
    if let Some(end) = visit.end {
        due.push(Due {
            loinc: "18842-5",
            name: "Discharge summary",
            at: end.saturating_add(3.hours()),
            text: discharge(scene, end),
        });
    }
    let is_recent = visit.end.is_some_and(|end| (writer.house.today - end.date()).get_days() <= 60);
    for document in due {
        let chance = if is_recent { 22 } else { 2 };
        let lacks = visit.end.is_some() && writer.random.percent(chance);
        let is_missing = lacks && document.loinc != "34117-2" && writer.random.percent(60);
        let id = match is_missing {
            true => None,
            false => Some(note(
                writer,
                scene,
                document.loinc,
                document.name,
                document.at,
                &document.text,
                !lacks,
            )),
        };
        if let Some(end) = visit.end.filter(|_| lacks) {
            writer.chart.truth.deficiencies.push(Deficiency {
                encounter: scene.encounter.clone(),
                loinc: document.loinc,
                kind: if id.is_some() { "missing-signature" } else { "missing-document" },
                document: id,
                provider: scene.attending.id.clone(),
                discharged: end.date().to_string(),
            });
        }
    }
}

/// One note as DocumentReference; its id.
fn note(
    writer: &mut Writer,
    scene: &Scene,
    loinc: &str,
    name: &str,
    at: civil::DateTime,
    text: &str,
    is_signed: bool,
) -> String {
    let id = writer.id(scene.person, "note");
    let date = writer.house.stamp(at);
    let doctor = json!({"reference": format!("Practitioner/{}", scene.attending.id),
                        "display": scene.attending.name});
    let signature = match is_signed {
        true => format!("\nElectronically signed by {}, {}\n", scene.attending.name, at.date()),
        false => "\nDictated, not yet signed.\n".to_owned(),
    };
    let data = STANDARD.encode(format!("{text}{signature}"));
    let mut out = json!({
        "resourceType": "DocumentReference", "id": id, "status": "current",
        "docStatus": if is_signed { "final" } else { "preliminary" },
        "type": concept("http://loinc.org", loinc, name),
        "category": [concept(
            "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
            "clinical-note", "Clinical Note")],
        "subject": {"reference": scene.person.reference()},
        "date": date, "author": [doctor],
        "custodian": {"reference": "Organization/prairie-general"},
        "content": [{"attachment": {"contentType": "text/plain; charset=utf-8", "data": data,
                                    "title": name, "creation": date}}],
        "context": {"encounter": [{"reference": format!("Encounter/{}", scene.encounter)}],
                    "period": {"start": date}}
    });
    if is_signed {
        out["authenticator"] = doctor;
    }
    writer.push(out, scene.visit.scenario.label);
    id
}

/// `{he}` and `{his}` in the words of a scenario.
fn told(scene: &Scene, words: &str) -> String {
    let (he, his) = if scene.person.sex == "female" { ("she", "her") } else { ("he", "his") };
    let upper = |word: &str| format!("{}{}", word[..1].to_uppercase(), &word[1..]);
    words
        .replace("{he}", he)
        .replace("{his}", his)
        .replace("{He}", &upper(he))
        .replace("{His}", &upper(his))
}

fn heading(scene: &Scene, title: &str, provider: &Provider) -> String {
    let person = scene.person;
    format!(
        "PRAIRIE GENERAL HOSPITAL\n{title}\n\nPatient: {}, {} {}\nMRN: {}\nDate of birth: {}\n\
         Visit: {}\nAttending: {}\n\n",
        person.family,
        person.given,
        person.middle,
        person.mrn,
        person.birth,
        encounter_number(&scene.encounter),
        provider.name
    )
}

fn assessment(scene: &Scene) -> String {
    let all = diagnoses(scene);
    let rows = all.iter().enumerate().map(|(place, one)| {
        let mut said = one.said.to_owned();
        said[..1].make_ascii_uppercase();
        format!("{}. {said}.", place + 1)
    });
    rows.collect::<Vec<_>>().join("\n")
}

fn years(scene: &Scene) -> String {
    let age = scene.person.age_on(scene.visit.start.date());
    let sex = match (scene.person.sex, age < 18) {
        ("female", true) => "girl",
        ("female", false) => "woman",
        (_, true) => "boy",
        (_, false) => "man",
    };
    format!("{age}-year-old {sex}")
}

fn admission(scene: &Scene) -> String {
    let (person, scenario) = (scene.person, scene.visit.scenario);
    let head = heading(scene, "HISTORY AND PHYSICAL", scene.attending);
    if scene.is_newborn {
        return format!(
            "{head}Infant of {}, born at 39 weeks on {}. Apgar 8 and 9. Examination normal, weight \
             3.4 kg.\n\nASSESSMENT\n{}\n",
            person.relative,
            person.birth,
            assessment(scene)
        );
    }
    let past: Vec<&str> = scene.chronic.iter().map(|one| one.said).collect();
    let past = if past.is_empty() { "None".to_owned() } else { past.join(", ") };
    let taken: Vec<&str> = scene.chronic.iter().map(|one| one.medication.0).collect();
    let taken = if taken.is_empty() { "None".to_owned() } else { taken.join("; ") };
    format!(
        "{head}CHIEF COMPLAINT\n{}.\n\nHISTORY OF PRESENT ILLNESS\nMs. or Mr. {} is a {} who {}\n\n\
         PAST HISTORY\n{past}.\n\nHOME MEDICATIONS\n{taken}.\n\nSOCIAL HISTORY\nLives at {}, \
         {}, IL {}. Phone {}. Next of kin: {}.\n\nEXAMINATION AND RESULTS\n{}\n\nASSESSMENT AND \
         PLAN\n{}\n",
        scenario.complaint,
        person.family,
        years(scene),
        told(scene, scenario.story),
        person.street,
        person.city,
        person.zip,
        person.phone,
        person.relative,
        told(scene, scenario.findings),
        assessment(scene)
    )
    .replace("Ms. or Mr.", if person.sex == "female" { "Ms." } else { "Mr." })
}

fn progress(scene: &Scene, at: civil::DateTime) -> String {
    let day = (at.date() - scene.visit.start.date()).get_days() + 1;
    format!(
        "{}Hospital day {day}. {} feels somewhat better. Overnight events: none reported. Vital \
         signs reviewed.\n\nASSESSMENT\n{}\n\nContinue the present plan; discussed with {}.\n",
        heading(scene, "PROGRESS NOTE", scene.attending),
        scene.person.shown(),
        assessment(scene),
        scene.person.relative
    )
}

fn operation(scene: &Scene, said: &str) -> String {
    let all = diagnoses(scene);
    format!(
        "{}PREOPERATIVE DIAGNOSIS: {}.\nPOSTOPERATIVE DIAGNOSIS: the same.\nPROCEDURE: {said}.\n\
         SURGEON: {}.\nANESTHESIA: general.\nCOMPLICATIONS: none.\n\nThe patient, {}, was \
         identified by name and date of birth. The site was marked. {}\nCounts were correct.\n",
        heading(scene, "OPERATIVE REPORT", scene.attending),
        all[0].said,
        scene.attending.name,
        scene.person.shown(),
        told(scene, scene.visit.scenario.findings)
    )
}

fn consent(scene: &Scene, said: &str) -> String {
    format!(
        "{}PROCEDURE: {said}.\nThe patient, {}, was told in plain words what is done and why, its \
         benefits, its risks (bleeding, infection, reaction to anesthesia) and what else could be \
         done, asked questions, and agreed. Signed by the patient and a witness.\n",
        heading(scene, "CONSENT TO A PROCEDURE", scene.attending),
        scene.person.shown()
    )
}

fn anaesthesia(scene: &Scene, said: &str) -> String {
    format!(
        "{}PROCEDURE: {said}.\nANESTHESIA: general, endotracheal.\nEvaluated before and after. \
         Vital signs were recorded every five minutes and stayed stable. No reaction, no \
         complication. Awake and breathing well on leaving the recovery room.\n",
        heading(scene, "ANESTHESIA RECORD", scene.attending)
    )
}

fn discharge(scene: &Scene, end: civil::DateTime) -> String {
    let scenario = scene.visit.scenario;
    let done: Vec<&str> = match scene.is_newborn {
        true => Vec::new(),
        false => scenario.procedures.iter().map(|one| one.said).collect(),
    };
    let done = if done.is_empty() { "None".to_owned() } else { done.join("; ") };
    let outcome = match scene.visit.dies {
        true => format!("Despite treatment the patient died on {}.", end.date()),
        false if scene.is_newborn => {
            "Fed well, lost 4% of birth weight, passed hearing test.".to_owned()
        }
        false => told(scene, scenario.course),
    };
    format!(
        "{}Admitted: {}\nDischarged: {}\n\nDISCHARGE DIAGNOSES\n{}\n\nPROCEDURES\n{done}.\n\n\
         HOSPITAL COURSE\n{outcome}\n\nFOLLOW-UP\nPrairie Clinic in two weeks. Call {} with \
         questions.\n",
        heading(scene, "DISCHARGE SUMMARY", scene.attending),
        scene.visit.start.date(),
        end.date(),
        assessment(scene),
        scene.person.phone
    )
}

fn short(scene: &Scene, title: &str) -> String {
    let scenario = scene.visit.scenario;
    format!(
        "{}COMPLAINT\n{}.\n\nHISTORY\n{} is a {} who {}\n\nFINDINGS\n{}\n\nASSESSMENT\n{}\n\nPLAN\n\
         {}\n",
        heading(scene, title, scene.attending),
        scenario.complaint,
        scene.person.shown(),
        years(scene),
        told(scene, scenario.story),
        told(scene, scenario.findings),
        assessment(scene),
        told(scene, scenario.course)
    )
}
