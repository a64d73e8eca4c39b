//! Whether the services that a worker has open are still worth having open: their files are those that it opened, and
//! somebody else is there, or was never needed.
//!
//! iceoryx2 never looks again: whoever has a service open whose files were removed goes on with memory that nobody else
//! will find, and whoever comes later makes a new service of the same name. It happens without anybody's intention: an
//! application that starts while one of another release has crashed there deletes what it takes for the crashed one's files.
//!
//! And a service lives as long as anybody has it open. One that an application made, and that the bridge only joined,
//! would outlive its applications for ever, so that they could not come back with another type or other settings.
//!
//! The worker's caretaker looks; ports only read what it found.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::os::unix::fs::{DirEntryExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::endpoint::{EndpointFault, SHARED_MEMORY};

/// Tells one file of a name from the next: device, inode, and when it changed last, because inodes come again.
type FileId = (u64, u64, i64, i64);

const THERE: u8 = 0;
const GONE: u8 = 1;
const REPLACED: u8 = 2;
const DESERTED: u8 = 3;

/// Looks in a row that have to find the bridge alone on a service that it adopted before it lets go: an application that
/// is restarted at once finds the service as it left it.
const LOOKS_ALONE: u8 = 3;

/// How a worker came to have a service open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The bridge made it, because its configuration says how, and keeps it.
    Created,
    /// It was there: the bridge leaves it when its applications have.
    Adopted,
}

/// One service. Shared by the ports that a worker has on it.
#[derive(Debug)]
pub(super) struct Watch {
    service: String,
    origin: Origin,
    hash: String,
    description: PathBuf,
    file: Option<FileId>,
    /// What the name of its segment ends in, before the suffix.
    segment_key: String,
    /// The inode of its segment, once it was seen.
    segment: Mutex<Option<u64>>,
    /// Whether a port of an application was seen since the last look for applications.
    has_company: AtomicBool,
    looks_alone: AtomicU8,
    state: AtomicU8,
}

/// All services that a worker has open.
#[derive(Debug, Default)]
pub(super) struct Watches {
    open: Mutex<HashMap<String, Weak<Watch>>>,
    /// What the names of segments have between iceoryx2's prefix and their key, once one was seen.
    middle: Mutex<Option<String>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watch {
    /// Whether the service is still to be used.
    ///
    /// # Errors
    /// That it is not: [`EndpointFault::Broken`] or [`EndpointFault::Deserted`], so that the service is opened anew, or
    /// [`EndpointFault::Replaced`].
    pub(super) fn check(&self) -> Result<(), EndpointFault> {
        match self.state.load(Ordering::Relaxed) {
            THERE => Ok(()),
            GONE => Err(EndpointFault::Broken(format!(
                "the files of service \"{}\" were removed by another process, perhaps an application of another release that cleaned up; it is opened anew",
                self.service
            ))),
            DESERTED => Err(EndpointFault::Deserted(format!(
                "the last application has left service \"{}\", which the bridge had not made; it waits for the next one",
                self.service
            ))),
            _ => Err(EndpointFault::Replaced),
        }
    }

    /// Whether somebody has made another service of that name meanwhile, so that the ports on this one must not be
    /// dropped: iceoryx2 would remove the other one's files with them.
    pub(super) fn is_replaced(&self) -> bool {
        self.state.load(Ordering::Relaxed) == REPLACED
    }

    /// The service.
    pub(super) fn service(&self) -> &str {
        &self.service
    }

    /// What stands for it in the names of its files.
    pub(super) fn hash(&self) -> &str {
        &self.hash
    }

    /// A port on it sees ports of applications.
    pub(super) fn sees_company(&self) {
        self.has_company.store(true, Ordering::Relaxed);
    }

    /// Whether somebody has to find out whether the bridge is alone on it.
    fn may_be_deserted(&self) -> bool {
        let had_company = self.has_company.swap(false, Ordering::Relaxed);
        if had_company {
            self.looks_alone.store(0, Ordering::Relaxed);
        }
        self.origin == Origin::Adopted && !had_company && self.state.load(Ordering::Relaxed) == THERE
    }

    /// That was found out. Often enough in a row, and the bridge lets go of it.
    fn found(&self, is_alone: bool) {
        let looks = if is_alone { self.looks_alone.load(Ordering::Relaxed) + 1 } else { 0 };
        self.looks_alone.store(looks, Ordering::Relaxed);
        if looks >= LOOKS_ALONE {
            self.state.store(DESERTED, Ordering::Relaxed);
        }
    }

    fn look(&self, segments: &HashMap<String, u64>) {
        if self.state.load(Ordering::Relaxed) != THERE {
            return;
        }
        let found = file_id(&self.description);
        let description_is_there = found == self.file;
        let mut segment = lock(&self.segment);
        let seen = segments.get(&self.segment_key).copied();
        let segment_is_there = match (*segment, seen) {
            (None, _) => {
                *segment = seen;
                true
            }
            (Some(before), now) => now == Some(before),
        };
        if description_is_there && segment_is_there {
            return;
        }
        let is_replaced = (!description_is_there && found.is_some()) || (!segment_is_there && seen.is_some());
        self.state.store(if is_replaced { REPLACED } else { GONE }, Ordering::Relaxed);
    }
}

/// A service that was just opened, by which its files are found.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenService<'a> {
    pub(super) name: &'a str,
    pub(super) origin: Origin,
    /// The file with its description.
    pub(super) description: &'a Path,
    /// What stands for the service in the names of its files.
    pub(super) hash: &'a str,
}

