//! Applications that wait for events of iceoryx2 instead of looking for samples, in every release of it.

use tests::bed::{Bed, Bridge, isolated};

/// The releases, and what their applications' programs are called by.
const RELEASES: [(&str, &str); 4] = [("0.7", "v0_7-"), ("0.8", "v0_8-"), ("0.9", "v0_9-"), ("0.10", "")];

/// As many as the history of the applications holds.
const SAMPLES: &str = "20";

/// Applications that follow `PubSubEvent`, as those of iceoryx2's example do, on one side, and classic on the other.
fn streams(release: &str) -> String {
    format!(
        r#"
[lane.waiting]
wait = "event"

[[stream]]
name = "to"
lane = "waiting"
from.classic = {{ service = "To", instance = "{release}", event = "Transmission", history = 16 }}

[stream.to.iceoryx2]
service = "to"
release = "{release}"
type = {{ name = "TransmissionData", size = 16, align = 8 }}
queue = 20
history = 20
notify = "PubSubEvent"

[[stream]]
name = "from"
lane = "waiting"
to.classic = {{ service = "From", instance = "{release}", event = "Transmission", history = 16 }}

[stream.from.iceoryx2]
service = "from"
release = "{release}"
type = {{ name = "TransmissionData", size = 16, align = 8 }}
queue = 20
history = 20
notify = {{ id = "PubSubEvent", service = "from" }}
"#
    )
}

/// From C++ to a subscriber that looks only when it is told to, and to one that comes late and is given the history.
fn samples_and_history_are_announced(bed: &Bed, bridge: &Bridge, release: &str, programs: &str) {
    let subscriber = |said: &str| {
        let app = bed.iceoryx2(&format!("{programs}event-subscriber"), &["--service", "to", "--count", SAMPLES]);
        app.wait_for_line(said);
        app
    };
    let early = subscriber("started");
    let service = ["--service", "To", "--instance", release, "--event", "Transmission"];
    let options = ["--count", SAMPLES, "--pace-us", "20000"];
    let publisher = bed.classic("classic-transmission-publisher", &[service.as_slice(), &options].concat());
    early.wait_for_line(&format!("complete received={SAMPLES}"));
    early.finish();
    let late = subscriber("there is a history");
    late.wait_for_line(&format!("complete received={SAMPLES}"));
    publisher.finish();
    late.finish();
    bridge.wait_for_route("to", "an account", |route| route.forwarded == 20 && route.adds_up());
}

#[test]
fn the_bridge_tells_subscribers_that_wait() {
    isolated(|bed| {
        for (release, programs) in RELEASES {
            let roudi = bed.roudi();
            let bridge = bed.bridge(&bed.config(&streams(release)));
            bridge.wait_running(&["to"]);
            samples_and_history_are_announced(bed, &bridge, release, programs);
            let last = bed.iceoryx2(&format!("{programs}event-subscriber"), &["--service", "to", "--lossy"]);
            last.wait_for_line("there is a history");
            bridge.stop();
            last.wait_for_line("a publisher has left");
            last.finish();
            roudi.stop();
        }
    });
}

#[test]
fn the_bridge_waits_for_what_publishers_tell() {
    isolated(|bed| {
        for (release, programs) in RELEASES {
            let roudi = bed.roudi();
            let publisher = |options: &[&str]| {
                let all = [&["--service", "from", "--count", SAMPLES], options].concat();
                bed.iceoryx2(&format!("{programs}event-publisher"), &all)
            };
            // It made both services, as it likes them.
            let first = publisher(&[]);
            first.wait_for_line(&format!("done sent={SAMPLES}"));
            let bridge = bed.bridge(&bed.config(&streams(release)));
            bridge.wait_for_route("from", "the history", |route| route.forwarded == 20);
            first.wait_for_line("a subscriber has come");
            first.wait_for_line("a subscriber has received");

            bridge.wait_until_calm();
            let before = bridge.sleeps("lane");
            let second = publisher(&["--first", "20", "--pace-us", "50000"]);
            second.wait_for_line(&format!("done sent={SAMPLES}"));
            bridge.wait_for_route("from", "all samples", |route| route.forwarded == 40 && route.adds_up());
            // A second; a lane that looks for samples sleeps 600 times in that time.
            let slept = bridge.sleeps("lane") - before;
            assert!(slept < 200, "the lane was awake {slept} times for 20 samples");
            second.wait_for_line("a subscriber has received");
            bridge.stop();
            first.wait_for_line("a subscriber has left");
            first.finish();
            second.finish();
            roudi.stop();
        }
    });
}

/// Most bindings of iceoryx2 send its default event, 0, and nothing else; some have an event service of another name.
#[test]
fn any_event_will_do() {
    isolated(|bed| {
        for (release, programs) in RELEASES {
            for (notify, options) in [
                ("0", vec!["--event", "0"]),
                // More than iceoryx2 has by default; the bridge makes the service.
                ("{ id = 300, service = \"other\" }", vec!["--event", "300", "--event-service", "other"]),
            ] {
                let roudi = bed.roudi();
                let config =
                    streams(release).replace("\"PubSubEvent\"", "0").replace("{ id = 0, service = \"from\" }", "0");
                let bridge = bed.bridge(&bed.config(&config.replace("notify = 0", &format!("notify = {notify}"))));
                bridge.wait_running(&["to", "from"]);
                let application = |name: &str, service: &str, more: &[&str]| {
                    let all = [&["--service", service, "--count", SAMPLES], more, &options].concat();
                    bed.iceoryx2(&format!("{programs}{name}"), &all)
                };
                let subscriber = application("event-subscriber", "to", &[]);
                subscriber.wait_for_line("started");
                let service = ["--service", "To", "--instance", release, "--event", "Transmission"];
                let pace = ["--count", SAMPLES, "--pace-us", "10000"];
                let classic = bed.classic("classic-transmission-publisher", &[service.as_slice(), &pace].concat());
                subscriber.wait_for_line(&format!("complete received={SAMPLES}"));
                let publisher = application("event-publisher", "from", &["--pace-us", "10000"]);
                bridge.wait_for_route("from", "all samples", |route| route.forwarded == 20 && route.adds_up());
                for app in [subscriber, classic, publisher] {
                    app.finish();
                }
                bridge.stop();
                roudi.stop();
            }
        }
    });
}
