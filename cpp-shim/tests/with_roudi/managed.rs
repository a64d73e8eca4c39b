//! RouDi in a process of ours.

use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use cpp_shim::{
    LoanError, Pool, Presence, PublisherOptions, ServiceId, SubscriberOptions, identity, pool_size_for, presence,
    release_of, run_roudi,
};
use rustix::process::Signal;

use crate::chunks::{payload, write};
use crate::world::{self, FATAL, exit_on_fatal, play, say, tell, until, wait_for_word};

const MARKET_BLOCK: usize = 8192;
const MEBIBYTE: usize = 1 << 20;

fn roudi() {
    cpp_shim::install_error_handler(exit_on_fatal);
    run();
}

/// A RouDi whose fatal errors nobody acts on.
fn careless_roudi() {
    cpp_shim::install_error_handler(|_report| {});
    run();
}

fn run() {
    let pools = [
        Pool { size: pool_size_for(64, 8, 0, 1).expect("a size"), count: 100 },
        Pool { size: pool_size_for(MARKET_BLOCK, 64, 0, 1).expect("a size"), count: 20 },
        Pool { size: pool_size_for(MEBIBYTE, 4096, 16, 8).expect("a size"), count: 4 },
    ];
    std::process::exit(run_roudi(&pools, Duration::from_secs(5)).expect("good pools").into());
}

#[test]
fn it_serves_clients_and_ends_them_when_it_is_told_to_stop() {
    tell(&[("roudi", roudi), ("client", client)], || {
        let mut roudi = play("roudi");
        until("RouDi answers", || presence().expect("an answer") == Presence::Running);
        assert_eq!(identity().expect("a RouDi").pid, Some(roudi.pid()));
        assert_eq!(release_of(roudi.pid()).as_deref(), Some(cpp_shim::linked_release()));

        let mut client = play("client");
        client.hear("all samples arrived");
        roudi.signal(Signal::TERM);
        assert_eq!(client.ended().signal(), Some(Signal::TERM.as_raw()));
        assert!(roudi.ended().success());
        assert_eq!(presence().expect("an answer"), Presence::Absent);
    });
}

fn client() {
    let runtime = world::runtime("client");
    let service = ServiceId::new("Test", "Managed", "Event").expect("good ids");
    let mut publisher = runtime.publisher(&service, &PublisherOptions::default()).expect("a publisher");
    let mut subscriber = runtime.subscriber(&service, &SubscriberOptions::default()).expect("a subscriber");
    until("they are connected", || publisher.has_subscribers());
    // Exactly what the pools were sized for fits.
    for (size, align, header) in [(64, 8, 0), (MARKET_BLOCK, 64, 0), (MEBIBYTE, 4096, 16)] {
        for round in 0..10_u8 {
            let bytes = vec![round; size];
            let loan = publisher.loan(size, align, header, if header == 0 { 1 } else { 8 }).expect("a chunk");
            write(&loan, &bytes);
            loan.publish();
            let chunk = subscriber.take().expect("a good sample").expect("the one just sent");
            assert!(payload(&chunk) == bytes);
            assert_eq!(chunk.payload_align(), align);
        }
    }
    assert_eq!(publisher.loan(2 * MEBIBYTE, 8, 0, 1).err(), Some(LoanError::TooLarge));
    say("all samples arrived");
    wait_for_word();
}

#[test]
fn a_second_one_reports_a_fatal_error_and_the_first_goes_on() {
    tell(&[("roudi", roudi), ("careless", careless_roudi)], || {
        let mut first = play("roudi");
        until("RouDi answers", || presence().expect("an answer") == Presence::Running);
        let before = identity();
        assert_eq!(play("roudi").ended().code(), Some(FATAL));
        assert_eq!(play("careless").ended().code(), Some(70), "nobody goes on after a fatal error");
        assert!(!first.has_ended());
        assert_eq!(identity(), before);
        let _runtime = world::runtime("client");
    });
}
