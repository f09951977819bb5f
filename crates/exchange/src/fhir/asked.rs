//! What the rules of completion ask of an Encounter, a DocumentReference and a Procedure: who,
//! when, signed or not.

use super::build::{Desk, Facts, Party, authenticate};
use super::index::{at_path, dates::chart_date, text};
use jiff::tz::TimeZone;
use record::{Instant, PartialDate};
use serde_json::{Value, json};

/// Statuses of a document that say that its author is done with it.
const SIGNED: &[&str] = &["final", "amended", "corrected", "appended"];
/// Statuses of an entry that count for nothing.
const VOID: &[&str] = &["entered-in-error", "superseded", "cancelled", "not-done"];
/// Where a file of ours is kept, in the attachment that stands for a scan.
const SCAN_URL: &str = "urn:chartroom:document:";
/// Participation types, the one in charge first.
const IN_CHARGE: &[&str] = &["ATND", "PPRF", "CON"];
/// SNOMED CT: surgical procedure, as a category.
const SURGICAL: &str = "387713003";

/// A document as far as its completion goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentAsked {
    /// LOINC codes of its type, in the sender's order.
    pub codes: Vec<String>,
    /// The moment that it tells of.
    pub at: Option<Instant>,
    /// When it was authenticated. A document from outside that says nothing of its state was
    /// authenticated by its source: then the time that it tells of.
    pub signed: Option<Instant>,
    /// Who wrote it, where that is said.
    pub author: Option<Party>,
    /// Whether it counts for nothing: entered in error, superseded.
    pub is_void: bool,
    /// Whether it is a file that was indexed here: its signature, if any, stands on its pages.
    pub is_scan: bool,
}

/// Reads a DocumentReference; `None` for other types. Times without an offset are in `zone`.
pub fn document_asked(resource: &Value, zone: &TimeZone) -> Option<DocumentAsked> {
    if text(resource, "resourceType") != Some("DocumentReference") {
        return None;
    }
    let facts = Facts::of(resource);
    let at = chart_date(resource, "DocumentReference", zone).map(|(first, _)| first);
    let is_scan = super::attachments(resource)
        .iter()
        .any(|file| file.url.is_some_and(|url| url.starts_with(SCAN_URL)));
    let status = text(resource, "docStatus").unwrap_or_default();
    let signed = match &facts {
        Some(facts) => facts.authenticated.as_ref().and_then(|(_, when)| instant(when, zone)),
        None => {
            let has_signer = resource.get("authenticator").is_some();
            let is_signed = status.is_empty() || SIGNED.contains(&status) || has_signer;
            is_signed.then_some(at.unwrap_or(Instant(0)))
        }
    };
    let own = facts.map(|facts| facts.author).filter(|_| !is_scan);
    let sent = at_path(resource, "author").into_iter().find_map(party).filter(|_| !is_scan);
    let words = [text(resource, "status").unwrap_or_default(), status];
    Some(DocumentAsked {
        codes: loinc_codes(resource),
        at,
        signed,
        author: own.filter(|party| !party.display.is_empty()).or(sent),
        is_void: words.iter().any(|word| VOID.contains(word)),
        is_scan,
    })
}

fn instant(text: &str, zone: &TimeZone) -> Option<Instant> {
    PartialDate::parse(text, zone).map(|date| date.first)
}

fn loinc_codes(resource: &Value) -> Vec<String> {
    let codings = at_path(resource, "type.coding").into_iter();
    let of_loinc = codings.filter(|coding| text(coding, "system") == Some("http://loinc.org"));
    of_loinc.filter_map(|coding| text(coding, "code")).map(str::to_owned).collect()
}

/// A reference to somebody, with the name that the sender wrote.
fn party(value: &Value) -> Option<Party> {
    let word = |name: &str| text(value, name).unwrap_or_default();
    let party = Party::new(word("reference"), word("display"));
    (!party.reference.is_empty() || !party.display.is_empty()).then_some(party)
}

/// The attending provider of an Encounter, or else its primary performer, or else anyone.
pub fn attending(encounter: &Value) -> Option<Party> {
    let participants = at_path(encounter, "participant");
    let rank = |participant: &&&Value| {
        let kinds = at_path(participant, "type.coding.code");
        let place = |kind: &Value| IN_CHARGE.iter().position(|known| kind == known);
        kinds.into_iter().filter_map(place).min().unwrap_or(IN_CHARGE.len())
    };
    let first = participants.iter().min_by_key(rank)?;
    party(first.get("individual")?)
}

