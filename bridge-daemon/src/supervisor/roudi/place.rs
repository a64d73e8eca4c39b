//! Whether a RouDi can run here without harm to another one and to whoever uses its memory.
//!
//! A RouDi that starts removes what it takes for an old one's: its socket, and its segments. It looks at the lock in the
//! folder of temporary files alone, and so would take memory away from a RouDi whose folder is another one, in another
//! container that shares /dev/shm.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use cpp_shim::{Line, Pool, Presence};
use rustix::fs::statvfs;

use crate::config::user::user_name;
use crate::endpoint::SHARED_MEMORY;
use crate::endpoint::classic::{segments_of, used_elsewhere};

use super::pools;

/// Why no RouDi of that line can be started now, and what to do; `None` where it can.
pub(super) fn obstacle(line: Line, pools: &[Pool]) -> Option<String> {
    let segments = segments_of(line, Path::new(SHARED_MEMORY));
    foreign(line, &segments).or_else(|| in_use(line)).or_else(|| room(line, pools, &segments))
}

/// Files of another user's RouDi, alive or dead, which this user could neither use nor replace.
fn foreign(line: Line, segments: &[PathBuf]) -> Option<String> {
    let own = rustix::process::geteuid().as_raw();
    if own == 0 {
        return None;
    }
    let files = line.roudi_files().into_iter().chain(segments.iter().cloned());
    let (file, owner) = files
        .map(|file| (fs::symlink_metadata(&file).map(|file| file.uid()), file))
        .find_map(|(owner, file)| Some((file, owner.ok().filter(|owner| *owner != own)?)))?;
    let (file, owner, own) = (file.display(), user_name(owner), user_name(own));
    let lives = cpp_shim::lock_is_held(line) || matches!(cpp_shim::presence_of(line), Ok(Presence::Running));
    Some(if lives {
        format!(
            "user {owner} runs a RouDi already ({file} is that user's), and user {own} may not be its client: run both as one \
             user, or make {own} a member of its group"
        )
    } else {
        format!(
            "a RouDi of user {owner} that runs no more has left {file}, which user {own} may not replace: remove it and its \
             other files, or run the bridge as {owner}"
        )
    })
}

/// Memory that somebody uses, of a RouDi whose lock is not here.
fn in_use(line: Line) -> Option<String> {
    let used = used_elsewhere(line)?;
    Some(format!(
        "{} is in use, by the RouDi or by applications of another place that shares {SHARED_MEMORY} but not the folder of \
         temporary files (a container?), and a RouDi that starts here would take it away from them: share that folder as well \
         and set `roudi = \"external\"`, or give this place a {SHARED_MEMORY} of its own",
        used.display()
    ))
}

/// Too little memory: RouDi would die of SIGBUS, and so would others that write to theirs meanwhile.
fn room(line: Line, pools: &[Pool], segments: &[PathBuf]) -> Option<String> {
    let found = statvfs(SHARED_MEMORY).ok()?;
    // One without a limit has no blocks.
    if found.f_blocks == 0 {
        return None;
    }
    // What an earlier RouDi has left is removed first.
    let left =
        segments.iter().filter_map(|segment| Some(fs::symlink_metadata(segment).ok()?.blocks() * 512)).sum::<u64>();
    let free = found.f_bavail.saturating_mul(found.f_frsize).saturating_add(left);
    let needed = pools::memory(line, pools);
    let mebibytes = |bytes: u64| bytes.div_ceil(1 << 20);
    (free < needed).then(|| {
        format!(
            "{SHARED_MEMORY} has {} MiB left, and RouDi with the pools of this configuration needs {}: make it larger \
             (`mount -o remount,size=...`, `--shm-size` of a container), or write fewer or smaller `pools` into [classic]",
            free >> 20,
            mebibytes(needed)
        )
    })
}
