//! The chart: whose it is, its parts, its entries with their history.

use crate::pages::banner;
use crate::pages::retention::{card_instead, card_notice};
use crate::server::{Answer, Clerk, Guard, Page, Posted, Routes, see_other};
use crate::ui::{
    Badge, Button, Card, Column, Desk, Empty, Event, Facts, Form, Heading, Row, Tab, Table, Tone,
    diff, kbd, moment, notice, tabs, timeline,
};
use app::Right;
use app::chart::{ENTRIES_MAX, Entry, EntryHistory, Identity, Part, Timeline};
use app::entry::EntryKind;
use axum::extract::{Path, Query};
use axum::response::IntoResponse;
use exchange::fhir::{Rendered, shown_date_in};
use maud::{Markup, html};
use record::{LabelMask, PatientKey, ResourceKey};
use std::collections::HashMap;

/// The routes of the chart.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/chart/{patient}", Guard::Right(Right::ChartRead), first)
        .get("/chart/{patient}/{part}", Guard::Right(Right::ChartRead), part)
        .post("/chart/{patient}/search", Guard::Right(Right::ChartRead), search)
        .get("/entry/{entry}", Guard::Right(Right::ChartRead), entry)
}

type Asked = Query<HashMap<String, String>>;

async fn first(clerk: Clerk, Path(patient): Path<i64>, Query(asked): Asked) -> Answer {
    show(clerk, PatientKey(patient), Part::Encounters, asked.contains_key("merged")).await
}

async fn part(
    clerk: Clerk,
    Path((patient, part)): Path<(i64, String)>,
    Query(asked): Asked,
) -> Answer {
    let Some(part) = Part::parse(&part) else {
        return Err((app::Error::NotFound, &clerk).into());
    };
    show(clerk, PatientKey(patient), part, asked.contains_key("merged")).await
}

/// The key of the form of each kind.
fn key_of(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Note => "n",
        EntryKind::Diagnosis => "d",
        EntryKind::Allergy => "a",
        EntryKind::Medication => "m",
        EntryKind::Immunization => "i",
        EntryKind::VitalSigns => "v",
    }
}

/// The heading of a chart: what can be entered, and searching in it.
fn chart_heading(clerk: &Clerk, patient: PatientKey, title: &str, words: &str) -> Markup {
    let may = |right| app::access::allowed(clerk.context(), right);
    let mut heading = Heading::new(title);
    if may(Right::EntryWrite) {
        for kind in EntryKind::ALL {
            let address = format!("/chart/{}/new/{}", patient.0, kind.as_str());
            heading = heading.action(Button::link(kind.label(), address).key(key_of(*kind)));
        }
    }
    if may(Right::Register) {
        let address = format!("/patient/{}", patient.0);
        heading = heading.action(Button::link("Registration", address).key("b"));
    }
    if may(Right::Label) {
        let address = format!("/chart/{}/labels", patient.0);
        heading = heading.action(Button::link("Labels", address).key("l"));
    }
    if may(Right::Hold) {
        let address = format!("/chart/{}/holds", patient.0);
        heading = heading.action(Button::link("Legal holds", address).key("Shift+L"));
    }
    // Offered whether or not anything is hidden in this chart: else the offer would tell.
    let context = clerk.context();
    let has_more = !LabelMask::ALL.is_within(context.cleared) && !context.opened.contains(&patient);
    let glass = (may(Right::GlassBreak) && has_more).then(|| {
        let address = format!("/chart/{}/glass", patient.0);
        Button::link("Break the glass", address).key("Shift+G").small().plain()
    });
    let beside = html! {
        (search_box(clerk, patient, words))
        @if let Some(glass) = glass { (glass) }
    };
    html! { (heading.beside(beside)) }
}

/// One line beside the heading: the chart below it is what one came for.
fn search_box(clerk: &Clerk, patient: PatientKey, words: &str) -> Markup {
    html! {
        form class="find" role="search" method="post" action={ "/chart/" (patient.0) "/search" }
            aria-label="Search in this chart" {
            input type="hidden" name="csrf" value=(clerk.csrf());
            label class="visually-hidden" for="chart-words" { "Words of this chart's texts" }
            input id="chart-words" type="search" name="words" autocomplete="off"
                value=[Some(words).filter(|words| !words.is_empty())]
                spellcheck="false" placeholder="Search its texts" data-key="s"
                aria-keyshortcuts="s";
            (kbd("s"))
        }
    }
}

