//! A subscriber of iceoryx2.
#![allow(unsafe_code, reason = "hands out the bytes of a sample in shared memory")]

use std::sync::Arc;
use std::time::Duration;

use super::iox2::port::ReceiveError;
use super::iox2::port::subscriber::SubscriberCreateError;
use super::iox2::service::header::publish_subscribe::Header;

use tracing::warn;

use bridge_account::{Connected, RouteAccount};
use bridge_config::plan::{EndpointPlan, Iceoryx2Service};
use bridge_transcode::Input;

use super::events::{Events, Side};
use super::{
    Company, Iceoryx2Node, Mapped, Opened, OwnSubscribers, Retry, ServiceTypes, Subscriber, Watch, ask_for_history,
    claimed_payload, filling_time, node_of, receive, retry, room,
};
use crate::endpoint::{Bell, EndpointFault, Obstacle, Received, Source, Taken};

/// Receives the samples of one service. Lives and dies on its lane's thread.
#[derive(Debug)]
pub(in crate::endpoint::iceoryx2) struct Iceoryx2Source {
    subscriber: Subscriber,
    types: ServiceTypes,
    own_node: u128,
    own_subscribers: Arc<OwnSubscribers>,
    /// Samples in a row from one publisher without the queue having been empty: where they are as many as the queue holds,
    /// it may have been full, and older ones overwritten.
    run: Run,
    overflows: bool,
    mapped: Mapped,
    company: Company,
    retry: Retry,
    watch: Arc<Watch>,
    events: Option<Events>,
}

#[derive(Debug)]
struct Run {
    publisher: u128,
    length: usize,
    queue: usize,
}

impl Iceoryx2Source {
    /// Makes the subscriber.
    ///
    /// # Errors
    /// When the service has no room for it.
    pub(super) fn create(
        node: &Iceoryx2Node,
        service: &Iceoryx2Service,
        opened: Opened,
        endpoint: &EndpointPlan,
    ) -> Result<Self, Obstacle> {
        let queue = endpoint.queue.unwrap_or(opened.max_queue);
        let mut builder = opened.factory.subscriber_builder().buffer_size(queue);
        if let Some(history) = endpoint.history {
            builder = ask_for_history(builder, history);
        }
        let subscriber = builder.create().map_err(|error| match error {
            SubscriberCreateError::ExceedsMaxSupportedSubscribers => Obstacle::blocked(
                "the service has no room for another subscriber; stop one, or create it with more `max_subscribers`",
            ),
            error => room::not_now(format!("no subscriber could be made ({error:?})")),
        })?;
        let events = Events::open(node, service, Side::Subscriber)?;
        let ending = node.config().global.service.data_segment_suffix.to_string();
        let mapped = Mapped::new(ending)
            .map_err(|error| Obstacle::waiting(format!("what is mapped in this process cannot be read ({error})")))?;
        let own_subscribers = node.own_subscribers();
        own_subscribers.enter(subscriber.id().value());
        Ok(Self {
            subscriber,
            own_subscribers,
            types: opened.types,
            own_node: node.id(),
            run: Run { publisher: 0, length: 0, queue },
            overflows: opened.overflows,
            mapped,
            company: Company::new(opened.factory, node.id()),
            retry: Retry::default(),
            watch: opened.watch,
            events,
        })
    }
}

impl Drop for Iceoryx2Source {
    fn drop(&mut self) {
        self.own_subscribers.leave(self.subscriber.id().value());
    }
}

