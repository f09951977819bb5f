//! Whom a change of the code sets touches: drafts, favourites, and what reports count.

use crate::Error;
use crate::coding::facts::facts;
use crate::coding::final_weight;
use crate::coding::review::own_edits;
use coding::codeset::{System, dotted};
use coding::import::held::Held;
use coding::import::layout::Layout;
use coding::work::CodeSet;
use jiff::civil::Date;
use record::Context;
use serde::Serialize;
use std::collections::BTreeMap;
use store::{Store, View};

/// Whom a load, or its withdrawal, touches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Touched {
    /// Encounters in the coding worklist whose date it covers.
    pub waiting_count: u64,
    /// Coding work whose draft holds codes that it retires or revises, or gets other edits.
    pub drafts: Vec<i64>,
    /// Those codes, with the number of drafts that hold each.
    pub codes: BTreeMap<String, u64>,
    /// People whose favourites it retires or revises. Which codes, only they are told.
    pub favourites: Vec<FavouritesTouched>,
    /// Stays whose final codes get another relative weight: the case mix index of their months is
    /// another from then on. No other report reads the code sets.
    pub weights_count: u64,
}

/// How many favourites of a person are touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FavouritesTouched {
    /// Whose.
    pub person: i64,
    /// Their name.
    pub name: String,
    /// How many can't be reported any more.
    pub retired_count: u64,
    /// How many mean something else, or are called otherwise.
    pub revised_count: u64,
}

/// Whether a code (with its dot) is meant on a date.
pub(super) type Meant<'a> = &'a dyn Fn(System, &str, Date) -> bool;

/// A change of the code sets: what answers before and after it.
pub(super) struct Touching<'a> {
    pub now: &'a Held,
    pub next: &'a Held,
    pub dates: (Date, Date),
    pub layout: Layout,
    /// Whether the change retires or revises a code.
    pub is_named: Meant<'a>,
    /// Whether it retires it.
    pub is_retired: Meant<'a>,
}

impl Touching<'_> {
    pub fn count(&self, store: &Store, context: &Context) -> Result<Touched, Error> {
        let today = context.at.date_in(&jiff::tz::TimeZone::UTC);
        let on = today.clamp(self.dates.0, self.dates.1);
        store.look(context, |view| {
            let mut touched =
                Touched { favourites: self.favourites(view, on)?, ..self.drafts(view)? };
            if self.layout == Layout::DrgWeights {
                touched.weights_count = self.weights(view)?;
            }
            Ok(touched)
        })
    }

    /// The coding work that it touches: drafts with codes that it names, or whose edits differ.
    fn drafts(&self, view: &mut View<'_>) -> Result<Touched, Error> {
        let mut touched = Touched::default();
        for (work, encounter) in view.coding_dated(&self.first(), &self.last())? {
            touched.waiting_count += 1;
            let codes = view.coding_draft(&work)?;
            if codes == CodeSet::default() {
                continue;
            }
            let Some(patient) = view.patient_row(work.patient)? else { continue };
            let facts = facts(view, &work, &encounter, &patient)?;
            let named: Vec<String> = (printed(&codes).into_iter())
                .filter(|(system, code)| (self.is_named)(*system, code, facts.date))
                .map(|(_, code)| code)
                .collect();
            let edits = |held| own_edits(held, &facts, &codes, Vec::new());
            if !named.is_empty() || edits(self.now) != edits(self.next) {
                touched.drafts.push(work.id);
            }
            for code in named {
                *touched.codes.entry(code).or_default() += 1;
            }
        }
        Ok(touched)
    }

    fn favourites(&self, view: &mut View<'_>, on: Date) -> Result<Vec<FavouritesTouched>, Error> {
        let mut counts: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
        // Lists of exempt codes, pairs and limits name codes, and change none of them.
        let Some(system) = self.layout.system() else { return Ok(Vec::new()) };
        for kept in view.code_favourite_all()?.into_iter().filter(|kept| kept.system == system) {
            let code = dotted(system, &kept.code);
            if (self.is_named)(system, &code, on) {
                let (retired, revised) = counts.entry(kept.person).or_default();
                let is_retired = (self.is_retired)(system, &code, on);
                *(if is_retired { retired } else { revised }) += 1;
            }
        }
        let mut favourites = Vec::new();
        for (person, (retired_count, revised_count)) in counts {
            let name = view.person(person)?.map_or_else(String::new, |person| person.name);
            favourites.push(FavouritesTouched { person, name, retired_count, revised_count });
        }
        Ok(favourites)
    }

    fn weights(&self, view: &mut View<'_>) -> Result<u64, Error> {
        let mut count = 0;
        for work in view.coding_final_dated(&self.first(), &self.last())? {
            let before = final_weight(view, self.now, work.encounter)?;
            count += u64::from(before != final_weight(view, self.next, work.encounter)?);
        }
        Ok(count)
    }

    fn first(&self) -> String {
        self.dates.0.to_string()
    }

    fn last(&self) -> String {
        self.dates.1.to_string()
    }
}

/// The codes of a code set with their dots.
pub(super) fn printed(codes: &CodeSet) -> Vec<(System, String)> {
    let of = |system, code: &str| (system, dotted(system, code));
    let diagnoses = codes.diagnoses.iter().map(|dx| of(System::Icd10Cm, &dx.code));
    diagnoses.chain(codes.procedures.iter().map(|one| of(one.system, &one.code))).collect()
}
