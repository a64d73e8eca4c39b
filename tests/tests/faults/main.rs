//! What a bridge must outlive, under traffic in both directions, again and again at random moments. `FAULT_ROUNDS` says
//! how often (2 unless said), `SEED` repeats the moments of a run.
#![allow(clippy::print_stdout, reason = "what a test prints is shown when it fails, and by make test-faults")]

mod applications;
mod machine;
mod readers;
mod roudi;
mod soak;
mod supervisor;
mod traffic;
mod workers;

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tests::bed::{Bridge, Seed, Worker};

/// How often each fault happens.
fn rounds() -> u64 {
    std::env::var("FAULT_ROUNDS").map_or(2, |rounds| rounds.parse().expect("FAULT_ROUNDS is a number"))
}

/// Lets a random time pass, below so many milliseconds: the moment of a fault.
fn random_moment(seed: &mut Seed, below: u64) {
    std::thread::sleep(Duration::from_micros(seed.below(below * 1000)));
}

fn signal(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(pid).expect("a process number")).expect("0 is no process");
    kill_process(pid, signal).expect("the process is there");
}

/// The worker for a release, when it runs.
fn worker(bridge: &Bridge, release: &str) -> Worker {
    let of = |worker: &&Worker| worker.release == release && worker.pid.is_some() && worker.state == "running";
    let status = bridge.wait_for("the worker", |status| status.workers.iter().any(|worker| of(&worker)));
    status.workers.iter().find(of).expect("just seen").clone()
}

fn pid_of(worker: &Worker) -> u32 {
    worker.pid.expect("it runs")
}

/// Processor time that a process has used.
fn processor_time(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("the process is there");
    let fields: Vec<_> = stat.rsplit(')').next().expect("a state").split_whitespace().collect();
    let ticks: u64 = [11, 12].iter().map(|field| fields[*field].parse::<u64>().expect("a number")).sum();
    Duration::from_millis(ticks * 1000 / rustix::param::clock_ticks_per_second())
}

/// Bytes of memory of its own that a process has, shared memory not counted.
fn memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("the process is there");
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("its size");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}
