//! What is particular to iceoryx2 0.8.
#![allow(unsafe_code, reason = "iceoryx2 takes types known only at run time through functions marked unsafe")]

use ::iceoryx2_0_8 as iox2;

use iox2::node::DeadNodeView;
use iox2::prelude::ipc;
use iox2::service::static_config::message_type_details::{TypeDetail, TypeVariant};

#[allow(clippy::duplicate_mod, reason = "one source for what several releases have in common")]
#[path = "delivery/unable_to_deliver.rs"]
mod delivery;
#[allow(clippy::duplicate_mod, reason = "one source for what several releases have in common")]
#[path = "heard/one_by_one.rs"]
mod heard;
#[allow(clippy::duplicate_mod, reason = "one source for what all releases have in common")]
#[path = "release/mod.rs"]
mod release;

pub(super) use release::Iceoryx2;
use release::{Listener, PortFactory, PublisherBuilder, Sample, ServiceTypes, Subscriber, SubscriberBuilder};

use delivery::{Delivery, WAITS_WITHOUT_END, configure};
use iceoryx2_cal_0_8::hash::Hash;
use iceoryx2_log_0_8::{Log as Logger, LogLevel, set_logger};
use iox2::service::builder::{CustomHeaderMarker, CustomPayloadMarker};

/// The exact release. Held against Cargo.lock by a test.
const EXACT: &str = "0.8.1";

/// The sample that waits longest.
#[inline]
fn receive(subscriber: &Subscriber) -> Result<Option<Sample>, iox2::port::ReceiveError> {
    // SAFETY: the service was opened with its own type details, so that elements have the size that they were sent with.
    unsafe { subscriber.receive_custom_payload() }
}

/// Where a sample's payload begins, and how many bytes its header says it has. Not believed yet.
#[inline]
fn claimed_payload(sample: &Sample, _: &ServiceTypes) -> (*const u8, usize) {
    let payload = sample.payload();
    (payload.as_ptr().cast(), payload.len())
}

/// The node of a sample's publisher.
#[inline]
fn node_of(sample: &Sample) -> u128 {
    sample.header().node_id().value()
}

/// A type of which only its measures are known; `None` if the name is too long.
fn type_detail(variant: TypeVariant, name: &str, size: usize, align: usize) -> Option<TypeDetail> {
    let name = iox2::service::static_config::message_type_details::TypeName::try_from(name).ok()?;
    Some(iox2::testing::create_custom_type_detail(variant, name, size, align))
}

/// How many samples of the history to ask for, which this release always sends all of.
fn ask_for_history(builder: SubscriberBuilder<'_>, _: usize) -> SubscriberBuilder<'_> {
    builder
}

/// Removes what a dead node left; what cannot be removed is tried again next time.
fn remove(dead: DeadNodeView<ipc::Service>) {
    let _ = dead.remove_stale_resources();
}
