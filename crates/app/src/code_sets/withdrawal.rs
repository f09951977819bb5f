//! Withdrawing a load that was wrong: from now on it answers for nothing, and stays in the list
//! with the reason. Codes that became final by it are still read with it.

use super::touched::{Touched, Touching, printed};
use crate::access::{Right, require};
use crate::coding::engines::{Engines, engines, in_force, keep, loads, put_together};
use crate::{Error, FieldError};
use coding::codeset::System;
use coding::import::held::Held;
use coding::import::layout::Layout;
use coding::import::lifecycle::{LoadAction, LoadRefusal, apply};
use jiff::civil::Date;
use record::Context;
use serde::Serialize;
use std::sync::Arc;
use store::code_set::CodeSetLoad;
use store::{AuditEntry, Store, View};

/// What the end of a load touches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Withdrawn {
    /// The load.
    pub load: i64,
    /// Its layout.
    pub layout: Layout,
    /// First and last dates on which it was in force.
    pub dates: (Date, Date),
    /// Whom it touches.
    pub touched: Touched,
    /// Final codings that rest on it. They are still read with it, until they are reopened.
    pub finals_count: u64,
    /// Whether it was withdrawn, or only looked at.
    pub is_done: bool,
}

/// One load, with what its end would touch where it answers still.
///
/// # Errors
/// [`Error::Forbidden`] without the right to administer; [`Error::NotFound`].
pub fn about(
    store: &Store,
    context: &Context,
    id: i64,
) -> Result<(CodeSetLoad, Option<Withdrawn>), Error> {
    require(store, context, Right::Administer)?;
    let load = store.read(context, |view| {
        let load = view.code_set_load(id)?.ok_or(Error::NotFound)?;
        let entry = AuditEntry::new(context, "code-set.open", format!("code-set/{id}"));
        Ok::<_, Error>((load, entry))
    })?;
    let after = match in_force(&load) {
        true => Some(looked_at(store, context, &load)?.0),
        false => None,
    };
    Ok((load, after))
}

/// Withdraws a load, from now on.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Refused`] for what was withdrawn before;
/// [`Error::Forbidden`] without the right to administer; [`Error::NotFound`].
pub fn withdraw(
    store: &Store,
    context: &Context,
    id: i64,
    reason: &str,
) -> Result<Withdrawn, Error> {
    require(store, context, Right::Administer)?;
    let reason = reason.trim();
    let load = store.look(context, |view| view.code_set_load(id))?.ok_or(Error::NotFound)?;
    apply(load.state(), LoadAction::Withdraw { reason }).map_err(|no| told(no, &load))?;
    let (mut withdrawn, marks, next) = looked_at(store, context, &load)?;
    // Built before it is withdrawn: nobody waits for them afterwards.
    keep(marks, Arc::new(Engines::of(next)));
    let detail = format!(
        r#"{{"layout":"{}","from":"{}","drafts":{},"finals":{}}}"#,
        load.layout,
        load.from_date,
        withdrawn.touched.drafts.len(),
        withdrawn.finals_count
    );
    store.write(context, |transaction| {
        transaction.code_set_load_withdraw(id, reason)?;
        let entry = AuditEntry::new(context, "code-set.withdraw", format!("code-set/{id}"));
        transaction.audit(&entry.detail(detail.clone()))
    })?;
    withdrawn.is_done = true;
    Ok(withdrawn)
}

/// A refusal of the lifecycle as the page shows it.
fn told(no: LoadRefusal, load: &CodeSetLoad) -> Error {
    match (no, &load.withdrawal) {
        (LoadRefusal::NoReason, _) => {
            Error::Invalid(vec![FieldError::new("reason", no.to_string())])
        }
        (LoadRefusal::WasWithdrawn, Some(before)) => {
            let day = before.at.date_in(&jiff::tz::TimeZone::UTC);
            Error::Refused(format!("This load was withdrawn on {day}."))
        }
        _ => Error::Refused(no.to_string()),
    }
}

type LookedAt = (Withdrawn, crate::coding::engines::Marks, Held);

fn looked_at(store: &Store, context: &Context, load: &CodeSetLoad) -> Result<LookedAt, Error> {
    let broken = || Error::Internal(format!("code set load {} can't be read", load.id));
    let layout = Layout::parse(&load.layout).ok_or_else(broken)?;
    let date = |text: &str| text.parse::<Date>().map_err(|_| broken());
    let dates = (date(&load.from_date)?, date(&load.to_date)?);
    let now = engines(store, context)?;
    let (marks, rest) = loads(store, context, |one| in_force(one) && one.id != load.id)?;
    let next = put_together(rest)?;
    let answer = |held: &Held, system, code: &str, on| {
        let title = held.sets.node(system, code, on).map(|node| node.title().to_owned());
        (held.sets.is_valid(system, code, on), title)
    };
    let touching = Touching {
        now: &now.held,
        next: &next,
        dates,
        layout,
        is_named: &|system, code, on| {
            answer(&now.held, system, code, on) != answer(&next, system, code, on)
        },
        is_retired: &|system, code, on| {
            now.sets().is_valid(system, code, on) && !next.sets.is_valid(system, code, on)
        },
    };
    let touched = touching.count(store, context)?;
    let finals_count = store.look(context, |view| finals(view, load, layout))?;
    let withdrawn =
        Withdrawn { load: load.id, layout, dates, touched, finals_count, is_done: false };
    Ok((withdrawn, marks, next))
}

/// Codings that became final while the load answered for their dates and their kind of codes.
fn finals(view: &mut View<'_>, load: &CodeSetLoad, layout: Layout) -> Result<u64, Error> {
    let mut count = 0;
    for work in view.coding_final_dated(&load.from_date, &load.to_date)? {
        if !work.finalized_at.is_some_and(|at| load.answered_at(at)) {
            continue;
        }
        let rests = match layout {
            Layout::DrgWeights | Layout::PoaExempt => work.is_inpatient,
            Layout::NcciPairs
            | Layout::NcciUnitsHospital
            | Layout::NcciUnitsPractitioner
            | Layout::NcciUnitsSupplier => !work.is_inpatient,
            // Words to find codes by, and the tables that build them: a final code needs neither.
            _ => match layout.system() {
                Some(system) => holds(view, &work, system)?,
                None => false,
            },
        };
        count += u64::from(rests);
    }
    Ok(count)
}

fn holds(
    view: &mut View<'_>,
    work: &store::coding::CodingWork,
    system: System,
) -> Result<bool, Error> {
    let codes = view.coding_draft(work)?;
    Ok(printed(&codes).iter().any(|(of, _)| *of == system))
}
