//! Publishes what Eclipse iceoryx's icehello and icedelivery examples receive.
#![allow(clippy::print_stdout, reason = "this application talks to whoever started it")]
use std::process::ExitCode;
use std::time::Duration;

use iceoryx2::prelude::*;
use tests::apps::topics::RadarObject;
use tests::apps::{Outcome, parse_options, with_qos};

pub(crate) fn main() -> Outcome {
    let options = parse_options("Radar/FrontLeft/Object");
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let builder = node.service_builder(&options.service.as_str().try_into()?).publish_subscribe::<RadarObject>();
    let service = with_qos(builder, &options).open_or_create()?;
    let publisher = service.publisher_builder().create()?;
    println!("started");
    let mut value = 0.0;
    while node.wait(Duration::from_millis(100)).is_ok() {
        value += 1.0;
        publisher.send_copy(RadarObject { x: value, y: value, z: value })?;
        println!("sent value: {value}");
    }
    Ok(ExitCode::SUCCESS)
}
