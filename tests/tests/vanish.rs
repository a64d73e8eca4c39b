//! The files of an iceoryx2 service vanish while the bridge has it open: somebody removed them, or an application of another
//! release did that cleaned up after one that had died.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use tests::bed::{Bed, Bridge, PATIENCE, TICKS, exchange, isolated, ticks_arrive, ticks_arrive_again};

const SAMPLES: u64 = 500;

/// The files of this folder whose names end like that.
fn files(folder: &str, end: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.to_string_lossy().ends_with(end)).collect()
}

fn descriptions() -> Vec<PathBuf> {
    files("/tmp/iceoryx2/services", ".service")
}

fn remove(files: Vec<PathBuf>) {
    assert!(!files.is_empty(), "the service has files");
    files.iter().for_each(|file| fs::remove_file(file).expect("it is there"));
}

fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < until, "waited in vain until {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// With samples having crossed before, both ways at once, so that two routes have ports on one service.
fn bridged(bed: &Bed, release: &str) -> Bridge {
    let config = bed.config(&TICKS.replace("name = \"ticks\"", "name = \"ticks\"\nbidirectional = true"));
    let bridge = bed.bridge(&config.replace("release = \"0.10\"", &format!("release = \"{release}\"")));
    bridge.wait_running(&["ticks", "ticks/back"]);
    bridge
}

#[test]
fn a_service_whose_description_is_gone_is_made_anew() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bridged(bed, "0.10");
        for _ in 0..3 {
            ticks_arrive_again(bed, &bridge, SAMPLES);
            let gone = Instant::now();
            remove(descriptions());
            wait_until("the bridge has made the service anew", || descriptions().len() == 1);
            assert!(gone.elapsed() < Duration::from_secs(3), "{:?}", gone.elapsed());
        }
        ticks_arrive_again(bed, &bridge, SAMPLES);
        let status = bridge.status().expect("an answer");
        assert_eq!(status.workers.first().map(|worker| worker.restarts), Some(0), "no worker had to end for it");
        bed.leftovers_are_fine();
        bridge.stop();
        roudi.stop();
    });
}

/// Only the memory that its applications share is gone, at once after the service was made.
#[test]
fn a_service_whose_segment_is_gone_is_made_anew() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let roudi = bed.roudi();
        let bridge = bridged(bed, "0.10");
        for _ in 0..3 {
            let segments = files("/dev/shm", ".dynamic");
            remove(segments.clone());
            wait_until("the bridge has made the service anew", || {
                let now = files("/dev/shm", ".dynamic");
                now.len() == 1 && now != segments
            });
            ticks_arrive_again(bed, &bridge, SAMPLES);
        }
        bridge.stop();
        roudi.stop();
    });
}

/// What a process leaves that dies while it makes a service: the description alone, not complete, or complete.
#[test]
fn a_half_made_service_is_removed_and_made_anew() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let roudi = bed.roudi();
        for release in ["0.7", "0.8", "0.9", "0.10"] {
            let bridge = bridged(bed, release);
            let description = descriptions().pop().expect("the service has one");
            let text = fs::read(&description).expect("it is ours");
            bridge.stop();
            for (text, mode) in [(&[][..], 0o600), (&text[..], 0o400)] {
                fs::write(&description, text).expect("room");
                fs::set_permissions(&description, fs::Permissions::from_mode(mode)).expect("it is ours");
                let bridge = bridged(bed, release);
                // Of the releases' applications only those of one are in the set that ticks arrive with.
                if release == "0.10" {
                    ticks_arrive_again(bed, &bridge, SAMPLES);
                }
                bridge.stop();
                assert!(descriptions().is_empty(), "{release}: {mode:o}");
            }
        }
        roudi.stop();
    });
}

/// An application was faster and has made the service anew: the bridge goes over to that one, and removes none of its
/// files.
#[test]
fn a_service_that_an_application_made_anew_is_adopted() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(TICKS));
        ticks_arrive(bed, &bridge, SAMPLES);
        let count = SAMPLES.to_string();
        remove(descriptions());
        let subscriber = bed.iceoryx2("tick-subscriber", &["--count", &count, "--block", "--queue", "64"]);
        subscriber.wait_for_line("started");
        let publisher = bed.classic("classic-tick-publisher", &["--count", &count, "--block", "--handshake"]);
        exchange(publisher, subscriber, SAMPLES);
        ticks_arrive_again(bed, &bridge, SAMPLES);
        bed.leftovers_are_fine();
        bridge.stop();
        roudi.stop();
    });
}

/// The case that happens by itself: one of 0.10 dies, and one of 0.7 starts a moment later.
#[test]
fn what_an_application_of_another_release_cleans_up_is_made_anew() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let roudi = bed.roudi();
        let bridge = bridged(bed, "0.10");
        for round in 0..3 {
            let mut dying = bed.iceoryx2("raw-publisher", &["--service", &format!("dying/{round}")]);
            dying.wait_for_line("started");
            dying.kill();
            dying.wait();
            let other = bed.iceoryx2("v0_7-raw-publisher", &["--service", &format!("other/{round}")]);
            other.wait_for_line("started");
            wait_until("the bridge's service is there", || !descriptions().is_empty());
            ticks_arrive_again(bed, &bridge, SAMPLES);
            other.finish();
        }
        bridge.stop();
        roudi.stop();
    });
}
