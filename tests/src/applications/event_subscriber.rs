//! Subscribes to iceoryx2's example type, as the subscriber of iceoryx2's example of event based communication does: it looks for
//! samples only when an event says that there are some, and says by events that it is there and what it received.
#![allow(clippy::print_stdout, reason = "this application talks to whoever started it")]
use std::cell::Cell;

use iceoryx2::prelude::*;
use tests::apps::topics::{Topic, TransmissionData};
use tests::apps::{Outcome, events, parse_options, run_subscriber};
use tests::hear;

/// Samples of the history, and of each queue.
const HISTORY: usize = 20;

pub(crate) fn main() -> Outcome {
    let options = parse_options("events/transmission");
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let name = options.service.as_str().try_into()?;
    let builder = node.service_builder(&name).publish_subscribe::<TransmissionData>();
    let samples = builder.history_size(HISTORY).subscriber_max_buffer_size(HISTORY).open_or_create()?;
    let event_name = options.event_service.as_ref().unwrap_or(&options.service).as_str().try_into()?;
    let event_service = node.service_builder(&event_name).event().open_or_create()?;
    let listener = event_service.listener_builder().create()?;
    let notifier = event_service.notifier_builder().create()?;
    let subscriber = samples.subscriber_builder().create()?;
    let say = |event| match options.event {
        None => notifier.notify_with_custom_event_id(EventId::new(event)).map(drop),
        Some(_) => Ok(()),
    };
    say(events::SUBSCRIBER_CONNECTED)?;

    let has_news = Cell::new(false);
    let outcome = run_subscriber(&node, &options, |ledger| {
        hear(&listener, |event| match event {
            event if Some(event) == options.event => has_news.set(true),
            _ if options.event.is_some() => {}
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
        say(events::RECEIVED_SAMPLE)?;
        ledger.record(sample.id(), sample.is_intact());
        Ok(true)
    });
    say(events::SUBSCRIBER_DISCONNECTED)?;
    outcome
}
