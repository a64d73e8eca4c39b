//! Subscribes to iceoryx2's example type.
use tests::apps::topics::TransmissionData;
use tests::apps::{Outcome, parse_options, subscribe_topic};

pub(crate) fn main() -> Outcome {
    subscribe_topic::<TransmissionData>(&parse_options("My/Funk/ServiceName"))
}
