//! Favourite codes of a person: kept from a hit or a coded line, offered where nothing is typed.

use super::engines::{Engines, Hit, engines};
use super::review::printed;
use crate::Error;
use crate::access::{Right, require};
use coding::codeset::{Lookup, System, normalized};
use jiff::civil::Date;
use record::{Actor, Context};
use store::favourite::CodeFavourite;
use store::{AuditEntry, Store};

/// Favourites that one person may keep: a list to choose from, and no second code set.
pub const FAVOURITES_MAX: usize = 200;

/// The favourites of who asks; none of who is no person.
pub(super) fn favourites_of(store: &Store, context: &Context) -> Result<Vec<CodeFavourite>, Error> {
    match &context.actor {
        Actor::Person { id, .. } => Ok(store.look(context, |view| view.code_favourite_list(*id))?),
        _ => Ok(Vec::new()),
    }
}

/// A favourite as the list of a code field shows it on a date.
pub(super) fn favourite_hit(engines: &Engines, kept: &CodeFavourite, on: Date) -> Hit {
    let sets = engines.sets();
    let node = sets.node(kept.system, &kept.code, on);
    let answer = sets.lookup(kept.system, &kept.code, on);
    // Services whose code set is not loaded are checked by their form only.
    let is_refused = !answer.is_valid() && !matches!(answer, Lookup::SystemNotLoaded);
    Hit {
        code: printed(kept.system, &kept.code),
        title: node.map_or("title not loaded", |node| node.title()).to_owned(),
        because: String::new(),
        is_favourite: true,
        refused: is_refused.then(|| answer.sentence(kept.system, &kept.code)),
    }
}

/// Keeps a code as a favourite, or drops it where it is one; answers whether it is one now.
///
/// # Errors
/// [`Error::Forbidden`] without the right to code; [`Error::Refused`] for what is no code of the
/// code sets, and beyond [`FAVOURITES_MAX`].
pub fn favourite_turn(
    store: &Store,
    context: &Context,
    system: System,
    code: &str,
) -> Result<bool, Error> {
    require(store, context, Right::Code)?;
    let Actor::Person { id, .. } = &context.actor else {
        return Err(Error::Refused("Only people keep favourites.".into()));
    };
    let kept = CodeFavourite { person: *id, system, code: normalized(code) };
    let now = favourites_of(store, context)?;
    if !now.contains(&kept) {
        let today = context.at.date_in(&jiff::tz::TimeZone::UTC);
        let engines = engines(store, context)?;
        let answer = engines.sets().lookup(system, &kept.code, today);
        if matches!(answer, Lookup::Unknown | Lookup::NotReportable { .. }) {
            return Err(Error::Refused(format!(
                "{} is no code of {} that can be reported. Choose one from the list.",
                printed(system, &kept.code),
                system.name()
            )));
        }
        if now.len() >= FAVOURITES_MAX {
            return Err(Error::Refused(format!(
                "You keep {FAVOURITES_MAX} favourites: drop one that you no longer need first."
            )));
        }
    }
    store.write(context, |transaction| {
        let is_kept = transaction.code_favourite_turn(&kept)?;
        let deed = if is_kept { "coding.favourite-keep" } else { "coding.favourite-drop" };
        let target = format!("code/{}", printed(system, &kept.code));
        transaction.audit(&AuditEntry::new(context, deed, target))?;
        Ok(is_kept)
    })
}
