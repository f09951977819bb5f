//! Reads JSON into values, keeping the text of numbers and refusing names written twice.
//!
//! A reader of our own, because `serde_json` rewrites exponents (`1E5` to `1e+5`) even where it
//! keeps the other text of numbers, and takes the last of two members of one name in silence.

use super::scan::DEPTH_MAX;
use serde_json::{Map, Number, Value};

/// Reads one JSON value (RFC 8259). The error is a sentence without any of the text.
///
/// A member written twice in one object is refused: readers differ on which one counts. Objects
/// and lists nested deeper than 128 levels are refused.
pub fn parse(text: &str) -> Result<Value, String> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, depth: 0 };
    let value = reader.whole();
    value.map_err(|reason| {
        let before = &text.as_bytes()[..reader.at.min(text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let column = before.len() - start + 1;
        format!("{reason} (line {line}, column {column} of the record).")
    })
}

type Reason = &'static str;

const TOO_EARLY: Reason = "The JSON ends too early";
const MISPLACED: Reason = "A mark is missing or misplaced";
const NUMBER: Reason = "A number is not written as JSON writes numbers";
const ESCAPE: Reason = "A text has an escape that JSON does not know";

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn whole(&mut self) -> Result<Value, Reason> {
        let value = self.value()?;
        self.space();
        match self.at == self.bytes.len() {
            true => Ok(value),
            false => Err("Something follows where nothing may"),
        }
    }

    fn space(&mut self) {
        self.at = super::scan::skip_space(self.bytes, self.at);
    }

    fn peek(&self) -> Result<u8, Reason> {
        self.bytes.get(self.at).copied().ok_or(TOO_EARLY)
    }

    fn value(&mut self) -> Result<Value, Reason> {
        self.space();
        match self.peek()? {
            b'"' => self.string().map(Value::String),
            b'{' => self.nested(Reader::object),
            b'[' => self.nested(Reader::list),
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.word(),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, Reason>) -> Result<Value, Reason> {
        if self.depth == DEPTH_MAX {
            return Err("The JSON is nested too deeply");
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self) -> Result<Value, Reason> {
        let mut members = Map::new();
        self.space();
        if self.peek()? == b'}' {
            self.at += 1;
            return Ok(Value::Object(members));
        }
        loop {
            self.space();
            if self.peek()? != b'"' {
                return Err(MISPLACED);
            }
            let name = self.string()?;
            self.space();
            if self.peek()? != b':' {
                return Err(MISPLACED);
            }
            self.at += 1;
            let value = self.value()?;
            if members.insert(name, value).is_some() {
                return Err("A member is written twice in one object");
            }
            if self.is_last(b'}')? {
                return Ok(Value::Object(members));
            }
        }
    }

    fn list(&mut self) -> Result<Value, Reason> {
        let mut values = Vec::new();
        self.space();
        if self.peek()? == b']' {
            self.at += 1;
            return Ok(Value::Array(values));
        }
        loop {
            values.push(self.value()?);
            if self.is_last(b']')? {
                return Ok(Value::Array(values));
            }
        }
    }

    /// Takes the comma or the closing bracket that follows a value.
    fn is_last(&mut self, closing: u8) -> Result<bool, Reason> {
        self.space();
        let mark = self.peek()?;
        if mark != b',' && mark != closing {
            return Err(MISPLACED);
        }
        self.at += 1;
        Ok(mark == closing)
    }

    fn word(&mut self) -> Result<Value, Reason> {
        let words = [("true", Value::Bool(true)), ("false", Value::Bool(false))];
        for (word, value) in words.into_iter().chain([("null", Value::Null)]) {
            if self.bytes[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(MISPLACED)
    }

    fn digits(&mut self) -> Result<(), Reason> {
        let start = self.at;
        while matches!(self.bytes.get(self.at), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(NUMBER) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<Value, Reason> {
        let start = self.at;
        if self.bytes[self.at] == b'-' {
            self.at += 1;
        }
        match self.bytes.get(self.at) {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        if matches!(self.bytes.get(self.at), Some(b'0'..=b'9')) {
            return Err(NUMBER);
        }
        // The one way to give a number its own text.
        let number = Number::from_string_unchecked(self.text[start..self.at].to_owned());
        Ok(Value::Number(number))
    }

    fn string(&mut self) -> Result<String, Reason> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = &self.bytes[self.at..];
            let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
            let run = rest.iter().position(special).ok_or(TOO_EARLY)?;
            let (start, end) = (self.at, self.at + run);
            self.at = end;
            match self.bytes[end] {
                b'"' => {
                    self.at += 1;
                    if out.is_empty() {
                        return Ok(self.text[start..end].to_owned());
                    }
                    out.push_str(&self.text[start..end]);
                    return Ok(out);
                }
                b'\\' => {
                    out.push_str(&self.text[start..end]);
                    self.at += 1;
                    out.push(self.escape()?);
                }
                _ => return Err("A control character stands unescaped in a text"),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Reason> {
        let mark = self.peek()?;
        self.at += 1;
        Ok(match mark {
            b'"' | b'\\' | b'/' => char::from(mark),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(ESCAPE),
        })
    }

    fn unicode(&mut self) -> Result<char, Reason> {
        let half = "A text has half a character pair";
        let first = self.hexadecimal()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first).ok_or(half);
        }
        if !self.bytes[self.at..].starts_with(b"\\u") {
            return Err(half);
        }
        self.at += 2;
        let second = self.hexadecimal()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(half);
        }
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)).ok_or(half)
    }

    fn hexadecimal(&mut self) -> Result<u32, Reason> {
        let digits = self.bytes.get(self.at..self.at + 4).ok_or(TOO_EARLY)?;
        let mut value = 0;
        for digit in digits {
            value = value * 16 + char::from(*digit).to_digit(16).ok_or(ESCAPE)?;
        }
        self.at += 4;
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_keep_their_text_and_members_their_order() {
        let text = r#"{"z":1.0,"a":[1E5,0.10,-0,1e-07,120000000000000000000.5],"n":null,"b":true}"#;
        assert_eq!(parse(text).unwrap().to_string(), text);
    }

    #[test]
    fn bad_json_is_told_without_its_text() {
        let table = [
            (r#"{"a":1,"a":2}"#, "twice"),
            (r#"{"a":{"b":1,"b":1}}"#, "twice"),
            (r#"{"a":"#, "too early"),
            (r#"{"a":01}"#, "number"),
            (r#"{"a":1.}"#, "number"),
            (r#"{"a":-}"#, "number"),
            (r#"{"a" 1}"#, "missing"),
            (r#"{"a":1,}"#, "missing"),
            ("[1,]", "missing"),
            ("{} {}", "follows"),
            ("{\"a\":\"Roe\u{1}\"}", "control character"),
            (r#""\x""#, "escape"),
            (r#""\ud800""#, "half"),
            (r#""\ud800\u0041""#, "half"),
        ];
        for (text, part) in table {
            let said = parse(text).unwrap_err();
            assert!(said.contains(part) && !said.contains("Roe"), "{text}: {said}");
        }
        assert!(parse(&("[".repeat(200) + &"]".repeat(200))).unwrap_err().contains("deep"));
        assert!(parse("{\n \"a\": x}").unwrap_err().contains("line 2, column 7"));
    }

    proptest! {
        #[test]
        fn agrees_with_another_reader(text in r#"[\[\]{},:"\\u0-9eE.+\- a-ftrulsn]{0,24}"#) {
            let other = serde_json::from_str::<Value>(&text);
            match parse(&text) {
                Ok(own) => {
                    let shown = own.to_string();
                    let again: Value = serde_json::from_str(&shown).unwrap();
                    prop_assert_eq!(again, other.unwrap());
                }
                Err(reason) => prop_assert!(other.is_err() || reason.contains("twice"), "{}", text),
            }
        }

        #[test]
        fn texts_come_back(text in any::<String>()) {
            let written = Value::from(text.as_str()).to_string();
            prop_assert_eq!(parse(&written).unwrap(), Value::from(text));
        }
    }
}
