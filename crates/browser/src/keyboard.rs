//! Keys as a hand presses them, counted.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::Browser;

/// Keys without a character of their own: WebDriver's code points, section 17.4.2.
const NAMED: &[(&str, char)] = &[
    ("Backspace", '\u{E003}'),
    ("Tab", '\u{E004}'),
    ("Enter", '\u{E006}'),
    ("Shift", '\u{E008}'),
    ("Ctrl", '\u{E009}'),
    ("Alt", '\u{E00A}'),
    ("Escape", '\u{E00C}'),
    ("Space", ' '),
    ("PageUp", '\u{E00E}'),
    ("PageDown", '\u{E00F}'),
    ("End", '\u{E010}'),
    ("Home", '\u{E011}'),
    ("Left", '\u{E012}'),
    ("Up", '\u{E013}'),
    ("Right", '\u{E014}'),
    ("Down", '\u{E015}'),
    ("Delete", '\u{E017}'),
    ("F1", '\u{E031}'),
    ("F2", '\u{E032}'),
];

impl Browser {
    /// Presses keys one after the other: `"Tab"`, `"Ctrl+Enter"`, `"g w"`, `"Shift+Tab Enter"`.
    ///
    /// Each group between spaces counts as one keystroke.
    pub fn press(&mut self, keys: &str) -> Result<()> {
        let mut actions = Vec::new();
        for chord in keys.split_whitespace() {
            let chord = chord_of(chord)?;
            actions.extend(chord.iter().map(|key| json!({ "type": "keyDown", "value": key })));
            actions.extend(chord.iter().rev().map(|key| json!({ "type": "keyUp", "value": key })));
            self.keystrokes += 1;
        }
        self.act(actions)
    }

    /// Types a text, a keystroke a character; a line break is `Enter`.
    pub fn type_text(&mut self, text: &str) -> Result<()> {
        let mut actions = Vec::new();
        for letter in text.chars() {
            let key = if letter == '\n' { '\u{E006}' } else { letter };
            actions.push(json!({ "type": "keyDown", "value": key }));
            actions.push(json!({ "type": "keyUp", "value": key }));
            self.keystrokes += 1;
        }
        self.act(actions)
    }

    /// Keystrokes since the start or since [`Self::keystrokes_reset`].
    pub fn keystrokes(&self) -> u64 {
        self.keystrokes
    }

    /// Begins to count from zero.
    pub fn keystrokes_reset(&mut self) {
        self.keystrokes = 0;
    }

    fn act(&self, actions: Vec<Value>) -> Result<()> {
        let sources = json!([{ "type": "key", "id": "keyboard", "actions": actions }]);
        self.post("actions", &json!({ "actions": sources }))?;
        Ok(())
    }
}

/// The keys that are held together.
fn chord_of(chord: &str) -> Result<Vec<char>> {
    if chord == "+" {
        return Ok(vec!['+']);
    }
    chord.split('+').map(key_of).collect()
}

fn key_of(name: &str) -> Result<char> {
    if let Some((_, key)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Ok(*key);
    }
    let mut letters = name.chars();
    let letter = letters.next().context("a chord ends with +")?;
    if letters.next().is_some() {
        bail!("no key is named {name}");
    }
    Ok(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_are_read() {
        assert_eq!(chord_of("Ctrl+Enter").unwrap(), ['\u{E009}', '\u{E006}']);
        assert_eq!(chord_of("?").unwrap(), ['?']);
        assert_eq!(chord_of("+").unwrap(), ['+']);
        assert_eq!(chord_of("Return").unwrap_err().to_string(), "no key is named Return");
    }
}
