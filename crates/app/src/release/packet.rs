//! The packet: written from what survives the review, verified, checked by a second person,
//! handed out.

use super::case::{Case, case_in, case_of, is_sent};
use super::loaded::Loaded;
use super::material::{Content, Material, packet_page};
use super::review::{Overview, overview_in};
use super::standing::Standing;
use super::tables;
use crate::Error;
use crate::access::{Right, require};
use crate::pages_of::{PageImage, RenderPage, SCREEN_DPI};
use record::{Context, LabelMask};
use redaction::mark::{MarkState, Place};
use redaction::packet::pages_of_item;
use redaction::pdf::layout::Block;
use redaction::pdf::write::Writer;
use redaction::{BuildError, Builder, Built, ItemContent, LeakKind, PacketItem, PageBox};
use release::Action;
use release::letter::{self, Envelope, Letter};
use release::lifecycle::StateName;
use release::packet::{KeptPacket, PacketAction, PacketState, apply};
use release::scope::needs_part2_statement;
use std::collections::BTreeMap;
use store::release::{Choice, NewReleasePacket, ReleaseMark, ReleasePacket};
use store::{AuditEntry, Store, View};

/// Media type of packets.
const PACKET_TYPE: &str = "application/pdf";

/// Everything that the packet page shows.
pub struct PacketShown {
    /// The request with its documents.
    pub overview: Overview,
    /// The packet as it stands, since the documents were last in review.
    pub current: Option<ReleasePacket>,
    /// Every packet that was made, the newest first.
    pub packets: Vec<ReleasePacket>,
    /// Names of those who made and checked them.
    pub names: BTreeMap<String, String>,
    /// Whether this person prepared the request, and so may not check it.
    pub is_own: bool,
}

/// The packet of a request: what was made, what was found, who checked it.
///
/// # Errors
/// [`Error::NotFound`] where the request is not there, or hidden.
pub fn packet(store: &Store, context: &Context, request: i64) -> Result<PacketShown, Error> {
    require(store, context, Right::Release)?;
    store.read(context, |view| {
        let overview = overview_in(view, request)?;
        let packets = view.release_packet_list(request)?;
        let keys = packets
            .iter()
            .flat_map(|packet| [Some(packet.made_by.as_str()), packet.checked_by.as_deref()]);
        let names = crate::entry::names(view, keys.flatten())?;
        let is_own = overview.case.request.prepared_by.contains(&context.actor);
        let current = view.release_packet_current(request)?;
        let audit = AuditEntry::new(context, "release.packet", format!("release/{request}"));
        let audit = audit.patients([overview.case.patient]);
        Ok((PacketShown { overview, current, packets, names, is_own }, audit))
    })
}

/// What a packet is written from, taken on one state of the store.
struct Source {
    case: Case,
    standing: Standing,
    cover: Letter,
    has_part2_statement: bool,
}

