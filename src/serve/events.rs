//! What is told of an experiment, as server-sent events.

use super::experiments::{Told, Work};
use axum::body::Body;
use axum::response::Response;
use hyper::body::{Body as Stream, Bytes, Frame};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::sleep;

/// How often is looked whether there is something new.
const EVERY: Duration = Duration::from_millis(200);
/// After how many times without anything new a sign of life is sent, by which a listener that has gone is noticed.
const SIGN_OF_LIFE: u32 = 50;

/// What was told so far, then what is told, until the experiment's end.
pub fn stream(work: Arc<Work>) -> Response {
    let (sender, receiver) = channel(8);
    tokio::spawn(tell(work, sender));
    super::page::of_kind("text/event-stream", Body::new(Events(receiver)))
}

/// Tells until the end, or until nobody listens.
async fn tell(work: Arc<Work>, listener: Sender<Bytes>) {
    let (mut heard, mut before, mut silent) = (0, None, 0);
    loop {
        let (words, progress) = work.told(heard);
        heard += words.len();
        let runs = |told: &Option<Told>| match told {
            Some(Told::Progress { done, .. }) => Some(*done),
            _ => None,
        };
        let moved = runs(&progress) != runs(&before);
        let ended = progress.is_none();
        let news: Vec<&Told> = words.iter().chain(progress.as_ref().filter(|_| moved)).collect();
        let mut text: String = news.iter().map(|told| event(told)).collect();
        silent = if text.is_empty() { silent + 1 } else { 0 };
        if silent == SIGN_OF_LIFE {
            text = ":\n\n".into();
            silent = 0;
        }
        if !text.is_empty() && listener.send(text.into()).await.is_err() || ended {
            return;
        }
        before = progress;
        sleep(EVERY).await;
    }
}

fn event(told: &Told) -> String {
    format!("data: {}\n\n", serde_json::to_string(told).unwrap_or_default())
}

/// A body that ends when nothing more is told.
struct Events(Receiver<Bytes>);

impl Stream for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.0.poll_recv(context).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}
