//! The integrity desk: quality checks with their scores, findings, runs, verifications.

mod checks;
mod findings;
mod runs;
mod verification;

use crate::server::{Clerk, Guard, Routes};
use crate::ui::{Badge, Tab, Tone, notice, tabs};
use app::Right;
use app::integrity::Part;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// The routes of the desk.
pub(super) fn routes(routes: Routes) -> Routes {
    let read = Guard::Right(Right::Integrity);
    let accept = Guard::Right(Right::FindingAccept);
    let verify = Guard::Right(Right::Verify);
    routes
        .get("/integrity", read, checks::overview)
        .get("/integrity/checks/{check}", read, checks::show)
        .get("/integrity/list/{part}", read, findings::list)
        .get("/integrity/findings/{finding}", read, findings::show)
        .post("/integrity/findings/{finding}/check", read, findings::check)
        .post("/integrity/findings/{finding}/accept", accept, findings::accept)
        .post("/integrity/findings/{finding}/end", accept, findings::end)
        .post("/integrity/run", read, runs::ask)
        .get("/integrity/runs", read, runs::list)
        .get("/integrity/runs/{run}", read, runs::show)
        .get("/integrity/verification", verify, verification::list)
        .post("/integrity/verification", verify, verification::ask)
        .get("/integrity/verification/{run}", verify, verification::show)
        .post(
            "/integrity/verification/{run}/review",
            Guard::Right(Right::GlassReview),
            verification::review,
        )
}

/// The faces of the desk that this person may see.
fn desk_tabs(clerk: &Clerk, current: &str) -> Markup {
    let may = |right: Right| app::access::allowed(clerk.context(), right);
    let mut faces: Vec<(String, &str)> = Vec::new();
    if may(Right::Integrity) {
        faces.push(("/integrity".to_owned(), "Checks"));
        for part in Part::ALL {
            faces.push((format!("/integrity/list/{}", part.as_str()), part.label()));
        }
        faces.push(("/integrity/runs".to_owned(), "Runs"));
    }
    if may(Right::Verify) {
        faces.push(("/integrity/verification".to_owned(), "Verification"));
    }
    let tab = |(index, (address, label)): (usize, &(String, &str))| {
        Tab::new(*label, address).current(address == current).key((index + 1).to_string())
    };
    tabs("Integrity", faces.iter().enumerate().map(tab))
}

/// Failing rows by rows judged, in percent; never rounded to nothing.
fn score(failing: i64, judged: i64) -> String {
    match judged {
        0 => "nothing to judge".to_owned(),
        _ => format!("{} %", integrity::checks::percent(failing as f64 / judged as f64)),
    }
}

fn state_badge(state: &str) -> Badge {
    match state {
        "open" => Badge::new(Tone::Warn, "to mend"),
        "accepted" => Badge::new(Tone::Info, "accepted"),
        "fixed" => Badge::new(Tone::Ok, "mended"),
        "waiting" => Badge::new(Tone::Info, "waiting"),
        "running" => Badge::new(Tone::Info, "under way"),
        "done" => Badge::new(Tone::Ok, "done"),
        "failed" => Badge::new(Tone::Stop, "failed"),
        other => Badge::new(Tone::Neutral, other),
    }
}

/// Who acted, by name.
fn who<'a>(names: &'a BTreeMap<String, String>, actor: &'a str) -> &'a str {
    names.get(actor).map_or(actor, String::as_str)
}

/// Why something was given up, and what is to be done.
fn failed(what: &str, failure: Option<&str>, again: &str) -> Markup {
    notice(
        Tone::Stop,
        html! {
            p {
                (what) " failed: " (failure.unwrap_or("no reason was kept"))
                ". It was tried several times. Tell who looks after the server; its log has the \
                 error. " (again)
            }
        },
    )
}

/// Why something began: by itself, or asked for by somebody.
fn cause(cause: &str, names: &BTreeMap<String, String>, actor: &str) -> Markup {
    match cause {
        "asked" => html! { "asked for by " (who(names, actor)) },
        other => html! { (other) },
    }
}
