//! Pages of invented content that show every component. The tests read the same pages.

use jiff::civil::date;
use maud::{Markup, Render, html};
use record::{BirthDate, LabelMask, Mrn, PersonName, Role, SensitiveClass};
use report::Plot;
use report::plot::Series;
use web::ui::*;

/// The name and the markup of every page.
pub fn all(theme: Theme) -> Vec<(&'static str, Markup)> {
    let base = shell(theme);
    vec![
        ("work", page(&base.clone().titled("My work").at(Desk::Work), work())),
        ("chart", page(&chart_shell(&base), chart())),
        ("entry", page(&chart_shell(&base).titled("New entry"), entry())),
        ("document", page(&chart_shell(&base).titled("Redact a letter"), document())),
        ("parts", page(&parts_shell(&base), parts())),
        ("sign-in", page(&signed_out(theme), sign_in())),
    ]
}

fn shell(theme: Theme) -> Shell {
    let roles = Role::ALL;
    let counts = [Some(14), None, Some(3), Some(8), Some(5), Some(2), Some(31)];
    let counts = counts.into_iter().chain(std::iter::repeat(None));
    Shell {
        person: Some(Person {
            name: "Noor Hadley".to_owned(),
            roles: "Technician, supervisor · RHIT".to_owned(),
        }),
        desks: Desk::for_roles(roles).into_iter().zip(counts).collect(),
        demonstration: true,
        theme,
        csrf: "token".to_owned(),
        idle_seconds: Some(900),
        ..Shell::default()
    }
}

fn signed_out(theme: Theme) -> Shell {
    Shell { title: "Sign in".to_owned(), demonstration: true, theme, ..Shell::default() }
}

fn banner() -> Banner {
    Banner {
        name: PersonName::new("Okonkwo-Lindqvist, Marisol"),
        birth_date: BirthDate::new("1957-03-04"),
        age: age("1957-03-04", date(2026, 3, 10)),
        sex: "Female".to_owned(),
        mrn: Mrn::new("0047-11-93"),
        href: "/chart".to_owned(),
        opaque_id: "p-1".to_owned(),
        photo_href: None,
        labels: [SensitiveClass::Vip, SensitiveClass::MentalHealth].into_iter().collect(),
        holds: vec!["Legal hold".to_owned()],
        alerts: vec!["Possible duplicate".to_owned()],
    }
}

fn chart_shell(base: &Shell) -> Shell {
    base.clone().titled("Chart").at(Desk::Find).with_banner(banner())
}

fn parts_shell(base: &Shell) -> Shell {
    let flash = Flash::new(Tone::Ok, "Scan indexed to the discharge summary of 4 Mar 2026.")
        .undone_by("/undo", [("id", "7")]);
    let other = Banner {
        name: PersonName::new("Abara, Tomas"),
        birth_date: BirthDate::new("2024-11"),
        sex: "Male".to_owned(),
        mrn: Mrn::new("0051-20-08"),
        opaque_id: "p-2".to_owned(),
        labels: LabelMask::NONE,
        ..Banner::default()
    };
    base.clone().titled("Parts").at(Desk::Reports).with_banner(other).with_flash(Some(flash))
}

