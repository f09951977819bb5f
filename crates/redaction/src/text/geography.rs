//! Places below state: (B). Streets, cities, counties, ZIP codes, and institutions, whose name
//! tells where somebody is.

use super::lists::CITIES;
use super::names::is_no_name;
use super::{Class, Hit, add_all, pattern};
use std::collections::BTreeSet;
use std::sync::LazyLock;

macro_rules! states {
    () => {
        concat!(
            r"(?:A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|",
            r"O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]|Alabama|Alaska|Arizona|Arkansas|",
            r"California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|",
            r"Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|",
            r"Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|",
            r"New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|",
            r"Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|",
            r"Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming)",
        )
    };
}

pattern!(PO_BOX, r"(?i)\bP\.?\s?O\.?\s*Box\s+\d+\b");
pattern!(
    CITY_STATE,
    concat!(
        concat!(
            r"\b(?P<id>(?:(?:St|Ft|Mt|San|Santa|Los|Las|New|Fort|Port|Saint|El|La|Mount|Lake|",
            r"North|South|East|West)\.?\s)?[A-Z][a-z]+(?:[ -][A-Z][a-z]+)?),\s+",
        ),
        states!(),
        r"\b"
    )
);
pattern!(STATE_ZIP, concat!(r"\b", states!(), r"\.?,?\s+(?P<id>\d{5}(?:-\d{4})?)\b"));
pattern!(
    ZIP_NAMED,
    r"(?i)\b(?:zip(?:\s*code)?|postal code|postcode)\s*(?:is|:)?\s*(?P<id>\d{5}(?:-\d{4})?)\b"
);
pattern!(ZIP_PLUS, r"\b\d{5}-\d{4}\b");
pattern!(
    POSTCODE,
    concat!(
        r"\b(?:[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d|",
        r"[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})\b"
    )
);
pattern!(DWELLING, r"\b(?:Apt|Apartment|Suite|Ste|Flat)\b\.?\s*#?\d+[A-Za-z]?\b");
pattern!(
    MILITARY,
    r"\b(?:(?:PSC|CMR|Unit)\s+\d{1,5},?\s+Box\s+\d{1,5}|(?:APO|FPO|DPO),?\s+A[AEP])\b"
);
pattern!(CITY_ZIP, r"\b[A-Z][a-z]+,?[ ](?P<id>\d{5}(?:-\d{4})?)\s*(?:$|[\n,.;)])");
pattern!(ZIP_LINE, r"(?m)^\s*(?P<id>\d{5}(?:-\d{4})?)\s*$");
pattern!(COUNTY, r"\b(?P<id>(?:[A-Z][a-z]+\s){1,2}(?:County|Parish|Borough|Township))\b");
pattern!(
    INSTITUTION,
    concat!(
        r"\b(?P<id>(?:(?:[A-Z][\w'&.-]*|of|the|and|for|",
        r"at)\s+){0,5}?[A-Z][\w'&.-]*\s+(?:(?:General|Regional|Memorial|Community|",
        r"University|Children's|Medical|Health|Cancer|Veterans|County|Teaching|",
        r"Rehabilitation|Heart|Surgical|Women's|District|State|City)\s+)*(?:Hospital|",
        r"Clinic|Medical Center|Health Center|Healthcare|Health System|Medical Group|",
        r"Infirmary|Sanatorium|Hospice|Nursing Home|Nursing Center|Rehabilitation Center|",
        r"Care Center|Surgery Center|Cancer Center|Cancer Institute|Heart Institute|",
        r"Urgent Care|Elementary School|High School|Middle School))\b",
    )
);
pattern!(
    SAINT,
    concat!(
        r"\b(?:at|from|to|in|via)\s+(?P<id>(?:St\.|Saint|Mt\.|",
        r"Mount)\s+[A-Z][a-z]+(?:['’]s)?(?:\s+[A-Z][a-z]+(?:['’]s)?)?)",
    )
);
pattern!(
    CLINIC,
    concat!(
        r"\b(?:at|from|to|in|via|the)\s+(?P<id>(?:(?:St|Mt)\.\s)?[A-Z][a-z]+(?:['’]s)?",
        r"(?:\s[A-Z][a-z]+(?:['’]s)?)?\s(?:[Cc]linic|hospital|Med\.?\s(?:Ctr|Center)\.?|",
        r"HealthCenter|Health|Medical|General))\b"
    )
);
pattern!(UNIVERSITY, r"\b(?P<id>University of (?:[A-Z][a-z]+[ -]?){1,3}|[A-Z][a-z]+ University)\b");
pattern!(
    LIVES_IN,
    concat!(
        r"\b(?:lives?|living|resid(?:es?|ing|ent)|moved|hometown|native|born|raised|",
        r"travell?ed|from)\s+(?:in|to|of|is|at|",
        r"near)?\s*(?P<id>[A-Z][a-z]{2,}(?:\s[A-Z][a-z]+)?)\b",
    )
);
pattern!(
    FAMOUS,
    concat!(
        r"\b(?:Mayo|Johns Hopkins|Kaiser(?: Permanente)?|Cedars[- ]Sinai|M(?:oun)?t\.? Sinai|",
        r"NYU Langone|UCLA|UCSF|UCSD|Mass General|MGH|Brigham|Beth Israel|Massachusetts General|",
        r"Cleveland Clinic|Stanford|Duke|Emory|Vanderbilt|Northwestern|Yale|Harvard|Columbia|",
        r"Penn Medicine|MD Anderson|Sloan[- ]Kettering|Dana[- ]Farber|City of Hope|",
        r"Intermountain|Geisinger|Sutter|Providence|Scripps|Baylor|Barnes[- ]Jewish|",
        r"Bellevue|Montefiore|Lenox Hill|Cook County|Ochsner|Banner|UPMC|UW Med(?:icine)?|UWMC|",
        r"N(?:ew )?Y(?:ork)?[- ]Presbyterian|Cedars? Sinai|Orlando Health)\b",
        r"(?:\s+(?:Langone|Children['’]s|Health(?:care)?(?:\s+(?:Care|System|Center))?|Med\.?|",
        r"Medical|Hospitals?|[Hh]ospital|[Cc]linic|Ctr\.?|Cent(?:er|re))\b){0,3}"
    )
);
pattern!(
    PLACED,
    r"\b(?:at|from|near|in|outside)\s+(?P<id>[A-Z][a-z]{2,}(?:[ -][A-Z][a-z]{2,}){0,2})\b"
);
pattern!(
    NOT_PLACED,
    concat!(
        r"^(?:'s|\s+(?i:disease|syndrome|criteria|score|scale|index|test|trial|study|sign|class|",
        r"stage|grade|type|patients?|virus|fever|scan|therapy|protocol|position|solution))\b"
    )
);
pattern!(CAPITALISED, r"\b[A-Z][a-z]+(?:[ -][A-Z][a-z]+){0,2}\b");

