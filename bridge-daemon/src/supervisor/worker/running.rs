//! A worker's process while it runs, and the talk with it.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::process::Child;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tracing::{error, warn};

use crate::worker::memories;
use crate::worker::protocol::{ToWorker, WorkerPlan};

use super::super::board::Board;
use super::super::told;
use super::words::{self, harmless};
use super::{Ended, Outcome};

/// Time for a worker to end once it was told to.
const TIME_TO_STOP: Duration = Duration::from_secs(14);

/// Time for a worker to take up its plan, before which it has no ports.
const TIME_TO_TAKE_UP: Duration = Duration::from_secs(10);

/// Time in which the kernel ends a process that was killed.
const TIME_TO_DIE: Duration = Duration::from_millis(500);

/// Time for what an ended worker has written last to be read.
const TIME_TO_READ: Duration = Duration::from_millis(200);

/// The most time that passes between a stop and the end of a worker, or until it is left alone.
#[cfg(test)]
pub(in super::super) const LONGEST_STOP: Duration =
    TIME_TO_STOP.saturating_add(TIME_TO_DIE).saturating_add(TIME_TO_READ);

/// A worker gives its own lanes less.
const _: () = assert!(crate::worker::LONGEST_STOP.as_millis() < TIME_TO_STOP.as_millis());

/// Bytes of one message from a worker. One that sends more is not ours any more, and is not listened to.
const LONGEST_MESSAGE: usize = 64 * 1024;

/// A worker's process.
pub(super) struct Running {
    number: usize,
    child: Child,
    messages: Messages,
    orders: OwnedWriteHalf,
    /// Passes on what another user's worker writes to standard error.
    words: Option<JoinHandle<()>>,
    /// It has said something that is no message, which is told once.
    babbles: bool,
}

/// Messages from a worker, one a line.
struct Messages {
    socket: BufReader<OwnedReadHalf>,
    /// The beginning of the next line, if only that has come.
    begun: Vec<u8>,
}

impl Messages {
    /// The next message; `None` at the end, and where a worker does not keep to what a message is. What has come of a
    /// message is kept when this is not waited for to its end.
    async fn next(&mut self) -> Option<Vec<u8>> {
        let room = (LONGEST_MESSAGE - self.begun.len().min(LONGEST_MESSAGE)) as u64;
        let _ = (&mut self.socket).take(room).read_until(b'\n', &mut self.begun).await.ok()?;
        (self.begun.pop() == Some(b'\n')).then(|| std::mem::take(&mut self.begun))
    }
}

async fn say(orders: &mut OwnedWriteHalf, message: &ToWorker) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    orders.write_all(&line).await
}

impl Running {
    /// The process with this number on the board; `socket` is the supervisor's end.
    pub(super) fn new(
        number: usize,
        child: Child,
        socket: StdUnixStream,
        words: Option<JoinHandle<()>>,
    ) -> io::Result<Self> {
        let (read, orders) = UnixStream::from_std(socket)?.into_split();
        let messages = Messages { socket: BufReader::new(read), begun: Vec::new() };
        Ok(Self { number, child, messages, orders, words, babbles: false })
    }

    pub(super) fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Gives the worker its plan and all that belongs to it. Until it has all of it, it has no port, and may be killed at any
    /// time: that is what becomes of one that does not take it.
    pub(super) async fn take_up(
        &mut self,
        plan: &WorkerPlan,
        files: &[OwnedFd],
        stop: &mut watch::Receiver<bool>,
    ) -> Result<(), Outcome> {
        let given = async {
            memories::send(self.orders.as_ref(), files)?;
            say(&mut self.orders, &ToWorker::Start(plan.clone())).await
        };
        let given = tokio::select! {
            given = timeout(TIME_TO_TAKE_UP, given) => given,
            () = told(stop) => {
                self.kill().await;
                return Err(Outcome::unknown("it was told to stop before it had taken up its plan"));
            }
        };
        match given {
            Ok(Ok(())) => Ok(()),
            // It has closed its end, and its exit code says why.
            Ok(Err(_)) => Err(self.last_words_said().await),
            Err(_) => {
                error!(pid = self.pid(), "a worker that does not take up its plan is killed");
                self.kill().await;
                Err(Outcome::unknown("it did not take up its plan"))
            }
        }
    }

