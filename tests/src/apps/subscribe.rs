//! The life of a subscriber: take and check until told to go, or until all is there; then say how it went.

use std::error::Error;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use iceoryx2::prelude::*;

use super::topics::Topic;
use super::{Ledger, Options, Outcome, with_qos};

const POLLS_BEFORE_SLEEP: u32 = 100;

/// Drives a subscriber. `take` takes and records one sample and says if there was one.
///
/// # Errors
///
/// What `take` returns.
pub fn run_subscriber(
    node: &Node<ipc::Service>,
    options: &Options,
    mut take: impl FnMut(&mut Ledger) -> Result<bool, Box<dyn Error>>,
) -> Outcome {
    let mut ledger = Ledger::new(&options.expect, options.count).tracing(options.trace);
    println!("started");
    let (mut complete, mut idle) = (false, 0);
    loop {
        if take(&mut ledger)? {
            idle = 0;
            if options.report != 0 && ledger.received().is_multiple_of(options.report) {
                println!("received {}", ledger.received());
            }
            if ledger.has_just_completed() {
                complete = true;
                println!("complete received={}", ledger.received());
            }
            continue;
        }
        let pause = if idle < POLLS_BEFORE_SLEEP { Duration::ZERO } else { Duration::from_micros(options.poll_us) };
        if (complete && options.until_complete) || node.wait(pause).is_err() {
            break;
        }
        thread::yield_now();
        idle += 1;
    }
    // Whatever came between the last look and the order to stop.
    while take(&mut ledger)? {}
    Ok(if ledger.close(options.lossy) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A subscriber of one topic.
///
/// # Errors
///
/// What iceoryx2 reports.
pub fn subscribe_topic<T: Topic>(options: &Options) -> Outcome {
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let builder = node.service_builder(&options.service.as_str().try_into()?).publish_subscribe::<T>();
    let service = with_qos(builder, options).open_or_create()?;
    let subscriber = service.subscriber_builder().create()?;
    run_subscriber(&node, options, |ledger| {
        let Some(sample) = subscriber.receive()? else { return Ok(false) };
        ledger.record(sample.id(), sample.is_intact());
        ledger.show(options.show, sample.payload());
        Ok(true)
    })
}
