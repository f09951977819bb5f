//! Administration: facilities, nursing units with their beds, clients of the API.

use crate::pages::administration::{GUARD, cleared_checks, cleared_of, desk_tabs, secret};
use crate::pages::field_errors;
use crate::server::{Answer, Clerk, Failure, Page, Posted, Routes, see_other};
use crate::ui::{
    Badge, Button, Card, Choice, Column, Desk, Empty, Field, FieldError, Form, Heading, Row, Table,
    Tone, actions, date_text, error_summary,
};
use app::administration::{self, ClientForm, UnitForm};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use maud::{Markup, html};
use record::Role;
use std::collections::HashMap;
use store::work::{Facility, NursingUnit};

/// The routes of the site's settings.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/administration/facilities", GUARD, facilities)
        .post("/administration/facilities", GUARD, facility_create)
        .post("/administration/units", GUARD, unit_put)
        .post("/administration/units/{unit}/close", GUARD, unit_close)
        .get("/administration/clients", GUARD, clients)
        .post("/administration/clients", GUARD, client_create)
        .post("/administration/clients/{client}/end", GUARD, client_end)
}

/// The forms of the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Facility,
    Unit,
    Close,
}

/// What came back with errors: what was typed stays in its form.
struct Returned {
    part: Part,
    fields: HashMap<String, String>,
    errors: Vec<FieldError>,
}

impl Returned {
    fn nothing() -> Returned {
        Returned { part: Part::Close, fields: HashMap::new(), errors: Vec::new() }
    }

    fn errors_of(&self, part: Part) -> &[FieldError] {
        if self.part == part { &self.errors } else { &[] }
    }

    fn given(&self, part: Part, name: &str, kept: &str) -> String {
        let typed = self.fields.get(name).filter(|_| self.part == part);
        typed.map_or_else(|| kept.to_owned(), Clone::clone)
    }
}

async fn facilities(clerk: Clerk) -> Answer {
    Ok(facilities_page(&clerk, &Returned::nothing()).await?.into_response())
}

async fn facilities_page(clerk: &Clerk, returned: &Returned) -> Result<Page, Failure> {
    let (facilities, units) = clerk.run(administration::facilities).await?;
    let content = html! {
        (Heading::new("Facilities and units").lede(html! {
            "A facility gives record numbers and its time zone; a unit's beds, day by day, are \
             what occupancy is counted by."
        }))
        (desk_tabs("/administration/facilities"))
        (error_summary(&returned.errors))
        (facilities_table(&facilities))
        (units_table(clerk, &facilities, &units))
        div class="columns" {
            (Card::new("Beds of a unit", unit_form(clerk, &facilities, returned)))
            (Card::new("New facility", facility_form(clerk, returned)))
        }
    };
    Ok(Page(clerk.page("Facilities and units", Desk::Administration), content))
}

fn facilities_table(facilities: &[Facility]) -> Table {
    let rows = facilities.iter().map(|facility| {
        Row::new([
            html! { (facility.name) },
            html! { (facility.time_zone) },
            html! { code { (facility.mrn_system) } },
            html! { (facility.next_mrn) },
        ])
    });
    Table::new("Facilities")
        .show_caption()
        .column(Column::text("Name"))
        .column(Column::text("Time zone"))
        .column(Column::text("Namespace of its record numbers"))
        .column(Column::number("Next record number"))
        .rows(rows)
}

fn units_table(clerk: &Clerk, facilities: &[Facility], units: &[NursingUnit]) -> Table {
    let name = |id: i64| {
        facilities.iter().find(|f| f.id == id).map(|f| f.name.as_str()).unwrap_or_default()
    };
    let rows = units.iter().map(|unit| {
        let until = match &unit.until_date {
            Some(until) => date_text(until),
            None => html! {
                (Form::post(format!("/administration/units/{}/close", unit.id))
                    .csrf(clerk.csrf()).label(format!("Close {}, number {}", unit.name, unit.id))
                    .content(html! {
                        (Field::text("until_date", "Last day, as 2026-03-04")
                            .id(format!("until-{}", unit.id)).width(12))
                        (Button::submit("Close").small().about(unit.name.as_str()))
                    }))
            },
        };
        Row::new([
            html! { (unit.name) },
            html! { (name(unit.facility)) },
            html! { (unit.beds) },
            html! { (unit.bassinets) },
            date_text(&unit.from_date),
            until,
        ])
    });
    Table::new("Nursing units and their beds, day by day")
        .show_caption()
        .column(Column::text("Unit"))
        .column(Column::text("Facility"))
        .column(Column::number("Beds"))
        .column(Column::number("Bassinets"))
        .column(Column::text("From").fit())
        .column(Column::text("Last day"))
        .rows(rows)
        .empty(Empty::new("No unit yet", "Occupancy needs the beds of each unit, day by day."))
}

