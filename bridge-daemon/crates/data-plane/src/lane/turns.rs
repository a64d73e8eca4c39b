//! Whose turn it is: routes in which samples flow get one in every pass, the others take turns.
//!
//! To look for a sample costs about 0.1 µs a route. A lane of many routes that looked at all of them between two samples of
//! one would add that up; so routes that have been calm for a while are looked at one after the other, one a pass.

/// Passes without a sample after which a route counts as calm: some 100 µs where the lane looks again at once, which is
/// longer than a busy stream's pauses.
const CALM_AFTER: u32 = 1000;

/// What came of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Samples moved.
    Moved,
    /// There was none.
    Nothing,
    /// The route does not run any more.
    Over,
}

/// Which of them are to be looked at in a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// The lively ones, and the next of the calm.
    Lively,
    /// All of them: the lane is about to sleep, or has slept.
    All,
}

/// The routes that run, by their place in the lane.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// With the passes since their last sample.
    lively: Vec<(usize, u32)>,
    calm: Vec<usize>,
    /// The calm one whose turn is next.
    next: usize,
}

impl Turns {
    /// A route runs from now on.
    pub(super) fn add(&mut self, place: usize) {
        self.lively.push((place, 0));
    }

    /// Gives a turn to those in `scope`. True if any sample moved.
    #[inline]
    pub(super) fn pass(&mut self, scope: Scope, mut turn: impl FnMut(usize) -> Turn) -> bool {
        let mut moved = false;
        let mut settled = false;
        for (place, passes) in &mut self.lively {
            match turn(*place) {
                Turn::Moved => {
                    moved = true;
                    *passes = 0;
                }
                Turn::Nothing => {
                    *passes += 1;
                    settled |= *passes >= CALM_AFTER;
                }
                Turn::Over => {
                    *passes = u32::MAX;
                    settled = true;
                }
            }
        }
        if settled {
            self.settle();
        }
        let looks = if scope == Scope::All { self.calm.len() } else { self.calm.len().min(1) };
        for _ in 0..looks {
            moved |= self.look_at_calm(&mut turn);
        }
        moved
    }

    fn look_at_calm(&mut self, turn: &mut impl FnMut(usize) -> Turn) -> bool {
        if self.next >= self.calm.len() {
            self.next = 0;
        }
        let Some(place) = self.calm.get(self.next).copied() else { return false };
        match turn(place) {
            Turn::Nothing => {
                self.next += 1;
                false
            }
            Turn::Over => {
                self.calm.swap_remove(self.next);
                false
            }
            Turn::Moved => {
                self.calm.swap_remove(self.next);
                self.lively.push((place, 0));
                true
            }
        }
    }

    #[cold]
    fn settle(&mut self) {
        let Self { lively, calm, .. } = self;
        calm.extend(
            lively.iter().filter(|(_, passes)| (CALM_AFTER..u32::MAX).contains(passes)).map(|(place, _)| *place),
        );
        lively.retain(|(_, passes)| *passes < CALM_AFTER);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(turns: &mut Turns, scope: Scope, counts: &mut [u32], moving: &[usize]) -> bool {
        turns.pass(scope, |place| {
            counts[place] += 1;
            if moving.contains(&place) { Turn::Moved } else { Turn::Nothing }
        })
    }

    #[test]
    fn the_calm_share_one_look_a_pass() {
        let mut turns = Turns::default();
        (0..50).for_each(|place| turns.add(place));
        let mut counts = [0; 50];
        for _ in 0..CALM_AFTER {
            counted(&mut turns, Scope::Lively, &mut counts, &[7]);
        }
        let mut counts = [0; 50];
        for _ in 0..490 {
            assert!(counted(&mut turns, Scope::Lively, &mut counts, &[7]));
        }
        assert_eq!(counts[7], 490);
        assert!(counts.iter().enumerate().all(|(place, count)| place == 7 || *count == 10), "{counts:?}");
    }

    #[test]
    fn a_calm_route_with_a_sample_is_lively_again() {
        let mut turns = Turns::default();
        (0..3).for_each(|place| turns.add(place));
        let mut counts = [0; 3];
        for _ in 0..CALM_AFTER {
            counted(&mut turns, Scope::Lively, &mut counts, &[]);
        }
        assert!(counted(&mut turns, Scope::All, &mut counts, &[2]));
        let mut counts = [0; 3];
        for _ in 0..4 {
            counted(&mut turns, Scope::Lively, &mut counts, &[2]);
        }
        assert_eq!(counts, [2, 2, 4]);
    }

    #[test]
    fn what_is_over_gets_no_turn() {
        let mut turns = Turns::default();
        (0..3).for_each(|place| turns.add(place));
        turns.pass(Scope::All, |place| if place == 1 { Turn::Over } else { Turn::Nothing });
        for _ in 0..2 * CALM_AFTER {
            turns.pass(Scope::All, |place| {
                assert_ne!(place, 1);
                Turn::Nothing
            });
        }
        turns.pass(Scope::All, |place| if place == 0 { Turn::Over } else { Turn::Nothing });
        turns.pass(Scope::All, |place| {
            assert_eq!(place, 2);
            Turn::Nothing
        });
    }
}
