//! Dense tables: sticky heads, aligned units, sorting by link, rows opened by key.

use crate::ui::Button;
use crate::ui::badge::drawn;
use maud::{Markup, Render, html};

/// Where a column's content stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// Text.
    #[default]
    Start,
    /// Marks.
    Middle,
    /// Numbers.
    End,
}

/// The order in which a column is sorted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorted {
    /// Smallest, oldest or A first.
    Ascending,
    /// Largest, newest or Z first.
    Descending,
}

/// A column's head.
#[derive(Clone, Debug)]
pub struct Column {
    heading: String,
    align: Align,
    unit: Option<String>,
    sort: Option<(String, Option<Sorted>)>,
    fit: bool,
    wide: bool,
    hidden_heading: bool,
}

impl Column {
    /// A column of text.
    pub fn text(heading: impl Into<String>) -> Column {
        Column {
            heading: heading.into(),
            align: Align::Start,
            unit: None,
            sort: None,
            fit: false,
            wide: false,
            hidden_heading: false,
        }
    }

    /// A column of numbers, aligned at their end.
    pub fn number(heading: impl Into<String>) -> Column {
        Column { align: Align::End, ..Column::text(heading) }
    }

    /// A column of actions: its heading is for screen readers only.
    pub fn actions() -> Column {
        Column { hidden_heading: true, fit: true, align: Align::End, ..Column::text("Actions") }
    }

    /// The unit, said once in the head.
    pub fn unit(mut self, unit: impl Into<String>) -> Column {
        self.unit = Some(unit.into());
        self
    }

    /// Another alignment.
    pub fn align(mut self, align: Align) -> Column {
        self.align = align;
        self
    }

    /// No wider than its content, never broken.
    pub fn fit(mut self) -> Column {
        self.fit = true;
        self
    }

    /// The column that is read first: it takes the room that others leave, a third at the least.
    pub fn wide(mut self) -> Column {
        self.wide = true;
        self
    }

    /// Sorted by this link, and how it is sorted now.
    pub fn sorts(mut self, href: impl Into<String>, now: Option<Sorted>) -> Column {
        self.sort = Some((href.into(), now));
        self
    }

    fn class(&self) -> Option<String> {
        let align = match self.align {
            Align::Start => "",
            Align::Middle => "align-middle",
            Align::End => "align-end",
        };
        let fit = if self.fit { " fit" } else { "" };
        let class = format!("{align}{fit}{}", if self.wide { " broad" } else { "" });
        (!class.is_empty()).then(|| class.trim().to_owned())
    }

    /// What stands over a value where a narrow page has no head.
    fn label(&self) -> Option<String> {
        match &self.unit {
            _ if self.hidden_heading || self.heading.is_empty() => None,
            Some(unit) => Some(format!("{} ({unit})", self.heading)),
            None => Some(self.heading.clone()),
        }
    }

    fn head(&self) -> Markup {
        let words = html! {
            (self.heading)
            @if let Some(unit) = &self.unit { " " span class="unit" { "(" (unit) ")" } }
        };
        let now = self.sort.as_ref().and_then(|(_, now)| *now);
        let aria = now.map(|now| match now {
            Sorted::Ascending => "ascending",
            Sorted::Descending => "descending",
        });
        html! {
            th scope="col" class=[self.class()] aria-sort=[aria] {
                @if let Some((href, _)) = &self.sort {
                    a href=(href) { (words) (arrow(now)) }
                } @else if self.hidden_heading {
                    span class="visually-hidden" { (words) }
                } @else { (words) }
            }
        }
    }
}

fn arrow(now: Option<Sorted>) -> Markup {
    match now {
        Some(Sorted::Ascending) => drawn("M6 2 12 10H0z"),
        Some(Sorted::Descending) => drawn("M0 2h12L6 10z"),
        None => html! {},
    }
}

/// A row: one cell a column; the first cell is the row's head.
#[derive(Clone, Debug, Default)]
pub struct Row {
    cells: Vec<Markup>,
    opens: Option<String>,
    chosen: bool,
}

impl Row {
    /// A row of these cells. Text and numbers render as they are: `Row::new([html! { "A" }])`.
    pub fn new(cells: impl IntoIterator<Item = Markup>) -> Row {
        Row { cells: cells.into_iter().collect(), opens: None, chosen: false }
    }

    /// The whole row opens this address; `j` and `k` move among such rows, Enter opens.
    pub fn opens(mut self, href: impl Into<String>) -> Row {
        self.opens = Some(href.into());
        self
    }

    /// The row that the page beside the table shows.
    pub fn chosen(mut self, chosen: bool) -> Row {
        self.chosen = chosen;
        self
    }

