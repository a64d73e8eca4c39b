//! The supervisor: the process that reads the configuration, runs workers and answers the operator. It holds no port,
//! so nothing that befalls a stack, or a worker, ends it.

mod backoff;
mod board;
mod control;
mod roudi;
mod shares;
mod worker;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::{error, info};

use crate::account::Ledger;
use crate::config::Config;
use crate::config::plan::RoudiPlan;

pub use control::{Ask, AskError, ask, default_socket};

use board::Board;
use control::Control;
use shares::Shares;

/// Why a bridge cannot run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Another bridge has the socket.
    #[error("another bridge already runs under this name: process {pid} answers at {}; stop it, or give this one another `name` in [bridge]", socket.display())]
    AlreadyRunning {
        /// The other supervisor.
        pid: u32,
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
    /// No memory, no file descriptor, no signal handler.
    #[error("the system is out of file descriptors or memory")]
    System(#[from] io::Error),
}

/// Runs a bridge until SIGTERM or SIGINT.
///
/// # Errors
/// When it cannot start. Once started, it goes on whatever happens around it.
pub fn run(config: &Config, socket: &Path) -> Result<ExitCode, RunError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(supervise(config, socket))
}

async fn supervise(config: &Config, socket: &Path) -> Result<ExitCode, RunError> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let control = Control::bind(socket)?;
    let shares = Shares::of(config);
    let ledger = Arc::new(Ledger::create(shares.accounts, shares.beyond)?);
    let board = Arc::new(Board::new(config, &shares.halves, Arc::clone(&ledger)));
    info!(name = config.bridge.name, routes = config.routes.len(), socket = %socket.display(), "iox-bridge runs");

    let (stop_workers, workers_stopped) = watch::channel(false);
    let (stop_roudi, roudi_stopped) = watch::channel(false);
    let answering = tokio::spawn(control.serve(Arc::clone(&board)));
    let mut roudi = JoinSet::new();
    if let RoudiPlan::Managed(pools) = &config.classic.roudi
        && config.uses_classic()
    {
        let pools = pools.as_deref().map_or_else(|| roudi::pools(&config.routes), roudi::given_pools);
        roudi.spawn(roudi::keep(config.bridge.name.clone(), pools, roudi_stopped));
    }
    let mut workers = JoinSet::new();
    for (number, plan) in shares.plans.into_iter().enumerate() {
        workers.spawn(worker::keep(number, plan, Arc::clone(&board), Arc::clone(&ledger), workers_stopped.clone()));
    }
    tokio::select! {
        _ = terminate.recv() => info!(signal = "SIGTERM", "stopping"),
        _ = interrupt.recv() => info!(signal = "SIGINT", "stopping"),
    }
    let _ = stop_workers.send(true);
    let mut clean = true;
    while let Some(ended) = workers.join_next().await {
        clean &= matches!(ended, Ok(worker::Ended::InOrder));
    }
    let _ = stop_roudi.send(true);
    while roudi.join_next().await.is_some() {}
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

/// Waits until `stop` is true.
async fn told(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone cannot tell any more, which is as good.
    let _ = stop.wait_for(|stop| *stop).await;
}
