//! Publishes byte slices of one size: the sample's id, then bytes that follow from it.
use iceoryx2::prelude::*;
use tests::apps::{Outcome, Pattern, parse_options, run_publisher, with_qos};

pub(crate) fn main() -> Outcome {
    let options = parse_options("raw/bytes");
    if options.size < size_of::<u64>() {
        return Err("--size: a sample holds 8 bytes at least".into());
    }
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let builder = node.service_builder(&options.service.as_str().try_into()?).publish_subscribe::<[u8]>();
    let service = with_qos(builder, &options).open_or_create()?;
    let publisher = service.publisher_builder().initial_max_slice_len(options.size).create()?;
    let mut pattern = Pattern::new(options.size);
    run_publisher(
        &node,
        &options,
        || service.dynamic_config().number_of_subscribers(),
        |id| {
            let sample = publisher.loan_slice_uninit(options.size)?;
            sample.write_from_slice(pattern.payload(options.size, id)).send()?;
            Ok(())
        },
    )
}
