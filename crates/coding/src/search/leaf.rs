//! From a category to the code below it that the words of a query choose.

use super::index::suffix_of;
use super::rank::Scoring;
use crate::codeset::Node;

/// What a word that nobody asked for costs a child.
const UNASKED_LOSS: f32 = 0.3;
/// What a word that speaks against the query costs it.
const RIVAL_LOSS: f32 = 8.0;
/// Gained by the initial encounter, the plainest of the seventh characters.
const INITIAL_GAIN: f32 = 2.0;

/// The code below `node` that the query means: at each level the child that answers most and
/// says least beyond it. Returns the groups answered on the way too, and whether a word of the
/// chosen code speaks against the query.
pub fn leaf_of<'a>(scoring: &Scoring<'_>, node: Node<'a>) -> (Node<'a>, u32, bool) {
    let mut at = node;
    let mut answered = 0;
    let mut rival = false;
    while !at.is_reportable() {
        let best = at
            .children()
            .map(|child| {
                let heard = scoring.node(child.id);
                let mut worth = heard.gained - UNASKED_LOSS * heard.unasked;
                if heard.rival {
                    worth -= RIVAL_LOSS;
                }
                if is_plain_choice(child) {
                    worth += INITIAL_GAIN;
                }
                (worth, child, heard)
            })
            .reduce(|best, next| if next.0 > best.0 { next } else { best });
        let Some((_, child, heard)) = best else { break };
        answered |= heard.answered;
        rival = heard.rival;
        at = child;
    }
    (at, answered, rival)
}

/// Whether a seventh character is the one taken when nothing is said: the initial encounter,
/// the fetus or the stage not specified.
fn is_plain_choice(node: Node<'_>) -> bool {
    suffix_of(node).is_some_and(|suffix| {
        (suffix.starts_with("initial encounter") && !suffix.contains("open"))
            || suffix.starts_with("not applicable")
            || suffix.contains("unspecified")
    })
}
