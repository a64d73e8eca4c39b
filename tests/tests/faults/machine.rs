//! The whole bridge stands still, as it does where the machine is suspended.

use std::time::{Duration, Instant};

use super::traffic::{Times, Traffic, Watch, both_ways, compare};
use rustix::process::Signal;
use tests::bed::{Seed, isolated};

use super::{pid_of, random_moment, rounds, signal, worker};

/// Supervisor and workers stop for some seconds, for shorter and longer than RouDi has patience, and go on.
#[test]
fn a_bridge_that_stood_still_carries_on() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let mut seed = Seed::new();
        let mut times = Times::new("flow in all directions after the standstill");
        let roudi = bed.roudi();
        let streams = both_ways();
        let bridge = bed.bridge(&Traffic::config(bed, &streams));
        let traffic = Traffic::start(bed, &bridge, streams);
        let mut stood_still = Duration::ZERO;
        for round in 0..rounds() {
            // It cannot ask while the supervisor stands still.
            let watch = Watch::of(&bridge);
            std::thread::sleep(Duration::from_secs(2));
            random_moment(&mut seed, 300);
            let bridge_processes =
                [bridge.app().pid(), pid_of(&worker(&bridge, "0.8")), pid_of(&worker(&bridge, "0.10"))];
            watch.end();
            let before = bridge.status().expect("it runs");
            bridge_processes.iter().for_each(|pid| signal(*pid, Signal::STOP));
            let still = if round % 2 == 0 { 2500 + seed.below(1500) } else { 500 + seed.below(1200) };
            let stopped = Instant::now();
            std::thread::sleep(Duration::from_millis(still));
            bridge_processes.iter().for_each(|pid| signal(*pid, Signal::CONT));
            stood_still += stopped.elapsed();
            let moment = Instant::now();
            traffic.wait_past(&traffic.marks());
            times.note(moment.elapsed());
            assert_eq!(compare(&before, &bridge.status().expect("it runs")), Ok(()), "over the standstill");
        }
        traffic.end_and_check(&bridge, rounds(), stood_still);
        times.assert_short();
        bridge.stop();
        roudi.stop();
    });
}
