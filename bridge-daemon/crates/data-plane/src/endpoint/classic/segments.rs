//! RouDi's memory segments, and which of them this process may not read.
//!
//! A client maps the segments of the groups that its user is in. A subscriber is given samples of all of them, and one from
//! a segment that is not mapped ends the process, inside of classic, where nothing can be checked any more. So before a
//! subscriber is made every segment has to be mapped.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use cpp_shim::Line;
use nix::unistd::Group;

use super::super::{Obstacle, SHARED_MEMORY};
use bridge_config::user::{group_name, user_name};

/// The line of which this process's RouDi is. A RouDi of each line can have its segments in the same place.
const LINE: Line = super::line(super::BUILT_WITH);
const MANAGEMENT: &str = LINE.management_segment();

/// The segments of a RouDi of that line in `folder`; whoever made them may have died.
pub fn segments_of(line: Line, folder: &Path) -> Vec<PathBuf> {
    let Ok(management) = fs::metadata(folder.join(line.management_segment())) else { return Vec::new() };
    let others = fs::read_dir(folder).into_iter().flatten().flatten().filter(|entry| {
        let name = entry.file_name();
        let is_segment = |name| entry.metadata().is_ok_and(|file| is_segment(line, name, &file, &management));
        name.to_str().is_some_and(is_segment)
    });
    std::iter::once(folder.join(line.management_segment())).chain(others.map(|entry| entry.path())).collect()
}

/// The segment of management in /dev/shm, if somebody uses it whose RouDi is not one of this place: one that runs where the
/// folder of temporary files is another one, or ran there. What a RouDi of this place has left that died was made before its
/// socket, or the lock beside it, and applications that outlived it do no harm.
pub fn used_elsewhere(line: Line) -> Option<PathBuf> {
    let segment = Path::new(SHARED_MEMORY).join(line.management_segment());
    let changed = |file: PathBuf| {
        let file = fs::symlink_metadata(file).ok()?;
        SystemTime::UNIX_EPOCH
            .checked_add(Duration::new(file.ctime().try_into().ok()?, file.ctime_nsec().try_into().ok()?))
    };
    let own = line.roudi_files().into_iter().filter_map(changed).max();
    // When it was made: it changes when a client of 2.95 opens it. Where that is not known, any file of a RouDi will do.
    let made = fs::symlink_metadata(&segment).ok()?.created().ok();
    let is_of_this_place = own.is_some_and(|own| made.is_none_or(|made| made <= own));
    // What cannot be found out is left to RouDi, which then cannot remove it either.
    let is_used = || cpp_shim::is_open_for_writing(&segment).unwrap_or(false);
    // A RouDi that starts has its lock first, then its segments, then its socket.
    (!is_of_this_place && is_used() && !cpp_shim::lock_is_held(line)).then_some(segment)
}

/// Looks whether a subscriber can be made without danger.
///
/// # Errors
/// With the group to join, if there is a segment that this process may not read.
pub fn check_readable() -> Result<(), Obstacle> {
    let found = unreadable(Path::new(SHARED_MEMORY), &fs::read_to_string("/proc/self/maps").map_err(unknown)?);
    let Some((segment, groups)) = found.map_err(unknown)?.into_iter().next() else { return Ok(()) };
    let groups = match groups.as_slice() {
        [] => format!("the group {segment:?}"),
        [group] => format!("the group {group:?}"),
        many => format!("one of the groups {}", many.iter().map(|g| format!("{g:?}")).collect::<Vec<_>>().join(", ")),
    };
    let user = user_name(rustix::process::geteuid().as_raw());
    Err(Obstacle::blocked(format!(
        "RouDi has a memory segment {segment:?} that this bridge (user {user}) may not read, and a sample from there would \
         end it: make {user} a member of {groups}; the bridge sees it when it is started again"
    )))
}

fn unknown(error: io::Error) -> Obstacle {
    Obstacle::waiting(format!("RouDi's memory segments cannot be looked at ({error})"))
}

