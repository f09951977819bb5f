//! Letters: what is missing, denied, extended, owed, enclosed; and the accounting report.
//!
//! A letter is structured text. Whoever renders it decides on fonts and pages.

use crate::accounting::{Accounting, Series};
use crate::basis::Evaluation;
use crate::clock::Due;
use crate::fee::{Fee, dollars};
use crate::lifecycle::DenialGround;
use jiff::civil::Date;
use record::Private;
use serde::{Deserialize, Serialize};

/// A letter, ready to be laid out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// What it is: "What is missing from your request".
    pub title: String,
    /// Day of the letter.
    pub on: Date,
    /// Lines of the address.
    pub to: Vec<Private>,
    /// Number of the request.
    pub request: String,
    /// The body.
    pub blocks: Vec<Block>,
}

/// A part of a letter's body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Block {
    /// A heading.
    Heading {
        /// Its text.
        text: String,
    },
    /// A paragraph.
    Paragraph {
        /// Its text.
        text: String,
    },
    /// A list.
    List {
        /// Its items.
        items: Vec<String>,
    },
    /// A table.
    Table {
        /// Column heads.
        head: Vec<String>,
        /// Rows, as wide as the head.
        rows: Vec<Vec<String>>,
    },
}

/// What every letter needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Day of the letter.
    pub on: Date,
    /// Lines of the address.
    pub to: Vec<Private>,
    /// Number of the request.
    pub request: String,
    /// The organization that writes.
    pub organization: String,
    /// Where to ask and complain: name or title, telephone, address.
    pub contact: String,
}

/// The statement of 42 CFR 2.32(a)(1), as of 2024, word for word.
pub const PART2_STATEMENT: &str = "This record which has been disclosed to you is protected by \
Federal confidentiality rules (42 CFR part 2). These rules prohibit you from using or disclosing \
this record, or testimony that describes the information contained in this record, in any civil, \
criminal, administrative, or legislative proceedings by any Federal, State, or local authority, \
against the patient, unless authorized by the consent of the patient, except as provided at 42 CFR \
2.12(c)(5) or as authorized by a court in accordance with 42 CFR 2.64 or 2.65. In addition, the \
Federal rules prohibit you from making any other use or disclosure of this record unless at least \
one of the following applies: (i) Further use or disclosure is expressly permitted by the written \
consent of the individual whose information is being disclosed in this record or as otherwise \
permitted by 42 CFR part 2. (ii) You are a covered entity or business associate and have received \
the record for the purpose of treatment, payment, or health care operations, or (iii) You have \
received the record from a covered entity or business associate as permitted by 45 CFR part 164, \
subparts A and E. A general authorization for the release of medical or other information is NOT \
sufficient to meet the required elements of written consent to further use or redisclose the \
record (see 42 CFR 2.31).";

fn paragraph(text: impl Into<String>) -> Block {
    Block::Paragraph { text: text.into() }
}

fn heading(text: &str) -> Block {
    Block::Heading { text: text.to_owned() }
}

fn letter(envelope: &Envelope, title: &str, blocks: Vec<Block>) -> Letter {
    let mut blocks = blocks;
    blocks.push(paragraph(format!("Questions: {}, {}.", envelope.organization, envelope.contact)));
    Letter {
        title: title.to_owned(),
        on: envelope.on,
        to: envelope.to.clone(),
        request: envelope.request.clone(),
        blocks,
    }
}

/// Names each element that is missing or wrong, with its paragraph.
pub fn missing_elements(envelope: &Envelope, evaluation: &Evaluation) -> Letter {
    let items = evaluation.missing().map(|e| format!("{} ({})", e.remedy, e.citation)).collect();
    let blocks = vec![
        paragraph(
            "We received the request named above and can't release the information yet. The \
             following is missing or isn't right:",
        ),
        Block::List { items },
        paragraph(
            "Please send what is missing. Your request stays open; you don't need to start again.",
        ),
    ];
    letter(envelope, "What is missing from the request", blocks)
}