/// A procedure as far as the documents that it asks for go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcedureAsked {
    /// When it was done.
    pub at: Option<Instant>,
    /// Whether it is an operation: by its category, or by an ICD-10-PCS code of the sections
    /// Medical and Surgical or Obstetrics whose approach is open or percutaneous endoscopic.
    /// Nobody is operated on so without anaesthesia.
    pub under_anaesthesia: bool,
    /// Who did it.
    pub performer: Option<Party>,
    /// Whether it counts for nothing.
    pub is_void: bool,
}

/// Reads a Procedure; `None` for other types. Times without an offset are taken in `zone`.
pub fn procedure_asked(resource: &Value, zone: &TimeZone) -> Option<ProcedureAsked> {
    if text(resource, "resourceType") != Some("Procedure") {
        return None;
    }
    let codes = at_path(resource, "code.coding").into_iter();
    let is_operation = codes.filter_map(|coding| text(coding, "code")).any(is_open_operation);
    let is_surgical = at_path(resource, "category.coding.code").into_iter().any(|c| c == SURGICAL);
    Some(ProcedureAsked {
        at: chart_date(resource, "Procedure", zone).map(|(first, _)| first),
        under_anaesthesia: is_operation || is_surgical,
        performer: at_path(resource, "performer.actor").into_iter().find_map(party),
        is_void: text(resource, "status").is_some_and(|word| VOID.contains(&word)),
    })
}

/// Whether a code is one of ICD-10-PCS, section 0 or 1, with the approach 0 (open) or 4
/// (percutaneous endoscopic). Codes of other systems have other lengths, or an approach that is
/// none.
fn is_open_operation(code: &str) -> bool {
    let bytes = code.as_bytes();
    let is_pcs = bytes.len() == 7 && bytes.iter().all(u8::is_ascii_alphanumeric);
    // SNOMED CT and CPT codes are all digits: no code of these sections is.
    let has_letter = bytes.iter().any(u8::is_ascii_uppercase);
    is_pcs && has_letter && matches!(bytes[0], b'0' | b'1') && matches!(bytes[4], b'0' | b'4')
}

/// Signs a document as its provider: where it was entered here, as [`authenticate`] does; where
/// it came from outside unsigned, in R4's own members and with the time of the signature.
pub fn sign_document(resource: &mut Value, by: &Party, desk: &Desk<'_>) {
    if authenticate(resource, by, desk) {
        return;
    }
    let author = at_path(resource, "author").into_iter().find_map(party);
    let sent_at = text(resource, "date").unwrap_or_default().to_owned();
    let told = at_path(resource, "context.period.start").into_iter().find_map(Value::as_str);
    let facts = Facts {
        author: author.unwrap_or_else(|| by.clone()),
        entered_by: Party::new("", "Its source"),
        authenticated: Some((by.clone(), desk.now_text())),
        event_time: told.unwrap_or(&sent_at).to_owned(),
        ..Facts::default()
    };
    facts.put_on(resource, desk, &sent_at);
    resource["authenticator"] = json!({"reference": by.reference, "display": by.display});
    if by.reference.is_empty() {
        resource["authenticator"] = json!({"display": by.display});
    }
    resource["docStatus"] = json!("final");
}

/// Files a document with an encounter: `Encounter/e1`. Encounters that it named stay behind it.
pub fn file_with_encounter(resource: &mut Value, encounter: &str) {
    let named: Vec<Value> = at_path(resource, "context.encounter").into_iter().cloned().collect();
    let others = named.into_iter().filter(|one| one["reference"] != encounter);
    let list: Vec<Value> = std::iter::once(json!({"reference": encounter})).chain(others).collect();
    if resource["context"].is_object() {
        resource["context"]["encounter"] = Value::Array(list);
    } else {
        resource["context"] = json!({"encounter": list});
    }
}

/// Whether an Encounter ended with the patient's death, by its discharge disposition: `exp` of
/// HL7, or 20 and 40 to 42 of the National Uniform Billing Committee.
pub fn ended_in_death(encounter: &Value) -> bool {
    let path = "hospitalization.dischargeDisposition.coding.code";
    let codes = at_path(encounter, path).into_iter().filter_map(Value::as_str);
    codes.into_iter().any(|code| matches!(code, "exp" | "20" | "40" | "41" | "42"))
}

