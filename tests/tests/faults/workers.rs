//! A worker ends, or stands still.

use std::time::{Duration, Instant};

use super::traffic::{Content, End, Stream, Times, Traffic, Watch};
use rustix::process::Signal;
use tests::bed::{Bed, Bridge, Seed, isolated};

use super::{pid_of, random_moment, rounds, signal, worker};

/// Streams through three workers, of which those for 0.7 and 0.9 have nothing to do with classic.
fn streams() -> Vec<Stream> {
    let (old, middle, new) = (End::Iceoryx2("0.7"), End::Iceoryx2("0.9"), End::Iceoryx2("0.10"));
    vec![
        Stream::new("out", End::Classic, new, Content::Ticks),
        Stream::new("in", new, End::Classic, Content::Bytes(500)),
        Stream::new("across", old, middle, Content::Bytes(3000)).blocking(),
        Stream::new("back", middle, old, Content::Ticks).blocking(),
    ]
}

/// The worker for `release` is befallen by something again and again. Each time its streams flow again, those of other
/// workers have no gap, and these are the same processes.
fn is_replaced(bed: &Bed, release: &'static str, fault: impl Fn(u32)) {
    bed.leftovers_are_fine();
    let mut seed = Seed::new();
    let mut times = Times::new("flow in all directions after the worker's end");
    let roudi = bed.roudi();
    let bridge = bed.bridge(&Traffic::config(bed, &streams()));
    let traffic = Traffic::start(bed, &bridge, streams());
    let watch = Watch::of(&bridge);
    let others = |stream: &Stream| !stream.uses(release);
    let pids = |bridge: &Bridge| {
        ["0.7", "0.9", "0.10"]
            .iter()
            .filter(|other| **other != release)
            .map(|other| pid_of(&worker(bridge, other)))
            .collect::<Vec<_>>()
    };
    let (before, gaps) = (pids(&bridge), traffic.gaps(others));
    let mut stood_still = Duration::ZERO;
    for _ in 0..rounds() {
        // Longer than a worker has to live to be restarted at once.
        std::thread::sleep(Duration::from_secs(2));
        random_moment(&mut seed, 300);
        let victim = pid_of(&worker(&bridge, release));
        let stopped = Instant::now();
        fault(victim);
        let moment = Instant::now();
        stood_still += moment - stopped;
        // The status is what says that the fault has had its effect; until then samples may still flow.
        bridge.wait_for("another worker", |status| {
            status.workers.iter().any(|w| w.release == release && w.state == "running" && w.pid != Some(victim))
        });
        traffic.wait_past(&traffic.marks());
        times.note(moment.elapsed());
        assert_eq!(pids(&bridge), before, "the other workers are the same");
        assert_eq!(traffic.gaps(others), gaps, "the other workers' streams have no gap");
    }
    watch.end();
    traffic.end_and_check(&bridge, rounds(), stood_still);
    times.assert_short();
    bridge.stop();
    roudi.stop();
}

fn at_once(with: Signal) -> impl Fn(u32) {
    move |pid| signal(pid, with)
}

#[test]
fn killed_it_is_replaced() {
    isolated(|bed| is_replaced(bed, "0.9", at_once(Signal::KILL)));
}

#[test]
fn aborting_it_is_replaced() {
    isolated(|bed| is_replaced(bed, "0.9", at_once(Signal::ABORT)));
}

#[test]
fn terminated_it_is_replaced() {
    isolated(|bed| is_replaced(bed, "0.10", at_once(Signal::TERM)));
}

/// It stands still for so long that RouDi takes it for dead, and makes nothing worse when it goes on.
#[test]
fn stopped_for_seconds_it_is_replaced() {
    isolated(|bed| {
        is_replaced(bed, "0.10", |pid| {
            signal(pid, Signal::STOP);
            std::thread::sleep(Duration::from_secs(5));
            signal(pid, Signal::CONT);
        });
    });
}
