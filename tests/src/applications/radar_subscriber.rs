//! Prints what Eclipse iceoryx's icehello and icedelivery examples send; ends with 1 if the three values of one sample
//! ever differed.
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
    let subscriber = service.subscriber_builder().create()?;
    println!("started");
    let (mut received, mut corrupt) = (0_u64, 0_u64);
    while node.wait(Duration::from_millis(1)).is_ok() {
        while let Some(sample) = subscriber.receive()? {
            received += 1;
            corrupt += u64::from(sample.x != sample.y || sample.y != sample.z);
            println!("got value: {}", sample.x);
        }
    }
    println!("done received={received} corrupt={corrupt}");
    Ok(if corrupt == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
