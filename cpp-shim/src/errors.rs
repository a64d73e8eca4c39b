//! classic's error handler, taken over. classic reports what goes wrong through one process-wide hook, and aborts on
//! anything worse than a warning unless somebody else answers it.
//!
//! Owner: the process. Threads: any; a report is remembered for the thread that caused it.

#![allow(unsafe_code, unreachable_pub, unused_qualifications, reason = "the bridge to C++, and what cxx makes of it")]

use std::cell::Cell;
use std::fmt;
use std::sync::OnceLock;

#[cxx::bridge(namespace = "iox_bridge")]
mod ffi {
    extern "Rust" {
        fn on_report(name: &'static [u8], level: u32);
    }
    unsafe extern "C++" {
        include!("iox_bridge/errors.hpp");
        fn install_handler();
        fn silence();
    }
}

/// How bad classic thinks an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The operation failed; everything else goes on.
    Moderate,
    /// The operation failed in a way classic did not foresee; it may be tried again.
    Severe,
    /// classic cannot go on in this process.
    Fatal,
}

/// What classic reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// classic's own name of the error, such as `MEPOO__MEMPOOL_GETCHUNK_CHUNK_IS_TOO_LARGE`.
    pub name: &'static str,
    /// How bad classic thinks it is.
    pub level: Level,
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "iceoryx reported {}", self.name)
    }
}

static ON_FATAL: OnceLock<fn(&Report)> = OnceLock::new();

thread_local! {
    static LAST_REPORT: Cell<Option<Report>> = const { Cell::new(None) };
}

/// Takes classic's error handler over for the whole process. Must come before anything else of this crate that talks
/// to classic ([`Runtime::init`](crate::Runtime::init) refuses otherwise); a second call changes nothing.
///
/// Moderate and severe errors are remembered for [`take_last_report`] and execution goes on. On a fatal one classic's
/// state is lost: `on_fatal` is called on the thread that met it and must not return (stop publishing in every thread,
/// then [`exit_now`](crate::exit_now)); if it does, the process ends at once with exit code 70.
pub fn install_error_handler(on_fatal: fn(&Report)) {
    ON_FATAL.get_or_init(|| {
        ffi::install_handler();
        on_fatal
    });
}

/// Stops classic from writing to standard error, for good. It writes lines for each loan that fails and each port that
/// is refused, and what it says there comes back as an error anyway; details of system calls that failed do not. To be
/// called before [`Runtime::init`](crate::Runtime::init).
pub fn silence() {
    ffi::silence();
}

/// Whether [`install_error_handler`] has been called.
pub(crate) fn is_installed() -> bool {
    ON_FATAL.get().is_some()
}

/// What classic last reported on this thread since this was last called, fatal errors aside.
pub fn take_last_report() -> Option<Report> {
    LAST_REPORT.with(Cell::take)
}

/// Called by classic, through C++, on whichever thread met the error.
fn on_report(name: &'static [u8], level: u32) {
    let level = match level {
        2 => Level::Moderate,
        1 => Level::Severe,
        _ => Level::Fatal,
    };
    let report = Report { name: std::str::from_utf8(name).unwrap_or("an error without a readable name"), level };
    match (level, ON_FATAL.get()) {
        (Level::Fatal, Some(on_fatal)) => on_fatal(&report),
        // A thread that is ending has no storage left; then nobody is there to ask either.
        (Level::Fatal, None) | (Level::Severe | Level::Moderate, _) => {
            let _gone = LAST_REPORT.try_with(|last| last.set(Some(report)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_report_is_remembered_once_for_the_thread_it_came_up_in() {
        on_report(b"FIRST", 2);
        on_report(b"SECOND", 1);
        let elsewhere = std::thread::spawn(take_last_report).join().expect("no panic");
        assert_eq!(elsewhere, None);
        assert_eq!(take_last_report(), Some(Report { name: "SECOND", level: Level::Severe }));
        assert_eq!(take_last_report(), None);
    }

    #[test]
    fn levels_are_classics_and_names_need_not_be_text() {
        on_report(b"\xff", 2);
        assert_eq!(take_last_report().map(|report| report.level), Some(Level::Moderate));
        on_report(b"NAME", 7);
        assert_eq!(
            take_last_report().map(|report| report.level),
            Some(Level::Fatal),
            "a level nobody knows is the worst"
        );
    }
}
