//! Services that are described but cannot be used: somebody is making them, died while doing so, or has their memory in
//! another place.
//!
//! iceoryx2 makes the description first, writable for its maker, and takes that right away when it is complete; the segment
//! comes before that or, since 0.10, after it. Whoever finds one without the other waits for a while and gives up. What a
//! maker that died leaves stays for ever, and stops everybody who wants the service.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use tracing::warn;

use crate::endpoint::{Obstacle, SHARED_MEMORY};

/// Time that a service may take to be made, which takes milliseconds.
const MAKING: Duration = Duration::from_secs(2);

/// The right to write of the owner, which a complete description has not, in any release.
const WRITABLE: u32 = 0o200;

/// Looks at the description of `service`, and removes it if its maker has died: nobody has it open, and no living process
/// says that it uses the service (`is_used`). `has_segment` says whether its memory is there.
///
/// # Errors
/// Why the service cannot be used now, though it is described.
pub(super) fn check(
    service: &str,
    description: &Path,
    has_segment: impl FnOnce() -> bool,
    is_used: impl FnOnce() -> bool,
) -> Result<(), Obstacle> {
    let Ok(found) = fs::symlink_metadata(description) else { return Ok(()) };
    // What others make of theirs is theirs.
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Ok(());
    }
    let is_complete = found.mode() & WRITABLE == 0;
    if is_complete && has_segment() {
        return Ok(());
    }
    let changed = u64::try_from(found.ctime()).unwrap_or(0);
    let age = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH + Duration::from_secs(changed));
    // A clock that was put back makes it young again, for as long as that.
    let age = age.unwrap_or_default();
    let is_being_written = || !is_complete && cpp_shim::is_open_for_writing(description).unwrap_or(true);
    if age < MAKING || is_being_written() {
        return Err(Obstacle::waiting(format!("service \"{service}\" is being created by another process")));
    }
    let file = description.display();
    if is_used() {
        return Err(Obstacle::waiting(format!(
            "service \"{service}\" is described in {file} and somebody uses it, but its memory is not in {SHARED_MEMORY}: its \
             applications run in a place (a container?) that shares the folder but not {SHARED_MEMORY}; share that as well, \
             or give one of the two another `root-path` in iceoryx2's configuration"
        )));
    }
    match fs::remove_file(description) {
        Ok(()) => {
            warn!(service, %file, "removed what a process that died had left of a half-made service");
            Ok(())
        }
        Err(error) => Err(Obstacle::blocked(format!(
            "service \"{service}\" was left half made by a process that died, and its description {file} cannot be removed \
             ({error}); remove it"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// The file's status changes last when its rights do, and nothing can put that time back; so the clock of these tests
    /// is how long they wait.
    fn after_a_while() {
        std::thread::sleep(MAKING + Duration::from_secs(1));
    }

    #[test]
    fn what_nobody_makes_or_uses_any_more_is_removed() {
        let folder = tempfile::tempdir_in(SHARED_MEMORY).expect("a folder");
        let file = |name: &str, mode: u32| {
            let path = folder.path().join(name);
            fs::write(&path, "").expect("room");
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("it is ours");
            path
        };
        let (half, complete, elsewhere, making) =
            (file("half", 0o600), file("complete", 0o400), file("elsewhere", 0o400), file("making", 0o600));
        let maker = fs::File::options().write(true).open(&making).expect("opens");
        let look = |path: &Path, segment: bool, used: bool| check("s", path, || segment, || used);
        assert!(look(&half, false, false).expect_err("young").reason.contains("is being created"));
        assert_eq!(look(&complete, true, false), Ok(()));
        after_a_while();
        assert!(look(&making, false, false).expect_err("open").reason.contains("is being created"));
        assert!(look(&elsewhere, false, true).expect_err("used").reason.contains("its memory is not in /dev/shm"));
        assert_eq!(look(&half, false, false), Ok(()));
        assert_eq!(look(&complete, true, false), Ok(()));
        assert_eq!((half.exists(), making.exists(), elsewhere.exists(), complete.exists()), (false, true, true, true));
        assert_eq!(look(&elsewhere, false, false), Ok(()));
        assert!(!elsewhere.exists());
        drop(maker);
    }
}
