//! Subscribes to blocks of ticks as structs.
use iceoryx2::prelude::*;
use tests::apps::ticks::{Place, QuantBlock};
use tests::apps::{Outcome, parse_options, run_subscriber, with_qos};

pub(crate) fn main() -> Outcome {
    let options = parse_options("quant/blocks");
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let builder = node.service_builder(&options.service.as_str().try_into()?).publish_subscribe::<QuantBlock>();
    let service = with_qos(builder, &options).open_or_create()?;
    let subscriber = service.subscriber_builder().create()?;
    let mut place = Place::new(&options.expect);
    run_subscriber(&node, &options, |ledger| {
        let Some(block) = subscriber.receive()? else { return Ok(false) };
        let id = block.id(&mut place);
        ledger.record(id, block.is_intact(id, options.recorded));
        Ok(true)
    })
}
