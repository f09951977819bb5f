//! Administration: people with their roles and credentials.

use crate::pages::field_errors;
use crate::server::{Answer, Clerk, Failure, Guard, Page, Posted, Routes, see_other};
use crate::ui::{
    Badge, Button, Card, Choice, Column, Desk, Empty, Facts, Field, FieldError, Form, Heading, Row,
    Tab, Table, Tone, actions, date_text, error_summary, notice, tabs,
};
use app::people::{Account, AccountAction, AccountForm};
use app::{Right, people};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use jiff::civil::Date;
use maud::{Markup, html};
use record::{Credential, LabelMask, Role, SensitiveClass};
use store::person::PersonCredential;

pub(super) const GUARD: Guard = Guard::Right(Right::Administer);

/// The routes of people.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/administration", GUARD, list)
        .get("/administration/people/new", GUARD, new)
        .post("/administration/people/new", GUARD, create)
        .get("/administration/people/{person}", GUARD, open)
        .post("/administration/people/{person}", GUARD, act)
}

/// The tabs of the desk.
pub(super) fn desk_tabs(now: &str) -> Markup {
    let all = [
        ("People", "/administration"),
        ("Facilities and units", "/administration/facilities"),
        ("Clients of the API", "/administration/clients"),
        ("Code sets", "/administration/code-sets"),
        ("Rules", "/administration/rules"),
        ("Imports", "/administration/imports"),
    ];
    tabs(
        "Administration",
        all.iter().enumerate().map(|(index, (label, href))| {
            Tab::new(*label, *href).current(*href == now).key((index + 1).to_string())
        }),
    )
}

/// A secret that is shown only now.
pub(super) fn secret(clerk: &Clerk, title: &str, what: Markup, secret: &str, back: &str) -> Page {
    let content = html! {
        (Heading::new(title).under("Administration", "/administration"))
        (notice(Tone::Warn, html! {
            (what)
            p { code { (secret) } }
            p { "It is shown only now, and kept nowhere. Hand it over in person." }
        }))
        (actions([Button::link("Go on", back).main().key("Enter")]))
    };
    Page(clerk.page(title, Desk::Administration), content)
}

async fn list(clerk: Clerk) -> Answer {
    let accounts = clerk.run(people::list).await?;
    let (today, now) = (clerk.today(), clerk.context().at);
    let rows = accounts.iter().map(|account| {
        let person = &account.person;
        let roles: Vec<&str> = person.roles.iter().map(|role| role.label()).collect();
        let late = account.credentials.iter().filter(|c| expired(c, today)).count();
        Row::new([
            html! { (person.name) },
            html! { (person.login) },
            html! { (roles.join(", ")) },
            html! {
                @for held in &account.credentials { (held.credential.label()) " " }
                @if account.credentials.is_empty() { span class="quiet" { "none" } }
                @if late > 0 { (Badge::new(Tone::Stop, format!("{late} expired"))) }
            },
            state(account, now),
        ])
        .opens(format!("/administration/people/{}", person.id))
    });
    let table = Table::new("People, by name")
        .column(Column::text("Name"))
        .column(Column::text("Login").fit())
        .column(Column::text("Roles"))
        .column(Column::text("Credentials"))
        .column(Column::text("State").fit())
        .rows(rows);
    let content = html! {
        (Heading::new("People")
            .lede(html! {
                (accounts.len()) @if accounts.len() == 1 { " account" } @else { " accounts" }
            })
            .action(Button::link("New account", "/administration/people/new").main().key("n")))
        (desk_tabs("/administration"))
        (table)
        @if accounts.len() == 1 { (Card::new("First steps in a new store", first_steps())) }
    };
    Ok(Page(clerk.page("People", Desk::Administration), content).into_response())
}

/// What a new store needs, in the order in which it needs it.
fn first_steps() -> Markup {
    html! {
        ol {
            li {
                a href="/administration/facilities" { "Name the facility" }
                ", its time zone and the namespace of its record numbers. Every time on every page \
                 is told by its clock."
            }
            li {
                a href="/administration/people/new" { "Make an account" }
                " for each person, with their roles: nobody works under the name of another."
            }
            li {
                "Bring the records in, with the server stopped or running: "
                code { "chartroom import PATH" }
                ". A supervisor can bring scans in under Documents."
            }
            li {
                a href="/administration/rules" { "Look at the rules" }
                " that hold from the first day: due dates, completion, retention, fees."
            }
            li {
                "Keep a copy of the keys folder apart from the data: without it, the records can't \
                 be read again."
            }
        }
    }
}

fn state(account: &Account, now: record::Instant) -> Markup {
    let person = &account.person;
    html! {
        @if !person.active { (Badge::new(Tone::Stop, "suspended")) }
        @else if !person.usable(now) { (Badge::new(Tone::Neutral, "ended")) }
        @else if locked(person, now) { (Badge::new(Tone::Warn, "locked")) }
        @else if person.password_once { (Badge::new(Tone::Info, "one-time password")) }
        @else { (Badge::new(Tone::Ok, "active")) }
    }
}

