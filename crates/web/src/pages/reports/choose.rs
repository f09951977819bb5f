//! The form in which the period, the facility and the unit are chosen.

use crate::pages::field_errors;
use crate::ui::{Button, Choice, Field, FieldError, Form, error_summary};
use app::reports::{Asked, Range, Report, Scope};
use maud::{Markup, html};

/// The form of a report, or of the first page.
pub(super) fn chooser(
    action: &str,
    asked: &Asked,
    scope: Option<&Scope>,
    report: Option<Report>,
    errors: &[FieldError],
) -> Markup {
    let ranges = Range::ALL.map(|range| Choice::new(range.as_str(), range.label()));
    let by_facility = report.is_none_or(Report::is_by_facility);
    // What was left out is shown as it was taken.
    let taken = |range: &[Range], format: &str| {
        let scope = scope.filter(|_| range.contains(&asked.range));
        scope.map(|scope| scope.period.until.strftime(format).to_string()).unwrap_or_default()
    };
    let month = Some(asked.month.clone()).filter(|month| !month.is_empty());
    let month = month.unwrap_or_else(|| taken(&[Range::Month], "%Y-%m"));
    let year = Some(asked.year.clone()).filter(|year| !year.is_empty());
    let year = year.unwrap_or_else(|| taken(&[Range::Year], "%Y"));
    let form = Form::filters(action).label("Period").content(html! {
        (Field::select("range", "Period", ranges).value(asked.range.as_str()).key("w"))
        (Field::text("month", "Month").width(8).value(month).hint("2026-03").errors(errors))
        (Field::number("year", "Year").value(year).hint("In which it ends").errors(errors))
        (Field::date("from", "From").value(&asked.from).errors(errors))
        (Field::date("until", "Until").value(&asked.until).errors(errors))
        @if let Some(scope) = scope {
            @if by_facility && scope.facilities.len() > 1 { (facilities(asked, scope)) }
            @if report.is_none_or(Report::is_by_unit) { (units(asked, scope)) }
        }
        (Button::submit("Count").key("Shift+F"))
    });
    html! { (error_summary(errors)) (form) }
}

fn facilities(asked: &Asked, scope: &Scope) -> Field {
    let all = Choice::new("", "All facilities");
    let own = scope.facilities.iter().map(|one| Choice::new(one.id.to_string(), one.name.as_str()));
    let chosen = asked.facility.map(|key| key.to_string()).unwrap_or_default();
    Field::select("facility", "Facility", std::iter::once(all).chain(own)).value(chosen)
}

fn units(asked: &Asked, scope: &Scope) -> Field {
    let all = Choice::new("", "All units");
    let own = scope.units.iter().map(|unit| Choice::new(unit.as_str(), unit.as_str()));
    Field::select("unit", "Unit", std::iter::once(all).chain(own)).value(&asked.unit)
}

/// The errors of a use case, where they are of the form.
pub(super) fn errors_of(error: &app::Error) -> Option<Vec<FieldError>> {
    match error {
        app::Error::Invalid(errors) => Some(field_errors(errors)),
        _ => None,
    }
}
