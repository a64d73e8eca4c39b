//! The iceoryx2 applications of the tests and the demo. None of them knows of iox-bridge.
use tests::apps::Role;

mod block_publisher;
mod block_subscriber;
mod clock_publisher;
mod every_release;
mod header_publisher;
mod header_subscriber;
mod hostile_publisher;
mod list_publisher;
mod list_subscriber;
mod quant_publisher;
mod quant_subscriber;
mod radar_publisher;
mod radar_subscriber;
mod rude_publisher;
mod tick_struct_publisher;
mod tick_struct_subscriber;

/// All of them.
pub(crate) fn roles() -> Vec<Role> {
    [every_release::ROLES, OF_THIS_RELEASE].concat()
}

/// Those that are not in [`every_release`].
const OF_THIS_RELEASE: &[Role] = &[
    ("block-publisher", block_publisher::main),
    ("block-subscriber", block_subscriber::main),
    ("clock-publisher", clock_publisher::main),
    ("header-publisher", header_publisher::main),
    ("header-subscriber", header_subscriber::main),
    ("hostile-publisher", hostile_publisher::main),
    ("list-publisher", list_publisher::main),
    ("list-subscriber", list_subscriber::main),
    ("quant-publisher", quant_publisher::main),
    ("quant-subscriber", quant_subscriber::main),
    ("radar-publisher", radar_publisher::main),
    ("radar-subscriber", radar_subscriber::main),
    ("rude-publisher", rude_publisher::main),
    ("tick-struct-publisher", tick_struct_publisher::main),
    ("tick-struct-subscriber", tick_struct_subscriber::main),
];
