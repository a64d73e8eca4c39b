//! Keeps one worker alive: starts it, listens to it, starts another when it ends, and stops it in order.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::process::Child;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tracing::{error, info, warn};

use crate::account::Ledger;
use crate::config::document::on_one_line;
use crate::endpoint::Obstacle;
use crate::route::RouteState;
use crate::user;
use crate::worker::protocol::{FromWorker, RouDiState, ToWorker, WorkerPlan};
use crate::worker::{Rights, WorkerExit, memories};

use super::backoff::Backoff;
use super::board::Board;
use super::executable::{Executable, ExecutableError};
use super::told;

/// How a worker that was told to stop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// By itself.
    InOrder,
    /// It had to be killed, which is safe when its lanes are quiet, or left alone, which is all that can be done when
    /// they are not.
    NotInOrder,
}

/// Time for a worker to end once it was told to: longer than it gives its own lanes.
const TIME_TO_STOP: Duration = Duration::from_secs(14);

/// Bytes of one message from a worker. One that sends more is not ours any more, and is not listened to.
const LONGEST_MESSAGE: usize = 64 * 1024;

/// Characters of a worker's reason that are shown.
const LONGEST_REASON: usize = 2000;

/// What a worker shares with others.
pub(super) struct Given {
    /// The executable to run, where that is not the supervisor's own.
    pub(super) executable: Option<PathBuf>,
    /// Its accounts, with the supervisor.
    pub(super) ledger: Arc<Ledger>,
    /// Samples on their way, with one other worker each.
    pub(super) memories: Vec<OwnedFd>,
}

/// Runs workers for `plan`, one after another, until `stop` is true.
pub(super) async fn keep(
    number: usize,
    mut plan: WorkerPlan,
    board: Arc<Board>,
    given: Given,
    mut stop: watch::Receiver<bool>,
) -> Ended {
    let mut backoff = Backoff::new();
    let mut starts = 0_u64;
    let mut last: Option<String> = None;
    while !*stop.borrow() {
        let running = start(number, &plan, &given).await;
        let started = running.is_ok();
        backoff.started();
        starts += 1;
        let (ended, outcome) = match running {
            Err(error) => {
                let outcome = Outcome::unknown(format!("it could not be started: {error}"));
                // What keeps one from starting is told again only when it is something else.
                if last.as_ref() != Some(&outcome.text) {
                    error!(%error, "a worker cannot be started");
                }
                for account in 0..plan.routes.len() {
                    board.route(number, account, RouteState::hindered(&Obstacle::blocked(error.to_string())));
                }
                (Ended::InOrder, outcome)
            }
            Ok(mut running) => {
                let pid = running.child.id();
                board.worker(number, |w| {
                    w.pid = pid;
                    w.state = "running".into();
                    w.restarts = starts - 1;
                });
                let user = plan.user.as_ref().map(|user| user.name.as_str());
                info!(release = plan.release, user, pid, "worker runs");
                let (ended, outcome) = running.attend(&board, &mut stop).await;
                // One that is left alone still writes its account.
                if outcome.is_gone {
                    settle(number, &plan, &given.ledger, &board, &outcome, *stop.borrow());
                }
                (ended, outcome)
            }
        };
        let stopping = *stop.borrow();
        board.worker(number, |w| {
            w.pid = None;
            w.state = if stopping { "stopped" } else { "restarting" }.into();
            w.last_exit = Some(outcome.text.clone());
        });
        if stopping {
            return ended;
        }
        if outcome.exit == Some(WorkerExit::AskedByRouDi) {
            plan.stopping_roudi = board.roudi_pid(number);
        }
        if plan.uses_classic() {
            board.forget_roudi(number);
        }
        let wait = backoff.ended(outcome.orderly());
        if started {
            warn!(
                release = plan.release,
                classic = %plan.classic,
                reason = outcome.text,
                wait_ms = wait.as_millis(),
                "worker ended, another is started"
            );
        }
        last = Some(outcome.text);
        tokio::select! {
            () = sleep(wait) => {}
            () = told(&mut stop) => {}
        }
    }
    Ended::InOrder
}

