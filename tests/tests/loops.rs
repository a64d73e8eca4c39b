//! One stream both ways, with publishers and subscribers on both sides: nobody gets a sample twice, none goes in circles.

use tests::bed::{App, Bed, Bridge, Route, exchange_between, isolated};

const SAMPLES: u64 = 2_000;

fn stream(when_full: &str) -> String {
    format!(
        r#"
        [[stream]]
        name = "bytes"
        bidirectional = true

        [stream.from.classic]
        service = "Raw"
        instance = "Main"
        event = "Bytes"
        queue = 256
        when_full = "{when_full}"

        [stream.to.iceoryx2]
        service = "raw/bytes"
        type = {{ name = "u8", size = 1, align = 1, slice = true }}
        queue = 256
        when_full = "{when_full}"
        max_publishers = 8
        max_subscribers = 8
        "#
    )
}

/// Two publishers of each stack, sources 1 to 4, and one subscriber of each that expects them all.
fn applications(bed: &Bed, more: &[&str]) -> (Vec<App>, Vec<App>) {
    let count = SAMPLES.to_string();
    let with = |own: &[&str]| -> Vec<String> {
        ["--count", &count].iter().chain(more).chain(own).map(|argument| (*argument).to_owned()).collect()
    };
    let expecting = with(&["--expect", "1,2,3,4"]);
    let expecting: Vec<&str> = expecting.iter().map(String::as_str).collect();
    let subscribers =
        vec![bed.classic("classic-raw-subscriber", &expecting), bed.iceoryx2("raw-subscriber", &expecting)];
    let publishers = ["1", "2", "3", "4"]
        .into_iter()
        .map(|source| {
            let name = format!("publisher-{source}");
            if source <= "2" {
                let arguments = with(&["--handshake", "--source", source, "--name", &name]);
                bed.classic("classic-raw-publisher", &arguments.iter().map(String::as_str).collect::<Vec<_>>())
            } else {
                let arguments = with(&["--handshake", "--source", source]);
                bed.iceoryx2("raw-publisher", &arguments.iter().map(String::as_str).collect::<Vec<_>>())
            }
        })
        .collect();
    (publishers, subscribers)
}

fn assert_settled(bridge: &Bridge) {
    for name in ["bytes", "bytes/back"] {
        bridge.wait_for_route(name, "every sample accounted for", |route| {
            route.forwarded >= 2 * SAMPLES && route.adds_up()
        });
    }
    // The applications are gone. What still moved now would be the bridge's own samples, on their second round.
    let counts = || {
        let status = bridge.status().expect("the bridge is running");
        status.routes.iter().map(|route| (route.received, route.forwarded)).collect::<Vec<_>>()
    };
    let before = counts();
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(before, counts(), "samples move although nobody publishes");
}

#[test]
fn four_publishers_reach_both_sides_once() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(&stream("block")));
        bridge.wait_running(&["bytes", "bytes/back"]);
        let (publishers, subscribers) = applications(bed, &["--block"]);
        exchange_between(publishers, subscribers, SAMPLES);
        assert_settled(&bridge);
        bridge.stop();
        roudi.stop();
    });
}

/// Without blocking, samples may be lost where a queue is full; those that arrive still arrive once and in order.
#[test]
fn four_publishers_that_do_not_wait_reach_both_sides_at_most_once() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(&stream("drop-oldest")));
        bridge.wait_running(&["bytes", "bytes/back"]);
        let (mut publishers, subscribers) = applications(bed, &["--lossy", "--pace-us", "200"]);
        for subscriber in &subscribers {
            subscriber.wait_for_lines(4, "connected source=");
        }
        publishers.iter_mut().for_each(App::go);
        for publisher in &publishers {
            publisher.wait_for_line(&format!("done sent={SAMPLES}"));
        }
        publishers.into_iter().for_each(|publisher| drop(publisher.finish()));
        bridge.wait_for("every sample accounted for", |status| status.routes.iter().all(Route::adds_up));
        subscribers.into_iter().for_each(|subscriber| drop(subscriber.finish()));
        bridge.stop();
        roudi.stop();
    });
}

