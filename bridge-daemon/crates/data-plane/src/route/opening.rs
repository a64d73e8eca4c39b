//! A route that is being made: first its sink, then its source, so that no sample is taken before it can be passed on.
//!
//! Ports of classic are made on the thread that talks to RouDi, because RouDi may take its time to answer and no other
//! route is to wait for that; the lane asks for them and goes on.

use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::endpoint::classic::{ClassicSink, ClassicSource};
use crate::endpoint::handoff::{Handoff, HandoffSink, HandoffSource};
use crate::endpoint::iceoryx2::Stack;
use crate::endpoint::waits::Waits;
use crate::endpoint::{Obstacle, Sink, Source};
use bridge_account::RouteAccount;
use bridge_config::plan::{FormatPlan, HandoffPlan, Iceoryx2Service, RoutePlan, ServicePlan, WhenFull};
use bridge_transcode::{Filter, Pipeline, Stamp};

use super::Forward;
use super::circle::Circle;
use super::forward::{End, Running};

/// Bytes for which a slice's memory is first made where no sample size is known; it grows by itself.
const FIRST_SLICE_BYTES: usize = 4096;

/// Why a route is not opened that the supervisor holds back; the supervisor knows the true reason.
pub const HELD_BACK: &str = "the supervisor holds it back";

/// Alignment of chunks in classic for formats that have none.
const BYTES_ALIGN: usize = 8;

/// A port of classic that the lane wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortRequest {
    /// The publisher of the route's sink.
    Publisher,
    /// The subscriber of the route's source.
    Subscriber,
}

/// A port of classic that was made.
pub enum ClassicPort {
    /// For the sink.
    Sink(ClassicSink),
    /// For the source.
    Source(ClassicSource),
}

/// What an opening route needs next.
pub enum OpeningStep {
    /// Nothing: it runs.
    Ready(Box<dyn Forward>),
    /// A port of classic; the answer goes to [`Opening::answer`].
    Ask(PortRequest),
    /// The answer to an earlier request.
    Asked,
    /// That something outside changes. It is tried again later.
    Obstacle(Obstacle),
}

enum AnySink<S: Stack> {
    Classic(ClassicSink),
    Handoff(HandoffSink),
    Iceoryx2(Box<S::Sink>),
}

enum AnySource<S: Stack> {
    Classic(ClassicSource),
    Handoff(HandoffSource),
    Iceoryx2(Box<S::Source>),
}

/// What routes need that belongs to all of a worker. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Outside {
    /// Ends waits for room at sinks.
    pub stop: Arc<AtomicBool>,
    /// The waits that nothing ends.
    pub waits: Arc<Waits>,
    /// Memory that this worker shares with others, which [`HandoffPlan::memory`] counts.
    pub memories: Arc<[OwnedFd]>,
}

/// A route that is being made. Belongs to its lane.
pub struct Opening<S: Stack> {
    plan: Arc<RoutePlan>,
    account: RouteAccount,
    outside: Outside,
    /// What its samples have to be, and what becomes of them; or why there is no such thing. Made once: it costs its lane
    /// time in which no other route runs.
    programs: Result<(Option<Filter>, Pipeline), Obstacle>,
    sink: Option<AnySink<S>>,
    source: Option<AnySource<S>>,
    asked: bool,
    refused: Option<Obstacle>,
}

impl<S: Stack> Opening<S> {
    /// Begins.
    #[must_use]
    pub fn new(plan: Arc<RoutePlan>, account: RouteAccount, outside: Outside) -> Self {
        let programs = programs(&plan);
        Self { plan, account, outside, programs, sink: None, source: None, asked: false, refused: None }
    }

    /// The answer to a request for a port of classic.
    pub fn answer(&mut self, answer: Result<ClassicPort, Obstacle>) {
        self.asked = false;
        match answer {
            Ok(ClassicPort::Sink(sink)) => self.sink = Some(AnySink::Classic(sink)),
            Ok(ClassicPort::Source(source)) => self.source = Some(AnySource::Classic(source)),
            Err(obstacle) => self.refused = Some(obstacle),
        }
    }

