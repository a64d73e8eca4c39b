//! The worker's node in iceoryx2: one a process, shared by its lanes, so that the bridge takes one of a service's nodes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use iceoryx2::config::Config;
use iceoryx2::node::{Node, NodeBuilder};
use iceoryx2::prelude::{NodeName, SignalHandlingMode, ipc};

use super::super::Obstacle;
use super::service::folder_of_other_user;

/// The node. Lanes borrow it to open services, which takes milliseconds; no sample ever waits for it.
#[derive(Debug)]
pub struct Iceoryx2Node {
    node: Mutex<Node<ipc::Service>>,
    id: u128,
    own: Arc<OwnSubscribers>,
}

/// The bridge's own subscribers, by port id. A sink never waits for one of them: what it sends is skipped there, and
/// the lane that would make room may itself be waiting for this one.
#[derive(Debug, Default)]
pub struct OwnSubscribers(Mutex<Vec<u128>>);

impl OwnSubscribers {
    fn lock(&self) -> MutexGuard<'_, Vec<u128>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the subscriber with this id is the bridge's.
    #[must_use]
    pub fn contains(&self, id: u128) -> bool {
        self.lock().contains(&id)
    }

    pub(super) fn enter(&self, id: u128) {
        self.lock().push(id);
    }

    pub(super) fn leave(&self, id: u128) {
        self.lock().retain(|own| *own != id);
    }
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
                    "iceoryx2 gives no node ({e:?}){}",
                    folder_of_other_user(Config::global_config())
                ))
            })?;
        let id = node.id().value();
        Ok(Self { node: Mutex::new(node), id, own: Arc::default() })
    }

    /// The number by which other ports of this bridge are known.
    #[must_use]
    pub fn id(&self) -> u128 {
        self.id
    }

    /// The bridge's own subscribers.
    #[must_use]
    pub fn own_subscribers(&self) -> Arc<OwnSubscribers> {
        Arc::clone(&self.own)
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Node<ipc::Service>> {
        self.node.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