/// The worker is gone: its last sample is accounted for, and its routes are without ports.
fn settle(number: usize, plan: &WorkerPlan, ledger: &Ledger, board: &Board, outcome: &Outcome, stopping: bool) {
    for account in 0..plan.routes.len() {
        ledger.settle_after_death(account);
        if !stopping {
            board.route(number, account, RouteState { roudi: true, ..RouteState::opening(Some(outcome.text.clone())) });
        }
    }
}

struct Outcome {
    /// As the worker says; `None` where something else ended it.
    exit: Option<WorkerExit>,
    text: String,
    /// The process has ended.
    is_gone: bool,
}

impl Outcome {
    fn of(status: &ExitStatus) -> Self {
        let exit = status.code().and_then(WorkerExit::from_code);
        let text = exit.map_or_else(|| format!("it ended with {status}"), |exit| exit.to_string());
        Self { exit, text, is_gone: true }
    }

    fn unknown(text: impl Into<String>) -> Self {
        Self { exit: None, text: text.into(), is_gone: true }
    }

    fn orderly(&self) -> bool {
        self.exit.is_some_and(WorkerExit::is_orderly)
    }
}

struct Running {
    number: usize,
    child: Child,
    messages: Messages,
    orders: OwnedWriteHalf,
    /// It has said something that is no message, which is told once.
    babbles: bool,
}

/// What of the supervisor's environment another user's worker gets: how to write its log.
const FOR_ALL: &[&str] = &["IOX_BRIDGE_LOG", "JOURNAL_STREAM", "NO_COLOR", "RUST_BACKTRACE", "TERM"];

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

