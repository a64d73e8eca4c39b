//! Publishers that wait for a subscriber, and what ends their waiting.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use cpp_shim::{Publisher, PublisherOptions, Runtime, ServiceId, Subscriber, SubscriberOptions};

use crate::world::{self, tell, until};

const QUEUE: u64 = 2;

/// A publisher that waits and a subscriber that asks for it, connected, the queue full.
fn full(runtime: &Runtime) -> (Publisher, Subscriber) {
    let service = ServiceId::new("Test", "Blocking", "Full").expect("good ids");
    let options = PublisherOptions { wait_for_subscribers: true, history: 1, ..PublisherOptions::default() };
    let mut publisher = runtime.publisher(&service, &options).expect("a publisher");
    let options = SubscriberOptions { queue: QUEUE, block_publisher: true, ..SubscriberOptions::default() };
    let subscriber = runtime.subscriber(&service, &options).expect("a subscriber");
    until("they are connected", || publisher.has_subscribers());
    for _ in 0..QUEUE {
        publisher.loan(8, 8, 0, 1).expect("a chunk").publish();
    }
    (publisher, subscriber)
}

/// Publishes once more in another thread, sees that it waits, and that it ends after `release`.
fn publish_waits_until(mut publisher: Publisher, release: impl FnOnce()) -> Publisher {
    let (started, done) = (AtomicBool::new(false), AtomicBool::new(false));
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let loan = publisher.loan(8, 8, 0, 1).expect("a chunk");
            started.store(true, Ordering::Release);
            loan.publish();
            done.store(true, Ordering::Release);
        });
        until("the thread publishes", || started.load(Ordering::Acquire));
        // It cannot end by itself, however long this is; long enough to find out if it does.
        thread::sleep(Duration::from_millis(300));
        assert!(!done.load(Ordering::Acquire), "there is no room for the sample");
        release();
        until("publishing ends", || done.load(Ordering::Acquire));
        waiting.join().expect("no panic");
    });
    publisher
}

fn sequences(subscriber: &mut Subscriber) -> Vec<u64> {
    let mut seen = Vec::new();
    while let Some(chunk) = subscriber.take().expect("a good sample") {
        seen.push(chunk.sequence());
    }
    seen
}

#[test]
fn taking_a_sample_lets_the_publisher_go_on() {
    tell(&[], || {
        let _roudi = world::usual_roudi();
        let runtime = world::runtime("patient");
        let (publisher, mut subscriber) = full(&runtime);
        publish_waits_until(publisher, || {
            drop(subscriber.take().expect("a good sample").expect("one of two"));
        });
        assert_eq!(sequences(&mut subscriber), [1, 2]);
        assert!(!subscriber.missed_data());
    });
}

#[test]
fn an_unblocker_ends_the_waiting_and_the_offer() {
    tell(&[], || {
        let _roudi = world::usual_roudi();
        let runtime = world::runtime("blocked");
        let (publisher, mut subscriber) = full(&runtime);
        let unblocker = publisher.unblocker();
        let mut publisher = publish_waits_until(publisher, || unblocker.unblock());
        until("RouDi has noticed", || !publisher.is_offered());
        assert_eq!(sequences(&mut subscriber), [0, 1], "the third reached nobody");

        publisher.offer();
        until("they are connected again", || publisher.has_subscribers());
        publisher.loan(8, 8, 0, 1).expect("a chunk").publish();
        assert_eq!(sequences(&mut subscriber), [3]);

        drop(publisher);
        unblocker.unblock();
    });
}

#[test]
fn an_unblocker_does_not_need_roudi() {
    tell(&[], || {
        let mut roudi = world::usual_roudi();
        let runtime = world::runtime("blocked");
        let (publisher, mut subscriber) = full(&runtime);
        let unblocker = publisher.unblocker();
        roudi.kill();
        publish_waits_until(publisher, || unblocker.unblock());
        assert_eq!(sequences(&mut subscriber), [0, 1]);
    });
}