static CITY_SET: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| CITIES.split('|').map(str::trim).collect());
static STATE_NAMES: LazyLock<regex::Regex> = LazyLock::new(|| {
    regex::Regex::new(concat!("^", states!(), "$")).expect("the pattern is a constant and tested")
});

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    super::streets::find(text, hits);
    add_all(hits, text, &PO_BOX, Class::Geography, 76, "a post office box");
    add_all(hits, text, &CITY_STATE, Class::Geography, 62, "a place before a state");
    add_all(hits, text, &STATE_ZIP, Class::Geography, 74, "a ZIP code after a state");
    add_all(hits, text, &ZIP_NAMED, Class::Geography, 74, "a ZIP code");
    add_all(hits, text, &ZIP_PLUS, Class::Geography, 58, "form of a ZIP code");
    add_all(hits, text, &POSTCODE, Class::Geography, 50, "form of a postal code");
    add_all(hits, text, &DWELLING, Class::Geography, 55, "a part of an address");
    add_all(hits, text, &MILITARY, Class::Geography, 76, "a military address");
    add_all(hits, text, &CITY_ZIP, Class::Geography, 48, "a ZIP code after a place");
    add_all(hits, text, &ZIP_LINE, Class::Geography, 48, "a ZIP code on its own line");
    add_all(hits, text, &COUNTY, Class::Geography, 56, "a county");
    institutions(text, hits);
    add_all(hits, text, &SAINT, Class::Geography, 57, "a place named for a saint or mount");
    for found in CLINIC.captures_iter(text).filter_map(|found| found.name("id")) {
        if !found.as_str().split([' ', '-']).next().is_some_and(is_no_name) {
            let (start, end, class) = (found.start(), found.end(), Class::Geography);
            hits.push(Hit { start, end, class, why: "an institution", rank: 56 });
        }
    }
    add_all(hits, text, &UNIVERSITY, Class::Geography, 56, "a university");
    for found in LIVES_IN.captures_iter(text).filter_map(|found| found.name("id")) {
        let barred = found.as_str().split(' ').any(is_no_name);
        if !barred && !STATE_NAMES.is_match(found.as_str()) && !is_month(found.as_str()) {
            let (start, end) = (found.start(), found.end());
            let why = "a place after a word of living";
            hits.push(Hit { start, end, class: Class::Geography, why, rank: 38 });
        }
    }
    add_all(hits, text, &FAMOUS, Class::Geography, 58, "a well-known institution");
    for found in PLACED.captures_iter(text).filter_map(|found| found.name("id")) {
        let name = found.as_str();
        let barred = name.split([' ', '-']).any(|word| is_no_name(word) || is_month(word));
        let state = STATE_NAMES.is_match(name);
        if !barred && !state && !NOT_PLACED.is_match(&text[found.end()..]) {
            let (start, end) = (found.start(), found.end());
            let why = "a place after a preposition";
            hits.push(Hit { start, end, class: Class::Geography, why, rank: 22 });
        }
    }
    cities(text, hits);
}

