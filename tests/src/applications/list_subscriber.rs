//! Subscribes to lists of ticks as MessagePack and reads them with nothing but serde.
use iceoryx2::prelude::*;
use tests::apps::ticks::{Place, market_ticks};
use tests::apps::topics::MarketTick;
use tests::apps::{Outcome, parse_options, run_subscriber, with_qos};

pub(crate) fn main() -> Outcome {
    let options = parse_options("QAULTRA/ticks");
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let builder = node.service_builder(&options.service.as_str().try_into()?).publish_subscribe::<[u8]>();
    let service = with_qos(builder, &options).open_or_create()?;
    let subscriber = service.subscriber_builder().create()?;
    let mut place = Place::new(&options.expect);
    run_subscriber(&node, &options, |ledger| {
        let Some(sample) = subscriber.receive()? else { return Ok(false) };
        match rmp_serde::from_slice::<Vec<MarketTick>>(sample.payload()) {
            Ok(ticks) => {
                let id = place.of(ticks.first().map(|tick| tick.timestamp));
                ledger.record(id, ticks == market_ticks(id, 0.25));
            }
            Err(error) => {
                eprintln!("{error}: {:02x?}", sample.payload());
                ledger.record_unreadable();
            }
        }
        Ok(true)
    })
}