/// Whether an Encounter took place: not cancelled, planned or entered in error.
pub fn took_place(encounter: &Value) -> bool {
    let status = text(encounter, "status").unwrap_or_default();
    !matches!(status, "cancelled" | "entered-in-error" | "planned")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(document: Value) -> DocumentAsked {
        document_asked(&document, &TimeZone::UTC).unwrap()
    }

    #[test]
    fn signatures_are_seen_where_they_stand() {
        let document = |more: Value| {
            let mut out = json!({"resourceType": "DocumentReference", "status": "current",
                "date": "2026-03-01T10:00:00Z",
                "type": {"coding": [{"system": "http://loinc.org", "code": "18842-5"}]},
                "author": [{"reference": "Practitioner/p", "display": "Dr. Roe"}]});
            for (name, value) in more.as_object().unwrap() {
                out[name] = value.clone();
            }
            out
        };
        let from_source = asked(document(json!({})));
        assert_eq!(from_source.codes, ["18842-5"]);
        assert!(from_source.signed.is_some(), "its source authenticated it");
        assert_eq!(from_source.author, Some(Party::new("Practitioner/p", "Dr. Roe")));
        assert!(asked(document(json!({"docStatus": "preliminary"}))).signed.is_none());
        assert!(asked(document(json!({"docStatus": "final"}))).signed.is_some());
        assert!(asked(document(json!({"status": "superseded"}))).is_void);
        let file = json!({"attachment": {"contentType": "image/png",
            "url": "urn:chartroom:document:7"}});
        let scan = asked(document(json!({"content": [file], "docStatus": "preliminary"})));
        assert!(scan.is_scan && scan.author.is_none() && scan.signed.is_none());
        assert!(document_asked(&json!({"resourceType": "Patient"}), &TimeZone::UTC).is_none());
    }

    #[test]
    fn an_unsigned_document_from_outside_is_signed_here() {
        let mut document = json!({"resourceType": "DocumentReference", "status": "current",
            "docStatus": "preliminary", "date": "2026-03-01T10:00:00Z",
            "author": [{"reference": "Practitioner/p", "display": "Dr. Roe"}]});
        let now = Instant::parse("2026-03-02T10:00:00Z").unwrap();
        let desk = Desk { zone: &TimeZone::UTC, now };
        sign_document(&mut document, &Party::new("Practitioner/p", "Dr. Roe"), &desk);
        assert_eq!(document["docStatus"], "final");
        assert_eq!(document["authenticator"]["reference"], "Practitioner/p");
        let facts = Facts::of(&document).unwrap();
        assert_eq!(facts.entered_by.display, "Its source");
        assert_eq!(asked(document).signed, Some(now));
    }

    #[test]
    fn the_one_in_charge_is_found() {
        let participant = |code: &str, name: &str| {
            let kind = json!([{"coding": [{"code": code}]}]);
            json!({"type": kind, "individual": {"display": name}})
        };
        let encounter = json!({"participant": [participant("PPRF", "B"), participant("ATND", "A"),
            {"individual": {"display": "C"}}]});
        assert_eq!(attending(&encounter), Some(Party::new("", "A")));
        assert_eq!(attending(&json!({})), None);
    }

    #[test]
    fn operations_are_told_from_bedside_procedures() {
        for (code, expected) in [
            ("0SRD0J9", true),
            ("0FT44ZZ", true),
            ("0DJD8ZZ", false),
            ("10D00Z1", true),
            ("10E0XZZ", false),
            ("5A1955Z", false),
            ("0123456", false),
            ("44950", false),
        ] {
            assert_eq!(is_open_operation(code), expected, "{code}");
        }
    }

    #[test]
    fn a_document_is_filed_with_an_encounter() {
        let mut document = json!({"context": {"encounter": [{"reference": "Encounter/a"}],
            "period": {"start": "2026"}}});
        file_with_encounter(&mut document, "Encounter/b");
        assert_eq!(document["context"]["encounter"][0]["reference"], "Encounter/b");
        assert_eq!(document["context"]["encounter"][1]["reference"], "Encounter/a");
        assert_eq!(document["context"]["period"]["start"], "2026");
        let mut bare = json!({});
        file_with_encounter(&mut bare, "Encounter/b");
        assert_eq!(bare["context"]["encounter"][0]["reference"], "Encounter/b");
    }
}
