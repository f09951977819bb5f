//! Lists of the desk: by state, by chart, by provider; the provider's own; figures.

use super::rules::{Terms, terms};
use crate::Error;
use crate::access::{Right, require};
use crate::chart::{Entry, Identity, identity_in, shown};
use crate::entry::{person_of, place_in};
use integrity::clock::chart_status;
use integrity::{ChartStatus, NoticeLevel};
use record::{ContentHash, Context, Instant, PatientKey, ResourceKey};
use report::rows::DelinquentRow;
use std::collections::BTreeMap;
use store::deficiency::{DeficiencyFilter, DeficiencyRow, ProviderLoad};
use store::find::PatientRow;
use store::{AuditEntry, Store, View};

/// Deficiencies that one page lists.
pub const LISTED_MAX: i64 = 300;
/// Documents that the form for a deficiency by hand offers.
const DOCUMENTS_MAX: i64 = 100;
/// States in which a provider has to do something.
const WAITING: &[&str] = &["pending", "reassigned", "rejected"];

/// Parts of the desk's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Completed, to be verified; and those that nobody wants.
    Desk,
    /// Past their time.
    Delinquent,
    /// Everything open.
    Open,
    /// By chart.
    Charts,
    /// By provider.
    Providers,
}

impl Part {
    /// Every part, in the order of the tabs.
    pub const ALL: &'static [Part] =
        &[Part::Desk, Part::Delinquent, Part::Open, Part::Charts, Part::Providers];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Part::Desk => "desk",
            Part::Delinquent => "delinquent",
            Part::Open => "open",
            Part::Charts => "charts",
            Part::Providers => "providers",
        }
    }

    /// The word on the tab.
    pub fn label(self) -> &'static str {
        match self {
            Part::Desk => "For the desk",
            Part::Delinquent => "Delinquent",
            Part::Open => "All open",
            Part::Charts => "By chart",
            Part::Providers => "By provider",
        }
    }

    /// Reads the word of an address.
    pub fn parse(text: &str) -> Option<Part> {
        Part::ALL.iter().copied().find(|part| part.as_str() == text)
    }
}

/// A deficiency as a list shows it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The deficiency.
    pub row: DeficiencyRow,
    /// Whose chart.
    pub patient: PatientRow,
    /// How loudly its provider is told by now.
    pub notice: NoticeLevel,
}

/// A chart with what it lacks.
#[derive(Clone, Debug)]
pub struct ListedChart {
    /// The encounter.
    pub encounter: ResourceKey,
    /// Whose.
    pub patient: PatientRow,
    /// What it is called: deficient, delinquent.
    pub status: ChartStatus,
    /// What is open.
    pub open: Vec<DeficiencyRow>,
}

/// Charts as the desk lists them, the most late first.
pub type Charts = Vec<ListedChart>;

/// The figures of the desk. Hidden charts are counted.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Deficiencies of each open state: its stored word, how many, how many are delinquent.
    pub counts: Vec<(String, i64, i64)>,
    /// Charts with an open deficiency.
    pub charts_count: i64,
    /// Charts with one past its time.
    pub delinquent_charts_count: i64,
    /// What waits for each provider.
    pub loads: Vec<ProviderLoad>,
    /// The site's terms.
    pub terms: Terms,
}

impl Standing {
    /// How many deficiencies stand in these states.
    pub fn count(&self, states: &[&str]) -> i64 {
        let of = |(state, count, _): &(String, i64, i64)| {
            if states.contains(&state.as_str()) { *count } else { 0 }
        };
        self.counts.iter().map(of).sum()
    }
}

/// Reads the figures.
///
/// # Errors
/// When the store fails.
pub fn standing(view: &mut View<'_>) -> Result<Standing, Error> {
    let terms = terms(view)?;
    let now = view.context().at;
    let late = terms.due_before(NoticeLevel::Delinquent, now);
    let suspended = terms.due_before(NoticeLevel::Suspension, now);
    let (charts_count, delinquent_charts_count) = view.deficiency_charts_count(late)?;
    Ok(Standing {
        counts: view.deficiency_counts(late)?,
        charts_count,
        delinquent_charts_count,
        loads: view.deficiency_loads(late, suspended)?,
        terms,
    })
}

fn listed(
    view: &mut View<'_>,
    filter: &DeficiencyFilter<'_>,
    terms: &Terms,
) -> Result<Vec<Listed>, Error> {
    let now = view.context().at;
    let mut found = Vec::new();
    for row in view.deficiency_list(filter, LISTED_MAX)? {
        let survivor = view.patient_survivor(row.patient)?;
        if let Some(patient) = view.patient_row(survivor)? {
            found.push(Listed { notice: terms.notice(row.due_at, now), row, patient });
        }
    }
    Ok(found)
}

