//! Ctrl-C and its kin.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use super::Trouble;

/// Whether the demo was told to stop. The processes that it started are not in its group, so they were not.
pub(super) struct Signals {
    told: Arc<AtomicBool>,
}

impl Signals {
    /// From here on, these signals no longer end the process.
    pub(super) fn new() -> Result<Self, Trouble> {
        let told = Arc::new(AtomicBool::new(false));
        for signal in [SIGHUP, SIGINT, SIGTERM] {
            signal_hook::flag::register(signal, Arc::clone(&told)).map_err(Trouble::Signals)?;
        }
        Ok(Self { told })
    }

    /// An error if there was a signal since the last call.
    pub(super) fn check(&self) -> Result<(), Trouble> {
        if self.told.swap(false, Ordering::Relaxed) { Err(Trouble::Interrupted) } else { Ok(()) }
    }
}
