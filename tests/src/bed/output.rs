//! What a process has printed, line by line.

use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use super::PATIENCE;

/// Lines shown of a process that printed more than is of use.
const SHOWN: usize = 200;

/// What one wait may last, in units of [`PATIENCE`].
const PATIENCES: u32 = 4;

/// The collected lines. Filled by one thread a stream, read by the test.
pub struct Output {
    name: String,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    lines: Vec<String>,
    open_streams: usize,
}

impl Output {
    pub(super) fn new(name: &str) -> Arc<Self> {
        Arc::new(Self { name: name.to_owned(), state: Mutex::default(), changed: Condvar::new() })
    }

    /// Reads a stream to its end, in a thread of its own.
    pub(super) fn collect(self: &Arc<Self>, stream: impl Read + Send + 'static) -> JoinHandle<()> {
        self.lock().open_streams += 1;
        let output = Arc::clone(self);
        thread::spawn(move || {
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                output.lock().lines.push(String::from_utf8_lossy(&line).into_owned());
                output.changed.notify_all();
            }
            output.lock().open_streams -= 1;
            output.changed.notify_all();
        })
    }

    /// All lines so far.
    pub fn lines(&self) -> Vec<String> {
        self.lock().lines.clone()
    }

    /// Waits until `count` lines satisfy `wanted`, and returns these. Every new line is a sign of progress, and patience
    /// starts anew, as often as [`PATIENCES`] says.
    ///
    /// # Panics
    ///
    /// If the process ends its output, or patience ends, before.
    pub fn wait_for(&self, what: &str, count: usize, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let end = Instant::now() + PATIENCE * PATIENCES;
        let (mut deadline, mut lines) = (Instant::now() + PATIENCE, 0);
        let mut state = self.lock();
        loop {
            if state.lines.len() > lines {
                lines = state.lines.len();
                deadline = end.min(Instant::now() + PATIENCE);
            }
            let found: Vec<String> = state.lines.iter().filter(|line| wanted(line)).take(count).cloned().collect();
            if found.len() == count {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || state.open_streams == 0 {
                let why = if left.is_zero() { "in time" } else { "before its output ended" };
                // The guard must not be held while the panic prints this output.
                drop(state);
                panic!("{}: no {what} {why} ({} of {count})", self.name, found.len());
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.lines();
        writeln!(f, "---- {}: {} lines", self.name, lines.len())?;
        if lines.len() > SHOWN {
            writeln!(f, "[…]")?;
        }
        lines.iter().skip(lines.len().saturating_sub(SHOWN)).try_for_each(|line| writeln!(f, "{line}"))
    }
}
