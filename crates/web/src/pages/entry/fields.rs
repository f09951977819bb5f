//! The fields of each kind of entry, in the order in which they are typed.

use crate::pages::register::provider_fields;
use crate::pages::typed::TypedForm;
use crate::ui::{Choice, Combobox, Field};
use app::entry::{EntryForm, EntryKind};
use exchange::fhir::build::VITAL_SIGNS;
use maud::{Markup, html};

/// Values and what people read; the first is chosen where nothing is given.
fn choices(pairs: &[(&str, &str)]) -> Vec<Choice> {
    pairs.iter().map(|(value, label)| Choice::new(*value, *label)).collect()
}

fn select(form: &TypedForm, name: &str, label: &str, pairs: &[(&str, &str)]) -> Field {
    form.put(name, Field::select(name, label, choices(pairs)))
}

/// The fields of this kind.
pub(super) fn of_kind(form: &TypedForm, page: &EntryForm, kind: EntryKind) -> Markup {
    html! {
        @match kind {
            EntryKind::Diagnosis => { (diagnosis(form)) }
            EntryKind::Allergy => { (allergy(form)) }
            EntryKind::Medication => { (medication(form)) }
            EntryKind::Immunization => { (immunization(form)) }
            EntryKind::VitalSigns => { (vital_signs(form)) }
            EntryKind::Note => { (note(form)) }
        }
        (whose(form, page, kind != EntryKind::Allergy))
    }
}

/// Whose entry it is, of which encounter, from which document.
pub(super) fn whose(form: &TypedForm, page: &EntryForm, has_encounter: bool) -> Markup {
    let listed = |none: &str, list: &[(String, String)]| -> Vec<Choice> {
        let given = list.iter().map(|(reference, words)| Choice::new(reference, words));
        std::iter::once(Choice::new("", none)).chain(given).collect()
    };
    html! {
        div class="fields-two" {
            (provider_fields(form, &page.place, "author", "Whose entry it is"))
        }
        @if has_encounter {
            (form.put("encounter",
                Field::select("encounter", "Encounter", listed("None", &page.encounters))))
        }
        (form.put("source_document", Field::select("source_document", "Abstracted from",
            listed("No document of this chart", &page.sources))))
    }
}

fn code(form: &TypedForm, name: &str, label: &str, url: &str, hint: &str) -> Markup {
    let value = form.given.text(name);
    let field = Combobox::new(name, label, url).value(value, "").hint(hint);
    html! { (field.errors(&form.errors)) }
}

fn diagnosis(form: &TypedForm) -> Markup {
    html! {
        (form.line("words", "Diagnosis in words").required().autofocus())
        (code(form, "code", "ICD-10-CM code", "/entry/codes", "Type words or a code; optional"))
        (form.put("is_problem", Field::check("is_problem", "On the problem list")))
        div class="fields-two" {
            (select(form, "clinical_status", "State", &[("active", "Active"),
                ("recurrence", "Recurrence"), ("relapse", "Relapse"), ("inactive", "Inactive"),
                ("remission", "In remission"), ("resolved", "Resolved")]))
            (select(form, "verification", "How sure", &[("confirmed", "Confirmed"),
                ("provisional", "Provisional"), ("differential", "Differential"),
                ("unconfirmed", "Unconfirmed"), ("refuted", "Refuted")]))
            (form.put("onset", Field::date("onset", "Began")).optional())
            (form.put("abatement", Field::date("abatement", "Ended")).optional())
        }
        (form.put("note", Field::area("note", "Note", 3)).optional())
    }
}

fn allergy(form: &TypedForm) -> Markup {
    html! {
        (form.line("substance", "Substance").required().autofocus()
            .hint("Or: No known allergies, where it was asked and denied"))
        (form.line("code", "RxNorm code").width(12).optional())
        (select(form, "category", "Category", &[("", "Not said"), ("medication", "Medication"),
            ("food", "Food"), ("environment", "Environment"), ("biologic", "Biologic")]))
        (select(form, "criticality", "Criticality", &[("", "Not said"), ("low", "Low"),
            ("high", "High"), ("unable-to-assess", "Can't be assessed")]))
        (form.line("reaction", "Reaction").hint("Hives, swelling of the face").optional())
        (select(form, "severity", "Severity", &[("", "Not said"), ("mild", "Mild"),
            ("moderate", "Moderate"), ("severe", "Severe")]))
        (form.put("onset", Field::date("onset", "First seen")).optional())
        (form.put("note", Field::area("note", "Note", 3)).optional())
    }
}

fn medication(form: &TypedForm) -> Markup {
    html! {
        (form.put("usage", Field::radios("usage", "What it is", choices(&[
            ("ordered", "Ordered here"), ("taken", "Taken at home, as told")]))))
        (form.line("words", "Name, strength and form").required().autofocus()
            .hint("lisinopril 10 mg tablet"))
        (form.line("code", "RxNorm code").width(12).optional())
        (form.line("directions", "Directions").hint("1 tablet by mouth daily"))
        (form.put("start", Field::date_time("start", "Ordered on, or taken since")))
        (select(form, "status", "State", &[("active", "Active"), ("completed", "Completed"),
            ("stopped", "Stopped"), ("on-hold", "On hold")]))
        (form.put("note", Field::area("note", "Note", 3)).optional())
    }
}

fn immunization(form: &TypedForm) -> Markup {
    html! {
        (form.line("words", "Vaccine").required().autofocus())
        (form.line("code", "CVX code").width(8).optional())
        (form.put("given_on", Field::date_time("given_on", "Given on")).required())
        (form.line("lot", "Lot number").width(12).optional())
        (form.put("expires", Field::date("expires", "Lot expires")).optional())
        (form.line("site", "Site").hint("Left deltoid").optional())
        (form.put("primary_source",
            Field::check("primary_source", "From the one who gave it, not by word")))
        (form.put("note", Field::area("note", "Note", 3)).optional())
    }
}

fn vital_signs(form: &TypedForm) -> Markup {
    html! {
        (form.put("taken_at", Field::date_time("taken_at", "Taken")).required())
        div class="fields-few" {
            @for (index, sign) in VITAL_SIGNS.iter().enumerate() {
                @let (low, high) = sign.usual;
                @let hint = match sign.field {
                    "temperature" => format!("Usual: {low} to {high}; or Fahrenheit: 98.6F"),
                    _ => format!("Usual: {low} to {high}"),
                };
                @let field = Field::number(sign.field, sign.name).unit(sign.unit).hint(hint);
                @let field = form.put(sign.field, field);
                @if index == 0 { (field.autofocus()) } @else { (field) }
            }
        }
    }
}

/// The kind, the time and the text of a note.
pub(super) fn note(form: &TypedForm) -> Markup {
    let kind = form.given.text("loinc");
    let name = exchange::loinc_documents().by_code(&kind).map_or("", |kind| kind.name);
    html! {
        (Combobox::new("loinc", "Kind of document", "/entry/kinds").value(kind.as_str(), name)
            .hint("Type words: progress note, discharge summary").errors(&form.errors)
            .required().autofocus())
        (form.put("event_time", Field::date_time("event_time", "Time of what it tells")).required())
        (form.put("text", Field::note("text", "Text")).required())
    }
}
