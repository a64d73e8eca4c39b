//! Publishes payload and user header as Eclipse iceoryx's user header example receives them.
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
    let publisher = service.publisher_builder().create()?;
    println!("started");
    let (mut last, mut current, mut timestamp) = (0_u64, 1_u64, 99_u64);
    while node.wait(Duration::from_millis(100)).is_ok() {
        (last, current) = (current, current.wrapping_add(last));
        let mut sample = publisher.loan_uninit()?.write_payload(FibonacciData { fibonacci: current });
        sample.user_header_mut().publisher_timestamp = timestamp;
        sample.send()?;
        println!("sent value: {current} with timestamp {timestamp}ms");
        timestamp += 1000;
    }
    Ok(ExitCode::SUCCESS)
}