fn locked(person: &store::person::Person, now: record::Instant) -> bool {
    person.locked_until.is_some_and(|until| until > now)
}

fn expired(credential: &PersonCredential, today: Date) -> bool {
    credential.expires_on.parse::<Date>().is_ok_and(|last| last < today)
}

/// What follows for a person where a class isn't ticked.
const ABSENT: &str = "What isn't ticked is absent for them, unless they break the glass";

fn role_checks(held: &[Role], errors: &[FieldError]) -> Field {
    let choices = Role::ALL.iter().map(|role| Choice::new(role.as_str(), role.label()));
    let field = Field::checks("roles", "Roles", choices).errors(errors);
    held.iter().fold(field, |field, role| field.value(role.as_str()))
}

/// The checkboxes of cleared classes. `hint` says what follows where one isn't ticked.
pub(super) fn cleared_checks(cleared: LabelMask, hint: &str) -> Field {
    let choices =
        SensitiveClass::ALL.iter().map(|class| Choice::new(class.as_str(), class.label()));
    let field =
        Field::checks("cleared", "Sensitive classes that this work needs", choices).hint(hint);
    cleared.classes().fold(field, |field, class| field.value(class.as_str()))
}

/// The cleared classes of a posted form.
pub(super) fn cleared_of(posted: &Posted) -> LabelMask {
    posted.all("cleared").into_iter().filter_map(SensitiveClass::parse).collect()
}

fn roles_of(posted: &Posted) -> Vec<Role> {
    posted.all("roles").into_iter().filter_map(Role::parse).collect()
}

async fn new(clerk: Clerk) -> Answer {
    clerk.run(|store, context| app::access::require(store, context, Right::Administer)).await?;
    Ok(new_page(&clerk, &AccountForm::default(), &[]).into_response())
}

fn new_page(clerk: &Clerk, form: &AccountForm, errors: &[FieldError]) -> Page {
    let content = html! {
        (Heading::new("New account").under("Administration", "/administration"))
        (error_summary(errors))
        (Form::post("/administration/people/new").csrf(clerk.csrf()).label("New account")
            .content(html! {
                (Field::text("name", "Name").value(form.name.as_str()).errors(errors).required()
                    .autofocus())
                (Field::text("login", "Login").value(form.login.as_str()).errors(errors)
                    .hint("Letters, digits, '.', '-' or '_'").width(20).required())
                (role_checks(&form.roles, errors))
                (cleared_checks(form.cleared, ABSENT))
                (actions([Button::submit("Make the account").main().key("Ctrl+Enter")]))
            }))
    };
    Page(clerk.page("New account", Desk::Administration), content)
}

