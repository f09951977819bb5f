//! Rows on their way to PostgreSQL, and answers that came from there.
//!
//! Each statement is a journey over the network and back, and an import adds some forty rows for
//! each entry and asks a dozen questions. So rows wait, and those of a table travel together in one
//! statement, before anything that could ask for them. An answer is kept while the transaction
//! lasts, until a row is written that could change it: nobody else writes meanwhile, for the head
//! of the chain is locked.

use super::question::Question;
use super::{Row, Value};
use crate::schema::Table;
use postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use std::collections::HashMap;
use std::sync::Arc;

/// Rows of a table that travel together at most.
const ROWS_MAX: usize = 2000;
/// Rows of an answer that is kept.
const ANSWER_ROWS_MAX: usize = 8;
/// Statements whose questions are kept.
const QUESTIONS_MAX: usize = 512;
/// Answers that are kept at most.
const ANSWERS_MAX: usize = 50_000;

type Rows = (&'static Table, Vec<Vec<Value>>);

/// What one transaction has not sent yet, and what it was told.
#[derive(Default)]
pub(super) struct Waiting {
    rows: Vec<Rows>,
    questions: HashMap<String, Arc<Question>>,
    answers: HashMap<String, HashMap<Vec<Value>, Vec<Row>>>,
    answers_count: usize,
    /// Whether the open transaction keeps all others from writing: answers stay true.
    is_alone: bool,
}

impl Waiting {
    /// Adds a row; gives the rows of its table back once they are many.
    pub fn add(&mut self, table: &'static Table, row: Vec<Value>) -> Option<Rows> {
        for (sql, answers) in &mut self.answers {
            let question = &self.questions[sql];
            if !question.names(table) || answers.is_empty() {
                continue;
            }
            match question.parameters_of(&row) {
                Some(parameters) => drop(answers.remove(&parameters)),
                None => answers.clear(),
            }
        }
        let known = self.rows.iter().position(|(one, _)| one.name == table.name);
        let at = known.unwrap_or_else(|| {
            self.rows.push((table, Vec::new()));
            self.rows.len() - 1
        });
        self.rows[at].1.push(row);
        (self.rows[at].1.len() >= ROWS_MAX).then(|| self.rows.swap_remove(at))
    }

    /// The rows that must be there before this statement: all of them where it ends a savepoint
    /// or commits, else those of tables of which it may ask for one. What is rolled back never
    /// travels.
    pub fn due(&mut self, sql: &str, parameters: &[Value]) -> Vec<Rows> {
        match sql.split_whitespace().next().unwrap_or_default() {
            "ROLLBACK" => {
                self.rows.clear();
                self.forget();
                self.is_alone = sql.starts_with("ROLLBACK TO");
                return Vec::new();
            }
            "BEGIN" | "COMMIT" => {
                self.forget();
                self.is_alone = false;
                return std::mem::take(&mut self.rows);
            }
            word @ ("RELEASE" | "SAVEPOINT") => {
                self.is_alone |= word == "SAVEPOINT";
                return std::mem::take(&mut self.rows);
            }
            _ => {}
        }
        if self.rows.is_empty() && self.answers_count == 0 {
            return Vec::new();
        }
        let question = self.question(sql);
        if !question.reads {
            // Which rows it changes isn't known.
            for (sql, answers) in &mut self.answers {
                let asked = &self.questions[sql];
                if question.tables().any(|table| asked.names(table)) {
                    answers.clear();
                }
            }
        }
        let is_due = |(table, rows): &mut Rows| {
            rows.iter().any(|row| question.concerns(parameters, table, row))
        };
        self.rows.extract_if(.., is_due).collect()
    }

    fn question(&mut self, sql: &str) -> Arc<Question> {
        if let Some(known) = self.questions.get(sql) {
            return known.clone();
        }
        if self.questions.len() >= QUESTIONS_MAX {
            self.questions.clear();
            self.forget();
        }
        let question = Arc::new(Question::of(sql));
        self.questions.insert(sql.to_owned(), question.clone());
        question
    }

    /// The answer that this question had, where it still holds.
    pub fn answer(&self, sql: &str, parameters: &[Value]) -> Option<&Vec<Row>> {
        self.answers.get(sql)?.get(parameters)
    }

    /// Keeps the answer to a question.
    pub fn keep(&mut self, sql: &str, parameters: &[Value], answer: &[Row]) {
        if !self.is_alone || answer.len() > ANSWER_ROWS_MAX || !self.question(sql).reads {
            return;
        }
        if self.answers_count >= ANSWERS_MAX {
            self.forget();
        }
        self.answers_count += 1;
        if !self.answers.contains_key(sql) {
            self.answers.insert(sql.to_owned(), HashMap::new());
        }
        let answers = self.answers.get_mut(sql).expect("it was put just now");
        answers.insert(parameters.to_vec(), answer.to_vec());
    }

    fn forget(&mut self) {
        self.answers.clear();
        self.answers_count = 0;
    }
}

/// The values of one column, row by row.
#[derive(Debug)]
pub(super) struct Columns<'a> {
    rows: &'a [Vec<Value>],
    column: usize,
}

