//! The list of codes as one form: search, sequence, present on admission, dates.

use super::actions::POA;
use super::walk::{favourite_button, note_list};
use crate::server::Clerk;
use crate::ui::{
    Button, Column, Combobox, Empty, Field, FieldError, Form, Row, Table, actions, date_text,
};
use app::coding::{CodedDiagnosis, CodedProcedure, Opened};
use coding::codeset::System;
use coding::edits::Setting;
use maud::{Markup, html};

/// The form of the list, or the list alone where it can't be changed now.
pub(super) fn code_form(
    clerk: &Clerk,
    opened: &Opened,
    errors: &[FieldError],
    stops: usize,
) -> Markup {
    let id = opened.work.id;
    if !opened.work.state.can_be_edited() {
        return html! { (diagnoses(opened, false)) (procedures(opened, false, errors)) };
    }
    let finalize = Button::submit("Make final").named("do", "finalize").key("Shift+F");
    let finalize = match stops {
        0 => finalize,
        1 => finalize.refused("1 stop is open"),
        _ => finalize.refused(format!("{stops} stops are open")),
    };
    let form = Form::post(format!("/coding/{id}/change"))
        .id("codes")
        .label("Codes")
        .csrf(clerk.csrf())
        .hidden("revision", opened.work.revision.to_string())
        .hidden("context-date", opened.facts.date.to_string())
        .draft(format!("/coding/{id}/draft"), None);
    let is_inpatient = opened.facts.setting == Setting::Inpatient;
    html! {
        (form.content(html! {
            (search_fields(opened, errors))
            (actions([Button::submit("Add").named("do", "add").key("Enter")]))
            (diagnoses(opened, true))
            (procedures(opened, true, errors))
            @if is_inpatient { (discharge_status(opened, errors)) }
            (actions([
                Button::submit("Save").named("do", "save").main().key("Ctrl+Enter"),
                finalize,
            ]))
        }))
    }
}

fn search_fields(opened: &Opened, errors: &[FieldError]) -> Markup {
    let hint = match opened.diagnoses.is_empty() {
        true => "Words, abbreviations or a code. The first one is the principal.",
        false => "Words, abbreviations or a code; a category leads on by questions.",
    };
    let hint = match (opened.facts.setting, opened.diagnoses.is_empty()) {
        (Setting::Outpatient, true) => {
            "Words, abbreviations or a code. The first one is the first-listed."
        }
        _ => hint,
    };
    html! {
        (Combobox::new("diagnosis", "Add a diagnosis", "/coding/search/diagnosis")
            .hint(format!("{hint} Down lists your favourites, * keeps one."))
            .favourites_at("/coding/favourite/diagnosis")
            .errors(errors).autofocus().key("d"))
        @match opened.facts.setting {
            Setting::Inpatient => (Combobox::new(
                "procedure", "Add a procedure", "/coding/search/procedure",
            ).hint("ICD-10-PCS: words, or the first characters")
                .favourites_at("/coding/favourite/procedure").errors(errors).key("p")),
            Setting::Outpatient => (service_field(opened, errors)),
        }
    }
}

/// Services are searched where the site has loaded them; else a code is typed in full.
fn service_field(opened: &Opened, errors: &[FieldError]) -> Markup {
    let label = "Add a CPT or HCPCS code";
    let hint = match (opened.services.cpt, opened.services.hcpcs) {
        (true, true) => "Words, or a code of either",
        (true, false) => "Words or a code of CPT; no HCPCS file is loaded: type those in full",
        (false, true) => "Words or a code of HCPCS; no CPT file is loaded: type those in full",
        (false, false) => {
            return html! {
                (Field::text("service", label)
                    .hint("Typed in full: no CPT or HCPCS file is loaded for this date")
                    .width(12).errors(errors).key("p"))
            };
        }
    };
    html! { (Combobox::new("service", label, "/coding/search/service")
    .hint(hint).favourites_at("/coding/favourite/service").errors(errors).key("p")) }
}

