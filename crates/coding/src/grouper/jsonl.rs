//! Claims as JSON Lines: one claim a line in, one grouping a line out.
//!
//! A claim that can't be read gets a line with its error, and the rest goes on.
//!
//! In: `discharge_date` and `principal.code` must be there; the rest may be null or absent. Codes
//! may have dots and any case. `sex` is M, F or U; `poa` Y, N, U, W, 1 (exempt) or null;
//! `hospital_poa_status` reporting (also where absent) or exempt.
//!
//! Out: `version` as "43.1"; `mdc`, `title`, `type` (surgical, medical or null), `weight`,
//! `geometric_mean_stay_days` and `severity` (MCC, CC or NONE, what counted for the row) belong to
//! the final `drg`; `hac` are the numbers of the hospital-acquired conditions whose criteria are
//! met by a diagnosis that was not present; `edits` are objects with the name of the `edit`, the
//! `codes` that it points at, a `text` and its `source`; `why` are the lines of the path, indented
//! by what they rest on.

use std::borrow::Cow;
use std::io::{BufRead, Write};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::claim::{Claim, Code, Diagnosis, HospitalPoaStatus, PresentOnAdmission, Procedure, Sex};
use super::grouping::{Grouper, UNGROUPABLE};
use super::logic::DrgType;
use super::presence::missing_present_on_admission;
use super::stay::Scratch;
use super::why::severity_name;
use crate::mce::{Edit, Editor, Place, SOURCE};

/// Codes of one list of a claim at most. Claims carry 25 of each (UB-04, 837I); what contributes is
/// found by leaving out one after the other, so that a list without end would never be answered.
const CODES_MAX: usize = 1_000;

/// A claim as a line holds it. Fields that a line does not name are as if null.
#[derive(Deserialize)]
struct ClaimLine<'a> {
    #[serde(default)]
    id: Value,
    #[serde(borrow)]
    discharge_date: Cow<'a, str>,
    #[serde(default)]
    age_years: Option<u16>,
    #[serde(borrow, default)]
    sex: Option<Cow<'a, str>>,
    #[serde(default)]
    discharge_status: Option<u16>,
    #[serde(default)]
    length_of_stay_days: Option<u32>,
    #[serde(borrow, default)]
    admit_diagnosis: Option<Cow<'a, str>>,
    #[serde(borrow)]
    principal: DiagnosisLine<'a>,
    #[serde(borrow, default)]
    secondary: Option<Vec<DiagnosisLine<'a>>>,
    #[serde(borrow, default)]
    procedures: Option<Vec<ProcedureLine<'a>>>,
    #[serde(borrow, default)]
    hospital_poa_status: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct DiagnosisLine<'a> {
    #[serde(borrow)]
    code: Cow<'a, str>,
    #[serde(borrow, default)]
    poa: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct ProcedureLine<'a> {
    #[serde(borrow)]
    code: Cow<'a, str>,
    #[serde(borrow, default)]
    date: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
struct GroupingLine<'a> {
    id: &'a Value,
    version: String,
    mdc: u8,
    initial_drg: u16,
    drg: u16,
    title: Option<&'a str>,
    #[serde(rename = "type")]
    kind: Option<&'static str>,
    weight: Option<f64>,
    geometric_mean_stay_days: Option<f64>,
    severity: &'static str,
    hac: Vec<u8>,
    edits: Vec<EditLine>,
    why: Vec<String>,
}

#[derive(Serialize)]
struct EditLine {
    edit: &'static str,
    codes: Vec<String>,
    text: &'static str,
    source: &'static str,
}

#[derive(Serialize)]
struct ErrorLine<'a> {
    id: &'a Value,
    error: String,
}

/// Groups the claim on one line; the answer is one line of JSON without its end.
#[must_use]
pub fn group_line(grouper: &Grouper, scratch: &mut Scratch, line: &str) -> String {
    match read(line) {
        Ok((id, claim)) => answer(grouper, scratch, &id, &claim),
        Err((id, error)) => failure(&id, error),
    }
}

/// Groups every line of the input; empty lines are left out.
///
/// # Errors
/// Only those of the input and the output.
pub fn run(
    grouper: &Grouper,
    mut input: impl BufRead,
    mut output: impl Write,
) -> std::io::Result<()> {
    let mut scratch = Scratch::default();
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if input.read_until(b'\n', &mut bytes)? == 0 {
            return output.flush();
        }
        // Some programs begin a file with a byte order mark.
        let line = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        let answer = match std::str::from_utf8(line) {
            Ok(line) if line.trim().is_empty() => continue,
            Ok(line) => group_line(grouper, &mut scratch, line),
            Err(_) => failure(&Value::Null, "this line is not UTF-8 text".to_owned()),
        };
        output.write_all(answer.as_bytes())?;
        output.write_all(b"\n")?;
    }
}

