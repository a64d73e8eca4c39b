//! What classic's headers fix about names and places.
//!
//! Owner: nobody, constants only. Threads: any.

#![allow(unsafe_code, unreachable_pub, unused_qualifications, reason = "the bridge to C++, and what cxx makes of it")]

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

#[cxx::bridge(namespace = "iox_bridge")]
mod ffi {
    unsafe extern "C++" {
        include!("iox_bridge/platform.hpp");
        fn linked_release() -> &'static str;
        fn socket_prefix() -> &'static str;
        fn lock_prefix() -> &'static str;
        fn line() -> &'static str;
        fn own_prefix() -> String;
        fn runtime_prefix() -> String;
        fn roudi_socket_name() -> &'static str;
        fn roudi_lock_name() -> &'static str;
        fn max_publisher_history() -> u64;
        fn max_subscriber_queue() -> u64;
    }
}

/// The release of classic this process was built with, such as `2.0.3`. RouDi and its clients must be the same
/// release, to the patch, unless RouDi was told otherwise.
pub fn linked_release() -> &'static str {
    ffi::linked_release()
}

/// A line of releases of classic. RouDi and clients of one line look for each other in the same places, where those of
/// the other line never look: a machine can run a RouDi of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Line {
    /// 2.0.x.
    V2_0,
    /// 2.95.x.
    V2_95,
}

impl Line {
    /// The line that this process was built with.
    pub fn linked() -> Self {
        if ffi::line() == Self::V2_95.as_str() { Self::V2_95 } else { Self::V2_0 }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::V2_0 => Self::V2_95,
            Self::V2_95 => Self::V2_0,
        }
    }

    /// As in `release = "2.95"`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2_0 => "2.0",
            Self::V2_95 => "2.95",
        }
    }

    /// The socket of its RouDi.
    pub fn roudi_socket(self) -> PathBuf {
        PathBuf::from(format!("{}{}{}", ffi::socket_prefix(), self.own_prefix(), ffi::roudi_socket_name()))
    }

    /// The lock file of its RouDi.
    pub(crate) fn roudi_lock_file(self) -> PathBuf {
        PathBuf::from(format!("{}{}{}.lock", ffi::lock_prefix(), self.own_prefix(), self.roudi_lock_name()))
    }

    /// The name, in `/dev/shm`, of the segment that its RouDi makes before all others.
    pub const fn management_segment(self) -> &'static str {
        match self {
            Self::V2_0 => "iceoryx_mgmt",
            Self::V2_95 => "iox1_0_i_management",
        }
    }

    /// What comes before the group's name in those of its RouDi's other segments.
    pub const fn segment_prefix(self) -> &'static str {
        match self {
            Self::V2_0 => "",
            Self::V2_95 => "iox1_0_u_",
        }
    }

    /// The files, beside its segments, that a RouDi of this line must be able to make: its socket, and its locks.
    pub fn roudi_files(self) -> [PathBuf; 3] {
        let of_socket = format!("{}{}{}.lock", ffi::lock_prefix(), self.own_prefix(), ffi::roudi_socket_name());
        [self.roudi_socket(), PathBuf::from(of_socket), self.roudi_lock_file()]
    }

    /// What comes before the names of its RouDi's files: of this process's own line as the headers say it, of the other
    /// one as its releases are unless they were built with a prefix of their own.
    fn own_prefix(self) -> String {
        match self {
            _ if self == Self::linked() => ffi::own_prefix(),
            Self::V2_0 => String::new(),
            // iceoryx_posh_types.cpp of 2.95.8: "iox1", the number of the domain, "i" for what is iceoryx's own.
            Self::V2_95 => "iox1_0_i_".into(),
        }
    }

    /// The name of its RouDi's lock file, without prefix and ending.
    fn roudi_lock_name(self) -> &'static str {
        match self {
            _ if self == Self::linked() => ffi::roudi_lock_name(),
            Self::V2_0 => "iox-unique-roudi",
            Self::V2_95 => "unique_roudi",
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The socket of the process that is registered under that name.
pub(crate) fn socket(name: &str) -> PathBuf {
    PathBuf::from(format!("{}{}{name}", ffi::socket_prefix(), ffi::runtime_prefix()))
}

/// The name of RouDi's socket, which no application may take as its own.
pub(crate) fn roudi_socket_name() -> &'static str {
    ffi::roudi_socket_name()
}

/// The name of RouDi's lock, which no application may take as its own.
pub(crate) fn roudi_lock_name() -> &'static str {
    ffi::roudi_lock_name()
}

/// The lock file of the process that is registered under that name.
pub(crate) fn lock_file(name: &str) -> PathBuf {
    PathBuf::from(format!("{}{}{name}.lock", ffi::lock_prefix(), ffi::runtime_prefix()))
}

/// The longest history of a publisher.
pub(crate) fn max_publisher_history() -> u64 {
    ffi::max_publisher_history()
}

/// The longest queue of a subscriber.
pub(crate) fn max_subscriber_queue() -> u64 {
    ffi::max_subscriber_queue()
}
