//! The end of a route's first half.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bridge_account::{Connected, DropReason, RejectReason, RouteAccount};
use bridge_transcode::Output;

use super::super::give_way::give_way;
use super::super::{EndpointFault, NotSent, Shape, Sink};
use super::Handoff;
use super::ring::{Full, Writer};

/// Writes samples into the ring. Lives and dies on its lane's thread; one at a time for each ring.
#[derive(Debug)]
pub struct HandoffSink {
    writer: Writer,
    /// Waits for room until this is set; `None`: never waits.
    wait: Option<Arc<AtomicBool>>,
}

impl HandoffSink {
    /// The sink; with `wait` it waits for room until that is set, otherwise what has none is dropped.
    #[must_use]
    pub fn new(handoff: Handoff, wait: Option<Arc<AtomicBool>>) -> Self {
        Self { writer: Writer::new(handoff), wait }
    }
}

impl Sink for HandoffSink {
    fn send(
        &mut self,
        shape: Shape,
        _: &RouteAccount,
        fill: impl FnOnce(Output<'_>, Output<'_>) -> Result<(), RejectReason>,
    ) -> Result<(), NotSent> {
        let measures = (shape.payload, shape.user_header, shape.payload_align);
        let mut fill = Some(fill);
        for turn in 0.. {
            let written = self.writer.write(measures, |payload, header| match fill.take() {
                Some(fill) => fill(payload, header),
                None => Err(RejectReason::PayloadSize),
            });
            match written {
                Ok(filled) => return filled.map_err(NotSent::Rejected),
                Err(Full::Ever) => return Err(NotSent::Dropped(DropReason::TooLarge)),
                Err(Full::Now) => match &self.wait {
                    Some(stop) if !stop.load(Ordering::Relaxed) => give_way(turn),
                    _ => break,
                },
            }
        }
        Err(NotSent::Dropped(DropReason::HandoffFull))
    }

    /// The other half of the route knows.
    fn tend(&mut self, _: &RouteAccount) -> Result<Connected, EndpointFault> {
        Ok(Connected::Unknown)
    }
}
