//! RouDi, the daemon of Eclipse iceoryx 2.x, of the installation that the bridge is built with.

use std::fmt::Write;
use std::fs;
use std::process::Command;

use rustix::process::{Pid, Signal, kill_process};

use super::{App, Bed, programs};

/// What a RouDi calls itself that was started as another release.
pub const OTHER_RELEASE: &str = if cfg!(classic_2_95) { "2.95.99" } else { "2.0.99" };

/// RouDi's socket.
pub const ROUDI_SOCKET: &str = if cfg!(classic_2_95) { SOCKETS.1 } else { SOCKETS.0 };

/// The socket of a RouDi of the other line of classic.
pub const OTHER_ROUDI_SOCKET: &str = if cfg!(classic_2_95) { SOCKETS.0 } else { SOCKETS.1 };

/// The line of classic that the bridge is built with, and the other one.
pub const LINES: (&str, &str) = if cfg!(classic_2_95) { ("2.95", "2.0") } else { ("2.0", "2.95") };

/// Of RouDi of 2.0, and of 2.95.
const SOCKETS: (&str, &str) = ("/tmp/roudi", "/tmp/iox1_0_i_roudi");

/// A running RouDi. Dropping it ends it.
pub struct RouDi {
    app: App,
    /// Its process, where that is not the one that was started.
    inner: Option<Pid>,
}

/// A configuration with one segment of these pools: bytes a chunk, number of chunks.
pub fn pools(pools: &[(u32, u32)]) -> String {
    let mut config = "[general]\nversion = 1\n\n[[segment]]\n".to_owned();
    for (size, count) in pools {
        let _ = write!(config, "\n[[segment.mempool]]\nsize = {size}\ncount = {count}\n");
    }
    config
}

impl RouDi {
    pub(super) fn start(bed: &Bed, config: Option<&str>) -> Self {
        Self::start_as(bed, config, Command::new(programs::roudi()))
    }

    pub(super) fn start_patient(bed: &Bed, config: &str) -> Self {
        let mut command = Command::new(programs::roudi());
        command.args(["--monitoring-mode", "off"]);
        Self::start_as(bed, Some(config), command)
    }

    /// The real RouDi, made to call itself another release, so that it answers no client.
    pub(super) fn start_as_other_release(bed: &Bed) -> Self {
        let mut command = Command::new(programs::roudi());
        command.env("LD_PRELOAD", programs::classic("libother_release.so"));
        command.env("LD_LIBRARY_PATH", programs::classic("other_release"));
        Self::start_as(bed, None, command)
    }

    /// In this group, so that its members reach RouDi's socket.
    pub(super) fn start_in_group(bed: &Bed, group: u32, config: &str) -> Self {
        let mut command = Command::new("setpriv");
        command.args(["--regid", &group.to_string(), "--clear-groups"]).arg(programs::roudi());
        Self::start_as(bed, Some(config), command)
    }

    fn start_as(bed: &Bed, config: Option<&str>, mut command: Command) -> Self {
        if let Some(config) = config {
            let file = bed.file("roudi.toml");
            fs::write(&file, config).unwrap_or_else(|error| panic!("{file}: {error}"));
            command.args(["-c", &file]);
        }
        let app = bed.start("iox-roudi", command);
        app.wait_for_line("RouDi is ready for clients");
        Self { app, inner: None }
    }

    /// In a PID namespace of its own, as in another container: `/proc/locks` does not show that it holds its lock.
    pub(super) fn start_unseen(bed: &Bed) -> Self {
        // It must be reaped by somebody who is not the first process of a namespace, which ignores signals.
        let mut command = Command::new("unshare");
        command
            .args(["--pid", "--fork", "--kill-child", "--mount-proc", "--", "sh", "-c", "\"$0\" & wait $!"])
            .arg(programs::roudi());
        let mut roudi = Self::start_as(bed, None, command);
        let child_of = |pid: u32| {
            let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).expect("it runs");
            children.trim().parse::<u32>().expect("it has one child")
        };
        let inner = child_of(child_of(roudi.app.pid()));
        roudi.inner = Pid::from_raw(i32::try_from(inner).expect("a process number"));
        roudi
    }

    /// Sends a signal to RouDi itself.
    ///
    /// # Panics
    ///
    /// If it has ended.
    pub fn signal(&self, signal: Signal) {
        match self.inner {
            Some(inner) => kill_process(inner, signal).expect("it runs"),
            None => self.app.signal(signal),
        }
    }

    /// Its process.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Ends it in order; it tells its clients to end.
    ///
    /// # Panics
    ///
    /// If it does not end, or with another code than 0.
    pub fn stop(self) {
        self.app.finish();
    }

    /// Ends it as a crash would.
    pub fn kill(mut self) {
        match self.inner {
            // Those around it end by themselves then.
            Some(inner) => drop(kill_process(inner, Signal::KILL)),
            None => self.app.kill(),
        }
        self.app.wait();
    }
}
