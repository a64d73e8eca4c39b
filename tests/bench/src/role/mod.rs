//! What the processes of a benchmark do. This program starts itself once for each of them, with a plan as its argument;
//! orders come as lines of JSON on standard input, and the answer to each is a line on standard output. While a process
//! waits for an order it sleeps.

pub(crate) mod echo;
mod figures;
pub(crate) mod flow;
pub(crate) mod probe;
pub(crate) mod read;

use std::io::{self, BufRead, Write};

use rustix::time::{ClockId, clock_gettime};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub(crate) use figures::{Figures, Quantiles};

/// What a process is to be.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Plan {
    Echo(echo::Plan),
    Probe(probe::Plan),
    Publish(flow::Plan),
    Subscribe(flow::Plan),
    Read(read::Plan),
}

/// An order with the number that its answer has.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Call<O> {
    pub(crate) number: u64,
    pub(crate) order: O,
}

/// Printed by a process that takes orders from now on.
pub(crate) const READY: &str = "ready";

/// The life of such a process.
pub(crate) fn main(plan: &str) -> ! {
    match serde_json::from_str(plan).expect("plans are written by this program") {
        Plan::Echo(plan) => echo::run(&plan),
        Plan::Probe(plan) => probe::run(&plan),
        Plan::Publish(plan) => flow::publish(&plan),
        Plan::Subscribe(plan) => flow::subscribe(&plan),
        Plan::Read(plan) => read::run(plan),
    }
}

/// Carries out orders until there are no more.
fn serve<O: DeserializeOwned, A: Serialize>(mut carry_out: impl FnMut(O) -> A) {
    say(READY);
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        let Call { number, order } = serde_json::from_str(&line).expect("orders are written by this program");
        let answer = serde_json::to_string(&carry_out(order)).expect("answers are plain");
        say(&answer_line(number, &answer));
    }
}

/// The line in which the answer to a call stands.
pub(crate) fn answer_line(number: u64, answer: &str) -> String {
    format!("answer {number} {answer}")
}

fn say(line: &str) {
    println!("{line}");
    io::stdout().flush().expect("whoever gives orders listens");
}

/// The same on all cores and in all processes, in nanoseconds.
pub(crate) fn now_ns() -> u64 {
    nanoseconds(ClockId::Monotonic)
}

/// What this process has had of the cores so far.
fn own_cpu_ns() -> u64 {
    nanoseconds(ClockId::ProcessCPUTime)
}

fn nanoseconds(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}
