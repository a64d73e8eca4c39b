//! What each subscriber receives, while it does: a table redrawn in place, or a line a second where nobody looks.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use super::cast::{Part, SUBSCRIBERS, Stack};
use super::process::Process;
use super::run::Run;

/// Between two tables.
const TABLE: Duration = Duration::from_millis(250);
/// Between two lines.
const LINE: Duration = Duration::from_secs(1);

/// The view of one run.
pub(super) struct View {
    is_terminal: bool,
    start: Instant,
    next: Instant,
    has_drawn: bool,
}

/// What a subscriber has printed so far.
struct Row {
    part: &'static Part,
    received: u64,
    wrong: u64,
    last: String,
}

impl View {
    pub(super) fn new() -> Self {
        let is_terminal = io::stdout().is_terminal() && env::var_os("TERM").is_some_and(|term| term != "dumb");
        let now = Instant::now();
        let next = if is_terminal { now } else { now + LINE };
        Self { is_terminal, start: now, next, has_drawn: false }
    }

    /// Since the publishers were told to go.
    pub(super) fn age(&self) -> Duration {
        self.start.elapsed()
    }

    /// Shows how far the subscribers are, if it is time to, or the last time.
    pub(super) fn update(&mut self, run: &Run, subscribers: &[Process], is_last: bool) {
        let now = Instant::now();
        if now < self.next && !is_last {
            return;
        }
        self.next = now + if self.is_terminal { TABLE } else { LINE };
        let rows: Vec<_> = subscribers.iter().zip(&SUBSCRIBERS).map(|(process, part)| row(process, part)).collect();
        let text = if self.is_terminal { self.table(run, &rows) } else { self.line(&rows, is_last) };
        self.has_drawn = true;
        let mut out = io::stdout();
        // Who closes the output does not want to see it.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    fn table(&self, run: &Run, rows: &[Row]) -> String {
        let seconds = self.age().as_secs().min(run.seconds);
        let mut lines = vec![format!("after {seconds} of {} s", run.seconds)];
        lines.push(" STREAM   FROM       TO    RECEIVED  CHECK    LAST SAMPLE".to_owned());
        lines.extend(rows.iter().map(|row| {
            let (stream, from, to) = (row.part.stream, row.from(), row.to());
            format!(" {stream:<8} {from:<10} {to:<4}  {:>8}  {:<8} {}", row.received, row.check(), row.last)
        }));
        let up = if self.has_drawn { format!("\x1b[{}A\r", lines.len()) } else { String::new() };
        let body: String = lines.iter().map(|line| format!("\x1b[2K{line}\n")).collect();
        // No line breaks but these, however narrow the terminal is.
        format!("{up}\x1b[?7l{body}\x1b[?7h")
    }

    fn line(&self, rows: &[Row], is_last: bool) -> String {
        let time = if is_last { "end".to_owned() } else { format!("{} s", self.age().as_secs()) };
        let part = |row: &Row| format!("{} in {}: {} {}", row.part.stream, row.to(), row.received, row.check());
        format!("{time:>6}  {}\n", rows.iter().map(part).collect::<Vec<_>>().join("  "))
    }
}

impl Row {
    fn from(&self) -> &'static str {
        match (self.part.sources, self.part.stack) {
            ([_], Stack::Classic) => "Rust",
            ([_], Stack::Iceoryx2) => "C++",
            _ => "C++, Rust",
        }
    }

    fn to(&self) -> &'static str {
        match self.part.stack {
            Stack::Classic => "C++",
            Stack::Iceoryx2 => "Rust",
        }
    }

    fn check(&self) -> String {
        if self.wrong == 0 { "ok".to_owned() } else { format!("{} wrong", self.wrong) }
    }
}

/// From lines such as `got 40 wrong=0 S1-39 price 0.39 volume 40` and `complete received=2000`.
fn row(process: &Process, part: &'static Part) -> Row {
    let got = process.last("got ").unwrap_or_default();
    let mut words = got.splitn(3, ' ');
    let mut number = |prefix: &str| words.next().and_then(|word| word.strip_prefix(prefix)?.parse().ok()).unwrap_or(0);
    let (shown, wrong) = (number(""), number("wrong="));
    let last = words.next().unwrap_or_default().to_owned();
    let complete = process.last("complete received=").and_then(|number| number.parse().ok());
    Row { part, received: complete.unwrap_or(shown), wrong, last }
}
