//! What `make demo` shows: the bridge between the applications of the tests, on the machine as it is.
//!
//! Unlike a test it has no machine of its own. Its names are new with each run, it uses the RouDi that runs, and ends
//! only what it has started. One thread does all of it; others only collect what the processes print.

mod bridge;
mod cast;
mod folder;
mod process;
mod programs;
mod roudi;
mod run;
mod show;
mod signals;
mod stage;
mod trouble;
mod verdict;
mod view;

use std::error::Error;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use signals::Signals;
use trouble::Trouble;

/// What a shell calls "ended by SIGINT".
const INTERRUPTED: u8 = 130;

/// The demo from its beginning to its end: 0 if every application received correct samples, 1 if not, 130 if told to
/// stop before.
#[must_use]
pub fn main() -> ExitCode {
    match Signals::new().and_then(|signals| show::show(&signals)) {
        Ok(()) => {
            say("demo: all applications received correct samples");
            ExitCode::SUCCESS
        }
        Err(Trouble::Interrupted) => {
            if io::stdout().is_terminal() {
                // Below the terminal's ^C.
                say("");
            }
            complain("stopped before its end, everything it started has ended");
            ExitCode::from(INTERRUPTED)
        }
        Err(trouble) => {
            let mut message = trouble.to_string();
            let mut cause = trouble.source();
            while let Some(error) = cause {
                message += &format!(": {error}");
                cause = error.source();
            }
            complain(message);
            ExitCode::FAILURE
        }
    }
}

/// Prints a line. Somebody who has closed the output does not want to see it, which is no reason to stop.
fn say(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// The same for what went wrong.
fn complain(line: impl Display) {
    let _ = writeln!(io::stderr(), "demo: {line}");
}
