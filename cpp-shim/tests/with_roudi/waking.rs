//! A thread that waits for samples is woken by them.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use cpp_shim::{ConditionVariable, PublisherOptions, ServiceId, SubscriberOptions, Subscription};

use crate::world::{self, tell, until};

/// Long enough for every notification on a machine that is busy with something else.
const LONG: Duration = Duration::from_secs(20);

#[test]
fn a_sample_wakes_who_waits_for_its_number_until_it_is_detached() {
    tell(&[], || {
        let _roudi = world::usual_roudi();
        let runtime = world::runtime("waiter");
        let service = ServiceId::new("Test", "Waking", "Sample").expect("good ids");
        let mut subscribers: Vec<_> = (0..100)
            .map(|_| runtime.subscriber(&service, &SubscriberOptions::default()).expect("a subscriber"))
            .collect();
        let mut publisher = runtime.publisher(&service, &PublisherOptions::default()).expect("a publisher");
        until("all are connected", || {
            subscribers.iter().all(|subscriber| subscriber.state() == Subscription::Subscribed)
        });
        let (condition, mut notified) = runtime.condition_variable().expect("there are enough");
        let (say, said) = mpsc::channel();
        let waiter = thread::spawn(move || {
            while let Some(notified) = notified.wait() {
                let numbers = (0..ConditionVariable::NUMBERS).filter(|number| notified >> number & 1 == 1);
                numbers.for_each(|number| say.send(number).expect("somebody listens"));
            }
        });

        let last = ConditionVariable::NUMBERS - 1;
        assert!(!subscribers[0].attach(&condition, ConditionVariable::NUMBERS), "there is no such number");
        assert!(subscribers[0].attach(&condition, 5) && subscribers[99].attach(&condition, last));
        let mut send = || publisher.loan(8, 8, 0, 1).expect("a chunk").publish();
        send();
        let mut woken = [said.recv_timeout(LONG).expect("it wakes"), said.recv_timeout(LONG).expect("it wakes")];
        woken.sort_unstable();
        assert_eq!(woken, [5, last]);

        assert!(subscribers[0].detach());
        send();
        assert_eq!(said.recv_timeout(LONG), Ok(last), "the one that is still attached");
        for subscriber in &mut subscribers {
            assert!(subscriber.take().expect("whole").is_some() && subscriber.take().expect("whole").is_some());
        }
        condition.end();
        waiter.join().expect("it ends");
        assert_eq!(said.try_recv(), Err(mpsc::TryRecvError::Disconnected), "and nothing else was said");
    });
}

/// A WaitSet of classic has room for 256 subscribers.
#[test]
fn any_number_of_subscribers_wakes_one_thread() {
    tell(&[], || {
        let _roudi = world::usual_roudi();
        let runtime = world::runtime("waiter");
        let (condition, mut notified) = runtime.condition_variable().expect("there are enough");
        let services = ["One", "Two"].map(|event| ServiceId::new("Test", "Waking", event).expect("good ids"));
        let mut subscribers: Vec<_> = (0..400)
            .map(|number| runtime.subscriber(&services[number % 2], &SubscriberOptions::default()).expect("a port"))
            .collect();
        for (number, subscriber) in subscribers.iter_mut().enumerate() {
            assert!(subscriber.attach(&condition, number % ConditionVariable::NUMBERS));
        }
        let publishers = services.map(|service| runtime.publisher(&service, &PublisherOptions::default()));
        let mut publishers = publishers.map(|publisher| publisher.expect("a publisher"));
        until("all are connected", || {
            subscribers.iter().all(|subscriber| subscriber.state() == Subscription::Subscribed)
        });
        // The even ones have the even numbers.
        let all = [0x5555_5555_5555_5555_u64, 0xaaaa_aaaa_aaaa_aaaa];
        for (publisher, expected) in publishers.iter_mut().zip(all) {
            publisher.loan(8, 8, 0, 1).expect("a chunk").publish();
            assert_eq!(notified.wait(), Some(expected), "they were all notified before it was asked");
        }
    });
}
