//! RouDi dies or stops, processes leave.

use std::time::Duration;

use cpp_shim::{PortError, Presence, PublisherOptions, ServiceId, SubscriberOptions, name_in_use, presence};
use rustix::process::Signal;

use crate::world::{self, play, say, tell, until, wait_for_word};

fn service() -> ServiceId {
    ServiceId::new("Test", "Death", "Event").expect("good ids")
}

#[test]
fn ports_outlive_roudi_and_can_be_dropped() {
    tell(&[("orphan", orphan)], || {
        let mut roudi = world::usual_roudi();
        let mut orphan = play("orphan");
        orphan.hear("connected");
        roudi.kill();
        orphan.nod();
        assert!(orphan.ended().success(), "classic's own farewell ends when nobody listens");
    });
}

fn orphan() {
    let runtime = world::runtime("orphan");
    let mut publisher = runtime.publisher(&service(), &PublisherOptions::default()).expect("a publisher");
    let mut subscriber = runtime.subscriber(&service(), &SubscriberOptions::default()).expect("a subscriber");
    until("they are connected", || publisher.has_subscribers());
    say("connected");
    wait_for_word();
    assert_eq!(presence().expect("an answer"), Presence::Stale);
    publisher.loan(8, 8, 0, 1).expect("a chunk").publish();
    assert!(subscriber.take().expect("a good sample").is_some(), "the memory is still there");
    let refused = runtime.publisher(&service(), &PublisherOptions::default()).err();
    assert_eq!(refused, Some(PortError::NoAnswer));
    let refused = runtime.subscriber(&service(), &SubscriberOptions::default()).err();
    assert_eq!(refused, Some(PortError::NoAnswer));
    drop(publisher);
    drop(subscriber);
}

#[test]
fn a_process_that_leaves_is_gone_at_once() {
    tell(&[("leaver", leaver)], || {
        let _roudi = world::usual_roudi();
        let runtime = world::runtime("stayer");
        let publisher = runtime.publisher(&service(), &PublisherOptions::default()).expect("a publisher");
        let mut leaver = play("leaver");
        until("the other subscribes", || publisher.has_subscribers());
        leaver.nod();
        assert_eq!(leaver.ended().code(), Some(7));
        until("RouDi has taken the subscriber away", || !publisher.has_subscribers());
        assert!(!name_in_use("leaver"));
    });
}

fn leaver() {
    let runtime = world::runtime("leaver");
    let subscriber = runtime.subscriber(&service(), &SubscriberOptions::default()).expect("a subscriber");
    wait_for_word();
    drop(subscriber);
    runtime.exit(7, Duration::from_secs(60));
}

#[test]
fn leaving_does_not_wait_for_a_roudi_that_stands_still() {
    tell(&[("leaver", leaver_in_a_hurry)], || {
        let roudi = world::usual_roudi();
        let mut leaver = play("leaver");
        leaver.hear("registered");
        roudi.signal(Signal::STOP);
        leaver.nod();
        assert_eq!(leaver.ended().code(), Some(8));
        roudi.signal(Signal::CONT);
    });
}

fn leaver_in_a_hurry() {
    let runtime = world::runtime("leaver");
    say("registered");
    wait_for_word();
    runtime.exit(8, Duration::from_millis(100));
}

#[test]
fn roudi_stopping_ends_its_clients() {
    tell(&[("client", client)], || {
        let mut roudi = world::usual_roudi();
        let mut client = play("client");
        client.hear("registered");
        roudi.signal(Signal::TERM);
        let ended = client.ended();
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&ended), Some(Signal::TERM.as_raw()));
        assert!(roudi.ended().success());
        assert_eq!(presence().expect("an answer"), Presence::Absent);
    });
}

fn client() {
    let _runtime = world::runtime("client");
    say("registered");
    wait_for_word();
}