fn diagnoses(opened: &Opened, can_be_edited: bool) -> Markup {
    let is_inpatient = opened.facts.setting == Setting::Inpatient;
    let mut table = Table::new("Diagnoses")
        .show_caption()
        .column(Column::text("Sequence").fit())
        .column(Column::text("Diagnosis"));
    if is_inpatient {
        table = table.column(Column::text("Present on admission").fit());
    } else if can_be_edited {
        table = table.column(Column::text("Uncertain").fit());
    }
    if can_be_edited {
        table = table.column(Column::actions());
    }
    let rows = opened.diagnoses.iter().enumerate().map(|(place, dx)| {
        let mut cells = vec![sequence(place, is_inpatient), diagnosis(opened, dx, can_be_edited)];
        if is_inpatient {
            cells.push(html! {
                (poa(dx, can_be_edited))
                @if can_be_edited { (uncertain(dx, true)) }
            });
        } else if can_be_edited {
            cells.push(uncertain(dx, false));
        }
        if can_be_edited {
            cells.push(diagnosis_actions(place, dx));
        }
        Row::new(cells)
    });
    let empty = Empty::new("No diagnosis yet", "Search above, or add a suggestion below.");
    html! { (table.rows(rows).empty(empty)) }
}

fn sequence(place: usize, is_inpatient: bool) -> Markup {
    html! {
        @match (place, is_inpatient) {
            (0, true) => strong { "Principal" },
            (0, false) => strong { "First-listed" },
            (place, _) => (place + 1),
        }
    }
}

fn diagnosis(opened: &Opened, dx: &CodedDiagnosis, can_be_edited: bool) -> Markup {
    let code = dx.coded.code.as_str();
    let is_kept = opened.favourites.contains(&(System::Icd10Cm, code.to_owned()));
    html! {
        code { (dx.printed) } " " (dx.title)
        @if can_be_edited { input type="hidden" name="coded" value=(dx.coded.code); }
        @if can_be_edited {
            details {
                summary { @if dx.notes.is_empty() { "Favourite" } @else { "Notes" } }
                (note_list(&dx.notes))
                (favourite_button(System::Icd10Cm, code, is_kept).small()
                    .about(dx.printed.as_str()))
            }
        } @else if !dx.notes.is_empty() {
            details { summary { "Notes" } (note_list(&dx.notes)) }
        }
    }
}

fn poa(dx: &CodedDiagnosis, can_be_edited: bool) -> Markup {
    let now = POA.iter().find(|(_, _, poa)| dx.coded.poa == Some(*poa));
    let id = format!("poa-{}", dx.coded.code);
    html! {
        @if can_be_edited {
            label class="visually-hidden" for=(id) { "Present on admission: " (dx.printed) }
            select class="control" id=(id) name=(id) {
                option value="" selected[now.is_none()] { "not given" }
                @for (letter, words, poa) in POA {
                    option value=(letter) selected[dx.coded.poa == Some(*poa)] { (words) }
                }
            }
        } @else { (now.map_or("not given", |(_, words, _)| words)) }
    }
}

/// Whether the chart calls it uncertain; named beside its box where no heading names it.
fn uncertain(dx: &CodedDiagnosis, is_named: bool) -> Markup {
    let id = format!("uncertain-{}", dx.coded.code);
    html! {
        div class="choice" {
            input type="checkbox" id=(id) name="uncertain" value=(dx.coded.code)
                checked[dx.coded.is_uncertain];
            label for=(id) class=[(!is_named).then_some("visually-hidden")] {
                @if is_named {
                    "uncertain" span class="visually-hidden" { ": " (dx.printed) }
                } @else { "The chart calls it uncertain: " (dx.printed) }
            }
        }
    }
}

