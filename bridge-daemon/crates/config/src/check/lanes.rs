//! The rules of `[lane.NAME]`, and of the streams that name one.

use std::time::Duration;

use super::Context;
use super::error::LaneError;
use crate::document::{Located, did_you_mean};
use crate::lane::{DEFAULT_LANE, LaneDecl, LanesDecl};
use crate::names::LaneName;
use crate::numbers::{Cpu, Microseconds};
use crate::plan::{LanePlan, PacePlan, Wait};
use crate::stream::StreamDecl;

/// Time for which a lane looks again at once: a few times what a sample takes from an application to the next.
const SPIN: Duration = Duration::from_micros(20);

/// Time for which an adaptive lane gives its core away between two looks.
const GIVE_WAY: Duration = Duration::from_millis(1);

/// The longest sleep: short of the 2 ms in which the first sample after a pause should be on its way, with room for a
/// machine that wakes late.
const SLEEP: Duration = Duration::from_micros(1500);

/// Checks the lanes and who is on them, and plans them. `default` is always among them.
pub(super) fn check(lanes: &LanesDecl, streams: &[Located<StreamDecl>], context: &mut Context<'_>) -> Vec<LanePlan> {
    let mut plans: Vec<LanePlan> = lanes.0.iter().map(|(name, lane)| plan(name, lane, context)).collect();
    for (name, lane) in &lanes.0 {
        let is_used = streams.iter().any(|stream| match &stream.lane {
            Some(lane) => ***lane == **name,
            None => name == DEFAULT_LANE,
        });
        // With an error about it, the stream may be the very thing that is not there.
        if !is_used && !context.report.has_errors() {
            context.report.push(context.source, LaneError::Unused { name: name.clone(), at: lane.span });
        }
    }
    for named in streams.iter().filter_map(|stream| stream.lane.as_ref()) {
        let Some(name) = named.sound() else { continue };
        if **name != *DEFAULT_LANE && !plans.iter().any(|plan| *plan.name == **name) {
            context.report.push(context.source, unknown(name, named.span, &plans));
        }
    }
    if !plans.iter().any(|plan| plan.name == DEFAULT_LANE) {
        plans.push(LanePlan {
            name: DEFAULT_LANE.into(),
            threads: None,
            cpus: Vec::new(),
            priority: None,
            pace: pace(Wait::Adaptive),
        });
    }
    plans
}

fn unknown(name: &LaneName, at: crate::document::Span, plans: &[LanePlan]) -> LaneError {
    let known = plans.iter().map(|plan| plan.name.as_str());
    let help = match did_you_mean(name, known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("add a section [lane.{}], or remove `lane`", &**name),
    };
    LaneError::NoLane { name: name.to_string(), at, help }
}

fn pace(wait: Wait) -> PacePlan {
    let give_way = if wait == Wait::Adaptive { GIVE_WAY } else { Duration::ZERO };
    PacePlan { wait, spin: SPIN, give_way, sleep: SLEEP }
}

fn plan(name: &str, lane: &Located<LaneDecl>, context: &mut Context<'_>) -> LanePlan {
    if let Err(error) = LaneName::try_from(name.to_owned()) {
        let text = error.to_string();
        let (what, help) = text.split_once('\n').unwrap_or((&text, ""));
        let error = LaneError::Name { what: what.to_owned(), help: help.to_owned(), at: lane.span };
        context.report.push(context.source, error);
    }
    let wait = lane.wait.as_ref().map_or(Wait::default(), |wait| **wait);
    let mut pace = pace(wait);
    let time = |written: &Option<Located<Microseconds>>| {
        written.as_ref().map(|written| Duration::from_micros(written.get() as u64))
    };
    pace.spin = time(&lane.spin_us).unwrap_or(pace.spin);
    pace.give_way = time(&lane.yield_us).unwrap_or(pace.give_way);
    if let Some(sleep) = &lane.sleep_us {
        pace.sleep = Duration::from_micros(sleep.get() as u64);
    }
    let spans = [
        ("spin_us", "stops to look", lane.spin_us.as_ref().map(|key| key.span)),
        ("yield_us", "gives its core away", lane.yield_us.as_ref().map(|key| key.span)),
        ("sleep_us", "sleeps", lane.sleep_us.as_ref().map(|key| key.span)),
    ];
    for (key, what, at) in spans {
        match (wait, at) {
            (Wait::Busy, Some(at)) => context.report.push(context.source, LaneError::Busy { key, what, at }),
            (Wait::Event, Some(at)) if key == "yield_us" => {
                context.report.push(context.source, LaneError::Event { key, at });
            }
            _ => {}
        }
    }
    let threads = lane.threads.as_ref().map(|threads| threads.get());
    LanePlan {
        name: name.to_owned(),
        threads: threads.or((name != DEFAULT_LANE).then_some(1)),
        cpus: lane.cpu.as_ref().map_or_else(Vec::new, |cpus| cpus.0.iter().copied().map(Cpu::get).collect()),
        priority: lane.priority.as_ref().and_then(|priority| u8::try_from(priority.get()).ok()),
        pace,
    }
}