/// Where a second bridge leads back what a first one carries over, the one that came later is held back, says why with the
/// whole path, and runs when the first one has gone.
#[test]
fn a_circle_over_two_bridges_is_not_closed() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let rust =
            r#"{ service = "raw/bytes", type = { name = "u8", size = 1, align = 1, slice = true }, queue = 64 }"#;
        let classic = r#"{ service = "Raw", instance = "Main", event = "Bytes" }"#;
        let stream = |name: &str, from: &str, to: &str| format!("[[stream]]\nname = \"{name}\"\n{from}\n{to}\n");
        let down = stream("down", &format!("from.classic = {classic}"), &format!("to.iceoryx2 = {rust}"));
        let up = stream("up", &format!("from.iceoryx2 = {rust}"), &format!("to.classic = {classic}"));
        let away = stream(
            "away",
            &format!("from.iceoryx2 = {rust}"),
            &format!("to.classic = {}", classic.replace("Main", "Other")),
        );
        let first = bed.bridge(&bed.config_named("one", &down));
        first.wait_running(&["down"]);
        let second = bed.bridge(&bed.config_named("two", &(up + &away)));
        // What closes no circle runs.
        second.wait_running(&["away"]);
        let reason = second.wait_for_reason("up");
        let path = "iceoryx2 raw/bytes -> (up of bridge two) classic Raw/Main/Bytes -> (down of bridge one) iceoryx2 raw/bytes;";
        assert!(reason.contains(path), "{reason}");
        assert_eq!(second.wait_for_route("up", "blocked", |_| true).state, "blocked");

        // One sample stays one.
        let publisher = bed.classic("classic-raw-publisher", &["--count", "1"]);
        second.wait_for_route("away", "the sample", |route| route.received == 1);
        std::thread::sleep(std::time::Duration::from_millis(300));
        assert_eq!(first.wait_for_route("down", "an account", |_| true).received, 1);
        assert_eq!(second.wait_for_route("up", "an account", |_| true).received, 0);
        publisher.finish();

        first.stop();
        second.wait_running(&["up", "away"]);
        // Now it is the other one that comes later.
        let first = bed.bridge(&bed.config_named("one", &down));
        assert!(first.wait_for_reason("down").contains("(up of bridge two)"));
        second.wait_running(&["up"]);
        first.stop();
        second.stop();
        roudi.stop();
    });
}

/// A circle that nobody can know of before: what goes round is dropped, and the stream rests when it is more than a few.
#[test]
fn a_circle_that_is_not_seen_before_is_ended_all_the_same() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let rust =
            r#"{ service = "raw/bytes", type = { name = "u8", size = 1, align = 1, slice = true }, queue = 64 }"#;
        let classic = r#"{ service = "Raw", instance = "Main", event = "Bytes" }"#;
        let other = classic.replace("Main", "Other");
        let first = bed.bridge(&bed.config_named(
            "one",
            &format!(
                "[[stream]]\nname = \"down\"\nfrom.classic = {classic}\nto.iceoryx2 = {rust}\n\
                 [[stream]]\nname = \"away\"\nfrom.iceoryx2 = {rust}\nto.classic = {other}\n"
            ),
        ));
        let second = Bridge::start_out_of_sight(
            bed,
            &bed.config_named(
                "two",
                &format!("[[stream]]\nname = \"up\"\nfrom.iceoryx2 = {rust}\nto.classic = {classic}\n"),
            ),
        );
        first.wait_running(&["down", "away"]);
        second.wait_running(&["up"]);
        let dropped = |route: &Route| route.rejected.by_reason.get("circle").copied().unwrap_or(0);
        let went_round = || {
            let first = first.wait_for_route("down", "an account", |_| true);
            let second = second.wait_for_route("up", "an account", |_| true);
            (dropped(&first) + dropped(&second), first.received + second.received)
        };

        // One sample goes round some times, and no more.
        let publish = |count: &str| bed.classic("classic-raw-publisher", &["--count", count]);
        let publisher = publish("1");
        let is_dropped = |_: &Route| went_round().0 == 1;
        first.wait_for_route("down", "the sample is dropped", is_dropped);
        let before = went_round();
        std::thread::sleep(std::time::Duration::from_millis(300));
        assert_eq!(before, went_round(), "it goes round no more");
        assert!(before.1 < 1000, "{before:?}");
        let tables = first.table() + &second.table();
        assert!(tables.contains("came back to it again and again"), "{tables}");
        assert!(first.wait_for_route("down", "it runs", |_| true).is_running());
        publisher.finish();

        // Of more than a few one of the two streams rests, and what does not go round goes on.
        let publisher = publish("50");
        let rests = |bridge: &Bridge, route| bridge.wait_for_route(route, "an account", |_| true).state == "blocked";
        first.wait_for_route("away", "one of the two rests", |_| rests(&first, "down") || rests(&second, "up"));
        let tables = first.table() + &second.table();
        assert!(tables.contains("its own samples came back to it"), "{tables}");
        assert!(first.wait_for_route("away", "it runs", |_| true).is_running());
        publisher.finish();
        first.stop();
        second.stop();
        roudi.stop();
    });
}
