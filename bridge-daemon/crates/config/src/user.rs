//! Users and groups of this machine, as its user database has them.

use std::ffi::CString;
use std::io;

use nix::unistd::{self, Gid, Group, Uid, User};
use serde::{Deserialize, Serialize};

/// A user that the database knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KnownUser {
    /// The name in the database, however it was asked for.
    pub name: String,
    /// The number.
    pub uid: u32,
}

/// What a process needs to be a user: numbers only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The user.
    pub uid: u32,
    /// The primary group.
    pub gid: u32,
    /// All groups, the primary one among them.
    pub groups: Vec<u32>,
}

/// The user of this name or, if it is a number, with this number; `None` if there is none.
///
/// # Errors
/// When the database cannot be asked.
pub fn find(name_or_number: &str) -> io::Result<Option<KnownUser>> {
    let mut found = User::from_name(name_or_number)?;
    if let (None, Ok(uid)) = (&found, name_or_number.parse()) {
        found = User::from_uid(Uid::from_raw(uid))?;
    }
    Ok(found.map(|user| KnownUser { name: user.name, uid: user.uid.as_raw() }))
}

/// The groups that the user is in now.
///
/// # Errors
/// When there is no such user any more, or the database cannot be asked.
pub fn identity(user: &KnownUser) -> io::Result<Identity> {
    let gone = || io::Error::new(io::ErrorKind::NotFound, format!("there is no user {} any more", user.name));
    let entry = User::from_uid(Uid::from_raw(user.uid))?.ok_or_else(gone)?;
    let name = CString::new(entry.name)?;
    let groups = unistd::getgrouplist(&name, entry.gid)?.into_iter().map(Gid::as_raw).collect();
    Ok(Identity { uid: user.uid, gid: entry.gid.as_raw(), groups })
}

/// What people call a group: its name, or its number where it has none.
#[must_use]
pub fn group_name(gid: u32) -> String {
    match Group::from_gid(Gid::from_raw(gid)) {
        Ok(Some(group)) => group.name,
        Ok(None) | Err(_) => gid.to_string(),
    }
}

/// What people call a user: the name, or the number where there is none.
#[must_use]
pub fn user_name(uid: u32) -> String {
    match User::from_uid(Uid::from_raw(uid)) {
        Ok(Some(user)) => user.name,
        Ok(None) | Err(_) => uid.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_is_found_by_name_and_by_number_and_is_the_same() {
        let root = find("root").expect("a user database").expect("every machine has root");
        assert_eq!(find("0").expect("a user database"), Some(root.clone()));
        let identity = identity(&root).expect("root is in groups");
        assert_eq!((identity.uid, identity.gid), (0, 0));
        assert!(identity.groups.contains(&0));
    }

    #[test]
    fn who_is_not_there_is_not_found() {
        assert_eq!(find("no such user").expect("a user database"), None);
        assert_eq!(find("4000000007").expect("a user database"), None);
        let gone = KnownUser { name: "gone".into(), uid: 4_000_000_007 };
        assert!(identity(&gone).is_err());
    }
}
