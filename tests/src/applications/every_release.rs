//! The applications that there are for every release of iceoryx2, compiled with each.
use tests::apps::Role;

#[path = "event_publisher.rs"]
mod event_publisher;
#[path = "event_subscriber.rs"]
mod event_subscriber;
#[path = "raw_publisher.rs"]
mod raw_publisher;
#[path = "raw_subscriber.rs"]
mod raw_subscriber;
#[path = "tick_publisher.rs"]
mod tick_publisher;
#[path = "tick_subscriber.rs"]
mod tick_subscriber;
#[path = "transmission_publisher.rs"]
mod transmission_publisher;
#[path = "transmission_subscriber.rs"]
mod transmission_subscriber;

pub(crate) const ROLES: &[Role] = &[
    ("event-publisher", event_publisher::main),
    ("event-subscriber", event_subscriber::main),
    ("raw-publisher", raw_publisher::main),
    ("raw-subscriber", raw_subscriber::main),
    ("tick-publisher", tick_publisher::main),
    ("tick-subscriber", tick_subscriber::main),
    ("transmission-publisher", transmission_publisher::main),
    ("transmission-subscriber", transmission_subscriber::main),
];
