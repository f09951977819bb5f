//! One breaking of the glass: a hidden chart, opened to one person for a while, and reviewed
//! (45 CFR 170.315(d)(6)).
//!
//! ```text
//!           its time runs out
//! open ------------------------> over
//!   |                             |
//!   +------------ review ---------+--> appropriate: open to the end of its time
//!                                 |
//!                                 +--> inappropriate: closed at once
//! ```
//!
//! The row is never edited: a review is added to it, once. Time moves it from open to over by
//! itself, so that the state is read from the row and the clock together.

use record::Instant;

/// Where a breaking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlassState {
    /// The chart is open to the one who broke it, and nobody has reviewed that.
    Open {
        /// Until when.
        until: Instant,
    },
    /// Its time is over; it waits for its review.
    Over,
    /// It was right to break it.
    Appropriate {
        /// Until when the chart is open, or was.
        until: Instant,
    },
    /// It was wrong to break it: the chart is closed again.
    Inappropriate,
}

impl GlassState {
    /// Reads a row at a time: until when it opens the chart, and the outcome of its review.
    pub fn read(until: Instant, outcome: Option<&str>, now: Instant) -> Option<GlassState> {
        match outcome {
            None if now < until => Some(GlassState::Open { until }),
            None => Some(GlassState::Over),
            Some("appropriate") => Some(GlassState::Appropriate { until }),
            Some("inappropriate") => Some(GlassState::Inappropriate),
            Some(_) => None,
        }
    }

    /// The outcome of its review, as it is stored.
    pub fn outcome(self) -> Option<&'static str> {
        match self {
            GlassState::Open { .. } | GlassState::Over => None,
            GlassState::Appropriate { .. } => Some("appropriate"),
            GlassState::Inappropriate => Some("inappropriate"),
        }
    }

    /// Whether the chart is open under it.
    pub fn opens(self, now: Instant) -> bool {
        apply(self, &GlassAction::Use, now).is_ok()
    }
}

/// What is done with a breaking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GlassAction<'a> {
    /// The one who broke it opens the chart.
    Use,
    /// It is reviewed.
    Review {
        /// Whether it was right.
        appropriate: bool,
        /// What the reviewer writes.
        note: &'a str,
        /// Whether the reviewer broke it.
        is_own: bool,
        /// Until when it opens the chart.
        until: Instant,
    },
}

/// Why an action is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GlassRefusal {
    /// Its time is over.
    #[error("The time for which this glass was broken is over. Break it again if you must.")]
    IsOver,
    /// The privacy officer closed it.
    #[error("The privacy officer has closed this chart again. Ask them before anything else.")]
    WasClosed,
    /// One's own.
    #[error("You broke this glass yourself. Another privacy officer must review it.")]
    IsOwn,
    /// Said to be wrong without a word.
    #[error("Say what was wrong, and what follows from it.")]
    NoNote,
    /// What is written stands.
    #[error("This was reviewed before; that review stands.")]
    WasReviewed,
}

