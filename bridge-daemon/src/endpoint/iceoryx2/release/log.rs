//! What iceoryx2 says, into the bridge's own log.

use std::fmt::Arguments;

use super::super::{LogLevel, Logger, set_logger};

/// Passes every message on.
struct ToTracing;

impl Logger for ToTracing {
    fn log(&self, level: LogLevel, origin: Arguments<'_>, message: Arguments<'_>) {
        match level {
            LogLevel::Trace => tracing::trace!(target: "iceoryx2", %origin, "{message}"),
            LogLevel::Debug => tracing::debug!(target: "iceoryx2", %origin, "{message}"),
            LogLevel::Info => tracing::info!(target: "iceoryx2", %origin, "{message}"),
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
