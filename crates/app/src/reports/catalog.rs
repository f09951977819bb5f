//! The reports: which measures each shows, which tables and which plots.

use report::measures::by_name;
use report::plot::Series;
use report::{Figure, Input, Plot, Table, tables};

/// Days of a period up to which it is shown day by day.
const BY_DAY_MAX: i64 = 62;

/// A report of the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// Who was in house, and how full it was.
    Census,
    /// Who left, after how long.
    Discharges,
    /// Who died.
    Deaths,
    /// Who came back.
    Readmissions,
    /// Deliveries.
    Deliveries,
    /// Charts past their time.
    Delinquency,
    /// What is not final billed.
    Unbilled,
    /// How heavy the cases were.
    CaseMix,
    /// How long releases took.
    Release,
    /// Who opened records.
    Accesses,
    /// Records that may be one person's.
    Duplicates,
}

/// What a report must be loaded with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Needs {
    pub stays: bool,
    /// Stays of thirty days after the period.
    pub after: bool,
    /// Stays of twelve months before the end of the period.
    pub year: bool,
    /// Diagnoses and procedures of stays.
    pub codes: bool,
    pub weights: bool,
    pub deficiencies: bool,
    pub accounts: bool,
    pub requests: bool,
    pub accesses: bool,
    pub identity: bool,
}

const STAYS: Needs = Needs {
    stays: true,
    after: false,
    year: false,
    codes: false,
    weights: false,
    deficiencies: false,
    accounts: false,
    requests: false,
    accesses: false,
    identity: false,
};
const NOTHING: Needs = Needs { stays: false, ..STAYS };

