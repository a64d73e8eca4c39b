//! The ports of services whose types are known only at run time.

use super::iox2::prelude::ipc;
use super::iox2::service::port_factory;
use super::{CustomHeaderMarker, CustomPayloadMarker, iox2};

/// An open service.
pub(in super::super) type PortFactory =
    port_factory::publish_subscribe::PortFactory<ipc::Service, [CustomPayloadMarker], CustomHeaderMarker>;
pub(in super::super) type PublisherBuilder<'a> =
    port_factory::publisher::PortFactoryPublisher<'a, ipc::Service, [CustomPayloadMarker], CustomHeaderMarker>;
pub(in super::super) type SubscriberBuilder<'a> =
    port_factory::subscriber::PortFactorySubscriber<'a, ipc::Service, [CustomPayloadMarker], CustomHeaderMarker>;
pub(in super::super) type Listener = iox2::port::listener::Listener<ipc::Service>;
pub(super) type Notifier = iox2::port::notifier::Notifier<ipc::Service>;
pub(super) type EventFactory = port_factory::event::PortFactory<ipc::Service>;
pub(super) type Publisher = iox2::port::publisher::Publisher<ipc::Service, [CustomPayloadMarker], CustomHeaderMarker>;
pub(in super::super) type Subscriber =
    iox2::port::subscriber::Subscriber<ipc::Service, [CustomPayloadMarker], CustomHeaderMarker>;
pub(in super::super) type Sample = iox2::sample::Sample<ipc::Service, [CustomPayloadMarker], CustomHeaderMarker>;
