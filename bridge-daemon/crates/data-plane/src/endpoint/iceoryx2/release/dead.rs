//! Removes what dead processes left, of this release alone.
//!
//! Nodes of all releases lie in one folder, and nothing in them says of which they are. iceoryx2 takes every dead one for
//! its own; of a node of another release it finds the services corrupt and removes their descriptions, although
//! applications use them. So a dead node is looked at here first: it is of the release of the services that it used.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use rustix::fs::{FileType, Mode, OFlags, Stat, fstat, open};

use super::iox2::config::Config;
use super::iox2::node::{Node, NodeState, NodeView};
use super::iox2::prelude::{CallbackProgression, ipc};
use super::{EXACT, made_by, remove};
use crate::endpoint::SHARED_MEMORY;

/// Removes the dead nodes of this release, and those that earlier workers of the bridge of this name left without any service,
/// of whatever release. Others that used no service hinder nobody, and stay.
pub(super) fn clean_up(config: &Config, bridge: &str) {
    // A folder that cannot be read shows in the state of every route.
    let _ = Node::<ipc::Service>::list(config, |state| {
        if let NodeState::Dead(dead) = state {
            let services = services_of(dead.id().value(), config);
            let is_own = || dead.details().as_ref().is_some_and(|details| details.name().as_str() == bridge);
            if is_of_this_release(&services, config) || (services.is_empty() && is_own()) {
                remove(dead);
            }
        }
        CallbackProgression::Continue
    });
}

/// The hashes of the services that a node uses, or did.
pub(super) fn services_of(node: u128, config: &Config) -> Vec<String> {
    let (global, of_nodes) = (&config.global, &config.global.node);
    let folder = format!("{}/{}/{node}", global.root_path(), of_nodes.directory);
    let (prefix, suffix) = (global.prefix.to_string(), of_nodes.service_tag_suffix.to_string());
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let hash = |name: &str| Some(name.strip_prefix(&prefix)?.strip_suffix(&suffix)?.to_owned());
    entries.filter_map(|entry| hash(entry.file_name().to_str()?)).collect()
}

/// Whether those that are still there are services of this release, and of no other; and any is.
fn is_of_this_release(services: &[String], config: &Config) -> bool {
    let mut releases = services.iter().filter_map(|hash| is_service_of_this_release(hash, config)).peekable();
    releases.peek().is_some() && releases.all(|is_of_this| is_of_this)
}

/// `None`: there is no such service any more.
fn is_service_of_this_release(hash: &str, config: &Config) -> Option<bool> {
    let (global, service) = (&config.global, &config.global.service);
    let (start, end) = (global.prefix.to_string(), format!("_{hash}{}", service.dynamic_config_storage_suffix));
    let segments = fs::read_dir(SHARED_MEMORY).into_iter().flatten().flatten();
    let mut segments = segments.filter(|entry| {
        let name = entry.file_name();
        name.to_str().is_some_and(|name| name.starts_with(&start) && name.ends_with(&end))
    });
    if let Some(segment) = segments.find_map(|entry| own_file(&entry.path())) {
        return release_of(segment).map(|release| release == EXACT);
    }
    // Since 0.10 the segment has another name, and the description says the release.
    let folder = format!("{}/{}", global.root_path(), service.directory);
    let description = format!("{folder}/{}{hash}{}", global.prefix, service.static_config_storage_suffix);
    fs::exists(&description).ok()?.then(|| made_by::made_by(&description).ends_with(EXACT))
}

/// The file at `path`, if it is one, and of this user or of root: anyone may put something of any name beside it, and a pipe
/// would keep whoever opens it.
fn own_file(path: &Path) -> Option<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = open(path, flags, Mode::empty()).ok()?;
    let Stat { st_mode, st_uid, .. } = fstat(&file).ok()?;
    let is_own = st_uid == 0 || st_uid == rustix::process::geteuid().as_raw();
    (is_own && FileType::from_raw_mode(st_mode) == FileType::RegularFile).then(|| File::from(file))
}

/// The release that made a segment, which begins with it: patch, minor, major.
fn release_of(mut segment: impl Read) -> Option<String> {
    let mut head = [0_u8; 6];
    segment.read_exact(&mut head).ok()?;
    let [patch, minor, major] = [[head[0], head[1]], [head[2], head[3]], [head[4], head[5]]].map(u16::from_le_bytes);
    Some(format!("{major}.{minor}.{patch}"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use rustix::fs::mkfifoat;

    use super::*;

    #[test]
    fn what_somebody_put_beside_the_segments_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), [0, 0, 9, 0, 0, 0]).unwrap();
        assert_eq!(release_of(own_file(&at("file")).unwrap()).unwrap(), "0.9.0");
        // Whoever opens a pipe in the usual way waits for somebody who writes.
        mkfifoat(rustix::fs::CWD, at("pipe"), Mode::RUSR | Mode::WUSR).unwrap();
        symlink(at("file"), at("link")).unwrap();
        for name in ["pipe", "link", "nothing", ""] {
            assert!(own_file(&at(name)).is_none(), "{name}");
        }
    }
}