async fn create(posted: Posted) -> Answer {
    let form = AccountForm {
        login: posted.text("login").to_owned(),
        name: posted.text("name").to_owned(),
        roles: roles_of(&posted),
        cleared: cleared_of(&posted),
    };
    let (clerk, asked) = (&posted.clerk, form.clone());
    let made =
        clerk.attempt(move |store, context| people::account_create(store, context, &asked)).await;
    let errors = match made {
        Ok(account) => {
            let what = html! { p { "One-time password of " strong { (form.login) } ":" } };
            let back = format!("/administration/people/{}", account.person);
            let page = secret(clerk, "Account made", what, &account.one_time_password, &back);
            return Ok(page.into_response());
        }
        Err(app::Error::Invalid(errors)) => field_errors(&errors),
        Err(app::Error::Conflict(_)) => {
            let reason = "This login is taken";
            vec![FieldError::new("login", form.login.as_str(), reason, "Choose another.")]
        }
        Err(error) => return Err((error, clerk).into()),
    };
    let page = new_page(clerk, &form, &errors);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn open(clerk: Clerk, Path(id): Path<i64>) -> Answer {
    Ok(person_page(&clerk, id, &[]).await?.into_response())
}

async fn person_page(clerk: &Clerk, id: i64, errors: &[FieldError]) -> Result<Page, Failure> {
    let account = clerk.run(move |store, context| people::open(store, context, id)).await?;
    let person = &account.person;
    let here = format!("/administration/people/{id}");
    let form = |label: &str| Form::post(&here).csrf(clerk.csrf()).label(label);
    let facts = Facts::new()
        .fact("Login", person.login.as_str())
        .fact("Second factor", if person.totp_secret.is_some() { "set up" } else { "none" })
        .fact("Open sessions", account.sessions.len())
        .fact("State", state(&account, clerk.context().at))
        .fact_if("Ends by itself", person.expires_at.map(|at| clerk.stamp(at)));
    let change = html! {
        (Field::text("name", "Name").value(person.name.as_str()).errors(errors).required())
        (role_checks(&person.roles, errors))
        (cleared_checks(person.cleared, ABSENT))
        (actions([Button::submit("Save").named("do", "change").main().key("Ctrl+Enter")]))
    };
    let sign_in = html! {
        (facts)
        (form("Sign-in").content(sign_in_actions(person, locked(person, clerk.context().at))))
    };
    let content = html! {
        (Heading::new(person.name.as_str()).under("Administration", "/administration"))
        (error_summary(errors))
        div class="split" {
            (Card::new("Account", form("Account").content(change)))
            div class="stack" {
                (Card::new("Sign-in", sign_in))
                (Card::new("Credentials", html! {
                    (credentials(&account, clerk.today(), &form))
                    (form("New credential").content(credential_fields(errors)))
                }))
            }
        }
    };
    Ok(Page(clerk.page("Account", Desk::Administration), content))
}

fn sign_in_actions(person: &store::person::Person, locked: bool) -> Markup {
    let mut buttons =
        vec![Button::submit("New one-time password").named("do", "reset-password").key("Shift+P")];
    if locked {
        buttons.push(Button::submit("Unlock").named("do", "unlock").key("Shift+U"));
    }
    buttons.push(Button::submit("End sessions").named("do", "end-sessions").key("Shift+E"));
    if person.totp_secret.is_some() {
        let button = Button::submit("Take the second factor away");
        buttons.push(button.named("do", "remove-second-factor").key("Shift+F"));
    }
    buttons.push(match person.active {
        true => Button::submit("Suspend").named("do", "suspend").stop().key("Shift+S"),
        false => Button::submit("Let in again").named("do", "activate").key("Shift+S"),
    });
    actions(buttons)
}

fn credentials(account: &Account, today: Date, form: &impl Fn(&str) -> Form) -> Table {
    let rows = account.credentials.iter().map(|held| {
        let remove = form(&format!("Remove {}", held.credential.label()))
            .hidden("credential", held.credential.as_str())
            .content(html! {
                (Button::submit("Remove").named("do", "remove-credential").small()
                    .about(held.credential.label()))
            });
        Row::new([
            html! { (held.credential.label()) },
            html! { (held.number) },
            html! {
                (date_text(&held.expires_on))
                @if expired(held, today) { " " (Badge::new(Tone::Stop, "expired")) }
            },
            html! { (remove) },
        ])
    });
    Table::new("Credentials")
        .column(Column::text("Credential"))
        .column(Column::text("Number"))
        .column(Column::text("Valid until"))
        .column(Column::actions())
        .rows(rows)
        .empty(Empty::new("No credential", "RHIT, RHIA, CCS and others, each with its last day."))
}

fn credential_fields(errors: &[FieldError]) -> Markup {
    let kinds = Credential::ALL.iter().map(|one| Choice::new(one.as_str(), one.label()));
    html! {
        div class="fields-two" {
            (Field::select("credential", "Credential", kinds))
            (Field::text("number", "Number").width(12))
        }
        (Field::date("expires_on", "Last day on which it is valid").errors(errors))
        (actions([Button::submit("Record").named("do", "put-credential").key("Shift+C")]))
    }
}

async fn act(Path(id): Path<i64>, posted: Posted) -> Answer {
    let clerk = &posted.clerk;
    if posted.text("do") == "reset-password" {
        let password =
            clerk.run(move |store, context| people::password_reset(store, context, id)).await?;
        let back = format!("/administration/people/{id}");
        let what = html! { p { "The new one-time password. Every session of theirs has ended." } };
        return Ok(secret(clerk, "New one-time password", what, &password, &back).into_response());
    }
    let action = action_of(&posted);
    let done = clerk
        .attempt(move |store, context| {
            app::access::require(store, context, Right::Administer)?;
            let action = action.ok_or_else(|| app::Error::Refused("Choose an action.".into()))?;
            people::act(store, context, id, &action)
        })
        .await;
    match done {
        Ok(()) => Ok(see_other(format!("/administration/people/{id}"))),
        Err(app::Error::Invalid(errors)) => {
            let page = person_page(clerk, id, &field_errors(&errors)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err((error, clerk).into()),
    }
}

fn action_of(posted: &Posted) -> Option<AccountAction> {
    let credential = || Credential::parse(posted.text("credential"));
    Some(match posted.text("do") {
        "change" => AccountAction::Change {
            name: posted.text("name").to_owned(),
            roles: roles_of(posted),
            cleared: cleared_of(posted),
        },
        "suspend" => AccountAction::Suspend,
        "activate" => AccountAction::Activate,
        "unlock" => AccountAction::Unlock,
        "end-sessions" => AccountAction::EndSessions,
        "remove-second-factor" => AccountAction::RemoveSecondFactor,
        "put-credential" => AccountAction::PutCredential(PersonCredential {
            credential: credential()?,
            number: posted.text("number").to_owned(),
            expires_on: posted.text("expires_on").to_owned(),
        }),
        "remove-credential" => AccountAction::RemoveCredential(credential()?),
        _ => return None,
    })
}
