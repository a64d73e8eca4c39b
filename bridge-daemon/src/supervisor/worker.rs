//! Keeps one worker alive: starts it, listens to it, starts another when it ends, and stops it in order.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream as StdUnixStream;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tracing::{error, info, warn};

use crate::account::Ledger;
use crate::route::RouteState;
use crate::worker::WorkerExit;
use crate::worker::protocol::{FromWorker, ToWorker, WorkerPlan};

use super::backoff::Backoff;
use super::board::Board;
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

/// Runs workers for `plan`, one after another, until `stop` is true.
pub(super) async fn keep(
    number: usize,
    mut plan: WorkerPlan,
    board: Arc<Board>,
    ledger: Arc<Ledger>,
    mut stop: watch::Receiver<bool>,
) -> Ended {
    let mut backoff = Backoff::new();
    let mut starts = 0_u64;
    while !*stop.borrow() {
        let running = start(&plan, &ledger).await;
        backoff.started();
        starts += 1;
        let (ended, outcome) = match running {
            Err(error) => {
                error!(%error, "a worker cannot be started");
                (Ended::InOrder, Outcome::unknown(format!("it could not be started: {error}")))
            }
            Ok(mut running) => {
                let pid = running.child.id();
                board.worker(number, |w| {
                    w.release.clone_from(&plan.release);
                    w.pid = pid;
                    w.state = "running".into();
                    w.restarts = starts - 1;
                });
                info!(release = plan.release, pid, "worker runs");
                let (ended, outcome) = running.attend(&board, &mut stop).await;
                settle(&plan, &ledger, &board, &outcome, *stop.borrow());
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
            plan.stopping_roudi = board.roudi_pid();
        }
        if plan.uses_classic() {
            board.forget_roudi();
        }
        let wait = backoff.ended(outcome.orderly());
        warn!(
            release = plan.release,
            reason = outcome.text,
            wait_ms = wait.as_millis(),
            "worker ended, another is started"
        );
        tokio::select! {
            () = sleep(wait) => {}
            () = told(&mut stop) => {}
        }
    }
    Ended::InOrder
}

/// The worker is gone: its last sample is accounted for, and its routes are without ports.
fn settle(plan: &WorkerPlan, ledger: &Ledger, board: &Board, outcome: &Outcome, stopping: bool) {
    for (route, _) in &plan.routes {
        ledger.settle_after_death(*route);
        if !stopping {
            board.route(*route, RouteState { roudi: true, ..RouteState::opening(Some(outcome.text.clone())) });
        }
    }
}

struct Outcome {
    /// As the worker says; `None` where something else ended it.
    exit: Option<WorkerExit>,
    text: String,
}

impl Outcome {
    fn of(status: &ExitStatus) -> Self {
        let exit = status.code().and_then(WorkerExit::from_code);
        Self { exit, text: exit.map_or_else(|| format!("it ended with {status}"), |exit| exit.to_string()) }
    }

    fn unknown(text: impl Into<String>) -> Self {
        Self { exit: None, text: text.into() }
    }

    fn orderly(&self) -> bool {
        self.exit.is_some_and(WorkerExit::is_orderly)
    }
}

struct Running {
    child: Child,
    messages: Lines<BufReader<OwnedReadHalf>>,
    orders: OwnedWriteHalf,
}

async fn start(plan: &WorkerPlan, ledger: &Ledger) -> io::Result<Running> {
    let (ours, theirs) = StdUnixStream::pair()?;
    ours.set_nonblocking(true)?;
    // Not by name: an upgrade may have replaced the executable since, and worker and supervisor must be the same.
    let mut command = Command::new("/proc/self/exe");
    command
        .arg0("iox-bridge")
        .arg("worker")
        .stdin(Stdio::from(ledger.as_fd().try_clone_to_owned()?))
        .stdout(Stdio::from(OwnedFd::from(theirs)))
        .kill_on_drop(false);
    let child = command.spawn()?;
    // The command keeps the worker's end of the socket open, and with it the worker's death unseen.
    drop(command);
    let (read, mut orders) = UnixStream::from_std(ours)?.into_split();
    say(&mut orders, &ToWorker::Start(plan.clone())).await?;
    Ok(Running { child, messages: BufReader::new(read).lines(), orders })
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
                line = self.messages.next_line() => match line {
                    Ok(Some(line)) => { note(&line, board); }
                    _ => return (Ended::InOrder, self.wait().await),
                },
                () = told(stop) => return self.stop(board).await,
            }
        }
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
            while let Ok(Some(line)) = self.messages.next_line().await {
                quiet |= note(&line, board);
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
        (Ended::NotInOrder, Outcome::unknown("it did not stop in time"))
    }
}

/// Enters a message on the board. True if it says that the worker is quiet.
fn note(line: &str, board: &Board) -> bool {
    match serde_json::from_str(line) {
        Ok(FromWorker::Route { route, state }) => board.route(route, state),
        Ok(FromWorker::RouDi(state)) => board.roudi(state),
        Ok(FromWorker::Quiet) => return true,
        Ok(FromWorker::RouDiGone | FromWorker::LaneFailed) => {}
        Err(error) => warn!(%error, line, "a worker said something that is not understood"),
    }
    false
}