/// Entries whose text holds what was asked. Posted, so that nothing of it stands in an address.
async fn search(Path(patient): Path<i64>, posted: Posted) -> Answer {
    let (patient, asked) = (PatientKey(patient), posted.text("words").to_owned());
    let (clerk, words) = (&posted.clerk, asked.clone());
    let (identity, entries) = clerk
        .run(move |store, context| app::chart::search(store, context, patient, &asked))
        .await?;
    let table = table("Entries found", &entries, false).empty(Empty::new(
        "Nothing in this chart holds all of these words",
        "Words are found whole, in notes, letters and other texts. Leave one out.",
    ));
    let content = html! {
        (chart_heading(clerk, patient, "Found in this chart", &words))
        (part_tabs(&identity, None))
        p class="quiet" {
            @match entries.len() {
                0 => "No entry's text holds ",
                1 => "1 entry's text holds ",
                count => { (count) " entries' texts hold " },
            }
            q { (words) }
        }
        (table)
    };
    let shell = clerk.page("Chart", Desk::Find).with_banner(banner(&identity, clerk));
    Ok(Page(shell, content).into_response())
}

async fn show_timeline(clerk: Clerk, patient: PatientKey, merged: bool) -> Answer {
    let (identity, timeline) =
        clerk.run(move |store, context| app::chart::timeline(store, context, patient)).await?;
    let found = identity.patient.patient;
    if found != patient {
        return Ok(see_other(format!("/chart/{}?merged=yes", found.0)));
    }
    let content = html! {
        (chart_heading(&clerk, patient, "Timeline", ""))
        (merged_notice(merged))
        (card_notice(&clerk, patient).await?)
        (part_tabs(&identity, Some(Part::Encounters)))
        @if timeline.more { p class="quiet" { "The newest " (ENTRIES_MAX) " are shown." } }
        (encounters(&timeline))
    };
    let shell = clerk.page("Chart", Desk::Find).with_banner(banner(&identity, &clerk));
    Ok(Page(shell, content).into_response())
}

fn encounters(shown: &Timeline) -> Markup {
    let events = shown.encounters.iter().map(|(encounter, entries)| {
        let row = &encounter.row;
        let tone = match row.status.as_deref() {
            Some("in-progress" | "arrived" | "triaged" | "onleave") => Tone::Info,
            Some("cancelled" | "entered-in-error") => Tone::Stop,
            _ => Tone::Neutral,
        };
        let what = html! {
            a href={ "/entry/" (row.resource.0) } data-row { (encounter.shown.title) }
            " " span class="quiet" { (encounter.shown.status) } " " (labels(encounter))
        };
        Event::new(tone, what, html! { (encounter.shown.date_text) }).detail(html! {
            @if let Some(panel) = shown.completion.get(&row.resource) {
                (crate::pages::completion::panel(row.resource.0, panel))
            }
            @if entries.is_empty() {
                p class="quiet" { "No entries of this encounter." }
            } @else { (entry_links(entries)) }
        })
    });
    html! {
        @if shown.encounters.is_empty() {
            (Empty::new("No encounters in this chart",
                "They come by import, through the API, or by registration."))
        } @else { (timeline(events)) }
        @if !shown.apart.is_empty() {
            (Card::new("Of no encounter shown here", entry_links(&shown.apart)))
        }
    }
}

/// Entries as links, behind their count.
fn entry_links(entries: &[Entry]) -> Markup {
    html! {
        details open[entries.len() <= 8] {
            summary { (entries.len()) @if entries.len() == 1 { " entry" } @else { " entries" } }
            ul {
                @for entry in entries {
                    li {
                        a href={ "/entry/" (entry.row.resource.0) } { (entry.shown.title) }
                        " " span class="quiet" {
                            (exchange::fhir::kind_label(&entry.row.kind))
                            @if !entry.shown.date_text.is_empty() {
                                " · " (entry.shown.date_text)
                            }
                            @if !entry.shown.status.is_empty() { " · " (entry.shown.status) }
                        }
                    }
                }
            }
        }
    }
}

/// `merged`: the chart that was asked for is found under this one by a merge.
async fn show(clerk: Clerk, patient: PatientKey, part: Part, merged: bool) -> Answer {
    if let Some(card) = card_instead(&clerk, patient).await? {
        return Ok(card.into_response());
    }
    if part == Part::Encounters {
        return show_timeline(clerk, patient, merged).await;
    }
    let (identity, entries) =
        clerk.run(move |store, context| app::chart::open(store, context, patient, part)).await?;
    let found = identity.patient.patient;
    if found != patient {
        return Ok(see_other(format!("/chart/{}/{}?merged=yes", found.0, part.as_str())));
    }
    let content = html! {
        (chart_heading(&clerk, patient, part.label(), ""))
        (merged_notice(merged))
        (part_tabs(&identity, Some(part)))
        @if entries.len() as i64 == ENTRIES_MAX {
            p class="quiet" { "The newest " (ENTRIES_MAX) " are shown." }
        }
        (list(&entries, part))
    };
    let shell = clerk.page("Chart", Desk::Find).with_banner(banner(&identity, &clerk));
    Ok(Page(shell, content).into_response())
}

