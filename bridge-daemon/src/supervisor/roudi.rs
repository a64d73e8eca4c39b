//! Runs a RouDi of the bridge's own, where the configuration says `roudi = "managed"`.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use cpp_shim::{Identity, Line, Pool, Presence, pool_size_for};
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Child;
use tokio::sync::watch;
use tokio::time::timeout;
use tracing::{info, warn};

use crate::config::ClassicRelease;
use crate::config::plan::{self, EndpointPlan, FormatPlan, RoutePlan, ServicePlan};
use crate::transcode::Pipeline;

use super::backoff::Backoff;
use super::executable::{Executable, ExecutableError};
use super::told;

/// Time between two looks at a RouDi that somebody else runs.
const LOOK: Duration = Duration::from_millis(200);

/// Time that RouDi gets to stop while the supervisor waits. It tells its clients to end first, and none of them is the
/// bridge's any more by then.
const TIME_TO_STOP: Duration = Duration::from_secs(3);

/// Time after which a RouDi of the other line is not waited for any more.
const TIME_TO_START: Duration = Duration::from_secs(5);

/// Bytes of payload, and number of chunks, of the pools that are there for streams whose sample size nobody knows
/// beforehand; the sizes are those of RouDi's own default, the numbers smaller.
const GENERAL: [(u32, u32); 6] =
    [(128, 4096), (1024, 2048), (16_384, 512), (131_072, 128), (524_288, 32), (1_048_576, 32)];

/// The largest pool size that RouDi can be told: a multiple of 8 in 32 bits.
const LARGEST: u32 = !7;

/// Chunks for one endpoint beyond its queue: on loan, in history, in the hands of applications.
const SLACK: u32 = 64;

/// Chunks of one size that a stream's endpoint keeps busy where its queue is classic's default.
const DEFAULT_QUEUE: u32 = 256;

/// The pools that a configuration gives, in RouDi's terms: sizes rounded up to what it takes.
pub(super) fn given_pools(given: &[plan::Pool]) -> Vec<Pool> {
    let mut pools: Vec<Pool> = Vec::new();
    for pool in given {
        let size = u32::try_from(pool.size.next_multiple_of(8)).unwrap_or(LARGEST);
        let count = u32::try_from(pool.count).unwrap_or(u32::MAX);
        match pools.last_mut() {
            Some(last) if last.size == size => last.count = last.count.saturating_add(count),
            _ => pools.push(Pool { size, count }),
        }
    }
    pools
}

/// The pools that the streams need, and some of every common size.
pub(super) fn pools(routes: &[RoutePlan]) -> Vec<Pool> {
    let mut pools: Vec<Pool> = GENERAL.map(|(size, count)| Pool { size, count }).into();
    for route in routes {
        for endpoint in [&route.source, &route.sink] {
            let Some(size) = chunk_size(route, endpoint) else { continue };
            let queue = endpoint.queue.and_then(|queue| u32::try_from(queue).ok()).unwrap_or(DEFAULT_QUEUE);
            // Half a GiB of one size is as much as is taken without being asked.
            let count = (queue + SLACK).min((512 << 20) / size.max(1)).max(16);
            match pools.iter_mut().find(|pool| pool.size == size) {
                Some(pool) => pool.count = pool.count.saturating_add(count),
                None => pools.push(Pool { size, count }),
            }
        }
    }
    pools.sort_by_key(|pool| pool.size);
    while pools.len() > cpp_shim::MAX_POOLS {
        // Two neighbours become the larger one; the smallest first, where it wastes least.
        let first = pools.remove(0);
        if let Some(next) = pools.first_mut() {
            next.count = next.count.saturating_add(first.count);
        }
    }
    pools
}

/// The pool's chunk size for the samples of an endpoint on classic, where it is known.
fn chunk_size(route: &RoutePlan, endpoint: &EndpointPlan) -> Option<u32> {
    let ServicePlan::Classic(_) = endpoint.service else { return None };
    let other = if std::ptr::eq(endpoint, &route.sink) { &route.source } else { &route.sink };
    let (size, align) = match (&endpoint.format, &other.service) {
        (FormatPlan::Struct(layout), _) => (layout.size, layout.align),
        (FormatPlan::Msgpack(..) | FormatPlan::Json(_), _) => (Pipeline::compile(route).ok()?.max_output()?, 8),
        (FormatPlan::Raw, ServicePlan::Iceoryx2(service)) => {
            let payload = service.payload.as_ref().filter(|payload| !payload.slice)?;
            (payload.element.size, payload.element.align)
        }
        (FormatPlan::Raw, ServicePlan::Classic(_) | ServicePlan::Handoff(_)) => return None,
    };
    let header = match &other.service {
        ServicePlan::Iceoryx2(service) => service.user_header.as_ref().map_or(0, |header| header.size),
        ServicePlan::Classic(_) | ServicePlan::Handoff(_) => 0,
    };
    pool_size_for(size, align, header, if header == 0 { 1 } else { 8 })
}