/// Makes the packet, verifies it and keeps it. One in which the verifier finds anything is not
/// kept: what was found stands in its row, and the request stays where it is.
///
/// # Errors
/// [`Error::Refused`] while a document or a mark is undecided, a page can't be rendered, or the
/// verifier found something.
pub fn make(
    store: &Store,
    context: &Context,
    render: &RenderPage,
    request: i64,
) -> Result<(), Error> {
    require(store, context, Right::Release)?;
    let source = store.look(context, |view| source_of(store, view, request))?;
    let built = build(render, &source)?;
    let patient = source.case.patient;
    let (bytes, pages_count, leaks) = match &built {
        Ok(built) => (built.bytes.as_slice(), built.pages as i64, Vec::new()),
        Err(leaks) => (&[][..], 0, leaks.clone()),
    };
    let leak_places = leaks.join("; ");
    store.write(context, |transaction| {
        let now = case_in(transaction, request)?;
        if now.request != source.case.request {
            return Err(Error::Conflict(
                "Somebody worked on this request while the packet was written. Make it again."
                    .into(),
            ));
        }
        let before = transaction.release_packet_current(request)?;
        let leaks_count = u32::try_from(leaks.len()).unwrap_or(u32::MAX);
        let doing = PacketAction::Make { is_reviewed: true, leaks: leaks_count };
        apply(PacketState::of(&now.request, before.as_ref().map(kept)), doing)
            .map_err(|no| Error::Refused(no.to_string()))?;
        store.release_packet_create(
            transaction,
            &NewReleasePacket {
                request,
                patient,
                bytes,
                pages_count,
                leaks_count: leaks.len() as i64,
                leak_places: &leak_places,
                has_part2_statement: source.has_part2_statement,
            },
        )?;
        let audit = AuditEntry::new(context, "release.packet.make", format!("release/{request}"));
        let detail = format!(r#"{{"pages":{pages_count},"leaks":{}}}"#, leaks.len());
        Ok(transaction.audit(&audit.patients([patient]).detail(detail))?)
    })?;
    match built {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::Refused(format!(
            "The packet isn't handed out: the verifier found {} thing(s) in it that must not be \
             there, the first {}. Send the request back to redaction, and withhold the other \
             places as well or let them stand.",
            leaks.len(),
            leaks.first().map_or("unknown", String::as_str)
        ))),
    }
}

/// Approves the packet as the second person, with the fee as it was counted.
///
/// # Errors
/// [`Error::Refused`] for whoever prepared it, without a packet, or with one that leaks.
pub fn approve(store: &Store, context: &Context, request: i64, revision: i64) -> Result<(), Error> {
    require(store, context, Right::Release)?;
    let loaded = store.look(context, |view| Loaded::of(view, request))?;
    let fee = loaded.row.body.fee;
    super::act(store, context, request, revision, Action::Approve { fee })
}

/// Sends a request back to redaction: its packet ends with that.
///
/// # Errors
/// [`Error::Refused`] without a reason, or where redaction isn't an earlier desk.
pub fn send_back(
    store: &Store,
    context: &Context,
    request: i64,
    (revision, why): (i64, &str),
) -> Result<(), Error> {
    let action = Action::SendBack { to: StateName::Redaction, why: why.to_owned() };
    super::act(store, context, request, revision, action)
}

fn source_of(store: &Store, view: &mut View<'_>, request: i64) -> Result<Source, Error> {
    let loaded = Loaded::of(view, request)?;
    let today = loaded.today;
    let partly_denied =
        loaded.request().selection.as_ref().is_some_and(|chosen| !chosen.denied.is_empty());
    let case = case_of(view, loaded)?;
    if case.request.state.name() != StateName::QualityCheck {
        return Err(Error::Refused(format!(
            "A packet is made when the review is finished; this request is \"{}\".",
            case.request.state.name()
        )));
    }
    let standing = Standing::of(store, view, &case)?;
    standing.require_done()?;
    let labels = case
        .documents
        .iter()
        .fold(LabelMask::NONE, |mask, document| mask.with(document.item.labels));
    let scope = case.scope()?;
    let has_part2_statement = needs_part2_statement(scope, labels);
    let contents = tables::contents(&standing);
    let (requester, number) = (&case.request.requester, &case.request.number);
    let envelope = super::letters::envelope(view, requester, number, today)?;
    let envelope = Envelope { to: vec![scope.recipient_name.clone()], ..envelope };
    let consent = case.request.asked_for.reveal();
    let part2 = has_part2_statement.then_some(consent);
    let cover = letter::cover(&envelope, &contents, part2, partly_denied);
    Ok(Source { case, standing, cover, has_part2_statement })
}

/// One part of a document, ready for the builder.
enum Sheet<'a> {
    Item(PacketItem),
    Pages { title: &'a str, media_type: &'a str, bytes: &'a [u8], boxes: Vec<PageBox> },
}