/// What the names of segments begin and end with.
#[derive(Clone, Copy, Debug)]
pub(super) struct SegmentNames<'a> {
    pub(super) prefix: &'a str,
    pub(super) suffix: &'a str,
}

impl Watches {
    /// A service was opened.
    pub(super) fn enter(&self, service: OpenService<'_>, segments: SegmentNames<'_>) -> Arc<Watch> {
        let OpenService { name, origin, description, hash } = service;
        let mut open = lock(&self.open);
        open.retain(|_, watch| watch.strong_count() > 0);
        let file = file_id(description);
        if let Some(known) = open.get(name).and_then(Weak::upgrade)
            && known.file == file
        {
            return known;
        }
        let segment_key = unique_id(description).ok().flatten().unwrap_or_else(|| hash.to_owned());
        // Now, not at the caretaker's next look: what vanishes until then would never have been seen.
        let segment = self.inode_of_segment(&segment_key, segments).ok().flatten();
        let watch = Arc::new(Watch {
            service: name.to_owned(),
            origin,
            hash: hash.to_owned(),
            description: description.to_owned(),
            file,
            segment_key,
            segment: Mutex::new(segment),
            has_company: AtomicBool::new(false),
            looks_alone: AtomicU8::new(0),
            state: AtomicU8::new(THERE),
        });
        open.insert(name.to_owned(), Arc::downgrade(&watch));
        watch
    }

    /// By its name, of which all but the key is alike for all segments: a look at all of /dev/shm for each of a thousand
    /// services would take seconds.
    ///
    /// # Errors
    /// When it cannot be found out.
    fn inode_of_segment(&self, key: &str, names: SegmentNames<'_>) -> io::Result<Option<u64>> {
        let SegmentNames { prefix, suffix } = names;
        if let Some(middle) = &*lock(&self.middle)
            && let Ok(found) = fs::metadata(format!("{SHARED_MEMORY}/{prefix}{middle}_{key}{suffix}"))
        {
            return Ok(Some(found.ino()));
        }
        Ok(self.segments(names)?.get(key).copied())
    }

    /// The inodes of all segments of services, by what their names end in.
    ///
    /// # Errors
    /// When they cannot be looked at, for lack of file descriptors say, so that nothing is known of any.
    fn segments(&self, SegmentNames { prefix, suffix }: SegmentNames<'_>) -> io::Result<HashMap<String, u64>> {
        let mut middle = lock(&self.middle);
        let mut segments = HashMap::new();
        for entry in fs::read_dir(SHARED_MEMORY)? {
            let entry = entry?;
            let name = entry.file_name();
            let inner =
                name.to_str().and_then(|name| name.strip_prefix(prefix)?.strip_suffix(suffix)?.rsplit_once('_'));
            let Some((before, key)) = inner else { continue };
            if middle.is_none() {
                *middle = Some(before.to_owned());
            }
            segments.insert(key.to_owned(), entry.ino());
        }
        Ok(segments)
    }

    /// Whether the service with this description has its segment. It has where that cannot be found out.
    pub(super) fn has_segment(&self, description: &Path, hash: &str, names: SegmentNames<'_>) -> bool {
        let Ok(id) = unique_id(description) else { return true };
        let key = id.unwrap_or_else(|| hash.to_owned());
        self.inode_of_segment(&key, names).map_or(true, |inode| inode.is_some())
    }

    /// Whether this worker still has ports on a service of that name that is not to be used any more. Until they are
    /// dropped, iceoryx2 takes the next service of the name for the same, and panics where it is to make one. So the
    /// description is looked at now: the caretaker may not have seen yet that it is gone.
    pub(super) fn is_closing(&self, service: &str) -> bool {
        let watch = lock(&self.open).get(service).and_then(Weak::upgrade);
        watch.is_some_and(|watch| {
            watch.state.load(Ordering::Relaxed) != THERE || file_id(&watch.description) != watch.file
        })
    }

    fn all(&self) -> Vec<Arc<Watch>> {
        lock(&self.open).values().filter_map(Weak::upgrade).collect()
    }

    /// Looks at the files of all of them.
    pub(super) fn look(&self, names: SegmentNames<'_>) {
        let watches = self.all();
        if watches.is_empty() {
            return;
        }
        let Ok(segments) = self.segments(names) else { return };
        watches.iter().for_each(|watch| watch.look(&segments));
    }

