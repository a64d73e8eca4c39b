//! What all releases of iceoryx2 have in common. Compiled once for each: `iox2` is the release, and what else comes from
//! the module around it is what differs.

#![allow(clippy::clone_on_copy, reason = "what some releases copy, others only clone")]

mod company;
mod dead;
mod events;
mod log;
mod node;
mod ports;
mod service;
mod sink;
mod source;
mod types;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::endpoint::Obstacle;
use crate::endpoint::iceoryx2::mapped::Mapped;
use crate::endpoint::iceoryx2::own::OwnSubscribers;
use crate::endpoint::iceoryx2::retry::Retry;
use crate::endpoint::iceoryx2::text::cut;
use crate::endpoint::iceoryx2::watch::{OpenService, Origin, SegmentNames, Watch, Watches};
use crate::endpoint::iceoryx2::{Stack, half_made, made_by, retry, room};
use crate::endpoint::waits::{Wait, Waits};
use bridge_config::plan::{EndpointPlan, Iceoryx2Service};

use super::{CustomHeaderMarker, CustomPayloadMarker, Delivery, EXACT, Hash, heard};
use super::{
    WAITS_WITHOUT_END, ask_for_history, claimed_payload, configure, iox2, node_of, receive, remove, type_detail,
};

use company::Company;
use node::Iceoryx2Node;
use ports::{EventFactory, Notifier, Publisher};
pub(super) use ports::{Listener, PortFactory, PublisherBuilder, Sample, Subscriber, SubscriberBuilder};
use service::{Opened, open};
use sink::Iceoryx2Sink;
use source::Iceoryx2Source;
pub(super) use types::ServiceTypes;

/// Time in which a queue of so many places fills up: at 20,000 samples a second, as many as a queue of the bridge's own
/// holds while a lane sleeps its longest. iceoryx2 then overwrites the oldest, and its default is a queue of two.
fn filling_time(places: usize) -> Duration {
    const A_PLACE: Duration = Duration::from_micros(50);
    A_PLACE.saturating_mul(u32::try_from(places).unwrap_or(u32::MAX))
}

/// This release.
#[derive(Debug)]
pub(in crate::endpoint::iceoryx2) struct Iceoryx2;

impl Stack for Iceoryx2 {
    type Node = Iceoryx2Node;
    type Source = Iceoryx2Source;
    type Sink = Iceoryx2Sink;

    const EXACT: &'static str = EXACT;

    fn node(name: &str) -> Result<Iceoryx2Node, Obstacle> {
        room::check()?;
        Iceoryx2Node::create(name)
    }

    fn clean_up_after_the_dead(node: &Iceoryx2Node) {
        let config = node.config();
        dead::clean_up(&config, node.name());
        let (prefix, suffix) = service::segment_names(&config);
        node.watches().look(SegmentNames { prefix: &prefix, suffix: &suffix });
        node.watches().let_go_of_deserted(|service| service::is_ours_alone(service, node.id(), &config));
    }

    fn users_of(node: &Iceoryx2Node, hash: &str) -> BTreeMap<u128, String> {
        service::users_of(hash, node.id(), &node.config())
    }

    fn source(
        node: &Iceoryx2Node,
        service: &Iceoryx2Service,
        endpoint: &EndpointPlan,
    ) -> Result<Iceoryx2Source, Obstacle> {
        room::check()?;
        Iceoryx2Source::create(node, service, open(node, service, endpoint)?, endpoint)
    }

    fn sink(
        node: &Iceoryx2Node,
        service: &Iceoryx2Service,
        endpoint: &EndpointPlan,
        first_bytes: usize,
        stop: Arc<AtomicBool>,
        waits: &Waits,
    ) -> Result<Iceoryx2Sink, Obstacle> {
        room::check()?;
        let opened = open(node, service, endpoint)?;
        let elements = first_bytes.div_ceil(opened.types.element_size().max(1));
        Iceoryx2Sink::create(node, service, opened, endpoint, elements, stop, waits)
    }
}
