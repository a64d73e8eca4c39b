//! The life of a publisher: shake hands or wait for a subscriber, send what was asked for, stay until told to go.

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use iceoryx2::prelude::*;

use super::topics::Topic;
use super::{Options, Outcome, SampleId, with_qos};

/// Drives a publisher. `subscribers` says how many there are; `send` loans, fills and publishes one sample.
///
/// # Errors
///
/// What `send` returns.
pub fn run_publisher(
    node: &Node<ipc::Service>,
    options: &Options,
    subscribers: impl Fn() -> usize,
    mut send: impl FnMut(SampleId) -> Result<(), Box<dyn Error>>,
) -> Outcome {
    let id = |sequence| SampleId { source: options.source, sequence };
    let go = told_to_go(options.handshake);
    // A node reports each order to end once.
    let mut ended = false;
    println!("started");
    while !ended && !(go.load(Ordering::Relaxed) && (options.handshake || subscribers() > 0)) {
        if options.handshake {
            send(id(SampleId::PROBE))?;
        }
        ended = node.wait(Duration::from_millis(1)).is_err();
    }

    let mut due = Instant::now();
    let (mut sent, mut unheard) = (0, 0_u64);
    while !ended && (options.count == 0 || sent < options.count) {
        unheard += u64::from(subscribers() == 0);
        send(id(options.first + sent))?;
        sent += 1;
        if options.report != 0 && sent % options.report == 0 {
            println!("sent {sent}");
        }
        due += Duration::from_micros(options.pace_us);
        let pause = due.saturating_duration_since(Instant::now());
        ended = node.wait(if options.pace_us == 0 { Duration::ZERO } else { pause }).is_err();
    }
    println!("unheard {unheard}");
    println!("done sent={sent}");
    while !ended && !options.until_complete {
        ended = node.wait(Duration::from_millis(10)).is_err();
    }
    Ok(if options.count == 0 || sent == options.count { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A flag that is up once a line, or the end, has come on standard input; at once without a handshake.
fn told_to_go(handshake: bool) -> Arc<AtomicBool> {
    let go = Arc::new(AtomicBool::new(!handshake));
    if handshake {
        let flag = Arc::clone(&go);
        thread::spawn(move || {
            // The end of the input counts as a line: whoever would have written it is gone.
            let _ = std::io::stdin().read_line(&mut String::new());
            flag.store(true, Ordering::Relaxed);
        });
    }
    go
}

/// A publisher of one topic.
///
/// # Errors
///
/// What iceoryx2 reports.
pub fn publish_topic<T: Topic>(options: &Options) -> Outcome {
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let builder = node.service_builder(&options.service.as_str().try_into()?).publish_subscribe::<T>();
    let service = with_qos(builder, options).open_or_create()?;
    let publisher = service.publisher_builder().create()?;
    run_publisher(
        &node,
        options,
        || service.dynamic_config().number_of_subscribers(),
        |id| {
            publisher.loan_uninit()?.write_payload(T::of(id)).send()?;
            Ok(())
        },
    )
}
