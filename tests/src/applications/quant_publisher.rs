//! Publishes blocks of ticks as structs.
use iceoryx2::prelude::*;
use tests::apps::ticks::QuantBlock;
use tests::apps::{Outcome, parse_options, run_publisher, with_qos};

pub(crate) fn main() -> Outcome {
    let options = parse_options("quant/blocks");
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let builder = node.service_builder(&options.service.as_str().try_into()?).publish_subscribe::<QuantBlock>();
    let service = with_qos(builder, &options).open_or_create()?;
    let publisher = service.publisher_builder().create()?;
    run_publisher(
        &node,
        &options,
        || service.dynamic_config().number_of_subscribers(),
        |id| {
            publisher.loan_uninit()?.write_payload(QuantBlock::of(id)).send()?;
            Ok(())
        },
    )
}
