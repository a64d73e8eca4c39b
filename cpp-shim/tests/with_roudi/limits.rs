//! What classic would abort on is an error here.

use cpp_shim::{
    LoanError, NodeName, PortError, PublisherOptions, ServiceId, SubscriberOptions, TakeError, take_last_report,
};

use crate::world::{self, tell, until};

fn service(event: &str) -> ServiceId {
    ServiceId::new("Test", "Limits", event).expect("good ids")
}

#[test]
fn a_sample_larger_than_every_pool_is_an_error() {
    tell(&[], || {
        let _roudi = world::roudi(&[(128, 10), (1024, 10)]);
        let runtime = world::runtime("greedy");
        let mut publisher = runtime.publisher(&service("Large"), &PublisherOptions::default()).expect("a publisher");
        for size in [1025, 1 << 20, u32::MAX as usize - 100, u32::MAX as usize + 1, usize::MAX] {
            let error = publisher.loan(size, 8, 0, 1).err().expect("no such chunk");
            // Close to 4 GiB classic cannot even compute the chunk.
            assert!(matches!(error, LoanError::TooLarge | LoanError::Invalid), "{size}: {error}");
        }
        assert_eq!(publisher.loan(1025, 8, 0, 1).err(), Some(LoanError::TooLarge));
        assert_eq!(take_last_report(), None, "the error told it");
        drop(publisher.loan(1024, 8, 0, 1).expect("the largest there is"));
    });
}

#[test]
fn an_empty_pool_is_an_error_until_chunks_come_back() {
    tell(&[], || {
        let _roudi = world::roudi(&[(128, 10)]);
        let runtime = world::runtime("hoarder");
        let mut publisher = runtime.publisher(&service("Empty"), &PublisherOptions::default()).expect("a publisher");
        let mut subscriber =
            runtime.subscriber(&service("Empty"), &SubscriberOptions::default()).expect("a subscriber");
        until("it is connected", || publisher.has_subscribers());
        for _ in 0..10 {
            publisher.loan(128, 8, 0, 1).expect("one of ten chunks").publish();
        }
        for _ in 0..3 {
            assert_eq!(publisher.loan(128, 8, 0, 1).err(), Some(LoanError::PoolEmpty));
        }
        drop(subscriber.take().expect("a good sample").expect("the first of ten"));
        publisher.loan(128, 8, 0, 1).expect("the chunk that came back").publish();
        assert_eq!(publisher.loan(128, 8, 0, 1).err(), Some(LoanError::PoolEmpty));
    });
}

#[test]
fn chunks_that_never_come_back_run_out() {
    tell(&[], || {
        let _roudi = world::roudi(&[(128, 1000)]);
        let runtime = world::runtime("forgetful");
        let mut publisher = runtime.publisher(&service("Forget"), &PublisherOptions::default()).expect("a publisher");
        let mut subscriber =
            runtime.subscriber(&service("Forget"), &SubscriberOptions::default()).expect("a subscriber");
        until("it is connected", || publisher.has_subscribers());
        let mut held = 0;
        let error = loop {
            publisher.loan(8, 8, 0, 1).expect("a chunk").publish();
            match subscriber.take() {
                Ok(chunk) => std::mem::forget(chunk.expect("the sample just sent")),
                Err(error) => break error,
            }
            held += 1;
        };
        assert_eq!(error, TakeError::TooManyHeld);
        assert!(held >= 256, "classic promises 256, not {held}");
        assert!(subscriber.take().expect("an empty queue").is_none(), "the sample is gone");

        for _ in 0..8 {
            std::mem::forget(publisher.loan(8, 8, 0, 1).expect("a chunk"));
        }
        assert_eq!(publisher.loan(8, 8, 0, 1).err(), Some(LoanError::TooManyLoans));
    });
}

#[test]
fn alignments_that_classic_cannot_do_are_errors() {
    tell(&[], || {
        let _roudi = world::usual_roudi();
        let runtime = world::runtime("crooked");
        let mut publisher = runtime.publisher(&service("Align"), &PublisherOptions::default()).expect("a publisher");
        for (align, header_size, header_align) in [(3, 0, 1), (8, 8, 3), (8, 16, 16), (8, 9, 8), (1 << 40, 0, 1)] {
            let error = publisher.loan(64, align, header_size, header_align).err();
            assert_eq!(error, Some(LoanError::Invalid), "{align} {header_size} {header_align}");
        }
        let _earlier = take_last_report();
        drop(publisher.loan(64, 4096, 8, 8).expect("a large alignment"));
    });
}

#[test]
fn roudis_own_services_are_refused() {
    tell(&[], || {
        let _roudi = world::usual_roudi();
        let runtime = world::runtime("usurper");
        let own = ServiceId::new("Introspection", "RouDi_ID", "Process").expect("good ids");
        let refused = runtime.publisher(&own, &PublisherOptions::default()).err();
        assert_eq!(refused, Some(PortError::Reserved(own.clone())));
        let subscriber = runtime.subscriber(&own, &SubscriberOptions { queue: 1, ..SubscriberOptions::default() });
        assert!(subscriber.is_ok(), "anybody may listen");
    });
}

#[test]
fn the_longest_names_there_are_fit() {
    tell(&[], || {
        let _roudi = world::usual_roudi();
        let runtime = world::runtime(&"r".repeat(70));
        let id = "i".repeat(100);
        let service = ServiceId::new(id.as_str(), id.as_str(), id.as_str()).expect("good ids");
        let node = NodeName::new("n".repeat(NodeName::MAX_LENGTH)).expect("a good name");
        let options = PublisherOptions { history: 16, node: node.clone(), ..PublisherOptions::default() };
        let publisher = runtime.publisher(&service, &options).expect("a publisher");
        let options = SubscriberOptions { history: 256, node, ..SubscriberOptions::default() };
        let _subscriber = runtime.subscriber(&service, &options).expect("a subscriber");
        until("they meet", || publisher.has_subscribers());
    });
}

#[test]
fn when_roudi_has_no_publisher_left_it_is_told() {
    tell(&[], || {
        let _roudi = world::usual_roudi();
        let runtime = world::runtime("crowd");
        let mut publishers = Vec::new();
        let refused = loop {
            match runtime.publisher(&service(&publishers.len().to_string()), &PublisherOptions::default()) {
                Ok(publisher) => publishers.push(publisher),
                Err(error) => break error,
            }
            assert!(publishers.len() < 10_000, "there is a limit");
        };
        assert_eq!(refused, PortError::NoRoom);
        assert!(publishers.len() > 500, "{}", publishers.len());

        // Nothing is broken: one goes, another comes.
        publishers.pop();
        until("there is room again", || runtime.publisher(&service("new"), &PublisherOptions::default()).is_ok());
    });
}
