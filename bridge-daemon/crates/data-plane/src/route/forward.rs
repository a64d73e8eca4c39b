//! The hot path: one sample from a source to a sink. No allocation, no lock, no log line and, of the bridge's own, no
//! system call.

use std::time::{Duration, SystemTime};

use crate::endpoint::{Bell, EndpointFault, NotSent, Received, Shape, Sink, Source, Taken};
use bridge_account::{DropReason, Fate, RejectReason, RouteAccount, Ticks};
use bridge_transcode::{Filter, Output, Pipeline, Reject, Spot, Stamp};

use super::circle::Circle;

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There was no sample.
    Idle,
    /// A sample was taken and its fate is in the account.
    Moved,
}

/// A route that runs, whatever its ends are.
pub trait Forward {
    /// Takes at most one sample and forwards it.
    ///
    /// # Errors
    /// When an end broke, so that the route has to be made anew.
    fn step(&mut self) -> Result<Step, EndpointFault>;

    /// Whether both stacks have made its ports known, so that what is published from now on crosses.
    fn is_known(&self) -> bool;

    /// How long its lane may sleep, where a short queue at either end makes that matter.
    fn longest_pause(&self) -> Option<Duration>;

    /// Lets the source wake the lane when a sample comes, and the sink when it is told something; see
    /// [`Source::start_waking`].
    fn start_waking(&mut self, bell: &Bell, bit: u64) -> bool;

    /// Ends that; see [`Source::stop_waking`].
    fn stop_waking(&mut self) -> bool;

    /// Tells applications who wait for it that samples were taken and sent.
    fn after_samples(&mut self);

    /// Reads what its ends were told by events.
    fn hear(&mut self);

    /// What has to be done now and then, whether samples flow or not.
    ///
    /// # Errors
    /// As [`Forward::step`].
    fn tend(&mut self) -> Result<(), EndpointFault>;

    /// Ends the route and gives its account back.
    fn into_account(self: Box<Self>) -> RouteAccount;

    /// Ends the route when RouDi has given the places of this process to others: ports of classic are left as they are.
    fn leave(self: Box<Self>);
}

/// A route from a source to a sink.
#[derive(Debug)]
pub(super) struct Running<S, K> {
    pub(super) source: S,
    pub(super) sink: K,
    /// Which samples it takes; none: all.
    pub(super) filter: Option<Filter>,
    pub(super) transcoder: Pipeline,
    pub(super) account: RouteAccount,
    /// Alignment of what is written where the transcoder, not the source, decides it.
    pub(super) align: Option<usize>,
    /// Whether user headers cross: only where nobody looks into the payload either.
    pub(super) pass_user_header: bool,
    /// Bytes of user header that the sink's samples have where none is passed.
    pub(super) own_user_header: usize,
    /// Where samples say when they were made: those of the source, or those that are written.
    pub(super) stamp: Option<(Stamp, End)>,
    /// Samples since the source was found empty.
    pub(super) in_a_row: u32,
    /// Whether what it publishes comes back.
    pub(super) circle: Circle,
}

/// An end of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Source,
    Sink,
}

/// Of samples in a row, every so many is timed; to time each would cost a few percent of the throughput.
const TIMED: u32 = 8;

