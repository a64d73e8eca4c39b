//! A process of the demo.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus};
use std::time::Duration;

use crate::bed::App;

use super::Trouble;

/// Lines of its output that an error shows.
const LAST_LINES: usize = 12;
/// The bridge promises to end within five seconds, the applications end at once.
const END: Duration = Duration::from_secs(10);

/// A process and its name. Dropping it ends it.
pub(super) struct Process {
    name: String,
    app: App,
}

impl Process {
    /// In a process group of its own: Ctrl-C reaches the demo, which ends the others in order.
    pub(super) fn start(name: &str, command: &mut Command) -> Result<Self, Trouble> {
        match App::spawn(name, command.process_group(0)) {
            Ok(app) => Ok(Self { name: name.to_owned(), app }),
            Err(source) => Err(Trouble::Start { name: name.to_owned(), source }),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn pid(&self) -> u32 {
        self.app.pid()
    }

    /// Whether it has printed a line that begins like this.
    pub(super) fn has_said(&self, beginning: &str) -> bool {
        self.last(beginning).is_some()
    }

    /// Whether it has printed this, anywhere in a line.
    pub(super) fn has_printed(&self, text: &str) -> bool {
        self.app.output().lines().iter().any(|line| line.contains(text))
    }

    /// What follows in the last line that begins like this.
    pub(super) fn last(&self, beginning: &str) -> Option<String> {
        self.app.output().lines().iter().rev().find_map(|line| line.strip_prefix(beginning).map(str::to_owned))
    }

    /// The end of its output, indented.
    pub(super) fn last_lines(&self) -> String {
        let lines = self.app.output().lines();
        let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
        if last.is_empty() {
            return "    (it printed nothing)".to_owned();
        }
        last.iter().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
    }

    /// Tells a publisher that its samples count from now on.
    pub(super) fn go(&mut self) -> Result<(), Trouble> {
        self.app.try_go().map_err(|source| Trouble::Order { name: self.name.clone(), source })
    }

    /// An error if it has ended.
    pub(super) fn check(&mut self) -> Result<(), Trouble> {
        match self.app.wait_at_most(Duration::ZERO) {
            None => Ok(()),
            Some(status) => Err(Trouble::Ended { name: self.name.clone(), status, lines: self.last_lines() }),
        }
    }

    /// Asks it to end.
    pub(super) fn terminate(&self) {
        self.app.terminate();
    }

    /// Asks it to end and waits for that; `None` if it had to be killed.
    pub(super) fn end(&mut self) -> Option<ExitStatus> {
        self.terminate();
        let status = self.app.wait_at_most(END);
        if status.is_none() {
            self.app.kill();
            self.app.wait_at_most(END);
        }
        status
    }
}
