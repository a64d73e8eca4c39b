//! Both lines of classic in one bridge, each with a worker from an executable that was built with it. Only one line can be
//! installed here, so the other worker's executable is of the same line and says that it is of the other one: both
//! workers are clients of one RouDi, and all else is as it would be.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use tests::bed::{Bed, Bridge, LINES, Status, isolated, ticks_arrive};

const SAMPLES: u64 = 2_000;

/// The executable of the other line, where its mode is as it should be.
fn other(bed: &Bed) -> String {
    let path = bed.file("other-line");
    fs::copy(bed.program("bridge-of-another-line"), &path).expect("room for a program");
    fs::set_permissions(&path, Permissions::from_mode(0o755)).expect("our file");
    path
}

/// A configuration in which the other line's worker is this executable. `tests` need the real bridge beside it.
fn config(bed: &Bed, worker: &str, streams: &str) -> String {
    let workers = format!("[classic]\nworkers = {{ \"{}\" = \"{worker}\" }}\n", LINES.1);
    bed.config(streams).replace("[classic]\n", &workers)
}

fn start(bed: &Bed, config: &str, environment: &[(&str, &str)]) -> Bridge {
    let bridge = format!("IOX_BRIDGE_BIN={}", bed.bridge_program());
    let others = environment.iter().map(|(name, value)| format!("{name}={value}"));
    let through: Vec<String> = ["env".to_owned(), bridge].into_iter().chain(others).collect();
    Bridge::start_through(bed, config, &through.iter().map(String::as_str).collect::<Vec<_>>())
}

fn end(event: &str, line: &str) -> String {
    format!(
        r#"{{ service = "Market", instance = "Lines", event = "{event}", release = "{line}", when_full = "block" }}"#
    )
}

/// The workers' lines of classic, sorted.
fn lines(status: &Status) -> Vec<&str> {
    let mut lines: Vec<_> = status.workers.iter().filter_map(|worker| worker.classic.as_deref()).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn streams_lead_between_both_lines_and_iceoryx2() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let (own, foreign) = LINES;
        let rust = |service: &str| {
            format!(
                r#"{{ service = "{service}", type = {{ name = "MarketTick", size = 40, align = 8 }}, queue = 64, when_full = "block" }}"#
            )
        };
        let streams = [
            ("over", format!("from.classic = {}\nto.classic = {}", end("A", own), end("B", foreign))),
            ("back", format!("from.classic = {}\nto.classic = {}", end("C", foreign), end("D", own))),
            ("to-rust", format!("from.classic = {}\nto.iceoryx2 = {}", end("E", foreign), rust("lines/e"))),
            ("from-rust", format!("from.iceoryx2 = {}\nto.classic = {}", rust("lines/f"), end("F", foreign))),
        ];
        let streams: String =
            streams.iter().map(|(name, ends)| format!("\n[[stream]]\nname = \"{name}\"\n{ends}\n")).collect();
        let bridge = start(bed, &config(bed, &other(bed), &streams), &[]);
        let status = bridge.wait_for("connected", |status| {
            status.roudis.len() == 2 && status.roudis.iter().all(|roudi| roudi.state == "connected")
        });
        assert_eq!(lines(&status), {
            let mut both = [own, foreign];
            both.sort_unstable();
            both
        });
        let count = SAMPLES.to_string();
        let classic_end = |event: &str, role: &str| {
            let mut options = vec!["--instance", "Lines", "--event", event, "--count", &count, "--block"];
            if role == "publisher" {
                options.push("--handshake");
            }
            bed.classic(&format!("classic-tick-{role}"), &options)
        };
        for (route, from, to) in [("over", "A", "B"), ("back", "C", "D")] {
            bridge.wait_running(&[route]);
            let subscriber = classic_end(to, "subscriber");
            tests::bed::exchange_through(&bridge, route, classic_end(from, "publisher"), subscriber, SAMPLES);
        }
        bridge.wait_running(&["to-rust", "from-rust"]);
        bridge.stop();
        roudi.stop();
    });
}

