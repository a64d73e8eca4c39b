//! Publishes when each sample was made, [`OLD`] before it is sent.
#![allow(clippy::print_stdout, reason = "this application talks to whoever started it")]
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use iceoryx2::prelude::*;
use tests::apps::{Outcome, parse_options, with_qos};

/// How old samples are already.
const OLD: Duration = Duration::from_millis(200);

#[derive(Clone, Copy, Debug, ZeroCopySend)]
#[type_name("Clock")]
#[repr(C)]
struct Clock {
    sequence: u64,
    /// Microseconds since 1970.
    made_at: i64,
}

pub(crate) fn main() -> Outcome {
    let options = parse_options("clock");
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let builder = node.service_builder(&options.service.as_str().try_into()?).publish_subscribe::<Clock>();
    let service = with_qos(builder, &options).open_or_create()?;
    let publisher = service.publisher_builder().create()?;
    println!("started");
    let mut sequence = 0;
    while sequence < options.count && node.wait(Duration::from_millis(5)).is_ok() {
        let made_at = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.saturating_sub(OLD);
        publisher.send_copy(Clock { sequence, made_at: i64::try_from(made_at.as_micros())? })?;
        sequence += 1;
    }
    println!("done sent={sequence}");
    while node.wait(Duration::from_millis(10)).is_ok() {}
    Ok(ExitCode::SUCCESS)
}