/// Words that begin a sentence or a clause and aren't part of an institution's name.
const LEADING: [&str; 12] =
    ["The", "At", "In", "From", "To", "A", "An", "Our", "Of", "For", "And", "Is"];

fn institutions(text: &str, hits: &mut Vec<Hit>) {
    for found in INSTITUTION.captures_iter(text).filter_map(|found| found.name("id")) {
        let mut start = found.start();
        let mut name = found.as_str();
        while let Some((first, rest)) = name.split_once(char::is_whitespace) {
            let capital = format!("{}{}", first[..1].to_uppercase(), &first[1..]);
            if !LEADING.contains(&capital.as_str()) || !first.is_ascii() {
                break;
            }
            let rest = rest.trim_start();
            start = found.end() - rest.len();
            name = rest;
        }
        if name.split_whitespace().count() >= 2 {
            let (end, class) = (found.end(), Class::Geography);
            hits.push(Hit { start, end, class, why: "an institution", rank: 57 });
        }
    }
}

fn is_month(text: &str) -> bool {
    let months =
        "January|February|March|April|May|June|July|August|September|October|November|December";
    months.split('|').any(|month| month == text)
}

/// Cities of the list, the longest name at each place.
fn cities(text: &str, hits: &mut Vec<Hit>) {
    for run in CAPITALISED.find_iter(text) {
        let words: Vec<(usize, &str)> = run
            .as_str()
            .match_indices(|c: char| c.is_alphabetic())
            .filter(|(at, _)| *at == 0 || !run.as_str().as_bytes()[at - 1].is_ascii_alphabetic())
            .map(|(at, _)| (at, ""))
            .collect();
        for (first, _) in &words {
            for length in [3, 2, 1] {
                let rest = &run.as_str()[*first..];
                let ends: Vec<usize> = rest
                    .char_indices()
                    .filter(|(_, c)| *c == ' ' || *c == '-')
                    .map(|(at, _)| at)
                    .chain([rest.len()])
                    .collect();
                let Some(end) = ends.get(length - 1) else { continue };
                if CITY_SET.contains(&rest[..*end]) {
                    let start = run.start() + first;
                    let why = "a city";
                    let class = Class::Geography;
                    hits.push(Hit { start, end: start + end, class, why, rank: 44 });
                    break;
                }
            }
        }
    }
}