fn work() -> Markup {
    let rows = (0..24).map(|index| {
        let (family, given) = [("Abara", "Tomas"), ("Quill", "Ines"), ("Varga", "Pál")][index % 3];
        let name = PersonName::new(format!("{family}, {given}"));
        let kinds = ["Index a scan", "Missing signature", "Release request", "Code encounter"];
        let states = [
            Badge::new(Tone::Neutral, "New"),
            Badge::new(Tone::Info, "In progress"),
            Badge::new(Tone::Warn, "On hold"),
            Badge::new(Tone::Stop, "Returned"),
            Badge::new(Tone::Ok, "Ready"),
        ];
        let due_on = date(2026, 3, 6).saturating_add(jiff::ToSpan::days(index as i64));
        Row::new([
            html! { (kinds[index % 4]) },
            patient_name(&name, &format!("p-{}", index % 3)),
            html! { "0051-20-" (format!("{:02}", index % 3)) },
            html! { (states[index % 5]) },
            due(due_on, date(2026, 3, 10)),
            html! { (index * 37 % 90 + 1) },
            html! { "Due soonest; statutory clock" },
        ])
        .opens(format!("/work/{index}"))
    });
    let table = Table::new("Work assigned to you, most urgent first")
        .column(Column::text("Task").sorts("?sort=task", None))
        .column(Column::text("Patient"))
        .column(Column::text("MRN").fit())
        .column(Column::text("State"))
        .column(Column::text("Due").sorts("?sort=-due", Some(Sorted::Ascending)).fit())
        .column(Column::number("Pages").unit("p"))
        .column(Column::text("Why it stands here"))
        .rows(rows)
        .pages(Pages {
            previous: None,
            next: Some("?after=b3BhcXVl".to_owned()),
            shown: "1 to 24 of 118".to_owned(),
        });
    html! {
        (Heading::new("My work")
            .lede(html! { "118 items · 3 overdue · most urgent first" })
            .action(Button::submit("Take the next").of_form("take").main().key("n")))
        form id="take" method="post" action="/work/take" {}
        (tabs("Queues", [
            Tab::new("Mine", "/work").current(true).count(14).key("1"),
            Tab::new("My desk", "/work?of=desk").count(118).key("2"),
            Tab::new("Waiting for others", "/work?of=waiting").count(6).key("3"),
        ]))
        (Form::filters("/work").label("Filters").content(html! {
            (Field::select("task", "Task",
                [Choice::new("", "All"), Choice::new("index", "Index a scan")]))
            (Field::select("state", "State",
                [Choice::new("", "All"), Choice::new("hold", "On hold")]))
            (Button::submit("Filter").key("Shift+F"))
        }))
        (table)
    }
}

fn chart() -> Markup {
    let facts = Facts::new()
        .fact("Class", "Inpatient")
        .fact("Admitted", date_text("2026-02-27T18:40:00Z"))
        .fact("Discharged", date_text("2026-03-04"))
        .fact("Attending", "Dr. Ilse Marwood")
        .fact("Unit", "4 West, bed 12")
        .fact_if("Disposition", None::<String>);
    let events = [
        Event::new(Tone::Ok, "Discharge summary authenticated", "4 Mar 2026 16:10 EST")
            .detail(html! { "Dr. Ilse Marwood · dictated by the same" }),
        Event::new(Tone::Info, "Coding in progress", "5 Mar 2026 09:02 EST"),
        Event::new(Tone::Warn, "Operative report missing", "5 Mar 2026 10:15 EST").detail(why(
            "Why is this here?",
            "An operative report belongs to every procedure performed in an operating room.",
            Some("42 CFR 482.51(b)(6)"),
        )),
    ];
    let compared = Comparison::new("Two records", [html! { "This record" }, html! { "Other" }])
        .field("Name", ["Okonkwo-Lindqvist, Marisol", "Okonkwo Lindqvist, Marisol"])
        .field("Birth date", ["4 Mar 1957", "4 Mar 1957"])
        .field("Phone", ["(555) 010-4477", "(555) 010-4471"]);
    html! {
        (Heading::new("Inpatient stay, 27 Feb to 4 Mar 2026")
            .under("Chart", "/chart")
            .lede(html! { (Badge::new(Tone::Warn, "Incomplete")) " 1 deficiency · 27 days left" })
            .action(Button::link("New entry", "/entry").main().key("e"))
            .action(Button::link("Correct", "/entry").key("c"))
            .action(Button::open("Compare", "compare-dialog").key("m"))
            .action(Button::submit("Release").refused("The chart is on legal hold")))
        (tabs("Chart", [
            Tab::new("Stay", "/chart").current(true).key("1"),
            Tab::new("Documents", "/document").count(12).key("2"),
            Tab::new("Entries", "/entry").count(48).key("3"),
            Tab::new("History", "/chart").key("4"),
        ]))
        div class="split" {
            div class="stack" {
                (Card::new("Stay", facts).action(Button::link("Edit", "/entry").small()))
                (Card::new("Possible duplicate", compared).beside(Badge::new(Tone::Warn, "Review")))
                (Card::new("What the correction changed", diff(
                    "Patient reports pain in the left knee since March.\nNo fever.",
                    "Patient reports pain in the right knee since early March.\nNo fever.")))
            }
            (Card::new("Timeline", timeline(events)))
        }
        (Dialog::new("compare-dialog", "Compare", html! { p { "Two records." } }).wide())
    }
}

