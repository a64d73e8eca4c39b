//! What makes a thread a lane's: its core and its priority.

use rustix::thread::{CpuSet, sched_setaffinity};
use thread_priority::{
    RealtimeThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
    thread_native_id,
};
use tracing::{info, warn};

/// Where a lane runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The lane's name, for the log.
    pub lane: String,
    /// The core; `None`: any.
    pub cpu: Option<usize>,
    /// Real-time priority from 1 to 99; `None`: no real-time thread.
    pub priority: Option<u8>,
}

impl Place {
    /// Takes the calling thread there. What cannot be had is said in the log, and the lane runs without it.
    pub(super) fn take(&self) {
        if let Some(cpu) = self.cpu {
            let mut set = CpuSet::new();
            if cpu < CpuSet::MAX_CPU {
                set.set(cpu);
            }
            match sched_setaffinity(None, &set) {
                Ok(()) => info!(lane = self.lane, cpu, "lane has its core"),
                Err(error) => warn!(
                    lane = self.lane,
                    cpu,
                    %error,
                    "the lane runs on any core; is there a core of that number, and may this process use it (cpuset, AllowedCPUs)?"
                ),
            }
        }
        if let Some(priority) = self.priority {
            match set_real_time(priority) {
                Ok(()) => info!(lane = self.lane, priority, "lane is a real-time thread"),
                Err(error) => warn!(
                    lane = self.lane,
                    priority,
                    error,
                    "the lane has no real-time priority; it takes CAP_SYS_NICE or a limit (LimitRTPRIO) as high as that"
                ),
            }
        }
    }
}

fn set_real_time(priority: u8) -> Result<(), String> {
    let priority = ThreadPriority::Crossplatform(priority.try_into()?);
    let policy = ThreadSchedulePolicy::Realtime(RealtimeThreadSchedulePolicy::Fifo);
    set_thread_priority_and_policy(thread_native_id(), priority, policy).map_err(|error| format!("{error:?}"))
}
