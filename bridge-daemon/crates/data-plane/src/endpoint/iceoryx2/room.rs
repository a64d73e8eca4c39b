//! Whether `/dev/shm` has room for what iceoryx2 makes there.
//!
//! iceoryx2 takes its memory without asking whether it is there, and the process that first writes to what is not there
//! gets SIGBUS. What it was making then stays behind half made, and stops others that need it.

use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, SystemTime};

use rustix::fs::statvfs;
use tracing::warn;

use crate::endpoint::{Obstacle, SHARED_MEMORY};

/// Bytes that have to be free before a node or a port is made: many times what they take but for samples, of whose memory
/// iceoryx2 itself finds out whether it is there.
const NEEDED: u64 = 4 << 20;

/// How the segment's name ends that all nodes share, since 0.9.
const SHARED_BY_NODES: &str = ".global_mgmt";

/// Time after which nobody is making it any more, which takes microseconds.
const GIVEN_UP: Duration = Duration::from_secs(2);

/// Whether there is room for a node or a port.
///
/// # Errors
/// That there is not.
pub(super) fn check() -> Result<(), Obstacle> {
    // Where it cannot be asked for, iceoryx2 says what is wrong with it.
    let Ok(found) = statvfs(SHARED_MEMORY) else { return Ok(()) };
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    // One without a limit has no blocks.
    if found.f_blocks == 0 || free >= NEEDED {
        return Ok(());
    }
    Err(Obstacle::blocked(format!(
        "{SHARED_MEMORY} is full: {} KiB are free, and iceoryx2 needs {} KiB; make room there, or make it larger",
        free >> 10,
        NEEDED >> 10
    )))
}

/// File descriptors that a port of iceoryx2 takes at most when it is made.
const FILES_OF_A_PORT: usize = 8;

/// Takes as many file descriptors as a port needs.
fn files_of_a_port() -> io::Result<Vec<File>> {
    (0..FILES_OF_A_PORT).map(|_| File::open("/dev/null")).collect()
}

/// Whether this process has file descriptors left for a port.
pub(super) fn has_files() -> bool {
    files_of_a_port().is_ok()
}

/// Says why iceoryx2 could not do something now. It does not say that file descriptors are short, so that is found out.
pub(super) fn not_now(reason: String) -> Obstacle {
    let is_short = |error: &io::Error| {
        let errno = rustix::io::Errno::from_io_error(error);
        errno == Some(rustix::io::Errno::MFILE) || errno == Some(rustix::io::Errno::NFILE)
    };
    if !files_of_a_port().as_ref().is_err_and(is_short) {
        return Obstacle::waiting(reason);
    }
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    let limit = limit.map_or_else(|| "none".to_owned(), |limit| limit.to_string());
    Obstacle::blocked(format!(
        "{reason}: this worker has no file descriptor left (its limit is {limit}, and a route takes about 8); raise the hard \
         limit, with `LimitNOFILE=` in the unit or `ulimit -Hn`, or have fewer streams"
    ))
}

/// Removes the segment that all nodes share, if the process that was making it died: no node could be made any more.
/// `prefix` is that of iceoryx2's files.
pub(super) fn remove_half_made(prefix: &str) {
    for entry in fs::read_dir(SHARED_MEMORY).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_shared_by_nodes =
            name.to_str().is_some_and(|name| name.starts_with(prefix) && name.ends_with(SHARED_BY_NODES));
        let path = entry.path();
        if is_shared_by_nodes
            && entry.metadata().is_ok_and(|found| is_half_made(&found))
            && !is_mapped(&path.to_string_lossy())
            && fs::remove_file(&path).is_ok()
        {
            warn!(path = %path.display(), "removed what a process that died had left half made");
        }
    }
}

/// Only its owner may write it until it is whole; then all that may use it may read it as well.
fn is_half_made(found: &Metadata) -> bool {
    let age = found.modified().ok().and_then(|modified| SystemTime::now().duration_since(modified).ok());
    found.is_file()
        && found.uid() == rustix::process::geteuid().as_raw()
        && found.mode() & 0o400 == 0
        && age.is_some_and(|age| age > GIVEN_UP)
}

/// Whether a process has it, one that stands still perhaps.
fn is_mapped(path: &str) -> bool {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|process| fs::read_to_string(process.path().join("maps")).ok())
        .any(|maps| maps.lines().any(|line| line.ends_with(path)))
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_is_whole_or_new_is_not_half_made() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let is_half = |mode, age| {
            let opened = File::options().write(true).open(file.path()).expect("it is ours");
            opened.set_modified(SystemTime::now() - age).expect("it is ours");
            opened.set_permissions(Permissions::from_mode(mode)).expect("it is ours");
            is_half_made(&fs::metadata(file.path()).expect("it is there"))
        };
        assert!(is_half(0o200, GIVEN_UP * 2));
        assert!(!is_half(0o200, Duration::ZERO));
        assert!(!is_half(0o600, GIVEN_UP * 2));
    }
}
