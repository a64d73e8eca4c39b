//! What a sample of 64 bytes costs in this process: loan, copy in, publish, take, copy out, release. Needs a RouDi.
//!
//!     cargo run --release -p cpp-shim --example sample_cost

#![allow(unsafe_code, reason = "the payloads are raw memory")]
#![allow(clippy::print_stdout, reason = "a program for people")]

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use cpp_shim::{Publisher, PublisherOptions, Runtime, RuntimeName, ServiceId, Subscriber, SubscriberOptions};

const SIZE: usize = 64;
const SAMPLES: u32 = 10_000;
const BATCHES: usize = 200;

fn main() -> Result<(), Box<dyn Error>> {
    cpp_shim::install_error_handler(|report| {
        eprintln!("{report}");
        cpp_shim::exit_now(70);
    });
    cpp_shim::silence();
    let runtime = Runtime::init(&RuntimeName::new(format!("sample-cost-{}", std::process::id()))?)?;
    let service = ServiceId::new("Example", "Cost", "Sample")?;
    let mut publisher = runtime.publisher(&service, &PublisherOptions::default())?;
    let mut subscriber = runtime.subscriber(&service, &SubscriberOptions::default())?;
    while !publisher.has_subscribers() {
        std::thread::sleep(Duration::from_millis(1));
    }

    measure("a sample's whole way", || whole_way(&mut publisher, &mut subscriber))?;
    measure("a loan given back", || {
        drop(publisher.loan(SIZE, 8, 0, 1)?);
        Ok(())
    })?;
    measure("taking when there is nothing", || match subscriber.take()? {
        None => Ok(()),
        Some(_) => Err("somebody else publishes here".into()),
    })?;
    drop((publisher, subscriber));
    runtime.exit(0, Duration::from_secs(1));
}

fn whole_way(publisher: &mut Publisher, subscriber: &mut Subscriber) -> Result<(), Box<dyn Error>> {
    let (input, mut output) = (black_box([0x5a_u8; SIZE]), [0_u8; SIZE]);
    let loan = publisher.loan(SIZE, 8, 0, 1)?;
    // SAFETY: the loan is SIZE bytes, and ours until it is published.
    unsafe { loan.payload().copy_from_nonoverlapping(input.as_ptr(), SIZE) };
    loan.publish();
    let chunk = subscriber.take()?.ok_or("the sample is missing")?;
    // SAFETY: the chunk is SIZE bytes, and nobody writes it while it is ours.
    unsafe { chunk.payload().copy_to_nonoverlapping(output.as_mut_ptr(), SIZE) };
    drop(chunk);
    if black_box(output) == input { Ok(()) } else { Err("the sample has changed on its way".into()) }
}

/// Prints the median over the batches, and the least, which other work on the machine disturbs least.
fn measure(what: &str, mut step: impl FnMut() -> Result<(), Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    let mut batches = Vec::with_capacity(BATCHES);
    for _ in 0..BATCHES {
        let start = Instant::now();
        for _ in 0..SAMPLES {
            step()?;
        }
        batches.push(start.elapsed() / SAMPLES);
    }
    batches.sort_unstable();
    println!("{what}: {} ns, at best {} ns", batches[BATCHES / 2].as_nanos(), batches[0].as_nanos());
    Ok(())
}
