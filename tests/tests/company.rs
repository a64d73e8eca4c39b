//! Who else is on a service: the bridge knows whether it is heard, says why it may not be, and leaves a service that it had
//! only joined when its applications have.

use rustix::process::Signal;
use tests::bed::{Bed, Bridge, Route, isolated};

const COUNT: &str = "500";

/// A stream from classic into a service that only applications make, and one out of such a service.
fn adopting(bed: &Bed, release: &str) -> Bridge {
    let config = bed.config(
        r#"
        [[stream]]
        name = "down"
        from.classic = { service = "A", instance = "B", event = "Down" }
        to.iceoryx2 = { service = "down" }

        [[stream]]
        name = "up"
        from.iceoryx2 = { service = "up" }
        to.classic = { service = "A", instance = "B", event = "Up" }

        [[stream]]
        name = "up-again"
        from.iceoryx2 = { service = "up" }
        to.classic = { service = "A", instance = "B", event = "UpAgain" }
        "#,
    );
    bed.bridge(&config.replace("release = \"0.10\"", &format!("release = \"{release}\"")))
}

fn a_deserted_service_is_let_go_of(bed: &Bed, release: &str, prefix: &str) {
    bed.leftovers_are_fine();
    let roudi = bed.roudi();
    let bridge = adopting(bed, release);
    let routes = ["down", "up", "up-again"];
    // The same names with another type each time, which nobody can open who finds the other one.
    for (round, (application, end)) in [
        ("raw-subscriber", Signal::TERM),
        ("transmission-subscriber", Signal::KILL),
        ("raw-subscriber", Signal::KILL),
        ("transmission-subscriber", Signal::TERM),
    ]
    .into_iter()
    .enumerate()
    {
        for route in routes {
            bridge.wait_for_route(route, "it waits for somebody to make the service", |route| route.state == "waiting");
        }
        let mut applications = ["down", "up"].map(|service| {
            let application = bed.iceoryx2(&format!("{prefix}{application}"), &["--service", service]);
            application.wait_for_line("started");
            application
        });
        bridge.wait_running(&routes);
        let route = bridge.wait_for_route("down", "it has company", |route| route.sink_connected == Some(true));
        assert_eq!(route.subscribers, Some(1), "round {round}");
        for application in &mut applications {
            application.signal(end);
            application.wait();
        }
    }
    for route in routes {
        bridge.wait_for_route(route, "it waits again", |route| route.state == "waiting");
    }
    let restarts = bridge.status().expect("an answer").workers.first().map(|worker| worker.restarts);
    assert_eq!(restarts, Some(0));
    bridge.stop();
    roudi.stop();
}

#[test]
fn a_service_that_was_only_joined_is_left_when_its_applications_have() {
    isolated(|bed| a_deserted_service_is_let_go_of(bed, "0.10", ""));
}

#[test]
fn a_service_of_the_oldest_release_is_left_as_well() {
    isolated(|bed| a_deserted_service_is_let_go_of(bed, "0.7", "v0_7-"));
}

#[test]
fn a_service_that_the_configuration_describes_is_kept() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(INTO_NOTHING));
        bridge.wait_running(&["down"]);
        std::thread::sleep(std::time::Duration::from_secs(2));
        bridge.wait_for_route("down", "it stays", |route| route.is_running() && route.subscribers == Some(0));
        let subscriber = bed.iceoryx2("raw-subscriber", &["--queue", "16"]);
        subscriber.wait_for_line("started");
        bridge.wait_for_route("down", "it has company", |route| route.subscribers == Some(1));
        drop(subscriber);
        bridge.stop();
        roudi.stop();
    });
}

const INTO_NOTHING: &str = r#"
[[stream]]
name = "down"
from.classic = { service = "Raw", instance = "Main", event = "Bytes" }
to.iceoryx2 = { service = "raw/bytes", type = { name = "u8", size = 1, align = 1, slice = true }, queue = 16 }
"#;

const OUT_OF_NOTHING: &str = r#"
[[stream]]
name = "up"
from.iceoryx2 = { service = "raw/bytes", type = { name = "u8", size = 1, align = 1, slice = true }, queue = 512 }
to.classic = { service = "Raw", instance = "Main", event = "Bytes" }
"#;

