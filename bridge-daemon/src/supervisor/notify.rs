//! What the service manager is told, where there is one: sd_notify(3), at the socket that `$NOTIFY_SOCKET` names.

use std::env;
use std::sync::Arc;
use std::time::Duration;

use sd_notify::NotifyState;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tracing::warn;

use super::board::{Board, Summary};

/// Time between two looks at what there is to tell.
const LOOK: Duration = Duration::from_millis(100);

/// Time after which the bridge is ready whatever its routes say: it answers, and waits for nobody.
const READY_AT_LAST: Duration = Duration::from_secs(10);

/// Tells the service manager how the bridge is until it is told that the bridge stops.
pub(super) struct Notifier {
    telling: Option<JoinHandle<()>>,
}

impl Notifier {
    /// Begins, if there is a service manager.
    pub(super) fn start(board: Arc<Board>) -> Self {
        let telling = env::var_os("NOTIFY_SOCKET").map(|_| tokio::spawn(tell(board)));
        Self { telling }
    }

    /// The bridge stops.
    pub(super) fn stopping(self) {
        if let Some(telling) = self.telling {
            telling.abort();
            say(&[NotifyState::Stopping, NotifyState::Status("stopping")]);
        }
    }
}

async fn tell(board: Arc<Board>) {
    let begin = Instant::now();
    let (mut ready, mut told) = (false, String::new());
    loop {
        let summary = board.summary();
        if !ready && (summary.undecided == 0 || begin.elapsed() > READY_AT_LAST) {
            ready = true;
            say(&[NotifyState::Ready]);
        }
        let text = line(&summary);
        if told != text {
            say(&[NotifyState::Status(&text)]);
            told = text;
        }
        sleep(LOOK).await;
    }
}

/// `12 routes: 10 running, 2 not: RouDi is not running; …`
fn line(summary: &Summary) -> String {
    let Summary { routes, running, reason, .. } = summary;
    let plural = if *routes == 1 { "" } else { "s" };
    match (routes - running, reason) {
        (0, _) => format!("{routes} route{plural} running"),
        (not, None) => format!("{routes} route{plural}: {running} running, {not} not yet"),
        (not, Some(reason)) => format!("{routes} route{plural}: {running} running, {not} not: {reason}"),
    }
}

/// A service manager that does not listen hinders nobody.
fn say(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        warn!(%error, "the service manager cannot be told how the bridge is");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_says_how_many_run_and_why_others_do_not() {
        let summary = |running, reason: Option<&str>| Summary {
            routes: 3,
            running,
            undecided: 0,
            reason: reason.map(str::to_owned),
        };
        assert_eq!(line(&summary(3, None)), "3 routes running");
        assert_eq!(line(&summary(1, None)), "3 routes: 1 running, 2 not yet");
        assert_eq!(line(&summary(2, Some("RouDi is gone"))), "3 routes: 2 running, 1 not: RouDi is gone");
    }
}
