//! Publishes iceoryx2's example type.
use tests::apps::topics::TransmissionData;
use tests::apps::{Outcome, parse_options, publish_topic};

pub(crate) fn main() -> Outcome {
    publish_topic::<TransmissionData>(&parse_options("My/Funk/ServiceName"))
}