fn all_through(route: &Route) -> bool {
    route.received.to_string() == COUNT && route.adds_up()
}

#[test]
fn what_nobody_heard_in_iceoryx2_is_counted() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(INTO_NOTHING));
        bridge.wait_running(&["down"]);
        let publisher = bed.classic("classic-raw-publisher", &["--count", COUNT, "--pace-us", "100"]);
        let route = bridge.wait_for_route("down", "all samples", all_through);
        assert_eq!((route.forwarded, route.unheard, route.sink_connected), (500, 500, Some(false)), "{route:#?}");
        publisher.finish();
        let table = bridge.table();
        assert!(
            table.contains("500 of the forwarded samples were published while nobody subscribed to iceoryx2 raw/bytes, and nobody does now"),
            "{table}"
        );
        let subscriber = bed.iceoryx2("raw-subscriber", &["--queue", "16"]);
        subscriber.wait_for_line("started");
        let publisher = bed.classic("classic-raw-publisher", &["--count", COUNT, "--pace-us", "100"]);
        let route = bridge.wait_for_route("down", "twice as many samples", |route| route.received == 1000);
        assert_eq!((route.forwarded, route.unheard), (1000, 500), "{route:#?}");
        publisher.finish();
        drop(subscriber);
        bridge.stop();
        roudi.stop();
    });
}

/// And a subscriber that asks its publishers to wait is told what the stream has to say.
#[test]
fn what_nobody_heard_in_classic_is_counted_and_explained() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(OUT_OF_NOTHING));
        bridge.wait_running(&["up"]);
        let patient = bed.classic("classic-raw-subscriber", &["--block"]);
        patient.wait_for_line("started");
        let send = |first: &str| {
            bed.iceoryx2("raw-publisher", &["--count", COUNT, "--first", first, "--pace-us", "100", "--queue", "512"])
        };
        let publisher = send("0");
        let route = bridge.wait_for_route("up", "all samples", all_through);
        assert_eq!((route.forwarded, route.unheard, route.sink_connected), (500, 500, Some(false)), "{route:#?}");
        let remark = route.remark.expect("why that may be");
        assert!(remark.contains("BLOCK_PRODUCER") && remark.contains("when_full = \"block\""), "{remark}");
        bridge.wait_for_route("up", "its publisher is known", |route| route.publishers == Some(1));
        publisher.finish();
        bridge.wait_for_route("up", "it is gone", |route| route.publishers == Some(0));
        let subscriber = bed.classic("classic-raw-subscriber", &["--name", "another"]);
        subscriber.wait_for_line("started");
        bridge.wait_for_route("up", "it is connected", |route| route.sink_connected == Some(true));
        let publisher = send("500");
        let route = bridge.wait_for_route("up", "twice as many samples", |route| route.received == 1000);
        assert_eq!((route.forwarded, route.unheard, route.remark), (1000, 500, None));
        publisher.finish();
        // Neither has seen what it would have to see to end well.
        drop([subscriber, patient]);
        bridge.stop();
        roudi.stop();
    });
}

/// Classic leaves a publisher out that does not wait, where the stream asks for it, and tells nobody.
#[test]
fn a_stream_that_asks_publishers_to_wait_says_what_that_takes() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge =
            bed.bridge(&bed.config(&INTO_NOTHING.replace("\"Bytes\" }", "\"Bytes\", when_full = \"block\" }")));
        bridge.wait_running(&["down"]);
        let publisher = bed.classic("classic-raw-publisher", &["--count", COUNT, "--pace-us", "100"]);
        publisher.wait_for_line("started");
        let route = bridge.wait_for_route("down", "a remark", |route| route.remark.is_some());
        assert_eq!(route.received, 0);
        let remark = route.remark.expect("as waited for");
        assert!(remark.contains("WAIT_FOR_CONSUMER") && remark.contains("when_full"), "{remark}");
        assert!(bridge.table().contains(&remark));
        drop(publisher);
        let publisher = bed.classic("classic-raw-publisher", &["--count", COUNT, "--block", "--pace-us", "100"]);
        bridge.wait_for_route("down", "samples, and no remark", |route| {
            route.received.to_string() == COUNT && route.remark.is_none()
        });
        publisher.finish();
        bridge.stop();
        roudi.stop();
    });
}
