//! What a worker has to say to its supervisor, kept until that takes it. A supervisor that stands still must not hold up
//! its workers: they go on, and say how things are when it goes on.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;

use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::protocol::FromWorker;

/// What a message is about. Of each, only what was said last is of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Topic {
    RouDi,
    Route(usize),
    WaitsFor,
    /// Last: whoever hears it may end the worker.
    End,
}

impl Topic {
    fn of(message: &FromWorker) -> Self {
        match message {
            FromWorker::RouDi(_) => Self::RouDi,
            FromWorker::Route { route, .. } => Self::Route(*route),
            FromWorker::WaitsFor { .. } => Self::WaitsFor,
            FromWorker::RouDiGone
            | FromWorker::Evicted
            | FromWorker::ServiceReplaced
            | FromWorker::RouDiStandsStill
            | FromWorker::WaitsForTheDead
            | FromWorker::LaneFailed
            | FromWorker::Quiet => Self::End,
        }
    }
}

/// The messages that wait, one a topic at most, and the socket for them.
pub(super) struct Outbox<W> {
    socket: W,
    /// What is left of the message that is on its way.
    begun: Vec<u8>,
    waiting: BTreeMap<Topic, FromWorker>,
}

impl<W: AsyncWrite + Unpin> Outbox<W> {
    pub(super) fn new(socket: W) -> Self {
        Self { socket, begun: Vec::new(), waiting: BTreeMap::new() }
    }

    /// Adds a message, in place of an earlier one on the same topic that has not gone out yet.
    pub(super) fn add(&mut self, message: FromWorker) {
        match self.waiting.entry(Topic::of(&message)) {
            Entry::Vacant(place) => {
                place.insert(message);
            }
            Entry::Occupied(mut place) => *place.get_mut() = message,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.begun.is_empty() && self.waiting.is_empty()
    }

    /// Sends all that waits. Where this is not waited for to its end, what was not sent yet still waits.
    ///
    /// # Errors
    /// When the supervisor does not listen any more.
    pub(super) async fn send(&mut self) -> io::Result<()> {
        loop {
            while !self.begun.is_empty() {
                let written = self.socket.write(&self.begun).await?;
                if written == 0 {
                    return Err(io::ErrorKind::WriteZero.into());
                }
                self.begun.drain(..written);
            }
            let Some((_, message)) = self.waiting.pop_first() else { return Ok(()) };
            self.begun = serde_json::to_vec(&message)?;
            self.begun.push(b'\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::AsyncReadExt;
    use tokio::time::timeout;

    use super::*;
    use crate::route::RouteState;

    #[test]
    fn a_supervisor_that_stands_still_hears_the_last_word_on_each_topic() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (heard, most) = runtime.block_on(async {
            let (socket, mut supervisor) = tokio::io::duplex(100);
            let mut outbox = Outbox::new(socket);
            let mut most = 0;
            for n in 0..1000 {
                for route in 0..3 {
                    let state = RouteState::opening(Some(format!("reason {n}")));
                    outbox.add(FromWorker::Route { route, state });
                    // Dropped in the middle of a message, as where something else happens meanwhile.
                    let _ = timeout(Duration::ZERO, outbox.send()).await;
                    most = most.max(outbox.waiting.len());
                }
            }
            outbox.add(FromWorker::Quiet);
            let reader = tokio::spawn(async move {
                let mut all = String::new();
                supervisor.read_to_string(&mut all).await.map(|_| all)
            });
            outbox.send().await.expect("it listens");
            assert!(outbox.is_empty());
            drop(outbox);
            (reader.await.expect("no panic").expect("text"), most)
        });
        assert!(most <= 3, "{most}");
        let heard: Vec<FromWorker> = heard.lines().map(|line| serde_json::from_str(line).expect("whole")).collect();
        let last = |number| {
            heard.iter().rev().find_map(|message| match message {
                FromWorker::Route { route, state } if *route == number => state.reason.clone(),
                _ => None,
            })
        };
        for route in 0..3 {
            assert_eq!(last(route).as_deref(), Some("reason 999"));
        }
        assert_eq!(heard.last(), Some(&FromWorker::Quiet));
    }
}