fn unit_form(clerk: &Clerk, facilities: &[Facility], returned: &Returned) -> Form {
    let (errors, given) = (returned.errors_of(Part::Unit), |name: &str, kept: &str| {
        returned.given(Part::Unit, name, kept)
    });
    let choices = facilities.iter().map(|f| Choice::new(f.id.to_string(), f.name.as_str()));
    Form::post("/administration/units").csrf(clerk.csrf()).label("Beds of a unit").content(html! {
        (Field::select("facility", "Facility", choices).value(given("facility", "")))
        (Field::text("name", "Unit").id("unit-name").value(given("name", ""))
            .hint("A known name: its count of beds changes from that day")
            .errors(errors))
        div class="fields-two" {
            (Field::number("beds", "Beds").value(given("beds", "")).errors(errors))
            (Field::number("bassinets", "Bassinets").value(given("bassinets", "0"))
                .errors(errors))
        }
        (Field::date("from_date", "First day").value(given("from_date", "")).errors(errors))
        (actions([Button::submit("Save the beds").main().key("Ctrl+Enter")]))
    })
}

fn facility_form(clerk: &Clerk, returned: &Returned) -> Form {
    let (errors, given) = (returned.errors_of(Part::Facility), |name: &str, kept: &str| {
        returned.given(Part::Facility, name, kept)
    });
    Form::post("/administration/facilities").csrf(clerk.csrf()).label("New facility").content(
        html! {
            (Field::text("name", "Name").id("facility-name").value(given("name", ""))
                .errors(errors))
            (Field::text("time_zone", "Time zone").value(given("time_zone", "America/New_York"))
                .errors(errors).hint("As America/Chicago; every time on its pages is told in it"))
            (Field::text("mrn_system", "Namespace of its record numbers")
                .value(given("mrn_system", "")).errors(errors)
                .hint("A URI that no other hospital uses: urn:oid:… or https://…"))
            (actions([Button::submit("Add the facility").key("Shift+A")]))
        },
    )
}

