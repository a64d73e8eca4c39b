//! The supervisor: the process that reads the configuration, runs workers and answers the operator. It holds no port,
//! so nothing that befalls a stack, or a worker, ends it.

mod backoff;
mod board;
#[cfg(any(test, fuzzing))]
pub mod check;
mod control;
mod executable;
mod notify;
mod peers;
mod pulse;
mod roudi;
mod shares;
mod worker;

use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::{error, info, warn};

use crate::account::{Ledger, shared_memory};
use crate::config::plan::RoudiPlan;
use crate::config::{ClassicRelease, Config};

pub use control::{Ask, AskError, PauseAnswer, Paused, ask, default_socket};
pub use roudi::LAST_WORDS;

use board::Board;
use control::Control;
use notify::Notifier;
use shares::Shares;
use worker::Given;

/// Why a bridge cannot run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Another bridge has the socket.
    #[error("another bridge already runs under this name: {who} holds {}; stop it, or give this one another `name` in [bridge]", socket.display())]
    AlreadyRunning {
        /// The other supervisor, for people.
        who: String,
        /// Its socket.
        socket: PathBuf,
    },
    /// The socket cannot be made.
    #[error("the bridge's socket {} cannot be made; choose another place with `--socket` or `socket` in [bridge]", path.display())]
    Socket {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Workers are to be other users, and only root may start those.
    #[error(
        "the configuration says `user = \"{user}\"`, and only root can run workers for other users; run the bridge as root or as that user, or remove `user`"
    )]
    NotRoot {
        /// The first of these users.
        user: String,
    },
    /// No memory, no file descriptor, no signal handler.
    #[error("the system is out of file descriptors or memory")]
    System(#[from] io::Error),
}

/// Runs a bridge until SIGTERM or SIGINT.
///
/// # Errors
/// When it cannot start. Once started, it goes on whatever happens around it.
pub fn run(config: &Config, socket: &Path) -> Result<ExitCode, RunError> {
    raise_file_limit();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(supervise(config, socket));
    // A question to the user database may be without an answer still; nobody waits for it any more.
    runtime.shutdown_background();
    ended
}

/// File descriptors that this process and its workers may have, where the system allows it: 1024 routes take about 8 each.
const FILES: u64 = 65_536;

/// Takes as many file descriptors as the hard limit allows. Soft limits are low by custom for the sake of programs that
/// use `select`, which neither this one nor its libraries do.
fn raise_file_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.unwrap_or(FILES).min(FILES);
    if current.is_some_and(|current| current < wanted)
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum })
    {
        warn!(%error, wanted, "the limit on file descriptors cannot be raised");
    }
}

async fn supervise(config: &Config, socket: &Path) -> Result<ExitCode, RunError> {
    if let Some(user) = config.users().first()
        && !may_become_others()
    {
        return Err(RunError::NotRoot { user: user.name.clone() });
    }
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let control = Control::bind(socket)?;
    let shares = Shares::of(config);
    // Each worker has a ledger of its own, and a memory with each of the others that it shares routes with: none of
    // them can reach what is not its business.
    let ledgers = shares.workers.iter().map(|share| Ledger::create(share.accounts.len()).map(Arc::new));
    let ledgers = ledgers.collect::<io::Result<Vec<_>>>()?;
    let memories = shares.memories.iter().map(|bytes| shared_memory("iox-bridge-handoff", *bytes));
    let memories = memories.collect::<io::Result<Vec<_>>>()?;
    let board = Arc::new(Board::new(config, &shares, &ledgers));
    info!(name = config.bridge.name, routes = config.routes.len(), socket = %socket.display(), "iox-bridge runs");

    let (stop_workers, workers_stopped) = watch::channel(false);
    let (stop_roudi, roudi_stopped) = watch::channel(false);
    let answering = tokio::spawn(control.serve(Arc::clone(&board)));
    let mut roudi = JoinSet::new();
    if let RoudiPlan::Managed(pools) = &config.classic.roudi {
        let pools = pools.as_deref().map_or_else(|| roudi::pools(&config.routes), roudi::given_pools);
        for line in config.classic_releases() {
            let program = shares::executable_for(config, line);
            // A RouDi of 2.95 that starts removes the socket of one of 2.0.
            let is_second = line == ClassicRelease::V2_0 && config.classic_releases().len() > 1;
            let name = config.bridge.name.clone();
            let say = {
                let board = Arc::clone(&board);
                move |reason| board.own_roudi(line, reason)
            };
            roudi.spawn(roudi::keep(name, line, program, pools.clone(), is_second, say, roudi_stopped.clone()));
        }
    }
    // Before any route runs.
    peers::look(&board, socket).await;
    let looking_for_others = tokio::spawn(peers::watch(Arc::clone(&board), socket.to_owned()));
    let mut workers = JoinSet::new();
    for (number, (share, ledger)) in shares.workers.into_iter().zip(ledgers).enumerate() {
        let given = share.memories.iter().filter_map(|memory| memories.get(*memory)).map(OwnedFd::try_clone);
        let given = Given { executable: share.executable, ledger, memories: given.collect::<io::Result<_>>()? };
        workers.spawn(worker::keep(number, share.plan, Arc::clone(&board), given, workers_stopped.clone()));
    }
    drop(memories);
    let notifier = Notifier::start(Arc::clone(&board));
    let feeling = tokio::spawn(pulse::watch(Arc::clone(&board)));
    tokio::select! {
        _ = terminate.recv() => info!(signal = "SIGTERM", "stopping"),
        _ = interrupt.recv() => info!(signal = "SIGINT", "stopping"),
    }
    notifier.stopping();
    let _ = stop_workers.send(true);
    let mut clean = true;
    while let Some(ended) = workers.join_next().await {
        clean &= matches!(ended, Ok(worker::Ended::InOrder));
    }
    let _ = stop_roudi.send(true);
    while roudi.join_next().await.is_some() {}
    feeling.abort();
    looking_for_others.abort();
    answering.abort();
    let _ = answering.await;
    board.log_totals();
    if !clean {
        error!("stopped, but not every worker ended in order");
        return Ok(ExitCode::FAILURE);
    }
    info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Whether this process may start workers as other users.
fn may_become_others() -> bool {
    use rustix::thread::{CapabilitySet, capabilities};
    let needed = CapabilitySet::SETUID | CapabilitySet::SETGID | CapabilitySet::SETPCAP;
    capabilities(None).is_ok_and(|has| has.effective.contains(needed))
}

/// The most time that a stop takes: workers first, all at once, then RouDi.
#[cfg(test)]
const LONGEST_STOP: std::time::Duration = worker::LONGEST_STOP.saturating_add(roudi::TIME_TO_STOP);

/// Waits until `stop` is true.
async fn told(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone cannot tell any more, which is as good.
    let _ = stop.wait_for(|stop| *stop).await;
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn systemd_waits_for_longer_than_a_stop_can_take() {
        let unit = include_str!("../../../config/systemd/iox-bridge.service");
        let limit = unit.lines().find_map(|line| line.strip_prefix("TimeoutStopSec=")?.strip_suffix('s'));
        let limit = Duration::from_secs(limit.and_then(|limit| limit.parse().ok()).expect("a limit in seconds"));
        // What is left is for a machine that is slow: totals are written, files removed.
        assert!(limit >= LONGEST_STOP + Duration::from_secs(5), "{limit:?} for {LONGEST_STOP:?}");
    }
}
