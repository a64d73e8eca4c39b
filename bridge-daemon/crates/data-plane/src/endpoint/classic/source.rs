//! A subscriber of classic.
#![allow(unsafe_code, reason = "hands out the bytes of a chunk in shared memory")]

use std::mem::ManuallyDrop;
use std::sync::Arc;

use cpp_shim::{ConditionVariable, Subscriber, Subscription, TakeError};

use bridge_account::{Connected, RouteAccount};
use bridge_transcode::Input;

use super::super::{Bell, EndpointFault, Received, Source, Taken};
use super::OwnPublishersOf;

/// Receives the samples of one classic service. Made on the thread that talks to RouDi, then moved to its lane.
pub struct ClassicSource {
    subscriber: Subscriber,
    own: Arc<OwnPublishersOf>,
    sequences: Sequences,
    /// What publishers notify of samples while the lane sleeps. Whoever waits on the other side rings the lane's bell.
    condition: Option<ConditionVariable>,
}

impl ClassicSource {
    /// Reads from `subscriber` all that does not come from `own`. Without `condition` it has to be looked at.
    #[must_use]
    pub fn new(subscriber: Subscriber, own: Arc<OwnPublishersOf>, condition: Option<ConditionVariable>) -> Self {
        own.enter_subscriber();
        Self { subscriber, own, sequences: Sequences::default(), condition }
    }
}

impl Drop for ClassicSource {
    fn drop(&mut self) {
        self.own.leave_subscriber();
    }
}

impl Source for ClassicSource {
    #[inline]
    fn take<R>(
        &mut self,
        account: &RouteAccount,
        forward: impl FnOnce(Received<'_>) -> R,
    ) -> Result<Taken<R>, EndpointFault> {
        let chunk = match self.subscriber.take() {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return Ok(Taken::Empty),
            Err(TakeError::Corrupt) => {
                account.take();
                return Ok(Taken::Corrupt);
            }
            Err(TakeError::Evicted) => return Err(EndpointFault::Evicted),
            Err(error) => return Err(EndpointFault::Broken(format!("classic failed to hand out a sample: {error}"))),
        };
        account.take();
        account.lost_before(self.sequences.gap(chunk.origin(), chunk.sequence()));
        if self.own.contains(chunk.origin()) {
            return Ok(Taken::Own);
        }
        // SAFETY: the shim has checked that payload and user header lie inside the chunk, whose memory stays mapped
        // while the chunk is held.
        let (payload, user_header) = unsafe {
            (
                Input::from_raw(chunk.payload(), chunk.payload_size()),
                Input::from_raw(chunk.user_header(), chunk.user_header_size()),
            )
        };
        let (payload_align, publisher) = (chunk.payload_align(), chunk.origin().into());
        Ok(Taken::Sample(forward(Received { payload, payload_align, user_header, publisher })))
    }

    /// RouDi looks for new ports every 100 ms.
    fn is_known(&self) -> bool {
        self.subscriber.state() == Subscription::Subscribed
    }

    /// The thread that waits where publishers notify rings the lane's bell, for the bits of the numbers that they notify.
    fn start_waking(&mut self, _: &Bell, bit: u64) -> bool {
        let number = bit.trailing_zeros() as usize;
        self.condition.as_ref().is_some_and(|condition| self.subscriber.attach(condition, number))
    }

    fn stop_waking(&mut self) -> bool {
        self.subscriber.detach()
    }

    /// Which publishers there are, only RouDi knows.
    fn tend(&mut self) -> Result<Connected, EndpointFault> {
        if self.subscriber.is_ours() { Ok(Connected::Unknown) } else { Err(EndpointFault::Evicted) }
    }

    fn leave(self) {
        let _left = ManuallyDrop::new(self);
    }
}

/// The sequence numbers seen last, by publisher.
#[derive(Debug)]
struct Sequences {
    publishers: Vec<(u64, u64)>,
    next: usize,
}

/// Publishers remembered at once; of more, those that were entered first are forgotten first, and a gap before their
/// next sample is not seen.
const REMEMBERED: usize = 512;

impl Default for Sequences {
    fn default() -> Self {
        Self { publishers: Vec::with_capacity(REMEMBERED), next: 0 }
    }
}

impl Sequences {
    /// Notes a sample and says how many of the same publisher are missing before it. Sequence numbers before the first one
    /// seen are not counted as lost: they were sent before this subscriber was there.
    #[inline]
    fn gap(&mut self, publisher: u64, sequence: u64) -> u64 {
        if let Some((_, last)) = self.publishers.iter_mut().find(|(id, _)| *id == publisher) {
            let gap = sequence.wrapping_sub(*last).wrapping_sub(1);
            *last = sequence;
            // Numbers only ever grow; a huge gap is a publisher that scribbles.
            return if gap > u64::from(u32::MAX) { 0 } else { gap };
        }
        if self.publishers.len() < REMEMBERED {
            self.publishers.push((publisher, sequence));
        } else if let Some(oldest) = self.publishers.get_mut(self.next) {
            *oldest = (publisher, sequence);
            self.next = (self.next + 1) % REMEMBERED;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_counted_for_each_publisher() {
        let mut s = Sequences::default();
        assert_eq!((s.gap(1, 10), s.gap(1, 11), s.gap(2, 0), s.gap(1, 15), s.gap(2, 1)), (0, 0, 0, 3, 0));
        assert_eq!(s.gap(1, 3), 0);
    }

    #[test]
    fn more_publishers_than_are_remembered_do_no_harm() {
        let mut s = Sequences::default();
        assert!((0..2 * REMEMBERED as u64).all(|id| s.gap(id, 5) == 0));
        assert_eq!(s.publishers.len(), REMEMBERED);
        assert_eq!(s.gap(2 * REMEMBERED as u64 - 1, 8), 2);
    }
}
