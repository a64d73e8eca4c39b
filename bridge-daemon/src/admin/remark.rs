//! What an operator should know about a route that runs: with whom its ends are not connected, and why that may be.

use crate::account::Snapshot;
use crate::config::plan::{RoutePlan, ServicePlan, WhenFull};

/// What is noteworthy about a route that runs, for people.
///
/// Classic connects ports only if their policies for a full queue suit each other, tells neither side, and does not say
/// who is there; so what is said is what would explain what is seen.
pub(super) fn of(plan: &RoutePlan, account: &Snapshot) -> Option<String> {
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
    None
}
