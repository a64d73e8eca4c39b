//! What an operator should know about a route that runs: with whom its ends are not connected, and why that may be.

use std::time::Duration;

use crate::account::{RejectReason, Snapshot};
use crate::config::plan::{RoutePlan, ServicePlan, WhenFull};

/// Time from which a wait is worth a word.
const LONG: Duration = Duration::from_secs(1);

/// A route that waits for room at its sink.
#[derive(Clone, Copy, Debug)]
pub struct Waits<'a> {
    /// For how long.
    pub time: Duration,
    /// The programs that have the sink's service open, as far as they are known.
    pub users: &'a [String],
}

fn waits_for_room(plan: &RoutePlan, waits: &Waits<'_>) -> String {
    let (seconds, sink) = (waits.time.as_secs(), &plan.sink.service);
    let who = match waits.users {
        [] => "one of its subscribers does".to_owned(),
        [one] => format!("{one} does"),
        many => format!("one of {} does", many.join(", ")),
    };
    format!(
        "waits since {seconds} s for room at {sink}, because of `when_full = \"block\"`: {who} not take its samples. It goes on \
         as soon as there is room, or that program has ended"
    )
}

/// What is noteworthy about a route that runs, for people.
///
/// Classic connects ports only if their policies for a full queue suit each other, tells neither side, and does not say
/// who is there; so what is said is what would explain what is seen.
pub(super) fn of(plan: &RoutePlan, account: &Snapshot, waits: Option<Waits<'_>>) -> Option<String> {
    if let Some(waits) = waits.filter(|waits| waits.time >= LONG) {
        return Some(waits_for_room(plan, &waits));
    }
    if let Some(dropped) = account.rejected.get(RejectReason::Circle.name()) {
        return Some(format!(
            "{dropped} samples that it had published came back to it again and again, and were dropped: something leads from \
             {} back to {}, another bridge or a gateway perhaps",
            plan.sink.service, plan.source.service
        ));
    }
    let (from, to) = (&plan.source, &plan.sink);
    let nothing_came = account.received == 0 && account.lost_before == 0;
    if matches!(from.service, ServicePlan::Classic(_)) && from.when_full == WhenFull::Block && nothing_came {
        return Some(
            "no sample has come yet. With `when_full = \"block\"` at its source, classic connects only publishers that wait \
             for slow subscribers (`PublisherOptions::subscriberTooSlowPolicy` = `WAIT_FOR_CONSUMER`) and leaves out all \
             others without a word: set that option in the publisher, or take `when_full` out of the stream"
                .to_owned(),
        );
    }
    let goes_unheard = account.unheard > 0 && account.sink_connected.any() == Some(false);
    if matches!(to.service, ServicePlan::Classic(_)) && to.when_full != WhenFull::Block && goes_unheard {
        return Some(
            "no subscriber is connected with its sink. One that makes its publishers wait \
             (`SubscriberOptions::queueFullPolicy` = `BLOCK_PRODUCER`) is connected by classic only if the stream says \
             `when_full = \"block\"` at its sink"
                .to_owned(),
        );
    }
    route_is_looked_at(plan)
}

fn route_is_looked_at(plan: &RoutePlan) -> Option<String> {
    plan.is_looked_at.then(|| {
        format!(
            "nothing says when there are samples at {}, so that its lane looks for them each `sleep_us` although it waits for \
             events; set `notify` there if publishers send events",
            plan.source.service
        )
    })
}
