//! Overlays: two people in one record, the worst of identity's errors.
//!
//! They begin when somebody registers a person over another's record. The sign is a change of
//! several identifying facts at once: one correction mends one fact, an overlay replaces a person.

use crate::compare::Prepared;
use crate::levels::levels;
use crate::model::{Field, Level, Model};
use crate::person::Person;
use serde::{Deserialize, Serialize};

/// So many identifying facts must change together to look like another person.
const CHANGED_FACTS_MIN: usize = 2;

/// What a change of a patient's identifying facts looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverlayWarning {
    /// The facts that changed beyond a correction.
    pub changed: Vec<Field>,
    /// What to do, for the page that asks before saving.
    pub sentence: String,
}

/// Whether a change from one description to another looks like another person: at least two of
/// given name, birth date, sex and national number become different, or family and given name do.
/// A marriage (family name), a typing error, and facts that were missing before do not.
pub fn overlay_warning(before: &Person, after: &Person) -> Option<OverlayWarning> {
    let model = Model::default();
    let levels = levels(&Prepared::new(before), &Prepared::new(after), &model);
    let differs = |field: &Field| {
        let at = Field::ALL.iter().position(|one| one == field);
        at.is_some_and(|at| levels[at] == Level::Different)
    };
    let facts = [Field::Given, Field::BirthDate, Field::Sex, Field::NationalId];
    let mut changed: Vec<Field> = facts.into_iter().filter(differs).collect();
    let is_renamed = changed.contains(&Field::Given) && differs(&Field::Family);
    if is_renamed {
        changed.insert(0, Field::Family);
    }
    let names: Vec<&str> = changed.iter().map(|field| field.label()).collect();
    (changed.len() >= CHANGED_FACTS_MIN).then(|| OverlayWarning {
        sentence: format!(
            "{} change together: this may be another person. Check two identifiers, \
             and register a new person if it is one.",
            names.join(", ")
        ),
        changed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::{Name, Sex};
    use record::BirthDate;

    fn person(family: &str, given: &str, birth: &str, sex: Sex) -> Person {
        Person {
            names: vec![Name::new(family, given)],
            birth_date: Some(BirthDate::new(birth)),
            sex: Some(sex),
            ..Person::default()
        }
    }

    #[test]
    fn corrections_pass_and_other_people_do_not() {
        use Sex::{Female, Male};
        let before = person("Zaleski", "Catherine", "1980-03-14", Female);
        let table = [
            (person("Zaleski", "Catherine", "1980-03-14", Female), None),
            (person("Miller", "Catherine", "1980-03-14", Female), None),
            (person("Zalesky", "Kate", "1980-03-15", Female), None),
            (person("Zaleski", "Catherine", "1951-12-29", Female), None),
            (person("Zaleski", "Catherine", "1980-03-14", Male), None),
            (Person::default(), None),
            (
                person("Zaleski", "Robert", "1951-12-29", Male),
                Some(vec![Field::Given, Field::BirthDate, Field::Sex]),
            ),
            (
                person("Miller", "Robert", "1980-03-14", Female),
                Some(vec![Field::Family, Field::Given]),
            ),
        ];
        for (at, (after, expected)) in table.into_iter().enumerate() {
            let found = overlay_warning(&before, &after).map(|warning| warning.changed);
            assert_eq!(found, expected, "row {at}");
        }
    }
}
