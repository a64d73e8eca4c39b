//! Standard error, for whoever must not wait. A terminal that is paused, or a pipe that is full because nobody reads it,
//! would hold up who writes to it: a lane with its samples, or the supervisor with all that it looks after. So a line is
//! written only as far as it is taken at once; lines that are not are counted, and the count is told when there is room.

use std::fmt::Write as _;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Mutex, PoisonError};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, write};

/// Bytes that a pipe which has room at all takes at once: `PIPE_BUF` of Linux, see pipe(7).
const AT_ONCE: usize = 4096;

/// Standard error. Writing never fails and does not wait.
pub(crate) struct Stderr;

static STATE: Mutex<State> = Mutex::new(State { left_out: 0, is_cut: false });

impl Stderr {
    /// Writes one line, with its end.
    pub(crate) fn line(line: &str) {
        Self::put(line.as_bytes());
    }

    fn put(line: &[u8]) {
        STATE.lock().unwrap_or_else(PoisonError::into_inner).put(io::stderr().as_fd(), line);
    }
}

impl io::Write for Stderr {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        Self::put(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct State {
    /// Lines that were not taken, or not to their end, since this was told last.
    left_out: u64,
    /// The last line that was begun has no end.
    is_cut: bool,
}

impl State {
    fn put(&mut self, file: BorrowedFd<'_>, line: &[u8]) {
        let mut before = String::new();
        if self.is_cut {
            before.push('\n');
        }
        if self.left_out > 0 {
            let _ =
                writeln!(before, "{} lines of the log are missing here: standard error took no more", self.left_out);
        }
        if !before.is_empty() {
            let taken = take(file, before.as_bytes());
            if taken < before.len() {
                self.is_cut |= taken > 0;
                self.left_out += 1;
                return;
            }
            *self = Self { left_out: 0, is_cut: false };
        }
        let taken = take(file, line);
        if taken < line.len() {
            self.is_cut = taken > 0;
            self.left_out += 1;
        }
    }
}

/// Writes what the file takes at once; returns the number of bytes.
fn take(file: BorrowedFd<'_>, text: &[u8]) -> usize {
    let mut taken = 0;
    while let Some(rest) = text.get(taken..).filter(|rest| !rest.is_empty()) {
        let part = rest.get(..AT_ONCE).unwrap_or(rest);
        match has_room(file).and_then(|room| if room { write(file, part) } else { Ok(0) }) {
            Ok(0) => break,
            Ok(written) => taken += written,
            Err(Errno::INTR) => {}
            Err(_) => break,
        }
    }
    taken
}

fn has_room(file: BorrowedFd<'_>) -> rustix::io::Result<bool> {
    let mut asked = [PollFd::new(&file, PollFlags::OUT)];
    poll(&mut asked, Some(&Timespec::default()))?;
    Ok(asked.iter().all(|asked| asked.revents() == PollFlags::OUT))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_pipe_that_nobody_reads_holds_nobody_up_and_the_gap_is_told() {
        let (mut read, write) = io::pipe().expect("a pipe");
        let mut state = State { left_out: 0, is_cut: false };
        let long = "x".repeat(AT_ONCE + 100) + "\n";
        // Nobody reads: this would stand still where a line was waited for.
        for _ in 0..1000 {
            state.put(write.as_fd(), long.as_bytes());
        }
        let missing = state.left_out;
        assert!((1..1000).contains(&missing), "{missing}");
        let mut room = vec![0; 2 * AT_ONCE + long.len()];
        read.read_exact(&mut room).expect("that much is there");
        state.put(write.as_fd(), b"the next line\n");
        drop(write);
        let mut rest = String::new();
        read.read_to_string(&mut rest).expect("text");
        let told =
            format!("\n{missing} lines of the log are missing here: standard error took no more\nthe next line\n");
        assert!(rest.ends_with(&told), "{rest:.200}");
    }

    #[test]
    fn a_pipe_whose_reader_is_gone_is_no_error() {
        let (read, write) = io::pipe().expect("a pipe");
        drop(read);
        let mut state = State { left_out: 0, is_cut: false };
        state.put(write.as_fd(), b"a line\n");
        assert_eq!((state.left_out, state.is_cut), (1, false));
    }
}
