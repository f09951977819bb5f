//! Finds where JSON values begin and end, without building them.
//!
//! No recursion: hostile nesting costs nothing. Only strings and brackets are understood; whether
//! the value is JSON in every detail is told by [`super::parse`].

/// Deepest nesting of objects and lists that is taken.
pub const DEPTH_MAX: usize = 128;

/// Why a value has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The text ends inside the value.
    Truncated,
    /// A bracket closes what is not open, or a mark stands where none may.
    Misplaced,
    /// Nested deeper than [`DEPTH_MAX`].
    TooDeep,
}

impl Broken {
    /// A sentence for the finding.
    pub fn reason(self) -> &'static str {
        match self {
            Broken::Truncated => "The JSON ends before its last bracket or quote: send it again.",
            Broken::Misplaced => "A bracket or comma of the JSON is misplaced.",
            Broken::TooDeep => "The JSON is nested deeper than 128 levels.",
        }
    }
}

/// Next position that is not white space.
pub fn skip_space(text: &[u8], mut at: usize) -> usize {
    while matches!(text.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// Position after the string whose opening quote stands at `at`.
pub fn skip_string(text: &[u8], at: usize) -> Result<usize, Broken> {
    let mut at = at + 1;
    loop {
        let rest = text.get(at..).ok_or(Broken::Truncated)?;
        let step = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'));
        at += step.ok_or(Broken::Truncated)?;
        if text[at] == b'"' {
            return Ok(at + 1);
        }
        at += 2;
    }
}

/// Position after the value that begins at `at`.
pub fn skip_value(text: &[u8], at: usize) -> Result<usize, Broken> {
    match text.get(at) {
        None => Err(Broken::Truncated),
        Some(b'{' | b'[') => skip_nested(text, at),
        Some(b'"') => skip_string(text, at),
        Some(b'}' | b']' | b',' | b':') => Err(Broken::Misplaced),
        Some(_) => {
            let ends = |byte: &u8| b" \t\r\n,]}:{[\"".contains(byte);
            Ok(text[at..].iter().position(ends).map_or(text.len(), |length| at + length))
        }
    }
}

fn skip_nested(text: &[u8], mut at: usize) -> Result<usize, Broken> {
    // One bit a level: whether an object is open there.
    let mut open: u128 = 0;
    let mut depth = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => {
                at = skip_string(text, at)?;
                continue;
            }
            b'{' | b'[' => {
                if depth == DEPTH_MAX {
                    return Err(Broken::TooDeep);
                }
                open = (open << 1) | u128::from(*byte == b'{');
                depth += 1;
            }
            b'}' | b']' => {
                if (open & 1 == 1) != (*byte == b'}') {
                    return Err(Broken::Misplaced);
                }
                open >>= 1;
                depth -= 1;
                if depth == 0 {
                    return Ok(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    Err(Broken::Truncated)
}

/// One member of an object: its name as written, between quotes, and where its value begins.
pub struct Member<'a> {
    /// The name, without quotes; escapes are not resolved.
    pub name: &'a [u8],
    /// Where the value begins.
    pub value: usize,
}

/// The member that begins at or after `at`, in an object; `None` at its closing bracket.
pub fn next_member(text: &[u8], at: usize) -> Result<Option<Member<'_>>, Broken> {
    let mut at = skip_space(text, at);
    if text.get(at) == Some(&b',') {
        at = skip_space(text, at + 1);
    }
    match text.get(at) {
        None => Err(Broken::Truncated),
        Some(b'}') => Ok(None),
        Some(b'"') => {
            let end = skip_string(text, at)?;
            let colon = skip_space(text, end);
            match text.get(colon) {
                Some(b':') => {
                    let value = skip_space(text, colon + 1);
                    Ok(Some(Member { name: &text[at + 1..end - 1], value }))
                }
                None => Err(Broken::Truncated),
                Some(_) => Err(Broken::Misplaced),
            }
        }
        Some(_) => Err(Broken::Misplaced),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_where_they_end() {
        let table: [(&str, Result<usize, Broken>); 10] = [
            (r#"{"a":"}"} x"#, Ok(9)),
            (r#"{"a":"\"}"}"#, Ok(11)),
            ("[1,[2]]", Ok(7)),
            ("12,", Ok(2)),
            (r#""\\""#, Ok(4)),
            (r#"{"a":["#, Err(Broken::Truncated)),
            (r#"{"a":"b"#, Err(Broken::Truncated)),
            (r#""\"#, Err(Broken::Truncated)),
            ("{]", Err(Broken::Misplaced)),
            ("]", Err(Broken::Misplaced)),
        ];
        for (text, expected) in table {
            assert_eq!(skip_value(text.as_bytes(), 0), expected, "{text}");
        }
        assert_eq!(skip_value(&b"[".repeat(1_000_000), 0), Err(Broken::TooDeep));
        assert_eq!(skip_value("[".repeat(128).as_bytes(), 0), Err(Broken::Truncated));
        let deepest = "[".repeat(128) + &"]".repeat(128);
        assert_eq!(skip_value(deepest.as_bytes(), 0), Ok(256));
    }
}
