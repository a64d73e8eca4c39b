//! Whether all went as it should: for each application, and for the bridge's account.

use std::process::ExitStatus;

use crate::bed::{Route, Status};

use super::cast::{Part, SUBSCRIBERS};
use super::process::Process;
use super::run::Run;
use super::say;
use super::stage::Stage;

/// Ends the applications, publishers first, and prints a line for each. Returns what was wrong, in words.
pub(super) fn judge(stage: &mut Stage, run: &Run) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut note = |process: &Process, fault: Option<String>, right: String| match fault {
        None => say(format_args!("  ok     {:<26} {right}", process.name())),
        Some(fault) => {
            say(format_args!("  WRONG  {:<26} {fault}", process.name()));
            wrong.push(format!("{} ({fault}). Its last lines:\n{}", process.name(), process.last_lines()));
        }
    };
    for publisher in &mut stage.publishers {
        let fault = publisher_fault(publisher, run);
        note(publisher, fault, format!("sent {}", run.samples()));
    }
    for (subscriber, part) in stage.subscribers.iter_mut().zip(&SUBSCRIBERS) {
        let fault = subscriber_fault(subscriber, part, run);
        note(subscriber, fault, format!("received {}, each correct, once, in order", expected(part, run)));
    }
    wrong
}

/// What is wrong with the bridge's account; `None` while nothing is.
pub(super) fn account_fault(status: &Status, run: &Run) -> Option<String> {
    let fault = |route: &Route| {
        let fault = match route {
            _ if !route.is_running() => "does not run",
            _ if route.forwarded < run.samples() => "has forwarded fewer samples than were sent",
            _ if route.rejected.total + route.dropped.total > 0 => "has not forwarded all that it received",
            _ if !route.adds_up() => "has an account that does not add up",
            _ => return None,
        };
        Some(format!("the bridge's route {} {fault}", route.name))
    };
    if status.routes.is_empty() {
        Some("the bridge has no route".to_owned())
    } else {
        status.routes.iter().find_map(fault)
    }
}

fn publisher_fault(publisher: &mut Process, run: &Run) -> Option<String> {
    let status = publisher.end();
    let sent = publisher.last("done sent=").and_then(|sent| sent.parse::<u64>().ok());
    if sent == Some(run.samples()) && succeeded(status) {
        return None;
    }
    let sent = sent.map_or("did not come to its end".to_owned(), |sent| format!("sent {sent} of {}", run.samples()));
    Some(format!("{sent}, {}", ending(status)))
}

fn subscriber_fault(subscriber: &mut Process, part: &Part, run: &Run) -> Option<String> {
    let status = subscriber.end();
    let complete = subscriber.last("complete received=").and_then(|received| received.parse::<u64>().ok());
    if complete == Some(expected(part, run)) && succeeded(status) {
        return None;
    }
    let closing = subscriber.last("done ").unwrap_or_else(|| "did not come to its end".to_owned());
    Some(format!("of {}: {closing}, {}", expected(part, run), ending(status)))
}

fn expected(part: &Part, run: &Run) -> u64 {
    run.samples() * part.sources.len() as u64
}

fn succeeded(status: Option<ExitStatus>) -> bool {
    status.is_some_and(|status| status.success())
}

fn ending(status: Option<ExitStatus>) -> String {
    status.map_or("had to be killed".to_owned(), |status| status.to_string())
}
