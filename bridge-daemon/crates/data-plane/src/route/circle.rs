//! The last line against circles: notices samples that come back to the route which published them.
//!
//! Bridges of this program that find each other close no circle. Others, and gateways of other makers, may lead what a
//! route publishes back to its source, where it is a sample like any other: nothing in it says where it has been. So the
//! route watches a few of its samples. One that comes back again and again, never from the publisher that it came from
//! first, may be going round, or its publishers may have nothing else to say; what tells these apart is to drop it once.
//! If it goes round it will not be seen again, and by then it has been delivered many times. If it is, its publisher is
//! watched no more. Several that are proven to have gone round stop the route.
//!
//! What is compared is what the route publishes, not what it takes: one that goes round may be written in another way, but
//! what is made of it is the same.

use std::time::Duration;

use crate::endpoint::EndpointFault;
use bridge_transcode::Output;

/// Time for which a route rests whose samples go round, before it is tried again.
pub const REST: Duration = Duration::from_secs(60);

/// How many samples are watched at a time.
const WATCHED: usize = 8;

/// Times that a sample has to come back before it is dropped.
const TURNS: u8 = 64;

/// So many proven ones stop the route.
const PROOFS: usize = 4;

/// Periods after which a sample that did not come back is watched no longer.
const PATIENCE: u32 = 4;

/// Periods in which the turns have to be made: slower circles do no harm, and a repeated message is never taken for one.
const HASTE: u32 = 20;

/// Periods that a dropped sample has to stay away to be proven.
const PROVEN_AFTER: u32 = 10;

/// Periods for which its coming back would still show that it did not go round.
const KEPT: u32 = 100;

/// Publishers that were found to repeat themselves, and are watched no more.
const ACQUITTED: usize = 8;

/// What a route knows of its samples' ways.
#[derive(Debug, Default)]
pub(super) struct Circle {
    watched: [Watched; WATCHED],
    /// Whether one of them is of no use, so that another sample can be watched in its place.
    has_place: bool,
    /// Whether one of them has come back.
    has_suspects: bool,
    /// Who published the one that was chosen last.
    usual: u128,
    acquitted: [Option<u128>; ACQUITTED],
    next_acquitted: usize,
    /// In periods, as [`Circle::tend`] is called.
    now: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Watched {
    state: State,
    fingerprint: u64,
    /// Who published it first.
    publisher: u128,
    /// When it was chosen, and when it was seen last.
    chosen: u32,
    seen: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Of no use.
    #[default]
    Free,
    /// It came back so many times.
    Came(u8),
    /// It was dropped.
    Dropped,
    /// It was dropped and never seen again.
    Proven,
}

impl Circle {
    /// Takes note of a sample that `publisher` has sent and `published` was made of. Says whether it has to be dropped.
    #[inline]
    pub(super) fn is_closed_by(&mut self, publisher: u128, published: &Output<'_>) -> bool {
        if publisher == self.usual && !self.has_place && !self.has_suspects {
            return false;
        }
        self.look(publisher, published.fingerprint())
    }

    fn look(&mut self, publisher: u128, fingerprint: u64) -> bool {
        let now = self.now;
        let is_it = |watched: &&mut Watched| watched.state != State::Free && watched.fingerprint == fingerprint;
        let Some(watched) = self.watched.iter_mut().find(is_it) else {
            self.choose(publisher, fingerprint);
            return false;
        };
        if watched.publisher == publisher {
            // Whoever sends the same again says nothing about what others do.
            watched.state = State::Free;
            return false;
        }
        watched.seen = now;
        match watched.state {
            State::Dropped | State::Proven => {
                watched.state = State::Free;
                self.acquit(publisher);
                return false;
            }
            State::Came(TURNS..) if !self.acquitted.contains(&Some(publisher)) => {
                watched.state = State::Dropped;
                return true;
            }
            State::Came(times) => watched.state = State::Came(times.saturating_add(1)),
            State::Free => {}
        }
        self.has_suspects = true;
        false
    }

    /// Watches a sample from now on, if there is a place.
    fn choose(&mut self, publisher: u128, fingerprint: u64) {
        let place = self.watched.iter_mut().find(|watched| watched.state == State::Free);
        self.has_place = place.is_some();
        if let Some(place) = place {
            let (chosen, seen) = (self.now, self.now);
            *place = Watched { state: State::Came(0), fingerprint, publisher, chosen, seen };
            self.usual = publisher;
        }
    }

