//! RouDi goes and comes back.

use std::time::{Duration, Instant};

use super::traffic::{Content, End, Stream, Times, Traffic, Watch, both_ways};
use rustix::process::Signal;
use tests::bed::{Bed, Bridge, RouDi, Seed, isolated, pools};

use super::{pid_of, processor_time, random_moment, rounds, worker};

/// RouDi ends like this again and again, under traffic; every time all streams flow again, the applications of classic
/// being new ones, which go on with the numbers.
fn goes_and_comes_back(bed: &Bed, end: Signal) {
    bed.leftovers_are_fine();
    let mut seed = Seed::new();
    let mut times = Times::new("flow in all directions after RouDi is back");
    let mut roudi = bed.roudi();
    let streams = both_ways();
    let bridge = bed.bridge(&Traffic::config(bed, &streams));
    let mut traffic = Traffic::start(bed, &bridge, streams);
    let watch = Watch::of(&bridge);
    for _ in 0..rounds() {
        random_moment(&mut seed, 300);
        if end == Signal::KILL {
            roudi.kill()
        } else {
            roudi.stop()
        }
        random_moment(&mut seed, 500);
        traffic.end_classic_applications();
        roudi = bed.roudi();
        let back = Instant::now();
        traffic.start_applications(Stream::uses_classic);
        traffic.wait_past(&traffic.marks());
        times.note(back.elapsed());
    }
    watch.end();
    traffic.end_and_check(&bridge, rounds(), Duration::ZERO);
    times.assert_short();
    bridge.stop();
    roudi.stop();
}

#[test]
fn killed_it_is_found_again() {
    isolated(|bed| goes_and_comes_back(bed, Signal::KILL));
}

#[test]
fn stopped_it_is_found_again() {
    isolated(|bed| goes_and_comes_back(bed, Signal::TERM));
}

/// Without RouDi the bridge answers, says why once, and rests; later too, when RouDi was there meanwhile.
#[test]
fn absent_it_is_waited_for_at_rest() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let streams = both_ways();
        let bridge = bed.bridge(&Traffic::config(bed, &streams));
        rests_without_roudi(&bridge, 1);
        let roudi = bed.roudi();
        let mut traffic = Traffic::start(bed, &bridge, streams);
        roudi.kill();
        bridge
            .wait_for("the loss of RouDi", |status| status.roudi.state != "connected" && status.roudi.reason.is_some());
        traffic.end();
        rests_without_roudi(&bridge, 2);
        bridge.stop();
    });
}

/// For some seconds the bridge neither works nor talks, and has said so many times that it waits for RouDi.
fn rests_without_roudi(bridge: &Bridge, said: usize) {
    const LONG: Duration = Duration::from_secs(3);
    bridge.wait_for("workers", |status| status.workers.len() == 2 && status.workers.iter().all(|w| w.pid.is_some()));
    bridge.app().wait_for_lines(said, "waiting for RouDi");
    // The lanes look more seldom when nothing has come for a while.
    std::thread::sleep(Duration::from_millis(500));
    let pids = [bridge.app().pid(), pid_of(&worker(bridge, "0.8")), pid_of(&worker(bridge, "0.10"))];
    let (before, lines) = (pids.map(processor_time), bridge.app().output().lines().len());
    std::thread::sleep(LONG);
    for (pid, before) in pids.into_iter().zip(before) {
        let used = processor_time(pid) - before;
        println!("process {pid} used {used:?} in {LONG:?}");
        assert!(used < LONG / 10, "process {pid} used {used:?} in {LONG:?}");
    }
    assert_eq!(bridge.app().output().lines().len(), lines, "it says nothing more");
    let status = bridge.status().expect("an answer");
    assert!(status.routes.iter().all(|route| !route.is_running() && route.reason.is_some()), "{status:#?}");
}

/// The next RouDi has no chunk for most samples, the one after that has; each time the account says so.
#[test]
fn with_other_pools_it_is_used_as_it_is() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let streams = vec![
            Stream::new("large", End::Iceoryx2("0.10"), End::Classic, Content::Bytes(5000)),
            Stream::new("small", End::Iceoryx2("0.9"), End::Classic, Content::Bytes(100)),
        ];
        let mut roudi = bed.roudi();
        let bridge = bed.bridge(&Traffic::config(bed, &streams));
        let mut traffic = Traffic::start(bed, &bridge, streams);
        let too_large = |bridge: &Bridge| {
            let route = bridge.status().expect("an answer").find("large").expect("the route").clone();
            route.dropped.by_reason.get("too_large").copied().unwrap_or(0)
        };
        for _ in 0..rounds() {
            roudi.kill();
            traffic.end_classic_applications();
            roudi = bed.roudi_with(&pools(&[(1024, 1000)]));
            traffic.start_applications(Stream::uses_classic);
            let before = too_large(&bridge);
            traffic.flow("small").wait_past(traffic.flow("small").mark());
            bridge.wait_for_route("large", "samples too large", |route| {
                route.is_running() && route.dropped.by_reason.get("too_large").is_some_and(|dropped| *dropped > before)
            });
            roudi.kill();
            traffic.end_classic_applications();
            roudi = bed.roudi();
            traffic.start_applications(Stream::uses_classic);
            traffic.wait_past(&traffic.marks());
        }
        traffic.end_and_check(&bridge, 2 * rounds(), Duration::ZERO);
        bridge.stop();
        roudi.stop();
    });
}

/// The next RouDi is of another release: the state says so, and the one after that is used.
#[test]
#[cfg_attr(not(classic_shared), ignore = "a RouDi with static libraries cannot be made to call itself another release")]
fn of_another_release_it_is_named_until_the_right_one_is_there() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let streams = both_ways();
        let mut roudi: RouDi = bed.roudi();
        let bridge = bed.bridge(&Traffic::config(bed, &streams));
        let mut traffic = Traffic::start(bed, &bridge, streams);
        for _ in 0..rounds().min(5) {
            roudi.kill();
            traffic.end_classic_applications();
            let other = bed.roudi_of_other_release();
            bridge.wait_for("what is wrong with RouDi", |status| {
                status.roudi.reason.as_deref().is_some_and(|reason| reason.contains("release"))
            });
            other.kill();
            roudi = bed.roudi();
            traffic.start_applications(Stream::uses_classic);
            traffic.wait_past(&traffic.marks());
        }
        traffic.end_and_check(&bridge, rounds(), Duration::ZERO);
        bridge.stop();
        roudi.stop();
    });
}
