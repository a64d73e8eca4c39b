//! Applications of every release of iceoryx2, which cannot meet each other, all through one bridge.

use tests::bed::{Bed, Bridge, exchange_through, isolated};

/// The releases, and what their applications' programs are called by.
const RELEASES: [(&str, &str); 4] = [("0.7", "v0_7-"), ("0.8", "v0_8-"), ("0.9", "v0_9-"), ("0.10", "")];

const SAMPLES: u64 = 5_000;

/// A stream from classic to a release, and one back.
fn both_ways(release: &str) -> String {
    let document = |name: &str| {
        format!(
            r#"{{ service = "{name}/{release}", release = "{release}", format = "msgpack", queue = 64, when_full = "block" }}"#
        )
    };
    let ticks = |event: &str| {
        format!(
            r#"{{ service = "Market", instance = "{release}", event = "{event}", format = "struct", layout = "MarketTick", when_full = "block" }}"#
        )
    };
    let (to, from) = (document("to"), document("from"));
    let (given, taken) = (ticks("Given"), ticks("Taken"));
    format!(
        r#"
[[stream]]
name = "to-{release}"
from.classic = {given}
to.iceoryx2 = {to}

[[stream]]
name = "from-{release}"
from.iceoryx2 = {from}
to.classic = {taken}
"#
    )
}

/// Ticks go from C++ to Rust with this release, and from Rust to C++, every one of them.
fn ticks_go_both_ways(bed: &Bed, bridge: &Bridge, release: &str, programs: &str) {
    let count = SAMPLES.to_string();
    let (to, from) = (format!("to/{release}"), format!("from/{release}"));
    let subscriber = bed.iceoryx2(
        &format!("{programs}tick-subscriber"),
        &["--service", &to, "--count", &count, "--block", "--queue", "64"],
    );
    let publisher = bed.classic(
        "classic-tick-publisher",
        &["--instance", release, "--event", "Given", "--count", &count, "--block", "--handshake"],
    );
    exchange_through(bridge, &format!("to-{release}"), publisher, subscriber, SAMPLES);
    let subscriber = bed
        .classic("classic-tick-subscriber", &["--instance", release, "--event", "Taken", "--count", &count, "--block"]);
    let publisher = bed.iceoryx2(
        &format!("{programs}tick-publisher"),
        &["--service", &from, "--count", &count, "--block", "--queue", "64", "--handshake"],
    );
    exchange_through(bridge, &format!("from-{release}"), publisher, subscriber, SAMPLES);
}

#[test]
fn one_bridge_serves_all_releases() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let streams: String = RELEASES.iter().map(|(release, _)| both_ways(release)).collect();
        let bridge = bed.bridge(&bed.config(&streams));
        for (release, programs) in RELEASES {
            bridge.wait_running(&[&format!("to-{release}"), &format!("from-{release}")]);
            ticks_go_both_ways(bed, &bridge, release, programs);
        }
        bridge.stop();
        roudi.stop();
    });
}

/// Rust applications migrate one by one: each pair of releases, without classic and without RouDi.
#[test]
fn a_stream_leads_from_one_release_to_another() {
    isolated(|bed| {
        let pairs: Vec<_> = RELEASES
            .iter()
            .flat_map(|from| RELEASES.iter().map(move |to| (*from, *to)))
            .filter(|((from, _), (to, _))| from != to)
            .collect();
        let streams: String = pairs
            .iter()
            .map(|((from, _), (to, _))| {
                let end = |release: &str| {
                    format!(
                        r#"{{ service = "{release}/{from}-to-{to}", release = "{release}", type = {{ name = "u8", size = 1, align = 1, slice = true }}, queue = 64, when_full = "block" }}"#
                    )
                };
                format!(
                    "\n[[stream]]\nname = \"{from}-to-{to}\"\nfrom.iceoryx2 = {}\nto.iceoryx2 = {}\n",
                    end(from),
                    end(to)
                )
            })
            .collect();
        let bridge = bed.bridge(&bed.config(&streams));
        let count = SAMPLES.to_string();
        for ((from, from_programs), (to, to_programs)) in pairs {
            let name = format!("{from}-to-{to}");
            bridge.wait_running(&[&name]);
            let (source, sink) = (format!("{from}/{name}"), format!("{to}/{name}"));
            let options = ["--count", &count, "--block", "--queue", "64", "--size", "1000"];
            let subscriber = bed.iceoryx2(
                &format!("{to_programs}raw-subscriber"),
                &[["--service", &sink].as_slice(), &options].concat(),
            );
            let publisher = bed.iceoryx2(
                &format!("{from_programs}raw-publisher"),
                &[["--service", &source].as_slice(), &options, &["--handshake"]].concat(),
            );
            exchange_through(&bridge, &name, publisher, subscriber, SAMPLES);
        }
        bridge.stop();
    });
}

/// Somebody configured the wrong release: the state says both.
#[test]
fn a_service_of_another_release_is_named() {
    isolated(|bed| {
        let roudi = bed.roudi();
        for (made, programs) in RELEASES {
            for (configured, _) in RELEASES.iter().filter(|(configured, _)| *configured != made) {
                let service = format!("of {made} for {configured}");
                let publisher = bed.iceoryx2(&format!("{programs}raw-publisher"), &["--service", &service]);
                let streams = format!(
                    r#"
[[stream]]
name = "wrong"
from.iceoryx2 = {{ service = "{service}", release = "{configured}" }}
to.classic = {{ service = "a", instance = "b", event = "c" }}
"#
                );
                let bridge = bed.bridge(&bed.config(&streams));
                let words =
                    if made == "0.7" || made == "0.8" { "iceoryx2 0.7 or 0.8" } else { &format!("iceoryx2 {made}") };
                let says = |reason: &str| {
                    reason.contains(words) && reason.contains(&format!("the stream says release {configured}."))
                };
                bridge.wait_for_route("wrong", &format!("told that it was made by {made}"), |route| {
                    route.reason.as_deref().is_some_and(says)
                });
                bridge.stop();
                publisher.terminate();
                publisher.finish();
            }
        }
        roudi.stop();
    });
}
