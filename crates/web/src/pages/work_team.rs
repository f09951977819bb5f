//! The supervisor's side of My work: load and lateness, assigning, who is away, credentials.

use crate::pages::field_errors;
use crate::pages::work::{address, due_cell, patient_cell, what_cell};
use crate::server::{Answer, Clerk, Failure, Guard, Page, Posted, Routes, see_other};
use crate::ui::{
    Badge, Button, Card, Choice, Column, Desk, Empty, Field, FieldError, Flash, Form, Heading, Row,
    Table, Tile, Tone, actions, count_text, date_text, error_summary, tiles,
};
use app::Right;
use app::work::{
    Assigned, Expiring, Item, Load, Member, Team, TeamFilter, absence_create, absence_end, assign,
    assign_all, team,
};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use integrity::WorkKind;
use maud::{Markup, html};
use record::Role;
use std::collections::HashMap;

const GUARD: Guard = Guard::Right(Right::Assign);
/// The word of the address for what is assigned to nobody.
const NOBODY: &str = "0";

/// The routes of the supervisor's side.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/work/team", GUARD, show)
        .post("/work/assign", GUARD, assign_items)
        .post("/work/absences", GUARD, absence_new)
        .post("/work/absences/{absence}/end", GUARD, absence_over)
}

type Asked = HashMap<String, String>;

fn filter_of(asked: &Asked) -> TeamFilter {
    let text = |name: &str| asked.get(name).map(String::as_str);
    TeamFilter {
        role: text("role").and_then(Role::parse),
        kind: text("kind").and_then(WorkKind::parse),
        person: text("person").and_then(|id| id.parse().ok()),
        late: text("late") == Some("yes"),
    }
}

async fn show(clerk: Clerk, Query(asked): Query<Asked>) -> Answer {
    let mut page = page(&clerk, filter_of(&asked), &[]).await?;
    if let Some(count) = asked.get("assigned").and_then(|count| count.parse::<u64>().ok()) {
        let word = if count == 1 { "item" } else { "items" };
        page.0 = page.0.with_flash(Some(Flash::new(
            Tone::Ok,
            format!("{} {word} assigned.", count_text(count)),
        )));
    }
    Ok(page.into_response())
}

/// The part of an address that says which items are listed.
fn query_of(filter: TeamFilter) -> String {
    let mut parts = Vec::new();
    parts.extend(filter.role.map(|role| format!("role={}", role.as_str())));
    parts.extend(filter.kind.map(|kind| format!("kind={}", kind.as_str())));
    parts.extend(filter.person.map(|person| format!("person={person}")));
    parts.extend(filter.late.then(|| "late=yes".to_owned()));
    parts.join("&")
}

async fn page(clerk: &Clerk, filter: TeamFilter, errors: &[FieldError]) -> Result<Page, Failure> {
    let team = clerk.run(move |store, context| team(store, context, filter)).await?;
    let content = html! {
        (Heading::new("Team").under("My work", "/work").lede(html! {
            "Load and lateness. Tick items with " kbd { "x" } " and assign them below the list."
        }))
        (error_summary(errors))
        (figures(&team))
        div class="columns" {
            (roles_table(&team))
            (kinds_table(&team))
        }
        (people_table(&team))
        (filters(&team, filter))
        (items(clerk, &team, filter))
        div class="columns" {
            (Card::new("Away", away(clerk, &team, errors)))
            (Card::new("Credentials", credentials(&team)))
        }
    };
    Ok(Page(clerk.page("Team", Desk::Work), content))
}

fn figures(team: &Team) -> Markup {
    let open: i64 = team.kinds.values().map(|load| load.open).sum();
    let late: i64 = team.kinds.values().map(|load| load.late).sum();
    let away = team.members.iter().filter(|member| member.away).count();
    tiles([
        Tile::new("Open", count_text(open.unsigned_abs())).opens("/work/team"),
        Tile::new("Late", count_text(late.unsigned_abs())).opens("/work/team?late=yes"),
        Tile::new("Assigned to nobody", count_text(team.nobody.open.unsigned_abs()))
            .opens(format!("/work/team?person={NOBODY}")),
        Tile::new("Away today", count_text(away as u64)),
    ])
}

fn load_cells(load: &Load, href: &str) -> [Markup; 3] {
    [
        html! { (load.open) },
        html! {
            @if load.late > 0 { a href=(format!("{href}&late=yes")) { (load.late) } } @else { "0" }
        },
        html! { @if load.open > 0 { ((load.late * 200 + load.open) / (load.open * 2)) " %" } },
    ]
}

fn load_table(caption: &str, what: &str) -> Table {
    Table::new(caption)
        .show_caption()
        .column(Column::text(what))
        .column(Column::number("Open").fit())
        .column(Column::number("Late").fit())
        .column(Column::number("Share late").fit())
}

fn roles_table(team: &Team) -> Table {
    let rows = team.roles.iter().map(|(role, load)| {
        let href = format!("/work/team?role={}", role.as_str());
        let [open, late, share] = load_cells(load, &href);
        Row::new([html! { (role.label()) }, open, late, share]).opens(href)
    });
    load_table("By role", "Role").rows(rows).empty(nothing())
}

