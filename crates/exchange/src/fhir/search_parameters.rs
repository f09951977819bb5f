//! R4's search parameters, packed in the product: what a search may ask of which type.

use std::sync::LazyLock;

/// A search parameter of FHIR R4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchParameter {
    /// Its name in a URL: `birthdate`.
    pub name: &'static str,
    /// `token`, `string`, `date`, `reference`, `quantity`, `number`, `uri`, `composite`,
    /// `special`.
    pub kind: &'static str,
    /// Resource types that have it; `Resource` for all.
    pub bases: &'static str,
    /// Resource types that a reference may lead to.
    pub targets: &'static str,
    /// Where its values stand, as FHIRPath.
    pub expression: &'static str,
}

static PARAMETERS: LazyLock<Vec<SearchParameter>> = LazyLock::new(unpack);

fn unpack() -> Vec<SearchParameter> {
    let packed = include_bytes!("../../../../codesets/fhir-search-parameters.zst");
    let bytes = zstd::bulk::decompress(packed, 4 << 20).expect("the packed set is whole");
    let text: &'static str =
        Box::leak(String::from_utf8(bytes).expect("the packed set is UTF-8").into_boxed_str());
    let row = |line: &'static str| {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        SearchParameter {
            name: next(),
            kind: next(),
            bases: next(),
            targets: next(),
            expression: next(),
        }
    };
    text.lines().map(row).collect()
}

/// The parameter of this name that the resource type has.
pub fn search_parameter(resource_type: &str, name: &str) -> Option<SearchParameter> {
    let start = PARAMETERS.partition_point(|parameter| parameter.name < name);
    let named = PARAMETERS[start..].iter().take_while(|parameter| parameter.name == name);
    let has = |base: &str| base == resource_type || base == "Resource" || base == "DomainResource";
    named.into_iter().find(|parameter| parameter.bases.split(',').any(has)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_by_type() {
        assert_eq!(PARAMETERS.len(), 1378);
        assert_eq!(search_parameter("Patient", "birthdate").unwrap().kind, "date");
        assert_eq!(search_parameter("Observation", "code").unwrap().kind, "token");
        assert_eq!(search_parameter("Encounter", "_lastUpdated").unwrap().kind, "date");
        assert_eq!(search_parameter("Encounter", "birthdate"), None);
    }
}
