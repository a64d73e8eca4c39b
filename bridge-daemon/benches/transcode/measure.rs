//! Times two ways of doing the same, in one process and one run.
//!
//! Short rounds of both alternate, so that a change of the machine's pace meets both. The tenth of the rounds of a
//! repetition that was fastest was disturbed least by the machine's other work, and its slowest round counts. There are
//! several repetitions, one after the other; how far they lie apart says how much to think of a figure.

use std::time::Instant;

use crate::allocations;
use crate::report::{Figures, Spread};

/// Samples of a pass.
pub(crate) const SAMPLES: usize = 64;
const REPETITIONS: usize = 7;
const ROUND_NANOS: f64 = 2e5;

/// Rounds of each repetition, fewer when `QUICK` is set.
fn rounds() -> usize {
    if std::env::var_os("QUICK").is_some_and(|value| !value.is_empty() && value != "0") { 60 } else { 400 }
}

/// Times `ours` and `reference`; each call is a pass over all samples. `copied` is what [`Figures`] says.
pub(crate) fn compare(copied: Option<usize>, mut ours: impl FnMut(), mut reference: impl FnMut()) -> Figures {
    let passes = passes_of_a_round(&mut ours).min(passes_of_a_round(&mut reference));
    let (mut of_ours, mut of_reference, mut speedups, mut allocated) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..REPETITIONS {
        let mut nanos = (Vec::new(), Vec::new());
        for _ in 0..rounds() {
            nanos.0.push(round(passes, &mut ours));
            nanos.1.push(round(passes, &mut reference));
        }
        let (ours_ns, reference_ns) = (undisturbed(nanos.0), undisturbed(nanos.1));
        of_ours.push(ours_ns);
        of_reference.push(reference_ns);
        speedups.push(reference_ns / ours_ns);
        allocated.push(allocations::during(&mut ours) as f64);
    }
    Figures {
        ours: Spread::of(of_ours),
        reference: Spread::of(of_reference),
        speedup: Spread::of(speedups),
        copied,
        allocations: Spread::of(allocated),
    }
}

fn passes_of_a_round(pass: &mut impl FnMut()) -> usize {
    let once = (0..20).map(|_| round(1, pass)).fold(f64::MAX, f64::min) * SAMPLES as f64;
    ((ROUND_NANOS / once.max(1.0)) as usize).max(1)
}

/// Nanoseconds of one sample.
fn round(passes: usize, pass: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..passes {
        pass();
    }
    start.elapsed().as_nanos() as f64 / (passes * SAMPLES) as f64
}

fn undisturbed(mut nanos: Vec<f64>) -> f64 {
    nanos.sort_by(f64::total_cmp);
    nanos[nanos.len() / 10]
}
