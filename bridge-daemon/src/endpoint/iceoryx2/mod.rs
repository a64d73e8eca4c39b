//! Endpoints on iceoryx2.

mod node;
mod service;
mod sink;
mod source;
mod types;

pub use node::{Iceoryx2Node, OwnSubscribers};
pub use service::{Opened, open};
pub use sink::Iceoryx2Sink;
pub use source::Iceoryx2Source;
pub use types::ServiceTypes;

use ::iceoryx2 as iox2;

use iox2::prelude::ipc;
use iox2::service::marker::{CustomHeaderMarker, CustomPayloadMarker};

type PortFactory = iox2::service::port_factory::publish_subscribe::PortFactory<
    ipc::Service,
    [CustomPayloadMarker],
    CustomHeaderMarker,
>;
type Publisher = iox2::port::publisher::Publisher<ipc::Service, [CustomPayloadMarker], CustomHeaderMarker>;
type Subscriber = iox2::port::subscriber::Subscriber<ipc::Service, [CustomPayloadMarker], CustomHeaderMarker>;
