//! RouDi in every condition that it can be in.

use std::time::{Duration, Instant};

use tests::bed::{Bed, Bridge, TICKS, isolated, ticks_arrive, ticks_arrive_again};

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
        rustix::process::kill_process(first_pid, rustix::process::Signal::KILL).expect("it runs");
        bridge.wait_for("another RouDi", |status| status.roudi.pid.is_some_and(|pid| pid != first));
        ticks_arrive_again(bed, &bridge, SAMPLES);
        bridge.stop();
    });
}

#[test]
fn a_roudi_that_does_not_answer_is_waited_for() {
    isolated(|bed| {
        let roudi = bed.roudi();
        roudi.app().signal(rustix::process::Signal::STOP);
        let bridge = bed.bridge(&bed.config(TICKS));
        bridge.wait_for("why it is not connected", |status| {
            status.roudi.reason.as_deref().is_some_and(|reason| reason.contains("does not answer"))
        });
        roudi.app().signal(rustix::process::Signal::CONT);
        ticks_arrive(bed, &bridge, SAMPLES);
        bridge.stop();
        roudi.stop();
    });
}

#[test]
fn a_roudi_of_another_release_is_named_and_holds_nothing_up() {
    isolated(|bed| {
        let roudi = bed.roudi_of_other_release();
        let bridge = bed.bridge(&bed.config(TICKS));
        let status = bridge.wait_for("why it is not connected", |status| {
            status.roudi.reason.as_deref().is_some_and(|reason| reason.contains("release"))
        });
        assert_ne!(status.roudi.state, "connected");
        assert!(!status.find("ticks").expect("the route").is_running());
        let asked = Instant::now();
        bridge.stop();
        assert!(asked.elapsed() < Duration::from_secs(3), "it does not wait for a RouDi that does not answer");
        roudi.stop();
    });
}
