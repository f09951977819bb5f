//! Bodies of requests, under a clock: who sends a letter a minute holds no place for long.

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep_until};

/// How long a client may be silent in the midst of a body.
const SILENCE_MAX: Duration = Duration::from_secs(30);
/// How long a whole body may take: a large scan over a slow line.
const WHOLE_MAX: Duration = Duration::from_secs(15 * 60);

/// Gives the body of a request its clock.
pub(super) async fn timed(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let until = Instant::now() + WHOLE_MAX;
    let timed = |inner| Body::new(Timed { inner, clock: None, until });
    next.run(request.map(timed)).await
}

struct Timed {
    inner: Body,
    /// Runs while the client is awaited.
    clock: Option<Pin<Box<Sleep>>>,
    /// When nothing more is awaited.
    until: Instant,
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(context) {
            self.clock = None;
            return Poll::Ready(frame);
        }
        let until = self.until.min(Instant::now() + SILENCE_MAX);
        let clock = self.clock.get_or_insert_with(|| Box::pin(sleep_until(until)));
        clock.as_mut().poll(context).map(|()| {
            let error = std::io::Error::from(std::io::ErrorKind::TimedOut);
            Some(Err(axum::Error::new(error)))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    /// A body of which nothing comes.
    struct Silent;

    impl HttpBody for Silent {
        type Data = Bytes;
        type Error = axum::Error;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
            Poll::Pending
        }
    }

    #[tokio::test]
    async fn a_silent_client_is_given_up() {
        let until = Instant::now() + Duration::from_millis(5);
        let timed = Timed { inner: Body::new(Silent), clock: None, until };
        assert!(to_bytes(Body::new(timed), 9).await.is_err());
        let timed = Timed { inner: Body::from("all"), clock: None, until };
        assert_eq!(to_bytes(Body::new(timed), 9).await.expect("it is there"), "all");
    }
}
