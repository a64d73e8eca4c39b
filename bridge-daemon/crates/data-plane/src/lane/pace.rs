//! What a lane does when no sample moves: it looks again at once for a while, then lets others run, then sleeps, longer
//! the longer nothing comes, and at last waits to be woken.

use std::time::{Duration, Instant};
use std::{hint, thread};

use bridge_config::plan::{PacePlan, Wait};

/// Sleep while samples were there a moment ago.
const SHORT_SLEEP: Duration = Duration::from_micros(50);

/// After that long without a sample an adaptive lane's short sleep becomes its longest.
const SHORT: Duration = Duration::from_millis(100);

/// After that long without a sample an adaptive lane waits to be woken: samples that come more often are looked for, since
/// to wake the lane costs their publisher a system call.
const CALM: Duration = Duration::from_millis(20);

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
    /// Sleep that long, then look again.
    Look(Duration),
    /// Sleep until something comes, and that long where nothing says so.
    Wait(Duration),
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
        let adapts = self.plan.wait == Wait::Adaptive;
        let time = if adapts && idle < awake + SHORT { self.plan.sleep.min(SHORT_SLEEP) } else { self.plan.sleep };
        if adapts && idle < awake + CALM { Rest::Look(time) } else { Rest::Wait(time) }
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
        let mut rests = vec![Rest::None];
        loop {
            let rest = pace.after(false);
            if rests.last() != Some(&rest) {
                rests.push(rest);
            }
            if rest == Rest::Wait(Duration::from_millis(1)) {
                break;
            }
        }
        // On a busy machine it may not have looked while the sleeps were short.
        let all = [Rest::None, Rest::Look(SHORT_SLEEP), Rest::Wait(SHORT_SLEEP), Rest::Wait(Duration::from_millis(1))];
        let mut rest = all.iter();
        assert!(rests.iter().all(|seen| rest.any(|next| next == seen)), "{rests:?}");
        assert_eq!((pace.after(true), pace.after(false)), (Rest::None, Rest::None));
    }

    #[test]
    fn a_lane_that_waits_for_events_sleeps_as_soon_as_nothing_comes() {
        let mut pace = Pace::new(PacePlan { give_way: Duration::ZERO, ..plan(Wait::Event) });
        while pace.after(false) == Rest::None {}
        assert_eq!(pace.after(false), Rest::Wait(Duration::from_millis(1)));
    }
}
