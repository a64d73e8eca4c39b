//! Subscribes to ticks as structs.
use tests::apps::ticks::TickStruct;
use tests::apps::{Outcome, parse_options, subscribe_topic};

pub(crate) fn main() -> Outcome {
    subscribe_topic::<TickStruct>(&parse_options("market/structs"))
}
