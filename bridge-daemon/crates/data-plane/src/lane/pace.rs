//! What a lane does when no sample moves: it looks again at once for a while, then lets others run, then sleeps, longer
//! the longer nothing comes.

use std::time::{Duration, Instant};
use std::{hint, thread};

use bridge_config::plan::{PacePlan, Wait};

/// Sleep while samples were there a moment ago.
const SHORT_SLEEP: Duration = Duration::from_micros(50);

/// After that long without a sample an adaptive lane's short sleep becomes its longest.
const SHORT: Duration = Duration::from_millis(100);

/// See the module.
#[derive(Debug)]
pub(super) struct Pace {
    plan: PacePlan,
    idle_since: Option<Instant>,
}

/// What to do before the next pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// Look again at once.
    None,
    /// Sleep that long.
    Sleep(Duration),
}

impl Pace {
    pub(super) fn new(plan: PacePlan) -> Self {
        Self { plan, idle_since: None }
    }

    /// After a pass in which samples moved or not.
    #[inline]
    pub(super) fn after(&mut self, moved: bool) -> Rest {
        if moved {
            self.idle_since = None;
            return Rest::None;
        }
        if self.plan.wait == Wait::Busy {
            hint::spin_loop();
            return Rest::None;
        }
        self.idle()
    }

    fn idle(&mut self) -> Rest {
        let now = Instant::now();
        let idle = now.duration_since(*self.idle_since.get_or_insert(now));
        let awake = self.plan.spin + self.plan.give_way;
        if idle < self.plan.spin {
            hint::spin_loop();
            return Rest::None;
        }
        if idle < awake {
            thread::yield_now();
            return Rest::None;
        }
        let short = self.plan.wait == Wait::Adaptive && idle < awake + SHORT;
        Rest::Sleep(if short { self.plan.sleep.min(SHORT_SLEEP) } else { self.plan.sleep })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(wait: Wait) -> PacePlan {
        let (spin, give_way) = (Duration::from_micros(20), Duration::from_micros(100));
        PacePlan { wait, spin, give_way, sleep: Duration::from_millis(1) }
    }

    #[test]
    fn a_busy_lane_never_sleeps() {
        let mut pace = Pace::new(plan(Wait::Busy));
        assert!((0..100_000).all(|_| pace.after(false) == Rest::None));
    }

    #[test]
    fn an_adaptive_lane_sleeps_longer_the_longer_nothing_comes() {
        let mut pace = Pace::new(plan(Wait::Adaptive));
        assert_eq!(pace.after(false), Rest::None);
        let first = loop {
            if let Rest::Sleep(time) = pace.after(false) {
                break time;
            }
        };
        assert_eq!(first, SHORT_SLEEP);
        while pace.after(false) == Rest::Sleep(SHORT_SLEEP) {}
        assert_eq!(pace.after(false), Rest::Sleep(Duration::from_millis(1)));
        assert_eq!((pace.after(true), pace.after(false)), (Rest::None, Rest::None));
    }
}
