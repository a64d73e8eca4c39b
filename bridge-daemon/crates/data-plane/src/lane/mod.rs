//! A lane: a thread that owns routes and their ports, and moves their samples.
//!
//! A lane never waits for RouDi, for a lock that another process holds, or for one of its routes; a route whose sink
//! may wait for its subscribers has a lane of its own.

mod pace;
mod place;
mod quiet;
mod turns;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::endpoint::iceoryx2::Stack;
use crate::endpoint::{EndpointFault, Obstacle};
use crate::route::{ClassicPort, Forward, Opening, OpeningStep, Outside, PortRequest, REST, RouteState, Step};
use bridge_account::RouteAccount;
use bridge_config::plan::{PacePlan, RoutePlan};

pub use crate::endpoint::{Bell, bit_of};
pub use place::Place;
pub use quiet::{Expected, Quiet, leave_lane_for_ever};

use pace::{Pace, Rest};
use turns::{Scope, Turn, Turns};

/// Samples that one route may move before the next gets its turn.
const BATCH: usize = 32;

/// Passes between two looks into the mailbox while samples flow.
const PASSES_PER_LOOK: u32 = 256;

/// Time between two attempts to open what cannot be opened yet, and between two times that what runs is tended.
const RETRY: Duration = Duration::from_millis(100);

/// Of its time a lane spends at most the so-manieth part to tend its routes: a hundred whose memory has left the
/// processor's caches take milliseconds.
const TENDING_SHARE: u32 = 1000;

/// Each route is tended that often all the same.
const LONGEST_UNTENDED: Duration = Duration::from_secs(1);

/// Time that it may take to wake a lane whose memory has left the processor's caches. Where a queue may fill up sooner, its
/// route is looked at instead.
const WAKING: Duration = Duration::from_millis(1);

/// What a lane is told.
pub enum Mail {
    /// The answer to [`Event::Ask`].
    Port {
        /// The number that the request had.
        route: usize,
        /// The port, or why there is none.
        port: Result<ClassicPort, Obstacle>,
    },
}

/// Where a lane's mail is posted. Cloning it is cheap.
#[derive(Clone)]
pub struct Post {
    mail: mpsc::Sender<Mail>,
    bell: Bell,
}

impl Post {
    /// A lane's post, and what the lane reads from. Mail rings `bell`.
    #[must_use]
    pub fn new(bell: Bell) -> (Self, mpsc::Receiver<Mail>) {
        let (mail, read) = mpsc::channel();
        (Self { mail, bell }, read)
    }

    /// A lane that is gone needs no mail.
    pub fn send(&self, mail: Mail) {
        let _ = self.mail.send(mail);
        self.bell.ring();
    }
}

/// What a lane tells.
#[derive(Debug)]
pub enum Event {
    /// A route is in another state than before.
    State {
        /// Its number.
        route: usize,
        /// The state.
        state: RouteState,
    },
    /// A route needs a port of classic.
    Ask {
        /// Its number.
        route: usize,
        /// The end for which a port is needed: the source or the sink.
        port: PortRequest,
    },
    /// RouDi took this process for dead. No lane may touch a port of classic any more, and the process has to end.
    Evicted,
    /// A service of iceoryx2 is another one now. Ports on it must not be dropped, and the process has to end.
    Replaced,
}

/// Where a lane gets the node from; made when first asked for.
pub type NodeSource<S> = dyn Fn() -> Result<Arc<<S as Stack>::Node>, Obstacle> + Send + Sync;

/// What a lane is made of. Sent to its thread once.
pub struct LaneSetup<S: Stack> {
    /// Number, plan and account of each of its routes.
    pub routes: Vec<(usize, Arc<RoutePlan>, RouteAccount)>,
    /// Told to the lane.
    pub mail: mpsc::Receiver<Mail>,
    /// Rings when there is mail, when the lane is to stop, and when a source wakes it.
    pub bell: Bell,
    /// Called for what the lane tells; must not wait.
    pub tell: Box<dyn Fn(Event) + Send>,
    /// The worker's node.
    pub node: Arc<NodeSource<S>>,
    /// Whose `stop` is set when all lanes are to go quiet.
    pub outside: Outside,
    /// Where the lane says that it is quiet, and learns that all are.
    pub quiet: Quiet,
    /// The lane's place among those that are waited for.
    pub expected: Expected,
    /// Where it runs.
    pub place: Place,
    /// How it waits for samples.
    pub pace: PacePlan,
}

