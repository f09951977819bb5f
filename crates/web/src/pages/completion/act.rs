//! What the forms of a deficiency's page send.

use super::one::{Shown, page};
use crate::pages::typed::{TypedForm, given_of};
use crate::server::{Answer, Posted, see_other};
use app::Error;
use app::completion::{
    DeskAct, How, Part, act as act_on, complete as complete_it, decline as decline_it,
    file as file_it, list, mine, opened,
};
use axum::extract::Path;
use axum::response::IntoResponse;
use record::ResourceKey;

/// Number of changes that the form was shown with.
fn changes(posted: &Posted) -> i64 {
    posted.number("changes").unwrap_or(-1)
}

/// The provider completes it, and goes on to the next that waits for them.
pub(super) async fn complete(Path(id): Path<i64>, posted: Posted) -> Answer {
    let how = match posted.text("how") {
        "sign" => How::Sign { version: posted.number("shown_version").unwrap_or(0) },
        "file" => How::File { document: ResourceKey(posted.number("document").unwrap_or(0)) },
        "done" => How::Done,
        _ => How::Write {
            loinc: posted.text("loinc").to_owned(),
            event_time: posted.text("event_time").to_owned(),
            text: posted.exact("text").to_owned(),
        },
    };
    let changes = changes(&posted);
    let done = posted.clerk.attempt(move |store, context| {
        complete_it(store, context, id, changes, &how)?;
        Ok(mine(store, context)?.listed.first().map(|next| next.row.id))
    });
    match done.await {
        Ok(Some(next)) => Ok(see_other(format!("/completion/{next}"))),
        Ok(None) => Ok(see_other("/completion/mine")),
        Err(error) => again(posted, id, error, "").await,
    }
}

/// The provider says that it is not theirs.
pub(super) async fn decline(Path(id): Path<i64>, posted: Posted) -> Answer {
    let (suggested, changes) = (posted.number("account"), changes(&posted));
    let reason = posted.text("reason").to_owned();
    let done = posted
        .clerk
        .attempt(move |store, context| decline_it(store, context, id, changes, suggested, &reason))
        .await;
    match done {
        Ok(()) => Ok(see_other("/completion/mine")),
        Err(error) => again(posted, id, error, "decline").await,
    }
}

/// The desk's acts. Verified, it goes on to the next that waits for the desk.
pub(super) async fn act(Path(id): Path<i64>, posted: Posted) -> Answer {
    let reason = posted.text("reason").to_owned();
    let act = match posted.text("do") {
        "verify" => DeskAct::Verify,
        "satisfy" => DeskAct::Satisfy(reason),
        "waive" => DeskAct::Waive(reason),
        "reopen" => DeskAct::Reopen(reason),
        "reassign" => DeskAct::Reassign {
            account: posted.number("account"),
            name: posted.text("name").to_owned(),
            reason,
        },
        _ => DeskAct::Reject(reason),
    };
    let changes = changes(&posted);
    let is_verify = matches!(act, DeskAct::Verify);
    let done = posted.clerk.attempt(move |store, context| {
        act_on(store, context, id, changes, &act)?;
        match is_verify {
            true => Ok(list(store, context, Part::Desk)?.1.first().map(|next| next.row.id)),
            false => Ok(Some(id)),
        }
    });
    match done.await {
        Ok(Some(next)) => Ok(see_other(format!("/completion/{next}"))),
        Ok(None) => Ok(see_other("/completion")),
        Err(error) => again(posted, id, error, "").await,
    }
}

/// The desk files a document of the chart with the encounter.
pub(super) async fn file(Path(id): Path<i64>, posted: Posted) -> Answer {
    let document = ResourceKey(posted.number("document").unwrap_or(0));
    let changes = changes(&posted);
    let done = posted
        .clerk
        .attempt(move |store, context| file_it(store, context, id, changes, document))
        .await;
    match done {
        Ok(()) => Ok(see_other(format!("/completion/{id}"))),
        Err(error) => again(posted, id, error, "").await,
    }
}

/// The page again with what does not hold; other errors are pages of their own. `how`: the form
/// that was sent, where its fields do not say so.
async fn again(posted: Posted, id: i64, error: Error, how: &str) -> Answer {
    let clerk = &posted.clerk;
    let (status, form) = TypedForm::failed(&posted, None, &format!("deficiency-{id}"), error)?;
    let found = clerk.run(move |store, context| opened(store, context, id)).await?;
    let mut given = given_of(&posted);
    given.or_put("how", how);
    let shown = Shown { found, given, form };
    Ok((status, page(clerk, &shown)).into_response())
}
