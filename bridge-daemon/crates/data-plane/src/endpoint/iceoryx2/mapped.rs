//! Where publishers' samples may lie: what this process has mapped of their data segments.
//!
//! The number of elements in a sample's header is the publisher's word, and reading beyond the segment would end the
//! worker. iceoryx2 does not say how large a segment is; the kernel does. It is asked once for each publisher, and again
//! when a sample is not where the last ones were, so no sample costs a system call in the long run.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

/// Publishers remembered at once; of more, those that were entered first are asked about again.
const REMEMBERED: usize = 64;

/// The mapped data segments of a subscriber's publishers.
///
/// One is remembered for each publisher: that of its last sample. iceoryx2 keeps that one mapped as long as the
/// connection lives, and there is another port id for the next connection.
#[derive(Debug)]
pub(super) struct Mapped {
    /// `/proc/self/maps`, open, so that it can be read also when file descriptors have run out.
    maps: File,
    /// How the names of data segments end, as iceoryx2's configuration has it: `.data`.
    ending: String,
    segments: Vec<(u128, Range<usize>)>,
    next: usize,
}

impl Mapped {
    /// Knows nothing yet but how the names of data segments end.
    ///
    /// # Errors
    /// When file descriptors are short.
    pub(super) fn new(ending: String) -> io::Result<Self> {
        Ok(Self { maps: File::open("/proc/self/maps")?, ending, segments: Vec::with_capacity(REMEMBERED), next: 0 })
    }

    /// Whether `len` bytes from `start` on lie in a data segment of this publisher.
    #[inline]
    pub(super) fn holds(&mut self, publisher: u128, start: usize, len: usize) -> bool {
        let Some(end) = start.checked_add(len) else { return false };
        let inside = |segment: &Range<usize>| segment.start <= start && end <= segment.end;
        match self.segments.iter().find(|(of, _)| *of == publisher) {
            Some((_, segment)) if inside(segment) => true,
            // Also where it begins in the segment that is known: a larger one may lie there by now.
            _ => self.look(publisher, start).is_some_and(|segment| inside(&segment)),
        }
    }

    /// Asks the kernel which segment of the publisher is mapped at `start`.
    #[cold]
    fn look(&mut self, publisher: u128, start: usize) -> Option<Range<usize>> {
        let segment = segment_at(&self.read().ok()?, &self.ending, publisher, start)?;
        let entry = (publisher, segment.clone());
        if let Some(known) = self.segments.iter_mut().find(|(of, _)| *of == publisher) {
            *known = entry;
        } else if self.segments.len() < REMEMBERED {
            self.segments.push(entry);
        } else if let Some(oldest) = self.segments.get_mut(self.next) {
            *oldest = entry;
            self.next = (self.next + 1) % REMEMBERED;
        }
        Some(segment)
    }

    fn read(&self) -> io::Result<String> {
        let mut text = Vec::new();
        let mut page = [0; 16 * 1024];
        loop {
            match self.maps.read_at(&mut page, text.len() as u64)? {
                0 => return Ok(String::from_utf8_lossy(&text).into_owned()),
                read => text.extend(page.iter().take(read)),
            }
        }
    }
}

/// The mapping around `at`, if it is of a data segment of the publisher, the names of which end in `suffix`. A line reads
/// `7f59847c0000-7f59847c1000 r--s 00000000 00:1b 62    /dev/shm/iox2_0354a209_158456520325294494527183151643.data`; one
/// of a publisher whose memory grows has `__` and a number before that.
fn segment_at(maps: &str, suffix: &str, publisher: u128, at: usize) -> Option<Range<usize>> {
    let port = format!("_{publisher}");
    maps.lines().find_map(|line| {
        let (range, rest) = line.split_once(' ')?;
        let (start, end) = range.split_once('-')?;
        let range = usize::from_str_radix(start, 16).ok()?..usize::from_str_radix(end, 16).ok()?;
        let (name, ending) = rest.trim_end_matches(" (deleted)").rsplit_once(&port)?;
        let is_data = ending == suffix || (ending.starts_with("__") && ending.ends_with(suffix));
        (range.contains(&at) && rest.starts_with('r') && is_data && name.contains('/')).then_some(range)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAPS: &str = "\
1000-3000 r--s 00000000 00:1b 62                         /dev/shm/iox2_0354_77.data
3000-4000 rw-s 00000000 00:1b 63                         /dev/shm/iox2_b9fc_77_99.connection
5000-6000 r--s 00000000 00:1b 61                         /dev/shm/iox2_0354_77__3.data (deleted)
6000-7000 rw-p 00000000 00:00 0                          [heap]
7000-8000 r--s 00000000 00:1b 61                         /dev/shm/iox2_0354_177.data
8000-9000 r--s 00000000 00:1b 61                         /dev/shm/iox2_0354_78.data
";

    #[test]
    fn only_the_publishers_own_segments_hold_its_samples() {
        assert_eq!(segment_at(MAPS, ".data", 77, 0x1000), Some(0x1000..0x3000));
        assert_eq!(segment_at(MAPS, ".data", 77, 0x2fff), Some(0x1000..0x3000));
        assert_eq!(segment_at(MAPS, ".data", 77, 0x5000), Some(0x5000..0x6000));
        for elsewhere in [0, 0xfff, 0x3000, 0x4000, 0x6000, 0x7000, 0x8000, 0x9000] {
            assert_eq!(segment_at(MAPS, ".data", 77, elsewhere), None, "{elsewhere:x}");
        }
    }

    #[test]
    fn what_lies_in_no_segment_is_not_held() {
        let mut mapped = Mapped::new(".data".into()).expect("/proc is there");
        let here = [0_u8; 64];
        assert!(!mapped.holds(1, here.as_ptr() as usize, here.len()));
        assert!(!mapped.holds(1, usize::MAX - 3, 8));
        assert!(mapped.read().expect("/proc is there").contains("[stack]"));
    }

    #[test]
    fn a_known_segment_is_not_asked_about_again() {
        let mut mapped = Mapped::new(".data".into()).expect("/proc is there");
        mapped.segments.push((7, 0x1000..0x2000));
        assert!(mapped.holds(7, 0x1000, 0x1000));
        assert!(!mapped.holds(7, 0x1000, 0x1001));
        assert!(!mapped.holds(7, 0x1fff, usize::MAX - 0x1fff));
        assert!(!mapped.holds(8, 0x1000, 1));
    }
}