fn entry() -> Markup {
    let errors = [
        FieldError::new(
            "onset",
            "2026-02-30",
            "There is no 30 February 2026",
            "A day as 2026-02-28, a month as 2026-02, or a year.",
        ),
        FieldError::new(
            "temperature",
            "372",
            "A body temperature of 372 °C can't be",
            "Between 25.0 and 45.0 °C.",
        ),
    ];
    let statuses = [
        Choice::new("active", "Active"),
        Choice::new("resolved", "Resolved").hint("Needs the date on which it ended"),
    ];
    let content = html! {
        div class="fields" {
            (Combobox::new("code", "Diagnosis", "/search")
                .hint("Words or an ICD-10-CM code").autofocus().required()
                .value("E11.9", "Type 2 diabetes mellitus without complications"))
            div class="fields-two" {
                (Field::date("onset", "Began").value("2026-02-30").errors(&errors).validates_at("/validate"))
                (Field::number("temperature", "Temperature").unit("°C").value("372")
                    .errors(&errors))
            }
            (Field::radios("status", "State", statuses).value("active"))
            (Field::select("source", "Source document", [
                Choice::new("", "Choose one"), Choice::new("d1", "Discharge summary, 4 Mar 2026")]))
            (Field::check("late", "Late entry: written after the event"))
            (Field::note("text", "Note").value("Seen in the afternoon.").hint("Saved as you type"))
            (Field::file("scan", "Scan").accept("image/*,.pdf").optional())
        }
        (actions([
            Button::submit("Save and take the next").main().key("Ctrl+Enter"),
            Button::submit("Save").named("then", "stay").key("Shift+S"),
            Button::link("Leave", "/chart").plain(),
        ]))
    };
    html! {
        (Heading::new("New diagnosis").under("Chart", "/chart"))
        (error_summary(&errors))
        (Form::post("/entry").csrf("token").label("Diagnosis")
            .draft("/drafts/1", Some("14:03".to_owned())).content(content))
    }
}

fn document() -> Markup {
    let region = |id: &str, y, mark, reason: &str| Region {
        id: id.to_owned(),
        x: 120,
        y,
        width: 330,
        height: 34,
        mark,
        reason: reason.to_owned(),
    };
    let reasons = || {
        [
            Choice::new("name", "Name of another person"),
            Choice::new("sud", "Substance use (42 CFR Part 2)"),
        ]
    };
    let boxes = Table::new("Boxes on this page")
        .column(Column::text("Box"))
        .column(Column::text("State"))
        .column(Column::actions())
        .row(Row::new([
            html! { a href="#r1" data-points="r1" { "Name of another person" } },
            html! { (Badge::new(Tone::Ok, "Confirmed")) },
            html! { (Button::submit("Remove").small().about("box 1").stop()) },
        ]))
        .row(Row::new([
            html! { a href="#r2" data-points="r2" { "Substance use" } },
            html! { (Badge::new(Tone::Warn, "Proposed")) },
            html! { (Button::submit("Confirm").small().about("box 2")) },
        ]));
    let text = "Seen with her sister, Ana Lindqvist, on 4 March.\nDrinks two glasses a day.";
    let spans = [Span {
        id: "s1".to_owned(),
        start: 22,
        end: 35,
        mark: Mark::Proposed,
        reason: "Name of another person".to_owned(),
    }];
    html! {
        (Heading::new("Letter of 4 March 2026").under("Chart", "/chart"))
        div class="split" {
            (Viewer::new("Letter", 2, 3, "/document?page=")
                .image("/page.svg", 850, 1100)
                .regions([
                    region("r1", 212, Mark::Confirmed, "Name of another person"),
                    region("r2", 430, Mark::Proposed, "Substance use"),
                ])
                .redacts("/document", "token", reasons()))
            div class="stack" {
                (Card::new("Boxes", boxes))
                (Card::new("Note", html! {
                    div class="stack" {
                        (marked_note(text, &spans))
                        (span_form("/document", "token", reasons(), &[("note", "1")]))
                    }
                }))
            }
        }
    }
}

