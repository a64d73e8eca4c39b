//! What a service manager is told: sd_notify(3), with a socket of the test's own. `make test-systemd` has the real one.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tests::bed::{Bridge, PATIENCE, Route, TICKS, isolated, ticks_arrive};

/// The socket that a service manager would listen at.
struct Manager {
    messages: mpsc::Receiver<String>,
    path: String,
}

impl Manager {
    /// Listens all the time, as a service manager does: the system keeps but a few messages.
    fn listen(path: String) -> Self {
        let socket = UnixDatagram::bind(&path).expect("nobody has it");
        let (hear, messages) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length) = socket.recv(&mut buffer) {
                if hear.send(String::from_utf8_lossy(&buffer[..length]).into_owned()).is_err() {
                    return;
                }
            }
        });
        Self { messages, path }
    }

    /// Waits for a message with a line that begins like that; returns the line.
    fn wait_for(&self, beginning: &str) -> String {
        let begin = Instant::now();
        let mut heard = Vec::new();
        while let Ok(message) = self.messages.recv_timeout(PATIENCE.saturating_sub(begin.elapsed())) {
            if let Some(line) = message.lines().find(|line| line.starts_with(beginning)) {
                return line.to_owned();
            }
            heard.push(message);
        }
        panic!("nothing with {beginning:?} in {heard:#?}");
    }

    /// Whether such a message comes from now on, within `time`.
    fn hears(&self, beginning: &str, time: Duration) -> bool {
        while self.messages.try_recv().is_ok() {}
        let begin = Instant::now();
        let next = || self.messages.recv_timeout(time.saturating_sub(begin.elapsed())).ok();
        std::iter::from_fn(next).any(|message| message.lines().any(|line| line.starts_with(beginning)))
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

#[test]
fn it_is_told_when_the_bridge_is_ready_how_it_is_and_when_it_stops() {
    isolated(|bed| {
        let manager = Manager::listen(bed.file("notify.sock"));
        let through = ["env", &format!("NOTIFY_SOCKET={}", manager.path)];
        let bridge = Bridge::start_through(bed, &bed.config(TICKS), &through);
        // Without RouDi, too: then it waits, and says for what.
        manager.wait_for("READY=1");
        let waiting = manager.wait_for("STATUS=1 route: 0 running, 1 not: ");
        assert!(waiting.contains("RouDi is not running"), "{waiting}");
        let roudi = bed.roudi();
        manager.wait_for("STATUS=1 route running");
        ticks_arrive(bed, &bridge, 1000);
        bridge.stop();
        manager.wait_for("STOPPING=1");
        roudi.stop();
    });
}

const HALVES: &str = r#"
[[stream]]
name = "halves"
from.iceoryx2 = { service = "here", type = { name = "u8", size = 1, align = 1, slice = true } }
to.iceoryx2 = { service = "there", release = "0.9", type = { name = "u8", size = 1, align = 1, slice = true } }
"#;

/// A worker whose process was stopped: its routes are shown as blocked, the service manager hears no sign of life, and at last
/// another worker takes its place. A short halt does no harm.
#[test]
fn a_worker_that_stands_still_is_noticed_and_replaced() {
    isolated(|bed| {
        let manager = Manager::listen(bed.file("notify.sock"));
        let through = ["env", &format!("NOTIFY_SOCKET={}", manager.path), "WATCHDOG_USEC=300000"];
        let bridge = Bridge::start_through(bed, &bed.config(HALVES), &through);
        bridge.wait_running(&["halves"]);
        manager.wait_for("WATCHDOG=1");
        let worker = || {
            let workers = bridge.status().expect("it answers").workers;
            let pid = workers.iter().find(|worker| worker.release == "0.9").and_then(|worker| worker.pid);
            pid.and_then(|pid| Pid::from_raw(pid.cast_signed())).expect("it runs")
        };
        let first = worker();
        kill_process(first, Signal::STOP).expect("it is there");
        let still = |route: &Route| route.reason.as_ref().is_some_and(|reason| reason.contains("no sign of life"));
        bridge.wait_for_route("halves", "its lane stands still", |route| route.state == "blocked" && still(route));
        // What was said before is heard first.
        manager.wait_for("STATUS=1 route: 0 running, 1 not: its lane has given no sign of life");
        assert!(!manager.hears("WATCHDOG=1", Duration::from_millis(700)));
        kill_process(first, Signal::CONT).expect("it is there");
        bridge.wait_running(&["halves"]);
        manager.wait_for("WATCHDOG=1");
        assert_eq!(worker(), first, "a short halt costs no worker");

        kill_process(first, Signal::STOP).expect("it is there");
        bridge.wait_for_route("halves", "its lane stands still", still);
        bridge.app().wait_for_line("a worker is asked to go, because one of its lanes stands still");
        kill_process(first, Signal::CONT).expect("it is there");
        bridge.wait_for("another worker", |status| status.workers.iter().any(|worker| worker.restarts == 1));
        bridge.wait_running(&["halves"]);
        assert_ne!(worker(), first);
        bridge.stop();
    });
}
