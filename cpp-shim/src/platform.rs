//! What classic's headers fix about names and places.
//!
//! Owner: nobody, constants only. Threads: any.

#![allow(unsafe_code, unreachable_pub, unused_qualifications, reason = "the bridge to C++, and what cxx makes of it")]

use std::path::PathBuf;

#[cxx::bridge(namespace = "iox_bridge")]
mod ffi {
    unsafe extern "C++" {
        include!("iox_bridge/platform.hpp");
        fn linked_release() -> &'static str;
        fn socket_prefix() -> &'static str;
        fn lock_prefix() -> &'static str;
        fn own_prefix() -> &'static str;
        fn runtime_prefix() -> &'static str;
        fn roudi_socket_name() -> &'static str;
        fn roudi_lock_name() -> &'static str;
        fn foreign_roudi_socket_name() -> &'static str;
        fn foreign_releases() -> &'static str;
        fn max_publisher_history() -> u64;
        fn max_subscriber_queue() -> u64;
    }
}

/// The release of classic this process was built with, such as `2.0.3`. RouDi and its clients must be the same
/// release, to the patch, unless RouDi was told otherwise.
pub fn linked_release() -> &'static str {
    ffi::linked_release()
}

/// RouDi's socket.
pub(crate) fn roudi_socket() -> PathBuf {
    PathBuf::from(format!("{}{}{}", ffi::socket_prefix(), ffi::own_prefix(), ffi::roudi_socket_name()))
}

/// The socket of a RouDi that clients of this release do not look for.
pub(crate) fn foreign_roudi_socket() -> PathBuf {
    PathBuf::from(format!("{}{}", ffi::socket_prefix(), ffi::foreign_roudi_socket_name()))
}

/// The releases of that RouDi.
pub(crate) fn foreign_releases() -> &'static str {
    ffi::foreign_releases()
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

/// The lock file of RouDi.
pub(crate) fn roudi_lock_file() -> PathBuf {
    PathBuf::from(format!("{}{}{}.lock", ffi::lock_prefix(), ffi::own_prefix(), ffi::roudi_lock_name()))
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
