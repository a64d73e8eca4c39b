//! A publisher of iceoryx2.
#![allow(unsafe_code, reason = "hands out the bytes of a loaned sample in shared memory")]

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::iox2::port::publisher::PublisherCreateError;
use super::iox2::port::update_connections::{ConnectionFailure, UpdateConnections};
use super::iox2::port::{LoanError, SendError};
use super::iox2::prelude::AllocationStrategy;
use super::iox2::service::port_factory::PortFactory as _;

use tracing::warn;

use bridge_account::{Connected, DropReason, RejectReason, RouteAccount};
use bridge_config::plan::{EndpointPlan, Iceoryx2Service, WhenFull};
use bridge_transcode::Output;

use super::events::{Events, Side};
use super::{
    Company, Delivery, Iceoryx2Node, Opened, Publisher, Retry, ServiceTypes, WAITS_WITHOUT_END, Wait, Waits, Watch,
    configure, filling_time, retry, room,
};
use crate::endpoint::{Bell, EndpointFault, NotSent, Obstacle, Shape, Sink};

/// Publishes on one service. Lives and dies on its lane's thread.
#[derive(Debug)]
pub(in crate::endpoint::iceoryx2) struct Iceoryx2Sink {
    publisher: Publisher,
    types: ServiceTypes,
    delivery: Delivery,
    company: Company,
    retry: Retry,
    /// How many samples at once its subscribers' queues have room for, where older ones are overwritten.
    room: Option<usize>,
    /// Where it waits for room.
    wait: Option<Arc<Wait>>,
    watch: Arc<Watch>,
    events: Option<Events>,
    /// Whether subscribers that come get samples from before.
    has_history: bool,
}

impl Iceoryx2Sink {
    /// Makes the publisher. `stop` ends every wait for room. A slice's memory is first made for `first_len` elements and
    /// grows when a sample needs more.
    ///
    /// # Errors
    /// When the service has no room for it.
    pub(super) fn create(
        node: &Iceoryx2Node,
        service: &Iceoryx2Service,
        opened: Opened,
        endpoint: &EndpointPlan,
        first_len: usize,
        stop: Arc<AtomicBool>,
        waits: &Waits,
    ) -> Result<Self, Obstacle> {
        let block = endpoint.when_full == WhenFull::Block;
        let builder = opened.factory.publisher_builder().max_loaned_samples(1);
        let (mut builder, delivery) = configure(builder, block, node.own_subscribers(), stop);
        if opened.types.is_slice() {
            builder =
                builder.initial_max_slice_len(first_len.max(1)).allocation_strategy(AllocationStrategy::PowerOfTwo);
        }
        let publisher = builder.create().map_err(|error| match error {
            PublisherCreateError::ExceedsMaxSupportedPublishers => Obstacle::blocked(
                "the service has no room for another publisher; stop one, or create it with more `max_publishers`",
            ),
            PublisherCreateError::UnableToCreateDataSegment => Obstacle::blocked(
                "there is no room in /dev/shm for the publisher's samples, or no permission; free space there, or reduce the queue sizes or the number of streams",
            ),
            error => room::not_now(format!("no publisher could be made ({error:?})")),
        })?;
        let events = Events::open(node, service, Side::Publisher)?;
        let has_history = opened.factory.static_config().history_size() > 0;
        let delivery = delivery.of(&opened.factory);
        let company = Company::new(opened.factory, node.id());
        let wait = block.then(|| Wait::new(opened.watch.service(), opened.watch.hash(), WAITS_WITHOUT_END));
        if let Some(wait) = &wait {
            waits.enter(wait);
        }
        let room = opened.overflows.then_some(opened.max_queue);
        Ok(Self {
            publisher,
            delivery,
            types: opened.types,
            company,
            retry: Retry::default(),
            room,
            wait,
            watch: opened.watch,
            events,
            has_history,
        })
    }

    /// How many elements a payload of that many bytes has.
    #[inline]
    fn elements(&self, payload: usize) -> Option<usize> {
        let size = self.types.element_size();
        if self.types.is_slice() {
            payload.checked_div(size).filter(|n| n * size == payload)
        } else {
            (payload == size).then_some(1)
        }
    }
}

