//! The rights of a worker that serves another user than the supervisor's: that user's, and no more.

use std::fs;
use std::io;
use std::str::FromStr;

use rustix::fs::Mode;
use rustix::process::{setsid, umask};
use rustix::thread::{
    CapabilitySet, CapabilitySets, clear_ambient_capability_set, remove_capability_from_bounding_set, set_capabilities,
    set_no_new_privs, set_thread_groups, set_thread_res_gid, set_thread_res_uid,
};
use rustix::thread::{Gid, Uid};

use crate::config::user::Identity;

/// Whom a worker is to be, as `iox-bridge worker --as` takes it: `UID:GID:GROUP,GROUP`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights(pub Identity);

impl Rights {
    /// The argument that gives these rights.
    #[must_use]
    pub fn argument(&self) -> String {
        let Identity { uid, gid, groups } = &self.0;
        let groups: Vec<_> = groups.iter().map(u32::to_string).collect();
        format!("{uid}:{gid}:{}", groups.join(","))
    }
}

impl FromStr for Rights {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // The highest number means "leave it as it is" to the kernel.
        let number = |part: &str| part.parse().ok().filter(|number| *number != u32::MAX);
        let parsed = || {
            let mut parts = text.split(':');
            let (uid, gid, groups) = (number(parts.next()?)?, number(parts.next()?)?, parts.next()?);
            let groups = groups.split(',').filter(|group| !group.is_empty()).map(number).collect::<Option<_>>()?;
            parts.next().is_none().then_some(Self(Identity { uid, gid, groups }))
        };
        parsed().ok_or_else(|| format!("{text:?} is not UID:GID:GROUPS"))
    }
}

/// Takes these rights and gives up all others, for good: groups, users, every capability, and what an executable could
/// give back. The process also stops being one that others of that user may trace.
///
/// # Errors
/// When the process has threads already, which would keep theirs, or may not do this. It must end then.
pub(super) fn take(rights: &Rights) -> io::Result<()> {
    let Identity { uid, gid, groups } = &rights.0;
    if fs::read_dir("/proc/self/task")?.count() != 1 {
        return Err(io::Error::other("rights are given up before there are threads, or not at all"));
    }
    let groups: Vec<_> = groups.iter().map(|group| Gid::from_raw(*group)).collect();
    set_thread_groups(&groups)?;
    for capability in CapabilitySet::all() {
        match remove_capability_from_bounding_set(capability) {
            // A kernel that does not have it cannot give it back either.
            Ok(()) | Err(rustix::io::Errno::INVAL) => {}
            Err(error) => return Err(error.into()),
        }
    }
    // Out of the supervisor's terminal, which is root's: who opens a process's terminal can type into it. It fails only for
    // one that has left it already.
    let _ = setsid();
    let (uid, gid) = (Uid::from_raw(*uid), Gid::from_raw(*gid));
    set_thread_res_gid(gid, gid, gid)?;
    set_thread_res_uid(uid, uid, uid)?;
    clear_ambient_capability_set()?;
    let none = CapabilitySet::empty();
    set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })?;
    set_no_new_privs(true)?;
    // As where that user logs in, whatever the supervisor has; and not in a folder that he may not read.
    umask(Mode::WGRP | Mode::WOTH);
    std::env::set_current_dir("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_argument_says_it_all() {
        let rights = Rights(Identity { uid: 1000, gid: 100, groups: vec![100, 27] });
        assert_eq!(rights.argument(), "1000:100:100,27");
        assert_eq!(rights.argument().parse(), Ok(rights));
        assert_eq!("1:2:".parse(), Ok(Rights(Identity { uid: 1, gid: 2, groups: vec![] })));
        for wrong in ["", "1", "1:2", "1:2:3:4", "a:2:3", "1:-1:", "4294967295:1:1", "1:1:4294967295"] {
            assert!(wrong.parse::<Rights>().is_err(), "{wrong}");
        }
    }
}
