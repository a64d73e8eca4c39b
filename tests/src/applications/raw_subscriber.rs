//! Subscribes to byte slices of one size and compares every byte.
use iceoryx2::prelude::*;
use tests::apps::{Outcome, Pattern, parse_options, run_subscriber, with_qos};

pub(crate) fn main() -> Outcome {
    let options = parse_options("raw/bytes");
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let builder = node.service_builder(&options.service.as_str().try_into()?).publish_subscribe::<[u8]>();
    let service = with_qos(builder, &options).open_or_create()?;
    let subscriber = service.subscriber_builder().create()?;
    let mut pattern = Pattern::new(options.size);
    run_subscriber(&node, &options, |ledger| {
        let Some(sample) = subscriber.receive()? else { return Ok(false) };
        let payload = sample.payload();
        let checked = if payload.len() == options.size { pattern.check(payload) } else { None };
        match checked {
            Some((id, intact)) => ledger.record(id, intact),
            None => ledger.record_unreadable(),
        }
        Ok(true)
    })
}
