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
    (builder.unable_to_deliver_strategy(strategy), Delivery { overflows: false })
}

impl Delivery {
    /// After the publisher is made.
    pub(super) fn of(self, service: &PortFactory) -> Self {
        Self { overflows: service.static_config().has_safe_overflow() }
    }

    /// Subscribers that did not get the last sample, of which so many did.
    #[inline]
    pub(super) fn passed_over(&self, delivered: usize, service: &PortFactory) -> u64 {
        if self.overflows {
            return 0;
        }
        service.dynamic_config().number_of_subscribers().saturating_sub(delivered) as u64
    }
}
