//! The cheapest clock there is: some 10 ns a look where [`Instant`] takes 25.
#![allow(unsafe_code, reason = "reads the processor's counter of ticks")]

use std::sync::OnceLock;
use std::time::Instant;

/// A moment, in ticks since some moment in the past. Processes and cores of one machine agree on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticks(u64);

impl Ticks {
    /// Now.
    #[inline]
    #[must_use]
    pub fn now() -> Self {
        #[cfg(target_arch = "x86_64")]
        if counter_is_steady() {
            // SAFETY: every x86-64 processor has the instruction; it only reads.
            return Self(unsafe { std::arch::x86_64::_rdtsc() });
        }
        Self(nanoseconds())
    }

    /// Ticks from `earlier` to this; 0 if it is not earlier.
    #[inline]
    #[must_use]
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Whether the counter goes on at one rate, whatever the processor's frequency and sleep, and alike on all cores, as the
/// processor says ("invariant TSC", Intel SDM vol. 3, 19.17.4; AMD APM vol. 3, CPUID Fn8000_0007 EDX\[8\]).
#[cfg(target_arch = "x86_64")]
#[inline]
fn counter_is_steady() -> bool {
    static STEADY: OnceLock<bool> = OnceLock::new();
    *STEADY.get_or_init(|| {
        const ADVANCED_POWER_MANAGEMENT: u32 = 0x8000_0007;
        // SAFETY: every x86-64 processor has the instruction; an unsupported leaf returns the data of another, so the highest
        // one is asked for first.
        #[allow(unused_unsafe, reason = "safe in newer releases of the compiler")]
        let leaf = |leaf| unsafe { std::arch::x86_64::__cpuid(leaf) };
        leaf(0x8000_0000).eax >= ADVANCED_POWER_MANAGEMENT && leaf(ADVANCED_POWER_MANAGEMENT).edx & (1 << 8) != 0
    })
}

/// Nanoseconds of the monotonic clock, which all processes of a machine share.
fn nanoseconds() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    let (seconds, nanoseconds) = (u64::try_from(now.tv_sec).unwrap_or(0), u64::try_from(now.tv_nsec).unwrap_or(0));
    seconds.wrapping_mul(1_000_000_000).wrapping_add(nanoseconds)
}

/// How long a tick is: two clocks that started together.
#[derive(Debug)]
pub struct TickRate {
    ticks: Ticks,
    time: Instant,
}

impl TickRate {
    /// Starts to compare. The longer ago that is, the more exact is the rate; after a millisecond it is by 0.1 %.
    #[must_use]
    pub fn start() -> Self {
        Self { ticks: Ticks::now(), time: Instant::now() }
    }

    /// Nanoseconds that a tick takes.
    #[must_use]
    pub fn nanoseconds_a_tick(&self) -> f64 {
        let (ticks, time) = (Ticks::now().since(self.ticks), self.time.elapsed());
        if ticks == 0 { 1.0 } else { time.as_nanos() as f64 / ticks as f64 }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn ticks_and_the_clock_agree() {
        let rate = TickRate::start();
        std::thread::sleep(Duration::from_millis(20));
        let (began, time) = (Ticks::now(), Instant::now());
        std::thread::sleep(Duration::from_millis(20));
        let (ticks, time) = (Ticks::now().since(began), time.elapsed());
        let measured = ticks as f64 * rate.nanoseconds_a_tick();
        // Between the two looks another thread may run.
        assert!((measured / time.as_nanos() as f64 - 1.0).abs() < 0.2, "{measured} ns are {time:?}");
    }
}
