//! What iceoryx2 says, into the bridge's own log.

use std::fmt::Arguments;

use super::super::{LogLevel, Logger, set_logger};
use super::{cut, retry};

/// Passes every message on.
struct ToTracing;

/// Characters of a message, and of what says where it comes from, that are passed on: iceoryx2 shows whole configurations.
const LONGEST: usize = 400;

/// What it says where no configuration file is, which is as it should be.
const WITHOUT_CONFIGURATION: &str = "No config file was loaded";

impl Logger for ToTracing {
    fn log(&self, level: LogLevel, origin: Arguments<'_>, message: Arguments<'_>) {
        let (message, origin) = (cut(message, LONGEST), cut(origin, LONGEST));
        if message.starts_with(retry::NOT_CONNECTED) {
            retry::note();
        }
        match level {
            LogLevel::Trace => tracing::trace!(target: "iceoryx2", %origin, "{message}"),
            LogLevel::Debug => tracing::debug!(target: "iceoryx2", %origin, "{message}"),
            LogLevel::Info => tracing::info!(target: "iceoryx2", %origin, "{message}"),
            LogLevel::Warn if message.starts_with(WITHOUT_CONFIGURATION) => {
                tracing::debug!(target: "iceoryx2", %origin, "{message}");
            }
            LogLevel::Warn => tracing::warn!(target: "iceoryx2", %origin, "{message}"),
            LogLevel::Error | LogLevel::Fatal => tracing::error!(target: "iceoryx2", %origin, "{message}"),
        }
    }
}

/// From now on; the first call in a process counts. Before anything else of iceoryx2: its releases share the name of the
/// function that would otherwise choose a logger.
pub(super) fn install() {
    set_logger(&ToTracing);
}