fn diagnosis_actions(place: usize, dx: &CodedDiagnosis) -> Markup {
    let deed = |label: &str, deed: &str| {
        let value = format!("{deed}:{}", dx.coded.code);
        Button::submit(label).named("do", value).small().plain().about(dx.printed.as_str())
    };
    let mut buttons = Vec::new();
    if place > 0 {
        buttons.push(deed("First", "first"));
    }
    if place > 1 {
        buttons.push(deed("Up", "up"));
    }
    buttons.push(deed("Remove", "remove"));
    actions(buttons)
}

fn procedures(opened: &Opened, can_be_edited: bool, errors: &[FieldError]) -> Markup {
    if opened.procedures.is_empty() {
        return html! {};
    }
    let is_inpatient = opened.facts.setting == Setting::Inpatient;
    let mut table = Table::new("Procedures")
        .show_caption()
        .column(Column::text("Procedure"))
        .column(Column::text("Day"));
    if !is_inpatient {
        table = table.column(Column::text("Modifiers")).column(Column::text("Units"));
    }
    if can_be_edited {
        table = table.column(Column::actions());
    }
    let rows = opened.procedures.iter().enumerate().map(|(place, procedure)| {
        let mut cells = vec![named(procedure, can_be_edited)];
        cells.extend(details(place, procedure, (is_inpatient, can_be_edited), errors));
        if can_be_edited {
            let deed = format!("remove-procedure:{place}");
            let code = procedure.coded.code.as_str();
            let remove = Button::submit("Remove").named("do", deed).small().plain().about(code);
            let system = procedure.coded.system;
            let is_kept = opened.favourites.contains(&(system, code.to_owned()));
            let favourite = favourite_button(system, code, is_kept).small().about(code);
            cells.push(actions([remove, favourite]));
        }
        Row::new(cells)
    });
    html! { (table.rows(rows)) }
}

fn named(procedure: &CodedProcedure, can_be_edited: bool) -> Markup {
    html! {
        code { (procedure.coded.code) } " "
        @if procedure.title.is_empty() {
            span class="quiet" { (procedure.coded.system.name()) }
        } @else { (procedure.title) }
        @if can_be_edited { input type="hidden" name="done" value=(procedure.coded.code); }
    }
}

/// Day, and for services modifiers and units.
fn details(
    place: usize,
    procedure: &CodedProcedure,
    (is_inpatient, can_be_edited): (bool, bool),
    errors: &[FieldError],
) -> Vec<Markup> {
    let coded = &procedure.coded;
    let day = coded.date.map(|date| date.to_string()).unwrap_or_default();
    let (modifiers, units) = (coded.modifiers.join(" "), coded.units.to_string());
    let mut values = vec![("date", "Day", day, "width-12")];
    if !is_inpatient {
        values.push(("modifiers", "Modifiers", modifiers, "width-8"));
        values.push(("units", "Units", units, "width-4"));
    }
    let cell = |(name, words, value, width): (&str, &str, String, &str)| {
        let id = format!("{name}-{place}");
        let is_wrong = errors.iter().any(|error| error.field == id);
        html! {
            @if can_be_edited {
                label class="visually-hidden" for={ "field-" (id) } { (words) " of " (coded.code) }
                input class={ "control " (width) } type="text" id={ "field-" (id) } name=(id)
                    value=(value) autocomplete="off" spellcheck="false"
                    aria-invalid=[is_wrong.then_some("true")];
            } @else if name == "date" { (date_text(&value)) } @else { (value) }
        }
    };
    values.into_iter().map(cell).collect()
}

fn discharge_status(opened: &Opened, errors: &[FieldError]) -> Markup {
    let hint = match opened.facts.discharge_status {
        Some(status) => {
            format!("UB-04 field 17. The chart says {status:02}; give another to differ")
        }
        None => "UB-04 field 17. The chart does not say it: 01 is home".to_owned(),
    };
    let value = opened.discharge_status.map(|status| format!("{status:02}")).unwrap_or_default();
    html! {
        (Field::text("discharge_status", "Patient discharge status").hint(hint).value(value)
            .width(4).optional().errors(errors))
    }
}