/// Denies access in writing with the individual's rights, 45 CFR 164.524(d)(2).
pub fn denied(envelope: &Envelope, ground: DenialGround, explanation: &str) -> Letter {
    let mut blocks = vec![
        paragraph("We can't give what was asked for, or a part of it."),
        heading("Why"),
        paragraph(format!("{}: {} ({}).", ground.label(), explanation, ground.citation())),
    ];
    if ground.is_reviewable() {
        blocks.push(heading("Your right to a review"));
        blocks.push(paragraph(
            "You can have this decision reviewed. A licensed health care professional who took \
             no part in it will review it, and we will follow the outcome. Ask us in writing (45 \
             CFR 164.524(a)(4), (d)(4)).",
        ));
    } else if ground.is_of_access() {
        blocks.push(heading("Review"));
        blocks.push(paragraph(
            "The rules give no right of review for this ground (45 CFR 164.524(a)(2)).",
        ));
    }
    if ground.is_of_access() {
        blocks.push(paragraph(
            "You get the rest of the record that you asked for (45 CFR 164.524(d)(1)).",
        ));
    }
    blocks.push(heading("How to complain"));
    blocks.push(complaint(envelope));
    letter(envelope, "Our decision on the request", blocks)
}

/// Tells the outcome of the review of a denial, 45 CFR 164.524(d)(4).
pub fn reviewed(envelope: &Envelope, upheld: bool, explanation: &str) -> Letter {
    let outcome = match upheld {
        true => "The reviewer has decided that the denial stands.",
        false => {
            "The reviewer has decided that the denial does not stand. We go on with the \
                  request."
        }
    };
    let mut blocks = vec![
        paragraph(
            "A licensed health care professional who took no part in our decision has reviewed \
             it, as you asked (45 CFR 164.524(a)(4), (d)(4)).",
        ),
        paragraph(format!("{outcome} The reviewer's reason: {explanation}")),
    ];
    if upheld {
        blocks.push(heading("How to complain"));
        blocks.push(complaint(envelope));
    }
    letter(envelope, "The outcome of the review", blocks)
}

/// How to complain, to us and to the Secretary.
fn complaint(envelope: &Envelope) -> Block {
    paragraph(format!(
        "You can complain to us ({}), or to the Secretary of Health and Human Services, Office \
         for Civil Rights, 200 Independence Avenue SW, Washington, DC 20201, \
         www.hhs.gov/ocr/complaints. Nobody may retaliate against you for it (45 CFR \
         164.524(d)(2)(iii), 164.530(d), (g)).",
        envelope.contact
    ))
}

/// Tells of the one extension: the reason and the new date.
pub fn extended(envelope: &Envelope, due: &Due) -> Letter {
    let reason = due.extension_reason.as_deref().unwrap_or("");
    let blocks = vec![
        paragraph(format!(
            "We can't finish the request by {}. The reason: {reason}.",
            due.first_due
        )),
        paragraph(format!(
            "We will finish it by {}. There is no second extension ({}).",
            due.on, due.citation
        )),
    ];
    letter(envelope, "We need more time", blocks)
}

/// Sends a request back, and says where to ask where that is known, 45 CFR 164.524(d)(3).
pub fn returned(envelope: &Envelope, reason: &str) -> Letter {
    let blocks = vec![
        paragraph("We send the request back. What it asks for isn't ours to give."),
        paragraph(reason.trim()),
        paragraph(
            "Where the record is held elsewhere and we know where, we have said so above (45 CFR \
             164.524(d)(3)).",
        ),
    ];
    letter(envelope, "Your request goes back to you", blocks)
}