impl<S: Source, K: Sink> Forward for Running<S, K> {
    fn step(&mut self) -> Result<Step, EndpointFault> {
        let Self {
            source,
            sink,
            filter,
            transcoder,
            account,
            align,
            pass_user_header,
            own_user_header,
            stamp,
            in_a_row,
            circle,
        } = self;
        let (mut began, mut made) = (None, None);
        let taken = source.take(account, |received| {
            if account.is_paused() {
                return Err(NotSent::Dropped(DropReason::Paused));
            }
            if in_a_row.is_multiple_of(TIMED) {
                began = Some(Ticks::now());
                if let Some((stamp, End::Source)) = stamp {
                    made = stamp.read(received.payload);
                }
            }
            match filter.as_mut().map_or(Ok(true), |filter| filter.takes(received.payload)) {
                Ok(true) => {}
                Ok(false) => return Err(NotSent::Filtered),
                Err(reject) => return Err(NotSent::Rejected(rejected(account, Spot::default(), reject))),
            }
            let user_header = if *pass_user_header { received.user_header.len() } else { *own_user_header };
            let payload = match transcoder.measure(received.payload) {
                Ok(payload) => payload,
                Err(reject) => {
                    let spot = transcoder.locate(received.payload);
                    return Err(NotSent::Rejected(rejected(account, spot, reject)));
                }
            };
            let shape = Shape { payload, payload_align: align.unwrap_or(received.payload_align), user_header };
            sink.send(shape, account, |mut payload, header| {
                fill_header(&received, *pass_user_header, header)?;
                if let Err(reject) = transcoder.run(received.payload, payload.reborrow()) {
                    return Err(rejected(account, transcoder.locate(received.payload), reject));
                }
                if let (Some(_), Some((stamp, End::Sink))) = (began, &*stamp) {
                    made = stamp.read_written(&payload);
                }
                let goes_round = circle.is_closed_by(received.publisher, &payload);
                if goes_round { Err(RejectReason::Circle) } else { Ok(()) }
            })
        })?;
        let fate = match taken {
            Taken::Empty => {
                *in_a_row = 0;
                return Ok(Step::Idle);
            }
            Taken::Own => Fate::OwnSkipped,
            Taken::Corrupt => Fate::Rejected(RejectReason::Corrupt),
            Taken::Sample(Ok(())) => Fate::Forwarded,
            Taken::Sample(Err(NotSent::Filtered)) => Fate::Filtered,
            Taken::Sample(Err(NotSent::Rejected(reason))) => Fate::Rejected(reason),
            Taken::Sample(Err(NotSent::Dropped(reason))) => Fate::Dropped(reason),
            Taken::Sample(Err(NotSent::Fault(fault))) => {
                account.settle(Fate::Dropped(DropReason::SinkFailed));
                return Err(fault);
            }
        };
        account.settle(fate);
        if let (Fate::Forwarded, Some(began)) = (fate, began) {
            account.latency(Ticks::now().since(began));
            if let Some(made) = made {
                enter_age(account, made);
            }
        }
        *in_a_row = in_a_row.wrapping_add(1);
        Ok(Step::Moved)
    }

    fn is_known(&self) -> bool {
        self.source.is_known() && self.sink.is_known()
    }

    fn longest_pause(&self) -> Option<Duration> {
        self.source.longest_pause().into_iter().chain(self.sink.longest_pause()).min()
    }

    fn start_waking(&mut self, bell: &Bell, bit: u64) -> bool {
        self.sink.start_waking(bell, bit);
        self.source.start_waking(bell, bit)
    }

    fn stop_waking(&mut self) -> bool {
        self.source.stop_waking()
    }

    fn after_samples(&mut self) {
        self.sink.after_samples();
        self.source.after_samples();
    }

    fn hear(&mut self) {
        self.sink.hear();
        self.source.hear();
    }

    fn tend(&mut self) -> Result<(), EndpointFault> {
        let source = self.source.tend()?;
        let sink = self.sink.tend(&self.account)?;
        self.account.connected(source, sink);
        self.circle.tend()
    }

    fn into_account(self: Box<Self>) -> RouteAccount {
        self.account
    }

    fn leave(self: Box<Self>) {
        let Self { source, sink, .. } = *self;
        source.leave();
        sink.leave();
    }
}

#[inline]
fn fill_header(received: &Received<'_>, passes: bool, mut header: Output<'_>) -> Result<(), RejectReason> {
    if passes {
        return header.fill_from(received.user_header).ok_or(RejectReason::UserHeader);
    }
    header.fill_zero();
    Ok(())
}

/// Enters how old a sample is that was made so many nanoseconds after 1970. One that comes from the future says nothing.
fn enter_age(account: &RouteAccount, made: u64) {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    if let Some(age) = u64::try_from(now.as_nanos()).ok().and_then(|now| now.checked_sub(made)) {
        account.age(age);
    }
}

/// A sample could not be transcoded: enters when and where it was at fault.
#[cold]
fn rejected(account: &RouteAccount, spot: Spot, reject: Reject) -> RejectReason {
    let reason = RejectReason::Transcode(reject);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    account.rejected_at(reason, u64::try_from(now.as_nanos()).unwrap_or(u64::MAX), spot);
    reason
}
