//! The worker: a process that holds ports and lanes, for one release of iceoryx2.
//!
//! It is started by the supervisor with its ledger as standard input and a socket to the supervisor as standard output;
//! it learns its plan over that socket. One that serves another user than the supervisor's becomes that user first. It stops when it is told to, when the supervisor is gone, when RouDi asks all its
//! clients to (SIGTERM), and when RouDi is gone, because a client of classic cannot be connected to another.

mod admission;
mod caretaker;
mod classic;
mod exit;
mod lanes;
pub(crate) mod memories;
mod outbox;
pub mod protocol;
mod rights;
mod standstill;
mod terminate;
mod threads;

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream as StdUnixStream;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::UnixStream;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tracing::{debug, error, info, warn};

use crate::account::Ledger;
use crate::endpoint::iceoryx2::{Stack, WithStack, with_stack};

use classic::ClassicThread;
pub use exit::WorkerExit;
use lanes::Lanes;
use outbox::Outbox;
use protocol::{FromWorker, ToWorker, WorkerPlan};
pub use rights::Rights;
use standstill::Standstill;

/// Time that lanes get to go quiet before a wait for a subscriber of classic is ended from outside.
const PATIENCE: Duration = Duration::from_millis(200);

/// Time that lanes get when the process stood still: it is to be back within a second.
const TIME_TO_LEAVE: Duration = Duration::from_millis(400);

/// Time after which lanes that are still not quiet are given up.
const GIVE_UP: Duration = Duration::from_secs(10);

/// Time in which a supervisor that is well takes what a worker says last.
const TIME_TO_SAY: Duration = Duration::from_millis(500);

/// The most time that passes between the order to stop and the end of the process, where it can end: after that, lanes are
/// stuck.
pub(crate) const LONGEST_STOP: Duration = PATIENCE
    .saturating_mul(2)
    .saturating_add(GIVE_UP)
    .saturating_add(TIME_TO_SAY)
    .saturating_add(TIME_TO_LEAVE)
    .saturating_add(classic::FAREWELL);

/// Time after which it is worth a line that ports are slow to go.
const SLOW_END: Duration = Duration::from_secs(1);

