//! RouDi in every condition that it can be in.

use std::os::unix::net::UnixDatagram;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tests::bed::{
    Bed, Bridge, LINES, OTHER_RELEASE, OTHER_ROUDI_SOCKET, ROUDI_SOCKET, RouDi, Route, Status, TICKS, exchange,
    isolated, ticks_arrive, ticks_arrive_again,
};

const SAMPLES: u64 = 1_000;

fn managed(bed: &Bed) -> String {
    bed.config(TICKS).replace("roudi = \"external\"", "roudi = \"managed\"")
}

#[test]
fn a_roudi_of_the_bridges_own_serves_applications_and_goes_with_it() {
    isolated(|bed| {
        let bridge = bed.bridge(&managed(bed));
        let status = bridge.wait_for("connected", |status| status.roudi.state == "connected");
        assert_eq!(status.roudi.mode, "managed");
        ticks_arrive(bed, &bridge, SAMPLES);
        bridge.stop();
    });
}

#[test]
fn a_roudi_of_the_bridges_own_that_dies_is_replaced() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let bridge = bed.bridge(&managed(bed));
        ticks_arrive(bed, &bridge, SAMPLES);
        // One that lives on, with the memory of the RouDi that dies.
        let survivor = bed.classic("classic-raw-subscriber", &[]);
        survivor.wait_for_line("started");
        let pid_of = |bridge: &Bridge| {
            bridge.wait_for("a RouDi", |status| status.roudi.pid.is_some()).roudi.pid.expect("just seen")
        };
        let first = pid_of(&bridge);
        let first_pid = rustix::process::Pid::from_raw(i32::try_from(first).expect("a process number")).expect("not 0");
        rustix::process::kill_process(first_pid, Signal::KILL).expect("it runs");
        bridge.wait_for("another RouDi", |status| status.roudi.pid.is_some_and(|pid| pid != first));
        ticks_arrive_again(bed, &bridge, SAMPLES);
        drop(survivor);
        bridge.stop();
    });
}

/// The worker that waits for RouDi: its process, and how often another one had to take its place.
fn worker(status: &Status) -> Option<(Option<u32>, u64)> {
    status.workers.first().map(|worker| (worker.pid, worker.restarts))
}

fn reason_says(status: &Status, word: &str) -> bool {
    status.roudi.reason.as_deref().is_some_and(|reason| reason.contains(word))
}

#[test]
fn a_roudi_that_is_stopped_is_waited_for() {
    isolated(|bed| {
        let roudi = bed.roudi();
        roudi.app().signal(Signal::STOP);
        let bridge = bed.bridge(&bed.config(TICKS));
        let before = bridge.wait_for("why it is not connected", |status| reason_says(status, "is stopped"));
        assert!(!before.find("ticks").expect("the route").is_running());
        roudi.app().signal(Signal::CONT);
        ticks_arrive(bed, &bridge, SAMPLES);
        let after = bridge.wait_for("connected", |status| status.roudi.state == "connected");
        assert_eq!(worker(&after), worker(&before), "the same worker, which did not stand still");
        bridge.stop();
        roudi.stop();
    });
}

/// A bridge comes and goes unseen by RouDi, which finds both out later and carries on.
#[test]
fn a_bridge_that_ends_before_roudi_answers_leaves_nothing() {
    isolated(|bed| {
        let roudi = bed.roudi();
        roudi.app().signal(Signal::STOP);
        let bridge = bed.bridge(&bed.config(TICKS));
        bridge.wait_for("why it is not connected", |status| reason_says(status, "is stopped"));
        let asked = Instant::now();
        bridge.stop();
        assert!(asked.elapsed() < Duration::from_secs(3), "it does not wait for a RouDi that does not answer");
        roudi.app().signal(Signal::CONT);

        let bridge = bed.bridge(&bed.config(TICKS));
        ticks_arrive(bed, &bridge, SAMPLES);
        bridge.stop();
        roudi.stop();
    });
}