/// Reads a claim and its id from a line.
///
/// # Errors
/// The id, where it could be read, and what is wrong in a sentence without the line's content.
pub fn read(line: &str) -> Result<(Value, Claim), (Value, String)> {
    let mut parsed: ClaimLine = serde_json::from_str(line).map_err(|error| unread(line, &error))?;
    let id = std::mem::take(&mut parsed.id);
    match claim(&parsed) {
        Ok(claim) => Ok((id, claim)),
        Err(error) => Err((id, error)),
    }
}

fn unread(line: &str, error: &serde_json::Error) -> (Value, String) {
    let value = match serde_json::from_str::<Value>(line) {
        Ok(value) => value,
        Err(error) if error.is_eof() => {
            return (Value::Null, "this line is cut: it ends inside the JSON".to_owned());
        }
        Err(error) => {
            let column = error.column();
            return (Value::Null, format!("this line is not JSON: look at column {column}"));
        }
    };
    let id = value.get("id").cloned().unwrap_or_default();
    let text = if !value.is_object() {
        "this line is not a claim: it must be one JSON object".to_owned()
    } else if value.get("discharge_date").is_none_or(Value::is_null) {
        "the claim has no discharge_date: it chooses the version of the grouper".to_owned()
    } else if value.pointer("/principal/code").is_none_or(Value::is_null) {
        "the claim has no principal diagnosis: give principal.code".to_owned()
    } else if let Some((field, wanted)) = wrong_field(&value) {
        format!("{field} must be {wanted}")
    } else {
        let column = error.column();
        format!("a field stands twice or has the wrong type: look before column {column}")
    };
    (id, text)
}

/// The first field whose value is not of its type, and what it must be.
fn wrong_field(claim: &Value) -> Option<(&'static str, &'static str)> {
    type Fits = fn(&Value) -> bool;
    let whole: (Fits, _) =
        (|value| value.as_u64().is_some_and(|n| n < 65_536), "a whole number from 0 on");
    let text: (Fits, _) = (Value::is_string, "text");
    let list: (Fits, _) = (Value::is_array, "a list of objects");
    [
        ("discharge_date", text),
        ("age_years", whole),
        ("sex", text),
        ("discharge_status", whole),
        ("length_of_stay_days", whole),
        ("admit_diagnosis", text),
        ("secondary", list),
        ("procedures", list),
        ("hospital_poa_status", text),
    ]
    .into_iter()
    .find(|(field, (fits, _))| {
        claim.get(field).is_some_and(|value| !value.is_null() && !fits(value))
    })
    .map(|(field, (_, wanted))| (field, wanted))
}

fn claim(line: &ClaimLine) -> Result<Claim, String> {
    let counts = [line.secondary.as_ref().map(Vec::len), line.procedures.as_ref().map(Vec::len)];
    if counts.into_iter().flatten().any(|count| count > CODES_MAX) {
        return Err(format!("the claim has more than {CODES_MAX} codes of a kind"));
    }
    let secondary = line.secondary.iter().flatten().map(diagnosis);
    let procedures = line.procedures.iter().flatten().map(|procedure| {
        let date = procedure.date.as_deref().filter(|date| !date.trim().is_empty());
        let date = date.map(|date| day(date, "a procedure's date")).transpose()?;
        Ok::<_, String>(Procedure { code: Code::new(&procedure.code), date })
    });
    Ok(Claim {
        discharge_date: day(&line.discharge_date, "discharge_date")?,
        age_years: line.age_years,
        sex: sex(line.sex.as_deref())?,
        discharge_status: line.discharge_status.unwrap_or_default(),
        length_of_stay_days: line.length_of_stay_days,
        admit_diagnosis: (line.admit_diagnosis.as_deref())
            .map(Code::new)
            .filter(|code| !code.is_empty()),
        principal: diagnosis(&line.principal)?,
        secondary: secondary.collect::<Result<_, _>>()?,
        procedures: procedures.collect::<Result<_, _>>()?,
        hospital_poa_status: hospital(line.hospital_poa_status.as_deref())?,
    })
}

