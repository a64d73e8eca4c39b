//! The beginning of a route's second half.

use bridge_account::RouteAccount;

use super::super::{EndpointFault, Received, Source, Taken};
use super::Handoff;
use super::ring::Reader;

/// Takes samples out of the ring. Lives and dies on its lane's thread; one at a time for each ring.
#[derive(Debug)]
pub struct HandoffSource {
    reader: Reader,
}

impl HandoffSource {
    /// Goes on where the last one was.
    #[must_use]
    pub fn new(handoff: Handoff) -> Self {
        Self { reader: Reader::new(handoff) }
    }
}

impl Source for HandoffSource {
    fn take<R>(
        &mut self,
        account: &RouteAccount,
        forward: impl FnOnce(Received<'_>) -> R,
    ) -> Result<Taken<R>, EndpointFault> {
        let held = match self.reader.next() {
            Ok(Some(held)) => held,
            Ok(None) => return Ok(Taken::Empty),
            Err(_) => return Err(EndpointFault::Broken("the memory between two workers was written over".into())),
        };
        account.take();
        let next = held.next();
        let received =
            Received { payload: held.payload, payload_align: held.align, user_header: held.user_header, publisher: 0 };
        let forwarded = forward(received);
        self.reader.free(next);
        Ok(Taken::Sample(forwarded))
    }
}