/// Runs a lane until it is told to stop. Its ports are dropped when every lane of the worker is quiet.
pub fn run<S: Stack>(setup: LaneSetup<S>) {
    let LaneSetup { routes, mail, bell, tell, node, outside, quiet, expected, place, pace } = setup;
    let stop = Arc::clone(&outside.stop);
    let _in_lane = expected.enter();
    place.take();
    let mut lane = Lane::<S> {
        slots: routes.into_iter().map(|(number, plan, account)| Slot::new(number, plan, account, &outside)).collect(),
        turns: Turns::default(),
        tell,
        node,
        outside,
        next_tending: Instant::now(),
        longest_pause: None,
        unknown: 0,
    };
    let mut pace = Pace::new(pace);
    let mut rest = Rest::None;
    let mut passes = 0_u32;
    while !stop.load(Ordering::Relaxed) {
        let scope = if rest == Rest::None { Scope::Lively } else { Scope::All };
        let moved = lane.pass(scope, if scope == Scope::All { bell.heard() } else { 0 });
        passes = passes.wrapping_add(1);
        if rest != Rest::None || passes.is_multiple_of(PASSES_PER_LOOK) {
            while let Ok(Mail::Port { route, port }) = mail.try_recv() {
                lane.answer(route, port);
            }
            let now = Instant::now();
            lane.open_what_is_due(now);
            lane.announce();
            lane.tend(now);
        }
        rest = pace.after(moved);
        match rest {
            Rest::None => {}
            Rest::Look(time) => bell.sleep(lane.pause(time)),
            Rest::Wait(time) => {
                if let Some(time) = lane.wait(time, Instant::now(), &bell) {
                    bell.sleep(time);
                }
            }
        }
    }
    if quiet.leaves_ports() {
        lane.leave();
        quiet.wait_for_all();
        // The process ends in a moment.
        loop {
            thread::park();
        }
    }
    lane.drain();
    quiet.wait_for_all();
}

struct Lane<S: Stack> {
    slots: Vec<Slot<S>>,
    turns: Turns,
    tell: Box<dyn Fn(Event) + Send>,
    node: Arc<NodeSource<S>>,
    outside: Outside,
    next_tending: Instant,
    /// The shortest of what its routes' queues allow.
    longest_pause: Option<Duration>,
    /// How many routes forward already but are not known to be connected.
    unknown: usize,
}

struct Slot<S: Stack> {
    number: usize,
    plan: Arc<RoutePlan>,
    phase: Phase<S>,
    next_try: Instant,
    /// Whether the route that runs has been said to run: only when its ports are known to both stacks.
    is_announced: bool,
    /// Whether the next sample wakes the lane.
    wakes: bool,
    /// Whether one of its queues would fill up while the lane wakes.
    is_hasty: bool,
    /// Whether it is looked at in the next pass although it wakes the lane.
    is_due: bool,
    /// What the bell says when it has samples.
    bit: u64,
    told: Option<RouteState>,
}

enum Phase<S: Stack> {
    Opening(Box<Opening<S>>),
    Running(Box<dyn Forward>),
    /// Only while it changes from one to the other.
    Between,
}

impl<S: Stack> Slot<S> {
    fn new(number: usize, plan: Arc<RoutePlan>, account: RouteAccount, outside: &Outside) -> Self {
        let opening = Opening::new(Arc::clone(&plan), account, outside.clone());
        Self {
            number,
            plan,
            phase: Phase::Opening(Box::new(opening)),
            next_try: Instant::now(),
            is_announced: false,
            wakes: false,
            is_hasty: false,
            is_due: false,
            bit: bit_of(number),
            told: None,
        }
    }

