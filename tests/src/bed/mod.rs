//! Where an end-to-end test runs.
//!
//! [`isolated`] gives a test its own empty `/tmp` and `/dev/shm` and its own process numbers, hence its own RouDi; in
//! there a [`Bed`] starts RouDi, bridges and applications, and sees to it that none of them outlives the test.
#![allow(clippy::print_stdout, reason = "what a test prints is shown when it fails")]

mod app;
mod bridge;
mod config;
mod exchange;
mod isolation;
mod leftovers;
mod output;
mod programs;
mod roudi;
mod seed;
mod status;
mod ticks;
mod users;

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

pub use app::App;
pub use bridge::Bridge;
pub use config::shipped;
pub use exchange::{exchange, exchange_between, exchange_through};
pub use isolation::{isolated, isolated_program};
pub use output::Output;
pub use roudi::{LINES, OTHER_RELEASE, OTHER_ROUDI_SOCKET, ROUDI_SOCKET, RouDi, pools};
pub use seed::Seed;
pub use status::{Account, Latency, Rejected, Route, Status, Worker};
pub use ticks::{TICKS, ticks_arrive, ticks_arrive_again};
pub use users::User;

/// How long a test waits for anything before it gives up. No test passes or fails sooner or later for it.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The machine of one test. Only [`isolated`] makes one.
pub struct Bed {
    outputs: RefCell<Vec<Arc<Output>>>,
    leftovers_are_fine: Cell<bool>,
    files: Cell<u32>,
}

impl Bed {
    fn new() -> Self {
        Self { outputs: RefCell::default(), leftovers_are_fine: Cell::new(false), files: Cell::new(0) }
    }

    /// Starts one of the iceoryx2 applications of this crate, `"tick-publisher"` say.
    pub fn iceoryx2(&self, application: &str, arguments: &[&str]) -> App {
        let [program, role] = programs::iceoryx2(application);
        let mut command = Command::new(program);
        command.arg(role).args(arguments);
        self.start(&format!("iox2-{application}"), command)
    }

    /// Starts one of the C++ applications: ours (`"classic-tick-publisher"`) or Eclipse iceoryx's examples
    /// (`"iox-cpp-publisher"`).
    pub fn classic(&self, application: &str, arguments: &[&str]) -> App {
        let mut command = Command::new(programs::classic(application));
        command.args(arguments);
        self.start(application, command)
    }

    /// Starts RouDi with its built-in pools and waits until it serves clients.
    pub fn roudi(&self) -> RouDi {
        RouDi::start(self, None)
    }

    /// Starts RouDi with the pools of this configuration (see [`pools`]) and waits until it serves clients.
    pub fn roudi_with(&self, config: &str) -> RouDi {
        RouDi::start(self, Some(config))
    }

    /// The same, of a RouDi that never gives up a client that does not show itself: on a busy machine, or where a
    /// process is made to stand still.
    pub fn patient_roudi_with(&self, config: &str) -> RouDi {
        RouDi::start_patient(self, config)
    }

    /// Starts RouDi with its built-in pools in this group, whose members may be its clients.
    pub fn roudi_for_clients(&self, group: &str, number: u32) -> RouDi {
        let config = pools(&[(128, 2000), (1024, 2000), (16_384, 200)]);
        let config = config.replace("[[segment]]", &format!("[[segment]]\nreader = \"{group}\"\nwriter = \"{group}\""));
        self.roudi_for_clients_with(number, &config)
    }

    /// As [`Bed::roudi_for_clients`], with this configuration.
    pub fn roudi_for_clients_with(&self, number: u32, config: &str) -> RouDi {
        RouDi::start_in_group(self, number, config)
    }

    /// Starts one of the iceoryx2 applications of this crate as the user `nobody`, who has iceoryx2's files where the bridge
    /// has them.
    pub fn stranger(&self, application: &str, arguments: &[&str]) -> App {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]);
        command.args(programs::iceoryx2(application)).args(arguments);
        self.start(&format!("stranger: {application}"), command)
    }

    /// Starts RouDi in a PID namespace of its own, as in another container.
    pub fn unseen_roudi(&self) -> RouDi {
        RouDi::start_unseen(self)
    }

    /// Starts a RouDi that calls itself [`OTHER_RELEASE`], not the one that is installed: it answers no client.
    pub fn roudi_of_other_release(&self) -> RouDi {
        RouDi::start_as_other_release(self)
    }

    /// Starts the bridge with this configuration. It may still be on its way up when this returns.
    pub fn bridge(&self, config: &str) -> Bridge {
        Bridge::start(self, config)
    }

    /// Starts a program, its output collected under `name`.
    pub fn start(&self, name: &str, command: Command) -> App {
        let app = App::start(name, command);
        self.outputs.borrow_mut().push(app.output());
        app
    }

    /// The path of a program of this crate.
    pub fn program(&self, name: &str) -> PathBuf {
        programs::beside(name)
    }

    /// The path of a C++ application of this crate.
    pub fn classic_program(&self, name: &str) -> PathBuf {
        programs::classic(name)
    }

    /// The path of RouDi.
    pub fn roudi_program(&self) -> PathBuf {
        programs::roudi()
    }

    /// The path of the bridge.
    pub fn bridge_program(&self) -> String {
        programs::bridge().display().to_string()
    }

    /// A path for a new file that ends with `name`.
    pub fn file(&self, name: &str) -> String {
        self.files.set(self.files.get() + 1);
        format!("/tmp/{}-{name}", self.files.get())
    }

    /// For a test that kills applications: what these leave behind is not the bridge's.
    pub fn leftovers_are_fine(&self) {
        self.leftovers_are_fine.set(true);
    }

    /// Asserts that nothing that was started is still there.
    fn assert_left_clean(&self) {
        let processes = leftovers::processes();
        assert!(processes.is_empty(), "still running after the test: {processes:#?}");
        let resources = leftovers::resources();
        assert!(
            resources.is_empty() || self.leftovers_are_fine.get(),
            "left behind although everything was stopped in order: {resources:#?}"
        );
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for output in self.outputs.borrow().iter() {
                println!("{output}");
            }
        }
    }
}
