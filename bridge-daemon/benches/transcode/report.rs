//! What was measured: for people as a table, for programs as a file that all benchmarks share.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

/// What the repetitions of one measurement had.
#[derive(Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Spread {
    pub(crate) fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Self { median: values[values.len() / 2], min: values[0], max: values[values.len() - 1] }
    }

    fn json(self) -> Value {
        let rounded = |value: f64| (value * 1000.0).round() / 1000.0;
        json!({ "median": rounded(self.median), "min": rounded(self.min), "max": rounded(self.max) })
    }
}

/// What is wanted of a scenario; the median counts.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    /// So many times as fast as the reference.
    Speedup(f64),
    /// This part of the reference's bandwidth.
    Bandwidth(f64),
    /// The figure is there to be known.
    None,
}

/// A scenario that was measured.
pub(crate) struct Figures {
    pub(crate) ours: Spread,
    pub(crate) reference: Spread,
    pub(crate) speedup: Spread,
    /// Bytes that the reference copies, if that is what it does: then the speedup is the part of its bandwidth.
    pub(crate) copied: Option<usize>,
    /// Of ours, in one pass over all samples of each repetition.
    pub(crate) allocations: Spread,
}

impl Figures {
    fn json(&self) -> Value {
        let mut keys = Map::new();
        keys.insert("ours_ns".into(), self.ours.json());
        keys.insert("reference_ns".into(), self.reference.json());
        keys.insert("speedup".into(), self.speedup.json());
        keys.insert("allocations".into(), self.allocations.json());
        if let Some(copied) = self.copied {
            keys.insert("bandwidth_ratio".into(), self.speedup.json());
            keys.insert("copied_bytes".into(), copied.into());
        }
        Value::Object(keys)
    }

    fn meets(&self, goal: Goal) -> bool {
        let is_fast = match goal {
            Goal::Speedup(least) | Goal::Bandwidth(least) => self.speedup.median >= least,
            Goal::None => true,
        };
        is_fast && self.allocations.max == 0.0
    }
}

/// The figures of this run.
pub(crate) struct Report {
    scenarios: Value,
    missed: usize,
    is_printed: bool,
}

impl Report {
    /// Prints what the columns are, if there shall be a table. Where other benchmarks follow, one of them prints all.
    pub(crate) fn new(is_printed: bool) -> Self {
        if is_printed {
            println!(
                "{:<18} {:>11} {:>12} {:>8} {:>13} {:>11}  goal",
                "scenario", "ours (ns)", "reference", "ratio", "(min..max)", "allocations"
            );
        }
        Self { scenarios: Value::Null, missed: 0, is_printed }
    }

    /// Prints a scenario, and keeps it for the file.
    pub(crate) fn add(&mut self, name: &str, figures: &Figures, goal: Goal) {
        let Figures { ours, reference, speedup, allocations, .. } = figures;
        let range = format!("{:.2}..{:.2}", speedup.min, speedup.max);
        let wanted = match goal {
            Goal::Speedup(least) => format!("at least {least} times rmp-serde"),
            Goal::Bandwidth(least) => format!("at least {least} of memcpy"),
            Goal::None => "no allocation".into(),
        };
        let verdict = if figures.meets(goal) { "met" } else { "MISSED" };
        self.missed += usize::from(!figures.meets(goal));
        if self.is_printed {
            println!(
                "{name:<18} {:>11.1} {:>12.1} {:>7.2}x {range:>13} {:>11}  {wanted}: {verdict}",
                ours.median, reference.median, speedup.median, allocations.max
            );
        }
        // Both directions of a scenario are one object.
        let place = match name.split_once('.') {
            Some((scenario, direction)) => &mut self.scenarios[scenario][direction],
            None => &mut self.scenarios[name],
        };
        *place = figures.json();
        // For whoever prints one table of all that is in the file; as in tests/bench/src/report.rs.
        place["table"] = json!([{
            "what": "",
            "figure": format!("{:.1} ns", ours.median),
            "reference": format!("{:.1} ns", reference.median),
            "ratio": speedup.json(),
            "goal": wanted,
            "met": figures.meets(goal),
        }]);
    }

    /// Puts the figures into the file, next to those of other benchmarks, and says where.
    pub(crate) fn write(self) {
        let path = path();
        let mut all = read(&path);
        // Ours are replaced as a whole: scenarios of another version would look as if they had been measured now.
        all.insert("transcode".into(), self.scenarios);
        fs::create_dir_all(path.parent().expect("has a folder")).expect("can be created");
        let text = serde_json::to_string_pretty(&all).expect("is JSON");
        fs::write(&path, text + "\n").expect("can be written");
        if self.is_printed {
            println!("{} goals missed; figures in {}", self.missed, path.display());
        }
    }
}

/// What the file holds; nothing if there is none, or it is none of ours.
fn read(path: &Path) -> Map<String, Value> {
    fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

fn path() -> PathBuf {
    // Benchmarks run in the folder of their crate.
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("is part of a workspace");
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    workspace.join(target).join("bench/report.json")
}
