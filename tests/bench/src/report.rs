//! What was measured: for programs as a file, for people as a table of what is in the file.
//!
//! The benchmark of transcoding writes its figures to the same file, with rows of the same shape, so that one table
//! shows all.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A reference whose greatest value is so many times its least was disturbed by other work.
const DISTURBED: f64 = 3.0;

/// What the repetitions of one measurement had.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Spread {
    /// Of at least one value.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let at = |index: usize| (values[index] * 1000.0).round() / 1000.0;
        Self { median: at(values.len() / 2), min: at(0), max: at(values.len() - 1) }
    }
}

/// What is wanted; the median counts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal {
    AtMost(f64, &'static str),
    AtLeast(f64, &'static str),
}

impl Goal {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtMost(limit, _) => value <= limit,
            Self::AtLeast(limit, _) => value >= limit,
        }
    }

    fn text(self) -> String {
        match self {
            Self::AtMost(limit, unit) => format!("at most {limit} {unit}").trim_end().to_owned(),
            Self::AtLeast(limit, unit) => format!("at least {limit} {unit}").trim_end().to_owned(),
        }
    }
}

/// A line of the table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    /// Of the scenario, if it has several.
    what: String,
    figure: String,
    /// What it is compared with; empty if with nothing.
    reference: String,
    /// Of the repetitions: figure by reference, or the figure itself where there is none.
    ratio: Spread,
    goal: String,
    /// Nothing where there is no goal, or the reference was disturbed.
    met: Option<bool>,
}

impl Row {
    /// A figure and its reference, with units, and the ratio of each repetition.
    pub(crate) fn compared(what: &str, [figure, reference]: [String; 2], ratio: Spread, goal: Option<Goal>) -> Self {
        Self {
            what: what.into(),
            figure,
            reference,
            ratio,
            goal: goal.map(Goal::text).unwrap_or_default(),
            met: goal.map(|goal| goal.is_met(ratio.median)),
        }
    }

    /// The same, with a goal for the figure itself.
    pub(crate) fn wanting(mut self, goal: Option<Goal>, figure: Spread) -> Self {
        self.goal = goal.map(Goal::text).unwrap_or_default();
        self.met = goal.map(|goal| goal.is_met(figure.median));
        self
    }

    /// The same, but judged only if the repetitions of the reference agree well enough for that.
    pub(crate) fn unless_disturbed(mut self, reference: Spread) -> Self {
        if reference.max > reference.min * DISTURBED {
            self.met = None;
        }
        self
    }

    /// A figure that has no reference.
    pub(crate) fn alone(what: &str, unit: &str, figure: Spread, goal: Option<Goal>) -> Self {
        let text = format!("{} {unit}", number(figure.median));
        Self::compared(what, [text, String::new()], figure, goal)
    }
}

/// A number as people like to read it.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        1e6.. => format!("{:.2} M", value / 1e6),
        1e4.. => format!("{:.1} k", value / 1e3),
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// Nanoseconds as people like to read them.
pub(crate) fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        1e9.. => format!("{:.2} s", nanoseconds / 1e9),
        1e6.. => format!("{:.2} ms", nanoseconds / 1e6),
        1e4.. => format!("{:.1} µs", nanoseconds / 1e3),
        _ => format!("{nanoseconds:.0} ns"),
    }
}

/// The figures of this run, and of what else wrote to the file.
pub(crate) struct Report {
    path: PathBuf,
    all: Map<String, Value>,
    /// Sections that this run has begun, and so emptied.
    begun: BTreeSet<&'static str>,
}

impl Report {
    pub(crate) fn open(path: &Path) -> Self {
        let all = fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Self { path: path.into(), all, begun: BTreeSet::new() }
    }

    /// What is true of the whole run.
    pub(crate) fn state(&mut self, key: &str, value: Value) {
        self.all.insert(key.into(), value);
    }

    /// Keeps a scenario and shows its rows. What an earlier run left in the section goes: it would look as if it had
    /// been measured now.
    pub(crate) fn add(&mut self, section: &'static str, scenario: &str, mut figures: Value, rows: &[Row]) {
        figures["table"] = json!(rows);
        if self.begun.insert(section) {
            self.all.insert(section.into(), json!({}));
        }
        self.all[section][scenario] = figures;
        rows.iter().for_each(|row| print_row(&format!("{section}.{scenario}"), row));
        self.write();
    }

    /// Writes what there is.
    pub(crate) fn write(&self) {
        let text = serde_json::to_string_pretty(&self.all).expect("is JSON");
        fs::write(&self.path, text + "\n").unwrap_or_else(|error| panic!("{}: {error}", self.path.display()));
    }

    /// Prints the head of the table, and what the benchmark of transcoding has just left.
    pub(crate) fn begin(&mut self) {
        println!("{:<54} {:>12} {:>12} {:>8} {:>17}  goal", "scenario", "figure", "reference", "ratio", "(min..max)");
        if let Some(figures) = self.all.get("transcode") {
            walk("transcode", figures, &mut |name, row| print_row(name, &row));
        }
    }

    /// Says what there was to be met, in the table and before.
    pub(crate) fn end(&self) {
        let (mut met, mut missed) = (0, 0);
        let sections = self.all.iter().filter(|(name, _)| *name == "transcode" || self.begun.contains(name.as_str()));
        for (section, figures) in sections {
            walk(section, figures, &mut |_, row| {
                met += usize::from(row.met == Some(true));
                missed += usize::from(row.met == Some(false));
            });
        }
        println!("{met} goals met, {missed} missed; figures in {}", self.path.display());
    }
}

/// Shows every row in these figures, and those within them.
fn walk(name: &str, figures: &Value, show: &mut impl FnMut(&str, Row)) {
    let Value::Object(figures) = figures else { return };
    for (key, value) in figures {
        if key == "table" {
            let rows: Vec<Row> = serde_json::from_value(value.clone()).unwrap_or_default();
            rows.into_iter().for_each(|row| show(name, row));
        } else {
            walk(&format!("{name}.{key}"), value, show);
        }
    }
}

fn print_row(name: &str, row: &Row) {
    let Row { what, figure, reference, ratio, goal, met } = row;
    let name = format!("{name} {what}");
    let spread = format!("{}..{}", number(ratio.min), number(ratio.max));
    let ratio = if reference.is_empty() { String::new() } else { format!("{:.2}", ratio.median) };
    let verdict = match met {
        Some(true) => "met",
        Some(false) => "MISSED",
        None => "not judged, disturbed",
    };
    let goal = if goal.is_empty() { String::new() } else { format!("{goal}: {verdict}") };
    println!("{:<54} {figure:>12} {reference:>12} {ratio:>8} {spread:>17}  {goal}", name.trim_end());
}
