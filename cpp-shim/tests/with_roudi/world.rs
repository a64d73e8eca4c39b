//! A world for each test: a process of its own, in a mount namespace with empty `/tmp` and `/dev/shm`, so that each test
//! has its own RouDi and tests run side by side. Other processes of the test are the same test in another role.
//!
//! Owner: the test. Threads: the test's.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use cpp_shim::{Presence, Report, Runtime, RuntimeName, presence};

/// Set to the role of this process where the world is made already.
const ROLE: &str = "IOX_SHIM_TEST_ROLE";
/// The role of the process that runs the test itself.
const MAIN: &str = "main";
/// What [`exit_on_fatal`] exits with.
pub(crate) const FATAL: i32 = 99;

/// A part that another process plays.
pub(crate) type Role = (&'static str, fn());

/// Runs `story` in a world of its own, where `roles` can be given to other processes with [`play`].
pub(crate) fn tell<F: FnOnce()>(roles: &[Role], story: F) {
    match env::var(ROLE) {
        Err(_) => enter_world(&test_name::<F>()),
        Ok(role) if role == MAIN => story(),
        Ok(role) => roles.iter().find(|(name, _)| *name == role).expect("a role of this test").1(),
    }
}

/// The name of the test whose closure this is, as the test runner spells it.
fn test_name<F>() -> String {
    let path = std::any::type_name::<F>();
    let path = path.strip_suffix("::{{closure}}").expect("the story is a closure");
    path.split_once("::").expect("a crate and a path").1.to_owned()
}

/// Runs this test again, inside. The executable may lie in the `/tmp` that is about to be hidden, so it is opened
/// before, and stays open for the other processes of the test.
fn enter_world(test: &str) {
    let script = "exec 3<\"$1\" && shift && mount -t tmpfs world /tmp && mount -t tmpfs world /dev/shm && cd / && \
                  exec setpriv --pdeathsig KILL -- /proc/self/fd/3 \"$@\"";
    let mut command = Command::new("unshare");
    command.arg("--mount");
    if !rustix::process::geteuid().is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    let status = command
        .args(["--", "sh", "-c", script, "sh"])
        .arg(env::current_exe().expect("this executable"))
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(ROLE, MAIN)
        .status()
        .expect("unshare, of util-linux");
    assert!(status.success(), "{test}: {status}");
}

/// A process of this test that is killed when the test ends, whichever way.
pub(crate) struct Player {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// Starts a process that plays that role of the running test.
pub(crate) fn play(role: &str) -> Player {
    let mut command = mortal("/proc/self/fd/3");
    command.args(env::args().skip(1)).env(ROLE, role);
    start(&mut command)
}

/// Starts the RouDi that was installed with the libraries, with pools of `(size, count)` and waits until it answers.
pub(crate) fn roudi(pools: &[(u32, u32)]) -> Player {
    let mut text = "[general]\nversion = 1\n[[segment]]\n".to_owned();
    for (size, count) in pools {
        text += &format!("[[segment.mempool]]\nsize = {size}\ncount = {count}\n");
    }
    std::fs::write("/tmp/roudi.toml", text).expect("an empty /tmp");
    let roudi = start(mortal(env!("IOX_ROUDI")).args(["-l", "fatal", "-c", "/tmp/roudi.toml"]));
    until("RouDi answers", || presence().expect("a socket") == Presence::Running);
    roudi
}

/// Like [`roudi`], with pools that do for most.
pub(crate) fn usual_roudi() -> Player {
    roudi(&[(128, 1000), (16384, 100)])
}

/// A command whose process ends with this thread.
pub(crate) fn mortal(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--", program]);
    command
}

pub(crate) fn start(command: &mut Command) -> Player {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a program to start");
    let input = child.stdin.take();
    let output = BufReader::new(child.stdout.take().expect("a pipe"));
    Player { child, input, output }
}

impl Player {
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the line that [`say`] wrote there, and answers what follows `word` in it.
    pub(crate) fn hear(&mut self, word: &str) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.output.read_line(&mut line).expect("text") > 0, "the other process ended without {word:?}");
            if let Some(rest) = line.strip_prefix(&format!("> {word}")) {
                return rest.trim().to_owned();
            }
        }
    }

    /// Lets [`wait_for_word`] there return.
    pub(crate) fn nod(&mut self) {
        self.input.as_mut().expect("an open pipe").write_all(b"\n").expect("a listener");
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_some()
    }

    pub(crate) fn ended(&mut self) -> ExitStatus {
        until("the other process ends", || self.has_ended());
        self.child.wait().expect("a child")
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("a child");
        self.child.wait().expect("a child");
    }

    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), signal).expect("a child");
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        let _already_ended = self.child.kill();
        let _already_waited = self.child.wait();
    }
}

/// Tells the process that started this one.
pub(crate) fn say(word: &str) {
    let mut output = std::io::stdout().lock();
    writeln!(output, "\n> {word}").and_then(|()| output.flush()).expect("an open pipe");
}

/// Waits until the process that started this one nods.
pub(crate) fn wait_for_word() {
    let read = std::io::stdin().lock().read_line(&mut String::new()).expect("an open pipe");
    assert!(read > 0, "the test ended");
}

/// Registers this process with RouDi.
pub(crate) fn runtime(name: &str) -> Runtime {
    cpp_shim::install_error_handler(exit_on_fatal);
    cpp_shim::silence();
    Runtime::init(&RuntimeName::new(name).expect("a good name")).expect("a RouDi")
}

pub(crate) fn exit_on_fatal(report: &Report) {
    eprintln!("{report}");
    cpp_shim::exit_now(FATAL);
}

/// Waits for a condition. The limit is far beyond anything but a failure.
pub(crate) fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let limit = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < limit, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Whether a path is there.
pub(crate) fn exists(path: &str) -> bool {
    Path::new(path).exists()
}
