//! Looks at RouDi from outside, without becoming its client and without a trace.
//!
//! Owner: nobody, functions only. Threads: any.

use std::fmt;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixDatagram;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use serde::{Deserialize, Serialize};

use crate::platform::{self, Line};
use crate::procfs;

/// Whether a RouDi is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Nothing of it.
    Absent,
    /// Its socket is there, but nobody listens: it died, or is just coming or going.
    Stale,
    /// Its socket is there, but this user may not write to it.
    NoPermission,
    /// It listens.
    Running,
}

impl fmt::Display for Presence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Absent => "RouDi does not run",
            Self::Stale => "RouDi has died and left its socket behind",
            Self::NoPermission => "RouDi runs, but this user may not talk to it",
            Self::Running => "RouDi runs",
        })
    }
}

/// Whether a RouDi of this process's line is there, found by connecting to its socket, of which it notices nothing.
///
/// # Errors
///
/// What kept this process from finding out; having no file descriptor left, for example.
pub fn presence() -> io::Result<Presence> {
    presence_of(Line::linked())
}

/// As [`presence`], for a RouDi of either line.
///
/// # Errors
///
/// As [`presence`].
pub fn presence_of(line: Line) -> io::Result<Presence> {
    match UnixDatagram::unbound()?.connect(line.roudi_socket()) {
        Ok(()) => Ok(Presence::Running),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound => Ok(Presence::Absent),
            io::ErrorKind::ConnectionRefused => Ok(Presence::Stale),
            io::ErrorKind::PermissionDenied => Ok(Presence::NoPermission),
            _ => Err(error),
        },
    }
}

/// Whether anybody holds the lock of a RouDi of that line, as far as can be seen from here: whoever runs in another PID
/// namespace shows only to those who may read the lock's file.
pub fn lock_is_held(line: Line) -> bool {
    let file = line.roudi_lock_file();
    procfs::is_locked(&file).unwrap_or_else(|_| procfs::lock_holder(&file).is_ok_and(|holder| holder.is_some()))
}

/// Tells one RouDi from the next. Differs whenever another has taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    line: Line,
    /// Its process, where it can be seen: not in another PID namespace.
    pub pid: Option<u32>,
    /// When that process started, in the kernel's ticks since boot: process numbers come again.
    started: Option<u64>,
    /// The file of its socket, which each RouDi makes anew: inode, and when it changed last (seconds, nanoseconds).
    socket: (u64, i64, i64),
}

/// The RouDi of this process's line that is there now; `None` when there is no socket. A RouDi that died without tidying
/// up still has one, without a pid: ask [`presence`] first.
pub fn identity() -> Option<Identity> {
    identity_of(Line::linked())
}

/// As [`identity`], of a RouDi of either line.
pub fn identity_of(line: Line) -> Option<Identity> {
    let socket = socket(line)?;
    let (pid, started) = process(line).unwrap_or_default();
    Some(Identity { line, pid, started, socket })
}

/// The file of RouDi's socket. Takes no file descriptor.
fn socket(line: Line) -> Option<(u64, i64, i64)> {
    let socket = fs::symlink_metadata(line.roudi_socket()).ok()?;
    Some((socket.ino(), socket.ctime(), socket.ctime_nsec()))
}

/// RouDi's process, and when it started.
fn process(line: Line) -> io::Result<(Option<u32>, Option<u64>)> {
    let pid = procfs::lock_holder(&line.roudi_lock_file())?;
    Ok((pid, pid.map(procfs::start_of).transpose()?.flatten()))
}

impl Identity {
    /// Whether this RouDi is still the one that is there. Where file descriptors are too short to be sure, it is as long
    /// as its socket and a process of its number are.
    #[must_use]
    pub fn is_there(&self) -> bool {
        socket(self.line) == Some(self.socket)
            && match process(self.line) {
                // A holder in another PID namespace is not shown, dead or alive; its socket tells.
                Ok((None, _)) if self.pid.is_none() => {
                    presence_of(self.line).is_ok_and(|seen| seen == Presence::Running)
                }
                Ok(found) => found == (self.pid, self.started),
                Err(_) => self.pid.is_none_or(procfs::exists),
            }
    }
}

/// Looks again and again whether a RouDi is still there, at next to no cost: at its process through a descriptor of it
/// and at its socket, where [`Identity::is_there`] reads all mounts and locks of the machine.
#[derive(Debug)]
pub struct Watch {
    identity: Identity,
    /// `None` where the process cannot be seen, or descriptors are short.
    process: Option<OwnedFd>,
}

impl Watch {
    /// Watches over this RouDi.
    pub fn over(identity: Identity) -> Self {
        let pid = identity.pid.and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw);
        let process = pid.and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
        // It may have ended before, and another process have its number by now.
        let process = process.filter(|_| identity.is_there());
        Self { identity, process }
    }

    /// The RouDi that is watched over.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Whether it is still the one that is there. A process that runs keeps its lock and its number.
    #[must_use]
    pub fn is_there(&self) -> bool {
        let Some(process) = &self.process else { return self.identity.is_there() };
        socket(self.identity.line) == Some(self.identity.socket)
            && runs(process).unwrap_or_else(|_| self.identity.is_there())
    }
}