impl Sink for Iceoryx2Sink {
    #[inline]
    fn send(
        &mut self,
        shape: Shape,
        account: &RouteAccount,
        fill: impl FnOnce(Output<'_>, Output<'_>) -> Result<(), RejectReason>,
    ) -> Result<(), NotSent> {
        if shape.user_header != self.types.user_header_size() {
            return Err(NotSent::Rejected(RejectReason::UserHeader));
        }
        let elements = self.elements(shape.payload).ok_or(NotSent::Rejected(RejectReason::PayloadSize))?;
        // SAFETY: the number of elements is 1 for a fixed type, and any number for a slice; every byte of them is
        // written by `fill` before the sample is sent.
        let mut sample = unsafe { self.publisher.loan_custom_payload(elements) }.map_err(not_loaned)?;
        let header = std::ptr::from_mut(sample.user_header_mut()).cast::<u8>();
        // SAFETY: the loan is ours alone until it is sent; the service's type gives the user header this size.
        let user_header = unsafe { Output::from_raw(header, shape.user_header) };
        let payload = sample.payload_mut().as_mut_ptr().cast::<u8>();
        // SAFETY: as above; the loan was made for this many bytes.
        let payload = unsafe { Output::from_raw(payload, shape.payload) };
        fill(payload, user_header).map_err(NotSent::Rejected)?;
        // SAFETY: `fill` wrote all of it; there is no invalid value of bytes.
        let sample = unsafe { sample.assume_init() };
        self.delivery.expect(self.company.service());
        let sent = match &self.wait {
            Some(wait) => wait.during(|| sample.send()),
            None => sample.send(),
        };
        let passed_over =
            sent.as_ref().map_or(0, |delivered| self.delivery.passed_over(*delivered, self.company.service()));
        account.sink_full(passed_over);
        if retry::was_noted() {
            account.not_connected();
            self.retry.failed();
        }
        match sent {
            Ok(0) if passed_over > 0 => Err(NotSent::Dropped(DropReason::SubscribersFull)),
            Ok(delivered) => {
                // The bridge's own subscribers hear it as well, and are told from others only now and then.
                if delivered == 0 || (self.company.has_own_subscribers() && self.company.subscribers() == 0) {
                    account.unheard();
                }
                Ok(())
            }
            Err(error) => {
                if matches!(error, SendError::ConnectionError(_)) {
                    self.retry.failed();
                }
                Err(not_sent(error))
            }
        }
    }

    /// What came while the lane slept goes out at once.
    fn longest_pause(&self) -> Option<Duration> {
        self.room.filter(|_| self.company.subscribers() > 0).map(filling_time)
    }

    fn start_waking(&mut self, bell: &Bell, bit: u64) {
        if let Some(events) = &mut self.events {
            events.ring(bell, bit);
        }
    }

    fn after_samples(&mut self) {
        if let Some(events) = &self.events {
            events.after_samples();
        }
        // Subscribers say that they received something, and are not to find that nobody reads it.
        self.hear();
    }

    fn hear(&mut self) {
        let Some(events) = &self.events else { return };
        if events.hear() {
            // What cannot be connected to is said when the sink is tended.
            let _ = self.publisher.update_connections();
            if self.has_history {
                events.after_history();
            }
        }
    }

    fn user_header_size(&self) -> usize {
        self.types.user_header_size()
    }

    fn tend(&mut self, account: &RouteAccount) -> Result<Connected, EndpointFault> {
        if let Err(cause) = self.publisher.update_connections() {
            cannot_connect(&cause);
            self.retry.failed();
        }
        if retry::was_noted() {
            account.not_connected();
            self.retry.failed();
        }
        self.company.look(&self.watch);
        self.watch.check()?;
        self.events.as_ref().map_or(Ok(()), Events::check)?;
        if self.retry.is_due() {
            self.company.make_publishers_look();
        }
        Ok(Connected::To(self.company.subscribers() as u64))
    }

    fn leave(self) {
        if self.watch.is_replaced() || self.events.as_ref().is_some_and(Events::is_replaced) {
            std::mem::forget(self);
        }
    }
}

fn not_loaned(error: LoanError) -> NotSent {
    match error {
        LoanError::OutOfMemory | LoanError::ExceedsMaxLoans => NotSent::Dropped(DropReason::NoChunk),
        LoanError::ExceedsMaxLoanSize => NotSent::Dropped(DropReason::TooLarge),
        LoanError::InternalFailure => NotSent::Fault(EndpointFault::Broken("iceoryx2 failed to loan a sample".into())),
    }
}

fn cannot_connect(cause: &ConnectionFailure) {
    warn!(
        ?cause,
        "a subscriber of the sink's service cannot be connected to; is it another user's, or are file descriptors short?"
    );
}

fn not_sent(error: SendError) -> NotSent {
    match error {
        // iceoryx2 says this once for a subscriber; the others get the next sample.
        SendError::ConnectionError(cause) => {
            cannot_connect(&cause);
            NotSent::Dropped(DropReason::SinkFailed)
        }
        error => NotSent::Fault(EndpointFault::Broken(format!("iceoryx2 failed to send a sample ({error:?})"))),
    }
}
