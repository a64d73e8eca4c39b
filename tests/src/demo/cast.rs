//! The applications of the demo and what they say to each other.

use std::process::Command;

use super::process::Process;
use super::run::Run;
use super::{Trouble, programs};

/// Samples that may wait for a subscriber: more than a second's, for machines that have other things to do.
const QUEUE: &str = "256";

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stack {
    Classic,
    Iceoryx2,
}

/// One application: a program, and the stream that it takes part in.
pub(super) struct Part {
    pub(super) stack: Stack,
    /// Of the configuration.
    pub(super) stream: &'static str,
    topic: &'static str,
    /// Of a publisher, its own number; of a subscriber, those that it hears: itself, or through the bridge.
    pub(super) sources: &'static [u16],
}

const fn part(stack: Stack, stream: &'static str, topic: &'static str, sources: &'static [u16]) -> Part {
    Part { stack, stream, topic, sources }
}

/// On `quotes`, 1 is in C++ and 2 in Rust.
pub(super) const PUBLISHERS: [Part; 4] = [
    part(Stack::Classic, "ticks", "tick", &[1]),
    part(Stack::Iceoryx2, "example", "transmission", &[1]),
    part(Stack::Classic, "quotes", "tick", &[1]),
    part(Stack::Iceoryx2, "quotes", "tick", &[2]),
];

pub(super) const SUBSCRIBERS: [Part; 4] = [
    part(Stack::Iceoryx2, "ticks", "tick", &[1]),
    part(Stack::Classic, "example", "transmission", &[1]),
    part(Stack::Iceoryx2, "quotes", "tick", &[1, 2]),
    part(Stack::Classic, "quotes", "tick", &[1, 2]),
];

impl Part {
    /// Starts it as a publisher, which sends probes until it is told to go.
    pub(super) fn publish(&self, run: &Run) -> Result<Process, Trouble> {
        let pace = Run::pace_us().to_string();
        self.start(run, "publisher", &["--handshake", "--pace-us", &pace, "--source", &self.list()])
    }

    /// Starts it as a subscriber, which says when it hears its publishers, and when it has everything.
    pub(super) fn subscribe(&self, run: &Run) -> Result<Process, Trouble> {
        self.start(run, "subscriber", &["--show", &Run::shown().to_string(), "--expect", &self.list()])
    }

    fn list(&self) -> String {
        self.sources.iter().map(u16::to_string).collect::<Vec<_>>().join(",")
    }

    fn start(&self, run: &Run, role: &str, more: &[&str]) -> Result<Process, Trouble> {
        let (stream, id, application) = (self.stream, run.id(), format!("{}-{role}", self.topic));
        let mut command;
        let language = match self.stack {
            Stack::Classic => {
                command = Command::new(programs::classic(&application)?);
                command.args([
                    "--name",
                    &format!("{}-{stream}-{role}", run.bridge()),
                    "--service",
                    &format!("demo-{id}"),
                ]);
                command.args(["--instance", "Market", "--event", stream, "--queue", QUEUE]);
                "C++"
            }
            Stack::Iceoryx2 => {
                command = Command::new(programs::iceoryx2()?);
                command.args([&application, "--service", &format!("demo-{id}/{stream}"), "--queue", QUEUE]);
                "Rust"
            }
        };
        command.args(["--count", &run.samples().to_string()]).args(more);
        Process::start(&format!("{language} {role} of {stream}"), &mut command)
    }
}