fn kinds_table(team: &Team) -> Table {
    let rows = team.kinds.iter().map(|(kind, load)| {
        let href = format!("/work/team?kind={}", kind.as_str());
        let [open, late, share] = load_cells(load, &href);
        Row::new([html! { (kind.label()) }, open, late, share]).opens(href)
    });
    load_table("By kind", "Kind").rows(rows).empty(nothing())
}

fn nothing() -> Empty {
    Empty::new("No open work", "Work comes here by itself, from every desk.")
}

fn people_table(team: &Team) -> Table {
    let row = |member: &Member| {
        let href = format!("/work/team?person={}", member.person.id);
        let roles: Vec<&str> = member.person.roles.iter().map(|role| role.label()).collect();
        let [open, late, share] = load_cells(&member.load, &href);
        let state = html! {
            @if member.away { (Badge::new(Tone::Warn, "away")) }
            @if !member.person.active { (Badge::new(Tone::Stop, "suspended")) }
        };
        let name = html! { (member.person.name) " " (state) };
        Row::new([name, html! { (roles.join(", ")) }, open, late, share]).opens(href)
    };
    Table::new("Assigned, by person")
        .show_caption()
        .column(Column::text("Person"))
        .column(Column::text("Roles"))
        .column(Column::number("Open").fit())
        .column(Column::number("Late").fit())
        .column(Column::number("Share late").fit())
        .rows(team.members.iter().map(row))
}

fn filters(team: &Team, filter: TeamFilter) -> Form {
    let any = || Choice::new("", "Any");
    let roles = Role::ALL.iter().map(|role| Choice::new(role.as_str(), role.label()));
    let kinds = WorkKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.label()));
    let people = people_choices(team);
    let late = Field::check("late", "Late only");
    Form::filters("/work/team").label("Items shown").content(html! {
        (Field::select("role", "Role", std::iter::once(any()).chain(roles))
            .value(filter.role.map_or("", |role| role.as_str())))
        (Field::select("kind", "Kind", std::iter::once(any()).chain(kinds))
            .value(filter.kind.map_or("", |kind| kind.as_str())))
        (Field::select(
            "person",
            "Assigned to",
            [any(), Choice::new(NOBODY, "Nobody")].into_iter().chain(people),
        )
        .id("filter-person")
        .value(filter.person.map_or(String::new(), |person| person.to_string())))
        (if filter.late { late.value("yes") } else { late })
        (actions([Button::submit("Show").key("f")]))
    })
}

fn people_choices(team: &Team) -> Vec<Choice> {
    let choice = |member: &Member| {
        let away = if member.away { " (away today)" } else { "" };
        let label = format!("{}{away}, {} open", member.person.name, member.load.open);
        Choice::new(member.person.id.to_string(), label)
    };
    team.members.iter().filter(|member| member.person.active).map(choice).collect()
}

fn items(clerk: &Clerk, team: &Team, filter: TeamFilter) -> Markup {
    let name = |id: Option<i64>| {
        let found = team.members.iter().find(|member| Some(member.person.id) == id);
        found.map(|member| member.person.name.as_str())
    };
    let row = |item: &Item| {
        let id = item.work.id.to_string();
        let label = format!("Tick: {}. {}", item.title, item.note);
        Row::new([
            what_cell(item),
            html! { input type="checkbox" name="item" value=(id) aria-label=(label); },
            patient_cell(item),
            due_cell(item, team.today),
            html! { (item.work.role.label()) },
            html! {
                @match name(item.work.assigned_to) {
                    Some(name) => { (name) }
                    None => { span class="quiet" { "nobody" } }
                }
            },
            html! { (item.priority.total) },
        ])
        .opens(address(item))
    };
    let table = Table::new("Items, the most pressing first")
        .show_caption()
        .column(Column::text("What").wide())
        .column(Column::actions())
        .column(Column::text("Patient"))
        .column(Column::text("Due").fit())
        .column(Column::text("Role").fit())
        .column(Column::text("Assigned to"))
        .column(Column::number("Points").fit())
        .rows(team.items.iter().map(row))
        .empty(Empty::new("No item of this filter", "Choose another role, kind or person above."));
    let to = std::iter::once(Choice::new(NOBODY, "Nobody: back to the role's queue"))
        .chain(people_choices(team));
    html! {
        p class="quiet" {
            (team.items.len()) " of " (team.found) " shown."
            @if team.withheld > 0 {
                " " (team.withheld) " open items are withheld: their charts are hidden from you."
            }
        }
        (Form::post("/work/assign").csrf(clerk.csrf()).label("Assign").content(html! {
            (table)
            input type="hidden" name="of" value=(query_of(filter));
            @if team.found > 0 && is_narrowed(filter) {
                (Field::check("all", "All of this filter, ticked or not").key("Shift+X")
                    .hint(format!("{} items. What the person may not do stays where it is.",
                        count_text(team.found as u64))))
            }
            (Field::select("person", "Assign what is ticked to", to).key("p"))
            (actions([Button::submit("Assign").main().key("Ctrl+Enter")]))
        }))
    }
}