    /// As [`Forward::leave`].
    pub fn leave(self) {
        match self.source {
            Some(AnySource::Classic(source)) => source.leave(),
            Some(AnySource::Handoff(_) | AnySource::Iceoryx2(_)) | None => {}
        }
        match self.sink {
            Some(AnySink::Classic(sink)) => sink.leave(),
            Some(AnySink::Handoff(_) | AnySink::Iceoryx2(_)) | None => {}
        }
    }

    /// Goes as far as it can. Takes the route apart into what runs, or gives it back with what it needs.
    pub fn step(mut self, node: &dyn Fn() -> Result<Arc<S::Node>, Obstacle>) -> (Option<Self>, OpeningStep) {
        let step = self.advance(node);
        match step {
            Ok(None) => self.finish(),
            Ok(Some(step)) => (Some(self), step),
            Err(obstacle) => (Some(self), OpeningStep::Obstacle(obstacle)),
        }
    }

    fn advance(&mut self, node: &dyn Fn() -> Result<Arc<S::Node>, Obstacle>) -> Result<Option<OpeningStep>, Obstacle> {
        if let Some(refused) = self.refused.take() {
            return Err(refused);
        }
        if self.asked {
            return Ok(Some(OpeningStep::Asked));
        }
        if self.account.is_held_back() {
            return Err(Obstacle::blocked(HELD_BACK));
        }
        if self.sink.is_none() {
            match &self.plan.sink.service {
                ServicePlan::Classic(_) => return Ok(Some(self.ask(PortRequest::Publisher))),
                ServicePlan::Iceoryx2(service) => {
                    self.sink = Some(AnySink::Iceoryx2(Box::new(self.open_sink(service, &*node()?)?)));
                }
                ServicePlan::Handoff(handoff) => {
                    let wait = (self.plan.sink.when_full == WhenFull::Block).then(|| Arc::clone(&self.outside.stop));
                    self.sink = Some(AnySink::Handoff(HandoffSink::new(self.handoff(*handoff)?, wait)));
                }
            }
        }
        if self.source.is_none() {
            match &self.plan.source.service {
                ServicePlan::Classic(_) => return Ok(Some(self.ask(PortRequest::Subscriber))),
                ServicePlan::Iceoryx2(service) => {
                    let source = S::source(&*node()?, service, &self.plan.source)?;
                    self.source = Some(AnySource::Iceoryx2(Box::new(source)));
                }
                ServicePlan::Handoff(handoff) => {
                    self.source = Some(AnySource::Handoff(HandoffSource::new(self.handoff(*handoff)?)));
                }
            }
        }
        Ok(None)
    }

    fn ask(&mut self, request: PortRequest) -> OpeningStep {
        self.asked = true;
        OpeningStep::Ask(request)
    }

    fn handoff(&self, HandoffPlan { memory, offset, len }: HandoffPlan) -> Result<Handoff, Obstacle> {
        let memory = self.outside.memories.get(memory);
        let memory = memory.ok_or_else(|| Obstacle::blocked("there is no memory between two workers"))?;
        Handoff::open(memory.as_fd(), offset, len)
            .map_err(|error| Obstacle::blocked(format!("the memory between two workers cannot be used: {error}")))
    }

    fn open_sink(&self, service: &Iceoryx2Service, node: &S::Node) -> Result<S::Sink, Obstacle> {
        let (_, transcoder) = self.programs.as_ref().map_err(Obstacle::clone)?;
        let bytes = transcoder.max_output().unwrap_or(FIRST_SLICE_BYTES);
        S::sink(node, service, &self.plan.sink, bytes, Arc::clone(&self.outside.stop), &self.outside.waits)
    }

