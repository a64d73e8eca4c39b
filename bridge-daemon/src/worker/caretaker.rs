//! Removes what dead processes left in iceoryx2, now and then.
//!
//! iceoryx2 has no daemon: a dead subscriber of a service without overflow keeps its publishers waiting until somebody
//! makes or drops a node. Where applications live for days that may be never, so the bridge does it for them and for its
//! own lanes, which may be among those that wait. Hence the thread.
//!
//! Until 0.8 it helps those that come later, but nobody who waits already: that one looks at the dead queue alone.

use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::endpoint::iceoryx2::Stack;
use crate::lane::{NodeSource, Quiet};

/// Time between two looks. One takes some 50 microseconds for each node of the release.
const PERIOD: Duration = Duration::from_millis(300);

/// Starts the thread; it ends when all lanes are quiet, because one may wait for a dead subscriber until then.
///
/// # Errors
/// When the system has no thread left.
pub(super) fn start<S: Stack>(node: Arc<NodeSource<S>>, lanes: Quiet) -> io::Result<JoinHandle<()>> {
    thread::Builder::new().name("caretaker".into()).spawn(move || {
        while !lanes.wait_for(PERIOD) {
            // Without a node there is nothing to do, and each route's state says why there is none.
            if let Ok(node) = node() {
                S::clean_up_after_the_dead(&node);
            }
        }
    })
}