fn merged_notice(merged: bool) -> Markup {
    html! {
        @if merged {
            (notice(Tone::Neutral, html! {
                "The record that you asked for was merged into this one. Its entries are here."
            }))
        }
    }
}

fn part_tabs(identity: &Identity, now: Option<Part>) -> Markup {
    let patient = identity.patient.patient.0;
    let count = |part: &Part| -> u64 {
        let of = |(kind, n): &(String, i64)| {
            let all = part.kinds().is_empty();
            if all || part.kinds().contains(&&kind[..]) { *n } else { 0 }
        };
        identity.counts.iter().map(of).sum::<i64>().max(0) as u64
    };
    tabs(
        "Parts of the chart",
        Part::ALL.iter().enumerate().map(|(index, part)| {
            let label = if *part == Part::Everything { "All" } else { part.label() };
            Tab::new(label, format!("/chart/{patient}/{}", part.as_str()))
                .current(Some(*part) == now)
                .count(count(part))
                .key((index + 1).to_string())
        }),
    )
}

fn list(entries: &[Entry], part: Part) -> Markup {
    let table = table(part.label(), entries, part.kinds().len() == 1).empty(Empty::new(
        format!("No {} in this chart", part.label().to_lowercase()),
        "They come by import, through the API, by entry, or by indexing a document.",
    ));
    html! { (table) }
}

/// What is said of an entry beside its title: of entries of one kind, the kind is not repeated.
fn beside_title(entry: &Entry, one_kind: bool) -> &str {
    let subtitle = entry.shown.subtitle.as_str();
    let kind = exchange::fhir::kind_label(&entry.row.kind);
    match subtitle.strip_prefix(kind).filter(|_| one_kind) {
        Some(rest) => rest.trim_start_matches(": "),
        None => subtitle,
    }
}

fn table(caption: &str, entries: &[Entry], one_kind: bool) -> Table {
    // A column in which nothing stands is left out.
    let labelled = entries.iter().any(|entry| !entry.row.labels.is_empty());
    let rows = entries.iter().map(|entry| {
        let (shown, beside) = (&entry.shown, beside_title(entry, one_kind));
        let mut cells = vec![
            html! {
                (shown.title)
                @if !beside.is_empty() {
                    " " span class=(if one_kind { "value" } else { "quiet" }) { (beside) }
                }
            },
            html! { (shown.date_text) },
            html! { (shown.status) },
            signed(entry),
        ];
        if labelled {
            cells.push(labels(entry));
        }
        cells.push(html! { (entry.row.number) });
        Row::new(cells).opens(format!("/entry/{}", entry.row.resource.0))
    });
    let mut table = Table::new(caption)
        .column(Column::text("Entry"))
        .column(Column::text("Date").fit())
        .column(Column::text("Status").fit())
        .column(Column::text("Author").fit());
    if labelled {
        table = table.column(Column::text("Labels"));
    }
    table.column(Column::number("Version")).rows(rows)
}

/// Whose entry it is, and whether they authenticated it; what came from outside says so.
fn signed(entry: &Entry) -> Markup {
    html! {
        @match &entry.facts {
            Some(facts) => {
                (facts.author.display) " "
                @if facts.authenticated.is_some() {
                    (Badge::new(Tone::Ok, "authenticated"))
                } @else { (Badge::new(Tone::Warn, "not authenticated")) }
            }
            None => { span class="quiet" { "from its source" } }
        }
    }
}

fn labels(entry: &Entry) -> Markup {
    html! {
        @for class in entry.row.labels.classes() { (Badge::new(Tone::Warn, class.label())) " " }
    }
}

async fn entry(clerk: Clerk, Path(key): Path<i64>) -> Answer {
    let key = ResourceKey(key);
    let history = clerk.run(move |store, context| app::chart::entry(store, context, key)).await?;
    let content = html! {
        (entry_heading(&clerk, &history))
        (Card::new("As it stands", facts(&history.entry.shown)))
        @if let Some(text) = &history.text {
            (Card::new("Text", html! { div class="note" { (text) } }))
        }
        @for why in &history.unread {
            (notice(Tone::Warn, html! { "The words of a file are not in the search. " (why) }))
        }
        @if let Some(document) = &history.document {
            p { a href={ "/documents/" (document) } { "Open the document" } }
        }
        (Card::new("Who made it", provenance(&history)))
        (Card::new("History", versions(&history)))
    };
    let mut shell = clerk.page("Entry", Desk::Find);
    if let Some(identity) = &history.identity {
        shell = shell.with_banner(banner(identity, &clerk));
    }
    Ok(Page(shell, content).into_response())
}

