//! Chooses what a claim must hold so that a formula becomes true: one branch of each alternative.

use crate::draw::Draw;

/// What a claim needs.
#[derive(Default)]
pub struct Needs {
    /// Attributes that the principal diagnosis must have.
    pub principal: Vec<String>,
    /// One secondary diagnosis for each.
    pub secondary: Vec<String>,
    /// One procedure for each.
    pub procedure: Vec<String>,
    /// Attributes that no diagnosis or procedure should have.
    pub absent: Vec<String>,
    /// Every diagnosis must have it.
    pub every: Option<String>,
    /// Words in capitals.
    pub words: Vec<String>,
}

/// Collects needs from a formula's text.
pub fn satisfy(formula: &str, draw: &mut Draw) -> Needs {
    let mut needs = Needs::default();
    let (tree, _) = either(&tokens(formula), 0);
    want(&tree, true, draw, &mut needs);
    needs
}

enum Tree {
    Name(String),
    All(Vec<Tree>),
    Some(Vec<Tree>),
    Not(Box<Tree>),
}

fn tokens(formula: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut name = String::new();
    for character in formula.chars().chain([' ']) {
        if "&|~() ".contains(character) {
            if !name.is_empty() {
                tokens.push(std::mem::take(&mut name));
            }
            if character != ' ' {
                tokens.push(character.to_string());
            }
        } else {
            name.push(character);
        }
    }
    tokens
}

fn either(tokens: &[String], at: usize) -> (Tree, usize) {
    let (first, mut at) = both(tokens, at);
    let mut parts = vec![first];
    while tokens.get(at).is_some_and(|token| token == "|") {
        let (part, after) = both(tokens, at + 1);
        parts.push(part);
        at = after;
    }
    (Tree::Some(parts), at)
}

fn both(tokens: &[String], at: usize) -> (Tree, usize) {
    let (first, mut at) = single(tokens, at);
    let mut parts = vec![first];
    while tokens.get(at).is_some_and(|token| token == "&") {
        let (part, after) = single(tokens, at + 1);
        parts.push(part);
        at = after;
    }
    (Tree::All(parts), at)
}

fn single(tokens: &[String], at: usize) -> (Tree, usize) {
    match tokens.get(at).map(String::as_str) {
        Some("~") => {
            let (inner, after) = single(tokens, at + 1);
            (Tree::Not(Box::new(inner)), after)
        }
        Some("(") => {
            let (inner, after) = either(tokens, at + 1);
            (inner, after + 1)
        }
        name => (Tree::Name(name.unwrap_or("NEVER").to_owned()), at + 1),
    }
}

fn want(tree: &Tree, truth: bool, draw: &mut Draw, needs: &mut Needs) {
    match (tree, truth) {
        (Tree::All(parts), true) | (Tree::Some(parts), false) => {
            parts.iter().for_each(|part| want(part, truth, draw, needs));
        }
        (Tree::Some(parts), true) | (Tree::All(parts), false) => {
            if let Some(part) = draw.pick(parts) {
                want(part, truth, draw, needs);
            }
        }
        (Tree::Not(inner), truth) => want(inner, !truth, draw, needs),
        (Tree::Name(name), false) => {
            let attribute = name.split_once(':').map_or(name.as_str(), |(_, rest)| rest);
            needs.absent.push(attribute.to_owned());
        }
        (Tree::Name(name), true) => match name.split_once(':') {
            Some(("PDX", attribute)) => needs.principal.push(attribute.to_owned()),
            Some(("SDX", attribute)) => needs.secondary.push(attribute.to_owned()),
            Some(("ANY", attribute)) if draw.one_in(2) => {
                needs.principal.push(attribute.to_owned());
            }
            Some(("ANY", attribute)) => needs.secondary.push(attribute.to_owned()),
            Some((_, attribute)) => {
                needs.principal.push(attribute.to_owned());
                needs.every = Some(attribute.to_owned());
            }
            None if name.chars().all(|c| c.is_ascii_uppercase() || c == '_') => {
                needs.words.push(name.clone());
            }
            None => needs.procedure.push(name.clone()),
        },
    }
}
