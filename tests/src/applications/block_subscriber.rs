//! Subscribes to blocks of a trading system's market stream.
use tests::apps::topics::MarketBlock;
use tests::apps::{Outcome, parse_options, subscribe_topic};

pub(crate) fn main() -> Outcome {
    subscribe_topic::<MarketBlock>(&parse_options("QAULTRA/market_stream/Data"))
}