/// The packet; or the places where the verifier found what must not be there.
fn build(render: &RenderPage, source: &Source) -> Result<Result<Built, Vec<String>>, Error> {
    let cover = blocks_of(&source.cover);
    let mut sheets = Vec::new();
    let mut total = Writer::pages_of(&cover);
    for (_, material, marks) in &source.standing.documents {
        for sheet in sheets_of(material, marks)? {
            let pages = pages_of_sheet(render, &sheet)?;
            total += pages;
            sheets.push((sheet, pages));
        }
    }
    for table in tables::of(&source.standing) {
        let pages = pages_of_item(&table);
        total += pages;
        sheets.push((Sheet::Item(table), pages));
    }
    let mut builder = Builder::new(&source.case.request.number, total);
    builder.add_blocks("", &cover).map_err(unwritten)?;
    for (sheet, pages) in sheets {
        match sheet {
            Sheet::Item(item) => builder.add_item(&item).map_err(unwritten)?,
            Sheet::Pages { title, media_type, bytes, boxes } => {
                for index in 0..u32::try_from(pages).unwrap_or(u32::MAX) {
                    let page = packet_page(render, media_type, bytes, index + 1)?;
                    builder.add_page(title, &page, index, &boxes).map_err(unwritten)?;
                }
            }
        }
    }
    match builder.finish(&source.standing.forbidden()) {
        Ok(built) => Ok(Ok(built)),
        Err(BuildError::Leaks(leaks)) => {
            let place = |leak: &redaction::Leak| format!("{} at {}", told(&leak.what), leak.place);
            Ok(Err(leaks.iter().map(place).collect()))
        }
        Err(other) => Err(unwritten(other)),
    }
}

fn unwritten(error: BuildError) -> Error {
    Error::Refused(error.to_string())
}

/// What a leak is, without its text.
fn told(kind: &LeakKind) -> String {
    match kind {
        LeakKind::Text { .. } => "a withheld text".to_owned(),
        LeakKind::Foreign { name } => format!("the foreign part {name}"),
        LeakKind::ImageData => "an image with more than its pixels".to_owned(),
        LeakKind::Orphan => "an object that no page shows".to_owned(),
        LeakKind::Unreadable => "something that can't be read".to_owned(),
    }
}

fn sheets_of<'a>(material: &'a Material, marks: &[ReleaseMark]) -> Result<Vec<Sheet<'a>>, Error> {
    let mut sheets = Vec::new();
    for (number, part) in (0i64..).zip(&material.parts) {
        let confirmed = marks
            .iter()
            .filter(|mark| mark.part == number && mark.state == MarkState::Confirmed)
            .map(|mark| mark.place);
        sheets.push(match &part.content {
            Content::Line { .. } => continue,
            Content::Text(text) => {
                let spans = confirmed.filter_map(|place| match place {
                    Place::Span(start, end) => Some((start, end)),
                    Place::Box(_) => None,
                });
                let redactions = spans.collect();
                let content = ItemContent::Text { text: text.clone(), redactions };
                Sheet::Item(PacketItem { title: material.title.clone(), content })
            }
            Content::Pages { media_type, bytes } => {
                let boxes = confirmed.filter_map(|place| match place {
                    Place::Box(drawn) => Some(drawn),
                    Place::Span(..) => None,
                });
                Sheet::Pages { title: &material.title, media_type, bytes, boxes: boxes.collect() }
            }
            Content::Other { media_type } => {
                return Err(Error::Refused(format!(
                    "\"{}\" holds a file of type {media_type}, which has neither pages nor words. \
                     Take it out of the selection, and give it by other means.",
                    material.title
                )));
            }
        });
    }
    Ok(sheets)
}

fn pages_of_sheet(render: &RenderPage, sheet: &Sheet<'_>) -> Result<usize, Error> {
    match sheet {
        Sheet::Item(item) => Ok(pages_of_item(item)),
        Sheet::Pages { media_type, bytes, .. } => {
            let first = render(bytes, media_type, 1, SCREEN_DPI).map_err(Error::Refused)?;
            Ok(first.facts.pages as usize)
        }
    }
}

