//! Subscribes to iceoryx2's example type, as the subscriber of iceoryx2's example of event based communication does: it looks for
//! samples only when an event says that there are some, and says by events that it is there and what it received.
#![allow(clippy::print_stdout, reason = "this application talks to whoever started it")]
use std::cell::Cell;

use iceoryx2::prelude::*;
use tests::apps::events::{self, Events};
use tests::apps::topics::{Topic, TransmissionData};
use tests::apps::{Outcome, parse_options, run_subscriber};

/// Samples of the history, and of each queue.
const HISTORY: usize = 20;

pub(crate) fn main() -> Outcome {
    let options = parse_options("events/transmission");
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let name = options.service.as_str().try_into()?;
    let builder = node.service_builder(&name).publish_subscribe::<TransmissionData>();
    let samples = builder.history_size(HISTORY).subscriber_max_buffer_size(HISTORY).open_or_create()?;
    let subscriber = samples.subscriber_builder().create()?;
    let events = Events::open(&node, &options)?;
    events.say(events::SUBSCRIBER_CONNECTED)?;

    let has_news = Cell::new(false);
    let outcome = run_subscriber(&node, &options, |ledger| {
        events.hear(|event| match event {
            events::SENT_SAMPLE => has_news.set(true),
            events::SENT_HISTORY => {
                println!("there is a history");
                has_news.set(true);
            }
            events::PUBLISHER_CONNECTED => println!("a publisher has come"),
            events::PUBLISHER_DISCONNECTED => println!("a publisher has left"),
            _ => {}
        });
        if !has_news.get() {
            return Ok(false);
        }
        let Some(sample) = subscriber.receive()? else {
            has_news.set(false);
            return Ok(false);
        };
        events.say(events::RECEIVED_SAMPLE)?;
        ledger.record(sample.id(), sample.is_intact());
        Ok(true)
    });
    events.say(events::SUBSCRIBER_DISCONNECTED)?;
    outcome
}
