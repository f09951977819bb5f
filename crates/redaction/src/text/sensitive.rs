//! Proposes sensitive content for review: words that speak of substance use, HIV, mental health,
//! genetics, reproduction, violence.
//!
//! A proposal labels nothing by itself. Part 2 status follows the source program or a received
//! notice, never a word in a text (42 CFR 2.11, 2.12).

use super::pattern;
use record::SensitiveClass;
use serde::{Deserialize, Serialize};

/// A place that speaks of a sensitive class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// First character.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
    /// The class proposed.
    pub class: SensitiveClass,
    /// Whether the sentence denies it ("denies alcohol abuse"): kept, since a denial tells too.
    pub negated: bool,
}

pattern!(
    SUBSTANCE,
    concat!(
        r"(?i)\b(?:alcohol(?:ism|ic| (?:abuse|dependence|use disorder|withdrawal|",
        r"intoxication))|etoh (?:abuse|dependence|withdrawal)|substance (?:abuse|",
        r"use(?: disorder)?|dependence)|drug (?:abuse|addiction|dependence|overdose)|",
        r"addiction|opioid (?:use disorder|dependence|abuse|withdrawal|addiction)|heroin|",
        r"cocaine|crack|methamphetamines?|fentanyl (?:abuse|overdose)|iv drug use|ivdu|",
        r"methadone|buprenorphine|suboxone|subutex|naltrexone|vivitrol|antabuse|",
        r"disulfiram|detox(?:ification)?|rehab for (?:alcohol|drugs)|sobriety|relapsed on|",
        r"alcoholics anonymous|narcotics anonymous|ciwa|cannabis use disorder)\b",
    )
);
pattern!(
    HIV,
    concat!(
        r"(?i)\b(?:hiv(?:-?[12])?|aids|human immunodeficiency virus|antiretrovirals?|",
        r"haart|cd4 count|viral load|prep for hiv|truvada|descovy|biktarvy|genvoya|",
        r"dolutegravir|emtricitabine|syphilis|rpr (?:reactive|positive)|gonorrh?ea|",
        r"chlamydia|genital herpes|hsv-?2|hpv|trichomonas|sexually transmitted|std|sti)\b",
    )
);
pattern!(
    MENTAL,
    concat!(
        r"(?i)\b(?:depress(?:ion|ive disorder)|bipolar|schizophreni[ac]|schizoaffective|",
        r"psychos[ei]s|psychotic|suicid(?:e|al)(?: ideation| attempt)?|self[- ]harm|",
        r"anxiety disorder|panic disorder|ptsd|post[- ]traumatic stress|anorexia nervosa|",
        r"bulimia|personality disorder|obsessive[- ]compulsive|psychiatr(?:y|ic|ist)|",
        r"psychotherapy|involuntary (?:hold|commitment)|electroconvulsive|lithium|",
        r"clozapine|haloperidol|risperidone|olanzapine|quetiapine)\b",
    )
);
pattern!(
    GENETIC,
    concat!(
        r"(?i)\b(?:brca[- ]?[12]|genetic (?:test(?:ing)?|counsel(?:l)?ing|screening|",
        r"carrier)|genotype|whole (?:exome|genome)|germline|huntington'?s|lynch syndrome|",
        r"cystic fibrosis carrier|karyotype|apoe(?:4| e4)?|mutation carrier)\b",
    )
);
pattern!(
    REPRODUCTIVE,
    concat!(
        r"(?i)\b(?:abortion|termination of pregnancy|miscarriage|mifepristone|misoprostol|",
        r"emergency contracepti(?:on|ve)|contracepti(?:on|ve)|ivf|",
        r"in vitro fertili[sz]ation|infertility|tubal ligation|vasectomy|iud|pregnan(?:cy|",
        r"t) test|unwanted pregnancy|gestational surrog\w+)\b",
    )
);
pattern!(
    VIOLENCE,
    concat!(
        r"(?i)\b(?:domestic (?:violence|abuse)|(?:intimate )?partner (?:violence|abuse)|ipv|",
        r"battered|violence in the (?:environment|home|household)|",
        r"sexual assault|rape(?:d| kit)?|abusive (?:partner|husband|wife|relationship)|",
        r"restraining order|order of protection|human trafficking|child abuse|",
        r"elder abuse)\b",
    )
);
pattern!(
    NEGATION,
    concat!(
        r"(?i)\b(?:no|denie[sd]|den(?:ying)|without|negative for|never|not|rules? out|",
        r"ruled out|non-?reactive)\b[^.;\n]{0,40}$",
    )
);

/// Finds what may be sensitive, in the order of the text.
pub fn propose(text: &str) -> Vec<Proposal> {
    let finders: [(&regex::Regex, SensitiveClass); 6] = [
        (&SUBSTANCE, SensitiveClass::SubstanceUse),
        (&HIV, SensitiveClass::HivSti),
        (&MENTAL, SensitiveClass::MentalHealth),
        (&GENETIC, SensitiveClass::Genetic),
        (&REPRODUCTIVE, SensitiveClass::Reproductive),
        (&VIOLENCE, SensitiveClass::DomesticViolence),
    ];
    let mut proposals = Vec::new();
    for (pattern, class) in finders {
        for found in pattern.find_iter(text) {
            if is_aids_verb(found.as_str()) {
                continue;
            }
            let start = text[..found.start()].chars().count();
            let end = start + found.as_str().chars().count();
            let negated = NEGATION.is_match(&text[..found.start()]);
            proposals.push(Proposal { start, end, class, negated });
        }
    }
    proposals.sort_by_key(|proposal| proposal.start);
    proposals
}

/// "hearing aids", "aids digestion": the disease is written in capitals.
fn is_aids_verb(found: &str) -> bool {
    found.eq_ignore_ascii_case("aids") && found != "AIDS"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposals_by_class() {
        use SensitiveClass as C;
        let table: [(&str, &[(C, bool)]); 10] = [
            (
                "Alcohol dependence, on naltrexone.",
                &[(C::SubstanceUse, false), (C::SubstanceUse, false)],
            ),
            ("HIV viral load undetectable.", &[(C::HivSti, false), (C::HivSti, false)]),
            ("Patient denies suicidal ideation.", &[(C::MentalHealth, true)]),
            ("BRCA1 carrier", &[(C::Genetic, false)]),
            ("Termination of pregnancy in 2019", &[(C::Reproductive, false)]),
            ("Fled domestic violence", &[(C::DomesticViolence, false)]),
            ("Victim of intimate partner abuse (finding)", &[(C::DomesticViolence, false)]),
            ("Wears hearing aids.", &[]),
            ("AIDS", &[(C::HivSti, false)]),
            ("Left knee pain after a fall.", &[]),
        ];
        for (text, expected) in table {
            let found: Vec<(C, bool)> =
                propose(text).iter().map(|p| (p.class, p.negated)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
