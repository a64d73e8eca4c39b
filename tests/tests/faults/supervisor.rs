//! The supervisor is killed.

use std::time::{Duration, Instant};

use super::traffic::{Times, Traffic, both_ways};
use tests::bed::{Seed, isolated};

use super::{random_moment, rounds};

/// Its workers end in order, and the next bridge of the same name takes over at once, under traffic.
#[test]
fn killed_its_workers_end_and_the_next_one_takes_over() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let mut seed = Seed::new();
        let mut times = Times::new("flow in all directions after the next start");
        let roudi = bed.roudi();
        let streams = both_ways();
        let mut bridge = bed.bridge(&Traffic::config(bed, &streams));
        let mut traffic = Traffic::start(bed, &bridge, streams);
        for _ in 0..rounds() {
            random_moment(&mut seed, 500);
            let status = bridge.status().expect("an answer");
            let workers: Vec<u32> = status.workers.iter().filter_map(|worker| worker.pid).collect();
            assert_eq!(workers.len(), 2);
            bridge.app().kill();
            bridge.app_mut().wait();
            let next = bridge.start_again(bed);
            let started = Instant::now();
            traffic.wait_past(&traffic.marks());
            // The old workers may have forwarded until they noticed; only the next bridge's own word is a proof.
            next.wait_for("its own traffic", |status| status.routes.iter().all(|route| route.forwarded > 0));
            times.note(started.elapsed());
            bridge = next;
            let alive = |pid: &u32| std::path::Path::new(&format!("/proc/{pid}/fd/0")).exists();
            let deadline = Instant::now() + Duration::from_secs(5);
            while workers.iter().any(alive) {
                assert!(Instant::now() < deadline, "one of the workers {workers:?} outlives its supervisor");
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        // Nothing twice, nothing out of order: the accounts died with their supervisors.
        traffic.end();
        times.assert_short();
        bridge.stop();
        roudi.stop();
    });
}
