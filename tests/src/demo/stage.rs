//! Everything that the demo has started, and how it ends.

use std::mem;
use std::thread;
use std::time::{Duration, Instant};

use super::bridge::Bridge;
use super::cast::{PUBLISHERS, SUBSCRIBERS};
use super::folder::Folder;
use super::process::Process;
use super::roudi::RouDi;
use super::run::Run;
use super::{Signals, Trouble};

const PAUSE: Duration = Duration::from_millis(20);
/// For what takes a moment, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(30);

/// The processes, in the order in which they have to end; dropping it ends them in this order too.
pub(super) struct Stage {
    /// One for each of [`PUBLISHERS`].
    pub(super) publishers: Vec<Process>,
    /// One for each of [`SUBSCRIBERS`].
    pub(super) subscribers: Vec<Process>,
    pub(super) bridge: Option<Bridge>,
    roudi: Option<RouDi>,
    folder: Folder,
}

impl Stage {
    pub(super) fn new(run: &Run) -> Result<Self, Trouble> {
        let folder = Folder::new(run)?;
        Ok(Self { publishers: Vec::new(), subscribers: Vec::new(), bridge: None, roudi: None, folder })
    }

    /// Starts everything and returns when every subscriber hears its publishers.
    pub(super) fn open(&mut self, run: &Run, signals: &Signals) -> Result<(), Trouble> {
        self.roudi = Some(RouDi::find_or_start(&self.folder, signals)?);
        self.bridge = Some(Bridge::start(&self.folder, run)?);
        self.wait(signals, "iox-bridge does not answer", |stage| {
            stage.bridge.as_ref().is_some_and(|b| b.status().is_some())
        })?;
        for part in &SUBSCRIBERS {
            self.subscribers.push(part.subscribe(run)?);
        }
        self.wait(signals, "an application does not start", |stage| all_said(&stage.subscribers, "started"))?;
        for part in &PUBLISHERS {
            self.publishers.push(part.publish(run)?);
        }
        let connected = self.wait(signals, "not every subscriber hears its publishers", Self::all_connected);
        if let (Err(Trouble::Late { .. }), Some(bridge)) = (&connected, &self.bridge) {
            bridge.print_status();
        }
        connected
    }

    /// Waits until `done`. An error if that takes too long, a process ends, or a signal comes.
    pub(super) fn wait(&mut self, signals: &Signals, what: &str, done: impl Fn(&Self) -> bool) -> Result<(), Trouble> {
        let deadline = Instant::now() + PATIENCE;
        while !done(self) {
            self.check(signals)?;
            if Instant::now() > deadline {
                let mut what = what.to_owned();
                for process in self.processes() {
                    what += &format!("\n  last lines of {}:\n{}", process.name(), process.last_lines());
                }
                return Err(Trouble::Late { what, seconds: PATIENCE.as_secs() });
            }
            thread::sleep(PAUSE);
        }
        Ok(())
    }

    /// An error if a process has ended, or a signal came.
    pub(super) fn check(&mut self, signals: &Signals) -> Result<(), Trouble> {
        signals.check()?;
        let bridge = self.bridge.iter_mut().map(|bridge| &mut bridge.process);
        let ended = bridge.chain(&mut self.publishers).chain(&mut self.subscribers).try_for_each(Process::check);
        match &mut self.roudi {
            // RouDi takes its clients with it, and is the last to go.
            Some(roudi) if ended.is_err() => roudi.check_patiently().and(ended),
            Some(roudi) => roudi.check(),
            None => ended,
        }
    }

    /// Ends everything that the demo has started. An error if something did not end as it should.
    pub(super) fn end(mut self, signals: &Signals) -> Result<(), Trouble> {
        for mut applications in [mem::take(&mut self.publishers), mem::take(&mut self.subscribers)] {
            applications.iter().for_each(Process::terminate);
            for application in &mut applications {
                // How it ended is the verdict's business, which has been given or no longer matters.
                application.end();
            }
        }
        let bridge = self.bridge.take().map(|bridge| bridge.process);
        let ended = bridge.map_or(Ok(()), |mut bridge| match bridge.end() {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(Trouble::Ended { name: bridge.name().to_owned(), status, lines: bridge.last_lines() }),
            None => Err(Trouble::Verdict(format!("iox-bridge did not end when told to:\n{}", bridge.last_lines()))),
        });
        ended.and(self.roudi.take().map_or(Ok(()), |roudi| roudi.end(signals)))
    }

    fn all_connected(&self) -> bool {
        let mut connections = self.subscribers.iter().zip(&SUBSCRIBERS).flat_map(|(subscriber, part)| {
            part.sources.iter().map(move |source| subscriber.has_said(&format!("connected source={source}")))
        });
        connections.all(|connected| connected)
    }

    fn processes(&self) -> impl Iterator<Item = &Process> {
        let bridge = self.bridge.iter().map(|bridge| &bridge.process);
        bridge.chain(&self.publishers).chain(&self.subscribers)
    }
}

fn all_said(processes: &[Process], beginning: &str) -> bool {
    processes.iter().all(|process| process.has_said(beginning))
}
