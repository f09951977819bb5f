//! What was chosen for a request, what stays out of it, and why.

use crate::{Error, Row, Transaction, View};
use record::{Instant, ResourceKey};

/// What was decided on one entry of the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It goes out.
    Chosen,
    /// A rule keeps it out.
    Withheld {
        /// A sentence.
        reason: String,
        /// The paragraph.
        citation: String,
    },
    /// It is denied in writing, while the rest is given (164.524(d)(1)).
    Denied {
        /// The ground's words.
        reason: String,
        /// The paragraph.
        citation: String,
    },
    /// It was chosen once and taken out again.
    TakenOut,
}

impl Choice {
    /// The stored word.
    pub fn as_str(&self) -> &'static str {
        match self {
            Choice::Chosen => "chosen",
            Choice::Withheld { .. } => "withheld",
            Choice::Denied { .. } => "denied",
            Choice::TakenOut => "taken-out",
        }
    }

    fn grounds(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Choice::Withheld { reason, citation } | Choice::Denied { reason, citation } => {
                (Some(reason), Some(citation))
            }
            Choice::Chosen | Choice::TakenOut => (None, None),
        }
    }
}

/// One entry of the chart, decided on for a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseDocument {
    /// Key.
    pub id: i64,
    /// The request.
    pub request: i64,
    /// The entry.
    pub resource: ResourceKey,
    /// Its place in the packet, from 1; 0 where it doesn't go out.
    pub place: i64,
    /// What was decided.
    pub choice: Choice,
    /// When.
    pub decided_at: Instant,
    /// By whom.
    pub decided_by: String,
}

const COLUMNS: &str = "release_document, release_request, resource, place, state, reason, \
     citation, decided_at, decided_by";

fn document_of(row: &Row) -> Result<ReleaseDocument, Error> {
    let text = |column: usize| Ok::<_, Error>(row.text_or_none(column)?.unwrap_or("").to_owned());
    let choice = match row.text(4)? {
        "chosen" => Choice::Chosen,
        "withheld" => Choice::Withheld { reason: text(5)?, citation: text(6)? },
        "denied" => Choice::Denied { reason: text(5)?, citation: text(6)? },
        "taken-out" => Choice::TakenOut,
        other => return Err(Error::Corrupt(format!("a chosen document is {other}"))),
    };
    Ok(ReleaseDocument {
        id: row.integer(0)?,
        request: row.integer(1)?,
        resource: ResourceKey(row.integer(2)?),
        place: row.integer(3)?,
        choice,
        decided_at: Instant(row.integer(7)?),
        decided_by: row.text(8)?.to_owned(),
    })
}

impl View<'_> {
    /// Every entry that was decided on for a request, those that go out first, in the order of
    /// the packet.
    pub fn release_document_list(&mut self, request: i64) -> Result<Vec<ReleaseDocument>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM release_document WHERE release_request = $1
             ORDER BY CASE state WHEN 'chosen' THEN 0 ELSE 1 END, place, release_document"
        );
        self.query(&sql, &[request.into()])?.iter().map(document_of).collect()
    }

    /// One entry that was decided on.
    pub fn release_document(&mut self, id: i64) -> Result<Option<ReleaseDocument>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM release_document WHERE release_document = $1");
        self.query_one(&sql, &[id.into()])?.as_ref().map(document_of).transpose()
    }
}

impl Transaction<'_> {
    /// Writes down what was decided on each entry: those that go out in the order of the packet.
    /// What was chosen before and is not named now is taken out; the row stays.
    pub fn release_document_put(
        &mut self,
        request: i64,
        choices: &[(ResourceKey, Choice)],
    ) -> Result<(), Error> {
        let known = self.release_document_list(request)?;
        let mut place = 0;
        for (resource, choice) in choices {
            let row = known.iter().find(|row| row.resource == *resource);
            place += i64::from(*choice == Choice::Chosen);
            let at = if *choice == Choice::Chosen { place } else { 0 };
            self.release_document_write(request, *resource, row, choice, at)?;
        }
        for row in known {
            let named = choices.iter().any(|(resource, _)| *resource == row.resource);
            if !named && row.choice != Choice::TakenOut {
                let gone = Choice::TakenOut;
                self.release_document_write(request, row.resource, Some(&row), &gone, 0)?;
            }
        }
        Ok(())
    }

    fn release_document_write(
        &mut self,
        request: i64,
        resource: ResourceKey,
        row: Option<&ReleaseDocument>,
        choice: &Choice,
        place: i64,
    ) -> Result<(), Error> {
        if row.is_some_and(|row| row.choice == *choice && row.place == place) {
            return Ok(());
        }
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let (reason, citation) = choice.grounds();
        let values = [
            ("place", place.into()),
            ("state", choice.as_str().into()),
            ("reason", reason.into()),
            ("citation", citation.into()),
            ("decided_at", at.into()),
            ("decided_by", actor.into()),
        ];
        if let Some(row) = row {
            return self.update("release_document", &[row.id.into()], &values).map(|_| ());
        }
        let id = self.new_id();
        let mut all = vec![
            ("release_document", id.into()),
            ("release_request", request.into()),
            ("resource", resource.0.into()),
        ];
        all.extend(values);
        self.insert("release_document", &all)
    }
}