    /// Listens until the worker is gone.
    pub(super) async fn attend(&mut self, board: &Board, stop: &mut watch::Receiver<bool>) -> (Ended, Outcome) {
        loop {
            tokio::select! {
                line = self.messages.next() => match line {
                    Some(line) => { self.note(&line, board); }
                    None => return (Ended::InOrder, self.last_words_said().await),
                },
                () = board.is_to_go(self.number) => self.ask_to_go(),
                () = told(stop) => return self.stop(board).await,
            }
        }
    }

    /// As anybody may: it goes when it can. Never killed, because it may be publishing.
    fn ask_to_go(&self) {
        error!(pid = self.pid(), "a worker is asked to go, because one of its lanes stands still");
        if let Some(pid) = self.pid().and_then(|pid| Pid::from_raw(pid.cast_signed()))
            && let Err(error) = kill_process(pid, Signal::TERM)
        {
            warn!(%error, "it cannot be asked");
        }
    }

    /// Waits until all is passed on that an ended worker has written.
    pub(super) async fn last_words(&mut self) {
        if let Some(words) = &mut self.words {
            let _ = timeout(TIME_TO_READ, words).await;
        }
    }

    /// A worker that says no more is about to end; one that does not is not ours any more.
    async fn last_words_said(&mut self) -> Outcome {
        if let Ok(outcome) = timeout(TIME_TO_STOP, self.wait()).await {
            return outcome;
        }
        error!(pid = self.pid(), "a worker that does not listen any more is killed");
        self.kill().await;
        Outcome::unknown("it did not listen any more")
    }

    async fn wait(&mut self) -> Outcome {
        match self.child.wait().await {
            Ok(status) => Outcome::of(&status),
            Err(error) => Outcome::unknown(format!("it cannot be waited for: {error}")),
        }
    }

    /// Kills it, and waits for its end unless the kernel cannot end it now.
    async fn kill(&mut self) {
        let _ = timeout(TIME_TO_DIE, self.child.kill()).await;
    }

    /// Asks the worker to stop and waits for it.
    async fn stop(&mut self, board: &Board) -> (Ended, Outcome) {
        let mut quiet = false;
        let ended = timeout(TIME_TO_STOP, async {
            // A worker that is gone already is as good as one that hears it.
            let _ = say(&mut self.orders, &ToWorker::Stop).await;
            while let Some(line) = self.messages.next().await {
                quiet |= self.note(&line, board);
            }
            self.wait().await
        })
        .await;
        if let Ok(outcome) = ended {
            let how = if outcome.orderly() { Ended::InOrder } else { Ended::NotInOrder };
            return (how, outcome);
        }
        if quiet {
            warn!(pid = self.pid(), "a worker whose lanes are quiet does not end; it is killed");
            self.kill().await;
        } else {
            error!(
                pid = self.pid(),
                "a worker cannot stop publishing; it is left alone, because to kill it now could wedge RouDi"
            );
        }
        (Ended::NotInOrder, Outcome { is_gone: quiet, ..Outcome::unknown("it did not stop in time") })
    }

    /// Enters a message on the board. True if it says that the worker is quiet.
    fn note(&mut self, line: &[u8], board: &Board) -> bool {
        words::note(self.number, line, board).unwrap_or_else(|error| {
            if !std::mem::replace(&mut self.babbles, true) {
                let error = harmless(error.to_string());
                warn!(pid = self.pid(), error, "a worker said something that is not understood");
            }
            false
        })
    }
}
