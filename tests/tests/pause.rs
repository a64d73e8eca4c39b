//! Streams that the operator pauses: nothing crosses, and all of it is counted.

use std::process::Command;

use rustix::process::{Pid, Signal, kill_process};
use tests::bed::{Bridge, Route, isolated};

const STREAMS: &str = r#"
[[stream]]
name = "bytes"
from.classic = { service = "Raw", instance = "Main", event = "Bytes" }
to.iceoryx2 = { service = "raw/bytes", type = { name = "u8", size = 1, align = 1, slice = true } }

# In two halves, of which the first one takes the samples.
[[stream]]
name = "halves"
from.iceoryx2 = { service = "raw/bytes", queue = 64 }
to.iceoryx2 = { service = "raw/other", release = "0.9", type = { name = "u8", size = 1, align = 1, slice = true } }
"#;

fn paused(route: &Route) -> u64 {
    route.dropped.by_reason.get("paused").copied().unwrap_or(0)
}

/// What the command says, which ends with this code.
fn told(bridge: &Bridge, arguments: &[&str], code: i32) -> String {
    let output = bridge.command(arguments);
    let said = String::from_utf8(output.stderr).expect("it is text");
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

#[test]
fn a_paused_stream_drops_and_counts_until_it_goes_on() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(STREAMS));
        bridge.wait_running(&["bytes", "halves"]);
        let publisher = bed.classic("classic-raw-publisher", &["--pace-us", "1000"]);
        let flows = |name: &str, than: u64| {
            bridge.wait_for_route(name, "samples flow", |route| route.forwarded > than && route.adds_up())
        };
        flows("bytes", 20);

        assert!(told(&bridge, &["pause", "bytes"], 0).contains("bytes is paused"));
        assert!(told(&bridge, &["pause", "bytes"], 0).contains("was paused already"));
        let before = bridge.wait_for_route("bytes", "samples are dropped", |route| paused(route) > 20);
        assert!(
            bridge.table().contains("paused") && bridge.table().contains("iox-bridge resume bytes"),
            "{}",
            bridge.table()
        );

        // Another worker finds it as it was.
        let workers = bridge.status().expect("it answers").workers;
        let worker = workers.iter().find(|worker| worker.release == "0.10").and_then(|worker| worker.pid);
        let worker = worker.and_then(|pid| Pid::from_raw(pid.cast_signed())).expect("it runs");
        kill_process(worker, Signal::TERM).expect("it is there");
        bridge.wait_for("another worker", |status| status.workers.iter().any(|worker| worker.restarts == 1));
        bridge.wait_running(&["bytes", "halves"]);
        let after = bridge.wait_for_route("bytes", "more are dropped", |route| paused(route) > paused(&before) + 20);
        assert!(after.forwarded == before.forwarded && after.adds_up(), "{after:#?}");

        assert!(told(&bridge, &["resume", "bytes"], 0).contains("bytes goes on"));
        assert!(told(&bridge, &["resume", "bytes"], 0).contains("was not paused"));
        let after = flows("bytes", after.forwarded + 20);
        let again = flows("bytes", after.forwarded + 20);
        assert_eq!(paused(&after), paused(&again));
        assert!(!bridge.table().contains("paused;"), "{}", bridge.table());
        let said = told(&bridge, &["pause", "byte"], 1);
        assert!(said.contains("no stream `byte`") && said.contains("did you mean `bytes`?"), "{said}");
        publisher.finish();
        bridge.stop();
        roudi.stop();
    });
}

#[test]
fn of_a_stream_between_two_workers_the_first_one_drops() {
    isolated(|bed| {
        let bridge = bed.bridge(&bed.config(&STREAMS[STREAMS.find("# In two").expect("it is there")..]));
        let publisher = bed.iceoryx2(
            "raw-publisher",
            &["--service", "raw/bytes", "--pace-us", "1000", "--queue", "64", "--handshake"],
        );
        bridge.wait_running(&["halves"]);
        let before = bridge.wait_for_route("halves", "samples flow", |route| route.forwarded > 20);
        told(&bridge, &["pause", "halves"], 0);
        bridge.wait_for_route("halves", "samples are dropped", |route| paused(route) > 20 && route.adds_up());
        told(&bridge, &["resume", "halves"], 0);
        bridge.wait_for_route("halves", "samples flow", |route| {
            route.forwarded > before.forwarded + 20 && route.adds_up()
        });
        drop(publisher);
        bridge.stop();
    });
}

/// Whoever may not connect to the socket is told who may.
#[test]
fn nobody_else_pauses_a_stream() {
    isolated(|bed| {
        let Some(user) = bed.user("quant") else { return };
        let bridge = bed.bridge(&bed.config(&STREAMS[STREAMS.find("# In two").expect("it is there")..]));
        bridge.wait_for("it runs", |status| !status.routes.is_empty());
        let number = user.number().to_string();
        for command in [["pause", "halves"].as_slice(), &["status"]] {
            let mut other = Command::new("setpriv");
            other.args(["--reuid", &number, "--clear-groups", "--regid", "65534", "--"]).arg(bed.bridge_program());
            let output = other.args(command).args(["--socket", bridge.socket()]).output().expect("setpriv starts");
            let said = String::from_utf8(output.stderr).expect("it is text");
            assert_eq!(output.status.code(), Some(69), "{said}");
            assert!(
                said.starts_with("permission denied: root and members of group root may ask the bridge at "),
                "{said}"
            );
        }
        bridge.stop();
    });
}