/// The segments in `folder` that are not in `maps`, each with the groups whose members may read it.
fn unreadable(folder: &Path, maps: &str) -> io::Result<Vec<(String, Vec<String>)>> {
    let management = match fs::metadata(folder.join(MANAGEMENT)) {
        Ok(management) => management,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mapped: HashSet<&str> = maps.lines().filter_map(|line| Some(line.rsplit_once(' ')?.1)).collect();
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)?.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let Some(name) = name.to_str() else { continue };
        let Ok(file) = entry.metadata() else { continue };
        let is_mapped = path.to_str().is_some_and(|path| mapped.contains(path));
        if !is_mapped && is_segment(LINE, name, &file, &management) {
            found.push((name.to_owned(), readers(&path, &file)));
        }
    }
    Ok(found)
}

/// RouDi names a segment after the group that writes it, and makes it after that of management; an older one is what a
/// RouDi that was killed has left.
fn is_segment(line: Line, name: &str, file: &Metadata, management: &Metadata) -> bool {
    let changed = |file: &Metadata| (file.ctime(), file.ctime_nsec());
    name != line.management_segment()
        && file.is_file()
        && file.uid() == management.uid()
        && changed(file) >= changed(management)
        && name.strip_prefix(line.segment_prefix()).is_some_and(|group| matches!(Group::from_name(group), Ok(Some(_))))
}

/// The groups that may read a file, by its access control list and its own group.
fn readers(path: &Path, file: &Metadata) -> Vec<String> {
    let mut list = [0_u8; 4096];
    let len = rustix::fs::getxattr(path, OsStr::new("system.posix_acl_access"), &mut list).unwrap_or(0);
    let listed = groups_in(list.get(..len).unwrap_or_default());
    if listed.is_empty() && file.mode() & 0o040 != 0 {
        return vec![group_name(file.gid())];
    }
    listed.into_iter().map(group_name).collect()
}

/// The groups with the right to read in an access control list as the kernel has it: 4 bytes of version, then entries of
/// 8, each with its kind, rights and number.
fn groups_in(list: &[u8]) -> Vec<u32> {
    const GROUP: u16 = 0x08;
    const READ: u16 = 0x04;
    let entries = list.get(4..).unwrap_or_default().chunks_exact(8);
    let entry = |entry: &[u8]| {
        let (kind, rest) = entry.split_first_chunk::<2>()?;
        let (rights, rest) = rest.split_first_chunk::<2>()?;
        let number = rest.first_chunk::<4>()?;
        let may_read = u16::from_le_bytes(*kind) == GROUP && u16::from_le_bytes(*rights) & READ != 0;
        may_read.then(|| u32::from_le_bytes(*number))
    };
    entries.filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    #[test]
    fn the_list_says_which_groups_may_read() {
        let entry = |kind: u16, rights: u16, number: u32| {
            [kind.to_le_bytes().as_slice(), &rights.to_le_bytes(), &number.to_le_bytes()].concat()
        };
        let list = [
            vec![2, 0, 0, 0],
            entry(0x01, 6, u32::MAX),
            entry(0x08, 4, 27),
            entry(0x08, 2, 28),
            entry(0x08, 6, 1000),
            entry(0x02, 4, 5),
        ]
        .concat();
        assert_eq!(groups_in(&list), [27, 1000]);
        assert_eq!(groups_in(&list[..3]), [0_u32; 0]);
        assert_eq!(groups_in(&list[..23]), [27]);
    }

    #[test]
    fn segments_that_are_not_mapped_are_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        // Without RouDi there are no segments.
        let changed = |name: &str| {
            let file = File::create(path(name)).and_then(|file| file.metadata()).expect("a file");
            (file.ctime(), file.ctime_nsec())
        };
        let older = changed("daemon");
        assert_eq!(unreadable(folder.path(), "").expect("a folder").len(), 0);
        // File systems note times by the kernel's ticks, and several files may be of one.
        while changed(MANAGEMENT) == older {}
        for name in ["root", "bin", "no such group at all"] {
            File::create(path(name)).expect("a file");
        }
        let maps = format!("1000-2000 rw-s 00000000 00:1b 62      {}\n", path("bin").display());
        let found = unreadable(folder.path(), &maps).expect("a folder");
        let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["root"], "mapped, older, and what is no group's are none");
    }
}
