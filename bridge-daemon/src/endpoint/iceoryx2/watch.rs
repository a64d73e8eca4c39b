//! Whether the files of the services that a worker has open are still those that it opened.
//!
//! iceoryx2 never looks again: whoever has a service open whose files were removed goes on with memory that nobody else
//! will find, and whoever comes later makes a new service of the same name. It happens without anybody's intention: an
//! application that starts while one of another release lies dead there removes what it takes for that one's.
//!
//! The worker's caretaker looks; ports only read what it found.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::{DirEntryExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::endpoint::{EndpointFault, SHARED_MEMORY};

/// Tells one file of a name from the next: device, inode, and when it changed last, because inodes come again.
type FileId = (u64, u64, i64, i64);

const THERE: u8 = 0;
const GONE: u8 = 1;
const REPLACED: u8 = 2;

/// The files of one service. Shared by the ports that a worker has on it.
#[derive(Debug)]
pub(super) struct Watch {
    service: String,
    description: PathBuf,
    file: Option<FileId>,
    /// What the name of its segment ends in, before the suffix.
    segment_key: Option<String>,
    /// The inode of its segment, once it was seen.
    segment: Mutex<Option<u64>>,
    state: AtomicU8,
}

/// All services that a worker has open.
#[derive(Debug, Default)]
pub(super) struct Watches(Mutex<HashMap<String, Weak<Watch>>>);

impl Watch {
    /// Whether the service's files are still there.
    ///
    /// # Errors
    /// That they are not: [`EndpointFault::Broken`], so that the service is opened anew, or
    /// [`EndpointFault::Replaced`].
    pub(super) fn check(&self) -> Result<(), EndpointFault> {
        match self.state.load(Ordering::Relaxed) {
            THERE => Ok(()),
            GONE => Err(EndpointFault::Broken(format!(
                "the files of service \"{}\" were removed by another process, perhaps an application of another release that cleaned up; it is opened anew",
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

    fn look(&self, segments: &HashMap<String, u64>) {
        if self.state.load(Ordering::Relaxed) != THERE {
            return;
        }
        let found = file_id(&self.description);
        let description_is_there = found == self.file;
        let mut segment = self.segment.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = self.segment_key.as_ref().and_then(|key| segments.get(key)).copied();
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

impl Watches {
    /// A service was opened, whose description is that file and has this hash in its name.
    pub(super) fn enter(&self, service: &str, description: &Path, hash: &str) -> Arc<Watch> {
        let mut services = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        services.retain(|_, watch| watch.strong_count() > 0);
        let file = file_id(description);
        if let Some(known) = services.get(service).and_then(Weak::upgrade)
            && known.file == file
        {
            return known;
        }
        let watch = Arc::new(Watch {
            service: service.to_owned(),
            description: description.to_owned(),
            file,
            segment_key: Some(unique_id(description).unwrap_or_else(|| hash.to_owned())),
            segment: Mutex::new(None),
            state: AtomicU8::new(THERE),
        });
        services.insert(service.to_owned(), Arc::downgrade(&watch));
        watch
    }

    /// Whether this worker still has ports on a service of that name whose files are gone. Until they are dropped,
    /// iceoryx2 takes the next service of the name for the same.
    pub(super) fn is_closing(&self, service: &str) -> bool {
        let services = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let watch = services.get(service).and_then(Weak::upgrade);
        watch.is_some_and(|watch| watch.state.load(Ordering::Relaxed) != THERE)
    }

    /// Looks at the files of all of them. `prefix` and `suffix` are those of the segments' names.
    pub(super) fn look(&self, prefix: &str, suffix: &str) {
        let services = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let watches: Vec<_> = services.values().filter_map(Weak::upgrade).collect();
        drop(services);
        if watches.is_empty() {
            return;
        }
        let Ok(entries) = fs::read_dir(SHARED_MEMORY) else { return };
        let segments = entries.flatten().filter_map(|entry| {
            let name = entry.file_name();
            let (_, key) = name.to_str()?.strip_prefix(prefix)?.strip_suffix(suffix)?.rsplit_once('_')?;
            Some((key.to_owned(), entry.ino()))
        });
        let segments: HashMap<_, _> = segments.collect();
        watches.iter().for_each(|watch| watch.look(&segments));
    }
}

fn file_id(path: &Path) -> Option<FileId> {
    let found = fs::symlink_metadata(path).ok()?;
    Some((found.dev(), found.ino(), found.ctime(), found.ctime_nsec()))
}

/// Since 0.10 a service's segment is named by the two words of its number, which its description has.
fn unique_id(description: &Path) -> Option<String> {
    let text = fs::read_to_string(description).ok()?;
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

    #[test]
    fn a_description_that_is_gone_or_another_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("iox2_abc.service");
        let write = || fs::write(&path, "service_hash = \"abc\"").expect("room for a file");
        let watches = Watches::default();
        for is_replaced in [false, true] {
            write();
            let watch = watches.enter("s", &path, "abc");
            assert!(Arc::ptr_eq(&watch, &watches.enter("s", &path, "abc")), "one for all ports");
            watches.look("iox2_", ".dynamic");
            assert_eq!(watch.check(), Ok(()));
            assert!(!watches.is_closing("s"));
            fs::remove_file(&path).expect("it is there");
            if is_replaced {
                write();
            }
            watches.look("iox2_", ".dynamic");
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
        assert_eq!(unique_id(&path), Some(((4_294_978_866_u128 << 64) | u128::from(u64::MAX)).to_string()));
    }

    #[test]
    fn a_segment_that_is_gone_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("iox2_abc.service");
        fs::write(&path, "service_hash = \"abc\"").expect("room for a file");
        let watch = Watches::default().enter("s", &path, "abc");
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
