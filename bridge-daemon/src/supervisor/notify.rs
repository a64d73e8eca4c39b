//! What the service manager is told, where there is one: sd_notify(3), at the socket that `$NOTIFY_SOCKET` names.

use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use sd_notify::NotifyState;
use tracing::warn;

use super::board::{Board, Summary};

/// Time between two looks at what there is to tell.
const LOOK: Duration = Duration::from_millis(100);

/// Time after which the bridge is ready whatever its routes say: it answers, and waits for nobody.
const READY_AT_LAST: Duration = Duration::from_secs(10);

/// Tells the service manager how the bridge is until it is told that the bridge stops. On a thread of its own: to tell somebody
/// who does not listen takes until he does, and holds nobody up here.
pub(super) struct Notifier {
    telling: Option<Thread>,
    stops: Arc<AtomicBool>,
}

impl Notifier {
    /// Begins, if there is a service manager.
    pub(super) fn start(board: Arc<Board>) -> Self {
        let stops = Arc::<AtomicBool>::default();
        let telling = env::var_os("NOTIFY_SOCKET").and_then(|_| {
            let stops = Arc::clone(&stops);
            let telling = thread::Builder::new().name("notify".into()).spawn(move || tell(&board, &stops));
            let told =
                |error| warn!(%error, "there is no thread that could tell the service manager how the bridge is");
            telling.map_err(told).ok()
        });
        Self { telling: telling.map(|telling| telling.thread().clone()), stops }
    }

    /// The bridge stops.
    pub(super) fn stopping(self) {
        self.stops.store(true, Ordering::Relaxed);
        if let Some(telling) = self.telling {
            telling.unpark();
        }
    }
}

fn tell(board: &Board, stops: &AtomicBool) {
    let begin = Instant::now();
    let (mut ready, mut told) = (false, String::new());
    // Often enough that one that comes late does no harm.
    let feeding = sd_notify::watchdog_enabled().map(|limit| limit / 3);
    let mut fed = begin;
    while !stops.load(Ordering::Relaxed) {
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
        // Nothing while a lane stands still, so that the manager acts where the bridge itself does not get over it.
        if feeding.is_some_and(|pause| fed.elapsed() >= pause) && !board.stands_still() {
            fed = Instant::now();
            say(&[NotifyState::Watchdog]);
        }
        thread::park_timeout(feeding.map_or(LOOK, |pause| pause.min(LOOK)));
    }
    say(&[NotifyState::Stopping, NotifyState::Status("stopping")]);
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
