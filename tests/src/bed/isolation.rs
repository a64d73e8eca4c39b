//! A machine of its own for every test, as far as both stacks can see.
//!
//! The test starts itself once more, alone, through `unshare`: in new mount and process namespaces, and in a new user
//! namespace where the caller is not root. `enter.sh` then covers `/tmp` and
//! `/dev/shm`. When the test ends, by whatever cause, the kernel ends every process of its namespace.

use std::any::type_name;
use std::env;
use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use super::{Bed, programs};

const INSIDE: &str = "IOX_BRIDGE_TEST_BED";
const PASSED: &str = "the isolated test has passed";
/// What the line begins with that says why a test is skipped.
pub(super) const SKIPPED: &str = "skipped: ";
const REFUSED: &str = "where no line of it is above, unshare or mount was refused: that takes root, or unprivileged user \
     namespaces (kernel.unprivileged_userns_clone, AppArmor)";

/// Runs the body of a test on a machine of its own. To be called first thing, with a closure written in place: the name
/// of the test is taken from it.
///
/// # Panics
///
/// If the body does, or if it leaves a process or a file of either stack behind.
pub fn isolated<F: FnOnce(&Bed)>(body: F) {
    if env::var_os(INSIDE).is_none() {
        let test = test_name::<F>();
        let Ran { passed, status, skipped } =
            run_inside(&[], &["--exact", test, "--nocapture", "--include-ignored"].map(OsString::from));
        assert!(passed, "{test} failed in its own namespaces ({status}); {REFUSED}");
        if let Some(why) = skipped {
            note_skipped(test, &why);
        }
        return;
    }
    run_here(body);
}

/// Runs the body of a program that is no test on a machine of its own, where it has the arguments it has here. To be
/// called first thing. `folders` are those it must still see although they may be below `/tmp`; they exist. Says whether
/// all went well: what went wrong has been printed then.
#[must_use]
pub fn isolated_program(folders: &[&Path], body: impl FnOnce(&Bed)) -> bool {
    if env::var_os(INSIDE).is_none() {
        let Ran { passed, status, .. } = run_inside(folders, &env::args_os().skip(1).collect::<Vec<_>>());
        if !passed {
            eprintln!("it failed in its own namespaces ({status}); {REFUSED}");
        }
        return passed;
    }
    run_here(body);
    true
}

fn run_here(body: impl FnOnce(&Bed)) {
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

/// What became of a program that was run on a machine of its own.
struct Ran {
    /// It came to its good end.
    passed: bool,
    status: ExitStatus,
    /// Why it did not do what it is for, if it could not.
    skipped: Option<String>,
}

/// Adds the test to the file that `SKIPPED_TESTS` names, one line each, for whoever runs all tests: to the harness it has
/// passed, since what it needs is only known when it runs.
fn note_skipped(test: &str, why: &str) {
    let Some(file) = env::var_os("SKIPPED_TESTS") else { return };
    let line = format!("{test}: {why}\n");
    let added =
        OpenOptions::new().create(true).append(true).open(&file).and_then(|mut file| file.write_all(line.as_bytes()));
    added.unwrap_or_else(|error| panic!("{}: {error}", Path::new(&file).display()));
}

/// Starts this program once more, with these arguments.
fn run_inside(folders: &[&Path], arguments: &[OsString]) -> Ran {
    let mut folders: Vec<_> = folders.iter().map(|folder| folder.to_path_buf()).collect();
    folders.extend(programs::folders());
    let mut command = Command::new("setpriv");
    // Ends with this thread, and the namespace with it.
    command.args(["--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child"]);
    command.args(["--propagation", "private"]);
    if !rustix::process::geteuid().is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    command.args(["sh", "-c", include_str!("enter.sh"), "enter.sh", &folders.len().to_string()]).args(&folders);
    command.arg(env::current_exe().expect("the running program has a path")).args(arguments);
    command.env(INSIDE, "1").env("HOME", "/tmp").stdin(Stdio::null()).stdout(Stdio::piped());

    let mut child = command.spawn().unwrap_or_else(|error| panic!("setpriv (util-linux) does not start: {error}"));
    let (mut passed, mut skipped) = (false, None);
    // Printed again from here, where the test harness can hold it back.
    for line in child.stdout.take().into_iter().flat_map(|stream| BufReader::new(stream).lines()).map_while(Result::ok)
    {
        if line.ends_with(PASSED) {
            passed = true;
            continue;
        }
        if let Some((_, why)) = line.split_once(SKIPPED) {
            skipped = Some(why.to_owned());
        }
        println!("{line}");
    }
    let status = child.wait().expect("a child can be waited for");
    Ran { passed: passed && status.success(), status, skipped }
}
