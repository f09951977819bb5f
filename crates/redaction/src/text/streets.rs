//! Streets: (B). English forms with the suffixes of the postal service, and the commonest forms
//! of other languages, where the number follows or the kind of street goes before.
//!
//! Source of the English suffixes: USPS Publication 28, appendix C1.

use super::{Class, Hit, add_all, pattern};

macro_rules! suffix {
    () => {
        concat!(
            r"(?:Street|St|Str|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Court|Courts|Ct|",
            r"Circle|Cir|Place|Pl|Way|Terrace|Ter|Parkway|Pkwy|Highway|Hwy|Square|Squares|Sq|",
            r"Trail|Trl|Loop|Alley|Plaza|Broadway|Point|Ridge|Run|Pike|Turnpike|Tpke|Bridge|",
            r"Bypass|Causeway|Cove|Coves|Creek|Crescent|Cres|Crossing|Crossroad|Expressway|",
            r"Extension|Falls|Fields|Flats|Forest|Forge|Forges|Freeway|Fwy|Gardens|Gateway|Glen|",
            r"Glens|Green|Greens|Grove|Groves|Harbor|Harbors|Haven|Heights|Hts|Hill|Hills|Hollow|",
            r"Island|Isle|Junction|Knoll|Knolls|Landing|Lodge|Manor|Manors|Meadow|Meadows|Mews|",
            r"Mill|Mills|Motorway|Mountain|Orchard|Overpass|Park|Parks|Parkways|Pass|Passage|",
            r"Path|Pines|Plains|Prairie|Ranch|Rapids|Ridges|Route|Row|Shoals|Shore|Shores|",
            r"Skyway|Springs|Spurs|Stravenue|Summit|Throughway|Trace|Trafficway|Tunnel|",
            r"Underpass|Valley|Valleys|Viaduct|Village|Ville|Vista|Walk|Walks|Close)",
        )
    };
}

macro_rules! dwelling {
    () => {
        r"(?:,?\s*(?:Apt|Apartment|Suite|Ste|Unit|Floor|Fl|#)\.?\s*#?\w+)?"
    };
}

pattern!(
    STREET,
    concat!(
        r"\b\d{1,6}[A-Za-z]?(?:-\d+)?\s+(?:[NSEW]\.?\s+|North\s+|South\s+|East\s+|West\s+)?",
        r"(?:[\p{Lu}0-9][\w'.’-]*\s+){1,4}",
        suffix!(),
        r"\b\.?",
        dwelling!()
    )
);
pattern!(
    NUMBER_LAST,
    concat!(
        r"(?:\b\d{1,6}\s+)?\b(?:",
        r"\p{Lu}[\p{L}-]*(?:stra(?:ß|ss)e|str\.|gasse|weg|platz|allee|gatan|gränd|vägen|vej|",
        r"veien|gade|gata|katu|kuja|polku|tie|straat|laan|gracht|plein|utca|körút|brücke)|",
        r"(?:\p{Lu}[\p{L}-]+\s+){1,2}(?:stra(?:ß|ss)e|Stra(?:ß|ss)e|Str\.|utca|út|útja|tér|",
        r"tänav|tee|ulica|vej|weg|gatan|põik))\s+\d{1,4}[A-Za-z]?\b\.?",
        dwelling!()
    )
);
pattern!(
    KIND_FIRST,
    concat!(
        r"(?:\b\d{1,6},?\s+)?(?:\b[Uu]l(?:ica|\.)|\bal\.|\bVia|\bViale|\bPiazza|\bCorso|\bRua|",
        r"\bAvenida|\bAv\.|\bCalle|\bC/|\bRue|\brue|\bChemin|\bchemin|\bQuai|\bCarrera|\bCamino|",
        r"\bPaseo|\bPraça|\bLargo|\bTravessa|\bStrada|\bBulevardul)\s+",
        r"(?:(?:de|du|des|del|della|di|da|do|dos|la|le|les|los|las|el|of)\s+){0,3}",
        r"\p{Lu}[\p{L}.'’-]*(?:\s+(?:(?:de|del|di|da|do|dos)\s+)?\p{Lu}[\p{L}.'’-]*){0,3}",
        r"(?:,?\s+\d{1,4}[A-Za-z]?\b)?",
        dwelling!()
    )
);
pattern!(
    FRENCH,
    concat!(
        r"\b\d{1,4},?\s+(?i:rue|avenue|boulevard|place|chemin|impasse|all[ée]e|quai)\s+",
        r"(?:(?:de|du|des|la|le|les|l['’])\s*){0,3}",
        r"\p{Lu}[\p{L}'’-]+(?:[ -]\p{Lu}[\p{L}'’-]+){0,3}",
    )
);
pattern!(
    NAMED,
    concat!(
        r"(?i)\baddress(?:\s+is|\s+line\s*\d?|\s+to the same)?\s*:\s*",
        r"(?P<id>[^\n;:@]{0,60}\d[^\n;:@]{0,60}?)(?:[.;!?](?:\s|$)|\n|$)"
    )
);
pattern!(
    CORNER,
    concat!(
        r"\bcorner of\s+(?P<id>[\p{L}\d][\p{L}\d.'’ -]{2,40}?\s+and\s+",
        r"\p{Lu}[\p{L}'’-]+(?:\s+\p{Lu}[\p{L}'’-]+){0,2})"
    )
);

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let why = "form of a street address";
    add_all(hits, text, &STREET, Class::Geography, 76, why);
    add_all(hits, text, &NUMBER_LAST, Class::Geography, 75, why);
    for found in KIND_FIRST.find_iter(text) {
        // "Via" and "ul." are also ordinary words and units: a number makes an address of them.
        if found.as_str().contains(|c: char| c.is_ascii_digit()) {
            let (start, end, class) = (found.start(), found.end(), Class::Geography);
            hits.push(Hit { start, end, class, why, rank: 75 });
        }
    }
    add_all(hits, text, &FRENCH, Class::Geography, 76, why);
    add_all(hits, text, &CORNER, Class::Geography, 77, "a corner of two streets");
    for found in NAMED.captures_iter(text).filter_map(|found| found.name("id")) {
        let part = found.as_str().trim_end();
        // "IP address: 192.0.2.1" and "address: none since 2019" are no places.
        let spoken = part.split_whitespace().any(|word| word.chars().all(char::is_alphabetic));
        if spoken && part.contains(char::is_uppercase) {
            let (start, end) = (found.start(), found.start() + part.len());
            let why = "what stands after the word address";
            hits.push(Hit { start, end, class: Class::Geography, why, rank: 78 });
        }
    }
}
