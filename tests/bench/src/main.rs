//! `make bench`: whole hops with the real processes, application, `iox-bridge run`, application, against what the two
//! stacks need without a bridge. How to read the figures is in `docs/benchmarks.md`.
//!
//!     bench                     all scenarios
//!     bench latency idle        some
//!
//! Everything runs on a machine of its own, as the end-to-end tests do, with one RouDi for all scenarios.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod bridge;
mod content;
mod machine;
mod process;
mod report;
mod role;
mod scenario;
mod stack;

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use serde_json::json;
use tests::bed::{Bed, isolated_program, pools};

use machine::{Effort, Machine};
use report::Report;
use scenario::SCENARIOS;

/// A load beyond that is somebody else's work.
const BUSY: f64 = 0.5;

/// What scenarios share.
pub(crate) struct Bench<'a> {
    bed: &'a Bed,
    machine: Machine,
    effort: Effort,
    report: Report,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [role, plan] = &arguments[..]
        && role == "role"
    {
        role::main(plan);
    }
    if let Some(unknown) = arguments.iter().find(|name| SCENARIOS.iter().all(|(known, _)| known != name)) {
        eprintln!("there is no scenario {unknown}; there are {}", SCENARIOS.map(|(name, _)| name).join(", "));
        return ExitCode::from(2);
    }
    let folder = report_folder();
    let is_fine = isolated_program(&[&folder], |bed| run(bed, &arguments));
    if is_fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// `target/bench`, or `target/debug/report` for what a build for tests measures, which says little.
fn report_folder() -> PathBuf {
    let program = env::current_exe().expect("the running program has a path");
    let profile = program.parent().expect("it lies in the folder of its profile");
    let folder = if profile.ends_with("release") { profile.with_file_name("bench") } else { profile.join("report") };
    fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    folder
}

fn run(bed: &Bed, wanted: &[String]) {
    let (machine, effort, load) = (Machine::this(), Effort::wanted(), machine::load());
    let mut seconds = json!({});
    let report = Report::open(&report_folder().join("report.json"));
    // Chunks for all samples that may wait somewhere. A machine that stands still for a second or two spoils a few
    // figures and shall not end all.
    let roudi = bed.patient_roudi_with(&pools(&[(128, 20_000), (1024, 4_000), (8192, 4_000), (1 << 20, 64)]));
    let mut bench = Bench { bed, machine, effort, report };
    bench.report.begin();
    for (name, scenario) in SCENARIOS {
        if wanted.is_empty() || wanted.iter().any(|it| it == name) {
            let begin = Instant::now();
            scenario(&mut bench);
            seconds[name] = begin.elapsed().as_secs().into();
        }
    }
    roudi.stop();
    let Effort { is_quick, repetitions, .. } = effort;
    bench.report.state("run", json!({ "quick": is_quick, "repetitions": repetitions, "seconds": seconds }));
    let loads = [load, machine::load()];
    bench.report.state("machine", json!({ "hardware": bench.machine.json(), "load_before_and_after": loads }));
    bench.report.write();
    bench.report.end();
    if loads[0] > BUSY {
        println!("the machine was busy with something else before (load {:.1}): these figures say little", loads[0]);
    }
}
