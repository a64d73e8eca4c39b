//! Subscribes to MessagePack or JSON documents and reads them with nothing but serde.
use iceoryx2::prelude::*;
use tests::apps::topics::MarketTick;
use tests::apps::{Outcome, SampleId, parse_options, run_subscriber, with_qos};

pub(crate) fn main() -> Outcome {
    let options = parse_options("market/ticks");
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let builder = node.service_builder(&options.service.as_str().try_into()?).publish_subscribe::<[u8]>();
    let service = with_qos(builder, &options).open_or_create()?;
    let subscriber = service.subscriber_builder().create()?;
    run_subscriber(&node, &options, |ledger| {
        let Some(sample) = subscriber.receive()? else { return Ok(false) };
        let tick: Result<MarketTick, Box<dyn std::error::Error>> = if options.json {
            serde_json::from_slice(sample.payload()).map_err(Into::into)
        } else {
            rmp_serde::from_slice(sample.payload()).map_err(Into::into)
        };
        match tick {
            Ok(tick) => {
                let id = SampleId::decoded(tick.timestamp);
                ledger.record(id, tick == MarketTick::of(id));
                ledger.show(options.show, &tick);
            }
            Err(error) => {
                eprintln!("{error}: {:02x?}", sample.payload());
                ledger.record_unreadable();
            }
        }
        Ok(true)
    })
}
