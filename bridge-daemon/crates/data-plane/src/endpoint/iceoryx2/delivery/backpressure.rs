//! What a publisher does when a subscriber has no room, since iceoryx2 0.9: it asks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::iox2::port::BackpressureAction;
use super::iox2::prelude::BackpressureStrategy;
use super::{PortFactory, PublisherBuilder};
use crate::endpoint::give_way::give_way;
use crate::endpoint::iceoryx2::own::OwnSubscribers;

/// Whether a wait for room goes on whatever happens: here the handler is asked again and again.
pub(super) const WAITS_WITHOUT_END: bool = false;

/// Knows which subscribers had no room for the sample that is being sent and were passed over. Counted by the
/// publisher's handler, which runs inside `send`.
#[derive(Debug)]
pub(super) struct Delivery {
    passed_over: Arc<AtomicU64>,
}

/// Lets the publisher wait for room (`block`), until `stop` is set, or pass over who has none. For a subscriber of the
/// bridge's own it never waits.
pub(super) fn configure(
    builder: PublisherBuilder<'_>,
    block: bool,
    own: Arc<OwnSubscribers>,
    stop: Arc<AtomicBool>,
) -> (PublisherBuilder<'_>, Delivery) {
    let passed_over = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&passed_over);
    let strategy = if block { BackpressureStrategy::RetryUntilDelivered } else { BackpressureStrategy::DiscardData };
    let builder = builder.backpressure_strategy(strategy).set_backpressure_handler(move |pressure| {
        if own.contains(pressure.receiver_port_id) {
            return BackpressureAction::DiscardData;
        }
        if block && !stop.load(Ordering::Relaxed) {
            give_way(pressure.retries);
            return BackpressureAction::Retry;
        }
        counter.fetch_add(1, Ordering::Relaxed);
        BackpressureAction::DiscardData
    });
    (builder, Delivery { passed_over })
}

impl Delivery {
    /// After the publisher is made, of which nothing is needed here.
    pub(super) fn of(self, _: &PortFactory) -> Self {
        self
    }

    /// Before a sample is sent, when nothing is known yet.
    pub(super) fn expect(&mut self, _: &PortFactory) {}

    /// Subscribers that were passed over by the last `send`.
    #[inline]
    pub(super) fn passed_over(&self, _: usize, _: &PortFactory) -> u64 {
        let count = self.passed_over.load(Ordering::Relaxed);
        if count > 0 {
            self.passed_over.store(0, Ordering::Relaxed);
        }
        count
    }
}
