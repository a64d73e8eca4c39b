//! What is published arrives, whole and in order.

use cpp_shim::{PublisherOptions, ServiceId, Subscriber, SubscriberOptions, Subscription, TakeError, take_last_report};

use crate::chunks::{damage, header, payload, write, write_header};
use crate::world::{self, play, say, tell, until, wait_for_word};

fn service(event: &str) -> ServiceId {
    ServiceId::new("Test", "Samples", event).expect("good ids")
}

/// How many samples are sent before the reader has to confirm them.
const ROUND: u64 = 100;

/// Waits for the next sample and hands it to `look`.
fn next<T>(subscriber: &mut Subscriber, look: impl Fn(&cpp_shim::Chunk<'_>) -> T) -> T {
    let mut seen = None;
    until("a sample comes", || {
        seen = subscriber.take().expect("a good sample").as_ref().map(&look);
        seen.is_some()
    });
    seen.expect("just seen")
}

#[test]
fn values_headers_and_numbers_arrive_in_another_process() {
    tell(&[("publisher", publisher)], || {
        let _roudi = world::usual_roudi();
        let runtime = world::runtime("reader");
        let mut subscriber =
            runtime.subscriber(&service("Values"), &SubscriberOptions::default()).expect("a subscriber");
        let mut publisher = play("publisher");
        let uid: u64 = publisher.hear("uid").parse().expect("a number");
        until("it is connected", || subscriber.state() == Subscription::Subscribed);
        publisher.nod();

        for number in 0..1000_u64 {
            next(&mut subscriber, |chunk| {
                let size = 8 + (number % 57) as usize;
                assert_eq!(chunk.payload_size(), size);
                assert_eq!(payload(chunk)[..8], number.to_le_bytes());
                assert!(payload(chunk)[8..].iter().all(|&byte| byte == number as u8));
                assert_eq!(chunk.payload_align(), if number % 2 == 0 { 8 } else { 64 });
                assert!((chunk.payload() as usize).is_multiple_of(chunk.payload_align()));
                let expected = if number % 3 == 0 { vec![number as u8; 16] } else { Vec::new() };
                assert_eq!(header(chunk), expected);
                assert_eq!(chunk.user_header_size(), expected.len());
                assert_eq!((chunk.origin(), chunk.sequence()), (uid, number));
            });
            if number % ROUND == ROUND - 1 {
                assert!(subscriber.take().expect("an empty queue").is_none());
                publisher.nod();
            }
        }
        assert!(!subscriber.missed_data());
        assert!(publisher.ended().success());
    });
}

fn publisher() {
    let runtime = world::runtime("writer");
    let mut publisher = runtime.publisher(&service("Values"), &PublisherOptions::default()).expect("a publisher");
    say(&format!("uid {}", publisher.uid()));
    until("somebody listens", || publisher.has_subscribers());
    wait_for_word();
    for number in 0..1000_u64 {
        let align = if number % 2 == 0 { 8 } else { 64 };
        let (header_size, header_align) = if number % 3 == 0 { (16, 8) } else { (0, 1) };
        let mut bytes = number.to_le_bytes().to_vec();
        bytes.resize(8 + (number % 57) as usize, number as u8);
        let loan = publisher.loan(bytes.len(), align, header_size, header_align).expect("a chunk");
        write(&loan, &bytes);
        if header_size > 0 {
            write_header(&loan, &[number as u8; 16]);
        }
        loan.publish();
        // The subscriber's queue holds 256.
        if number % ROUND == ROUND - 1 {
            wait_for_word();
        }
    }
}

#[test]
fn a_mebibyte_arrives() {
    tell(&[], || {
        const SIZE: usize = 1 << 20;
        let _roudi = world::roudi(&[(1 << 20, 8)]);
        let runtime = world::runtime("large");
        let mut subscriber =
            runtime.subscriber(&service("Large"), &SubscriberOptions::default()).expect("a subscriber");
        let mut publisher = runtime.publisher(&service("Large"), &PublisherOptions::default()).expect("a publisher");
        until("it is connected", || publisher.has_subscribers());
        for round in 0..20_u8 {
            let bytes: Vec<u8> = (0..SIZE).map(|index| (index / 251) as u8 ^ index as u8 ^ round).collect();
            let loan = publisher.loan(SIZE, 8, 0, 1).expect("a chunk");
            write(&loan, &bytes);
            loan.publish();
            next(&mut subscriber, |chunk| assert!(payload(chunk) == bytes, "round {round}"));
        }
    });
}

#[test]
fn what_is_not_published_reaches_nobody_and_is_not_lost_for_good() {
    tell(&[], || {
        let _roudi = world::roudi(&[(128, 10)]);
        let runtime = world::runtime("fickle");
        let mut subscriber = runtime.subscriber(&service("Drop"), &SubscriberOptions::default()).expect("a subscriber");
        let mut publisher = runtime.publisher(&service("Drop"), &PublisherOptions::default()).expect("a publisher");
        until("it is connected", || publisher.has_subscribers());
        for _ in 0..100 {
            drop(publisher.loan(128, 8, 0, 1).expect("a chunk"));
        }
        let loan = publisher.loan(128, 8, 0, 1).expect("a chunk");
        write(&loan, b"the only one");
        loan.publish();
        next(&mut subscriber, |chunk| {
            assert!(payload(chunk).starts_with(b"the only one"));
            assert_eq!(chunk.sequence(), 0);
        });
        assert!(subscriber.take().expect("an empty queue").is_none());
    });
}

#[test]
fn history_and_overflow_are_told() {
    tell(&[], || {
        let _roudi = world::usual_roudi();
        let runtime = world::runtime("late");
        let options = PublisherOptions { history: 4, ..PublisherOptions::default() };
        let mut publisher = runtime.publisher(&service("Late"), &options).expect("a publisher");
        let mut send = |count: u8| {
            for byte in 0..count {
                let loan = publisher.loan(1, 1, 0, 1).expect("a chunk");
                write(&loan, &[byte]);
                loan.publish();
            }
        };
        send(10);
        let options = SubscriberOptions { queue: 4, history: 3, ..SubscriberOptions::default() };
        let mut subscriber = runtime.subscriber(&service("Late"), &options).expect("a subscriber");
        for sequence in 7..10 {
            assert_eq!(next(&mut subscriber, |chunk| chunk.sequence()), sequence);
        }
        assert!(!subscriber.missed_data());

        send(10);
        assert!(subscriber.missed_data());
        assert!(!subscriber.missed_data(), "told once");
        let mut seen = Vec::new();
        while let Some(chunk) = subscriber.take().expect("a good sample") {
            seen.push(chunk.sequence());
        }
        assert_eq!(seen, [16, 17, 18, 19]);
    });
}

#[test]
fn a_damaged_chunk_header_is_refused_and_the_chunk_given_back() {
    tell(&[], || {
        // Offsets in classic's chunk header (chunk_header.hpp), whose sizes have 64 bits since 2.95.
        const CHUNK_SIZE: usize = if cfg!(classic_2_95) { 24 } else { 0 };
        const VERSION: usize = 4;
        const PAYLOAD_SIZE: usize = if cfg!(classic_2_95) { 32 } else { 28 };
        const PAYLOAD_ALIGNMENT: usize = PAYLOAD_SIZE + if cfg!(classic_2_95) { 8 } else { 4 };
        const PAYLOAD_OFFSET: usize = PAYLOAD_ALIGNMENT + 4;
        let _roudi = world::roudi(&[(128, 10)]);
        let runtime = world::runtime("vandal");
        let mut subscriber =
            runtime.subscriber(&service("Vandal"), &SubscriberOptions::default()).expect("a subscriber");
        let mut publisher = runtime.publisher(&service("Vandal"), &PublisherOptions::default()).expect("a publisher");
        until("it is connected", || publisher.has_subscribers());

        let damages: Vec<(usize, &[u32])> = vec![
            (VERSION, &[99]),
            (PAYLOAD_SIZE, &[129]),
            (PAYLOAD_SIZE, &[u32::MAX]),
            (PAYLOAD_ALIGNMENT, &[0]),
            (PAYLOAD_ALIGNMENT, &[24]),
            (PAYLOAD_ALIGNMENT, &[1 << 31]),
            (PAYLOAD_OFFSET, &[0]),
            (PAYLOAD_OFFSET, &[u32::MAX]),
            (PAYLOAD_OFFSET, &[56]),
            // classic lends the last chunk again and believes the size in it, unless it is too small: so these are last.
            (CHUNK_SIZE, if cfg!(classic_2_95) { &[u32::MAX, 0] } else { &[u32::MAX] }),
            // As 64 bits in 2.95: together with the chunk's address it would come round to where the chunk is.
            (CHUNK_SIZE, if cfg!(classic_2_95) { &[u32::MAX, u32::MAX] } else { &[u32::MAX] }),
            (CHUNK_SIZE, if cfg!(classic_2_95) { &[8, 0] } else { &[8] }),
        ];
        // More rounds than there are chunks: each must come back.
        for (offset, words) in damages.into_iter().cycle().take(100) {
            let loan = publisher.loan(128, 8, 0, 1).expect("a chunk");
            for (place, word) in words.iter().enumerate() {
                damage(&loan, offset + 4 * place, *word);
            }
            loan.publish();
            assert_eq!(subscriber.take().err(), Some(TakeError::Corrupt), "{words:?} at {offset}");
        }
        let loan = publisher.loan(128, 8, 0, 1).expect("a chunk");
        write(&loan, b"whole again");
        loan.publish();
        next(&mut subscriber, |chunk| assert!(payload(chunk).starts_with(b"whole again")));
        assert_eq!(take_last_report(), None);
    });
}