    /// A publisher repeats itself, so what was proven before may be its doing, too.
    fn acquit(&mut self, publisher: u128) {
        let is_proven = |watched: &&mut Watched| watched.state == State::Proven;
        self.watched.iter_mut().filter(is_proven).for_each(|watched| watched.state = State::Free);
        if let Some(place) = self.acquitted.get_mut(self.next_acquitted) {
            *place = Some(publisher);
        }
        self.next_acquitted = (self.next_acquitted + 1) % ACQUITTED;
    }

    /// Called once a period, of about 100 ms.
    ///
    /// # Errors
    /// That samples go round, so that the route has to rest.
    pub(super) fn tend(&mut self) -> Result<(), EndpointFault> {
        self.now = self.now.wrapping_add(1);
        for watched in &mut self.watched {
            let (age, away) = (self.now.wrapping_sub(watched.chosen), self.now.wrapping_sub(watched.seen));
            watched.state = match watched.state {
                State::Came(_) if age > HASTE || away > PATIENCE => State::Free,
                State::Dropped if away > PROVEN_AFTER => State::Proven,
                State::Proven if away > KEPT => State::Free,
                state => state,
            };
        }
        self.has_place = self.watched.iter().any(|watched| watched.state == State::Free);
        self.has_suspects = self.watched.iter().any(|watched| !matches!(watched.state, State::Free | State::Came(0)));
        if self.watched.iter().filter(|watched| watched.state == State::Proven).count() < PROOFS {
            return Ok(());
        }
        Err(EndpointFault::Circle(format!(
            "its own samples came back to it, each {TURNS} times and more, until it dropped them: something leads what it \
             publishes back to its source, another bridge or a gateway perhaps. End that, or take out this stream; it is \
             tried again after {} s",
            REST.as_secs()
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const APPLICATION: u128 = 1;
    const BRIDGE: u128 = 2;

    /// Sends a sample round until it is dropped; says how many times it went.
    fn goes_round(circle: &mut Circle, sample: u64) -> usize {
        assert!(!circle.look(APPLICATION, sample));
        (0..1000).find(|_| circle.look(BRIDGE, sample)).expect("it is dropped")
    }

    fn runs_for(circle: &mut Circle, periods: u32) -> bool {
        (0..periods).all(|_| circle.tend().is_ok())
    }

    #[test]
    fn samples_that_go_round_are_dropped_and_several_stop_the_route() {
        let mut circle = Circle::default();
        for sample in 0..PROOFS as u64 {
            assert!(runs_for(&mut circle, 1));
            assert_eq!(goes_round(&mut circle, sample), usize::from(TURNS));
        }
        assert!(!runs_for(&mut circle, 3 * PROVEN_AFTER));
    }

    #[test]
    fn few_that_went_round_do_not_stop_the_route() {
        let mut circle = Circle::default();
        for round in 0..10 {
            for sample in 0..PROOFS as u64 - 1 {
                goes_round(&mut circle, round * 100 + sample);
            }
            assert!(runs_for(&mut circle, 2 * KEPT));
        }
    }

    #[test]
    fn one_who_repeats_himself_is_never_suspected() {
        let mut circle = Circle::default();
        for period in 0..1000_u64 {
            // One payload, and as many as are watched.
            for sample in 0..WATCHED as u64 {
                assert!(!circle.look(APPLICATION, sample) && !circle.look(APPLICATION, period / 100 * 1000));
            }
            assert_eq!(circle.tend(), Ok(()));
        }
    }

    #[test]
    fn two_who_say_the_same_lose_nothing() {
        let mut circle = Circle::default();
        for sample in 0..100_000_u64 {
            for publisher in [APPLICATION, BRIDGE] {
                assert!(!circle.look(publisher, sample / 1000) && !circle.look(publisher, u64::MAX));
            }
            if sample.is_multiple_of(100) {
                assert_eq!(circle.tend(), Ok(()));
            }
        }
    }

    #[test]
    fn one_who_goes_on_with_what_another_said_last_loses_one_sample_in_his_life() {
        let mut circle = Circle::default();
        let mut dropped = 0;
        for constant in 0..10 {
            assert!(!circle.look(APPLICATION, constant));
            for _ in 0..100 {
                dropped += (0..100).filter(|_| circle.look(BRIDGE, constant)).count();
                assert_eq!(circle.tend(), Ok(()));
            }
        }
        assert_eq!(dropped, 1);
    }
}