/// Why a worker does not run.
#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error(transparent)]
    Executable(#[from] ExecutableError),
    #[error(transparent)]
    System(#[from] io::Error),
}

async fn start(number: usize, plan: &WorkerPlan, given: &Given) -> Result<Running, StartError> {
    let rights = match plan.user.clone() {
        // Asked anew for each worker, so that groups that the user joined since are there. It may take a network.
        Some(user) => {
            let identity = tokio::task::spawn_blocking(move || user::identity(&user)).await;
            Some(Rights(identity.map_err(io::Error::from)??))
        }
        None => None,
    };
    let (ours, theirs) = StdUnixStream::pair()?;
    ours.set_nonblocking(true)?;
    let executable = Executable::find(given.executable.as_deref(), plan.classic).await?;
    let mut command = executable.command("worker");
    if rights.is_some() {
        // Whoever a process belongs to can read its environment, and the supervisor's is nobody else's business.
        command.env_clear().envs(FOR_ALL.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    }
    command
        .args(rights.map(|rights| format!("--as={}", rights.argument())))
        .stdin(Stdio::from(given.ledger.as_fd().try_clone_to_owned()?))
        .stdout(Stdio::from(OwnedFd::from(theirs)))
        .kill_on_drop(false);
    let child = command.spawn()?;
    // The command keeps the worker's end of the socket open, and with it the worker's death unseen.
    drop(command);
    memories::send(&ours, &given.memories)?;
    let (read, mut orders) = UnixStream::from_std(ours)?.into_split();
    say(&mut orders, &ToWorker::Start(plan.clone())).await?;
    let messages = Messages { socket: BufReader::new(read), begun: Vec::new() };
    Ok(Running { number, child, messages, orders, babbles: false })
}

async fn say(orders: &mut OwnedWriteHalf, message: &ToWorker) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    orders.write_all(&line).await
}

impl Running {
    /// Listens until the worker is gone.
    async fn attend(&mut self, board: &Board, stop: &mut watch::Receiver<bool>) -> (Ended, Outcome) {
        loop {
            tokio::select! {
                line = self.messages.next() => match line {
                    Some(line) => { self.note(&line, board); }
                    None => return (Ended::InOrder, self.last_words_said().await),
                },
                () = told(stop) => return self.stop(board).await,
            }
        }
    }

    /// A worker that says no more is about to end; one that does not is not ours any more.
    async fn last_words_said(&mut self) -> Outcome {
        if let Ok(outcome) = timeout(TIME_TO_STOP, self.wait()).await {
            return outcome;
        }
        error!(pid = self.child.id(), "a worker that does not listen any more is killed");
        let _ = self.child.kill().await;
        Outcome::unknown("it did not listen any more")
    }

    async fn wait(&mut self) -> Outcome {
        match self.child.wait().await {
            Ok(status) => Outcome::of(&status),
            Err(error) => Outcome::unknown(format!("it cannot be waited for: {error}")),
        }
    }

    /// Asks the worker to stop and waits for it.
    async fn stop(&mut self, board: &Board) -> (Ended, Outcome) {
        // A worker that is gone already is as good as one that hears it.
        let _ = say(&mut self.orders, &ToWorker::Stop).await;
        let mut quiet = false;
        let ended = timeout(TIME_TO_STOP, async {
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
            warn!(pid = self.child.id(), "a worker whose lanes are quiet does not end; it is killed");
            let _ = self.child.kill().await;
        } else {
            error!(
                pid = self.child.id(),
                "a worker cannot stop publishing; it is left alone, because to kill it now could wedge RouDi"
            );
        }
        (Ended::NotInOrder, Outcome { is_gone: quiet, ..Outcome::unknown("it did not stop in time") })
    }
}

impl Running {
    /// Enters a message on the board. True if it says that the worker is quiet.
    fn note(&mut self, line: &[u8], board: &Board) -> bool {
        note(self.number, line, board).unwrap_or_else(|error| {
            if !std::mem::replace(&mut self.babbles, true) {
                let error = harmless(error.to_string());
                warn!(pid = self.child.id(), error, "a worker said something that is not understood");
            }
            false
        })
    }
}

/// Services, and programs of each, that a worker may say it waits for.
const MOST_WAITS: usize = 1024;
const MOST_USERS: usize = 8;

/// A worker's words: another user's worker is trusted with neither terminals nor logs.
fn harmless(text: String) -> String {
    shown(&text, LONGEST_REASON)
}

/// Somebody else's words, fit for terminals and logs, cut after so many characters.
pub(super) fn shown(text: &str, longest: usize) -> String {
    on_one_line(text).chars().take(longest).collect()
}

/// Enters a message on the board. True if it says that the worker is quiet.
fn note(worker: usize, line: &[u8], board: &Board) -> Result<bool, serde_json::Error> {
    match serde_json::from_slice(line)? {
        FromWorker::Route { route, state } => {
            board.route(worker, route, RouteState { reason: state.reason.map(harmless), ..state });
        }
        FromWorker::RouDi(state) => {
            let (reason, release) = (state.reason.map(harmless), state.release.map(harmless));
            board.roudi(worker, RouDiState { reason, release, ..state });
        }
        FromWorker::WaitsFor { users } => {
            let list = |users: Vec<String>| users.into_iter().take(MOST_USERS).map(harmless).collect();
            let users = users.into_iter().take(MOST_WAITS).map(|(service, users)| (service, list(users)));
            board.waits_for(worker, users.collect());
        }
        FromWorker::Quiet => return Ok(true),
        FromWorker::RouDiGone
        | FromWorker::Evicted
        | FromWorker::ServiceReplaced
        | FromWorker::RouDiStandsStill
        | FromWorker::WaitsForTheDead
        | FromWorker::LaneFailed => {}
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workers_words_stay_on_their_line_and_off_the_terminal() {
        for (words, expected) in [
            ("no\nsecond line", "no second line"),
            ("\u{1b}[2Jgone\r\u{7}", "?[2Jgone ?"),
            ("\u{202e}txet\u{9b}", "\u{fffd}txet·"),
        ] {
            assert_eq!(shown(words, 100), expected);
        }
        assert_eq!(shown("Börse", 2), "Bö");
    }
}
