//! How a lane waits for room at a sink: it gives its core to whoever is to make room.

use std::thread;
use std::time::Duration;

/// Turns of one wait for which it only yields: a subscriber that runs makes room within a few.
const YIELDS: u64 = 200;

/// The sleep after that. A yield alone gives nothing away where the lane has a real-time priority, to a subscriber
/// without one on the same core, and costs a whole core where a subscriber has stopped for long.
const SLEEP: Duration = Duration::from_micros(50);

/// Gives way once; `turn` is how often this was done already in this wait.
pub(super) fn give_way(turn: u64) {
    if turn < YIELDS {
        thread::yield_now();
    } else {
        thread::sleep(SLEEP);
    }
}