impl<'a> Columns<'a> {
    /// Every column of these rows.
    pub fn of(table: &Table, rows: &'a [Vec<Value>]) -> Vec<Columns<'a>> {
        (0..table.columns.len()).map(|column| Columns { rows, column }).collect()
    }
}

impl ToSql for Columns<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        let values: Vec<&Value> = self.rows.iter().map(|row| &row[self.column]).collect();
        values.to_sql(kind, out)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::table;

    fn due(waiting: &mut Waiting, sql: &str) -> Vec<(&'static str, usize)> {
        let due = waiting.due(sql, &[]);
        due.iter().map(|(table, rows)| (table.name, rows.len())).collect()
    }

    fn row(name: &str) -> Vec<Value> {
        vec![Value::Null; table(name).unwrap().columns.len()]
    }

    #[test]
    fn rows_travel_before_what_could_ask_for_them_and_never_after_a_rollback() {
        let mut waiting = Waiting::default();
        for name in ["token", "word", "token", "version"] {
            assert!(waiting.add(table(name).unwrap(), row(name)).is_none());
        }
        let none: [(&str, usize); 0] = [];
        assert_eq!(due(&mut waiting, "SELECT r.version, r.word FROM resource r"), none);
        let sql = "SELECT 1 FROM token t JOIN resource r ON r.resource = t.resource";
        assert_eq!(due(&mut waiting, sql), [("token", 2)]);
        assert_eq!(due(&mut waiting, sql), none);
        assert_eq!(due(&mut waiting, "UPDATE version SET unit = $2"), [("version", 1)]);
        assert_eq!(due(&mut waiting, "RELEASE SAVEPOINT work"), [("word", 1)]);
        waiting.add(table("word").unwrap(), row("word"));
        assert_eq!(due(&mut waiting, "ROLLBACK TO SAVEPOINT work"), none);
        assert_eq!(due(&mut waiting, "COMMIT"), none);
        let added = (0..ROWS_MAX).filter_map(|_| waiting.add(table("word").unwrap(), row("word")));
        assert_eq!(added.map(|(_, rows)| rows.len()).collect::<Vec<_>>(), [ROWS_MAX]);
        assert_eq!(due(&mut waiting, "COMMIT"), none);
    }

    #[test]
    fn an_answer_holds_until_a_row_could_change_it() {
        const ASKED: &str = "SELECT kind FROM alias WHERE alias = $1";
        let mut waiting = Waiting::default();
        let key = |name: &str| [Value::from(name)];
        let keep = |waiting: &mut Waiting| {
            ["a", "b"].iter().for_each(|name| waiting.keep(ASKED, &key(name), &[]));
            waiting.answer(ASKED, &key("a")).is_some()
        };
        assert!(!keep(&mut waiting), "another process could write");
        waiting.due("BEGIN", &[]);
        waiting.due("SAVEPOINT work", &[]);
        assert!(keep(&mut waiting));
        let mut added = row("alias");
        added[0] = "a".into();
        waiting.add(table("alias").unwrap(), added);
        assert!(waiting.answer(ASKED, &key("a")).is_none());
        assert!(waiting.answer(ASKED, &key("b")).is_some());
        waiting.due("DELETE FROM alias WHERE alias = $1", &key("c"));
        assert!(waiting.answer(ASKED, &key("b")).is_none(), "who knows what it removes");
        for end in ["COMMIT", "ROLLBACK", "ROLLBACK TO SAVEPOINT work"] {
            waiting.due("SAVEPOINT work", &[]);
            keep(&mut waiting);
            waiting.due(end, &[]);
            assert!(waiting.answer(ASKED, &key("b")).is_none(), "{end}");
        }
    }
}
