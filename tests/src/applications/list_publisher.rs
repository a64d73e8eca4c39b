//! Publishes lists of ticks as MessagePack, written with nothing but serde.
use iceoryx2::prelude::*;
use tests::apps::ticks::market_ticks;
use tests::apps::{Outcome, parse_options, run_publisher, with_qos};

pub(crate) fn main() -> Outcome {
    let options = parse_options("QAULTRA/ticks/recorded");
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let builder = node.service_builder(&options.service.as_str().try_into()?).publish_subscribe::<[u8]>();
    let service = with_qos(builder, &options).open_or_create()?;
    let publisher = service.publisher_builder().initial_max_slice_len(32768).create()?;
    run_publisher(
        &node,
        &options,
        || service.dynamic_config().number_of_subscribers(),
        |id| {
            let document = rmp_serde::to_vec_named(&market_ticks(id, 0.0))?;
            publisher.loan_slice_uninit(document.len())?.write_from_slice(&document).send()?;
            Ok(())
        },
    )
}