    fn class(&self) -> Option<&'static str> {
        match (self.opens.is_some(), self.chosen) {
            (true, true) => Some("opens chosen"),
            (true, false) => Some("opens"),
            (false, true) => Some("chosen"),
            (false, false) => None,
        }
    }
}

/// What stands where nothing is: what belongs here and how it gets here.
#[derive(Clone, Debug)]
pub struct Empty {
    title: String,
    how: String,
    actions: Vec<Button>,
}

impl Empty {
    /// `title`: what is not there. `how`: what belongs here and how it gets here.
    pub fn new(title: impl Into<String>, how: impl Into<String>) -> Empty {
        Empty { title: title.into(), how: how.into(), actions: Vec::new() }
    }

    /// What one can do about it.
    pub fn action(mut self, button: Button) -> Empty {
        self.actions.push(button);
        self
    }
}

impl Render for Empty {
    fn render(&self) -> Markup {
        html! {
            div class="empty" {
                h2 { (self.title) }
                p { (self.how) }
                @if !self.actions.is_empty() {
                    div class="actions" { @for action in &self.actions { (action) } }
                }
            }
        }
    }
}

/// A table of records.
#[derive(Clone, Debug)]
pub struct Table {
    caption: String,
    caption_shown: bool,
    columns: Vec<Column>,
    rows: Vec<Row>,
    totals: Option<Row>,
    empty: Option<Empty>,
    pages: Option<Pages>,
}

impl Table {
    /// A table with this caption; the caption is for screen readers unless
    /// [`Table::show_caption`] is called.
    pub fn new(caption: impl Into<String>) -> Table {
        Table {
            caption: caption.into(),
            caption_shown: false,
            columns: Vec::new(),
            rows: Vec::new(),
            totals: None,
            empty: None,
            pages: None,
        }
    }

    /// Shows the caption above the head.
    pub fn show_caption(mut self) -> Table {
        self.caption_shown = true;
        self
    }

    /// Adds a column.
    pub fn column(mut self, column: Column) -> Table {
        self.columns.push(column);
        self
    }

    /// Adds a row.
    pub fn row(mut self, row: Row) -> Table {
        self.rows.push(row);
        self
    }

    /// Adds rows.
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Table {
        self.rows.extend(rows);
        self
    }

    /// The last row, of sums.
    pub fn totals(mut self, row: Row) -> Table {
        self.totals = Some(row);
        self
    }

    /// What is shown when there is no row.
    pub fn empty(mut self, empty: Empty) -> Table {
        self.empty = Some(empty);
        self
    }

    /// Links to the pages before and after.
    pub fn pages(mut self, pages: Pages) -> Table {
        self.pages = Some(pages);
        self
    }

    fn cells(&self, row: &Row) -> Markup {
        html! {
            @for (index, cell) in row.cells.iter().enumerate() {
                @let class = self.columns.get(index).and_then(Column::class);
                @if index == 0 {
                    th scope="row" class=[class] {
                        @if let Some(href) = &row.opens {
                            a class="row-link" href=(href) data-row
                                aria-current=[row.chosen.then_some("true")] { (cell) }
                        } @else { (cell) }
                    }
                } @else {
                    td class=[class] data-label=[self.columns.get(index).and_then(Column::label)] {
                        (cell)
                    }
                }
            }
        }
    }
}

impl Render for Table {
    fn render(&self) -> Markup {
        if let (true, Some(empty)) = (self.rows.is_empty(), &self.empty) {
            return empty.render();
        }
        let caption_class = (!self.caption_shown).then_some("visually-hidden");
        html! {
            div class="table-scroll" {
                table class="data" {
                    caption class=[caption_class] { (self.caption) }
                    thead { tr { @for column in &self.columns { (column.head()) } } }
                    tbody {
                        @for row in &self.rows { tr class=[row.class()] { (self.cells(row)) } }
                    }
                    @if let Some(totals) = &self.totals { tfoot { tr { (self.cells(totals)) } } }
                }
            }
            @if let Some(pages) = &self.pages { (pages) }
        }
    }
}

/// Links to the pages before and after, by opaque cursors.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// Address of the page before.
    pub previous: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
    /// What is shown: `1 to 50 of 1,204`, or `50 rows`.
    pub shown: String,
}

impl Render for Pages {
    fn render(&self) -> Markup {
        html! {
            nav class="pages" aria-label="Pages" {
                span class="quiet" { (self.shown) }
                @if self.previous.is_some() || self.next.is_some() {
                    span class="actions" {
                        @if let Some(href) = &self.previous {
                            (Button::link("Previous page", href).key("[").small())
                        }
                        @if let Some(href) = &self.next {
                            (Button::link("Next page", href).key("]").small())
                        }
                    }
                }
            }
        }
    }
}