fn parts() -> Markup {
    let nothing = Table::new("Unindexed documents").column(Column::text("Document")).empty(
        Empty::new(
            "No scan waits",
            "Scans arrive here from import and from the scanner's folder, \
             until somebody says whose they are and of what kind.",
        )
        .action(Button::link("Add a scan", "/documents/new").key("a")),
    );
    let sums = Table::new("Discharges by month")
        .show_caption()
        .column(Column::text("Month"))
        .column(Column::number("Discharges"))
        .column(Column::number("Average stay").unit("days"))
        .row(Row::new([html! { "January 2026" }, html! { "1,204" }, html! { "4.31" }]))
        .row(Row::new([html! { "February 2026" }, html! { "987" }, html! { "4.08" }]))
        .totals(Row::new([html! { "Together" }, html! { "2,191" }, html! { "4.21" }]));
    html! {
        (Heading::new("Parts").lede(html! { "What pages are made of" })
            .action(Button::submit("Destroy").stop())
            .action(Button::link("Plain", "/").plain()))
        (tiles([
            Tile::new("Delinquency", "6.1").unit("%").opens("/reports/rows")
                .formula("61 delinquent records / 1,004 average monthly discharges")
                .source("Threshold set by the medical staff"),
            Tile::new("Open requests", "42").opens("/release")
                .note(Badge::new(Tone::Warn, "3 due today")),
            Tile::new("Case-mix index", "1.6184").formula("3,545.92 / 2,191"),
            Tile::new("Occupancy", "83.4").unit("%"),
        ]))
        div class="columns" {
            (Card::new("Bars", plot(&Plot::bars("Discharges", "Month")
                .places(["Oct", "Nov", "Dec", "Jan", "Feb"])
                .series(Series::new("Inpatient", [1104.0, 1180.0, 990.0, 1204.0, 987.0].map(Some)))
                .series(Series::new("Observation", [204.0, 180.0, 260.0, 241.0, 98.0].map(Some))))))
            (Card::new("Lines", plot(&Plot::lines("Delinquent charts", "Week")
                .unit("%").decimals(1)
                .places((1..=12).map(|week| week.to_string()))
                .series(Series::new("Surgery", (1..=12).map(|week| (week != 6)
                    .then(|| 4.0 + f64::from(week * 7 % 5)))))
                .series(Series::new("Medicine", (1..=12).map(|week|
                    Some(2.0 + f64::from(week * 3 % 4)))))
                .threshold("Limit", 7.5))))
        }
        (progress("import-progress", "Importing", 1204, 5000))
        div class="columns" {
            (Card::new("Waiting", skeleton("Loading the rows", 5)))
            div class="stack-tight" {
                (notice(Tone::Info, "The code set of fiscal year 2026 is in use."))
                (notice(Tone::Ok, "All blocks of the audit trail are sealed."))
                (notice(Tone::Warn, html! { strong { "Two" } " pages are withheld." }))
                (notice(Tone::Stop, "Fiscal year 2027 is not loaded."))
                (notice(Tone::Neutral, "Kept until 2033."))
            }
        }
        (nothing)
        (sums)
        div class="row" {
            (Badge::new(Tone::Neutral, "New")) (Badge::new(Tone::Info, "In progress"))
            (Badge::new(Tone::Ok, "Ready")) (Badge::new(Tone::Warn, "On hold"))
            (Badge::new(Tone::Stop, "Denied"))
        }
    }
}

fn sign_in() -> Markup {
    html! {
        (Heading::new("Sign in"))
        (Form::post("/sign-in").content(html! {
            div class="fields" {
                (Field::text("name", "User name").autocomplete("username").autofocus())
                (Field::password("password", "Password").autocomplete("current-password"))
            }
            (actions([Button::submit("Sign in").main().key("Ctrl+Enter")]))
        }).render())
    }
}
