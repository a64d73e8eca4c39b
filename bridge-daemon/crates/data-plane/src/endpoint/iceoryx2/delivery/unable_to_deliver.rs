//! What a publisher does when a subscriber has no room, until iceoryx2 0.8: it waits for all, or for none, and does not
//! say whom it passed over.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::iox2::prelude::UnableToDeliverStrategy;
use super::iox2::service::port_factory::PortFactory as _;
use super::{PortFactory, PublisherBuilder};
use crate::endpoint::iceoryx2::own::OwnSubscribers;

/// Whether a wait for room goes on whatever happens.
pub(super) const WAITS_WITHOUT_END: bool = true;

/// Knows how many subscribers had no room for the sample that was sent.
#[derive(Debug)]
pub(super) struct Delivery {
    /// Whether the oldest sample makes room, so that nobody is ever passed over.
    overflows: bool,
    /// Subscribers that there were before the sample was sent.
    subscribers: usize,
}

/// Lets the publisher wait for room (`block`), or pass over who has none. This release does not ask whom to wait for,
/// nor how long.
pub(super) fn configure(
    builder: PublisherBuilder<'_>,
    block: bool,
    _: Arc<OwnSubscribers>,
    _: Arc<AtomicBool>,
) -> (PublisherBuilder<'_>, Delivery) {
    let strategy = if block { UnableToDeliverStrategy::Block } else { UnableToDeliverStrategy::DiscardSample };
    (builder.unable_to_deliver_strategy(strategy), Delivery { overflows: false, subscribers: 0 })
}

impl Delivery {
    /// After the publisher is made.
    pub(super) fn of(self, service: &PortFactory) -> Self {
        Self { overflows: service.static_config().has_safe_overflow(), ..self }
    }

    /// Before a sample is sent.
    #[inline]
    pub(super) fn expect(&mut self, service: &PortFactory) {
        if !self.overflows {
            self.subscribers = service.dynamic_config().number_of_subscribers();
        }
    }

    /// Subscribers that did not get the last sample, of which so many did. One that came or left while it was sent
    /// is none of them.
    #[inline]
    pub(super) fn passed_over(&self, delivered: usize, service: &PortFactory) -> u64 {
        if self.overflows || self.subscribers <= delivered {
            return 0;
        }
        let subscribers = self.subscribers.min(service.dynamic_config().number_of_subscribers());
        subscribers.saturating_sub(delivered) as u64
    }
}
