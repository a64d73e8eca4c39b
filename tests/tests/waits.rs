//! A stream that waits for room at its subscribers: for one that stands still it waits and says so, for one that has died it
//! does not, and told to stop it stops.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tests::bed::{App, Bed, Bridge, isolated};

/// Between a stop and its end.
const AT_ONCE: Duration = Duration::from_secs(2);

fn config(bed: &Bed, release: &str) -> String {
    let config = bed.config(
        r#"
        [[stream]]
        name = "strict"
        from.classic = { service = "Raw", instance = "Main", event = "Bytes" }
        to.iceoryx2 = { service = "strict", type = { name = "u8", size = 1, align = 1, slice = true }, queue = 16, when_full = "block" }

        [[stream]]
        name = "other"
        from.classic = { service = "Raw", instance = "Main", event = "Bytes" }
        to.iceoryx2 = { service = "other", type = { name = "u8", size = 1, align = 1, slice = true }, queue = 16 }
        "#,
    );
    config.replace("release = \"0.10\"", &format!("release = \"{release}\""))
}

fn subscriber(bed: &Bed, prefix: &str, service: &str, strict: bool) -> App {
    let mut options = vec!["--service", service, "--queue", "16"];
    if strict {
        options.push("--block");
    }
    let subscriber = bed.iceoryx2(&format!("{prefix}raw-subscriber"), &options);
    subscriber.wait_for_line("started");
    subscriber
}

/// Samples that no end of this test depends on.
fn publisher(bed: &Bed) -> App {
    bed.classic("classic-raw-publisher", &["--pace-us", "1000"])
}

fn wait_until_it_waits(bridge: &Bridge, program: &str) {
    let remark = |remark: &Option<String>| remark.as_ref().is_some_and(|remark| remark.contains("waits since"));
    let route = bridge.wait_for_route("strict", "it waits", |route| remark(&route.remark));
    assert!(route.is_running(), "{route:#?}");
    // Who it is may take another look.
    bridge.wait_for_route("strict", "it says for whom", |route| {
        route.remark.as_ref().is_some_and(|remark| remark.contains(program))
    });
    assert!(bridge.table().contains("strict: waits since"));
}

fn wait_for_more(bridge: &Bridge, route: &str) {
    let before = bridge.wait_for_route(route, "an account", |_| true).forwarded;
    bridge.wait_for_route(route, "samples go on", |route| route.forwarded > before + 50);
}

fn stop_at_once(bridge: Bridge) {
    let told = Instant::now();
    bridge.stop();
    assert!(told.elapsed() < AT_ONCE, "{:?}", told.elapsed());
}

fn one_that_stands_still_is_waited_for(bed: &Bed, release: &str, prefix: &str) {
    bed.leftovers_are_fine();
    let roudi = bed.roudi();
    let bridge = bed.bridge(&config(bed, release));
    bridge.wait_running(&["strict", "other"]);
    let still = subscriber(bed, prefix, "strict", true);
    let publisher = publisher(bed);
    wait_for_more(&bridge, "strict");
    still.signal(Signal::STOP);
    wait_until_it_waits(&bridge, "iox2");
    wait_for_more(&bridge, "other");
    // It goes on with the subscriber, which may take the signal for an order to end.
    still.signal(Signal::CONT);
    wait_for_more(&bridge, "strict");
    drop(still);
    bridge.wait_for_route("strict", "nothing to remark", |route| route.remark.is_none());
    assert_eq!(bridge.status().expect("an answer").workers.first().map(|worker| worker.restarts), Some(0));
    let still = subscriber(bed, prefix, "strict", true);
    wait_for_more(&bridge, "strict");
    still.signal(Signal::STOP);
    wait_until_it_waits(&bridge, "iox2");
    stop_at_once(bridge);
    still.signal(Signal::CONT);
    drop((still, publisher));
    // What was left does not hinder the next one.
    let bridge = bed.bridge(&config(bed, release));
    bridge.wait_running(&["strict", "other"]);
    bridge.stop();
    roudi.stop();
}

#[test]
fn one_that_stands_still_is_waited_for_in_0_8() {
    isolated(|bed| one_that_stands_still_is_waited_for(bed, "0.8", "v0_8-"));
}

#[test]
fn one_that_stands_still_is_waited_for_in_0_10() {
    isolated(|bed| one_that_stands_still_is_waited_for(bed, "0.10", ""));
}

fn one_that_is_gone_is_not_waited_for(bed: &Bed, release: &str, prefix: &str) {
    bed.leftovers_are_fine();
    let roudi = bed.roudi();
    let bridge = bed.bridge(&config(bed, release));
    bridge.wait_running(&["strict", "other"]);
    let publisher = publisher(bed);
    // Killed, and ended in order while its queue is full.
    for end in [Signal::KILL, Signal::TERM] {
        let mut dying = subscriber(bed, prefix, "strict", true);
        wait_for_more(&bridge, "strict");
        dying.signal(Signal::STOP);
        // Until its queue is full.
        thread::sleep(Duration::from_millis(100));
        dying.signal(end);
        dying.signal(Signal::CONT);
        dying.wait();
        let died = Instant::now();
        wait_for_more(&bridge, "strict");
        assert!(died.elapsed() < Duration::from_secs(5), "{:?}", died.elapsed());
        wait_for_more(&bridge, "other");
    }
    drop(publisher);
    stop_at_once(bridge);
    roudi.stop();
}

#[test]
fn one_that_is_gone_is_not_waited_for_in_0_7() {
    isolated(|bed| one_that_is_gone_is_not_waited_for(bed, "0.7", "v0_7-"));
}

#[test]
fn one_that_is_gone_is_not_waited_for_in_0_8() {
    isolated(|bed| one_that_is_gone_is_not_waited_for(bed, "0.8", "v0_8-"));
}

#[test]
fn one_that_is_gone_is_not_waited_for_in_0_10() {
    isolated(|bed| one_that_is_gone_is_not_waited_for(bed, "0.10", ""));
}
