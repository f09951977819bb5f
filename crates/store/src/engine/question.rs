//! What a statement asks for, as far as its text says so: which tables, and which values a row must
//! have. So rows that nobody asks for can wait, and what was read once need not be read again.

use super::Value;
use crate::schema::{Table, tables};

/// What a statement asks for.
pub(super) struct Question {
    tables: Vec<&'static Table>,
    /// Columns that must equal a parameter: position in the table, and number of the parameter.
    /// Known only of a statement on one table all of whose conditions must hold.
    equal: Vec<(usize, usize)>,
    /// Whether those are all its parameters.
    is_whole: bool,
    /// Whether it only reads.
    pub reads: bool,
}

impl Question {
    pub fn of(sql: &str) -> Question {
        let reads = sql.trim_start().starts_with("SELECT") && !sql.contains("FOR UPDATE");
        let is_plain = sql.matches("SELECT").count() == 1
            && ["JOIN", " OR ", "UNION", "NOT "].iter().all(|word| !sql.contains(word));
        let tables: Vec<&'static Table> = match from(sql).filter(|_| is_plain && reads) {
            Some(name) => tables().into_iter().filter(|table| table.name == name).collect(),
            None => tables().into_iter().filter(|table| names(sql, table.name)).collect(),
        };
        let conditions = sql.split_once("WHERE").map(|(_, rest)| rest).unwrap_or_default();
        let equal = match &tables[..] {
            [table] if is_plain && reads => equal(conditions, table),
            _ => Vec::new(),
        };
        let mut numbers: Vec<usize> = equal.iter().map(|(_, number)| *number).collect();
        numbers.sort_unstable();
        let is_whole = !equal.is_empty()
            && numbers.iter().copied().eq(1..=numbers.len())
            && sql.matches('$').count() == numbers.len();
        Question { tables, equal, is_whole, reads }
    }

    /// The tables that it names.
    pub fn tables(&self) -> impl Iterator<Item = &'static Table> + '_ {
        self.tables.iter().copied()
    }

    pub fn names(&self, table: &Table) -> bool {
        self.tables.iter().any(|one| one.name == table.name)
    }

    /// The parameters under which this row answers, where they follow from it.
    pub fn parameters_of(&self, row: &[Value]) -> Option<Vec<Value>> {
        let mut pairs = self.equal.clone();
        pairs.sort_by_key(|(_, number)| *number);
        self.is_whole.then(|| pairs.iter().map(|(column, _)| row[*column].clone()).collect())
    }

    /// Whether a row of this table may be among the answers.
    pub fn concerns(&self, parameters: &[Value], table: &Table, row: &[Value]) -> bool {
        let differs = |(column, number): &(usize, usize)| {
            parameters.get(*number - 1).is_some_and(|value| row[*column] != *value)
        };
        self.names(table) && !self.equal.iter().any(differs)
    }
}

/// The one table that a statement reads from.
fn from(sql: &str) -> Option<&str> {
    let clause = sql.split_once("FROM ")?.1;
    let clause = clause.split("WHERE").next().unwrap_or(clause);
    clause.split_whitespace().next().filter(|_| !clause.contains(','))
}

/// The conditions `column = $n`.
fn equal(conditions: &str, table: &Table) -> Vec<(usize, usize)> {
    let words: Vec<&str> =
        conditions.split(|c: char| c.is_whitespace() || "()".contains(c)).collect();
    let read = |three: &[&str]| {
        let column = three[0].rsplit('.').next()?;
        let column = table.columns.iter().position(|one| *one == column)?;
        let number = three[2].strip_prefix('$')?.parse().ok().filter(|number| *number > 0)?;
        (three[1] == "=").then_some((column, number))
    };
    words.windows(3).filter_map(read).collect()
}

/// Whether a statement names a table: as a word of its own, and not as the column of another.
fn names(sql: &str, table: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    sql.match_indices(table).any(|(at, _)| {
        !sql[..at].ends_with(|letter| is_part(letter) || letter == '.')
            && !sql[at + table.len()..].starts_with(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::table;

    /// A row of `resource` of this type and id.
    fn row(kind: &str, fhir_id: &str) -> Vec<Value> {
        let mut row = vec![Value::Null; table("resource").unwrap().columns.len()];
        (row[1], row[2]) = (kind.into(), fhir_id.into());
        row
    }

    #[test]
    fn a_question_concerns_what_may_answer_it() {
        let by_id = "SELECT r.version FROM resource r WHERE r.kind = $1 AND r.fhir_id = $2";
        let cases = [
            (by_id, row("Patient", "a"), true),
            (by_id, row("Patient", "b"), false),
            (by_id, row("Encounter", "a"), false),
            ("SELECT 1 FROM resource WHERE (kind = $1) OR fhir_id = $2", row("Basic", "b"), true),
            ("SELECT 1 FROM resource WHERE NOT (kind = $1)", row("Basic", "b"), true),
            ("SELECT 1 FROM token t JOIN resource r ON r.kind = $1", row("Basic", "b"), true),
            ("UPDATE resource SET kind = $1", row("Basic", "b"), true),
            ("SELECT resource FROM token WHERE digest = $1", row("Patient", "a"), false),
            ("SELECT password_once FROM person", row("Patient", "a"), false),
        ];
        for (sql, row, expected) in cases {
            let asked = Question::of(sql);
            let parameters = ["Patient".into(), "a".into()];
            let concerned = asked.concerns(&parameters, table("resource").unwrap(), &row);
            assert_eq!(concerned, expected, "{sql}");
        }
    }
}