/// Why a worker cannot do its work.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// Standard input or output is not what a supervisor gives.
    #[error("`iox-bridge worker` is started by `iox-bridge run` and is of no use by hand")]
    NotStartedBySupervisor(#[source] io::Error),
    /// The first message is not a plan.
    #[error("the supervisor sent no plan that this worker understands")]
    Plan(#[source] serde_json::Error),
    /// The counters cannot be shared.
    #[error("the supervisor's ledger cannot be used")]
    Ledger(#[source] io::Error),
    /// The memories between workers did not arrive.
    #[error("the supervisor did not pass the shared memory for hand-off routes")]
    Memories(#[source] io::Error),
    /// This build does not serve the release of iceoryx2.
    #[error("this build does not serve iceoryx2 {0}")]
    Release(String),
    /// The ledger lacks a route of the plan.
    #[error("the supervisor's ledger has no route {0}")]
    NoSuchRoute(usize),
    /// No thread, no file descriptor or no memory.
    #[error("the system is out of threads, file descriptors or memory")]
    System(#[source] io::Error),
}

/// Runs a worker in this process, with these rights where they are not those it has. Never returns before every lane is quiet, if there is any way to get there.
///
/// # Errors
/// When the process was not started by a supervisor, or the system is out of something.
pub fn run(rights: Option<&Rights>) -> Result<ExitCode, WorkerError> {
    if let Some(rights) = rights
        && let Err(error) = rights::take(rights)
    {
        error!(%error, uid = rights.0.uid, "this worker cannot become the user that it is to serve");
        return Ok(WorkerExit::NoRights.into());
    }
    let ledger = io::stdin().as_fd().try_clone_to_owned().map_err(WorkerError::NotStartedBySupervisor)?;
    let socket = io::stdout().as_fd().try_clone_to_owned().map_err(WorkerError::NotStartedBySupervisor)?;
    // Libraries may print; what they print must not end up between the messages.
    rustix::stdio::dup2_stdout(io::stderr()).map_err(|error| WorkerError::System(error.into()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(WorkerError::System)?;
    Ok(runtime.block_on(work(socket, ledger))?.into())
}

async fn work(socket: OwnedFd, ledger: OwnedFd) -> Result<WorkerExit, WorkerError> {
    let socket = StdUnixStream::from(socket);
    let memories = memories::receive(&socket).map_err(WorkerError::Memories)?;
    socket.set_nonblocking(true).map_err(WorkerError::NotStartedBySupervisor)?;
    let (read, write) = UnixStream::from_std(socket).map_err(WorkerError::NotStartedBySupervisor)?.into_split();
    let mut messages = BufReader::new(read).lines();
    let Some(first) = messages.next_line().await.map_err(WorkerError::NotStartedBySupervisor)? else {
        return Ok(WorkerExit::Orphaned);
    };
    let ToWorker::Start(plan) = serde_json::from_str(&first).map_err(WorkerError::Plan)? else {
        return Ok(WorkerExit::Stopped);
    };
    let ledger = Arc::new(Ledger::open(ledger, plan.routes.len()).map_err(WorkerError::Ledger)?);

    // SIGINT goes to the whole foreground group of a terminal; the supervisor acts on it.
    let mut interrupt = signal(SignalKind::interrupt()).map_err(WorkerError::System)?;
    let mut terminate = terminate::senders().map_err(WorkerError::System)?;
    let (tell, mut told) = mpsc::unbounded_channel::<FromWorker>();
    if plan.lock_memory {
        lock_memory();
    }
    let mut worker = match Worker::start(&plan, &ledger, memories, &tell) {
        Ok(worker) => worker,
        Err(error) => {
            error!(error = &error as &dyn std::error::Error, "this worker cannot do its work");
            // Not by a return from main, for classic's sake: see below.
            cpp_shim::exit_now(WorkerExit::Failed.code().into());
        }
    };
    let mut outbox = Outbox::new(write);
    let mut standstill = plan.uses_classic().then(Standstill::new);
    let exit = loop {
        tokio::select! {
            line = messages.next_line() => match line {
                Ok(Some(line)) if !matches!(serde_json::from_str(&line), Ok(ToWorker::Stop)) => {
                    error!(line, "a message that this worker does not understand");
                }
                Ok(Some(_)) => break WorkerExit::Stopped,
                Ok(None) | Err(_) => break WorkerExit::Orphaned,
            },
            _ = interrupt.recv() => {}
            () = standstill::noticed(&mut standstill) => break WorkerExit::StoodStill,
            Some(sender) = terminate.recv() => {
                // RouDi stops: a worker that reconnects before it is gone gets SIGTERM again, and SIGKILL after the kill delay.
                if sender.is_some() && sender == cpp_shim::identity().and_then(|roudi| roudi.pid) {
                    break WorkerExit::AskedByRouDi;
                }
                break WorkerExit::Asked;
            }
            message = told.recv() => match message {
                Some(FromWorker::RouDiGone) => break WorkerExit::RouDiGone,
                Some(FromWorker::Evicted) => break WorkerExit::Evicted,
                Some(FromWorker::ServiceReplaced) => break WorkerExit::ServiceReplaced,
                Some(FromWorker::RouDiStandsStill) => break WorkerExit::RouDiStandsStill,
                Some(FromWorker::WaitsForTheDead) => break WorkerExit::WaitsForTheDead,
                Some(FromWorker::LaneFailed) => break WorkerExit::Failed,
                Some(message) => outbox.add(message),
                None => break WorkerExit::Stopped,
            },
            // One that does not listen any more shows as the end of its messages.
            sent = outbox.send(), if !outbox.is_empty() => if sent.is_err() { break WorkerExit::Orphaned },
        }
    };
    if matches!(
        exit,
        WorkerExit::StoodStill | WorkerExit::Evicted | WorkerExit::ServiceReplaced | WorkerExit::RouDiStandsStill
    ) {
        worker.leave_as_it_is(exit);
    }
    let quiet = worker.go_quiet();
    // A lane may have found out meanwhile, whatever else this worker ends for; such lanes never come back to be joined.
    if worker.lanes.leave_ports() {
        worker.leave_as_it_is(exit);
    }
    while let Ok(message) = told.try_recv() {
        outbox.add(message);
    }
    if quiet != WentQuiet::No {
        outbox.add(FromWorker::Quiet);
    }
    let _ = timeout(TIME_TO_SAY, outbox.send()).await;
    if quiet == WentQuiet::AllButWaits {
        worker.end_without_those_that_wait(exit);
    }
    if quiet == WentQuiet::No {
        // Not by a return from main: classic's static destructors would run beside the lane that is inside classic, and
        // wait for RouDi's answer without a limit.
        worker.leave_as_it_is(WorkerExit::Stuck);
    }
    worker.end(exit);
    Ok(exit)
}

/// From now on no page of this process leaves RAM, and each is there before it is used.
fn lock_memory() {
    use rustix::mm::{MlockAllFlags, mlockall};
    match mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE) {
        Ok(()) => info!("memory is locked"),
        Err(error) => warn!(
            %error,
            "memory is not locked; it takes CAP_IPC_LOCK, or a limit (LimitMEMLOCK) above all memory that is mapped"
        ),
    }
}

/// Starts lanes for a release of iceoryx2.
struct StartLanes<'a> {
    lanes: lanes::Prepared,
    plan: &'a WorkerPlan,
    ledger: &'a Arc<Ledger>,
    memories: Vec<OwnedFd>,
    classic: Option<std::sync::mpsc::Sender<classic::Request>>,
    tell: &'a mpsc::UnboundedSender<FromWorker>,
}

impl WithStack for StartLanes<'_> {
    type Output = Result<Lanes, WorkerError>;

    fn with<S: Stack>(self) -> Self::Output {
        self.lanes.start::<S>(self.plan, self.ledger, self.memories, self.classic, self.tell)
    }
}

/// How far lanes could be brought to stop publishing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WentQuiet {
    Yes,
    /// But for those that wait inside of iceoryx2 for ever.
    AllButWaits,
    No,
}

struct Worker {
    lanes: Lanes,
    classic: Option<ClassicThread>,
}

impl Worker {
    fn start(
        plan: &WorkerPlan,
        ledger: &Arc<Ledger>,
        memories: Vec<OwnedFd>,
        tell: &mpsc::UnboundedSender<FromWorker>,
    ) -> Result<Self, WorkerError> {
        let lanes = Lanes::prepare(plan).map_err(WorkerError::System)?;
        // Before anything else of classic.
        exit::watch_for_failure(&lanes);
        let classic = plan.uses_classic().then(|| ClassicThread::start(plan, &lanes, tell.clone())).transpose()?;
        let start =
            StartLanes { lanes, plan, ledger, memories, classic: classic.as_ref().map(ClassicThread::requests), tell };
        let lanes = with_stack(&plan.release, start).ok_or_else(|| WorkerError::Release(plan.release.clone()))??;
        Ok(Self { lanes, classic })
    }

    /// Lanes stop publishing, as far as they can be brought to.
    fn go_quiet(&mut self) -> WentQuiet {
        self.lanes.stop();
        if self.lanes.wait_until_quiet(PATIENCE) {
            return WentQuiet::Yes;
        }
        if let Some(classic) = &self.classic {
            classic.end_waits();
        }
        let until = Instant::now() + GIVE_UP;
        while Instant::now() < until {
            if self.lanes.wait_until_quiet(PATIENCE) {
                return WentQuiet::Yes;
            }
            if self.lanes.give_up_waiting() {
                return WentQuiet::AllButWaits;
            }
        }
        WentQuiet::No
    }

    /// Ends the process while lanes are inside of waits of iceoryx2 that nothing ends, after all others have dropped their
    /// ports. What those leave is removed by the next worker, and by RouDi.
    fn end_without_those_that_wait(&self, exit: WorkerExit) -> ! {
        self.lanes.join_others(TIME_TO_LEAVE);
        warn!(reason = %exit, "worker ends while it waits for room at a subscriber, which iceoryx2 lets nobody end before 0.9");
        cpp_shim::exit_now(exit.code().into())
    }

    /// Ends the process without touching a port of classic again: RouDi may have given their places to others. Ports of
    /// iceoryx2 are dropped; the node is removed by the next worker.
    fn leave_as_it_is(&self, exit: WorkerExit) -> ! {
        self.lanes.stop_and_leave_ports();
        // One that is inside a publish gets the time to come out of it, and all get the time to drop what they may.
        let _ = self.lanes.wait_until_quiet(TIME_TO_LEAVE);
        error!(reason = %exit, "worker ends");
        cpp_shim::exit_now(exit.code().into())
    }

    /// Ports first, then what they hang on. A client of classic does not come back from here: its process ends.
    fn end(self, exit: WorkerExit) {
        let began = Instant::now();
        self.lanes.join();
        if began.elapsed() > SLOW_END {
            warn!(ms = began.elapsed().as_millis(), "the ports took their time to go");
        }
        debug!(reason = %exit, "worker ends");
        if let Some(classic) = self.classic {
            classic.end_process(exit);
        }
    }
}