/// Whether a role, a kind or a person was chosen.
fn is_narrowed(filter: TeamFilter) -> bool {
    filter.role.is_some() || filter.kind.is_some() || filter.person.is_some()
}

fn away(clerk: &Clerk, team: &Team, errors: &[FieldError]) -> Markup {
    let absences = team.members.iter().flat_map(|member| {
        member.absences.iter().map(move |absence| (member.person.name.as_str(), absence))
    });
    let rows = absences.map(|(name, absence)| {
        let end = Form::post(format!("/work/absences/{}/end", absence.id))
            .csrf(clerk.csrf())
            .label("End the absence")
            .content(html! { (Button::submit("Back already").small().about(name)) });
        let (from, until) = (absence.from.to_string(), absence.until.to_string());
        Row::new([html! { (name) }, date_text(&from), date_text(&until), html! { (end) }])
    });
    let table = Table::new("Who is away")
        .column(Column::text("Person"))
        .column(Column::text("First day").fit())
        .column(Column::text("Last day").fit())
        .column(Column::actions())
        .rows(rows)
        .empty(Empty::new("Nobody is away", "Note here who is away, so that work isn't left."));
    let people = team
        .members
        .iter()
        .map(|member| Choice::new(member.person.id.to_string(), member.person.name.as_str()));
    html! {
        (table)
        (Form::post("/work/absences").csrf(clerk.csrf()).label("Away").content(html! {
            (Field::select("person", "Person", people).id("away-person"))
            div class="fields-two" {
                (Field::date("from", "First day").errors(errors))
                (Field::date("until", "Last day").errors(errors))
            }
            (actions([Button::submit("Note").key("Shift+A")]))
        }))
    }
}

fn credentials(team: &Team) -> Table {
    let row = |one: &Expiring| {
        let tone = if one.last_day < team.today { Tone::Stop } else { Tone::Warn };
        let word = if one.last_day < team.today { "expired" } else { "expires" };
        Row::new([
            html! { (one.name) },
            html! { (one.credential.credential.label()) },
            html! { (date_text(&one.last_day.to_string())) " " (Badge::new(tone, word)) },
        ])
    };
    Table::new("Credentials that have expired or soon will")
        .column(Column::text("Person"))
        .column(Column::text("Credential").fit())
        .column(Column::text("Last day").fit())
        .rows(team.expiring.iter().map(row))
        .empty(Empty::new(
            "No credential expires soon",
            "Credentials are kept with the account, under Administration.",
        ))
}

async fn assign_items(posted: Posted) -> Answer {
    if posted.text("all") == "yes" {
        return assign_filter(posted).await;
    }
    let items: Vec<i64> = posted.all("item").into_iter().filter_map(|id| id.parse().ok()).collect();
    let person = posted.number("person").filter(|person| *person != 0);
    posted.clerk.run(move |store, context| assign(store, context, &items, person)).await?;
    Ok(see_other("/work/team"))
}

async fn assign_filter(posted: Posted) -> Answer {
    let of = posted.text("of");
    let asked: Asked = of
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let filter = filter_of(&asked);
    let person = posted.number("person").filter(|person| *person != 0);
    let done =
        posted.clerk.run(move |store, context| assign_all(store, context, filter, person)).await?;
    if done.left == 0 && !done.more {
        return Ok(see_other(format!("/work/team?assigned={}", done.assigned)));
    }
    let mut page = page(&posted.clerk, filter, &[]).await?;
    page.0 = page.0.with_flash(Some(Flash::new(Tone::Warn, of_parts(&done))));
    Ok(page.into_response())
}

/// What went over and what did not, with why.
fn of_parts(done: &Assigned) -> String {
    let assigned = count_text(done.assigned as u64);
    let mut text = format!("{assigned} assigned.");
    if done.left > 0 {
        let left = count_text(done.left as u64);
        text.push_str(&format!(" {left} stay where they are: {}", done.why));
    }
    if done.more {
        text.push_str(" There are more of this filter: assign again.");
    }
    text
}

async fn absence_new(posted: Posted) -> Answer {
    let clerk = &posted.clerk;
    let person = posted.number("person").unwrap_or_default();
    let (from, until) = (posted.text("from").to_owned(), posted.text("until").to_owned());
    let done = clerk
        .attempt(move |store, context| absence_create(store, context, person, &from, &until))
        .await;
    match done {
        Ok(()) => Ok(see_other("/work/team")),
        Err(app::Error::Invalid(errors)) => {
            let page = page(clerk, TeamFilter::default(), &field_errors(&errors)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err((error, clerk).into()),
    }
}

async fn absence_over(Path(absence): Path<i64>, posted: Posted) -> Answer {
    posted.clerk.run(move |store, context| absence_end(store, context, absence)).await?;
    Ok(see_other("/work/team"))
}
