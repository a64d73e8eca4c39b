//! Whether anybody writes to a file, or has it mapped to write to: also a process that cannot be seen from here, in another
//! container that shares the file alone.
//!
//! Owner: nobody, functions only. Threads: any.

#![allow(unsafe_code, reason = "the system call for leases has no safe face")]

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::path::Path;

use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;

/// Whether any process has the file open for writing, mappings included; `false` where there is none.
///
/// The kernel gives a lease for reading only on a file that nobody has open for writing (fcntl(2), "Leases"), and knows of
/// all mounts and all PID namespaces. It is given back at once; who opens the file for writing meanwhile waits for that
/// moment.
///
/// # Errors
///
/// When this user may not find out: only the owner of a file, or a process with `CAP_LEASE`, may have a lease. Or when the
/// file system has none.
pub fn is_open_for_writing(file: &Path) -> io::Result<bool> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = match open(file, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        Err(Errno::NOENT) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let file = file.as_raw_fd();
    // Whoever opens the file while it is leased makes the kernel send this signal, which is ignored unless said otherwise;
    // the usual one would end the process.
    fcntl(file, F_SETSIG, libc::SIGURG)?;
    match fcntl(file, libc::F_SETLEASE, libc::F_RDLCK) {
        Ok(()) => fcntl(file, libc::F_SETLEASE, libc::F_UNLCK).map(|()| false),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(true),
        Err(error) => Err(error),
    }
}

/// `F_SETSIG` of linux/fcntl.h, which not every release of `libc` has.
const F_SETSIG: libc::c_int = 10;

fn fcntl(file: RawFd, command: libc::c_int, argument: libc::c_int) -> io::Result<()> {
    // SAFETY: both commands take a number and touch no memory of this process; the descriptor is open.
    match unsafe { libc::fcntl(file, command, argument) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_in_use_as_long_as_somebody_may_write_to_it() {
        // Not every file system gives leases; the one that matters does.
        let folder = tempfile::tempdir_in("/dev/shm").expect("a folder");
        let path = folder.path().join("segment");
        assert!(!is_open_for_writing(&path).expect("may ask"), "there is none");
        fs::write(&path, [0; 4096]).expect("room");
        assert!(!is_open_for_writing(&path).expect("may ask"));
        let reader = File::open(&path).expect("opens");
        assert!(!is_open_for_writing(&path).expect("may ask"));
        let writer = File::options().write(true).open(&path).expect("opens");
        assert!(is_open_for_writing(&path).expect("may ask"));
        drop((reader, writer));
        assert!(!is_open_for_writing(&path).expect("may ask"));
    }
}