impl Report {
    /// Every report, in the order of the desk.
    pub const ALL: &'static [Report] = &[
        Report::Census,
        Report::Discharges,
        Report::Deaths,
        Report::Readmissions,
        Report::Deliveries,
        Report::Delinquency,
        Report::Unbilled,
        Report::CaseMix,
        Report::Release,
        Report::Accesses,
        Report::Duplicates,
    ];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Report::Census => "census",
            Report::Discharges => "discharges",
            Report::Deaths => "deaths",
            Report::Readmissions => "readmissions",
            Report::Deliveries => "deliveries",
            Report::Delinquency => "delinquency",
            Report::Unbilled => "unbilled",
            Report::CaseMix => "case-mix",
            Report::Release => "release",
            Report::Accesses => "accesses",
            Report::Duplicates => "duplicates",
        }
    }

    /// Reads the word of an address.
    pub fn parse(word: &str) -> Option<Report> {
        Report::ALL.iter().copied().find(|report| report.as_str() == word)
    }

    /// The report that shows a figure.
    pub fn of_figure(name: &str) -> Option<Report> {
        let measure = by_name(name)?.name;
        Report::ALL.iter().copied().find(|report| report.measures().contains(&measure))
    }

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Report::Census => "Census and occupancy",
            Report::Discharges => "Discharges and length of stay",
            Report::Deaths => "Deaths",
            Report::Readmissions => "Readmissions",
            Report::Deliveries => "Deliveries",
            Report::Delinquency => "Delinquent records",
            Report::Unbilled => "Discharged, not final billed",
            Report::CaseMix => "Case mix",
            Report::Release => "Release turnaround",
            Report::Accesses => "Accesses to records",
            Report::Duplicates => "Duplicate records",
        }
    }

    /// What it says, in a line.
    pub fn lede(self) -> &'static str {
        match self {
            Report::Census => {
                "Inpatients at midnight and those admitted and discharged on one day; newborns \
                 and observation apart"
            }
            Report::Discharges => "Inpatients who left, by service, and how long they had stayed",
            Report::Deaths => "Inpatient deaths against discharges, gross and net",
            Report::Readmissions => "Index discharges and who came back within 30 days",
            Report::Deliveries => "Deliveries, caesareans and fetal deaths, as coded",
            Report::Delinquency => "Charts past their time, against a month's discharges",
            Report::Unbilled => "Encounters that ended and have no final codes: days and dollars",
            Report::CaseMix => "Relative weights of the stays that are final coded",
            Report::Release => "From a request's receipt to its delivery",
            Report::Accesses => "How often records were opened, by people and by programs",
            Report::Duplicates => "Records that may be one person's, and registrations that were",
        }
    }

    /// Its measures.
    pub fn measures(self) -> &'static [&'static str] {
        match self {
            Report::Census => &[
                "daily_census",
                "service_days",
                "average_daily_census",
                "occupancy",
                "bed_turnover",
            ],
            Report::Discharges => &["discharges", "average_stay"],
            Report::Deaths => &[
                "gross_death",
                "net_death",
                "newborn_death",
                "maternal_death",
                "postoperative_death",
            ],
            Report::Readmissions => &["readmission"],
            Report::Deliveries => &["caesarean", "fetal_death"],
            Report::Delinquency => &["delinquency"],
            Report::Unbilled => &["unbilled_days"],
            Report::CaseMix => &["case_mix_index"],
            Report::Release => &["release_turnaround"],
            Report::Accesses => &["accesses"],
            Report::Duplicates => &["duplicates"],
        }
    }

    /// What isn't in the numbers, or what they rest on, where a reader would think otherwise.
    pub fn note(self) -> Option<&'static str> {
        match self {
            Report::Deaths => Some(
                "A death in a stay with a diagnosis of O00 to O92 counts as direct obstetric, and \
                 operations are those that the MS-DRG logic calls operating room procedures: open \
                 the rows before you report them.",
            ),
            Report::Deliveries => Some(
                "Deliveries are encounters with an outcome of delivery (Z37) coded in the chart; \
                 weeks of gestation come from Z3A.",
            ),
            Report::Delinquency => Some(
                "A chart is delinquent when something it lacks is past its due date by the days \
                 that the rules of notice give. 50 % is still taught as a limit; the Joint \
                 Commission withdrew it in 2016.",
            ),
            Report::Unbilled => Some(
                "Dollars are charge items of the encounter, or its claim where it has none. \
                 Revenue is what was charged for encounters that ended in the twelve months to \
                 the end of the period.",
            ),
            Report::CaseMix => Some(
                "Weights come from the final codes of the coding desk; a stay without final codes \
                 counts on neither side.",
            ),
            Report::Duplicates => Some(
                "Possible duplicates are those that are open today; nothing keeps how many were \
                 open at the end of an earlier period.",
            ),
            Report::Census
            | Report::Discharges
            | Report::Readmissions
            | Report::Release
            | Report::Accesses => None,
        }
    }

    /// Whether a unit can be asked for: where it can't, the number is of the whole facility.
    pub fn is_by_unit(self) -> bool {
        match self {
            Report::Census | Report::Discharges | Report::Deaths | Report::Readmissions => true,
            Report::CaseMix => true,
            Report::Deliveries
            | Report::Delinquency
            | Report::Unbilled
            | Report::Release
            | Report::Accesses
            | Report::Duplicates => false,
        }
    }

    /// Whether a facility can be asked for.
    pub fn is_by_facility(self) -> bool {
        !matches!(self, Report::Unbilled | Report::Release | Report::Accesses | Report::Duplicates)
    }

    pub(super) fn needs(self) -> Needs {
        match self {
            Report::Census | Report::Discharges => STAYS,
            Report::Deaths => Needs { codes: true, ..STAYS },
            Report::Deliveries => Needs { codes: true, ..STAYS },
            Report::Readmissions => Needs { after: true, ..STAYS },
            Report::CaseMix => Needs { weights: true, ..STAYS },
            Report::Delinquency => Needs { year: true, deficiencies: true, ..STAYS },
            Report::Unbilled => Needs { accounts: true, ..NOTHING },
            Report::Release => Needs { requests: true, ..NOTHING },
            Report::Accesses => Needs { accesses: true, ..NOTHING },
            Report::Duplicates => Needs { identity: true, ..NOTHING },
        }
    }

    pub(super) fn figures(self, input: &Input<'_>) -> Vec<Figure> {
        let measures = self.measures().iter().filter_map(|name| by_name(name));
        measures.flat_map(|measure| measure.figures(input)).collect()
    }

    /// Its tables, the longest last.
    pub(super) fn tables(self, input: &Input<'_>) -> Vec<Table> {
        let is_long = input.period.length_days() > BY_DAY_MAX;
        let by_month = |names: &[&str]| {
            is_long.then(|| tables::by_month(input, &format!("{}, by month", self.title()), names))
        };
        let mut all = Vec::new();
        match self {
            Report::Census => {
                all.extend(by_month(&["service_days", "average_daily_census", "occupancy"]));
                all.push(tables::occupancy_by_unit(input));
                all.push(tables::census_by_day(input));
            }
            Report::Discharges => {
                all.extend(by_month(&["discharges", "discharges.newborns", "average_stay"]));
                all.push(tables::discharges_by_service(input));
            }
            Report::Deaths => {
                all.extend(by_month(&["gross_death", "net_death"]));
                all.push(tables::discharges_by_service(input));
            }
            Report::Readmissions => {
                all.extend(by_month(&["readmission", "readmission.planned"]));
                all.push(tables::readmissions_by_service(input));
            }
            Report::Deliveries => all.extend(by_month(&["caesarean", "fetal_death"])),
            Report::Delinquency => all.push(tables::delinquent_by_age(input)),
            Report::Unbilled => all.push(tables::unbilled_by_reason(input)),
            Report::CaseMix => all.extend(by_month(&["case_mix_index"])),
            Report::Release => all.extend(by_month(&["release_turnaround"])),
            Report::Accesses => {
                all.extend(by_month(&["accesses", "accesses.emergency"]));
                all.push(tables::accesses_by_day(input));
            }
            Report::Duplicates => all.extend(by_month(&["duplicates.created"])),
        }
        all
    }

    /// Its plots, drawn from its tables.
    pub(super) fn plots(self, tables: &[Table]) -> Vec<Plot> {
        let named = |end: &str| tables.iter().find(|table| table.title.ends_with(end));
        let lines = |title: &str, axis: &str, unit: &str, table: &Table, columns: &[usize]| {
            Plot::lines(title, axis).unit(unit).decimals(1).from_table(table, columns)
        };
        let by_month = named(", by month");
        match (self, by_month) {
            (Report::Census, None) => {
                let census = named("Daily census").map(|table| {
                    Plot::lines("Daily census", "Day")
                        .unit("patients")
                        .from_table(table, &[1, 2, 3])
                });
                census.into_iter().collect()
            }
            (Report::Census, Some(table)) => vec![
                lines("Average daily census", "Month", "patients", table, &[2]),
                lines("Occupancy", "Month", "%", table, &[3]),
            ],
            (Report::Discharges, None) => named("by service").map(by_service).into_iter().collect(),
            (Report::Discharges, Some(table)) => vec![
                Plot::bars("Discharges", "Month").from_table(table, &[1, 2]),
                lines("Average stay", "Month", "days", table, &[3]),
            ],
            (Report::Deaths, Some(table)) => {
                vec![lines("Death rates", "Month", "%", table, &[1, 2])]
            }
            (Report::Readmissions, Some(table)) => {
                vec![lines("Readmission rates", "Month", "%", table, &[1, 2])]
            }
            (Report::Accesses, None) => named("by day")
                .map(|table| Plot::bars("Accesses", "Day").from_table(table, &[1]))
                .into_iter()
                .collect(),
            (Report::Accesses, Some(table)) => {
                vec![Plot::bars("Accesses", "Month").from_table(table, &[1])]
            }
            (Report::Delinquency, _) => named("by days")
                .map(|table| {
                    Plot::bars("Delinquent records", "Delinquent for").from_table(table, &[1])
                })
                .into_iter()
                .collect(),
            (Report::Unbilled, _) => named("not final billed")
                .map(|table| {
                    let title = "Dollars not final billed, by reason";
                    Plot::bars(title, "Reason").unit("USD").decimals(2).from_table(table, &[2])
                })
                .into_iter()
                .collect(),
            (
                Report::Deliveries | Report::CaseMix | Report::Release | Report::Duplicates,
                Some(t),
            ) => {
                vec![lines(self.title(), "Month", "", t, &[1])]
            }
            (
                Report::Deaths
                | Report::Readmissions
                | Report::Deliveries
                | Report::CaseMix
                | Report::Release
                | Report::Duplicates,
                None,
            ) => Vec::new(),
        }
    }
}

/// Discharges of each service as bars; the last row of the table is their sum.
fn by_service(table: &Table) -> Plot {
    let rows = &table.rows[..table.rows.len().saturating_sub(1)];
    let counts = rows.iter().map(|row| row.get(1)?.parse().ok());
    let places = rows.iter().filter_map(|row| row.first().cloned());
    Plot::bars("Discharges by service", "Service")
        .places(places)
        .series(Series::new("Discharges", counts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_report_has_its_word_and_its_measures() {
        let words: BTreeSet<&str> = Report::ALL.iter().map(|report| report.as_str()).collect();
        assert_eq!(words.len(), Report::ALL.len());
        for report in Report::ALL {
            assert_eq!(Report::parse(report.as_str()), Some(*report));
            for name in report.measures() {
                assert!(by_name(name).is_some(), "{name}");
                assert_eq!(Report::of_figure(name), Some(*report), "{name}");
            }
        }
    }
}