/// What the state becomes at this time.
///
/// # Errors
/// [`GlassRefusal`] where the state, or who acts, doesn't allow it.
pub fn apply(
    state: GlassState,
    action: &GlassAction<'_>,
    now: Instant,
) -> Result<GlassState, GlassRefusal> {
    use GlassState as S;
    match (state, action) {
        (S::Open { until } | S::Appropriate { until }, GlassAction::Use) if now < until => {
            Ok(state)
        }
        (S::Open { .. } | S::Over | S::Appropriate { .. }, GlassAction::Use) => {
            Err(GlassRefusal::IsOver)
        }
        (S::Inappropriate, GlassAction::Use) => Err(GlassRefusal::WasClosed),
        (S::Open { .. } | S::Over, GlassAction::Review { is_own: true, .. }) => {
            Err(GlassRefusal::IsOwn)
        }
        (S::Open { .. } | S::Over, GlassAction::Review { appropriate: true, until, .. }) => {
            Ok(S::Appropriate { until: *until })
        }
        (S::Open { .. } | S::Over, GlassAction::Review { note, .. }) => {
            if note.trim().is_empty() {
                Err(GlassRefusal::NoNote)
            } else {
                Ok(S::Inappropriate)
            }
        }
        (S::Appropriate { .. } | S::Inappropriate, GlassAction::Review { .. }) => {
            Err(GlassRefusal::WasReviewed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    /// Judged: the chart is open only in its time and never after it was said to be wrong; one
    /// review, by somebody else, with a word where it was wrong.
    #[test]
    fn matrix_of_states_and_actions() {
        let (now, until, past) = (Instant(100), Instant(200), Instant(100));
        let states = [
            ("open", GlassState::Open { until }),
            ("over", GlassState::Over),
            ("appropriate, in its time", GlassState::Appropriate { until }),
            ("appropriate, over", GlassState::Appropriate { until: past }),
            ("inappropriate", GlassState::Inappropriate),
        ];
        let review =
            |appropriate, note, is_own| GlassAction::Review { appropriate, note, is_own, until };
        let actions = [
            ("use", GlassAction::Use),
            ("review as appropriate", review(true, "", false)),
            ("review as inappropriate", review(false, "No reason", false)),
            ("review as inappropriate without a word", review(false, " ", false)),
            ("review one's own", review(true, "Fine", true)),
        ];
        let mut matrix = String::new();
        for (is, state) in states {
            for (what, action) in &actions {
                let after = match apply(state, action, now) {
                    Ok(after) => after.outcome().unwrap_or("open").to_owned(),
                    Err(refused) => format!("refused: {refused}"),
                };
                matrix += &format!("{is} + {what} = {after}\n");
            }
        }
        expect![[r#"
            open + use = open
            open + review as appropriate = appropriate
            open + review as inappropriate = inappropriate
            open + review as inappropriate without a word = refused: Say what was wrong, and what follows from it.
            open + review one's own = refused: You broke this glass yourself. Another privacy officer must review it.
            over + use = refused: The time for which this glass was broken is over. Break it again if you must.
            over + review as appropriate = appropriate
            over + review as inappropriate = inappropriate
            over + review as inappropriate without a word = refused: Say what was wrong, and what follows from it.
            over + review one's own = refused: You broke this glass yourself. Another privacy officer must review it.
            appropriate, in its time + use = appropriate
            appropriate, in its time + review as appropriate = refused: This was reviewed before; that review stands.
            appropriate, in its time + review as inappropriate = refused: This was reviewed before; that review stands.
            appropriate, in its time + review as inappropriate without a word = refused: This was reviewed before; that review stands.
            appropriate, in its time + review one's own = refused: This was reviewed before; that review stands.
            appropriate, over + use = refused: The time for which this glass was broken is over. Break it again if you must.
            appropriate, over + review as appropriate = refused: This was reviewed before; that review stands.
            appropriate, over + review as inappropriate = refused: This was reviewed before; that review stands.
            appropriate, over + review as inappropriate without a word = refused: This was reviewed before; that review stands.
            appropriate, over + review one's own = refused: This was reviewed before; that review stands.
            inappropriate + use = refused: The privacy officer has closed this chart again. Ask them before anything else.
            inappropriate + review as appropriate = refused: This was reviewed before; that review stands.
            inappropriate + review as inappropriate = refused: This was reviewed before; that review stands.
            inappropriate + review as inappropriate without a word = refused: This was reviewed before; that review stands.
            inappropriate + review one's own = refused: This was reviewed before; that review stands.
        "#]].assert_eq(&matrix);
    }

    #[test]
    fn the_clock_moves_it_from_open_to_over() {
        let until = Instant(200);
        let read = |outcome, now| GlassState::read(until, outcome, Instant(now)).unwrap();
        let table = [
            (None, 199, GlassState::Open { until }, true),
            (None, 200, GlassState::Over, false),
            (Some("appropriate"), 199, GlassState::Appropriate { until }, true),
            (Some("appropriate"), 200, GlassState::Appropriate { until }, false),
            (Some("inappropriate"), 199, GlassState::Inappropriate, false),
        ];
        for (outcome, now, state, opens) in table {
            assert_eq!(read(outcome, now), state);
            assert_eq!(state.opens(Instant(now)), opens, "{state:?} at {now}");
        }
        assert_eq!(GlassState::read(until, Some("fine"), Instant(0)), None);
    }
}