    /// Forwards what is there, up to a batch.
    #[inline]
    fn turn(&mut self, tell: &dyn Fn(Event), outside: &Outside) -> Turn {
        let Phase::Running(route) = &mut self.phase else { return Turn::Over };
        self.is_due = false;
        for moved in 0..BATCH {
            match route.step() {
                Ok(Step::Moved) => {}
                Ok(Step::Idle) if moved == 0 => return Turn::Nothing,
                Ok(Step::Idle) => break,
                Err(fault) => {
                    self.fault(&fault, tell, outside);
                    return Turn::Over;
                }
            }
        }
        route.after_samples();
        if self.wakes {
            // Samples flow, and to wake the lane for each of them costs its publisher something.
            self.wakes = !route.stop_waking();
        }
        Turn::Moved
    }

    fn hear(&mut self) {
        if let Phase::Running(route) = &mut self.phase {
            route.hear();
        }
    }

    #[cold]
    fn fault(&mut self, fault: &EndpointFault, tell: &dyn Fn(Event), outside: &Outside) {
        // In both cases the route is left as it is: to make it anew would end its ports.
        let pause = match fault {
            EndpointFault::Evicted => return tell(Event::Evicted),
            EndpointFault::Replaced => return tell(Event::Replaced),
            EndpointFault::Broken(_) => {
                self.tell(tell, RouteState::opening(Some(fault.to_string())));
                RETRY
            }
            EndpointFault::Deserted(_) => {
                self.tell(tell, RouteState::hindered(&Obstacle::waiting(fault.to_string())));
                RETRY
            }
            EndpointFault::Circle(_) => {
                self.tell(tell, RouteState::hindered(&Obstacle::blocked(fault.to_string())));
                REST
            }
        };
        self.is_announced = false;
        self.wakes = false;
        if let Phase::Running(route) = std::mem::replace(&mut self.phase, Phase::Between) {
            let opening = Opening::new(Arc::clone(&self.plan), route.into_account(), outside.clone());
            self.phase = Phase::Opening(Box::new(opening));
        }
        self.next_try = Instant::now() + pause;
    }

    fn tell(&mut self, tell: &dyn Fn(Event), state: RouteState) {
        if self.told.as_ref() != Some(&state) {
            self.told = Some(state.clone());
            tell(Event::State { route: self.number, state });
        }
    }
}

impl<S: Stack> Lane<S> {
    /// Gives running routes their turns. True if any sample moved. `heard` are the bits of those for which the bell rang: of
    /// routes that wake the lane, no others are looked at once it sleeps.
    #[inline]
    fn pass(&mut self, scope: Scope, heard: u64) -> bool {
        let Self { slots, turns, tell, outside, .. } = self;
        if heard != 0 {
            for slot in slots.iter_mut().filter(|slot| slot.bit & heard != 0) {
                slot.hear();
            }
        }
        turns.pass(scope, |place| match slots.get_mut(place) {
            Some(slot) if scope == Scope::All && slot.wakes && !slot.is_due && slot.bit & heard == 0 => Turn::Nothing,
            Some(slot) => slot.turn(&**tell, outside),
            None => Turn::Over,
        })
    }

    /// How long the lane may sleep where it has to look for samples: `time`, unless a short queue says less.
    fn pause(&self, time: Duration) -> Duration {
        self.longest_pause.map_or(time, |longest| time.min(longest))
    }

    /// How long the lane may sleep when sources wake it: `time` only where one of them does not, or something else has to
    /// be looked at. `None` when it has to look once more before: at those that wake it from now on, since what came until
    /// now wakes nobody, and at all that were tended.
    fn wait(&mut self, time: Duration, now: Instant, bell: &Bell) -> Option<Duration> {
        let (mut is_due, mut looks) = (false, self.unknown > 0);
        let mut until = self.next_tending;
        for slot in &mut self.slots {
            match &mut slot.phase {
                Phase::Running(route) => {
                    if !slot.wakes && !slot.is_hasty {
                        slot.wakes = route.start_waking(bell, slot.bit);
                        slot.is_due = true;
                    }
                    is_due |= slot.wakes && slot.is_due;
                    looks |= !slot.wakes;
                }
                Phase::Opening(_) | Phase::Between => until = until.min(slot.next_try),
            }
        }
        let rest = until.saturating_duration_since(now);
        (!is_due).then(|| if looks { rest.min(self.pause(time)) } else { rest })
    }

