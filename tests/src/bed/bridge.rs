//! The bridge, driven by its command line as an operator drives it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use super::{App, Bed, PATIENCE, Route, Status, programs};

/// The design's limit for an orderly end.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// A running `iox-bridge run`. Dropping it ends it.
pub struct Bridge {
    app: App,
    file: String,
    socket: String,
}

impl Bridge {
    pub(super) fn start(bed: &Bed, config: &str) -> Self {
        Self::start_through(bed, config, &[])
    }

    /// Starts the bridge through another program, `setpriv` and its arguments say.
    pub fn start_through(bed: &Bed, config: &str, through: &[&str]) -> Self {
        let file = bed.file("bridge.toml");
        let socket = bed.file("bridge.sock");
        fs::write(&file, config).unwrap_or_else(|error| panic!("{file}: {error}"));
        Self::run(bed, file, socket, through)
    }

    /// Starts the bridge with its socket where no other bridge looks for it.
    pub fn start_out_of_sight(bed: &Bed, config: &str) -> Self {
        let (file, folder) = (bed.file("bridge.toml"), bed.file("out-of-sight"));
        fs::write(&file, config).unwrap_or_else(|error| panic!("{file}: {error}"));
        fs::create_dir(&folder).unwrap_or_else(|error| panic!("{folder}: {error}"));
        Self::run(bed, file, format!("{folder}/bridge.sock"), &[])
    }

    /// Starts a bridge with the same configuration and the same socket, after this one has ended.
    pub fn start_again(&self, bed: &Bed) -> Self {
        Self::run(bed, self.file.clone(), self.socket.clone(), &[])
    }

    fn run(bed: &Bed, file: String, socket: String, through: &[&str]) -> Self {
        let program = programs::bridge();
        let mut command = match through.split_first() {
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
            None => Command::new(program),
        };
        command.args(["run", "--config", &file, "--socket", &socket]);
        Self { app: bed.start("iox-bridge", command), file, socket }
    }

    /// Where it answers.
    pub fn socket(&self) -> &str {
        &self.socket
    }

    /// Checks a configuration with `iox-bridge check`.
    ///
    /// # Panics
    ///
    /// If the program does not start.
    pub fn check(bed: &Bed, config: &str) -> Output {
        let file = bed.file("bridge.toml");
        fs::write(&file, config).unwrap_or_else(|error| panic!("{file}: {error}"));
        let checked = Command::new(programs::bridge()).args(["check", "--config", &file]).output();
        checked.unwrap_or_else(|error| panic!("iox-bridge check does not start: {error}"))
    }

    /// The supervisor's process.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The supervisor's process, to wait for.
    pub fn app_mut(&mut self) -> &mut App {
        &mut self.app
    }

    /// What `iox-bridge status` says; `Err` with its words while nobody answers.
    ///
    /// # Errors
    ///
    /// The command's standard error, if it has no answer.
    ///
    /// # Panics
    ///
    /// If the answer is not what the design promises.
    pub fn status(&self) -> Result<Status, String> {
        let answer = Command::new(programs::bridge())
            .args(["status", "--socket", &self.socket, "--json"])
            .output()
            .unwrap_or_else(|error| panic!("iox-bridge status does not start: {error}"));
        // 0: every route runs; 1: not every one does, and the answer says which.
        if !matches!(answer.status.code(), Some(0 | 1)) || answer.stdout.is_empty() {
            return Err(String::from_utf8_lossy(&answer.stderr).into_owned());
        }
        let text = String::from_utf8_lossy(&answer.stdout);
        Ok(serde_json::from_str(&text).unwrap_or_else(|error| panic!("status: {error} in {text}")))
    }