/// Keeps a RouDi running for the bridge `name` until `stop` is true. One that somebody else runs is used as it is, and
/// one that an earlier supervisor of this bridge left behind is taken over. One that `waits_for_other` is started after the
/// RouDi of the other line, where that comes at all.
pub(super) async fn keep(
    name: String,
    line: ClassicRelease,
    program: Option<PathBuf>,
    pools: Vec<Pool>,
    waits_for_other: bool,
    mut stop: watch::Receiver<bool>,
) {
    let places = match line {
        ClassicRelease::V2_0 => Line::V2_0,
        ClassicRelease::V2_95 => Line::V2_95,
    };
    let mut backoff = Backoff::new();
    let mut used: Option<Identity> = None;
    let mut failed: Option<String> = None;
    let until = Instant::now() + TIME_TO_START;
    while waits_for_other && !*stop.borrow() && Instant::now() < until {
        if matches!(cpp_shim::presence_of(places.other()), Ok(Presence::Running)) {
            break;
        }
        pause(LOOK, &mut stop).await;
    }
    while !*stop.borrow() {
        if matches!(cpp_shim::presence_of(places), Ok(Presence::Running)) {
            let identity = cpp_shim::identity_of(places);
            let pid = identity.as_ref().and_then(|identity| identity.pid);
            let orphan = pid.filter(|pid| is_orphan_of(*pid, &name));
            if used != identity {
                let whose = if orphan.is_some() { "this bridge's, from before" } else { "somebody else's" };
                info!(%line, pid, whose, "a RouDi runs already, and is used");
                used = identity;
            }
            pause(LOOK, &mut stop).await;
            if let (Some(orphan), true) = (orphan, *stop.borrow()) {
                terminate(orphan);
            }
            continue;
        }
        match start(&name, line, program.as_deref(), &pools).await {
            Err(error) => {
                let error = error.to_string();
                if failed.as_ref() != Some(&error) {
                    warn!(%line, error, "RouDi cannot be started");
                }
                failed = Some(error);
            }
            Ok(mut child) => {
                backoff.started();
                failed = None;
                info!(%line, pid = child.id(), pools = pools.len(), "RouDi runs");
                tokio::select! {
                    status = child.wait() => warn!(reason = describe(status), "RouDi ended, another is started"),
                    () = loses_its_socket(places) => {
                        warn!(%line, "RouDi's socket was removed, and nobody can reach it; another is started");
                        end(child).await;
                    }
                    () = told(&mut stop) => {
                        end(child).await;
                        return;
                    }
                }
            }
        }
        pause(backoff.ended(false), &mut stop).await;
    }
}

/// Comes back when a RouDi that has had its socket has it no more. A RouDi of 2.95.8 removes that of 2.0 when it starts.
async fn loses_its_socket(line: Line) {
    let mut had = false;
    loop {
        tokio::time::sleep(LOOK).await;
        match cpp_shim::presence_of(line) {
            Ok(Presence::Running) => had = true,
            Ok(Presence::Absent) if had => return,
            _ => {}
        }
    }
}

async fn pause(time: Duration, stop: &mut watch::Receiver<bool>) {
    let _ = timeout(time, told(stop)).await;
}

fn describe(status: std::io::Result<ExitStatus>) -> String {
    status.map_or_else(|error| error.to_string(), |status| status.to_string())
}

/// Whether that process is a RouDi that a supervisor of the bridge `name` started and did not live to stop.
fn is_orphan_of(pid: u32, name: &str) -> bool {
    let words = |pid: u32| std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let starts_with =
        |pid: u32, first: &[&[u8]]| words(pid).split(|byte| *byte == 0).take(first.len()).eq(first.iter().copied());
    let parent = std::fs::read_to_string(format!("/proc/{pid}/status"))
        .ok()
        .and_then(|status| status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse::<u32>().ok());
    let parent_is_supervisor = parent.is_some_and(|parent| {
        let command = words(parent);
        command.split(|byte| *byte == 0).nth(1) == Some(b"run")
    });
    starts_with(pid, &[b"iox-bridge", b"roudi", b"--of", name.as_bytes()]) && !parent_is_supervisor
}

fn terminate(pid: u32) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, Signal::TERM);
    }
}

async fn start(
    name: &str,
    line: ClassicRelease,
    program: Option<&Path>,
    pools: &[Pool],
) -> Result<Child, ExecutableError> {
    let list = pools.iter().map(|pool| format!("{}x{}", pool.size, pool.count)).collect::<Vec<_>>().join(",");
    // Held until the child is there: the command names it by its descriptor.
    let executable = Executable::find(program, line).await?;
    let mut command = executable.command("roudi");
    command.args(["--of", name, "--pools", &list]).stdin(Stdio::null()).stdout(Stdio::null());
    command.spawn().map_err(|source| ExecutableError::Run {
        path: program.map_or_else(|| "/proc/self/exe".into(), Path::to_owned),
        source,
    })
}

async fn end(mut child: Child) {
    if let Some(pid) = child.id() {
        terminate(pid);
    }
    if timeout(TIME_TO_STOP, child.wait()).await.is_err() {
        // It must not be killed while it has clients: they could not even be told.
        warn!(pid = child.id(), "RouDi still waits for applications to end, and ends when they have");
        return;
    }
    info!("RouDi stopped");
}