    fn finish(self) -> (Option<Self>, OpeningStep) {
        let Self { plan, account, outside, programs, sink, source, .. } = self;
        let (filter, transcoder) = match programs {
            Ok(programs) => programs,
            Err(obstacle) => {
                let programs = Err(obstacle.clone());
                let opening = Self { plan, account, outside, programs, sink, source, asked: false, refused: None };
                return (Some(opening), OpeningStep::Obstacle(obstacle));
            }
        };
        let parts = Parts { plan: &plan, filter, transcoder, account };
        let running: Box<dyn Forward> = match (source, sink) {
            (Some(AnySource::Classic(from)), Some(AnySink::Classic(to))) => parts.running(from, to),
            (Some(AnySource::Classic(from)), Some(AnySink::Handoff(to))) => parts.running(from, to),
            (Some(AnySource::Handoff(from)), Some(AnySink::Classic(to))) => parts.running(from, to),
            (Some(AnySource::Iceoryx2(from)), Some(AnySink::Handoff(to))) => parts.running(*from, to),
            (Some(AnySource::Handoff(from)), Some(AnySink::Iceoryx2(to))) => parts.running(from, *to),
            (Some(AnySource::Iceoryx2(from)), Some(AnySink::Classic(to))) => parts.running(*from, to),
            (Some(AnySource::Classic(from)), Some(AnySink::Iceoryx2(to))) => parts.running(from, *to),
            (Some(AnySource::Iceoryx2(from)), Some(AnySink::Iceoryx2(to))) => parts.running(*from, *to),
            (source, sink) => {
                let Parts { account, filter, transcoder, .. } = parts;
                let programs = Ok((filter, transcoder));
                return (
                    Some(Self { plan, account, outside, programs, sink, source, asked: false, refused: None }),
                    OpeningStep::Asked,
                );
            }
        };
        (None, OpeningStep::Ready(running))
    }
}

/// What a route's samples have to be, and what becomes of them.
fn programs(plan: &RoutePlan) -> Result<(Option<Filter>, Pipeline), Obstacle> {
    let filter = Filter::compile(&plan.conversion()).map_err(|error| Obstacle::blocked(error.to_string()))?;
    Ok((filter, Pipeline::compile(&plan.conversion()).map_err(|error| Obstacle::blocked(error.to_string()))?))
}

/// Where samples say when they were made: at the source, if they are structs there, or else at the sink.
fn stamp(formats: (&FormatPlan, &FormatPlan)) -> Option<(Stamp, End)> {
    let of = |format: &FormatPlan| match format {
        FormatPlan::Struct(layout) => Stamp::of(layout),
        FormatPlan::Raw | FormatPlan::Msgpack(..) | FormatPlan::Json(_) => None,
    };
    of(formats.0).map(|stamp| (stamp, End::Source)).or_else(|| of(formats.1).map(|stamp| (stamp, End::Sink)))
}

struct Parts<'a> {
    plan: &'a RoutePlan,
    filter: Option<Filter>,
    transcoder: Pipeline,
    account: RouteAccount,
}

impl Parts<'_> {
    fn running<T: Source + 'static, K: Sink + 'static>(self, source: T, sink: K) -> Box<dyn Forward> {
        let formats = (&self.plan.source.format, &self.plan.sink.format);
        let align = match formats.1 {
            FormatPlan::Raw => None,
            FormatPlan::Struct(layout) => Some(layout.align),
            FormatPlan::Msgpack(..) | FormatPlan::Json(_) => Some(BYTES_ALIGN),
        };
        Box::new(Running {
            own_user_header: sink.user_header_size(),
            source,
            sink,
            filter: self.filter,
            transcoder: self.transcoder,
            account: self.account,
            align,
            pass_user_header: matches!(formats, (FormatPlan::Raw, FormatPlan::Raw)),
            stamp: stamp(formats),
            in_a_row: 0,
            circle: Circle::default(),
        })
    }
}
