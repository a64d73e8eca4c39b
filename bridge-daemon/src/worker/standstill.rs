//! Notices that the process stood still: stopped by a signal or a debugger, or starved.
//!
//! RouDi takes a client that gives no sign of life for 1.5 s for dead, destroys its ports and gives their places to
//! others. The client is told nothing; its next publish is fatal, and its next request is never answered.

use std::time::{Duration, Instant};

use tokio::time::{Interval, MissedTickBehavior, interval};

/// Time between two looks at the clock.
const PERIOD: Duration = Duration::from_millis(100);

/// A gap from which on the worker begins anew: less than RouDi's patience, by the time between two signs of life.
const TOO_LONG: Duration = Duration::from_millis(1200);

/// Looks at the clock again and again. Owned by the worker's main thread.
pub(super) struct Standstill {
    ticks: Interval,
    last: Instant,
}

impl Standstill {
    pub(super) fn new() -> Self {
        let mut ticks = interval(PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { ticks, last: Instant::now() }
    }
}

/// Comes back when the process has stood still for too long; never where there is nobody to mind. May be dropped and
/// called again at any time.
pub(super) async fn noticed(standstill: &mut Option<Standstill>) {
    let Some(Standstill { ticks, last }) = standstill else { return std::future::pending().await };
    loop {
        // Not after the tick alone: this may be called anew before each.
        if last.elapsed() > TOO_LONG {
            return;
        }
        *last = Instant::now();
        ticks.tick().await;
    }
}
