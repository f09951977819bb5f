//! The packets that were made for a request, and what the verifier said of each.

use crate::{Error, Row, Store, Transaction, View};
use record::{ContentHash, Instant, PatientKey};

/// A packet, or the attempt at one that the verifier refused.
#[derive(Clone, Debug)]
pub struct ReleasePacket {
    /// Key.
    pub id: i64,
    /// The request.
    pub request: i64,
    /// From 1.
    pub number: i64,
    /// The file; none where the verifier refused it.
    pub blob: Option<i64>,
    /// Hash of the file.
    pub content_hash: ContentHash,
    /// Pages.
    pub pages_count: i64,
    /// What the verifier found: only zero leaves the house.
    pub leaks_count: i64,
    /// Where, without the texts.
    pub leak_places: String,
    /// Whether the statement of 42 CFR 2.32 is in it.
    pub has_part2_statement: bool,
    /// When it was made.
    pub made_at: Instant,
    /// By whom.
    pub made_by: String,
    /// When the second person checked it.
    pub checked_at: Option<Instant>,
    /// The second person.
    pub checked_by: Option<String>,
}

/// A packet about to be kept.
pub struct NewReleasePacket<'a> {
    /// The request.
    pub request: i64,
    /// Whose record it holds.
    pub patient: PatientKey,
    /// The file, or what the verifier refused: of that only the hash is kept.
    pub bytes: &'a [u8],
    /// Pages.
    pub pages_count: i64,
    /// What the verifier found.
    pub leaks_count: i64,
    /// Where, without the texts.
    pub leak_places: &'a str,
    /// Whether the statement of 42 CFR 2.32 is in it.
    pub has_part2_statement: bool,
}

const PACKET_COLUMNS: &str = "release_packet, release_request, number, blob, content_hash, \
     pages_count, leaks_count, leak_places, has_part2_statement, made_at, made_by, checked_at, \
     checked_by";

fn packet_of(row: &Row) -> Result<ReleasePacket, Error> {
    Ok(ReleasePacket {
        id: row.integer(0)?,
        request: row.integer(1)?,
        number: row.integer(2)?,
        blob: row.integer_or_none(3)?,
        content_hash: ContentHash::from_slice(row.blob(4)?)
            .ok_or_else(|| Error::Corrupt("a packet's hash can't be read".into()))?,
        pages_count: row.integer(5)?,
        leaks_count: row.integer(6)?,
        leak_places: row.text(7)?.to_owned(),
        has_part2_statement: row.integer(8)? != 0,
        made_at: Instant(row.integer(9)?),
        made_by: row.text(10)?.to_owned(),
        checked_at: row.integer_or_none(11)?.map(Instant),
        checked_by: row.text_or_none(12)?.map(str::to_owned),
    })
}

impl View<'_> {
    /// The packets of a request, the newest first.
    pub fn release_packet_list(&mut self, request: i64) -> Result<Vec<ReleasePacket>, Error> {
        let sql = format!(
            "SELECT {PACKET_COLUMNS} FROM release_packet WHERE release_request = $1
             ORDER BY number DESC"
        );
        self.query(&sql, &[request.into()])?.iter().map(packet_of).collect()
    }

    /// The packet that was made since the documents were last in review or chosen: ids grow with
    /// time. An older one holds what may have changed since.
    pub fn release_packet_current(&mut self, request: i64) -> Result<Option<ReleasePacket>, Error> {
        let sql = format!(
            "SELECT {PACKET_COLUMNS} FROM release_packet
             WHERE release_request = $1 AND release_packet >
                   (SELECT COALESCE(MAX(e.release_event), 0) FROM release_event e
                    WHERE e.release_request = $1 AND e.to_state IN
                          ('identified', 'validated', 'selected', 'sensitive-review', 'redaction'))
             ORDER BY number DESC LIMIT 1"
        );
        self.query_one(&sql, &[request.into()])?.as_ref().map(packet_of).transpose()
    }
}

impl Transaction<'_> {
    /// Notes the second person's check of a packet.
    pub fn release_packet_check(&mut self, packet: i64) -> Result<(), Error> {
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let values = [("checked_at", at.into()), ("checked_by", actor.into())];
        self.update("release_packet", &[packet.into()], &values).map(|_| ())
    }
}

impl Store {
    /// Keeps a packet under the key of its patient; of one that the verifier refused, only what
    /// was found.
    pub fn release_packet_create(
        &self,
        transaction: &mut Transaction<'_>,
        new: &NewReleasePacket<'_>,
    ) -> Result<i64, Error> {
        let latest = transaction.release_packet_list(new.request)?.into_iter().next();
        let number = latest.map_or(1, |packet| packet.number + 1);
        let blob = match new.leaks_count {
            0 => {
                let unit = transaction.unit_of(Some(new.patient))?;
                Some(self.blob_stage(transaction, unit, new.bytes)?)
            }
            _ => None,
        };
        let id = transaction.new_id();
        let (at, actor) = (transaction.context().at.0, transaction.context().actor.key());
        let hash = ContentHash::of(new.bytes);
        transaction.insert(
            "release_packet",
            &[
                ("release_packet", id.into()),
                ("release_request", new.request.into()),
                ("number", number.into()),
                ("blob", blob.into()),
                ("content_hash", hash.0.to_vec().into()),
                ("pages_count", new.pages_count.into()),
                ("leaks_count", new.leaks_count.into()),
                ("leak_places", new.leak_places.into()),
                ("has_part2_statement", i64::from(new.has_part2_statement).into()),
                ("made_at", at.into()),
                ("made_by", actor.into()),
            ],
        )?;
        Ok(id)
    }
}
