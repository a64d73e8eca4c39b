//! Users of a test's own machine, whose user database is its own as its `/tmp` is.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use super::isolation::SKIPPED;
use super::{App, Bed, programs};

/// The first number that is given away.
const FIRST: u32 = 31_000;

/// A user with a group of the same name and number, and iceoryx2's files in a folder of his own.
pub struct User {
    name: String,
    number: u32,
}

static NEXT: AtomicU32 = AtomicU32::new(FIRST);

impl Bed {
    /// Adds a user; `None`, and a line that says why, where this namespace has one user only.
    ///
    /// # Panics
    ///
    /// If the user database cannot be covered by a changed one.
    pub fn user(&self, name: &str) -> Option<User> {
        let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
        let users: u64 = map.split_whitespace().nth(2).and_then(|count| count.parse().ok()).unwrap_or(0);
        if users <= u64::from(FIRST) {
            println!("{SKIPPED}this namespace has {users} users, and the test needs {FIRST} (run it as root)");
            return None;
        }
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let home = format!("/tmp/home-{name}");
        append("passwd", &format!("{name}:x:{number}:{number}::{home}:/bin/sh\n"));
        append("group", &format!("{name}:x:{number}:\n"));
        let config = format!("{home}/.config/iceoryx2");
        fs::create_dir_all(&config).unwrap_or_else(|error| panic!("{config}: {error}"));
        let text = format!(
            "[global]\nroot-path = \"{home}/iceoryx2\"\nprefix = \"{name}_\"\n\
             [global.service]\ndata-segment-suffix = \".of-{name}\"\n"
        );
        fs::write(format!("{config}/iceoryx2.toml"), text).unwrap_or_else(|error| panic!("{config}: {error}"));
        run(Command::new("chown").args(["--recursive", &format!("{number}:{number}"), &home]));
        Some(User { name: name.to_owned(), number })
    }

    /// Adds a group of these members.
    ///
    /// # Panics
    ///
    /// If the user database cannot be covered by a changed one.
    pub fn group(&self, name: &str, members: &[&str]) -> u32 {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        append("group", &format!("{name}:x:{number}:{}\n", members.join(",")));
        number
    }

    /// As [`Bed::iceoryx2`], run by this user.
    pub fn iceoryx2_as(&self, user: &User, application: &str, arguments: &[&str]) -> App {
        let mut command = user.command();
        command.args(programs::iceoryx2(application)).args(arguments);
        self.start(&format!("{}: iox2-{application}", user.name), command)
    }

    /// As [`Bed::classic`], run by this user.
    pub fn classic_as(&self, user: &User, application: &str, arguments: &[&str]) -> App {
        let mut command = user.command();
        command.arg(programs::classic(application)).args(arguments);
        self.start(&format!("{}: {application}", user.name), command)
    }
}

impl User {
    /// The number of the user, and of the group.
    pub fn number(&self) -> u32 {
        self.number
    }

    fn command(&self) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", &self.name, "--regid", &self.name, "--init-groups"]);
        command
    }
}

/// Appends a line to a file of the user database, covering it the first time.
fn append(file: &str, line: &str) {
    let (there, ours) = (format!("/etc/{file}"), format!("/tmp/{file}"));
    if !fs::exists(&ours).unwrap_or(false) {
        fs::copy(&there, &ours).unwrap_or_else(|error| panic!("{there}: {error}"));
        run(Command::new("mount").args(["--bind", &ours, &there]));
    }
    let text = fs::read_to_string(&ours).unwrap_or_default() + line;
    fs::write(&ours, text).unwrap_or_else(|error| panic!("{ours}: {error}"));
}

fn run(command: &mut Command) {
    let status = command.status().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    assert!(status.success(), "{command:?}: {status}");
}
