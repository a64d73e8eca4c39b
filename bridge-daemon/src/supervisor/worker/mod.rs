//! Keeps one worker alive: starts it, listens to it, starts another when it ends, and stops it in order.

mod running;
mod start;
mod words;

use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::sleep;
use tracing::{error, info, warn};

use crate::account::Ledger;
use crate::endpoint::Obstacle;
use crate::route::RouteState;
use crate::worker::WorkerExit;
use crate::worker::protocol::WorkerPlan;

use super::backoff::Backoff;
use super::board::Board;
use super::told;

#[cfg(test)]
pub(super) use running::LONGEST_STOP;
use start::Starter;
#[cfg(any(test, fuzzing))]
pub(super) use words::note;
pub(super) use words::shown;

/// How a worker that was told to stop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// By itself.
    InOrder,
    /// It had to be killed, which is safe when its lanes are quiet, or left alone, which is all that can be done when
    /// they are not.
    NotInOrder,
}

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
    let mut starter = Starter::default();
    let mut starts = 0_u64;
    let mut last: Option<String> = None;
    while !*stop.borrow() {
        let running = tokio::select! {
            running = starter.start(number, &plan, &given) => running,
            // There is no process yet.
            () = told(&mut stop) => break,
        };
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
                let pid = running.pid();
                board.worker(number, |w| {
                    w.pid = pid;
                    w.state = "running".into();
                    w.restarts = starts - 1;
                });
                let user = plan.user.as_ref().map(|user| user.name.as_str());
                info!(release = plan.release, user, pid, "worker runs");
                let (ended, outcome) = match running.take_up(&plan, &given.memories, &mut stop).await {
                    Ok(()) => running.attend(&board, &mut stop).await,
                    Err(outcome) => (Ended::InOrder, outcome),
                };
                // One that is left alone still writes its account.
                if outcome.is_gone {
                    running.last_words().await;
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
            plan.stopping_roudi = board.roudi_of(number);
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

/// How a worker's process came to its end.
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
