//! The processes that a scenario orders about.

use std::env;
use std::marker::PhantomData;
use std::process::Command;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tests::bed::{App, Bed};

use crate::role::{Call, Plan, READY, answer_line};

/// A process that takes orders `O` and gives answers `A`. Dropping it ends it.
pub(crate) struct Process<O = (), A = ()> {
    app: App,
    calls: u64,
    talk: PhantomData<(O, A)>,
}

/// An order that is being carried out.
#[must_use]
pub(crate) struct Asked(u64);

impl<O: Serialize, A: DeserializeOwned> Process<O, A> {
    /// Starts a process, on one core or on all, and waits until it takes orders.
    pub(crate) fn start(bed: &Bed, name: &str, core: Option<usize>, plan: &Plan) -> Self {
        let program = env::current_exe().expect("the running program has a path");
        let mut command = on(core, &program.to_string_lossy());
        command.arg("role").arg(serde_json::to_string(plan).expect("plans are plain"));
        let app = bed.start(name, command);
        app.wait_for_line(READY);
        Self { app, calls: 0, talk: PhantomData }
    }

    /// Gives an order and returns at once.
    pub(crate) fn ask(&mut self, order: O) -> Asked {
        self.calls += 1;
        let call = Call { number: self.calls, order };
        self.app.tell(&serde_json::to_string(&call).expect("orders are plain"));
        Asked(self.calls)
    }

    /// Whether the answer is there.
    pub(crate) fn has_answered(&self, asked: &Asked) -> bool {
        let beginning = answer_line(asked.0, "");
        self.app.output().lines().iter().any(|line| line.starts_with(&beginning))
    }

    /// Waits for the answer.
    pub(crate) fn answer(&self, asked: Asked) -> A {
        let beginning = answer_line(asked.0, "");
        let lines = self.app.output().wait_for("answer", 1, |line| line.starts_with(&beginning));
        let answer = lines.first().and_then(|line| line.strip_prefix(&beginning)).unwrap_or_default();
        serde_json::from_str(answer).expect("answers are written by this program")
    }

    /// Gives an order and waits for the answer.
    pub(crate) fn call(&mut self, order: O) -> A {
        let asked = self.ask(order);
        self.answer(asked)
    }

    /// Ends it.
    ///
    /// # Panics
    ///
    /// If it had something to complain about.
    pub(crate) fn end(mut self) {
        self.app.close_input();
        let status = self.app.wait();
        assert!(status.success(), "a process of the benchmark ended with {status}");
    }
}

/// A program, on one core or on all.
fn on(core: Option<usize>, program: &str) -> Command {
    let Some(core) = core else { return Command::new(program) };
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &core.to_string(), program]);
    command
}