/// The invoice of a fee.
pub fn invoice(envelope: &Envelope, fee: &Fee) -> Letter {
    let row = |line: &crate::fee::FeeLine| {
        vec![line.what.clone(), dollars(line.cents), line.citation.text.clone()]
    };
    let mut rows: Vec<Vec<String>> = fee.lines.iter().map(row).collect();
    rows.push(vec!["Total".into(), dollars(fee.total_cents()), String::new()]);
    let head = vec!["What".into(), "Amount".into(), "Rule".into()];
    let blocks = vec![
        paragraph("The copy that was asked for costs:"),
        Block::Table { head, rows },
        paragraph(
            "No charge is made for searching or retrieving a patient's own record. An unpaid bill \
             for care never holds a copy back.",
        ),
    ];
    letter(envelope, "Fee for copies", blocks)
}

/// The cover of a packet. With `part2_consent` it carries the 2.32 statement and the scope of the
/// consent (42 CFR 2.32(a), (b)).
pub fn cover(
    envelope: &Envelope,
    contents: &[String],
    part2_consent: Option<&str>,
    partly_denied: bool,
) -> Letter {
    let mut blocks = vec![
        paragraph("Enclosed is the information that was asked for:"),
        Block::List { items: contents.to_vec() },
    ];
    if partly_denied {
        blocks.push(paragraph("A part wasn't given. A letter apart tells why."));
    }
    if let Some(consent_scope) = part2_consent {
        blocks.push(heading("Notice: 42 CFR Part 2"));
        blocks.push(paragraph(PART2_STATEMENT));
        blocks.push(paragraph(format!(
            "This disclosure is made with the patient's written consent. Its scope: {consent_scope}"
        )));
    }
    blocks.push(paragraph(
        "This packet is meant for the one named above. If it reached you by mistake, don't read \
         or copy it, and call us at once.",
    ));
    letter(envelope, "Release of information", blocks)
}

/// The accounting as the individual gets it. Suspended entries leave no trace in it.
pub fn accounting_report(envelope: &Envelope, accounting: &Accounting) -> Letter {
    let mut blocks = vec![paragraph(format!(
        "Disclosures of your health information from {} to {}, except those that 45 CFR \
         164.528(a)(1) leaves out (treatment, payment, operations, to you, with your \
         authorization, and others).",
        accounting.from, accounting.to
    ))];
    if accounting.entries.is_empty() {
        blocks.push(paragraph("There are none."));
    } else {
        let head = ["Date", "Recipient and address", "What", "Purpose"];
        let rows = accounting.series().into_iter().map(|Series { first: entry, count, last }| {
            let when = match count {
                1 => entry.on.to_string(),
                _ => format!("{}; {count} in all, the last on {last}", entry.on),
            };
            let address = entry.recipient_address.as_ref().map_or("", |a| a.reveal());
            let recipient = format!("{} {address}", entry.recipient.reveal());
            vec![
                when,
                recipient.trim().to_owned(),
                entry.description.clone(),
                entry.purpose.clone(),
            ]
        });
        let head = head.iter().map(|text| (*text).to_owned()).collect();
        blocks.push(Block::Table { head, rows: rows.collect() });
    }
    letter(envelope, "Accounting of disclosures", blocks)
}

impl Letter {
    /// The letter as plain text, for a preview and for search.
    pub fn to_text(&self) -> String {
        let mut text = format!("{}\n{}\n", self.title, self.on);
        for block in &self.blocks {
            match block {
                Block::Heading { text: heading } => text += &format!("\n{heading}\n"),
                Block::Paragraph { text: paragraph } => text += &format!("\n{paragraph}\n"),
                Block::List { items } => {
                    text.push('\n');
                    items.iter().for_each(|item| text += &format!("- {item}\n"));
                }
                Block::Table { head, rows } => {
                    text += &format!("\n{}\n", head.join(" | "));
                    rows.iter().for_each(|row| text += &format!("{}\n", row.join(" | ")));
                }
            }
        }
        text
    }
}

#[cfg(test)]
mod tests;
