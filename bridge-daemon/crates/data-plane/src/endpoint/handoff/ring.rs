//! A ring of samples in memory that two processes share: one writes, one reads, nobody waits for a lock.
#![allow(unsafe_code, reason = "samples lie in memory that two processes map")]

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::sync::Arc;

use memmap2::{MmapOptions, MmapRaw};

use bridge_transcode::{Input, Output};

use super::positions::{Positions, UNIT};

/// Bytes before the first sample: the positions, each in cache lines of its own.
const HEAD: usize = 4 * UNIT;

const _: () = assert!(size_of::<Positions>() <= HEAD);

/// What stands before each sample, in the order of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    /// Bytes of payload; [`SKIP`]: none, the ring goes on at its beginning.
    payload: u64,
    /// Bytes of user header.
    user_header: u64,
    /// Alignment of the payload at its source.
    align: u64,
}

const SKIP: u64 = u64::MAX;
const ENTRY: usize = 24;

/// The memory of one route's middle. Cloning it gives another view of the same.
#[derive(Clone, Debug)]
pub struct Handoff {
    map: Arc<MmapRaw>,
    /// Bytes for samples, a multiple of [`UNIT`].
    size: usize,
}

/// The process that writes.
#[derive(Debug)]
pub(super) struct Writer {
    ring: Handoff,
    /// The position after what was written last. Its own, since the other process could change what stands in the ring.
    at: u64,
}

/// The process that reads.
#[derive(Debug)]
pub(super) struct Reader {
    ring: Handoff,
    /// What was read since it began; the sample after this position is next.
    at: u64,
}

/// Why a sample was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// There is no room now.
    Now,
    /// There is never room for so large a sample.
    Ever,
}

/// Where a sample is, all of it inside the ring.
struct Found {
    /// Offset and bytes.
    payload: (usize, usize),
    /// Offset and bytes.
    user_header: (usize, usize),
    align: usize,
    /// Bytes from the reader's position to the end of the sample.
    len: u64,
}

/// A sample in the ring.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held<'a> {
    pub(super) payload: Input<'a>,
    pub(super) user_header: Input<'a>,
    pub(super) align: usize,
    /// The position after it.
    next: u64,
}

impl Handoff {
    /// Bytes of shared memory for a ring with room for `size` bytes of samples.
    #[must_use]
    pub const fn memory_for(size: usize) -> usize {
        HEAD + size.next_multiple_of(UNIT)
    }

    /// Maps `len` bytes of `file` from `offset` on, which is a multiple of a page. New memory is all zero, and an empty
    /// ring.
    ///
    /// # Errors
    /// When the file has fewer bytes or may shrink, or it cannot be mapped.
    pub fn open(file: BorrowedFd<'_>, offset: u64, len: usize) -> io::Result<Self> {
        use rustix::fs::{SealFlags, fcntl_get_seals, fstat};
        let wrong = |what| io::Error::new(io::ErrorKind::InvalidData, what);
        if !fcntl_get_seals(file)?.contains(SealFlags::SHRINK) {
            return Err(wrong("memory that may shrink"));
        }
        let end = offset.checked_add(len as u64).ok_or_else(|| wrong("no such place"))?;
        if u64::try_from(fstat(file)?.st_size).unwrap_or(0) < end {
            return Err(wrong("less memory than there should be"));
        }
        let size = len.checked_sub(HEAD).filter(|size| *size >= UNIT && size.is_multiple_of(UNIT));
        let size = size.ok_or_else(|| wrong("no memory for samples"))?;
        let map = MmapOptions::new().offset(offset).len(len).map_raw(file.as_raw_fd())?;
        Ok(Self { map: Arc::new(map), size })
    }

    fn positions(&self) -> &Positions {
        // SAFETY: the map is page-aligned, longer than HEAD (its file is sealed against shrinking) and lives as long as
        // `self`. `Positions` is repr(C) and of atomic integers alone, for which every bit pattern is valid, and which
        // the other process may write at any time.
        unsafe { &*self.map.as_ptr().cast::<Positions>() }
    }

