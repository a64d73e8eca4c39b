//! Publishes byte slices of which every second one has a header that lies about its length.
#![allow(unsafe_code, reason = "writes over headers, as no application does that is well")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use iceoryx2::prelude::*;
use iceoryx2::service::header::publish_subscribe::Header;
use tests::apps::{Lie, Outcome, Pattern, parse_options, run_publisher, with_qos};

fn main() -> Outcome {
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

/// A thread that changes a header as long as there is no other.
#[derive(Default)]
struct Racer {
    target: Arc<AtomicU64>,
    end: Arc<AtomicBool>,
}

impl Racer {
    fn race(&self, elements: &AtomicU64) {
        let first = self.target.swap(std::ptr::from_ref(elements).addr() as u64, Ordering::Relaxed) == 0;
        if first {
            let (target, end) = (Arc::clone(&self.target), Arc::clone(&self.end));
            thread::spawn(move || {
                let mut lie = 0;
                while !end.load(Ordering::Relaxed) {
                    let elements = target.load(Ordering::Relaxed) as usize as *const AtomicU64;
                    lie += 1;
                    // SAFETY: the publisher's segment stays mapped until this has ended, or the process has.
                    unsafe { &*elements }.store(if lie % 2 == 0 { 64 } else { beyond(lie) }, Ordering::Relaxed);
                }
            });
        }
    }
}
