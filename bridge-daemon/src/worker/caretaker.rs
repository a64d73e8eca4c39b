//! Removes what dead processes left in iceoryx2, now and then.
//!
//! iceoryx2 has no daemon: a dead subscriber of a service without overflow keeps its publishers waiting until somebody
//! makes or drops a node. Where applications live for days that may be never, so the bridge does it for them and for its
//! own lanes, which may be among those that wait. Hence the thread.
//!
//! Until 0.8 it helps those that come later, but nobody who waits already: that one looks at the dead queue alone. If that is
//! a lane of this worker, another worker takes this one's place.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;

use crate::endpoint::iceoryx2::Stack;
use crate::endpoint::waits::{Wait, Waits};
use crate::lane::{NodeSource, Quiet};

use super::protocol::FromWorker;

/// Time between two looks. One takes some 50 microseconds for each node of the release.
const PERIOD: Duration = Duration::from_millis(300);

/// Time that a sink of a service may wait on after a process died that had used the service, before it waits for the dead.
const TIME_TO_NOTICE: Duration = Duration::from_millis(500);

/// Time for which a death may be the reason of a wait that was not noticed at once.
const MOURNING: Duration = Duration::from_secs(5);

/// Starts the thread; it ends when all lanes are quiet, because one may wait for a dead subscriber until then.
///
/// # Errors
/// When the system has no thread left.
pub(super) fn start<S: Stack>(
    node: Arc<NodeSource<S>>,
    lanes: Quiet,
    waits: Arc<Waits>,
    tell: UnboundedSender<FromWorker>,
) -> io::Result<JoinHandle<()>> {
    thread::Builder::new().name("caretaker".into()).spawn(move || {
        let mut dead: Vec<(String, Instant)> = Vec::new();
        let mut said = BTreeMap::new();
        while !lanes.wait_for(PERIOD) {
            // Without a node there is nothing to do, and each route's state says why there is none.
            if let Ok(node) = node() {
                let now = Instant::now();
                dead.extend(S::clean_up_after_the_dead(&node).into_iter().map(|service| (service, now)));
                dead.retain(|(_, since)| since.elapsed() < MOURNING);
            }
            let lasting = waits.lasting(TIME_TO_NOTICE);
            let is_for_the_dead = |wait: &Arc<Wait>| {
                let died = |(of, since): &(String, Instant)| *of == wait.hash && since.elapsed() >= TIME_TO_NOTICE;
                wait.is_endless && dead.iter().any(died)
            };
            if lasting.iter().any(is_for_the_dead) {
                let _ = tell.send(FromWorker::WaitsForTheDead);
            }
            let users = |wait: &Arc<Wait>| {
                let users = node().map(|node| S::users_of(&node, &wait.hash)).unwrap_or_default();
                (wait.service.clone(), users)
            };
            let waiting: BTreeMap<_, _> = lasting.iter().map(users).collect();
            if waiting != said {
                said.clone_from(&waiting);
                let _ = tell.send(FromWorker::WaitsFor { users: waiting });
            }
        }
    })
}
