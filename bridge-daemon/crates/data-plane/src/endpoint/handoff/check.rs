//! One check that the tests and a fuzz target share: whatever another process writes into a ring, its reader looks at
//! nothing outside, and comes to an end.

use std::os::fd::AsFd;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};

use super::positions::UNIT;
use super::ring::{Handoff, Reader, Writer};
use bridge_transcode::{Input, Output};

/// Bytes for samples in the ring of the check.
const SIZE: usize = 8 * UNIT;

/// A ring in memory of this process.
///
/// # Panics
///
/// When there is no memory.
#[must_use]
pub fn ring(size: usize) -> Handoff {
    let file = memfd_create("test", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING).expect("memory");
    ftruncate(&file, Handoff::memory_for(size) as u64).expect("memory");
    assert!(Handoff::open(file.as_fd(), 0, Handoff::memory_for(size)).is_err(), "may shrink");
    fcntl_add_seals(&file, SealFlags::SHRINK).expect("seals");
    assert!(Handoff::open(file.as_fd(), 0, Handoff::memory_for(size) + UNIT).is_err(), "is too small");
    Handoff::open(file.as_fd(), 0, Handoff::memory_for(size)).expect("memory")
}

/// Takes `bytes` for where the reader is, how far the writer says it is, and what stands in the ring.
///
/// # Panics
///
/// When a sample does not lie in the ring, the reader does not come to an end, or the ring is of no use afterwards.
pub fn check(bytes: &[u8]) {
    let Some((positions, scribble)) = bytes.split_first_chunk::<4>() else { return };
    let [begin, _, written, exact] = positions.map(u64::from);
    let (begin, written) = (begin % 32 * UNIT as u64, written % 32 * UNIT as u64 + if exact > 250 { exact } else { 0 });
    let ring = ring(SIZE);
    let mut memory = [0; SIZE];
    memory.iter_mut().zip(scribble).for_each(|(to, from)| *to = *from);
    ring.scribble(&memory);
    let mut reader = Reader::new(ring.clone());
    reader.free(begin);
    ring.pretend_written(begin.wrapping_add(written));
    let mut left = 2 * SIZE / UNIT;
    loop {
        left = left.checked_sub(1).expect("it comes to an end");
        match reader.next() {
            Ok(None) => break,
            Ok(Some(held)) => {
                let mut copy = vec![0; held.payload.len() + held.user_header.len()];
                assert!(copy.len() <= SIZE, "more than there is");
                let (to_payload, to_header) = copy.split_at_mut(held.payload.len());
                Output::from(to_payload).fill_from(held.payload).expect("as long");
                Output::from(to_header).fill_from(held.user_header).expect("as long");
                let next = held.next();
                reader.free(next);
            }
            Err(_) => {}
        }
    }
    // A sane writer that comes next is understood.
    let mut writer = Writer::new(ring);
    let sent = writer.write::<()>((3, 0, 1), |mut to, _| to.fill_from(Input::from(b"abc".as_slice())).ok_or(()));
    assert_eq!(sent, Ok(Ok(())));
    let held = reader.next().expect("makes sense").expect("a sample");
    let mut copy = [0; 3];
    Output::from(copy.as_mut_slice()).fill_from(held.payload).expect("as long");
    assert_eq!(&copy, b"abc");
}
