//! How a worker ends, and what it does when classic fails for good.

use std::fmt;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::Duration;

use cpp_shim::Report;
use tracing::error;

use crate::lane::{Quiet, leave_lane_for_ever};

use super::lanes::{Prepared, Stop};

/// Why a worker ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkerExit {
    /// The supervisor told it to.
    Stopped,
    /// The supervisor is gone.
    Orphaned,
    /// Somebody sent it SIGTERM.
    Asked,
    /// RouDi sent it SIGTERM, as it does to all its clients when it stops.
    AskedByRouDi,
    /// RouDi is gone.
    RouDiGone,
    /// It could not become the user that it is to serve.
    NoRights,
    /// It stood still, and RouDi has taken its ports for those of a dead process.
    StoodStill,
    /// RouDi took it for dead, because RouDi itself stood still.
    Evicted,
    /// A service of iceoryx2 was replaced by another one of its name.
    ServiceReplaced,
    /// RouDi stands still, and takes its clients for dead when it goes on.
    RouDiStandsStill,
    /// One of its lanes waits for room at a subscriber that is gone, which iceoryx2 goes on with for ever until 0.8.
    WaitsForTheDead,
    /// A lane could not be brought to stop.
    Stuck,
    /// Classic failed for good, or a lane did.
    Failed,
}

impl WorkerExit {
    const ALL: [Self; 13] = [
        Self::Stopped,
        Self::Orphaned,
        Self::Asked,
        Self::AskedByRouDi,
        Self::RouDiGone,
        Self::StoodStill,
        Self::Evicted,
        Self::ServiceReplaced,
        Self::RouDiStandsStill,
        Self::WaitsForTheDead,
        Self::Stuck,
        Self::Failed,
        Self::NoRights,
    ];

    /// The exit code: 0, or from 80 on, away from the codes that people and shells use.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Stopped => 0,
            Self::Orphaned => 80,
            Self::Asked => 81,
            Self::RouDiGone => 82,
            Self::Stuck => 83,
            Self::Failed => 84,
            Self::AskedByRouDi => 85,
            Self::StoodStill => 86,
            Self::NoRights => 87,
            Self::Evicted => 88,
            Self::RouDiStandsStill => 89,
            Self::ServiceReplaced => 90,
            Self::WaitsForTheDead => 91,
        }
    }

    /// The reason behind an exit code, if it is a worker's.
    #[must_use]
    pub fn from_code(code: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|exit| i32::from(exit.code()) == code)
    }

    /// Whether the next worker may be started at once: this one did nothing wrong.
    #[must_use]
    pub fn is_orderly(self) -> bool {
        !matches!(self, Self::Stuck | Self::Failed | Self::NoRights)
    }
}

impl fmt::Display for WorkerExit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stopped => "it was told to stop",
            Self::Orphaned => "the supervisor is gone",
            Self::Asked => "somebody sent it SIGTERM",
            Self::AskedByRouDi => "RouDi stops and told its clients to",
            Self::RouDiGone => "RouDi is gone",
            Self::StoodStill => "it stood still for so long that RouDi took it for dead",
            Self::Evicted => {
                "RouDi took it for dead and gave its ports away, as RouDi does after it stood still itself"
            }
            Self::ServiceReplaced => {
                "the files of an iceoryx2 service were removed, and another one of its name was made"
            }
            Self::RouDiStandsStill => "RouDi stands still, and takes its clients for dead when it goes on",
            Self::WaitsForTheDead => {
                "a subscriber is gone whose room was waited for, which iceoryx2 does not notice before 0.9"
            }
            Self::Stuck => "a lane could not be brought to stop",
            Self::Failed => "it failed; its log says how",
            Self::NoRights => "it could not become the user that it is to serve; its log says why",
        })
    }
}

impl From<WorkerExit> for ExitCode {
    fn from(exit: WorkerExit) -> Self {
        Self::from(exit.code())
    }
}

/// Time that the other lanes get when classic fails in one thread.
const LAST_GRACE: Duration = Duration::from_millis(300);

static LANES: OnceLock<(Stop, Quiet)> = OnceLock::new();

/// From now on a fatal error of classic stops the lanes before it ends the process.
pub(super) fn watch_for_failure(lanes: &Prepared) {
    let _ = LANES.set((lanes.stop(), lanes.quiet()));
    cpp_shim::install_error_handler(failed);
    // It writes a line for each loan that fails, which here is a number in an account.
    cpp_shim::silence();
}

/// Called in the thread in which classic failed. Ends the process.
fn failed(report: &Report) {
    error!(error = report.name, "classic failed and cannot go on; this worker ends, and another takes its place");
    if let Some((stop, quiet)) = LANES.get() {
        stop.tell();
        leave_lane_for_ever(quiet, LAST_GRACE);
    }
    cpp_shim::exit_now(WorkerExit::Failed.code().into());
}
