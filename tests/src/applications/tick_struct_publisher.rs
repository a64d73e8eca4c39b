//! Publishes ticks as structs.
use tests::apps::ticks::TickStruct;
use tests::apps::{Outcome, parse_options, publish_topic};

pub(crate) fn main() -> Outcome {
    publish_topic::<TickStruct>(&parse_options("market/structs"))
}
