//! RouDi in every condition that it can be in.

use std::os::unix::net::UnixDatagram;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tests::bed::{
    Bed, Bridge, LINES, OTHER_RELEASE, OTHER_ROUDI_SOCKET, Status, TICKS, isolated, ticks_arrive, ticks_arrive_again,
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
        let pid_of = |bridge: &Bridge| {
            bridge.wait_for("a RouDi", |status| status.roudi.pid.is_some()).roudi.pid.expect("just seen")
        };
        let first = pid_of(&bridge);
        let first_pid = rustix::process::Pid::from_raw(i32::try_from(first).expect("a process number")).expect("not 0");
        rustix::process::kill_process(first_pid, Signal::KILL).expect("it runs");
        bridge.wait_for("another RouDi", |status| status.roudi.pid.is_some_and(|pid| pid != first));
        ticks_arrive_again(bed, &bridge, SAMPLES);
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
        std::fs::remove_file(OTHER_ROUDI_SOCKET).expect("it is ours");
    });
}
