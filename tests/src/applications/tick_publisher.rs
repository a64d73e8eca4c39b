//! Publishes MessagePack or JSON documents and writes them with nothing but serde.
use iceoryx2::prelude::*;
use tests::apps::topics::MarketTick;
use tests::apps::{Outcome, parse_options, run_publisher, with_qos};

pub(crate) fn main() -> Outcome {
    let options = parse_options("market/ticks");
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let builder = node.service_builder(&options.service.as_str().try_into()?).publish_subscribe::<[u8]>();
    let service = with_qos(builder, &options).open_or_create()?;
    let publisher = service.publisher_builder().initial_max_slice_len(256).create()?;
    run_publisher(
        &node,
        &options,
        || service.dynamic_config().number_of_subscribers(),
        |id| {
            let tick = MarketTick::of(id);
            let document = if options.json { serde_json::to_vec(&tick)? } else { rmp_serde::to_vec_named(&tick)? };
            publisher.loan_slice_uninit(document.len())?.write_from_slice(&document).send()?;
            Ok(())
        },
    )
}