/// After an action on facilities: back to the page, or the page with what is wrong.
async fn back_to_facilities<T>(posted: &Posted, part: Part, done: Result<T, app::Error>) -> Answer {
    let clerk = &posted.clerk;
    match done {
        Ok(_) => Ok(see_other("/administration/facilities")),
        Err(app::Error::Invalid(errors)) => {
            let fields = posted.fields();
            let returned = Returned { part, fields, errors: field_errors(&errors) };
            let page = facilities_page(clerk, &returned).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err((error, clerk).into()),
    }
}

async fn facility_create(posted: Posted) -> Answer {
    let text = |name: &str| posted.text(name).to_owned();
    let (name, zone, system) = (text("name"), text("time_zone"), text("mrn_system"));
    let done = posted
        .clerk
        .attempt(move |store, context| {
            administration::facility_create(store, context, &name, &zone, &system)
        })
        .await;
    back_to_facilities(&posted, Part::Facility, done).await
}

async fn unit_put(posted: Posted) -> Answer {
    let form = UnitForm {
        facility: posted.number("facility").unwrap_or(0),
        name: posted.text("name").to_owned(),
        beds: posted.number("beds"),
        bassinets: posted.number("bassinets"),
        from_date: posted.text("from_date").to_owned(),
    };
    let done = posted
        .clerk
        .attempt(move |store, context| administration::unit_put(store, context, &form))
        .await;
    back_to_facilities(&posted, Part::Unit, done).await
}

async fn unit_close(Path(unit): Path<i64>, posted: Posted) -> Answer {
    let until = posted.text("until_date").to_owned();
    let done = posted
        .clerk
        .attempt(move |store, context| administration::unit_close(store, context, unit, &until))
        .await;
    back_to_facilities(&posted, Part::Close, done).await
}

async fn clients(clerk: Clerk) -> Answer {
    Ok(clients_page(&clerk, &ClientForm::default(), &[]).await?.into_response())
}

async fn clients_page(
    clerk: &Clerk,
    form: &ClientForm,
    errors: &[FieldError],
) -> Result<Page, Failure> {
    let clients = clerk.run(administration::clients).await?;
    let rows = clients.iter().map(|client| {
        let last: Markup = match client.ended_at {
            Some(at) => html! { (Badge::new(Tone::Neutral, "ended")) " " (clerk.stamp(at)) },
            None => html! {
                (Form::post(format!("/administration/clients/{}/end", client.id))
                    .csrf(clerk.csrf()).label(format!("End {}", client.name)).content(html! {
                        (Button::submit("End").small().stop().about(client.name.as_str()))
                    }))
            },
        };
        Row::new([
            html! { (client.name) },
            html! { (client.role.label()) },
            html! { code { (client.scopes) } },
            clerk.stamp(client.created_at),
            last,
        ])
    });
    let table = Table::new("Clients of the API")
        .column(Column::text("Name"))
        .column(Column::text("Acts as"))
        .column(Column::text("Scopes"))
        .column(Column::text("Since").fit())
        .column(Column::actions())
        .rows(rows)
        .empty(Empty::new("No client yet", "Make one below for each program that connects."));
    let content = html! {
        (Heading::new("Clients of the API").lede(html! {
            "Programs that read or write by the FHIR API. Each has a token of its own, which is \
             shown once and holds until it is ended."
        }))
        (desk_tabs("/administration/clients"))
        (error_summary(errors))
        (table)
        (Card::new("New client", client_form(clerk, form, errors)))
    };
    Ok(Page(clerk.page("Clients of the API", Desk::Administration), content))
}

fn client_form(clerk: &Clerk, form: &ClientForm, errors: &[FieldError]) -> Form {
    let roles = Role::ALL.iter().map(|role| Choice::new(role.as_str(), role.label()));
    let roles: Vec<Choice> = std::iter::once(Choice::new("", "Choose one")).chain(roles).collect();
    let role = form.role.map(Role::as_str).unwrap_or_default();
    Form::post("/administration/clients").csrf(clerk.csrf()).label("New client").content(html! {
        (Field::text("name", "Name").value(form.name.as_str()).errors(errors).required())
        (Field::select("role", "Acts under the role", roles).value(role).errors(errors)
            .hint("It may do what this role may, and of that only what its scopes name"))
        (Field::text("scopes", "Scopes").value(form.scopes.as_str()).errors(errors)
            .hint("What it may do, with spaces between: system/*.read system/Patient.write"))
        (cleared_checks(form.cleared, "What isn't ticked is absent for this program"))
        (actions([Button::submit("Make the client").main().key("Ctrl+Enter")]))
    })
}

async fn client_create(posted: Posted) -> Answer {
    let form = ClientForm {
        name: posted.text("name").to_owned(),
        role: Role::parse(posted.text("role")),
        scopes: posted.text("scopes").to_owned(),
        cleared: cleared_of(&posted),
    };
    let (clerk, asked) = (&posted.clerk, form.clone());
    let made = clerk
        .attempt(move |store, context| administration::client_create(store, context, &asked))
        .await;
    let errors = match made {
        Ok(token) => {
            let what = html! { p { "Bearer token of " strong { (form.name) } ":" } };
            let page = secret(clerk, "Client made", what, &token, "/administration/clients");
            return Ok(page.into_response());
        }
        Err(app::Error::Invalid(errors)) => field_errors(&errors),
        Err(app::Error::Conflict(_)) => {
            vec![FieldError::new("name", form.name.as_str(), "It is taken", "Choose another.")]
        }
        Err(error) => return Err((error, clerk).into()),
    };
    let page = clients_page(clerk, &form, &errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn client_end(Path(client): Path<i64>, posted: Posted) -> Answer {
    posted
        .clerk
        .run(move |store, context| administration::client_end(store, context, client))
        .await?;
    Ok(see_other("/administration/clients"))
}