/// The desk's list of a part, with its figures.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn list(
    store: &Store,
    context: &Context,
    part: Part,
) -> Result<(Standing, Vec<Listed>, Charts), Error> {
    require(store, context, Right::Completion)?;
    store.read(context, |view| {
        let standing = standing(view)?;
        let late = standing.terms.due_before(NoticeLevel::Delinquent, context.at);
        let filter = match part {
            Part::Desk => {
                DeficiencyFilter { states: &["completed", "declined"], ..Default::default() }
            }
            Part::Delinquent => DeficiencyFilter { due_before: Some(late), ..Default::default() },
            Part::Open | Part::Charts | Part::Providers => DeficiencyFilter::default(),
        };
        let mut found = match part {
            Part::Providers => Vec::new(),
            _ => listed(view, &filter, &standing.terms)?,
        };
        let patients: Vec<_> = found.iter().map(|one| one.patient.patient).collect();
        let charts = match part {
            Part::Charts => by_chart(std::mem::take(&mut found), &standing.terms, context.at),
            _ => Vec::new(),
        };
        let entry = AuditEntry::new(context, "completion.list", part.as_str()).patients(patients);
        Ok(((standing, found, charts), entry))
    })
}

/// Puts deficiencies together by chart, in the order of the first of each.
fn by_chart(found: Vec<Listed>, terms: &Terms, now: Instant) -> Charts {
    let mut charts: Charts = Vec::new();
    let mut places = BTreeMap::new();
    for one in found {
        let place = *places.entry(one.row.encounter).or_insert_with(|| {
            charts.push(ListedChart {
                encounter: one.row.encounter,
                patient: one.patient.clone(),
                status: ChartStatus::Deficient,
                open: Vec::new(),
            });
            charts.len() - 1
        });
        charts[place].open.push(one.row);
    }
    for chart in &mut charts {
        chart.status = status(true, &chart.open, terms, now);
    }
    charts
}

/// What a chart is called by what is open in it.
fn status(is_analysed: bool, rows: &[DeficiencyRow], terms: &Terms, now: Instant) -> ChartStatus {
    let open = rows.iter().filter(|row| row.state.is_open());
    let late: Vec<Option<Instant>> =
        open.map(|row| row.due_at.map(|due| terms.delinquent_at(due))).collect();
    chart_status(is_analysed, &late, now)
}

/// What waits for the one who asks.
#[derive(Clone, Debug)]
pub struct Mine {
    /// Due first.
    pub listed: Vec<Listed>,
    /// How much it is in all; none where nothing waits.
    pub load: Option<ProviderLoad>,
    /// Deficiencies that wait for them in charts that are not open to them.
    pub withheld_count: i64,
    /// The loudest notice.
    pub notice: NoticeLevel,
    /// The site's terms.
    pub terms: Terms,
}

/// The provider's own deficiencies.
///
/// # Errors
/// [`Error::Forbidden`] without the right to authenticate.
pub fn mine(store: &Store, context: &Context) -> Result<Mine, Error> {
    require(store, context, Right::Authenticate)?;
    let person = person_of(context)
        .ok_or_else(|| Error::Forbidden("Only a person has deficiencies.".into()))?;
    store.read(context, |view| {
        let standing = standing(view)?;
        let load = standing.loads.into_iter().find(|load| load.account == Some(person));
        let mine = of_provider(view, load, (Some(person), ""), standing.terms)?;
        let patients = mine.listed.iter().map(|one| one.patient.patient).collect::<Vec<_>>();
        let entry = AuditEntry::new(context, "completion.mine", "completion").patients(patients);
        Ok((mine, entry))
    })
}

fn of_provider(
    view: &mut View<'_>,
    load: Option<ProviderLoad>,
    (account, name): (Option<i64>, &str),
    terms: Terms,
) -> Result<Mine, Error> {
    let provider = Some(name).filter(|_| account.is_none());
    let filter = DeficiencyFilter { states: WAITING, account, provider, ..Default::default() };
    let listed = listed(view, &filter, &terms)?;
    let all = load.as_ref().map_or(0, |load| load.deficiencies_count);
    let now = view.context().at;
    let oldest = load.as_ref().and_then(|load| load.oldest_due_at);
    Ok(Mine {
        withheld_count: (all - listed.len() as i64).max(0),
        notice: terms.notice(oldest, now),
        listed,
        load,
        terms,
    })
}

/// The word that stands for a provider in addresses: never their name.
pub fn provider_word(load: &ProviderLoad) -> String {
    match load.account {
        Some(account) => format!("account-{account}"),
        None => format!("name-{}", &ContentHash::of(load.provider.as_bytes()).to_hex()[..16]),
    }
}

/// One provider with what waits for them.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Their name; empty where nobody is named.
    pub name: String,
    /// What waits.
    pub waits: Mine,
}

