//! The exit codes, as in sysexits.h where it has one.

use std::process::ExitCode;

/// Exit codes of the commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All is well.
    Ok = 0,
    /// It failed, or the bridge is not healthy.
    Failure = 1,
    /// The command line is wrong; clap's own.
    Usage = 2,
    /// No bridge answers.
    Unavailable = 69,
    /// The configuration has errors.
    Config = 78,
}

/// For the end of `--help`.
pub(super) const HELP: &str = "Exit codes:
  0   all is well
  1   it failed; for `status`: a route does not run
  2   the command line is wrong
  69  no bridge answers at the socket
  78  the configuration has errors";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