/// A letter as blocks of a page.
fn blocks_of(letter: &Letter) -> Vec<Block> {
    let to: Vec<&str> = letter.to.iter().map(|line| line.reveal()).collect();
    let mut blocks = vec![
        Block::Title { text: letter.title.clone() },
        Block::Paragraph {
            text: format!("{}\nRequest {}\n{}", letter.on, letter.request, to.join("\n")),
        },
    ];
    blocks.extend(letter.blocks.iter().cloned().map(|block| match block {
        letter::Block::Heading { text } => Block::Heading { text },
        letter::Block::Paragraph { text } => Block::Paragraph { text },
        letter::Block::List { items } => Block::List { items },
        letter::Block::Table { head, rows } => Block::Table { head, rows },
    }));
    blocks
}

/// One page of the packet as an image, for the one who checks it.
///
/// # Errors
/// [`Error::Refused`] while there is no packet.
pub fn preview(
    store: &Store,
    context: &Context,
    render: &RenderPage,
    request: i64,
    page: u32,
) -> Result<PageImage, Error> {
    require(store, context, Right::Release)?;
    let bytes = bytes_of(store, context, request, ("release.packet.page", false))?;
    render(&bytes, PACKET_TYPE, page, SCREEN_DPI).map_err(Error::Refused)
}

/// The packet's file and its name, once it was checked: to be handed out.
///
/// # Errors
/// [`Error::Refused`] before the second person's check.
pub fn file(store: &Store, context: &Context, request: i64) -> Result<(String, Vec<u8>), Error> {
    require(store, context, Right::Release)?;
    let bytes = bytes_of(store, context, request, ("release.packet.download", true))?;
    let case = store.look(context, |view| case_in(view, request))?;
    Ok((format!("{}.pdf", case.request.number), bytes))
}

/// A packet as its lifecycle knows it.
fn kept(packet: &ReleasePacket) -> KeptPacket {
    KeptPacket {
        hash: packet.content_hash,
        leaks: u32::try_from(packet.leaks_count).unwrap_or(u32::MAX),
        is_checked: packet.checked_by.is_some(),
    }
}

fn bytes_of(
    store: &Store,
    context: &Context,
    request: i64,
    (action, to_be_handed_out): (&str, bool),
) -> Result<Vec<u8>, Error> {
    store.read(context, |view| {
        let case = case_in(view, request)?;
        let packet = view.release_packet_current(request)?;
        let state = PacketState::of(&case.request, packet.as_ref().map(kept));
        let doing = if to_be_handed_out { PacketAction::HandOut } else { PacketAction::Look };
        apply(state, doing).map_err(|no| Error::Refused(no.to_string()))?;
        let missing = || Error::Internal("a packet that may be looked at has no file".into());
        let packet = packet.ok_or_else(missing)?;
        let blob = packet.blob.ok_or_else(missing)?;
        if is_sent(case.request.state.name()) {
            require_seen(view, request)?;
        }
        let bytes = store.blob_content(view, blob)?;
        let audit = AuditEntry::new(context, action, format!("release/{request}"));
        let detail = format!(r#"{{"packet":{}}}"#, packet.id);
        Ok((bytes, audit.patients([case.patient]).detail(detail)))
    })
}

/// Refuses where a part of what went out is hidden from this person.
fn require_seen(view: &mut View<'_>, request: i64) -> Result<(), Error> {
    for document in view.release_document_list(request)? {
        let is_in = document.choice == Choice::Chosen;
        if is_in && view.resource_by_key(document.resource)?.is_none() {
            return Err(refused(
                "This packet holds a document that you aren't cleared for. Ask a colleague who is.",
            ));
        }
    }
    Ok(())
}

fn refused(sentence: &str) -> Error {
    Error::Refused(sentence.to_owned())
}
