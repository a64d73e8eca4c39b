//! Prints payload and user header of what Eclipse iceoryx's user header example sends.
#![allow(clippy::print_stdout, reason = "this application talks to whoever started it")]
use std::process::ExitCode;
use std::time::Duration;

use iceoryx2::prelude::*;
use tests::apps::topics::{FibonacciData, TimestampHeader};
use tests::apps::{Outcome, parse_options, with_qos};

pub(crate) fn main() -> Outcome {
    let options = parse_options("Example/User-Header/Timestamp");
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let builder = node
        .service_builder(&options.service.as_str().try_into()?)
        .publish_subscribe::<FibonacciData>()
        .user_header::<TimestampHeader>();
    let service = with_qos(builder, &options).open_or_create()?;
    let subscriber = service.subscriber_builder().create()?;
    println!("started");
    while node.wait(Duration::from_millis(1)).is_ok() {
        while let Some(sample) = subscriber.receive()? {
            let timestamp = sample.user_header().publisher_timestamp;
            println!("got value: {} with timestamp {timestamp}ms", sample.fibonacci);
        }
    }
    Ok(ExitCode::SUCCESS)
}