    /// The bytes of a sample from `offset` on; `None` if they are not all in the ring.
    fn bytes(&self, offset: usize, len: usize) -> Option<*mut u8> {
        let inside = offset <= self.size && len <= self.size - offset;
        // SAFETY: HEAD + size is the length of the map, and `offset` at most size.
        inside.then(|| unsafe { self.map.as_mut_ptr().add(HEAD + offset) })
    }

    fn input(&self, offset: usize, len: usize) -> Option<Input<'_>> {
        // SAFETY: the bytes are in the map, which lives as long as `self`; the other process may write them.
        self.bytes(offset, len).map(|start| unsafe { Input::from_raw(start, len) })
    }

    /// For the writer alone, which never has two outputs over the same bytes.
    fn output(&self, offset: usize, len: usize) -> Option<Output<'_>> {
        // SAFETY: the bytes are in the map, which lives as long as `self`, and nothing else in this process accesses
        // those that are not written yet.
        self.bytes(offset, len).map(|start| unsafe { Output::from_raw(start, len) })
    }

    fn write_entry(&self, offset: usize, entry: Entry) -> Option<()> {
        for (index, word) in [entry.payload, entry.user_header, entry.align].into_iter().enumerate() {
            let word = word.to_ne_bytes();
            self.output(offset + 8 * index, 8)?.fill_from(Input::from(word.as_slice()))?;
        }
        Some(())
    }

    /// Every word is read once.
    fn read_entry(&self, offset: usize) -> Option<Entry> {
        let start = self.bytes(offset, ENTRY)?.cast::<[u64; 3]>();
        // SAFETY: the bytes are in the map, and `offset` is a multiple of UNIT, so they are aligned.
        let [payload, user_header, align] = unsafe { start.read_volatile() };
        Some(Entry { payload, user_header, align })
    }

    /// As another process that maps the ring may do at any time.
    #[cfg(any(test, fuzzing))]
    pub(super) fn scribble(&self, bytes: &[u8]) {
        let filled = self.output(0, bytes.len()).and_then(|mut room| room.fill_from(Input::from(bytes)));
        filled.expect("no more than the ring has");
    }

    /// As another process that maps the ring may do at any time.
    #[cfg(any(test, fuzzing))]
    pub(super) fn pretend_written(&self, position: u64) {
        self.positions().publish(position);
    }

    fn offset(&self, position: u64) -> usize {
        // Less than `size`, which is a usize.
        (position % self.size as u64) as usize
    }
}

/// Where payload and user header stand in a sample that begins at 0, and where it ends.
fn measure(payload: u64, user_header: u64) -> Option<(usize, usize, usize)> {
    let (payload, user_header) = (usize::try_from(payload).ok()?, usize::try_from(user_header).ok()?);
    let start = ENTRY.checked_add(user_header)?.checked_next_multiple_of(UNIT)?;
    let end = start.checked_add(payload)?.checked_next_multiple_of(UNIT)?;
    Some((ENTRY, start, end))
}

impl Writer {
    /// Goes on where the last writer was.
    pub(super) fn new(ring: Handoff) -> Self {
        let at = ring.positions().published();
        Self { ring, at }
    }

    /// Writes a sample: `fill` gets the room for the payload and for the user header. It is seen by the reader when
    /// `fill` succeeds.
    pub(super) fn write<E>(
        &mut self,
        (payload, user_header, align): (usize, usize, usize),
        fill: impl FnOnce(Output<'_>, Output<'_>) -> Result<(), E>,
    ) -> Result<Result<(), E>, Full> {
        let size = self.ring.size as u64;
        let (header_at, payload_at, len) = measure(payload as u64, user_header as u64).ok_or(Full::Ever)?;
        // Half of the ring, so that there is room whatever the place at which the ring stands.
        if len as u64 > size / 2 {
            return Err(Full::Ever);
        }
        let mut start = self.ring.offset(self.at);
        let skipped = if start + len > self.ring.size { self.ring.size - start } else { 0 };
        let end = self.at.wrapping_add((skipped + len) as u64);
        if !self.ring.positions().has_room(end, size) {
            return Err(Full::Now);
        }
        if skipped > 0 {
            self.ring.write_entry(start, Entry { payload: SKIP, user_header: 0, align: 0 }).ok_or(Full::Ever)?;
            start = 0;
        }
        let entry = Entry { payload: payload as u64, user_header: user_header as u64, align: align as u64 };
        self.ring.write_entry(start, entry).ok_or(Full::Ever)?;
        let outputs = (self.ring.output(start + payload_at, payload), self.ring.output(start + header_at, user_header));
        let (Some(to_payload), Some(to_header)) = outputs else { return Err(Full::Ever) };
        if let Err(error) = fill(to_payload, to_header) {
            return Ok(Err(error));
        }
        self.at = end;
        self.ring.positions().publish(end);
        Ok(Ok(()))
    }
}

