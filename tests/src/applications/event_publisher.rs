//! Publishes iceoryx2's example type and says so by events, as the publisher of iceoryx2's example of event based communication
//! does: a subscriber that comes is given the history and told of it.
#![allow(clippy::print_stdout, reason = "this application talks to whoever started it")]
use std::process::ExitCode;
use std::time::{Duration, Instant};

use iceoryx2::port::update_connections::UpdateConnections;
use iceoryx2::prelude::*;
use tests::apps::events::{self, Events};
use tests::apps::topics::{Topic, TransmissionData};
use tests::apps::{Outcome, SampleId, parse_options};

/// Samples of the history, and of each queue.
const HISTORY: usize = 20;

pub(crate) fn main() -> Outcome {
    let options = parse_options("events/transmission");
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let name = options.service.as_str().try_into()?;
    let builder = node.service_builder(&name).publish_subscribe::<TransmissionData>();
    let samples = builder.history_size(HISTORY).subscriber_max_buffer_size(HISTORY).open_or_create()?;
    let publisher = samples.publisher_builder().create()?;
    let events = Events::open(&node, &options)?;
    events.say(events::PUBLISHER_CONNECTED)?;
    println!("started");

    let (mut sent, mut due) = (0, Instant::now());
    loop {
        let mut has_come = false;
        events.hear(|event| match event {
            events::SUBSCRIBER_CONNECTED => has_come = true,
            events::SUBSCRIBER_DISCONNECTED => println!("a subscriber has left"),
            events::RECEIVED_SAMPLE => println!("a subscriber has received"),
            _ => {}
        });
        if has_come {
            publisher.update_connections()?;
            events.say(events::SENT_HISTORY)?;
            println!("a subscriber has come");
        }
        if sent < options.count && Instant::now() >= due {
            let id = SampleId { source: options.source, sequence: options.first + sent };
            publisher.loan_uninit()?.write_payload(TransmissionData::of(id)).send()?;
            events.say(events::SENT_SAMPLE)?;
            sent += 1;
            due += Duration::from_micros(options.pace_us);
            if sent == options.count {
                println!("done sent={sent}");
            }
            continue;
        }
        if node.wait(Duration::from_millis(1)).is_err() {
            break;
        }
    }
    events.say(events::PUBLISHER_DISCONNECTED)?;
    Ok(if sent == options.count { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
