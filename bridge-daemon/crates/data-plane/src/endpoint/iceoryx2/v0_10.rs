//! What is particular to iceoryx2 0.10.
#![allow(unsafe_code, reason = "iceoryx2 takes types known only at run time through functions marked unsafe")]

use ::iceoryx2 as iox2;

use iox2::node::DeadNodeView;
use iox2::prelude::ipc;
use iox2::service::static_config::message_type_details::{TypeDetail, TypeVariant};

#[allow(clippy::duplicate_mod, reason = "one source for what several releases have in common")]
#[path = "delivery/backpressure.rs"]
mod delivery;
#[allow(clippy::duplicate_mod, reason = "one source for what several releases have in common")]
#[path = "heard/counted.rs"]
mod heard;
#[allow(clippy::duplicate_mod, reason = "one source for what all releases have in common")]
#[path = "release/mod.rs"]
mod release;

pub(super) use release::Iceoryx2;
use release::{Listener, PortFactory, PublisherBuilder, Sample, ServiceTypes, Subscriber, SubscriberBuilder};

use delivery::{Delivery, WAITS_WITHOUT_END, configure};
use iceoryx2_cal_0_10::hash::Hash;
use iceoryx2_log_0_10::{Log as Logger, LogLevel, set_logger};
use iox2::service::marker::{CustomHeaderMarker, CustomPayloadMarker};

/// The exact release. Held against Cargo.lock by a test.
const EXACT: &str = "0.10.0";

/// The sample that waits longest.
#[inline]
fn receive(subscriber: &Subscriber) -> Result<Option<Sample>, iox2::port::ReceiveError> {
    subscriber.receive()
}

/// Where a sample's payload begins, and how many bytes its header says it has. Not believed yet, so nothing is made of
/// it that may only be made of memory that is there.
#[inline]
fn claimed_payload(sample: &Sample, types: &ServiceTypes) -> (*const u8, usize) {
    use iox2::prelude::PayloadHeader;
    let elements = usize::try_from(sample.header().number_of_elements()).unwrap_or(usize::MAX);
    let header = std::ptr::from_ref(sample.user_header()).cast::<u8>();
    // As iceoryx2 places it: behind the user header, at the next address that is aligned enough.
    let behind = header.wrapping_add(types.user_header_size());
    let payload = behind.wrapping_add(behind.addr().wrapping_neg() & (types.align() - 1));
    (payload, elements.saturating_mul(types.element_size()))
}

/// The node of a sample's publisher.
#[inline]
fn node_of(sample: &Sample) -> u128 {
    use iox2::prelude::PayloadHeader;
    sample.header().node_id().value()
}

/// A type of which only its measures are known; `None` if the name is too long.
fn type_detail(variant: TypeVariant, name: &str, size: usize, align: usize) -> Option<TypeDetail> {
    TypeDetail::__internal_new_from_parts(variant, name, size, align).ok()
}

/// How many samples of the history to ask for.
fn ask_for_history(builder: SubscriberBuilder<'_>, samples: usize) -> SubscriberBuilder<'_> {
    builder.history_request(samples)
}

/// Removes what a dead node left; what cannot be removed is tried again next time.
fn remove(dead: DeadNodeView<ipc::Service>) {
    let _ = dead.try_remove_stale_resources();
}