impl Reader {
    /// Goes on where the last reader was; what that one had in its hands is not read again.
    pub(super) fn new(ring: Handoff) -> Self {
        let at = ring.positions().resume();
        Self { ring, at }
    }

    /// The next sample: [`Ok(None)`] if there is none, an error if what stands in the ring makes no sense; all of it is
    /// then passed over.
    pub(super) fn next(&mut self) -> Result<Option<Held<'_>>, Senseless> {
        let size = self.ring.size as u64;
        let written = self.ring.positions().published();
        if written == self.at {
            return Ok(None);
        }
        let waiting = written.wrapping_sub(self.at);
        let found = (waiting <= size).then(|| self.find(waiting)).flatten();
        let Some(Found { payload, user_header, align, len }) = found else {
            // All of it, also for whoever reads next: else he would find the same again.
            self.free(written);
            return Err(Senseless);
        };
        let next = self.at.wrapping_add(len);
        self.ring.positions().claim(next);
        // They were found to be there.
        let (Some(payload), Some(user_header)) =
            (self.ring.input(payload.0, payload.1), self.ring.input(user_header.0, user_header.1))
        else {
            return Err(Senseless);
        };
        Ok(Some(Held { payload, user_header, align, next }))
    }

    /// The next sample of those that wait; `None` if what stands there makes no sense.
    fn find(&self, waiting: u64) -> Option<Found> {
        let (start, skipped, entry) = self.next_entry(waiting)?;
        let (header_at, payload_at, len) = measure(entry.payload, entry.user_header)?;
        let len = skipped.checked_add(len as u64).filter(|len| *len <= waiting)?;
        let payload = (start.checked_add(payload_at)?, usize::try_from(entry.payload).ok()?);
        let user_header = (start.checked_add(header_at)?, usize::try_from(entry.user_header).ok()?);
        self.ring.bytes(payload.0, payload.1)?;
        self.ring.bytes(user_header.0, user_header.1)?;
        let align = usize::try_from(entry.align).ok().filter(|align| align.is_power_of_two()).unwrap_or(1);
        Some(Found { payload, user_header, align, len })
    }

    /// Where the next sample begins, the bytes skipped before it, and what stands there.
    fn next_entry(&self, waiting: u64) -> Option<(usize, u64, Entry)> {
        let start = self.ring.offset(self.at);
        let entry = self.ring.read_entry(start)?;
        if entry.payload != SKIP {
            return Some((start, 0, entry));
        }
        let skipped = (self.ring.size - start) as u64;
        if skipped >= waiting {
            return None;
        }
        let entry = self.ring.read_entry(0)?;
        (entry.payload != SKIP).then_some((0, skipped, entry))
    }

    /// The sample before `position` is done with.
    pub(super) fn free(&mut self, position: u64) {
        self.at = position;
        self.ring.positions().free(position);
    }
}

impl Held<'_> {
    /// What to give [`Reader::free`].
    pub(super) fn next(&self) -> u64 {
        self.next
    }
}