#[test]
#[cfg_attr(not(classic_shared), ignore = "a RouDi with static libraries cannot be made to call itself another release")]
fn a_roudi_of_another_release_is_named_and_holds_nothing_up() {
    isolated(|bed| {
        let roudi = bed.roudi_of_other_release();
        let bridge = bed.bridge(&bed.config(TICKS));
        let up = bridge.wait_for("an answer of any kind", |_| true);
        let asked = Instant::now();
        let before = bridge.wait_for("why it is not connected", |status| reason_says(status, OTHER_RELEASE));
        assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
        let reason = before.roudi.reason.as_deref().unwrap_or_default();
        assert!(reason.matches("2.").count() >= 3, "both releases are named, and what to do: {reason}");
        assert_ne!(before.roudi.state, "connected");
        assert!(!before.find("ticks").expect("the route").is_running());

        roudi.stop();
        let roudi = bed.roudi();
        ticks_arrive(bed, &bridge, SAMPLES);
        let after = bridge.wait_for("connected", |status| status.roudi.state == "connected");
        assert_eq!(worker(&after), worker(&before), "the same worker");
        assert_eq!(up.pid, after.pid);
        bridge.stop();
        roudi.stop();
    });
}

#[test]
#[cfg_attr(not(classic_shared), ignore = "a RouDi with static libraries cannot be made to call itself another release")]
fn a_bridge_that_a_roudi_does_not_answer_ends_at_once() {
    isolated(|bed| {
        let roudi = bed.roudi_of_other_release();
        let bridge = bed.bridge(&bed.config(TICKS));
        bridge.wait_for("why it is not connected", |status| reason_says(status, OTHER_RELEASE));
        let asked = Instant::now();
        bridge.stop();
        assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
        roudi.stop();
    });
}

/// Somebody listens where the RouDi of the other line does. It cannot be installed beside the other one here.
#[test]
fn a_roudi_of_the_other_generation_is_named() {
    isolated(|bed| {
        let foreign = UnixDatagram::bind(OTHER_ROUDI_SOCKET).expect("nobody has that name");
        let bridge = bed.bridge(&bed.config(TICKS));
        bridge.wait_for("why it is not connected", |status| {
            reason_says(status, &format!("a RouDi of iceoryx {} runs", LINES.1))
        });
        let roudi = bed.roudi();
        ticks_arrive(bed, &bridge, SAMPLES);
        bridge.stop();
        roudi.stop();
        drop(foreign);
        // RouDi of 2.95 takes the other one's for an old one of its own, and has removed it.
        let _ = std::fs::remove_file(OTHER_ROUDI_SOCKET);
    });
}

/// RouDi stands still for longer than it has patience with its clients, while the bridge has nothing to do. When it goes
/// on it takes the bridge for dead, and gives the places of its ports to the applications that come next. Those of another
/// service must lose nothing to the bridge, and its own stream must work again.
fn stands_still_and_goes_on(bed: &Bed, roudi: &RouDi) {
    const STREAMS: &str = r#"
[[stream]]
name = "up"
from.iceoryx2 = { service = "up", type = { name = "u8", size = 1, align = 1, slice = true }, queue = 64 }
to.classic = { service = "Up", instance = "By", event = "Bridge" }
"#;
    let bridge = bed.bridge(&bed.config(&format!("{TICKS}{STREAMS}")));
    bridge.wait_running(&["ticks", "up"]);
    let count = SAMPLES.to_string();
    for round in 1..=2 {
        roudi.signal(Signal::STOP);
        // Time is what this is about: RouDi removes clients after 1.5 s.
        std::thread::sleep(Duration::from_millis(2500));
        roudi.signal(Signal::CONT);

        let other = ["--service", "Not", "--instance", "Of the", "--event", "Bridge", "--count", &count, "--block"];
        let subscriber = bed.classic("classic-raw-subscriber", &other);
        let publisher = bed.classic("classic-raw-publisher", &[other.as_slice(), &["--handshake"]].concat());
        exchange(publisher, subscriber, SAMPLES);
        ticks_arrive_again(bed, &bridge, SAMPLES);
        let status = bridge.wait_for("quiet", |status| status.routes.iter().all(Route::is_running));
        for route in &status.routes {
            assert!(route.adds_up() && route.rejected.total == 0, "round {round}: {route:#?}");
        }
        assert_eq!(status.find("up").expect("the route").received, 0, "round {round}: samples of another service");
    }
    bridge.stop();
}

