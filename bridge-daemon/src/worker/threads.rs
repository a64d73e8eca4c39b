//! Which route goes to which thread.

use std::sync::Arc;
use std::thread::available_parallelism;

use crate::config::DEFAULT_LANE;
use crate::config::plan::{LanePlan, PacePlan, RoutePlan, WhenFull};
use crate::lane::Place;

use super::protocol::WorkerPlan;

/// A lane's thread.
#[derive(Debug)]
pub(super) struct Thread<'a> {
    /// For `ps` and `top`, which show its first 15 bytes.
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) pace: PacePlan,
    /// With their numbers in the ledger.
    pub(super) routes: Vec<(usize, &'a Arc<RoutePlan>)>,
}

/// Routes for which one thread more is of use.
const ROUTES_A_THREAD: usize = 16;

/// Threads over which the routes of the lane `default` are spread at most, unless the configuration says otherwise.
const MOST_THREADS: usize = 4;

/// The threads of a worker. A route of the lane `default` that may wait for its subscribers has one for itself, so that it
/// holds up no other; who puts such a route on a lane of another name wants it there.
pub(super) fn threads(plan: &WorkerPlan) -> Vec<Thread<'_>> {
    let cores = available_parallelism().map_or(1, usize::from);
    plan.lanes.iter().flat_map(|lane| threads_of(lane, plan, cores)).collect()
}

fn threads_of<'a>(lane: &LanePlan, plan: &'a WorkerPlan, cores: usize) -> Vec<Thread<'a>> {
    let waits =
        |(_, route): &(usize, &Arc<RoutePlan>)| lane.name == DEFAULT_LANE && route.sink.when_full == WhenFull::Block;
    let on_lane = plan.routes.iter().enumerate().filter(|(_, route)| route.lane == lane.name);
    let (alone, shared): (Vec<_>, Vec<_>) = on_lane.partition(waits);
    let count = lane.threads.unwrap_or_else(|| of_use(shared.len(), cores)).clamp(1, shared.len().max(1));
    let named = |number: usize| if count == 1 { lane.name.clone() } else { format!("{} {number}", lane.name) };
    let mut groups: Vec<(String, Vec<_>)> = (0..count).map(|number| (named(number), Vec::new())).collect();
    for (group, route) in (0..count).cycle().zip(shared) {
        if let Some((_, routes)) = groups.get_mut(group) {
            routes.push(route);
        }
    }
    groups.extend(alone.into_iter().map(|route| (route.1.name.clone(), vec![route])));
    let cpus = |number: usize| lane.cpus.get(number.checked_rem(lane.cpus.len())?).copied();
    groups
        .into_iter()
        .filter(|(_, routes)| !routes.is_empty())
        .enumerate()
        .map(|(number, (name, routes))| Thread {
            name: format!("lane {name}"),
            place: Place { lane: name, cpu: cpus(number), priority: lane.priority },
            pace: lane.pace,
            routes,
        })
        .collect()
}

/// Half of the cores at most: the others are the applications'.
fn of_use(routes: usize, cores: usize) -> usize {
    routes.div_ceil(ROUTES_A_THREAD).min(cores / 2).min(MOST_THREADS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_no_more_than_are_of_use() {
        assert_eq!([of_use(5, 64), of_use(17, 64), of_use(500, 64), of_use(500, 4), of_use(500, 1)], [1, 2, 4, 2, 0]);
    }
}