    /// The status as a person reads it, and what was said beside it.
    ///
    /// # Panics
    ///
    /// If the program does not start.
    pub fn table(&self) -> String {
        let shown = Command::new(programs::bridge()).args(["status", "--socket", &self.socket]).output();
        let shown = shown.unwrap_or_else(|error| panic!("iox-bridge status does not start: {error}"));
        [shown.stdout, shown.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat()
    }

    /// Waits until the status satisfies `wanted`, and returns it.
    ///
    /// # Panics
    ///
    /// If that does not happen; shows the last status.
    pub fn wait_for(&self, what: &str, wanted: impl Fn(&Status) -> bool) -> Status {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let status = self.status();
            match &status {
                Ok(status) if wanted(status) => return status.clone(),
                _ => assert!(Instant::now() < deadline, "the bridge never came to: {what}; last status: {status:#?}"),
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until a route satisfies `wanted`, and returns it.
    ///
    /// # Panics
    ///
    /// If that does not happen; shows the last status.
    pub fn wait_for_route(&self, route: &str, what: &str, wanted: impl Fn(&Route) -> bool) -> Route {
        let status = self.wait_for(&format!("{route}: {what}"), |status| status.find(route).is_some_and(&wanted));
        status.find(route).expect("it was there a moment ago").clone()
    }

    /// Waits until these routes run.
    ///
    /// # Panics
    ///
    /// If one does not.
    pub fn wait_running(&self, routes: &[&str]) {
        for route in routes {
            self.wait_for_route(route, "running", Route::is_running);
        }
    }

    /// Waits until a route is not running and says why, and returns the reason.
    ///
    /// # Panics
    ///
    /// If that does not happen.
    pub fn wait_for_reason(&self, route: &str) -> String {
        let wanted = |route: &Route| !route.is_running() && route.reason.is_some();
        self.wait_for_route(route, "not running, with a reason", wanted).reason.unwrap_or_default()
    }

    /// What a command says that is given to it, `pause` and its arguments say.
    ///
    /// # Panics
    ///
    /// If the command cannot be started.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(programs::bridge());
        command.args(arguments).args(["--socket", &self.socket]).output().expect("the program starts")
    }

    /// The folders in /proc of those threads of its workers whose names begin so.
    ///
    /// # Panics
    ///
    /// If it does not answer.
    #[must_use]
    pub fn threads(&self, name: &str) -> Vec<PathBuf> {
        let workers = self.status().expect("it answers").workers;
        let tasks = workers.iter().filter_map(|worker| fs::read_dir(format!("/proc/{}/task", worker.pid?)).ok());
        let tasks = tasks.flatten().filter_map(|task| Some(task.ok()?.path()));
        let is_named = |task: &PathBuf| fs::read_to_string(task.join("comm")).is_ok_and(|comm| comm.starts_with(name));
        tasks.filter(is_named).collect()
    }

    /// How often [those threads](Self::threads) went to sleep until now.
    ///
    /// # Panics
    ///
    /// If it does not answer.
    #[must_use]
    pub fn sleeps(&self, name: &str) -> u64 {
        let count = |status: String| {
            let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:\t"));
            line.and_then(|count| count.parse::<u64>().ok())
        };
        let threads = self.threads(name).into_iter();
        threads.filter_map(|thread| count(fs::read_to_string(thread.join("status")).ok()?)).sum()
    }

    /// Returns when its lanes sleep for most of the time.
    ///
    /// # Panics
    ///
    /// If they do not come to that.
    pub fn wait_until_calm(&self) {
        /// Time over which is counted how often they sleep. One that looked for samples would do so 300 times.
        const WINDOW: Duration = Duration::from_millis(500);
        const RARELY: u64 = 30;
        let began = Instant::now();
        loop {
            let before = self.sleeps("lane");
            thread::sleep(WINDOW);
            let seen = self.sleeps("lane") - before;
            if seen < RARELY {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "the lanes went to sleep {seen} times in {WINDOW:?}");
        }
    }

    /// Asks it to end and asserts that it does so in order and at once.
    ///
    /// # Panics
    ///
    /// If it takes more than five seconds, or ends with another code than 0.
    pub fn stop(mut self) {
        self.app.terminate();
        let status = self.app.wait_at_most(STOP_LIMIT);
        assert!(status.is_some_and(|status| status.success()), "told to stop, after {STOP_LIMIT:?}: {status:?}");
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        if thread::panicking() {
            println!("---- status: {:#?}", self.status());
        }
    }
}