fn day(text: &str, field: &str) -> Result<Date, String> {
    let error = |_| format!("{field} is not a date: write it as 2026-04-15");
    text.trim().parse::<Date>().map_err(error)
}

fn diagnosis(line: &DiagnosisLine) -> Result<Diagnosis, String> {
    let poa = match line.poa.as_deref().map(str::trim) {
        None | Some("") => None,
        Some("Y" | "y") => Some(PresentOnAdmission::Yes),
        Some("N" | "n") => Some(PresentOnAdmission::No),
        Some("U" | "u") => Some(PresentOnAdmission::Unknown),
        Some("W" | "w") => Some(PresentOnAdmission::Undetermined),
        Some("1" | "E" | "e") => Some(PresentOnAdmission::Exempt),
        Some(_) => return Err("poa must be Y, N, U, W, 1 or null".to_owned()),
    };
    Ok(Diagnosis { code: Code::new(&line.code), poa })
}

fn sex(text: Option<&str>) -> Result<Sex, String> {
    match text.map(str::trim) {
        Some("M" | "m") => Ok(Sex::Male),
        Some("F" | "f") => Ok(Sex::Female),
        None | Some("" | "U" | "u") => Ok(Sex::Unknown),
        Some(_) => Err("sex must be M, F or U".to_owned()),
    }
}

fn hospital(text: Option<&str>) -> Result<HospitalPoaStatus, String> {
    match text.map(str::trim) {
        None | Some("" | "reporting") => Ok(HospitalPoaStatus::Reporting),
        Some("exempt") => Ok(HospitalPoaStatus::Exempt),
        Some(_) => Err("hospital_poa_status must be reporting or exempt".to_owned()),
    }
}

fn answer(grouper: &Grouper, scratch: &mut Scratch, id: &Value, claim: &Claim) -> String {
    let (grouping, steps) = match grouper.explain(scratch, claim) {
        Ok(explained) => explained,
        Err(error) => return failure(id, error.to_string()),
    };
    let mut why = Vec::new();
    steps.iter().for_each(|step| step.lines(0, &mut why));
    let last = grouping.last;
    let weight = grouper.weight(grouping.version, last.drg);
    let line = GroupingLine {
        id,
        version: format!("{}.{}", grouping.version / 10, grouping.version % 10),
        mdc: last.mdc,
        initial_drg: grouping.initial.drg,
        drg: last.drg,
        title: match last.drg {
            UNGROUPABLE => Some("Ungroupable"),
            drg => grouper.title(grouping.version, drg),
        },
        kind: match last.kind {
            DrgType::Surgical => Some("surgical"),
            DrgType::Medical => Some("medical"),
            DrgType::Neither => None,
        },
        weight: weight.map(|weight| f64::from(weight.weight_ten_thousandths) / 10_000.0),
        geometric_mean_stay_days: weight
            .map(|weight| f64::from(weight.geometric_mean_stay_tenth_days) / 10.0),
        severity: severity_name(last.severity),
        hac: grouping.hac.numbers().collect(),
        edits: edits(claim),
        why,
    };
    serde_json::to_string(&line).expect("a grouping has only text and numbers")
}

fn edits(claim: &Claim) -> Vec<EditLine> {
    let code = |place: &Place| match place {
        Place::Principal => Some(claim.principal.code),
        Place::Secondary(place) => claim.secondary.get(*place).map(|diagnosis| diagnosis.code),
        Place::Procedure(place) => claim.procedures.get(*place).map(|procedure| procedure.code),
        Place::AdmitDiagnosis => claim.admit_diagnosis,
        Place::Claim => None,
    };
    let edits = Editor::shipped().edit(claim).into_iter();
    let line = |edit: Edit| EditLine {
        edit: edit.kind.name(),
        codes: edit.places.iter().filter_map(code).map(Code::text).collect(),
        text: edit.kind.text(),
        source: SOURCE,
    };
    let mut lines: Vec<EditLine> = edits.map(line).collect();
    let silent = missing_present_on_admission(claim);
    if !silent.is_empty() {
        lines.push(EditLine {
            edit: "POA_MISSING",
            codes: silent.into_iter().map(Code::text).collect(),
            text: "State whether the diagnosis was present on admission: Y, N, U or W.",
            source: "ICD-10-CM Official Guidelines, Appendix I",
        });
    }
    lines
}

fn failure(id: &Value, error: String) -> String {
    serde_json::to_string(&ErrorLine { id, error }).expect("an error has only text")
}
