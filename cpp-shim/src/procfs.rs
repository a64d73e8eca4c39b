//! Who holds a lock on a file, as the kernel tells everyone in `/proc/locks`: without touching the lock. And whether
//! anybody does, found by trying it.
//!
//! Owner: nobody, functions only. Threads: any.

use std::fs;
use std::io;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, StatxFlags, statx};
use rustix::io::Errno;

/// The process that holds a lock on that file; `None` when there is no file, no lock, or no way to know (a holder in a
/// PID namespace that cannot be seen from here is not shown).
///
/// # Errors
/// When file descriptors are short, so that there may be one.
pub(crate) fn lock_holder(file: &Path) -> io::Result<Option<u32>> {
    let Ok(status) = statx(CWD, file, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::INO | StatxFlags::MNT_ID) else {
        return Ok(None);
    };
    let (Some(mounts), Some(locks)) = (read("/proc/self/mountinfo")?, read("/proc/locks")?) else { return Ok(None) };
    Ok(device_of_mount(&mounts, status.stx_mnt_id).and_then(|device| holder_in(&locks, device, status.stx_ino)))
}

/// Whether anybody holds the lock (`flock`) on that file; nobody does where there is none. It is held, shared, for the
/// moment that it takes to find out.
///
/// # Errors
/// When the file may not be read, or file descriptors are short.
pub(crate) fn is_locked(file: &Path) -> io::Result<bool> {
    use rustix::fs::{FlockOperation, Mode, OFlags, flock, open};
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = match open(file, flags, Mode::empty()) {
        Ok(file) => file,
        Err(Errno::NOENT) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    match flock(&file, FlockOperation::NonBlockingLockShared) {
        Ok(()) => Ok(false),
        Err(Errno::WOULDBLOCK) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// What a file says; `None` when it is not there or not for this user.
fn read(file: &str) -> io::Result<Option<String>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if [Errno::MFILE, Errno::NFILE].contains(&Errno::from_io_error(&error).unwrap_or(Errno::IO)) => {
            Err(error)
        }
        Err(_) => Ok(None),
    }
}

/// The device number, major and minor, of a mount. What `stat` says is not always what `/proc/locks` shows: btrfs gives
/// each subvolume a number of its own.
fn device_of_mount(mountinfo: &str, mount: u64) -> Option<(u32, u32)> {
    let line = mountinfo.lines().find(|line| line.split(' ').next() == Some(&mount.to_string()))?;
    let (major, minor) = line.split(' ').nth(2)?.split_once(':')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// The process that holds the lock on an inode. A line reads `1: FLOCK  ADVISORY  WRITE 4242 00:2d:11 0 EOF`, device
/// numbers in hexadecimal; one whose second word is `->` waits for the lock of the line above.
fn holder_in(locks: &str, device: (u32, u32), inode: u64) -> Option<u32> {
    locks.lines().find_map(|line| {
        let mut words = line.split_ascii_whitespace().skip(1);
        if words.next()? == "->" {
            return None;
        }
        let holder = words.nth(2)?.parse().ok()?;
        let mut place = words.next()?.split(':');
        let major = u32::from_str_radix(place.next()?, 16).ok()?;
        let minor = u32::from_str_radix(place.next()?, 16).ok()?;
        let found = place.next()?.parse::<u64>().ok()?;
        ((major, minor) == device && found == inode).then_some(holder)
    })
}

/// When a process started, in the kernel's ticks since boot; `None` when there is none.
///
/// # Errors
/// When file descriptors are short.
pub(crate) fn start_of(pid: u32) -> io::Result<Option<u64>> {
    Ok(read(&format!("/proc/{pid}/stat"))?.as_deref().and_then(start_in))
}

/// Whether there is a process of that number, dead ones that wait for their parent included. Takes no file descriptor.
pub(crate) fn exists(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| rustix::process::test_kill_process(pid) != Err(Errno::SRCH))
}

/// What a process is doing, in the letters of `ps`: `R`, `S`, `D`, `T`, ...
pub(crate) fn state_of(pid: u32) -> Option<char> {
    state_in(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// Field 3, the first behind the program's name.
fn state_in(stat: &str) -> Option<char> {
    stat.rsplit_once(')')?.1.trim_start().chars().next()
}

/// Field 22, counted from the end of the second, the program's name, which may hold anything but ends at the last
/// parenthesis.
fn start_in(stat: &str) -> Option<u64> {
    stat.rsplit_once(')')?.1.split_ascii_whitespace().nth(19)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCKS: &str = "1: POSIX  ADVISORY  WRITE 10 fe:01:77 0 EOF\n\
                         2: -> FLOCK  ADVISORY  WRITE 11 00:2d:5 0 EOF\n\
                         3: FLOCK  ADVISORY  WRITE 12 00:2d:5 0 EOF\n\
                         4: FLOCK  ADVISORY  WRITE -1 00:2d:6 0 EOF\n\
                         5: broken\n";

    #[test]
    fn the_holder_is_found_by_device_and_inode() {
        assert_eq!(holder_in(LOCKS, (0xfe, 1), 77), Some(10));
        assert_eq!(holder_in(LOCKS, (0, 0x2d), 77), None);
        assert_eq!(holder_in("", (0, 0), 0), None);
    }

    #[test]
    fn who_waits_does_not_hold_and_an_unseen_holder_has_no_number() {
        assert_eq!(holder_in(LOCKS, (0, 0x2d), 5), Some(12));
        assert_eq!(holder_in(LOCKS, (0, 0x2d), 6), None);
    }

    #[test]
    fn the_device_is_that_of_the_mount() {
        let mounts = "22 1 254:1 / / rw - ext4 /dev/vda1 rw\n221 22 0:45 / /tmp rw - tmpfs tmpfs rw\n";
        assert_eq!(device_of_mount(mounts, 221), Some((0, 45)));
        assert_eq!(device_of_mount(mounts, 2), None);
    }

    #[test]
    fn start_and_state_are_found_behind_any_program_name() {
        let stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 98765 1000 1 18446744073709551615";
        assert_eq!(start_in(stat), Some(98_765));
        assert_eq!(start_in("42 (a) S 1"), None);
        assert_eq!((state_in(stat), state_in("42 (a)")), (Some('S'), None));
        assert!(start_of(std::process::id()).expect("there are descriptors").is_some());
    }

    #[test]
    fn a_lock_of_this_process_is_its_own() {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        assert_eq!(lock_holder(file.path()).expect("there are descriptors"), None);
        rustix::fs::flock(file.as_file(), rustix::fs::FlockOperation::LockExclusive).expect("nobody else has it");
        assert_eq!(lock_holder(file.path()).expect("there are descriptors"), Some(std::process::id()));
        assert!(is_locked(file.path()).expect("it is ours"));
        rustix::fs::flock(file.as_file(), rustix::fs::FlockOperation::Unlock).expect("it is ours");
        assert!(!is_locked(file.path()).expect("it is ours"));
        assert!(!is_locked(Path::new("/nowhere")).expect("nothing is nobody's"));
        assert!(exists(std::process::id()) && !exists(0) && !exists(u32::MAX));
    }
}
