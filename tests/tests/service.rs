//! What a service manager is told: sd_notify(3), with a socket of the test's own. `make test-systemd` has the real one.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::time::Instant;

use tests::bed::{Bridge, PATIENCE, TICKS, isolated, ticks_arrive};

/// The socket that a service manager would listen at.
struct Manager {
    socket: UnixDatagram,
    path: String,
}

impl Manager {
    fn listen(path: String) -> Self {
        let socket = UnixDatagram::bind(&path).expect("nobody has it");
        socket.set_read_timeout(Some(PATIENCE)).expect("it is a time");
        Self { socket, path }
    }

    /// Waits for a message with a line that begins like that; returns the line.
    fn wait_for(&self, beginning: &str) -> String {
        let begin = Instant::now();
        let mut heard = Vec::new();
        while begin.elapsed() < PATIENCE {
            let mut buffer = [0; 4096];
            let length = self.socket.recv(&mut buffer).unwrap_or_else(|error| panic!("{error}; heard {heard:#?}"));
            let message = String::from_utf8_lossy(&buffer[..length]).into_owned();
            if let Some(line) = message.lines().find(|line| line.starts_with(beginning)) {
                return line.to_owned();
            }
            heard.push(message);
        }
        panic!("nothing with {beginning:?} in {heard:#?}");
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