fn entry_heading(clerk: &Clerk, history: &EntryHistory) -> Markup {
    let may = |right| app::access::allowed(clerk.context(), right);
    let row = &history.entry.row;
    let at = |act: &str| format!("/entry/{}/{act}", row.resource.0);
    let shown = &history.entry.shown;
    let mut heading = Heading::new(shown.title.clone()).lede(html! {
        (exchange::fhir::kind_label(&row.kind))
        @if !shown.date_text.is_empty() { " · " (shown.date_text) }
        @if !shown.status.is_empty() { " · " (shown.status) }
    });
    if let Some(patient) = row.patient {
        heading = heading.under("Chart", format!("/chart/{}", patient.0));
    }
    if may(Right::EntryWrite) && row.kind != "Patient" && row.kind != "Encounter" {
        if history.entry.kind.is_some() {
            heading = heading.action(Button::link("Correct", at("correct")).key("e"));
        }
        if history.entry.kind == Some(EntryKind::Note) {
            heading = heading
                .action(Button::link("Addendum", at("addendum")).key("a"))
                .action(Button::link("Late entry", at("late")).key("l"));
        }
        let error = Button::link("Entered in error", at("error")).key("x").plain();
        heading = heading.action(error);
    }
    if let Some(patient) = row.patient.filter(|_| may(Right::Label) && row.kind != "Patient") {
        let address = format!("/chart/{}/labels?entry={}", patient.0, row.resource.0);
        heading = heading.action(Button::link("Labels", address).key("b").plain());
    }
    let mine =
        history.waits.is_some_and(|who| who.is_none() || who == Some(clerk.session.person.id));
    let action = format!("/authenticate/{}/{}", row.resource.0, row.number);
    html! {
        (heading)
        @if mine && may(Right::Authenticate) {
            (Form::post(action).csrf(clerk.csrf()).label("Authenticate").content(html! {
                (Button::submit("Authenticate, next").main().key("Ctrl+Enter"))
            }))
        }
    }
}

/// Author, who entered it, who authenticated it, source, the two times.
fn provenance(history: &EntryHistory) -> Markup {
    let first = history.versions.last().map(|(version, _)| version);
    let mut facts = Facts::new();
    if let Some(made) = &history.entry.facts {
        facts = facts
            .fact("Author", made.author.display.as_str())
            .fact("Entered by", made.entered_by.display.as_str());
        facts = match &made.authenticated {
            Some((party, at)) => facts.fact(
                "Authenticated by",
                html! {
                    (party.display) " · " (shown_date_in(at, &history.zone).unwrap_or_default())
                },
            ),
            None => facts.fact(
                "Authenticated by",
                html! {
                    (Badge::new(Tone::Warn, "nobody yet"))
                },
            ),
        };
        let event = shown_date_in(&made.event_time, &history.zone).unwrap_or_default();
        facts = facts
            .fact("Time of the event", if event.is_empty() { "not said".to_owned() } else { event })
            .fact_if("Abstracted from", made.source_document.as_deref());
    } else {
        facts = facts.fact(
            "Source",
            "Came from outside: its author and signer stand above, as \
             far as its source says.",
        );
    }
    if let Some(version) = first {
        facts = facts.fact(
            "Time of entry",
            html! {
                (moment(version.at, &history.zone)) " · " (actor(history, &version.actor))
            },
        );
    }
    html! { (facts) }
}

fn actor<'h>(history: &'h EntryHistory, key: &'h str) -> &'h str {
    history.actors.get(key).map_or(key, String::as_str)
}

fn facts(shown: &Rendered) -> Markup {
    let mut facts = Facts::new();
    for row in &shown.rows {
        facts = facts.fact(row.label.as_str(), row.value.as_str());
    }
    html! { (facts) }
}

/// Every version, the newest first, with what changed from the one before.
fn versions(history: &EntryHistory) -> Markup {
    let lines = |shown: &Rendered| {
        let line = |row: &exchange::fhir::Row| format!("{}: {}", row.label, row.value);
        shown.rows.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    let events = history.versions.iter().enumerate().map(|(index, (version, shown))| {
        let what = format!(
            "Version {}: {} by {}",
            version.number,
            match version.action.as_str() {
                "create" => "entered",
                "update" => "changed",
                "delete" => "taken away",
                other => other,
            },
            actor(history, &version.actor)
        );
        let change =
            history.versions.get(index + 1).map(|(_, before)| diff(&lines(before), &lines(shown)));
        Event::new(Tone::Neutral, what, moment(version.at, &history.zone)).detail(html! {
            @match version.reason.as_str() {
                "" => {}
                "import" => p { "It came in by import." },
                reason => p { (reason) },
            }
            @if let Some(change) = change { (change) }
        })
    });
    timeline(events)
}
