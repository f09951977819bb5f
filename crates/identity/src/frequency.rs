//! How common names are: agreement on a rare name says more than on a common one.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Family names that a fifth of a percent of people and more bear in the United States.
const VERY_COMMON_FAMILY: &[&str] = &[
    "smith",
    "johnson",
    "williams",
    "brown",
    "jones",
    "garcia",
    "miller",
    "davis",
    "rodriguez",
    "martinez",
    "hernandez",
    "lopez",
    "gonzalez",
    "wilson",
    "anderson",
    "thomas",
    "taylor",
    "moore",
    "jackson",
    "martin",
    "lee",
    "perez",
    "thompson",
    "white",
    "harris",
    "sanchez",
    "clark",
    "ramirez",
    "lewis",
    "robinson",
    "nguyen",
];

/// Family names that one person in a thousand or so bears.
const COMMON_FAMILY: &[&str] = &[
    "walker",
    "young",
    "allen",
    "king",
    "wright",
    "scott",
    "torres",
    "hill",
    "flores",
    "green",
    "adams",
    "nelson",
    "baker",
    "hall",
    "rivera",
    "campbell",
    "mitchell",
    "carter",
    "roberts",
    "gomez",
    "phillips",
    "evans",
    "turner",
    "diaz",
    "parker",
    "cruz",
    "edwards",
    "collins",
    "reyes",
    "stewart",
    "morris",
    "morales",
    "murphy",
    "cook",
    "rogers",
    "gutierrez",
    "ortiz",
    "morgan",
    "cooper",
    "peterson",
    "bailey",
    "reed",
    "kelly",
    "howard",
    "ramos",
    "kim",
    "cox",
    "ward",
    "richardson",
    "watson",
    "brooks",
    "chavez",
    "wood",
    "james",
    "bennett",
    "gray",
    "mendoza",
    "ruiz",
    "hughes",
    "price",
    "alvarez",
    "castillo",
    "sanders",
    "patel",
    "myers",
    "long",
    "ross",
    "foster",
    "jimenez",
];

/// Given names that more than one person in a hundred bears in some generation.
const VERY_COMMON_GIVEN: &[&str] = &[
    "james",
    "john",
    "robert",
    "michael",
    "william",
    "david",
    "richard",
    "joseph",
    "thomas",
    "charles",
    "christopher",
    "daniel",
    "matthew",
    "mary",
    "patricia",
    "jennifer",
    "linda",
    "elizabeth",
    "barbara",
    "susan",
    "jessica",
    "maria",
    "jose",
];

/// Given names that some people in a thousand bear.
const COMMON_GIVEN: &[&str] = &[
    "anthony",
    "mark",
    "donald",
    "steven",
    "paul",
    "andrew",
    "joshua",
    "kenneth",
    "kevin",
    "brian",
    "george",
    "edward",
    "ronald",
    "timothy",
    "jason",
    "jeffrey",
    "ryan",
    "jacob",
    "gary",
    "nicholas",
    "eric",
    "jonathan",
    "stephen",
    "larry",
    "justin",
    "scott",
    "brandon",
    "frank",
    "benjamin",
    "gregory",
    "samuel",
    "raymond",
    "patrick",
    "alexander",
    "jack",
    "juan",
    "sarah",
    "karen",
    "nancy",
    "lisa",
    "betty",
    "margaret",
    "sandra",
    "ashley",
    "dorothy",
    "kimberly",
    "emily",
    "donna",
    "michelle",
    "carol",
    "amanda",
    "melissa",
    "deborah",
    "stephanie",
    "rebecca",
    "laura",
    "sharon",
    "cynthia",
    "kathleen",
    "helen",
    "amy",
    "shirley",
    "angela",
    "anna",
    "brenda",
    "pamela",
    "nicole",
    "ruth",
    "katherine",
    "samantha",
    "christine",
    "emma",
    "catherine",
    "debra",
    "virginia",
    "rachel",
    "carolyn",
    "janet",
    "olivia",
    "sophia",
    "luis",
    "carlos",
    "liam",
    "noah",
];

/// Whether some people in a thousand bear this normalised given name.
pub(crate) fn is_common_given(name: &str) -> bool {
    VERY_COMMON_GIVEN.contains(&name) || COMMON_GIVEN.contains(&name)
}

/// The share of people who bear a name, by name; what is not counted falls into classes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NameFrequencies {
    family: BTreeMap<String, f64>,
    given: BTreeMap<String, f64>,
}

impl NameFrequencies {
    /// Frequencies counted at a site: normalised name and number of people, of `total` people.
    /// Counts are smoothed toward the classes, so that a small site does not call a name rare
    /// because it has met it once.
    pub fn counted<'a>(
        family: impl IntoIterator<Item = (&'a str, u64)>,
        given: impl IntoIterator<Item = (&'a str, u64)>,
        total: u64,
    ) -> NameFrequencies {
        /// How many people the classes count for.
        const SMOOTHING_PEOPLE: f64 = 2_000.0;
        let classes = NameFrequencies::default();
        let share = |count: u64, class: f64| {
            (count as f64 + class * SMOOTHING_PEOPLE) / (total as f64 + SMOOTHING_PEOPLE)
        };
        let named = |name: &str, count, class| (name.to_owned(), share(count, class));
        let family = family.into_iter();
        let given = given.into_iter();
        NameFrequencies {
            family: family.map(|(name, n)| named(name, n, classes.of_family(name))).collect(),
            given: given.map(|(name, n)| named(name, n, classes.of_given(name))).collect(),
        }
    }

    /// The share of people with this normalised family name, 0 to 1.
    pub fn of_family(&self, name: &str) -> f64 {
        match self.family.get(name) {
            Some(share) => *share,
            None if VERY_COMMON_FAMILY.contains(&name) => 0.005,
            None if COMMON_FAMILY.contains(&name) => 0.0015,
            None => 0.0003,
        }
    }

    /// The share of people with this normalised given name, 0 to 1.
    pub fn of_given(&self, name: &str) -> f64 {
        match self.given.get(name) {
            Some(share) => *share,
            None if VERY_COMMON_GIVEN.contains(&name) => 0.02,
            None if COMMON_GIVEN.contains(&name) => 0.006,
            None => 0.0015,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rarer_names_have_smaller_shares() {
        let classes = NameFrequencies::default();
        assert!(classes.of_family("smith") > classes.of_family("ortiz"));
        assert!(classes.of_family("ortiz") > classes.of_family("featherstonehaugh"));
        assert!(classes.of_given("mary") > classes.of_given("zebulon"));
    }

    #[test]
    fn counts_move_the_classes_and_stay_smooth() {
        let counted = NameFrequencies::counted([("zaleski", 500), ("smith", 0)], [], 10_000);
        assert!(counted.of_family("zaleski") > 0.04);
        let smith = counted.of_family("smith");
        assert!(smith > 0.0005 && smith < 0.005);
    }
}
