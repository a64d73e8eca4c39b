//! A machine of its own for every test, as far as both stacks can see.
//!
//! The test starts itself once more, alone, through `unshare`: in new mount and process namespaces, and in a new user
//! namespace where the caller is not root. `enter.sh` then covers `/tmp` and
//! `/dev/shm`. When the test ends, by whatever cause, the kernel ends every process of its namespace.

use std::any::type_name;
use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use super::{Bed, programs};

const INSIDE: &str = "IOX_BRIDGE_TEST_BED";
const PASSED: &str = "the isolated test has passed";

/// Runs the body of a test on a machine of its own. To be called first thing, with a closure written in place: the name
/// of the test is taken from it.
///
/// # Panics
///
/// If the body does, or if it leaves a process or a file of either stack behind.
pub fn isolated<F: FnOnce(&Bed)>(body: F) {
    if env::var_os(INSIDE).is_none() {
        return run_inside(test_name::<F>());
    }
    let bed = Bed::new();
    body(&bed);
    bed.assert_left_clean();
    println!("{PASSED}");
}

/// `story` of the closure `file::story::{{closure}}`, with the modules between.
fn test_name<F>() -> &'static str {
    let path = type_name::<F>();
    let path = path.split_once("::").map_or(path, |(_crate, rest)| rest);
    path.split("::{{closure}}").next().unwrap_or(path)
}

fn run_inside(test: &str) {
    let folders = programs::folders();
    let mut command = Command::new("setpriv");
    // Ends with this thread, and the namespace with it.
    command.args(["--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child"]);
    command.args(["--propagation", "private"]);
    if !rustix::process::geteuid().is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    command.args(["sh", "-c", include_str!("enter.sh"), "enter.sh", &folders.len().to_string()]).args(&folders);
    command.arg(env::current_exe().expect("the running test has a path"));
    command.args(["--exact", test, "--nocapture", "--include-ignored"]);
    command.env(INSIDE, "1").env("HOME", "/tmp").stdin(Stdio::null()).stdout(Stdio::piped());

    let mut child = command.spawn().unwrap_or_else(|error| panic!("setpriv (util-linux) does not start: {error}"));
    let mut passed = false;
    // Printed again from here, where the test harness can hold it back.
    for line in child.stdout.take().into_iter().flat_map(|stream| BufReader::new(stream).lines()).map_while(Result::ok)
    {
        passed |= line.ends_with(PASSED);
        println!("{line}");
    }
    let status = child.wait().expect("a child can be waited for");
    assert!(
        status.success() && passed,
        "{test} failed in its own namespaces ({status}); where no line of it is above, unshare or mount was refused, and \
         the tests need root, or unprivileged user namespaces (kernel.unprivileged_userns_clone, AppArmor)"
    );
}