impl Source for Iceoryx2Source {
    #[inline]
    fn take<R>(
        &mut self,
        account: &RouteAccount,
        forward: impl FnOnce(Received<'_>) -> R,
    ) -> Result<Taken<R>, EndpointFault> {
        let received = receive(&self.subscriber);
        if retry::was_noted() {
            account.not_connected();
            self.retry.failed();
        }
        let sample = match received {
            Ok(Some(sample)) => sample,
            Ok(None) => {
                self.run.length = 0;
                return Ok(Taken::Empty);
            }
            // iceoryx2 says this once for a publisher; those that can be connected to go on.
            Err(ReceiveError::ConnectionFailure(cause)) => {
                warn!(
                    ?cause,
                    "a publisher of the source's service cannot be connected to; is it another user's, or are file descriptors short?"
                );
                self.retry.failed();
                return Ok(Taken::Empty);
            }
            Err(ReceiveError::ExceedsMaxBorrows) => {
                return Err(EndpointFault::Broken("the subscriber holds more samples than the service allows".into()));
            }
        };
        account.take();
        // The connection says whose sample it is; its header, and where it lies, are that publisher's word.
        let publisher = sample.origin().value();
        let header = std::ptr::from_ref(sample.header());
        if !self.mapped.holds(publisher, header.addr(), size_of::<Header>()) {
            return Ok(Taken::Corrupt);
        }
        if node_of(&sample) == self.own_node {
            return Ok(Taken::Own);
        }
        if self.overflows && self.run.may_have_been_full(publisher) {
            account.source_full();
        }
        // Read once: the publisher may change its mind.
        let (payload, claimed) = claimed_payload(&sample, &self.types);
        let len = if self.types.is_slice() { claimed } else { self.types.element_size() };
        let end = payload.addr().saturating_add(len);
        if !self.mapped.holds(publisher, header.addr(), end.saturating_sub(header.addr())) {
            return Ok(Taken::Corrupt);
        }
        // SAFETY: the bytes lie in the publisher's data segment, which stays mapped while the sample is held.
        let payload = unsafe { Input::from_raw(payload, len) };
        let header = std::ptr::from_ref(sample.user_header()).cast::<u8>();
        // SAFETY: as above; the user header lies between header and payload and has the service's size for it.
        let user_header = unsafe { Input::from_raw(header, self.types.user_header_size()) };
        Ok(Taken::Sample(forward(Received { payload, payload_align: self.types.align(), user_header, publisher })))
    }

    /// Nothing can come where nobody publishes.
    fn longest_pause(&self) -> Option<Duration> {
        (self.overflows && self.company.publishers() > 0).then(|| filling_time(self.run.queue))
    }

    /// Each publisher sends an event with its samples, says the configuration.
    fn start_waking(&mut self, bell: &Bell, bit: u64) -> bool {
        self.events.as_mut().is_some_and(|events| events.ring(bell, bit))
    }

    /// Events come with every sample, looked for or not.
    fn stop_waking(&mut self) -> bool {
        false
    }

    fn after_samples(&mut self) {
        if let Some(events) = &self.events {
            events.after_samples();
        }
        // Else publishers would find that nobody reads what they say.
        self.hear();
    }

    fn hear(&mut self) {
        if let Some(events) = &self.events {
            events.hear();
        }
    }

    fn tend(&mut self) -> Result<Connected, EndpointFault> {
        self.company.look(&self.watch);
        self.watch.check()?;
        self.events.as_ref().map_or(Ok(()), Events::check)?;
        if self.retry.is_due() {
            self.company.make_subscribers_look();
        }
        Ok(Connected::To(self.company.publishers() as u64))
    }

    fn leave(self) {
        if self.watch.is_replaced() || self.events.as_ref().is_some_and(Events::is_replaced) {
            std::mem::forget(self);
        }
    }
}

impl Run {
    /// Notes a sample of `publisher`. True once for each time that as many came in a row as its queue holds: it may have been
    /// full. It was not if the publisher sent each while the one before was forwarded.
    fn may_have_been_full(&mut self, publisher: u128) -> bool {
        if self.publisher != publisher {
            self.publisher = publisher;
            self.length = 0;
        }
        self.length += 1;
        if self.length < self.queue {
            return false;
        }
        self.length = 0;
        true
    }
}