#[test]
fn a_roudi_that_stood_still_finds_the_bridge_gone_and_back() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let roudi = bed.roudi();
        stands_still_and_goes_on(bed, &roudi);
        roudi.kill();
    });
}

/// As in another container: that it stands still cannot be seen, but what it did to the bridge's ports can.
#[test]
fn an_unseen_roudi_that_stood_still_finds_the_bridge_gone_and_back() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let roudi = bed.unseen_roudi();
        stands_still_and_goes_on(bed, &roudi);
        roudi.kill();
    });
}

/// Its death is not seen by its process number, but by its socket.
#[test]
fn the_death_of_an_unseen_roudi_is_noticed() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let roudi = bed.unseen_roudi();
        let bridge = bed.bridge(&bed.config(TICKS));
        ticks_arrive(bed, &bridge, SAMPLES);
        roudi.signal(Signal::KILL);
        let gone = Instant::now();
        bridge.wait_for("the loss of RouDi", |status| status.roudi.state != "connected");
        assert!(gone.elapsed() < Duration::from_secs(2), "{:?}", gone.elapsed());
        roudi.kill();
        let roudi = bed.roudi();
        ticks_arrive_again(bed, &bridge, SAMPLES);
        bridge.stop();
        roudi.stop();
    });
}

/// Two bridges of one name, each in a PID namespace of its own: the second does not take the place of the first.
#[test]
fn a_second_bridge_of_the_same_name_in_another_pid_namespace_is_refused() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let apart = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--"];
        let first = Bridge::start_through(bed, &bed.config(TICKS), &apart);
        first.wait_running(&["ticks"]);
        let second = Bridge::start_through(bed, &bed.config(TICKS), &apart);
        second.wait_for("why it is not connected", |status| reason_says(status, "is a second bridge running?"));
        ticks_arrive(bed, &first, SAMPLES);
        // With `unshare` they are killed; RouDi 2.0.3 aborts where it is stopped so soon after a client's death.
        bed.leftovers_are_fine();
        drop(second);
        drop(first);
        roudi.kill();
    });
}

/// Somebody cleans up in the temp directory, or a RouDi of 2.95 starts beside one of 2.0.
#[test]
fn a_roudi_that_lost_its_socket_is_told_from_one_that_is_not_there() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let roudi = bed.roudi();
        let pid = roudi.app().pid().to_string();
        let bridge = bed.bridge(&bed.config(TICKS));
        ticks_arrive(bed, &bridge, SAMPLES);
        std::fs::remove_file(ROUDI_SOCKET).expect("it is there");
        bridge.wait_for("what happened to RouDi", |status| {
            reason_says(status, "its socket is gone") && reason_says(status, &pid)
        });
        roudi.kill();
        let roudi = bed.roudi();
        ticks_arrive_again(bed, &bridge, SAMPLES);
        bridge.stop();
        roudi.stop();
    });
}

#[test]
fn a_roudi_of_the_bridges_own_that_lost_its_socket_is_replaced() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let bridge = bed.bridge(&managed(bed));
        ticks_arrive(bed, &bridge, SAMPLES);
        let first = bridge.status().expect("an answer").roudi.pid;
        std::fs::remove_file(ROUDI_SOCKET).expect("it is there");
        bridge.wait_for("another RouDi", |status| status.roudi.pid.is_some() && status.roudi.pid != first);
        ticks_arrive_again(bed, &bridge, SAMPLES);
        bridge.stop();
    });
}
