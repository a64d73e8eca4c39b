//! Eclipse iceoryx's own examples, as they are, each with an iceoryx2 application on the other side of the bridge.

use tests::bed::{App, Bed, Output, Route, isolated};

const RADAR: &str = r#"
[[stream]]
name = "radar"
from.classic = { service = "Radar", instance = "FrontLeft", event = "Object" }
bidirectional = true

[stream.to.iceoryx2]
service = "Radar/FrontLeft/Object"
type = { name = "RadarObject", size = 24, align = 8 }
# icedelivery sends five at once, more than iceoryx2 holds unless asked to.
queue = 16
"#;

const TIMESTAMPS: &str = r#"
[[stream]]
name = "timestamps"
from.classic = { service = "Example", instance = "User-Header", event = "Timestamp" }
bidirectional = true

[stream.to.iceoryx2]
service = "Example/User-Header/Timestamp"
type = { name = "Data", size = 8, align = 8 }
user_header = { name = "Header", size = 8, align = 8 }
"#;

/// What the lines that contain `text` say behind it, in order, a value between commas.
fn values(output: &Output, text: &str) -> Vec<String> {
    let lines = output.lines();
    let said = lines.iter().filter_map(|line| line.split_once(text));
    said.flat_map(|(_, values)| values.split(", ").map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Lets them run until `count` values came over, and asserts that these are what was sent, from the first one on.
fn compare(publisher: App, sent: &str, subscriber: App, got: &str, count: usize) {
    subscriber.wait_for_lines(count, got);
    let output = publisher.output();
    publisher.finish();
    let sent = values(&output, sent);
    let last = sent.last().expect("it has sent what was received");
    subscriber.wait_for_line(&format!("{got}{last}"));
    let got = values(&subscriber.output(), got);
    subscriber.finish();
    assert!(got.len() >= count && sent.ends_with(&got), "sent {sent:?}\ngot {got:?}");
}

/// A C++ publisher, the bridge, an iceoryx2 subscriber.
fn to_iceoryx2(bed: &Bed, streams: &str, publisher: &str, subscriber: &str, sent: &str, count: usize) {
    let roudi = bed.roudi();
    let bridge = bed.bridge(&bed.config(streams));
    bridge.wait_for("running", |status| status.routes.iter().all(Route::is_running));
    let subscriber = bed.iceoryx2(subscriber, &[]);
    subscriber.wait_for_line("started");
    compare(bed.classic(publisher, &[]), sent, subscriber, "got value: ", count);
    bridge.stop();
    roudi.stop();
}

/// An iceoryx2 publisher, the bridge, a C++ subscriber.
fn to_classic(bed: &Bed, streams: &str, publisher: &str, subscriber: &str) {
    let roudi = bed.roudi();
    let bridge = bed.bridge(&bed.config(streams));
    bridge.wait_for("running", |status| status.routes.iter().all(Route::is_running));
    let subscriber = bed.classic(subscriber, &[]);
    compare(bed.iceoryx2(publisher, &[]), "sent value: ", subscriber, "got value: ", 10);
    bridge.stop();
    roudi.stop();
}

#[test]
#[cfg_attr(
    not(classic_examples),
    ignore = "the installation has no examples; set ICEORYX_EXAMPLES_DIR to those of its release"
)]
fn icehello_publisher_reaches_iceoryx2() {
    isolated(|bed| to_iceoryx2(bed, RADAR, "iox-cpp-publisher-helloworld", "radar-subscriber", "sent value: ", 3));
}

#[test]
#[cfg_attr(
    not(classic_examples),
    ignore = "the installation has no examples; set ICEORYX_EXAMPLES_DIR to those of its release"
)]
fn icedelivery_publisher_reaches_iceoryx2() {
    isolated(|bed| to_iceoryx2(bed, RADAR, "iox-cpp-publisher", "radar-subscriber", "sent values: ", 10));
}

#[test]
#[cfg_attr(
    not(classic_examples),
    ignore = "the installation has no examples; set ICEORYX_EXAMPLES_DIR to those of its release"
)]
fn icedelivery_untyped_publisher_reaches_iceoryx2() {
    isolated(|bed| {
        to_iceoryx2(bed, RADAR, "iox-cpp-publisher-untyped", "radar-subscriber", "sent two times value: ", 3);
    });
}

#[test]
#[cfg_attr(
    not(classic_examples),
    ignore = "the installation has no examples; set ICEORYX_EXAMPLES_DIR to those of its release"
)]
fn user_header_publisher_reaches_iceoryx2() {
    isolated(|bed| {
        to_iceoryx2(bed, TIMESTAMPS, "iox-cpp-user-header-publisher", "header-subscriber", "sent data: ", 3);
    });
}

#[test]
#[cfg_attr(
    not(classic_examples),
    ignore = "the installation has no examples; set ICEORYX_EXAMPLES_DIR to those of its release"
)]
fn user_header_untyped_publisher_reaches_iceoryx2() {
    isolated(|bed| {
        to_iceoryx2(bed, TIMESTAMPS, "iox-cpp-user-header-untyped-publisher", "header-subscriber", "sent data: ", 3);
    });
}

#[test]
#[cfg_attr(
    not(classic_examples),
    ignore = "the installation has no examples; set ICEORYX_EXAMPLES_DIR to those of its release"
)]
fn iceoryx2_reaches_icehello_subscriber() {
    isolated(|bed| to_classic(bed, RADAR, "radar-publisher", "iox-cpp-subscriber-helloworld"));
}

#[test]
#[cfg_attr(
    not(classic_examples),
    ignore = "the installation has no examples; set ICEORYX_EXAMPLES_DIR to those of its release"
)]
fn iceoryx2_reaches_icedelivery_subscriber() {
    isolated(|bed| to_classic(bed, RADAR, "radar-publisher", "iox-cpp-subscriber"));
}

#[test]
#[cfg_attr(
    not(classic_examples),
    ignore = "the installation has no examples; set ICEORYX_EXAMPLES_DIR to those of its release"
)]
fn iceoryx2_reaches_icedelivery_untyped_subscriber() {
    isolated(|bed| to_classic(bed, RADAR, "radar-publisher", "iox-cpp-subscriber-untyped"));
}

#[test]
#[cfg_attr(
    not(classic_examples),
    ignore = "the installation has no examples; set ICEORYX_EXAMPLES_DIR to those of its release"
)]
fn iceoryx2_reaches_user_header_subscriber() {
    isolated(|bed| to_classic(bed, TIMESTAMPS, "header-publisher", "iox-cpp-user-header-subscriber"));
}

#[test]
#[cfg_attr(
    not(classic_examples),
    ignore = "the installation has no examples; set ICEORYX_EXAMPLES_DIR to those of its release"
)]
fn iceoryx2_reaches_user_header_untyped_subscriber() {
    isolated(|bed| to_classic(bed, TIMESTAMPS, "header-publisher", "iox-cpp-user-header-untyped-subscriber"));
}