    fn answer(&mut self, number: usize, port: Result<ClassicPort, Obstacle>) {
        // A port that nobody waits for any more is dropped here.
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.number == number)
            && let Phase::Opening(opening) = &mut slot.phase
        {
            opening.answer(port);
            slot.next_try = Instant::now();
        }
    }

    /// One attempt for one route whose time has come; one only, because running routes wait meanwhile.
    fn open_what_is_due(&mut self, now: Instant) {
        let due = |slot: &Slot<S>| matches!(slot.phase, Phase::Opening(_)) && slot.next_try <= now;
        let due = self.slots.iter_mut().enumerate().filter(|(_, slot)| due(slot));
        let Some((place, slot)) = due.min_by_key(|(_, slot)| slot.next_try) else { return };
        let Phase::Opening(opening) = std::mem::replace(&mut slot.phase, Phase::Between) else { return };
        let (opening, step) = opening.step(&*self.node);
        if let Some(opening) = opening {
            slot.phase = Phase::Opening(Box::new(opening));
        }
        slot.next_try = now + RETRY;
        match step {
            OpeningStep::Ready(route) => {
                slot.phase = Phase::Running(route);
                self.turns.add(place);
                self.unknown += 1;
            }
            OpeningStep::Ask(port) => (self.tell)(Event::Ask { route: slot.number, port }),
            OpeningStep::Asked => {}
            OpeningStep::Obstacle(obstacle) => slot.tell(&*self.tell, RouteState::hindered(&obstacle)),
        }
    }

    /// Says of routes that they run, once what is published crosses. They forward already before.
    fn announce(&mut self) {
        if self.unknown == 0 {
            return;
        }
        self.unknown = 0;
        let Self { slots, tell, outside, unknown, .. } = self;
        for slot in slots {
            let Phase::Running(route) = &mut slot.phase else { continue };
            if slot.is_announced {
                continue;
            }
            if !route.is_known() {
                *unknown += 1;
                continue;
            }
            // So that whoever reads that it runs also finds what it is connected with.
            match route.tend() {
                Ok(()) => {
                    slot.is_announced = true;
                    slot.tell(&**tell, RouteState::running());
                }
                Err(fault) => slot.fault(&fault, &**tell, outside),
            }
        }
    }

    fn tend(&mut self, now: Instant) {
        if now < self.next_tending {
            return;
        }
        let Self { slots, tell, outside, longest_pause, .. } = self;
        *longest_pause = None;
        for slot in slots {
            let Phase::Running(route) = &mut slot.phase else { continue };
            slot.is_due = true;
            route.hear();
            match route.tend() {
                Ok(()) => {
                    let pause = route.longest_pause();
                    *longest_pause = (*longest_pause).into_iter().chain(pause).min();
                    slot.is_hasty = pause.is_some_and(|pause| pause < WAKING);
                    if slot.is_hasty && slot.wakes {
                        slot.wakes = !route.stop_waking();
                    }
                }
                Err(fault) => slot.fault(&fault, &**tell, outside),
            }
        }
        self.next_tending = now + (now.elapsed() * TENDING_SHARE).clamp(RETRY, LONGEST_UNTENDED);
    }

    /// Ends the ports of iceoryx2, whose memory nobody else would remove; those of classic are somebody else's by now.
    fn leave(&mut self) {
        for slot in self.slots.drain(..) {
            match slot.phase {
                Phase::Running(route) => route.leave(),
                Phase::Opening(opening) => opening.leave(),
                Phase::Between => {}
            }
        }
    }

    /// What the sources hold when the lane stops still crosses, as far as it does not have to wait for anybody.
    fn drain(&mut self) {
        for slot in &mut self.slots {
            let Phase::Running(route) = &mut slot.phase else { continue };
            for _ in 0..DRAIN {
                if !matches!(route.step(), Ok(Step::Moved)) {
                    break;
                }
            }
        }
    }
}

/// Samples of one source that are still forwarded when the lane stops: what the longest queue of either stack holds by
/// default.
const DRAIN: usize = 256;
