//! The log: lines on standard error, one an event. Whoever writes one does not wait for whoever reads it, and an event that
//! comes again and again is written a few times and then counted.

mod limit;
mod stderr;

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Format;

use limit::Limited;
pub(crate) use stderr::Stderr;

/// What is logged unless `IOX_BRIDGE_LOG` says otherwise; iceoryx2 only when something is wrong.
const DEFAULT: &str = "info,iceoryx2=error";

/// Sends the log to standard error; without times where the journal notes them itself.
pub(crate) fn to_stderr() {
    let filter = EnvFilter::try_from_env("IOX_BRIDGE_LOG").unwrap_or_else(|_| EnvFilter::new(DEFAULT));
    let colours = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(|| Stderr).with_ansi(colours);
    let format = Format::default().with_target(false);
    // A second log is only refused by tests that run commands in one process.
    let _ = if std::env::var_os("JOURNAL_STREAM").is_some() {
        log.event_format(Limited::new(format.without_time())).try_init()
    } else {
        log.event_format(Limited::new(format)).try_init()
    };
}
