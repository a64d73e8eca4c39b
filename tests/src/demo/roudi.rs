//! RouDi: the one that runs, or else one for the time of the demo.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::statvfs;

use super::folder::Folder;
use super::process::Process;
use super::{Signals, Trouble, say};

/// Where classic has it, on every machine.
const SOCKET: &str = if cfg!(classic_2_95) { "/tmp/iox1_0_i_roudi" } else { "/tmp/roudi" };
/// A segment that RouDi makes and each of its clients maps.
const SEGMENT: &str = if cfg!(classic_2_95) { "/dev/shm/iox1_0_i_management" } else { "/dev/shm/iceoryx_mgmt" };
/// Where both stacks have their segments.
const MEMORY: &str = "/dev/shm";
/// Bytes of it: RouDi takes 64 MiB of them, whatever its pools are.
const NEED: u64 = 128 << 20;
const PATIENCE: Duration = Duration::from_secs(20);
/// For RouDi to follow its clients.
const MOMENT: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(50);

/// A RouDi. Dropping it ends it, if the demo had started it.
pub(super) struct RouDi {
    own: Option<Process>,
}

impl RouDi {
    pub(super) fn find_or_start(folder: &Folder, signals: &Signals) -> Result<Self, Trouble> {
        if !runs()? {
            let mut own = start(folder)?;
            if wait_until_ready(&mut own, signals)? {
                say(format_args!(
                    "RouDi: none ran, started one for the demo (process {}, {})",
                    own.pid(),
                    env!("CLASSIC_RELEASE")
                ));
                return Ok(Self { own: Some(own) });
            }
        }
        say("RouDi: the one that already runs");
        Ok(Self { own: None })
    }

    /// An error if it was started for the demo and has ended.
    pub(super) fn check(&mut self) -> Result<(), Trouble> {
        self.own.as_mut().map_or(Ok(()), Process::check)
    }

    /// An error if it has ended, or does so in a moment, whoever had started it.
    pub(super) fn check_patiently(&mut self) -> Result<(), Trouble> {
        let deadline = Instant::now() + MOMENT;
        while Instant::now() < deadline {
            self.check()?;
            if !runs()? {
                return Err(Trouble::RouDiEnded);
            }
            thread::sleep(PAUSE);
        }
        Ok(())
    }

    /// Ends the RouDi that the demo had started. RouDi takes its clients with it, so first wait until the demo was the
    /// last to use it.
    pub(super) fn end(self, signals: &Signals) -> Result<(), Trouble> {
        let Some(mut roudi) = self.own else { return Ok(()) };
        let mut has_told = false;
        loop {
            let others = clients(roudi.pid());
            if others.is_empty() || roudi.check().is_err() {
                break;
            }
            if !has_told {
                let names = others.join(", ");
                say(format_args!(
                    "RouDi: still used by {names}; it ends when they have (Ctrl-C: now, and they with it)"
                ));
                has_told = true;
            }
            if let Err(interrupted) = signals.check() {
                roudi.end();
                return Err(interrupted);
            }
            thread::sleep(PAUSE);
        }
        match roudi.end() {
            Some(status) if status.success() => Ok(()),
            _ => Err(Trouble::Verdict(format!(
                "iox-roudi did not end in order. Its last lines:\n{}",
                roudi.last_lines()
            ))),
        }
    }
}

fn start(folder: &Folder) -> Result<Process, Trouble> {
    let free = statvfs(MEMORY).map_or(u64::MAX, |memory| memory.f_bavail.saturating_mul(memory.f_frsize));
    if free < NEED {
        return Err(Trouble::Memory { path: MEMORY, free: free >> 20, need: NEED >> 20 });
    }
    let config = folder.write("roudi.toml", include_str!("../../demo/roudi.toml"))?;
    match Process::start("iox-roudi", Command::new(env!("CLASSIC_ROUDI")).arg("-c").arg(config)) {
        Err(Trouble::Start { source, .. }) if source.kind() == ErrorKind::NotFound => Err(Trouble::NoRouDi),
        started => started,
    }
}

/// False if somebody else was faster, another demo say, and their RouDi is to be used.
fn wait_until_ready(roudi: &mut Process, signals: &Signals) -> Result<bool, Trouble> {
    let deadline = Instant::now() + PATIENCE;
    while !roudi.has_printed("RouDi is ready for clients") {
        signals.check()?;
        let ended = roudi.check();
        // Another RouDi has its lock before it has its socket.
        let is_second = ended.is_err() && roudi.has_printed("ROUDI_STILL_RUNNING");
        if is_second && runs()? {
            return Ok(false);
        }
        if !is_second {
            ended?;
        }
        if Instant::now() > deadline {
            let what = format!("iox-roudi is not ready. Its last lines:\n{}", roudi.last_lines());
            return Err(Trouble::Late { what, seconds: PATIENCE.as_secs() });
        }
        thread::sleep(PAUSE);
    }
    Ok(true)
}

fn runs() -> Result<bool, Trouble> {
    let connected = UnixDatagram::unbound().and_then(|socket| socket.connect(SOCKET));
    match connected.map_err(|error| (error.kind(), error)) {
        Ok(()) => Ok(true),
        Err((ErrorKind::NotFound | ErrorKind::ConnectionRefused, _)) => Ok(false),
        Err((ErrorKind::PermissionDenied, error)) => Err(Trouble::ForeignRouDi(error)),
        Err((_, source)) => Err(Trouble::RouDiSocket { path: SOCKET, source }),
    }
}

/// Processes but RouDi that have its segment mapped, as far as this user may know: name and number.
fn clients(roudi: u32) -> Vec<String> {
    let Ok(segment) = fs::metadata(SEGMENT) else { return Vec::new() };
    // In a mount namespace of its own a process has another file under this name.
    let device = format!("{:02x}:{:02x}", rustix::fs::major(segment.dev()), rustix::fs::minor(segment.dev()));
    let mark = format!(" {device} {} ", segment.ino());
    let is_client = |process: &Path| {
        let maps = fs::read_to_string(process.join("maps")).unwrap_or_default();
        maps.lines().any(|line| line.contains(&mark))
    };
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten().map(|entry| entry.path());
    processes
        .filter_map(|path| Some((path.file_name()?.to_str()?.parse::<u32>().ok()?, path)))
        .filter(|(pid, path)| *pid != roudi && is_client(path))
        .map(|(pid, path)| {
            let line = fs::read_to_string(path.join("cmdline")).unwrap_or_default();
            let program = line.split('\0').next().and_then(|program| program.rsplit('/').next());
            format!("{} (process {pid})", program.unwrap_or_default())
        })
        .collect()
}
