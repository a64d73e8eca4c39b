//! Publishes byte slices of which every second one has a header that lies about its length.
#![allow(unsafe_code, reason = "writes over headers, as no application does that is well")]

use std::cell::Cell;
use std::hint;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use iceoryx2::prelude::*;
use iceoryx2::service::header::publish_subscribe::Header;
use tests::apps::{Lie, Outcome, Pattern, parse_options, run_publisher, with_qos};

pub(crate) fn main() -> Outcome {
    let options = parse_options("raw/bytes");
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let builder = node.service_builder(&options.service.as_str().try_into()?).publish_subscribe::<[u8]>();
    let service = with_qos(builder, &options).open_or_create()?;
    let (strategy, first) =
        if options.growing { (AllocationStrategy::PowerOfTwo, 8) } else { (AllocationStrategy::Static, options.size) };
    let publisher = service.publisher_builder().initial_max_slice_len(first).allocation_strategy(strategy).create()?;
    let mut pattern = Pattern::new(options.size);
    let racer = Racer::default();
    let outcome = run_publisher(
        &node,
        &options,
        || service.dynamic_config().number_of_subscribers(),
        |id| {
            if !id.is_probe() {
                let sample = publisher.loan_slice_uninit(options.size)?;
                let sample = sample.write_from_slice(pattern.payload(options.size, id));
                let elements = elements_of(sample.header());
                match options.lie {
                    Lie::Huge => elements.store(u64::MAX - id.sequence % 3, Ordering::Relaxed),
                    Lie::Beyond => elements.store(beyond(id.sequence), Ordering::Relaxed),
                    Lie::Racing => racer.race(elements),
                }
                sample.send()?;
                // Its own next sample may be in the same place.
                racer.rest();
            }
            publisher.loan_slice_uninit(options.size)?.write_from_slice(pattern.payload(options.size, id)).send()?;
            Ok(())
        },
    );
    racer.end.store(true, Ordering::Relaxed);
    outcome
}

/// From a mebibyte to some thousand: beyond every segment of these small samples.
fn beyond(sequence: u64) -> u64 {
    1 << (20 + sequence % 12)
}

/// The number of elements that a header says.
fn elements_of(header: &Header) -> &AtomicU64 {
    let place = std::mem::offset_of!(Layout, elements);
    const { assert!(size_of::<Header>() == size_of::<Layout>()) };
    // SAFETY: the place is inside of the header, aligned, and lies in memory that this process may write.
    unsafe { &*std::ptr::from_ref(header).cast::<u8>().add(place).cast::<AtomicU64>() }
}

/// The header of iceoryx2 0.10.
#[repr(C)]
struct Layout {
    node: u128,
    publisher: u128,
    elements: AtomicU64,
    payload_offset: u64,
}

/// A thread that changes a header while the bridge reads it.
#[derive(Default)]
struct Racer {
    /// The address of the header; 0 for none.
    target: Arc<AtomicU64>,
    /// The address that the thread is about to write.
    writing: Arc<AtomicU64>,
    begun: Cell<bool>,
    end: Arc<AtomicBool>,
}

/// How long a header is changed: a few times what a sample takes to the bridge.
const RACE: Duration = Duration::from_micros(50);

impl Racer {
    /// Changes this header from now on.
    fn race(&self, elements: &AtomicU64) {
        self.target.store(std::ptr::from_ref(elements).addr() as u64, Ordering::SeqCst);
        if !self.begun.replace(true) {
            let (target, writing) = (Arc::clone(&self.target), Arc::clone(&self.writing));
            let end = Arc::clone(&self.end);
            thread::spawn(move || {
                let mut lie = 0;
                while !end.load(Ordering::Relaxed) {
                    let address = target.load(Ordering::SeqCst);
                    writing.store(address, Ordering::SeqCst);
                    // It may have been told to rest before it said what it is about to do.
                    if address == 0 || target.load(Ordering::SeqCst) != address {
                        continue;
                    }
                    let elements = address as usize as *const AtomicU64;
                    lie += 1;
                    // SAFETY: the publisher's segment stays mapped until this has ended, or the process has.
                    unsafe { &*elements }.store(if lie % 2 == 0 { 64 } else { beyond(lie) }, Ordering::Relaxed);
                }
            });
        }
    }

    /// Gives the bridge some time to read, then changes nothing any more.
    fn rest(&self) {
        if !self.begun.get() {
            return;
        }
        let began = Instant::now();
        while began.elapsed() < RACE {
            hint::spin_loop();
        }
        self.target.store(0, Ordering::SeqCst);
        while self.writing.load(Ordering::SeqCst) != 0 {
            thread::yield_now();
        }
    }
}