/// Opens a provider's page at the desk: what waits for them, and the notice that is due.
///
/// # Errors
/// [`Error::NotFound`] where nothing waits for such a provider.
pub fn provider(store: &Store, context: &Context, word: &str) -> Result<Provider, Error> {
    require(store, context, Right::Completion)?;
    store.read(context, |view| {
        let standing = standing(view)?;
        let load = standing.loads.into_iter().find(|load| provider_word(load) == word);
        let load = load.ok_or(Error::NotFound)?;
        let (account, name) = (load.account, load.provider.clone());
        let waits = of_provider(view, Some(load), (account, &name), standing.terms)?;
        let patients = waits.listed.iter().map(|one| one.patient.patient).collect::<Vec<_>>();
        let entry = AuditEntry::new(context, "completion.provider", word).patients(patients);
        Ok((Provider { name, waits }, entry))
    })
}

/// The deficiencies of one encounter, closed ones too.
#[derive(Clone)]
pub struct Chart {
    /// Whose.
    pub identity: Identity,
    /// The encounter.
    pub encounter: Entry,
    /// What the chart is called.
    pub status: ChartStatus,
    /// When it was last held against the rules.
    pub reviewed_at: Option<Instant>,
    /// Its deficiencies, due first.
    pub rows: Vec<DeficiencyRow>,
    /// Providers with an account.
    pub providers: Vec<(i64, String)>,
    /// Documents of the chart: key and words.
    pub documents: Vec<(ResourceKey, String)>,
    /// The site's terms.
    pub terms: Terms,
}

/// Opens the completion of one encounter.
///
/// # Errors
/// [`Error::NotFound`] where it is not there, or hidden.
pub fn chart(store: &Store, context: &Context, encounter: ResourceKey) -> Result<Chart, Error> {
    require(store, context, Right::CompletionRead)?;
    store.read(context, |view| {
        let row = view.resource_by_key(encounter)?.filter(|row| row.kind == "Encounter");
        let row = row.filter(|row| !row.deleted).ok_or(Error::NotFound)?;
        let patient = row.patient.ok_or(Error::NotFound)?;
        let identity = identity_in(view, patient)?;
        let terms = terms(view)?;
        let filter = DeficiencyFilter {
            encounter: Some(encounter),
            with_closed: true,
            ..Default::default()
        };
        let rows = view.deficiency_list(&filter, LISTED_MAX)?;
        let reviewed = view.completion_review(encounter)?;
        let is_analysed = reviewed.is_some_and(|(_, is_over)| is_over);
        let mut documents = Vec::new();
        for row in view.chart_list(patient, &["DocumentReference"], DOCUMENTS_MAX)? {
            let entry = shown(view, row, &identity.zone)?;
            let words = format!("{} · {}", entry.shown.title, entry.shown.date_text);
            documents.push((entry.row.resource, words));
        }
        let chart = Chart {
            status: status(is_analysed, &rows, &terms, context.at),
            reviewed_at: reviewed.map(|(at, _)| at),
            encounter: shown(view, row, &identity.zone)?,
            providers: place_in(view)?.providers,
            identity,
            rows,
            documents,
            terms,
        };
        let target = format!("encounter/{}", encounter.0);
        Ok((chart, AuditEntry::new(context, "completion.chart", target).patients([patient])))
    })
}

/// What a chart's timeline shows of an encounter's completion.
#[derive(Clone, Debug)]
pub struct ChartPanel {
    /// What the chart is called.
    pub status: ChartStatus,
    /// What is open.
    pub open: Vec<DeficiencyRow>,
}

/// The panels of a patient's encounters, for the chart; those whose encounter was held against
/// the rules after it ended.
///
/// # Errors
/// When the store fails.
pub fn of_patient(
    view: &mut View<'_>,
    patient: PatientKey,
) -> Result<BTreeMap<ResourceKey, ChartPanel>, Error> {
    let terms = terms(view)?;
    let now = view.context().at;
    let filter = DeficiencyFilter { patient: Some(patient), ..Default::default() };
    let mut panels: BTreeMap<ResourceKey, ChartPanel> = BTreeMap::new();
    for row in view.deficiency_list(&filter, LISTED_MAX)? {
        let empty = ChartPanel { status: ChartStatus::Deficient, open: Vec::new() };
        panels.entry(row.encounter).or_insert(empty).open.push(row);
    }
    for panel in panels.values_mut() {
        panel.status = status(true, &panel.open, &terms, now);
    }
    Ok(panels)
}

/// The delinquent charts at an instant, as the delinquency rate counts them: every chart, by the
/// key of its encounter. Who opens the rows sees those that they may.
///
/// # Errors
/// When the store fails.
pub fn delinquent_rows(view: &mut View<'_>, at: Instant) -> Result<Vec<DelinquentRow>, Error> {
    let terms = terms(view)?;
    let before = terms.due_before(NoticeLevel::Delinquent, at);
    let row = |(encounter, due): (ResourceKey, Instant)| DelinquentRow {
        id: encounter.0.to_string(),
        since: terms.delinquent_at(due),
    };
    Ok(view.deficiency_delinquent(before, at)?.into_iter().map(row).collect())
}