    /// Lets go of those that this worker had adopted and that only it has open, as `is_alone` finds of a service.
    pub(super) fn let_go_of_deserted(&self, is_alone: impl Fn(&str) -> bool) {
        let watches = self.all();
        watches.iter().filter(|watch| watch.may_be_deserted()).for_each(|watch| watch.found(is_alone(&watch.service)));
    }
}

fn file_id(path: &Path) -> Option<FileId> {
    let found = fs::symlink_metadata(path).ok()?;
    Some((found.dev(), found.ino(), found.ctime(), found.ctime_nsec()))
}

/// Since 0.10 a service's segment is named by the two words of its number, which its description has.
///
/// # Errors
/// When it cannot be read.
fn unique_id(description: &Path) -> io::Result<Option<String>> {
    fs::read_to_string(description).map(|text| unique_id_in(&text))
}

fn unique_id_in(text: &str) -> Option<String> {
    if !text.contains("[iceoryx2_version]") {
        return None;
    }
    // Not as TOML: its integers have 63 bits, and these are written with 64.
    let word = |key: &str| {
        let value = text.lines().find_map(|line| line.trim().strip_prefix(key)?.trim_start().strip_prefix('='));
        value?.trim().parse::<u64>().ok()
    };
    let number = u128::from(word("unique_value")?) << 64 | u128::from(word("payload_value")?);
    Some(number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: SegmentNames<'static> = SegmentNames { prefix: "iox2_test_of_watches_", suffix: ".dynamic" };

    fn service(description: &Path) -> OpenService<'_> {
        OpenService { name: "s", origin: Origin::Adopted, description, hash: "abc" }
    }

    #[test]
    fn an_adopted_service_is_let_go_of_when_nobody_else_has_it_open() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("iox2_abc.service");
        fs::write(&path, "service_hash = \"abc\"").expect("room for a file");
        for origin in [Origin::Adopted, Origin::Created] {
            let watches = Watches::default();
            let watch = watches.enter(OpenService { origin, ..service(&path) }, NAMES);
            for _ in 0..2 * LOOKS_ALONE {
                watches.let_go_of_deserted(|_| true);
                watch.sees_company();
                watches.let_go_of_deserted(|_| unreachable!("it is not alone"));
                watches.let_go_of_deserted(|_| false);
            }
            assert_eq!(watch.check(), Ok(()));
            (0..LOOKS_ALONE).for_each(|_| watches.let_go_of_deserted(|_| true));
            assert_eq!(watch.check().is_err(), origin == Origin::Adopted);
            assert_eq!(watches.is_closing("s"), origin == Origin::Adopted);
        }
    }

    #[test]
    fn a_description_that_is_gone_or_another_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("iox2_abc.service");
        let write = || fs::write(&path, "service_hash = \"abc\"").expect("room for a file");
        let watches = Watches::default();
        for is_replaced in [false, true] {
            write();
            let watch = watches.enter(service(&path), NAMES);
            assert!(Arc::ptr_eq(&watch, &watches.enter(service(&path), NAMES)), "one for all ports");
            watches.look(NAMES);
            assert_eq!(watch.check(), Ok(()));
            assert!(!watches.is_closing("s"));
            fs::remove_file(&path).expect("it is there");
            if is_replaced {
                write();
            }
            assert!(watches.is_closing("s"), "also before anybody has looked");
            watches.look(NAMES);
            assert!(watch.check().is_err() && watches.is_closing("s"));
            assert_eq!(watch.is_replaced(), is_replaced);
            drop(watch);
            assert!(!watches.is_closing("s"), "nobody has it open any more");
        }
    }

    #[test]
    fn the_number_of_a_service_may_have_64_bits() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("iox2_abc.service");
        let text = "service_hash = \"abc\"\n\n[iceoryx2_version]\nmajor = 0\n\n[unique_service_id]\n\
                    payload_value = 18446744073709551615\nunique_value = 4294978866\n";
        fs::write(&path, text).expect("room for a file");
        let expected = ((4_294_978_866_u128 << 64) | u128::from(u64::MAX)).to_string();
        assert_eq!(unique_id(&path).expect("it is there"), Some(expected));
    }

    #[test]
    fn a_segment_that_is_gone_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("iox2_abc.service");
        fs::write(&path, "service_hash = \"abc\"").expect("room for a file");
        let watch = Watches::default().enter(service(&path), NAMES);
        let with = |inode| HashMap::from([("abc".to_owned(), inode)]);
        watch.look(&HashMap::new());
        assert_eq!(watch.check(), Ok(()), "one that was never seen may have another name");
        watch.look(&with(7));
        watch.look(&with(7));
        assert_eq!(watch.check(), Ok(()));
        watch.look(&HashMap::new());
        assert!(watch.check().is_err() && !watch.is_replaced());
    }
}
