//! Chance that can be repeated.

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

/// A stream of numbers from a seed (SplitMix64).
pub struct Seed {
    state: u64,
}

impl Seed {
    /// From `$SEED`, or new; printed, so that a failure can be repeated.
    ///
    /// # Panics
    ///
    /// If `$SEED` is not a number.
    pub fn new() -> Self {
        let state = match env::var("SEED") {
            Ok(seed) => seed.parse().unwrap_or_else(|_| panic!("SEED is not a number: {seed}")),
            Err(_) => SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |age| age.as_nanos() as u64),
        };
        println!("SEED={state}");
        Self { state }
    }

    /// A number below `limit`, which is not 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

impl Default for Seed {
    fn default() -> Self {
        Self::new()
    }
}
