//! Request letters of every kind, outside records, consents, and papers that fit no chart.

mod kinds;

use self::kinds::{FORM, LETTERS};
use crate::chart::Writer;
use crate::person::Person;
use crate::scan::Scan;
use crate::truth::{Request, ScanTruth};
use jiff::{ToSpan, civil};

/// How many kinds of request there are.
pub(crate) const KINDS: usize = LETTERS.len();

/// Fills a letter's places.
fn filled(body: &str, person: &Person, stay: civil::Date, today: civil::Date) -> String {
    let mut text = body.to_owned();
    if let Some((before, rest)) = text.split_once("{form:") {
        // The parts of the form hold places of their own, so its end is the last brace.
        let (parts, after) = rest.rsplit_once('}').unwrap_or((rest, ""));
        let mut parts = parts.split('|');
        let mut part = || parts.next().unwrap_or_default().to_owned();
        let form = FORM
            .replace("{to_whom}", &part())
            .replace("{purpose}", &part())
            .replace("{expires}", &part())
            .replace("{signed}", &part());
        text = format!("{before}{form}{after}");
    }
    text.replace("{name}", &person.shown())
        .replace("{relative}", &person.relative)
        .replace("{from}", &stay.to_string())
        .replace("{to}", &stay.saturating_add(20.days()).min(today).to_string())
        .replace("{today}", &today.to_string())
        .replace("{next_year}", &today.saturating_add(1.years()).to_string())
        .replace("{last_year}", &today.saturating_sub(1.years()).to_string())
}

/// A request letter of the given kind about the person.
pub(crate) fn request(writer: &mut Writer, person: &Person, kind: usize) {
    let letter = &LETTERS[kind % LETTERS.len()];
    let today = writer.house.today;
    let received = today.saturating_sub(writer.random.between(0, 34).days());
    let stay = last_stay(writer).map_or_else(|| today.saturating_sub(90.days()), |(_, date)| date);
    let body = filled(letter.body, person, stay, received);
    let requester = match letter.requester {
        "the patient" => person.shown(),
        "the guardian" | "the executor" | "a parent" => person.relative.clone(),
        other => other.to_owned(),
    };
    let text = format!(
        "{requester}\n\n{received}\n\nPrairie General Hospital\nHealth Information Management\n1 \
         Prairie Way, Exampleton, IL 00010\n\nRe: {}, born {}, MRN {}\n\n{body}\n",
        person.shown(),
        person.birth,
        person.mrn
    );
    let name = format!("request-{}-{}", person.id, letter.kind);
    let scan = scanned(
        writer,
        ScanTruth {
            name,
            kind: "request-letter",
            loinc: "52033-8",
            patient: Some(person.id.clone()),
            encounter: None,
            is_indexed: false,
            text,
        },
    );
    writer.chart.truth.requests.push(Request {
        scan,
        kind: letter.kind,
        patient: person.id.clone(),
        basis: letter.basis,
        requester,
        received: received.to_string(),
        clock_days: letter.clock_days,
        defects: letter.defects.to_vec(),
        expected: letter.expected,
    });
}

fn last_stay(writer: &Writer) -> Option<(String, civil::Date)> {
    let stays = &writer.chart.truth.stays;
    let stay = stays.iter().rev().find(|stay| stay.class == "IMP").or(stays.last())?;
    Some((stay.encounter.clone(), stay.admitted.parse().ok()?))
}

/// Scans half of the papers as pictures, half as PDF; the name of the file.
fn scanned(writer: &mut Writer, truth: ScanTruth) -> String {
    let scan = if writer.random.percent(50) { Scan::picture(truth) } else { Scan::pdf(truth) };
    let name = scan.truth.name.clone();
    writer.chart.truth.scans.push(scan.truth.clone());
    writer.chart.scans.push(scan);
    name
}

/// Papers of the person's chart, some attached, some waiting to be indexed.
pub(crate) fn papers(writer: &mut Writer, person: &Person) {
    let stay = last_stay(writer);
    if writer.random.percent(16) {
        let text = format!(
            "VALLEY HEART CLINIC\nOffice note\n\nPatient: {}\nBorn: {}\n\nSeen for palpitations. \
             Event monitor over 14 days: no arrhythmia. Return in a year.\nDr. R. Winslow\n",
            person.shown(),
            person.birth
        );
        let is_indexed = writer.random.percent(50);
        let id = person.id.clone();
        scanned(
            writer,
            ScanTruth {
                name: format!("outside-{id}"),
                kind: "outside-record",
                loinc: "11503-0",
                patient: Some(id),
                encounter: None,
                is_indexed,
                text,
            },
        );
    }
    if let Some((encounter, date)) = stay.filter(|_| writer.random.percent(18)) {
        let text = format!(
            "PRAIRIE GENERAL HOSPITAL\nCONSENT FOR TREATMENT\n\nPatient: {}   MRN: {}\nDate: \
             {date}\n\nI consent to examination and treatment at this hospital. I have been given \
             the notice of privacy practices.\n\nSigned: {}\nWitness: {}\n",
            person.shown(),
            person.mrn,
            person.shown(),
            person.relative
        );
        let is_indexed = writer.random.percent(50);
        let id = person.id.clone();
        scanned(
            writer,
            ScanTruth {
                name: format!("consent-{id}"),
                kind: "consent",
                loinc: "59284-0",
                patient: Some(id),
                encounter: Some(encounter),
                is_indexed,
                text,
            },
        );
    }
}

/// A paper that must not be attached: its number and name disagree, or nobody here is meant.
pub(crate) fn orphan(writer: &mut Writer, person: &Person, is_unknown: bool) {
    let (kind, shown, number) = match is_unknown {
        true => ("unknown-patient", "Quillon Xavier Brandywine".to_owned(), "none".to_owned()),
        false => ("mismatch", "Ottoline Merriweather".to_owned(), person.mrn.clone()),
    };
    let text = format!(
        "RIVERSIDE IMAGING\nChest radiograph, two views\n\nPatient: {shown}\nMRN: {number}\n\n\
         Heart and lungs normal.\nDr. S. Arkwright\n"
    );
    scanned(
        writer,
        ScanTruth {
            name: format!("{kind}-{}", person.id),
            kind,
            loinc: "18748-4",
            patient: None,
            encounter: None,
            is_indexed: false,
            text,
        },
    );
}