/// What the routes of the other line say about its executable, while those of the bridge's own line go on.
fn says(bed: &Bed, worker: &str, environment: &[(&str, &str)], words: &[&str]) {
    let foreign = format!(
        "\n[[stream]]\nname = \"foreign\"\nfrom.classic = {}\nto.iceoryx2 = {{ service = \"x\", type = {{ name = \"T\", size = 8, align = 8 }} }}\n",
        end("A", LINES.1)
    );
    let bridge = start(bed, &config(bed, worker, &format!("{}{foreign}", tests::bed::TICKS)), environment);
    bridge.wait_for_route("foreign", &format!("{words:?}"), |route| {
        let reason = route.reason.as_deref().unwrap_or_default();
        route.state == "blocked" && words.iter().all(|word| reason.contains(word))
    });
    ticks_arrive(bed, &bridge, 500);
    bridge.stop();
}

#[test]
fn an_executable_that_is_not_what_it_is_entered_for_is_told_with_the_remedy() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let good = other(bed);
        says(bed, "/tmp/nobody-built-it", &[], &["/tmp/nobody-built-it", "is not there", "make build CLASSIC="]);
        says(bed, &good, &[("BRIDGE_VERSION", "99.1.2")], &["is iox-bridge 99.1.2", env!("CARGO_PKG_VERSION")]);
        let own = format!("{}.3", LINES.0);
        says(bed, &good, &[("BRIDGE_CLASSIC", &own)], &[&format!("entered for classic {}", LINES.1), &own]);
        says(bed, "/bin/true", &[], &["/bin/true", "is no iox-bridge"]);
        fs::set_permissions(&good, Permissions::from_mode(0o777)).expect("our file");
        says(bed, &good, &[], &["may be written by others", "chmod go-w"]);
        fs::set_permissions(&good, Permissions::from_mode(0o644)).expect("our file");
        says(bed, &good, &[], &["is not executable"]);
        roudi.stop();
    });
}

#[test]
fn a_line_without_an_executable_is_an_error_of_the_configuration() {
    isolated(|bed| {
        let stream = format!(
            "\n[[stream]]\nname = \"foreign\"\nfrom.classic = {}\nto.iceoryx2 = {{ service = \"x\" }}\n",
            end("A", LINES.1)
        );
        let checked = Bridge::check(bed, &bed.config(&stream));
        let said = String::from_utf8_lossy(&checked.stderr);
        assert_eq!(checked.status.code(), Some(78), "{said}");
        assert!(said.contains("names no executable") && said.contains("make build CLASSIC="), "{said}");
        let checked = Bridge::check(bed, &config(bed, "/tmp/some", &stream));
        let said = String::from_utf8_lossy(&checked.stdout);
        assert_eq!(checked.status.code(), Some(0), "{said}");
        assert!(said.contains(&format!("classic {} Market/Lines/A", LINES.1)), "{said}");
    });
}

/// So many streams of the other line that their plan is more than a socket has room for.
fn more_than_a_socket_holds() -> String {
    let stream = |number: u32| {
        format!(
            "\n[[stream]]\nname = \"stream-{number}\"\nfrom.classic = {}\nto.iceoryx2 = {{ service = \"x/{number}\", type = {{ name = \"T\", size = 8, align = 8 }} }}\n",
            end(&format!("E{number}"), LINES.1)
        )
    };
    (0..900).map(stream).collect()
}

/// A worker that does not even listen has no ports: it is no reason to stay.
#[test]
fn a_worker_that_does_not_take_up_its_plan_holds_up_no_stop() {
    isolated(|bed| {
        let worker = other(bed);
        let bridge = start(bed, &config(bed, &worker, &more_than_a_socket_holds()), &[("BRIDGE_WORKER", "hangs")]);
        let status = bridge.wait_for("a worker", |status| status.workers.iter().any(|worker| worker.pid.is_some()));
        let worker = status.workers.iter().find_map(|worker| worker.pid).expect("it was there");
        bridge.stop();
        assert!(!fs::exists(format!("/proc/{worker}")).unwrap_or(true), "no process is left");
    });
}

/// A worker that ends before it has heard its plan has said why by its exit code.
#[test]
fn why_a_worker_ends_before_it_has_its_plan_is_told() {
    isolated(|bed| {
        let worker = other(bed);
        let bridge = start(bed, &config(bed, &worker, &more_than_a_socket_holds()), &[("BRIDGE_WORKER", "ends=87")]);
        bridge.wait_for_route("stream-0", "told why", |route| {
            route.reason.as_deref().is_some_and(|reason| reason.contains("could not become the user"))
        });
        bridge.stop();
    });
}
