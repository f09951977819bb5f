//! Reads the tags of a page and checks what must hold on every page.

use std::collections::{HashMap, HashSet};

/// A start tag with its attributes; an attribute without value has the empty text.
pub struct Element {
    pub name: String,
    pub attributes: HashMap<String, String>,
    /// What stands between this tag and the next.
    pub text: String,
}

impl Element {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    fn is(&self, name: &str) -> bool {
        self.name == name
    }
}

/// Every start tag of a page that `maud` wrote.
pub fn tags(page: &str) -> Vec<Element> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let end = element_end(rest);
        let (inside, after) = (&rest[..end], &rest[end + 1..]);
        rest = after;
        if inside.starts_with(['/', '!']) {
            continue;
        }
        let name: String = inside.chars().take_while(|c| !c.is_whitespace()).collect();
        let attributes = attributes(&inside[name.len()..]);
        let text = after.split('<').next().unwrap_or_default().to_owned();
        found.push(Element { name, attributes, text });
    }
    found
}

/// Where a tag ends: the first `>` outside quotes.
fn element_end(rest: &str) -> usize {
    let mut quoted = false;
    for (index, c) in rest.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return index,
            _ => {}
        }
    }
    panic!("a tag without end: {}", &rest[..rest.len().min(80)]);
}

fn attributes(text: &str) -> HashMap<String, String> {
    let mut found = HashMap::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let name_end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let name = &rest[..name_end];
        rest = &rest[name_end..];
        let mut value = "";
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').expect("attributes are quoted");
            value = &quoted[..end];
            rest = &quoted[end + 1..];
        }
        let before = found.insert(name.to_owned(), value.to_owned());
        assert!(before.is_none(), "{name} twice in {text}");
        rest = rest.trim_start();
    }
    found
}

/// Everything that must hold on every page; returns what doesn't.
pub fn faults(page: &str) -> Vec<String> {
    let tags = tags(page);
    let mut faults = Vec::new();
    check_ids(&tags, &mut faults);
    check_labels(&tags, &mut faults);
    check_inline(&tags, &mut faults);
    check_headings(&tags, &mut faults);
    check_names(&tags, &mut faults);
    check_keys(&tags, &mut faults);
    faults
}

/// Ids are unique, and whatever names an id names one that is there.
fn check_ids(tags: &[Element], faults: &mut Vec<String>) {
    let mut ids = HashSet::new();
    for id in tags.iter().filter_map(|tag| tag.get("id")) {
        if !ids.insert(id) {
            faults.push(format!("id {id} twice"));
        }
    }
    const NAMING: &[&str] = &[
        "for",
        "form",
        "aria-describedby",
        "aria-labelledby",
        "aria-controls",
        "data-opens",
        "data-points",
        "popovertarget",
    ];
    for tag in tags {
        for attribute in NAMING {
            for id in tag.get(attribute).into_iter().flat_map(str::split_whitespace) {
                if !ids.contains(id) {
                    faults.push(format!("{} {attribute}={id} names nothing", tag.name));
                }
            }
        }
        if let Some(id) = tag.get("href").and_then(|href| href.strip_prefix('#'))
            && !ids.contains(id)
        {
            faults.push(format!("link to #{id} leads nowhere"));
        }
    }
}

/// Every control has a label.
fn check_labels(tags: &[Element], faults: &mut Vec<String>) {
    let labelled: HashSet<&str> =
        tags.iter().filter(|tag| tag.is("label")).filter_map(|tag| tag.get("for")).collect();
    for tag in tags {
        let control = matches!(tag.name.as_str(), "input" | "select" | "textarea" | "progress")
            && tag.get("type") != Some("hidden");
        let named = tag.get("id").is_some_and(|id| labelled.contains(id));
        if control && !named && tag.get("aria-label").is_none() {
            faults.push(format!("{} {:?} has no label", tag.name, tag.get("name")));
        }
    }
}

/// Nothing inline, nothing from elsewhere: the security policy would refuse it.
fn check_inline(tags: &[Element], faults: &mut Vec<String>) {
    for tag in tags {
        for name in tag.attributes.keys() {
            if name == "style" || name.starts_with("on") {
                faults.push(format!("{} has {name}", tag.name));
            }
        }
        if tag.is("style") || tag.is("script") && (tag.get("src").is_none() || !tag.text.is_empty())
        {
            faults.push(format!("inline {}", tag.name));
        }
        for attribute in ["src", "href", "action", "formaction"] {
            if let Some(address) = tag.get(attribute)
                && (!address.starts_with(['/', '#', '?']) || address.starts_with("//"))
            {
                faults.push(format!("{} {attribute}={address} leaves the site", tag.name));
            }
        }
    }
}

/// One `h1`; no level is skipped on the way down.
fn check_headings(tags: &[Element], faults: &mut Vec<String>) {
    let levels: Vec<u32> = tags
        .iter()
        .filter_map(|tag| tag.name.strip_prefix('h').and_then(|level| level.parse().ok()))
        .collect();
    if levels.iter().filter(|level| **level == 1).count() != 1 {
        faults.push("not one h1".to_owned());
    }
    for pair in levels.windows(2).filter(|pair| pair[1] > pair[0] + 1) {
        faults.push(format!("h{} after h{}", pair[1], pair[0]));
    }
}

/// Landmarks, dialogs, images and tables have names.
fn check_names(tags: &[Element], faults: &mut Vec<String>) {
    for tag in tags {
        let named = tag.get("aria-label").is_some() || tag.get("aria-labelledby").is_some();
        let must = match tag.name.as_str() {
            "nav" | "dialog" | "aside" => !named,
            "img" => tag.get("alt").is_none(),
            "th" => tag.get("scope").is_none(),
            _ => false,
        };
        if must {
            faults.push(format!("{} without a name", tag.name));
        }
    }
    let count = |name| tags.iter().filter(|tag| tag.is(name)).count();
    if count("table") != count("caption") {
        faults.push("a table without caption".to_owned());
    }
}

/// One key does one thing on a page.
fn check_keys(tags: &[Element], faults: &mut Vec<String>) {
    let mut keys = HashSet::new();
    for key in tags.iter().filter_map(|tag| tag.get("data-key")) {
        if !keys.insert(key) {
            faults.push(format!("key {key} twice"));
        }
    }
}
