//! Runs a RouDi of the bridge's own, where the configuration says `roudi = "managed"`.

mod place;
mod pools;

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use cpp_shim::{Identity, Line, Pool, Presence};
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tracing::{info, warn};

use crate::config::ClassicRelease;
use crate::endpoint::classic;

use super::backoff::Backoff;
use super::executable::{Executable, ExecutableError};
use super::told;
use super::worker::shown;

pub(super) use pools::{given_pools, pools};

/// Time between two looks at a RouDi that somebody else runs.
const LOOK: Duration = Duration::from_millis(200);

/// The same at a RouDi that was just started, until it listens.
const LOOK_AT_START: Duration = Duration::from_millis(10);

/// Time after which a RouDi that was started has had its socket, whether it was seen or not: it makes it once it has its
/// memory, of which it writes some GiB a second.
const TIME_TO_LISTEN: Duration = Duration::from_secs(30);

/// Time between two looks at what keeps RouDi from being started.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// What a line begins with that says why RouDi ends; other lines on its standard output are its own.
pub const LAST_WORDS: &str = "iox-bridge: ";

/// Characters of them that are passed on.
const LONGEST_WORDS: usize = 200;

/// Time that RouDi gets to stop while the supervisor waits. It tells its clients to end first, and none of them is the
/// bridge's any more by then.
pub(super) const TIME_TO_STOP: Duration = Duration::from_secs(3);

/// Time after which a RouDi of the other line is not waited for any more.
const TIME_TO_START: Duration = Duration::from_secs(5);

/// Keeps a RouDi running for the bridge `name` until `stop` is true. One that somebody else runs is used as it is, and
/// one that an earlier supervisor of this bridge left behind is taken over. One that `waits_for_other` is started after the
/// RouDi of the other line, where that comes at all. Whatever keeps RouDi from running is told to `say`.
pub(super) async fn keep(
    name: String,
    line: ClassicRelease,
    program: Option<PathBuf>,
    pools: Vec<Pool>,
    waits_for_other: bool,
    say: impl Fn(Option<String>),
    mut stop: watch::Receiver<bool>,
) {
    let places = classic::line(line);
    let mut backoff = Backoff::new();
    let mut used: Option<Identity> = None;
    let mut told_reason: Option<String> = None;
    let mut say = |reason: Option<String>| {
        if told_reason != reason {
            // Once, although the figures in it may change all the time.
            let words = |reason: &Option<String>| reason.as_ref().map(|reason| reason.replace(char::is_numeric, ""));
            if let Some(new) = reason.as_ref().filter(|_| words(&reason) != words(&told_reason)) {
                warn!(%line, reason = new, "RouDi does not run");
            }
            told_reason.clone_from(&reason);
            say(reason);
        }
    };
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
            say(None);
            pause(LOOK, &mut stop).await;
            if let (Some(orphan), true) = (orphan, *stop.borrow()) {
                terminate(orphan);
            }
            continue;
        }
        if let Some(reason) = place::obstacle(places, &pools) {
            say(Some(reason));
            pause(LOOK_AGAIN, &mut stop).await;
            continue;
        }
        match start(&name, line, program.as_deref(), &pools).await {
            Err(error) => say(Some(format!("RouDi cannot be started: {error}"))),
            Ok(mut child) => {
                backoff.started();
                info!(%line, pid = child.id(), pools = pools.len(), "RouDi runs");
                let words = words(&mut child);
                tokio::select! {
                    status = child.wait() => say(Some(ended(status, words.await.unwrap_or_default()))),
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

/// Comes back when a RouDi that has just been started has had its socket and has it no more. A RouDi of 2.95.8 removes
/// that of 2.0 when it starts.
async fn loses_its_socket(line: Line) {
    let late = Instant::now() + TIME_TO_LISTEN;
    let mut had = false;
    loop {
        // It may lose it before it was seen with it.
        tokio::time::sleep(if had { LOOK } else { LOOK_AT_START }).await;
        match cpp_shim::presence_of(line) {
            Ok(Presence::Running) => had = true,
            Ok(Presence::Absent) if had || Instant::now() > late => return,
            _ => {}
        }
    }
}

async fn pause(time: Duration, stop: &mut watch::Receiver<bool>) {
    let _ = timeout(time, told(stop)).await;
}

/// What RouDi says of why it ends, as far as it says it: its last words.
fn words(child: &mut Child) -> JoinHandle<String> {
    let output = child.stdout.take();
    tokio::spawn(async move {
        let mut last = String::new();
        let Some(output) = output else { return last };
        let mut lines = BufReader::new(output).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(words) = line.strip_prefix(LAST_WORDS) {
                last = shown(words, LONGEST_WORDS);
            }
        }
        last
    })
}

/// Why another RouDi is started.
fn ended(status: io::Result<ExitStatus>, words: String) -> String {
    let how = status.map_or_else(|error| error.to_string(), |status| status.to_string());
    let words = if words.is_empty() { words } else { format!(", and said {words}") };
    format!("RouDi ended ({how}){words}; another is started")
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
    // Whoever runs a program says what its command line is, but not whose process it is.
    let own = rustix::process::geteuid().as_raw();
    let is_own = std::fs::metadata(format!("/proc/{pid}")).is_ok_and(|process| process.uid() == own);
    is_own && starts_with(pid, &[b"iox-bridge", b"roudi", b"--of", name.as_bytes()]) && !parent_is_supervisor
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
    command.args(["--of", name, "--pools", &list]).stdin(Stdio::null()).stdout(Stdio::piped());
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