/// Whether a process has not ended yet.
fn runs(process: &OwnedFd) -> rustix::io::Result<bool> {
    let mut asked = [PollFd::new(process, PollFlags::IN)];
    poll(&mut asked, Some(&Timespec::default()))?;
    Ok(asked.iter().all(|asked| asked.revents().is_empty()))
}

/// The process of a RouDi of this process's line that holds its lock and has no socket, so that nobody can reach it and it
/// takes its clients for dead; `None` where there is none, or it cannot be seen from here. A RouDi of 2.95.8 removes the
/// socket of a RouDi of 2.0 when it starts, taking it for an old one of its own.
pub fn without_socket() -> Option<u32> {
    let line = Line::linked();
    match presence_of(line) {
        Ok(Presence::Absent) => process(line).ok()?.0,
        _ => None,
    }
}

/// The domains, other than the one that clients are in, in which a RouDi of 2.95 listens, ascending. Since 2.95 the names
/// of RouDi's files begin with `iox1_`, the number of its domain (`--domain-id`) and `_i_`.
pub fn other_domains() -> Vec<u16> {
    let socket = Line::V2_95.roudi_socket();
    let (Some(folder), Some(own)) = (socket.parent(), socket.file_name().and_then(|name| name.to_str())) else {
        return Vec::new();
    };
    let Some((prefix, name)) = own.split_once("_0_") else { return Vec::new() };
    let domain = |file: &str| {
        let number = file.strip_prefix(prefix)?.strip_prefix('_')?.strip_suffix(name)?.strip_suffix('_')?;
        number.parse::<u16>().ok().filter(|domain| *domain != 0)
    };
    let listens =
        |entry: &fs::DirEntry| UnixDatagram::unbound().and_then(|asking| asking.connect(entry.path())).is_ok();
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut domains: Vec<u16> =
        entries.filter_map(|entry| domain(entry.file_name().to_str()?).filter(|_| listens(&entry))).collect();
    domains.sort_unstable();
    domains
}

/// Whether a process has been stopped, by SIGSTOP or a debugger say.
pub fn is_stopped(pid: u32) -> bool {
    matches!(procfs::state_of(pid), Some('T' | 't'))
}

/// The release of classic that a process has loaded, such as `2.0.3`; `None` when it has none, may not be looked at, or
/// is another program than this one and has classic linked in.
pub fn release_of(pid: u32) -> Option<String> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
    let loaded = release_in(&maps).map(str::to_owned);
    loaded.or_else(|| is_this_program(pid).then(|| platform::linked_release().to_owned()))
}

/// Whether that process runs the executable that this one runs.
fn is_this_program(pid: u32) -> bool {
    let executable = |process: &str| fs::metadata(format!("/proc/{process}/exe")).ok();
    let (Some(its), Some(ours)) = (executable(&pid.to_string()), executable("self")) else { return false };
    (its.dev(), its.ino()) == (ours.dev(), ours.ino())
}

/// The release in the file name of the mapped library, `libiceoryx_posh.so.2.0.3`.
fn release_in(maps: &str) -> Option<&str> {
    maps.lines().find_map(|line| {
        let (_, release) = line.rsplit_once("/libiceoryx_posh.so.")?;
        let release = release.split(' ').next()?;
        let numbers =
            || release.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
        (release.contains('.') && numbers()).then_some(release)
    })
}

/// Whether a living process is registered under that name, so that registering it once more would be fatal. Also one in
/// another PID namespace: the lock is tried, not looked up.
pub fn name_in_use(runtime_name: &str) -> bool {
    let file = platform::lock_file(runtime_name);
    match procfs::is_locked(&file) {
        Ok(locked) => locked,
        // Somebody else's, who has to be seen.
        Err(_) => procfs::lock_holder(&file).is_ok_and(|holder| holder.is_some()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_is_in_the_name_of_the_library() {
        let maps = "7f0 r-xp 0 fe:01 5 /usr/lib/x86_64-linux-gnu/libiceoryx_posh_roudi.so.2.0.9\n\
                    7f1 r-xp 0 fe:01 6 /usr/lib/x86_64-linux-gnu/libiceoryx_posh.so.2.0.3\n";
        assert_eq!(release_in(maps), Some("2.0.3"));
        assert_eq!(release_in("7f1 r-xp 0 fe:01 6 /lib/libiceoryx_posh.so.2.0.6 (deleted)"), Some("2.0.6"));
        for none in
            ["", "7f1 /lib/libiceoryx_posh.so.2", "7f1 /lib/libiceoryx_posh.so.2..x", "libiceoryx_posh.so.2.0.3"]
        {
            assert_eq!(release_in(none), None, "{none}");
        }
    }

    #[test]
    fn this_process_has_loaded_what_it_is_linked_with() {
        assert_eq!(release_of(std::process::id()).as_deref(), Some(platform::linked_release()));
        assert_eq!(release_of(u32::MAX), None);
    }
}
