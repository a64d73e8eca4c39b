//! The worker's node in iceoryx2.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::iox2::config::Config;
use super::iox2::node::{Node, NodeBuilder};
use super::iox2::prelude::{NodeName, SignalHandlingMode, ipc};
use super::service::folder_of_other_user;
use super::{Obstacle, OwnSubscribers, Watches, dead, log, room};

/// The node.
#[derive(Debug)]
pub(in crate::endpoint::iceoryx2) struct Iceoryx2Node {
    node: Mutex<Node<ipc::Service>>,
    id: u128,
    name: String,
    own: Arc<OwnSubscribers>,
    watches: Watches,
}

impl Iceoryx2Node {
    /// Makes the node.
    ///
    /// # Errors
    /// When iceoryx2's directory cannot be used, with what to do about it.
    pub(super) fn create(name: &str) -> Result<Self, Obstacle> {
        log::install();
        let name = NodeName::new(name).map_err(|e| Obstacle::blocked(format!("{name:?} cannot name a node: {e}")))?;
        // Root could make files there, which the folder's owner could not read: nothing would ever arrive.
        if let Some(foreign) = folder_of_other_user(Config::global_config()) {
            return Err(Obstacle::blocked(foreign));
        }
        // iceoryx2 would remove dead nodes of other releases as well, and their services with them.
        let mut config = Config::global_config().clone();
        config.global.node.cleanup_dead_nodes_on_creation = false;
        config.global.node.cleanup_dead_nodes_on_destruction = false;
        dead::clean_up(&config, name.as_str());
        room::remove_half_made(&config.global.prefix.to_string());
        let node = NodeBuilder::new()
            .config(&config)
            .name(&name)
            .signal_handling_mode(SignalHandlingMode::Disabled)
            .create::<ipc::Service>()
            .map_err(|e| Obstacle::blocked(format!("iceoryx2 gives no node ({e:?})")))?;
        let id = node.id().value();
        let name = name.as_str().to_owned();
        Ok(Self { node: Mutex::new(node), id, name, own: Arc::default(), watches: Watches::default() })
    }

    /// The number by which other ports of this bridge are known.
    pub(super) fn id(&self) -> u128 {
        self.id
    }

    /// The name that the nodes of all workers of this bridge have.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The bridge's own subscribers.
    pub(super) fn own_subscribers(&self) -> Arc<OwnSubscribers> {
        Arc::clone(&self.own)
    }

    /// The services that are open.
    pub(super) fn watches(&self) -> &Watches {
        &self.watches
    }

    /// The configuration of iceoryx2 that it uses.
    pub(super) fn config(&self) -> Config {
        self.lock().config().clone()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Node<ipc::Service>> {
        self.node.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
