//! What the forms of the coding page send.

use super::chart::page;
use super::system_word;
use crate::server::{Answer, Clerk, Failure, Posted, see_other};
use app::coding::{
    Change, CodeFields, DiagnosisFields, Outcome, ProcedureFields, change as make, change_quietly,
    favourite_turn,
};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use coding::codeset::{System, dotted};
use coding::edits::Poa;
use coding::work::HoldReason;

pub(super) async fn change(Path(work): Path<i64>, posted: Posted) -> Answer {
    let fields = fields(&posted);
    let mut answer = None;
    if let Some((system, code)) = favourite(&posted) {
        let kept = posted
            .clerk
            .attempt(move |store, context| favourite_turn(store, context, system, &code));
        if let Err(error) = kept.await {
            return shown(&posted.clerk, work, error).await;
        }
    }
    for change in changes(&posted) {
        match apply(&posted, work, Some(fields.clone()), change).await {
            Ok(Outcome::Saved) => {}
            Ok(Outcome::Walk(system, code)) => {
                let (word, code) = (system_word(system), dotted(system, &code));
                answer = Some(format!("/coding/{work}/walk/{word}/{code}"));
            }
            Err(error) => return shown(&posted.clerk, work, error).await,
        }
    }
    Ok(see_other(answer.unwrap_or_else(|| format!("/coding/{work}"))))
}

/// The code that the pressed button keeps or drops as a favourite.
fn favourite(posted: &Posted) -> Option<(System, String)> {
    let (word, code) = posted.text("do").strip_prefix("favourite-")?.split_once(':')?;
    let system = System::ALL.into_iter().find(|system| system_word(*system) == word)?;
    Some((system, code.to_owned()))
}

