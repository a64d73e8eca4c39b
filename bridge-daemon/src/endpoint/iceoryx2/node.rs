//! The worker's node in iceoryx2: one a process, shared by its lanes, so that the bridge takes one of a service's nodes.

use std::sync::{Mutex, MutexGuard, PoisonError};

use iceoryx2::node::{Node, NodeBuilder};
use iceoryx2::prelude::{NodeName, SignalHandlingMode, ipc};

use super::super::Obstacle;

/// The node. Lanes borrow it to open services, which takes milliseconds; no sample ever waits for it.
#[derive(Debug)]
pub struct Iceoryx2Node {
    node: Mutex<Node<ipc::Service>>,
    id: u128,
}

impl Iceoryx2Node {
    /// Makes the node.
    ///
    /// # Errors
    /// When iceoryx2's directory cannot be used, with what to do about it.
    pub fn create(name: &str) -> Result<Self, Obstacle> {
        let name = NodeName::new(name).map_err(|e| Obstacle::blocked(format!("{name:?} cannot name a node: {e}")))?;
        let node = NodeBuilder::new()
            .name(&name)
            .signal_handling_mode(SignalHandlingMode::Disabled)
            .create::<ipc::Service>()
            .map_err(|e| {
                Obstacle::blocked(format!(
                    "iceoryx2 gives no node ({e:?}); check who owns its directory, and that there is room and permission in /dev/shm"
                ))
            })?;
        let id = node.id().value();
        Ok(Self { node: Mutex::new(node), id })
    }

    /// The number by which other ports of this bridge are known.
    #[must_use]
    pub fn id(&self) -> u128 {
        self.id
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Node<ipc::Service>> {
        self.node.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
