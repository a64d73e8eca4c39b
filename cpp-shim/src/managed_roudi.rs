//! A RouDi of our own, for where nobody else runs one.
//!
//! Owner: a process that does nothing else. Threads: the one that calls waits; RouDi makes its own.

#![allow(unsafe_code, unreachable_pub, unused_qualifications, reason = "the bridge to C++, and what cxx makes of it")]

use std::io;
use std::mem::offset_of;
use std::thread;
use std::time::Duration;

use thiserror::Error;

use crate::runtime::CLASSIC_STACK;

#[cxx::bridge(namespace = "iox_bridge")]
mod ffi {
    struct PoolEntry {
        size: u32,
        count: u32,
    }

    unsafe extern "C++" {
        include!("iox_bridge/managed_roudi.hpp");
        fn run_roudi(pools: &[PoolEntry], kill_delay_seconds: u64) -> u8;
        fn pool_size_for(size: u32, alignment: u32, header_size: u32, header_alignment: u32) -> u32;
    }
}

// The C++ side asserts the same numbers.
const _: () = assert!(size_of::<ffi::PoolEntry>() == 8);
const _: () = assert!(offset_of!(ffi::PoolEntry, size) == 0);
const _: () = assert!(offset_of!(ffi::PoolEntry, count) == 4);

/// The greatest number of pools.
pub const MAX_POOLS: usize = 32;

/// Chunks of one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Bytes of payload a chunk holds, a multiple of 8, not 0. See [`pool_size_for`].
    pub size: u32,
    /// How many chunks, not 0.
    pub count: u32,
}

/// Why a RouDi cannot be run: pools that it would die of, or a system that has no room for it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RoudiError {
    /// There is none.
    #[error("RouDi needs at least one pool")]
    None,
    /// There are more than [`MAX_POOLS`].
    #[error("RouDi has room for {MAX_POOLS} pools, not for {0}")]
    TooMany(usize),
    /// A pool's size is 0 or not a multiple of 8.
    #[error("the pool of {0} bytes must have a size that is a multiple of 8, and not 0")]
    Size(u32),
    /// A pool has no chunks.
    #[error("the pool of {0} bytes has no chunks")]
    NoChunks(u32),
    /// A pool is not larger than the one before it.
    #[error("the pool of {0} bytes must come before smaller ones, and only once")]
    Order(u32),
    /// The system has no thread for it.
    #[error("the system has no thread left for RouDi: {0}")]
    Thread(io::ErrorKind),
}

/// Runs a RouDi in this process until SIGTERM, SIGINT or SIGHUP, and says what to exit with. For a process of its own
/// that has made no runtime; the segment belongs to the process's group.
///
/// When it stops, every client gets SIGTERM, and SIGKILL if it still is there after `kill_delay` (whole seconds, at
/// least one). A RouDi that runs already is a fatal error. Call
/// [`install_error_handler`](crate::install_error_handler) first.
///
/// # Errors
///
/// [`RoudiError`], before anything has started.
pub fn run_roudi(pools: &[Pool], kill_delay: Duration) -> Result<u8, RoudiError> {
    check(pools)?;
    let pools: Vec<_> = pools.iter().map(|pool| ffi::PoolEntry { size: pool.size, count: pool.count }).collect();
    let kill_delay = kill_delay.as_secs().clamp(1, u64::from(u32::MAX));
    // Not on the calling thread, whose stack may be a small one: a service's limits say how large it is.
    let roudi = thread::Builder::new()
        .name("RouDi".into())
        .stack_size(CLASSIC_STACK)
        .spawn(move || ffi::run_roudi(&pools, kill_delay))
        .map_err(|error| RoudiError::Thread(error.kind()))?;
    // C++ does not unwind: the thread returns, or ends the process.
    Ok(roudi.join().unwrap_or(u8::MAX))
}

/// The size of the smallest pool whose chunks hold a payload of `size` bytes aligned to `align`, behind a user header
/// of `header_size` bytes aligned to `header_align` (0 and 1 for none); `None` when classic cannot do it.
pub fn pool_size_for(size: usize, align: usize, header_size: usize, header_align: usize) -> Option<u32> {
    let number = |value: usize| u32::try_from(value).ok();
    match ffi::pool_size_for(number(size)?, number(align)?, number(header_size)?, number(header_align)?) {
        0 => None,
        size => Some(size),
    }
}

fn check(pools: &[Pool]) -> Result<(), RoudiError> {
    match pools.len() {
        0 => return Err(RoudiError::None),
        count if count > MAX_POOLS => return Err(RoudiError::TooMany(count)),
        _ => {}
    }
    let mut before = 0;
    for pool in pools {
        if pool.size == 0 || !pool.size.is_multiple_of(8) {
            return Err(RoudiError::Size(pool.size));
        }
        if pool.count == 0 {
            return Err(RoudiError::NoChunks(pool.size));
        }
        if pool.size <= before {
            return Err(RoudiError::Order(before));
        }
        before = pool.size;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pools(sizes: &[u32]) -> Vec<Pool> {
        sizes.iter().map(|&size| Pool { size, count: 1 }).collect()
    }

    #[test]
    fn pools_that_roudi_would_die_of_are_refused() {
        assert_eq!(check(&pools(&[8, 64, 1024])), Ok(()));
        assert_eq!(check(&[]), Err(RoudiError::None));
        assert_eq!(check(&pools(&(1..=33).map(|n| n * 8).collect::<Vec<_>>())), Err(RoudiError::TooMany(33)));
        assert_eq!(check(&pools(&[12])), Err(RoudiError::Size(12)));
        assert_eq!(check(&pools(&[0])), Err(RoudiError::Size(0)));
        assert_eq!(check(&[Pool { size: 8, count: 0 }]), Err(RoudiError::NoChunks(8)));
        assert_eq!(check(&pools(&[64, 8])), Err(RoudiError::Order(64)));
        assert_eq!(check(&pools(&[64, 64])), Err(RoudiError::Order(64)));
    }

    #[test]
    fn alignment_and_user_headers_need_room() {
        assert_eq!(pool_size_for(64, 8, 0, 1), Some(64));
        assert_eq!(pool_size_for(61, 1, 0, 1), Some(64));
        assert_eq!(pool_size_for(0, 1, 0, 1), Some(8));
        assert!(pool_size_for(8192, 64, 0, 1) > Some(8192));
        assert!(pool_size_for(64, 8, 16, 8) >= Some(80));
        assert_eq!(pool_size_for(64, 3, 0, 1), None);
        assert_eq!(pool_size_for(64, 8, 16, 16), None);
        assert_eq!(pool_size_for(usize::MAX, 8, 0, 1), None);
        assert_eq!(pool_size_for(u32::MAX as usize, 8, 0, 1), None);
    }
}
