//! Two sites that differ only in a hidden patient, or in a hidden encounter of an open chart, show
//! one who may not see it the same pages, byte for byte. What a site draws at random is compared
//! by its length and its place.

use super::{Case, TABLES, fill};
use crate::app::TestApp;
use std::collections::HashMap;

/// Pages that tell of everybody on purpose: why, by the beginning of the route, or by all of it
/// where it ends with a dollar sign.
const OF_EVERYBODY: &[(&str, &str)] = &[
    ("GET /account/second-factor", "a secret is drawn anew for every look at it"),
    ("GET /audit", "the trail holds what was done with every chart, by ids"),
    ("GET /coding$", TOTALS),
    ("GET /coding/outpatient$", TOTALS),
    ("GET /completion$", TOTALS),
    ("GET /completion/list/{part}$", TOTALS),
    ("GET /release$", TOTALS),
    ("GET /release/list/{part}$", TOTALS),
    ("GET /identity", "the decision on a duplicate needs who the other is"),
    ("GET /integrity", "checks and verification count every row; what is withheld is stated"),
    ("GET /work/team$", TOTALS),
    ("GET /reports", "totals count everybody; opening their rows states how many are withheld"),
];

/// What is counted whole of a provider's own deficiencies; how many are withheld is told.
const OF_PROVIDER: &[&str] = &["GET /completion/mine", "GET /completion/provider/{provider}"];

/// Nobody proposes or decides on the destruction of what they may not see: a chart that holds any
/// of it is withheld whole, and the list states how many are.
const OF_RETENTION: &[&str] =
    &["GET /retention/list/{part}", "GET /retention/{case}", "GET /retention/{case}/certificate"];

const TOTALS: &str = "what waits at the desk is counted whole; its list leaves out what is hidden";

/// Searches by words of the hidden chart, beside the pages of the tables.
const SEARCHES: &[(&str, &str)] =
    &[("/find", "q=roe"), ("/find", "q=100003"), ("/find", "q=4+mar+1957+jane")];

/// A word so long is drawn at random: an id of a document, a token, a seal.
const RANDOM_LETTERS_MIN: usize = 20;

#[tokio::test]
async fn a_hidden_patient_changes_no_byte_of_a_page() {
    let (without, with) = (TestApp::new(), TestApp::new());
    [&without, &with].into_iter().for_each(destructions);
    with.add_veiled();
    compare(&without, &with, &[]).await;
}

#[tokio::test]
async fn a_hidden_encounter_of_an_open_chart_changes_no_byte_of_a_page() {
    let (without, with) = (TestApp::new(), TestApp::new());
    [&without, &with].into_iter().for_each(destructions);
    with.add_veiled_encounter();
    compare(&without, &with, &[OF_PROVIDER, OF_RETENTION].concat()).await;
}

/// Destructions of the open chart, made while both sites are the same: numbers are given in order.
fn destructions(app: &TestApp) {
    crate::retention::case(app, app.own.patient, "case");
}

/// Every page of the tables, for every role that may open it, and searches.
async fn compare(without: &TestApp, with: &TestApp, but: &[&str]) {
    let mut differ = Vec::new();
    let mut compared = 0;
    let cases = TABLES.iter().flat_map(|table| table.iter());
    for case in cases.filter(|case| is_compared(case) && !but.contains(&case.route)) {
        for role in case.allowed {
            let (one, other) = (
                without.get(Some(*role), &fill(case.at, without)).await,
                with.get(Some(*role), &fill(case.at, with)).await,
            );
            compared += 1;
            let same = one.status == other.status && plainly(&one.text) == plainly(&other.text);
            if !same {
                let (one, other) = (plainly(&one.text), plainly(&other.text));
                differ.push(format!("{} as {role}: {}", case.route, difference(&one, &other)));
            }
        }
    }
    for (path, fields) in SEARCHES {
        for role in super::FINDERS {
            let one = without.post(Some(*role), path, fields).await;
            let other = with.post(Some(*role), path, fields).await;
            compared += 1;
            if one.status != other.status || plainly(&one.text) != plainly(&other.text) {
                differ.push(format!("{path} for {fields} as {role}"));
            }
        }
    }
    assert_eq!(differ, Vec::<String>::new());
    assert!(compared > 100, "only {compared} pages were compared");
}

/// The first place where two texts part, with a little around it.
fn difference(one: &str, other: &str) -> String {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let around =
        |text: &str| text.chars().skip(same.saturating_sub(90)).take(180).collect::<String>();
    format!("{:?} and {:?}", around(one), around(other))
}

fn is_compared(case: &Case) -> bool {
    let of_everybody = OF_EVERYBODY.iter().any(|(route, _)| match route.strip_suffix('$') {
        Some(whole) => case.route == whole,
        None => case.route.starts_with(route),
    });
    // The newest entry of the trail is another one in each site.
    case.route.starts_with("GET ") && !of_everybody && !case.at.contains("{audit}")
}

/// The text with what was drawn at random as numbers in the order of appearance.
fn plainly(text: &str) -> String {
    let mut names: HashMap<&str, usize> = HashMap::new();
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let end = rest[start..].find(|letter| !is_part(letter)).map_or(rest.len(), |n| start + n);
        plain.push_str(&rest[..start]);
        let word = &rest[start..end];
        let is_random = word.len() >= RANDOM_LETTERS_MIN;
        if is_random {
            let next = names.len();
            let number = *names.entry(word).or_insert(next);
            plain.push_str(&format!("<{number} of {}>", word.len()));
        } else {
            plain.push_str(word);
        }
        rest = &rest[end..];
    }
    plain.push_str(rest);
    plain
}
