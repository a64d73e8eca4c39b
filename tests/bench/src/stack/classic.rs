//! Ports of iceoryx 2.x, on the real library.
#![allow(unsafe_code, reason = "payloads are raw memory")]

use std::mem::MaybeUninit;
use std::slice;
use std::thread;
use std::time::Duration;

use cpp_shim::{
    LoanError, Publisher, PublisherOptions, Runtime, RuntimeName, ServiceId, Subscriber, SubscriberOptions,
};

use super::End;
use crate::content::Content;

/// Of all payloads here.
const ALIGN: usize = 8;

pub(super) fn join(name: &str) -> Runtime {
    cpp_shim::install_error_handler(|report| {
        eprintln!("{report}");
        cpp_shim::exit_now(70);
    });
    cpp_shim::silence();
    let name = RuntimeName::new(name).expect("the names of these processes are good");
    Runtime::init(&name).expect("RouDi runs")
}

fn service(end: &End) -> ServiceId {
    ServiceId::new("Bench", "Main", &*end.service).expect("the names of these services are good")
}

pub(super) fn publisher(runtime: &Runtime, end: &End) -> Publisher {
    let options = PublisherOptions { wait_for_subscribers: end.qos.blocks, ..PublisherOptions::default() };
    runtime.publisher(&service(end), &options).expect("RouDi has room")
}

pub(super) fn subscriber(runtime: &Runtime, end: &End) -> Subscriber {
    let (queue, block_publisher) = (end.qos.queue as u64, end.qos.blocks);
    let options = SubscriberOptions { queue, block_publisher, ..SubscriberOptions::default() };
    runtime.subscriber(&service(end), &options).expect("RouDi has room")
}

#[inline]
pub(super) fn send(port: &mut Publisher, content: &Content, mark: u64) {
    loop {
        match port.loan(content.len(), ALIGN, 0, 1) {
            Ok(loan) => {
                // SAFETY: the loan has that many bytes, and nobody else's eyes until it is published.
                let payload =
                    unsafe { slice::from_raw_parts_mut(loan.payload().cast::<MaybeUninit<u8>>(), content.len()) };
                content.write(payload, mark);
                return loan.publish();
            }
            // Subscribers hold all chunks; they will give some back.
            Err(LoanError::PoolEmpty) => thread::sleep(Duration::from_micros(10)),
            Err(error) => panic!("no loan: {error}"),
        }
    }
}

#[inline]
pub(super) fn take(port: &mut Subscriber, content: &Content, look: impl FnOnce(&[u8])) -> Option<u64> {
    let chunk = port.take().expect("samples are sound")?;
    // SAFETY: the payload has that many bytes and is readable while the chunk is held; the publishers of these
    // benchmarks write to no chunk after they have published it.
    let payload = unsafe { slice::from_raw_parts(chunk.payload(), chunk.payload_size()) };
    let mark = content.read(payload);
    look(payload);
    Some(mark)
}
