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
    let request = request.map(|inner| {
        let clock = Box::pin(sleep_until(until.min(Instant::now() + SILENCE_MAX)));
        Body::new(Timed { inner, clock, until })
    });
    next.run(request).await
}

struct Timed {
    inner: Body,
    /// When nothing more is awaited.
    clock: Pin<Box<Sleep>>,
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
            let next = self.until.min(Instant::now() + SILENCE_MAX);
            self.clock.as_mut().reset(next);
            return Poll::Ready(frame);
        }
        match self.clock.as_mut().poll(context) {
            Poll::Ready(()) => {
                let error = std::io::Error::from(std::io::ErrorKind::TimedOut);
                Poll::Ready(Some(Err(axum::Error::new(error))))
            }
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
