//! Lanes: the threads that carry samples, where they run and how they wait.

use std::fs;
use std::path::PathBuf;

use tests::bed::{Bridge, Route, TICKS, isolated, ticks_arrive};

const SAMPLES: u64 = 2_000;

/// The threads of all workers: name and folder in `/proc`.
fn threads(bridge: &Bridge) -> Vec<(String, PathBuf)> {
    let workers = bridge.status().expect("it answers").workers;
    let tasks = workers.iter().filter_map(|worker| fs::read_dir(format!("/proc/{}/task", worker.pid?)).ok());
    tasks
        .flatten()
        .map(|task| task.expect("a thread").path())
        .filter_map(|path| Some((fs::read_to_string(path.join("comm")).ok()?.trim().to_owned(), path)))
        .collect()
}

/// The folder of the thread of that name.
fn thread(bridge: &Bridge, name: &str) -> PathBuf {
    let threads = threads(bridge);
    let found = threads.iter().find(|(found, _)| found == name);
    found.unwrap_or_else(|| panic!("no thread {name:?}: {threads:?}")).1.clone()
}

/// A stream from the ticks' service to another one of iceoryx2, with more keys.
fn more_ticks(name: &str, keys: &str) -> String {
    format!(
        r#"
[[stream]]
name = "{name}"
{keys}
from.classic = {{ service = "Market", instance = "{name}", event = "Tick", format = "struct", layout = "MarketTick" }}
to.iceoryx2 = {{ service = "market/{name}", format = "msgpack" }}
"#
    )
}

#[test]
fn a_lane_has_its_core_and_is_always_busy() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let quick = TICKS.replace("name = \"ticks\"", "name = \"ticks\"\nlane = \"quick\"");
        assert_ne!(quick, TICKS);
        let other = more_ticks("other", "");
        let bridge = bed.bridge(&bed.config(&format!("{quick}{other}\n[lane.quick]\nwait = \"busy\"\ncpu = 0\n")));
        bridge.wait_running(&["ticks", "other"]);
        let quick = thread(&bridge, "lane quick");
        let status = fs::read_to_string(quick.join("status")).expect("a living thread");
        assert!(status.lines().any(|line| line == "Cpus_allowed_list:\t0"), "{status}");
        // A busy lane does not sleep: it gives its core away only where it must. The other one does.
        let sleeps = |thread: &PathBuf| -> u64 {
            let status = fs::read_to_string(thread.join("status")).expect("a living thread");
            let count = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
            count.expect("a count").trim().parse().expect("a number")
        };
        let calm = thread(&bridge, "lane default");
        let (quick_before, calm_before) = (sleeps(&quick), sleeps(&calm));
        let deadline = std::time::Instant::now() + tests::bed::PATIENCE;
        while sleeps(&calm) < calm_before + 50 {
            assert!(std::time::Instant::now() < deadline, "the lane that may sleep does not");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        assert_eq!(sleeps(&quick), quick_before, "it looks again at once");
        ticks_arrive(bed, &bridge, SAMPLES);
        bridge.stop();
        roudi.stop();
    });
}

/// Streams of a lane are spread over its threads; one that waits for its subscribers has one for itself.
#[test]
fn streams_are_spread_over_threads() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let streams: String = (0..4).map(|number| more_ticks(&format!("s{number}"), "lane = \"wide\"")).collect();
        let bridge = bed.bridge(&bed.config(&format!("{TICKS}{streams}\n[lane.wide]\nthreads = 2\n")));
        bridge.wait_running(&["s0", "s1", "s2", "s3", "ticks"]);
        let names: Vec<String> = threads(&bridge).into_iter().map(|(name, _)| name).collect();
        for expected in ["lane wide 0", "lane wide 1", "lane ticks"] {
            assert!(names.iter().any(|name| name == expected), "no {expected:?} in {names:?}");
        }
        bridge.stop();
        roudi.stop();
    });
}

/// Root may have real-time threads; whoever may not is told so, and the lane runs all the same.
#[test]
fn a_priority_is_had_or_missed_in_the_log() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let quick = TICKS.replace("name = \"ticks\"", "name = \"ticks\"\nlane = \"quick\"");
        let bridge = bed.bridge(&bed.config(&format!("{quick}\n[lane.quick]\npriority = 10\ncpu = 1000\n")));
        bridge.wait_running(&["ticks"]);
        bridge.app().wait_for_line("the lane runs on any core");
        let said = bridge.app().wait_for_line("real-time");
        let stat = fs::read_to_string(thread(&bridge, "lane quick").join("stat")).expect("a living thread");
        // Fields 40 and 41 of proc_pid_stat(5): priority and policy, 1 being SCHED_FIFO. The name may hold spaces.
        let fields: Vec<&str> = stat.rsplit(')').next().expect("fields").split_whitespace().collect();
        let (priority, policy) = (fields[37], fields[38]);
        if said.contains("is a real-time thread") {
            assert_eq!((priority, policy), ("10", "1"), "{stat}");
        } else {
            assert!(said.contains("CAP_SYS_NICE"), "{said}");
            assert_eq!((priority, policy), ("0", "0"), "{stat}");
        }
        ticks_arrive(bed, &bridge, SAMPLES);
        bridge.stop();
        roudi.stop();
    });
}

/// Each sample's time inside the bridge is in the status.
#[test]
fn latencies_are_in_the_status() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(TICKS));
        bridge.wait_running(&["ticks"]);
        let before = bridge.wait_for_route("ticks", "running", Route::is_running);
        assert!(before.latency.is_none(), "{before:#?}");
        ticks_arrive(bed, &bridge, SAMPLES);
        let route = bridge.wait_for_route("ticks", "measured", |route| route.latency.is_some());
        let latency = route.latency.expect("measured");
        assert!(latency.measured >= SAMPLES / 8 && latency.measured <= route.forwarded, "{route:#?}");
        assert!(0 < latency.p50_ns && latency.p50_ns <= latency.p99_ns, "{route:#?}");
        assert!(latency.p99_ns <= latency.p99_9_ns && latency.p50_ns < 1_000_000_000, "{route:#?}");
        bridge.stop();
        roudi.stop();
    });
}
