//! Ports of iceoryx2 0.10. All services are of byte slices.
#![allow(unsafe_code, reason = "samples are sent that are not written as a whole")]

use iceoryx2::port::{notifier, publisher, subscriber};
use iceoryx2::prelude::*;
use iceoryx2::service::port_factory::publish_subscribe;

use super::End;
use crate::content::Content;

pub(super) type Node = iceoryx2::node::Node<ipc::Service>;
type Service = publish_subscribe::PortFactory<ipc::Service, [u8], ()>;
pub(super) type Subscriber = subscriber::Subscriber<ipc::Service, [u8], ()>;

pub(super) struct Publisher {
    port: publisher::Publisher<ipc::Service, [u8], ()>,
    service: Service,
    notifier: Option<notifier::Notifier<ipc::Service>>,
}

impl Publisher {
    pub(super) fn is_alone(&self) -> bool {
        self.service.dynamic_config().number_of_subscribers() == 0
    }
}

pub(super) fn join() -> Node {
    set_log_level(LogLevel::Error);
    let builder = NodeBuilder::new().signal_handling_mode(SignalHandlingMode::Disabled);
    builder.create().expect("iceoryx2 has its folders")
}

fn service(node: &Node, end: &End) -> Service {
    let name = format!("bench/{}", end.service);
    let builder = node.service_builder(&name.as_str().try_into().expect("a good name")).publish_subscribe::<[u8]>();
    builder
        .enable_safe_overflow(!end.qos.blocks)
        .subscriber_max_buffer_size(end.qos.queue)
        .max_publishers(2)
        .max_subscribers(end.qos.max_subscribers)
        .open_or_create()
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub(super) fn publisher(node: &Node, end: &End) -> Publisher {
    let service = service(node, end);
    let builder = service.publisher_builder().initial_max_slice_len(Content::new(end.kind).len());
    let port = builder.create().expect("the service has room for a publisher");
    let notifier = end.qos.notifies.then(|| {
        let events = node.service_builder(service.name()).event().open_or_create().expect("there are such events");
        events.notifier_builder().create().expect("there is room for a notifier")
    });
    Publisher { port, service, notifier }
}

pub(super) fn subscriber(node: &Node, end: &End) -> Subscriber {
    service(node, end).subscriber_builder().create().expect("the service has room for a subscriber")
}

#[inline]
pub(super) fn send(port: &mut Publisher, content: &Content, mark: u64) {
    let mut sample = port.port.loan_slice_uninit(content.len()).expect("no sample is on loan");
    content.write(sample.payload_mut(), mark);
    // SAFETY: any byte will do, and the system hands out shared memory as zeros: what is not written now holds these, or
    // what an earlier sample had.
    let sample = unsafe { sample.assume_init() };
    sample.send().expect("samples can be sent");
    if let Some(notifier) = &port.notifier {
        notifier.notify().expect("events can be sent");
    }
}

#[inline]
pub(super) fn take(port: &mut Subscriber, content: &Content, look: impl FnOnce(&[u8])) -> Option<u64> {
    let sample = port.receive().expect("samples can be received")?;
    let payload = sample.payload();
    let mark = content.read(payload);
    look(payload);
    Some(mark)
}
