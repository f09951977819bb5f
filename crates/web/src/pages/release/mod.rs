//! The release desk: requests, their letters, the documents that go out, the accounting.

mod accounting;
mod actions;
mod basis;
mod choose;
mod denial;
mod find;
mod letter;
mod lines;
mod list;
mod log;
mod packet;
mod request;
mod review;
mod review_lines;

use crate::server::{Guard, Routes};
use app::Right;

/// The routes of the desk.
pub(super) fn routes(routes: Routes) -> Routes {
    let release = Guard::Right(Right::Release);
    let reviews = Guard::Right(Right::Authenticate);
    routes
        .with(review::routes)
        .with(review_lines::routes)
        .with(packet::routes)
        .get("/release", release, list::first)
        .get("/release/list/{part}", release, list::part)
        .get("/release/letters", release, list::letters)
        .get("/release/letters/{document}", release, list::letter)
        .get("/release/letters/{document}/page/{page}", release, list::letter_page)
        .get("/release/new", release, log::form)
        .post("/release/new", release, log::save)
        .get("/release/{request}", release, request::show)
        .post("/release/{request}/find", release, find::search)
        .post("/release/{request}/identify", release, find::identify)
        .post("/release/{request}/verify", release, basis::verify)
        .post("/release/{request}/basis", release, basis::choose)
        .post("/release/{request}/answers", release, basis::answer)
        .post("/release/{request}/cover", release, basis::cover)
        .post("/release/{request}/act", release, actions::act)
        .post("/release/{request}/fee", release, actions::fee)
        .post("/release/{request}/review-asked", release, actions::review_asked)
        .get("/release/{request}/documents", release, choose::show)
        .post("/release/{request}/documents", release, choose::save)
        .post("/release/{request}/scope", release, choose::scope)
        .get("/release/{request}/denial", reviews, denial::show)
        .post("/release/{request}/denial", reviews, denial::judge)
        .get("/release/letter/{letter}", release, letter::show)
        .post("/release/letter/{letter}/sent", release, letter::sent)
        .get("/release/accounting/{patient}", release, accounting::show)
        .post("/release/accounting/{patient}/ask", release, accounting::ask)
        .post("/release/accounting/{patient}/disclose", release, accounting::disclose)
        .post("/release/disclosure/{disclosure}/suspend", release, accounting::suspend)
        .get("/release/asked/{accounting}", release, accounting::asked)
        .post("/release/asked/{accounting}/give", release, accounting::give)
}
