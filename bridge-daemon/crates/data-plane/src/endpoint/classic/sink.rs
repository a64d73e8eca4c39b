//! A publisher of classic.
#![allow(unsafe_code, reason = "hands out the bytes of a loaned chunk in shared memory")]

use std::mem::ManuallyDrop;
use std::sync::Arc;

use cpp_shim::{LoanError, Publisher};

use bridge_account::{Connected, DropReason, RejectReason, RouteAccount};
use bridge_transcode::Output;

use super::super::{EndpointFault, NotSent, Obstacle, Shape, Sink};
use super::OwnPublishersOf;

/// Alignment of a user header in classic: that of its chunk header, the largest it supports.
const USER_HEADER_ALIGN: usize = 8;

/// Publishes on one classic service. Made on the thread that talks to RouDi, then moved to its lane.
pub struct ClassicSink {
    publisher: Publisher,
    own: Arc<OwnPublishersOf>,
    /// Whether a subscriber was connected when that was looked at last.
    is_heard: bool,
}

impl ClassicSink {
    /// Publishes through `publisher`, which becomes one of `own`.
    ///
    /// # Errors
    /// When the bridge has too many publishers on one service.
    pub fn new(publisher: Publisher, own: Arc<OwnPublishersOf>) -> Result<Self, Obstacle> {
        if !own.enter(publisher.uid()) {
            return Err(Obstacle::blocked(
                "more streams lead into this service than classic has publishers; combine some of them",
            ));
        }
        Ok(Self { publisher, own, is_heard: false })
    }
}

impl Drop for ClassicSink {
    fn drop(&mut self) {
        self.own.leave(self.publisher.uid());
    }
}

impl Sink for ClassicSink {
    #[inline]
    fn send(
        &mut self,
        shape: Shape,
        account: &RouteAccount,
        fill: impl FnOnce(Output<'_>, Output<'_>) -> Result<(), RejectReason>,
    ) -> Result<(), NotSent> {
        // Classic does not say how many get a sample. Who came since the last look is found here, who left is not, until
        // the next; so a subscriber that comes between this look and the sample gets one that counts as unheard.
        if !self.is_heard {
            self.is_heard = self.publisher.has_subscribers();
        }
        let is_heard = self.is_heard;
        let header_align = if shape.user_header == 0 { 1 } else { USER_HEADER_ALIGN };
        let loan = self
            .publisher
            .loan(shape.payload, shape.payload_align, shape.user_header, header_align)
            .map_err(not_loaned)?;
        // SAFETY: the loan is ours alone until it is published or dropped, and was made with these two sizes.
        let (payload, user_header) = unsafe {
            (Output::from_raw(loan.payload(), shape.payload), Output::from_raw(loan.user_header(), shape.user_header))
        };
        fill(payload, user_header).map_err(NotSent::Rejected)?;
        loan.publish();
        if !is_heard {
            account.unheard();
        }
        Ok(())
    }

    /// RouDi looks for new ports every 100 ms.
    fn is_known(&self) -> bool {
        self.publisher.is_offered()
    }

    /// RouDi connects subscribers; what is looked at is whether it still knows this port.
    fn tend(&mut self, _: &RouteAccount) -> Result<Connected, EndpointFault> {
        if !self.publisher.is_ours() {
            return Err(EndpointFault::Evicted);
        }
        self.is_heard = self.publisher.has_subscribers();
        Ok(match self.is_heard {
            // It may be the bridge's own, of a stream that leads the other way.
            true if self.own.has_subscribers() => Connected::Unknown,
            true => Connected::ToSome,
            false => Connected::To(0),
        })
    }

    fn leave(self) {
        let _left = ManuallyDrop::new(self);
    }
}

fn not_loaned(error: LoanError) -> NotSent {
    match error {
        LoanError::TooLarge => NotSent::Dropped(DropReason::TooLarge),
        LoanError::PoolEmpty => NotSent::Dropped(DropReason::NoChunk),
        LoanError::TooManyLoans => NotSent::Dropped(DropReason::NoChunk),
        LoanError::Invalid => NotSent::Rejected(RejectReason::PayloadSize),
        LoanError::Evicted => NotSent::Fault(EndpointFault::Evicted),
        error => NotSent::Fault(EndpointFault::Broken(format!("classic failed to loan a chunk: {error}"))),
    }
}