/// What stands in the ring makes no sense: the other process wrote over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Senseless;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::check;
    use super::*;

    fn pair(size: usize) -> (Handoff, Writer, Reader) {
        let ring = check::ring(size);
        (ring.clone(), Writer::new(ring.clone()), Reader::new(ring))
    }

    fn write(writer: &mut Writer, payload: &[u8], header: &[u8]) -> Result<(), Full> {
        let written = writer.write((payload.len(), header.len(), 16), |mut to, mut to_header| {
            to.fill_from(Input::from(payload)).and_then(|()| to_header.fill_from(Input::from(header))).ok_or(())
        });
        written.map(|filled| filled.expect("has room"))
    }

    fn bytes(input: Input<'_>) -> Vec<u8> {
        let mut bytes = vec![0; input.len()];
        Output::from(bytes.as_mut_slice()).fill_from(input).expect("same length");
        bytes
    }

    fn read(reader: &mut Reader) -> Option<(Vec<u8>, Vec<u8>)> {
        let held = reader.next().expect("makes sense")?;
        let (sample, next) = ((bytes(held.payload), bytes(held.user_header)), held.next());
        assert_eq!(held.align, 16);
        reader.free(next);
        Some(sample)
    }

    proptest! {
        #[test]
        fn samples_come_out_as_they_went_in(
            samples in proptest::collection::vec((proptest::collection::vec(any::<u8>(), 0..700), 0_usize..40, 0_usize..4), 1..60),
        ) {
            let (_, mut writer, mut reader) = pair(4096);
            let mut waiting = std::collections::VecDeque::new();
            for (payload, header, reads) in samples {
                let header = vec![7; header];
                match write(&mut writer, &payload, &header) {
                    Ok(()) => waiting.push_back((payload, header)),
                    Err(full) => {
                        prop_assert_eq!(full, Full::Now);
                        prop_assert!(!waiting.is_empty());
                    }
                }
                for _ in 0..reads {
                    prop_assert_eq!(read(&mut reader), waiting.pop_front());
                }
            }
            while let Some(sample) = waiting.pop_front() {
                prop_assert_eq!(read(&mut reader), Some(sample));
            }
            prop_assert_eq!(read(&mut reader), None);
        }

        #[test]
        fn a_scribbled_ring_is_never_read_beyond(
            words in proptest::collection::vec(any::<u64>(), 64),
            positions in any::<[u8; 4]>(),
        ) {
            // Every third one so that the reader goes on at the beginning of the ring.
            let scribble = words.iter().map(|word| if word % 3 == 0 { SKIP } else { word >> (word % 61) });
            check::check(&positions.into_iter().chain(scribble.flat_map(u64::to_ne_bytes)).collect::<Vec<u8>>());
        }
    }

    /// A worker of another user writes a size that makes the sum come round to nothing, behind the ring's end.
    #[test]
    fn a_size_that_overflows_is_senseless_and_passed_over_by_every_reader() {
        let (ring, _, mut reader) = pair(1024);
        for at in [0_u64, 960] {
            ring.positions().publish(at);
            reader.free(at);
            let size = u64::MAX - 63 - (1024 - at) % 1024;
            let skip = Entry { payload: SKIP, user_header: 0, align: 1 };
            ring.write_entry(if at == 0 { 512 } else { at as usize }, skip).expect("inside");
            ring.write_entry(0, Entry { payload: size, user_header: 0, align: 1 }).expect("inside");
            ring.positions().publish(at + 512);
            assert!(reader.next().is_err(), "{at}");
            assert!(reader.next().expect("it is passed over").is_none());
            assert!(Reader::new(ring.clone()).next().expect("for the next reader, too").is_none());
        }
    }

    #[test]
    fn too_large_is_never_written() {
        let (_, mut writer, _) = pair(1024);
        assert_eq!(write(&mut writer, &[0; 900], &[]), Err(Full::Ever));
        assert_eq!(write(&mut writer, &[0; 64], &[]), Ok(()));
    }

    #[test]
    fn the_next_reader_goes_on_after_what_the_last_one_had_in_hand() {
        let (ring, mut writer, mut reader) = pair(4096);
        for sample in 0..4_u8 {
            write(&mut writer, &[sample], &[]).expect("has room");
        }
        assert_eq!(read(&mut reader), Some((vec![0], vec![])));
        assert_eq!(reader.next().expect("makes sense").map(|held| bytes(held.payload)), Some(vec![1]));
        let mut next = Reader::new(ring.clone());
        assert_eq!(read(&mut next), Some((vec![2], vec![])));
        let mut later = Writer::new(ring);
        write(&mut later, &[9], &[]).expect("has room");
        assert_eq!((read(&mut next), read(&mut next)), (Some((vec![3], vec![])), Some((vec![9], vec![]))));
    }
}
