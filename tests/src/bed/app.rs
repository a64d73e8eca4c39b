//! A started process: an application, RouDi, or a bridge.

use std::io::{self, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::{Output, PATIENCE};

/// How long a process that was told to end may take before it is killed, when its test has failed already.
const MERCY: Duration = Duration::from_secs(3);

/// A process. Dropping it ends it: asked first, then forced.
pub struct App {
    name: String,
    child: Child,
    input: Option<ChildStdin>,
    readers: Vec<JoinHandle<()>>,
    output: Arc<Output>,
}

impl App {
    pub(super) fn start(name: &str, mut command: Command) -> Self {
        Self::spawn(name, &mut command).unwrap_or_else(|error| panic!("{command:?} does not start: {error}"))
    }

    pub(crate) fn spawn(name: &str, command: &mut Command) -> io::Result<Self> {
        // Not the package's folder: iceoryx2 would look for a configuration there.
        command.current_dir("/tmp").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let output = Output::new(&format!("{name} [{}]", child.id()));
        let mut readers = Vec::new();
        readers.extend(child.stdout.take().map(|stream| output.collect(stream)));
        readers.extend(child.stderr.take().map(|stream| output.collect(stream)));
        Ok(Self { name: name.to_owned(), input: child.stdin.take(), child, readers, output })
    }

    /// Its process number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it prints, standard output and standard error together.
    pub fn output(&self) -> Arc<Output> {
        Arc::clone(&self.output)
    }

    /// Waits for a line that contains `text`, and returns it.
    ///
    /// # Panics
    ///
    /// If there is none in time.
    pub fn wait_for_line(&self, text: &str) -> String {
        self.output.wait_for(&format!("line with {text:?}"), 1, |line| line.contains(text)).remove(0)
    }

    /// Waits for `count` lines that contain `text`, and returns these.
    ///
    /// # Panics
    ///
    /// If they are not there in time.
    pub fn wait_for_lines(&self, count: usize, text: &str) -> Vec<String> {
        self.output.wait_for(&format!("lines with {text:?}"), count, |line| line.contains(text))
    }

    /// Ends the handshake of a publisher: from now on its samples count.
    ///
    /// # Panics
    ///
    /// If it has ended.
    pub fn go(&mut self) {
        self.try_go().unwrap_or_else(|error| panic!("{} does not listen: {error}", self.name));
    }

    pub(crate) fn try_go(&mut self) -> io::Result<()> {
        self.input.take().ok_or(io::ErrorKind::BrokenPipe)?.write_all(b"go\n")
    }

    /// Writes a line to its standard input.
    ///
    /// # Panics
    ///
    /// If it has ended.
    pub fn tell(&mut self, line: &str) {
        let told = self.input.as_mut().map(|input| writeln!(input, "{line}"));
        assert!(matches!(told, Some(Ok(()))), "{} does not listen: {told:?}", self.name);
    }

    /// Lets it see the end of its standard input.
    pub fn close_input(&mut self) {
        self.input = None;
    }

    /// Asks it to end.
    pub fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// Ends it without asking.
    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }

    /// Sends a signal, unless it has ended.
    pub fn signal(&self, signal: Signal) {
        // An error means that it is gone, which is what waiting for it will tell.
        let _ = kill_process(Pid::from_child(&self.child), signal);
    }

    /// Waits for its end, at most this long; `None` if it is still there then.
    pub fn wait_at_most(&mut self, patience: Duration) -> Option<ExitStatus> {
        let deadline = Instant::now() + patience;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => {
                    self.readers.drain(..).for_each(|reader| drop(reader.join()));
                    return Some(status);
                }
                Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(2)),
                Ok(None) => return None,
                Err(error) => panic!("{} cannot be waited for: {error}", self.name),
            }
        }
    }

    /// Waits for its end.
    ///
    /// # Panics
    ///
    /// If it does not end.
    pub fn wait(&mut self) -> ExitStatus {
        self.wait_at_most(PATIENCE).unwrap_or_else(|| panic!("{} does not end", self.name))
    }

    /// Asks it to end and asserts that it was content with what it saw. Returns its closing line.
    ///
    /// # Panics
    ///
    /// If it does not end, or with another code than 0.
    pub fn finish(mut self) -> String {
        self.terminate();
        let status = self.wait();
        let closing = self.output.lines().into_iter().rev().find(|line| line.starts_with("done ")).unwrap_or_default();
        assert!(status.success(), "{} ended with {status}: {closing}", self.name);
        closing
    }
}

impl Drop for App {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.terminate();
            if self.wait_at_most(MERCY).is_none() {
                self.kill();
                self.wait_at_most(PATIENCE);
            }
        }
    }
}
