//! How a lane waits when no sample moves: it looks again at once for a while, then lets others run, then sleeps, longer
//! the longer nothing comes.

use std::time::{Duration, Instant};
use std::{hint, thread};

/// Time for which a lane looks again at once: a few times what a sample takes from an application to the next.
const SPIN: Duration = Duration::from_micros(20);
/// Time for which a lane gives its core away between two looks.
const YIELD: Duration = Duration::from_millis(1);
/// After that long without a sample the short sleep becomes the long one.
const SHORT: Duration = Duration::from_millis(100);
/// Sleep while samples were there a moment ago.
const SHORT_SLEEP: Duration = Duration::from_micros(50);
/// Sleep when nothing came for a while: about 2 % of a core.
const LONG_SLEEP: Duration = Duration::from_millis(1);

/// See the module.
#[derive(Debug)]
pub(super) struct Pace {
    idle_since: Option<Instant>,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self { idle_since: None }
    }

    /// After a pass in which samples moved or not.
    #[inline]
    pub(super) fn after(&mut self, moved: bool) {
        if moved {
            self.idle_since = None;
        } else {
            self.idle();
        }
    }

    fn idle(&mut self) {
        let now = Instant::now();
        let idle = now.duration_since(*self.idle_since.get_or_insert(now));
        if idle < SPIN {
            hint::spin_loop();
        } else if idle < YIELD {
            thread::yield_now();
        } else if idle < SHORT {
            thread::sleep(SHORT_SLEEP);
        } else {
            thread::sleep(LONG_SLEEP);
        }
    }
}