/// The page again with what does not hold; other errors as a page of their own.
async fn shown(clerk: &Clerk, work: i64, error: app::Error) -> Answer {
    let errors = match &error {
        app::Error::Invalid(errors) => errors.clone(),
        app::Error::Refused(reason) => vec![app::FieldError::new("diagnosis", reason)],
        _ => return Err(Failure::new(error, &clerk.shell)),
    };
    let page = page(clerk, work, &errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn apply(
    posted: &Posted,
    work: i64,
    fields: Option<CodeFields>,
    change: Change,
) -> Result<Outcome, app::Error> {
    let revision = posted.number("revision").unwrap_or(-1);
    let attempt = posted.clerk.attempt(move |store, context| {
        make(store, context, work, revision, fields.as_ref(), &change)
    });
    attempt.await
}

pub(super) async fn draft_shown(clerk: Clerk, Path(work): Path<i64>) -> Answer {
    // The draft is the page: this address stands behind "See both versions".
    let _ = clerk.run(move |store, context| app::coding::open(store, context, work)).await?;
    Ok(see_other(format!("/coding/{work}")))
}

pub(super) async fn draft(Path(work): Path<i64>, posted: Posted) -> Answer {
    let (fields, revision) = (fields(&posted), posted.number("revision").unwrap_or(-1));
    let save = posted
        .clerk
        .run(move |store, context| change_quietly(store, context, work, revision, &fields));
    save.await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(super) async fn set_aside(Path(work): Path<i64>, posted: Posted) -> Answer {
    let rule = posted.text("rule").to_owned();
    let codes: Vec<String> = posted.text("codes").split_whitespace().map(str::to_owned).collect();
    let change = match posted.text("do") {
        "end" => Change::EndOverride { rule, codes },
        _ => Change::Override { rule, codes, reason: posted.text("reason").to_owned() },
    };
    alone(&posted, work, change).await
}

pub(super) async fn hold(Path(work): Path<i64>, posted: Posted) -> Answer {
    let change = match (posted.text("do"), HoldReason::parse(posted.text("hold_reason"))) {
        ("resume", _) => Change::Resume,
        (_, Some(reason)) => Change::Hold { reason, note: posted.text("note").to_owned() },
        (_, None) => {
            let errors = vec![app::FieldError::new("hold_reason", "Choose why it waits.")];
            return shown(&posted.clerk, work, app::Error::Invalid(errors)).await;
        }
    };
    alone(&posted, work, change).await
}

pub(super) async fn reopen(Path(work): Path<i64>, posted: Posted) -> Answer {
    alone(&posted, work, Change::Reopen(posted.text("reason").to_owned())).await
}

async fn alone(posted: &Posted, work: i64, change: Change) -> Answer {
    match apply(posted, work, None, change).await {
        Ok(_) => Ok(see_other(format!("/coding/{work}"))),
        Err(error) => shown(&posted.clerk, work, error).await,
    }
}

/// What the pressed button asks. Enter in a code field presses "Add", which adds what both fields
/// hold.
fn changes(posted: &Posted) -> Vec<Change> {
    let (deed, about) = posted.text("do").split_once(':').unwrap_or((posted.text("do"), ""));
    let diagnosis = |code: &str, is_first| Change::Add {
        system: System::Icd10Cm,
        code: code.to_owned(),
        is_first,
    };
    let one = match deed {
        "add" if about.is_empty() => return added(posted),
        "add" => diagnosis(about, false),
        "add-first" => diagnosis(about, true),
        "add-procedure" => {
            Change::Add { system: System::Icd10Pcs, code: about.to_owned(), is_first: false }
        }
        "remove" => Change::RemoveDiagnosis(about.to_owned()),
        "remove-procedure" => Change::RemoveProcedure(about.parse().unwrap_or(usize::MAX)),
        "first" => Change::PutFirst(about.to_owned()),
        "up" => Change::MoveUp(about.to_owned()),
        "finalize" => Change::Finalize,
        _ => Change::Save,
    };
    vec![one]
}

fn added(posted: &Posted) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut add = |system, code: &str| {
        changes.push(Change::Add { system, code: code.to_owned(), is_first: false });
    };
    if let Some(code) = posted.given("diagnosis") {
        add(System::Icd10Cm, code);
    }
    if let Some(code) = posted.given("procedure") {
        add(System::Icd10Pcs, code);
    }
    if let Some(code) = posted.given("service") {
        let is_hcpcs = code.starts_with(|c: char| c.is_ascii_alphabetic());
        add(if is_hcpcs { System::Hcpcs } else { System::Cpt }, code);
    }
    if changes.is_empty() { vec![Change::Save] } else { changes }
}

fn fields(posted: &Posted) -> CodeFields {
    let uncertain = posted.all("uncertain");
    let diagnosis = |code: &&str| DiagnosisFields {
        code: (*code).to_owned(),
        poa: poa_of(posted.text(&format!("poa-{code}"))),
        is_uncertain: uncertain.contains(code),
    };
    let procedure = |(place, code): (usize, &str)| ProcedureFields {
        place,
        code: code.to_owned(),
        date: posted.text(&format!("date-{place}")).to_owned(),
        modifiers: posted.text(&format!("modifiers-{place}")).to_owned(),
        units: posted.text(&format!("units-{place}")).to_owned(),
    };
    CodeFields {
        diagnoses: posted.all("coded").iter().map(diagnosis).collect(),
        procedures: posted.all("done").into_iter().enumerate().map(procedure).collect(),
        discharge_status: posted
            .fields()
            .get("discharge_status")
            .map(|status| status.trim().to_owned()),
    }
}

/// The letter of a present-on-admission indicator.
pub(super) const POA: &[(&str, &str, Poa)] = &[
    ("Y", "Y, present", Poa::Y),
    ("N", "N, not present", Poa::N),
    ("U", "U, not documented", Poa::U),
    ("W", "W, can't be told", Poa::W),
    ("1", "1, exempt", Poa::Exempt),
];

fn poa_of(letter: &str) -> Option<Poa> {
    POA.iter().find(|(known, _, _)| *known == letter).map(|(_, _, poa)| *poa)
}
