//! Lines beside documents: which sections of the chart go out, whole or line by line.

use super::request::Fields;
use crate::ui::{Badge, Choice, Column, Field, Row, Table, Tone, notice};
use app::release::{Choosing, Group, SHOWN_MAX, Which};
use maud::{Markup, html};

/// The sections of the chart, each with what of it goes out.
pub(super) fn sections(choosing: &Choosing, fields: &Fields) -> Markup {
    if choosing.groups.is_empty() {
        return html! {};
    }
    let id = choosing.loaded.row.id;
    let is_new = choosing.loaded.request().selection.is_none();
    let rows = choosing.groups.iter().map(|group| {
        Row::new([
            html! { (group.section.label) },
            html! { (group.may_go_count) },
            html! { (what_goes(group, is_new, fields)) },
            html! { (stays_out(group)) },
            html! {
                @if group.lines.is_none() {
                    a href={ "/release/" (id) "/documents?lines=" (group.section.code)
                        "#lines-" (group.section.code) } {
                        "Line by line"
                        span class="visually-hidden" { ": " (group.section.label) }
                    }
                }
            },
        ])
    });
    let table = Table::new("Entries of the chart, as tables of the packet")
        .column(Column::text("Section"))
        .column(Column::number("May go"))
        .column(Column::text("Goes out"))
        .column(Column::text("What the rules say"))
        .column(Column::actions())
        .rows(rows);
    html! { (table) }
}

fn what_goes(group: &Group, is_new: bool, fields: &Fields) -> Markup {
    if group.lines.is_some() {
        return html! { "the lines ticked below" };
    }
    if group.may_go_count == 0 && group.chosen_count == 0 {
        return html! { span class="quiet" { "none may go" } };
    }
    let all = format!("All that may go ({})", group.may_go_count);
    let mut choices = vec![Choice::new("", "None"), Choice::new(Which::All.as_str(), all.as_str())];
    let is_part = group.chosen_count > 0 && group.chosen_count != group.may_go_count;
    let kept = format!("As chosen ({})", group.chosen_count);
    if is_part {
        choices.push(Choice::new(Which::Kept.as_str(), kept.as_str()));
    }
    let now = match (is_new, group.chosen_count) {
        (true, _) if group.is_named => Which::All.as_str(),
        (true, _) | (false, 0) => "",
        (false, _) if is_part => Which::Kept.as_str(),
        (false, _) => Which::All.as_str(),
    };
    let name = format!("section-{}", group.section.code);
    let value = fields.get(&name).map_or(now, String::as_str);
    let label = format!("Lines of {}", group.section.label);
    html! { (Field::select(name.as_str(), label, choices).value(value)) }
}

fn stays_out(group: &Group) -> Markup {
    html! {
        @if group.out.is_empty() { (Badge::new(Tone::Ok, "all may go")) }
        @for (out, count) in &group.out {
            p {
                (Badge::new(Tone::Stop, format!("{count} stay out"))) " " (out.reason) " "
                span class="citation" { (out.citation) }
            }
        }
    }
}

/// The lines of a section, one by one; those beyond the first [`SHOWN_MAX`] aren't listed.
pub(super) fn one_by_one(group: &Group, rows: impl Iterator<Item = Row>) -> Markup {
    let section = group.section;
    let count = group.lines.as_ref().map_or(0, Vec::len);
    let table = Table::new(format!("{}, the newest first", section.label))
        .column(Column::text("Goes out"))
        .column(Column::text("Date").fit())
        .column(Column::text("Value or status"))
        .column(Column::text("Labels"))
        .column(Column::text("What the rules say"))
        .rows(rows);
    html! {
        div id={ "lines-" (section.code) } {
            input type="hidden" name={ "section-" (section.code) } value=(Which::Named.as_str());
            @if count > SHOWN_MAX {
                (notice(Tone::Info, html! { p {
                    "The newest " (SHOWN_MAX) " of " (count) " lines are listed. Set the dates of \
                    the scope to come to the others, or give all that may go."
                } }))
            }
            (table)
        }
    }
}
