//! The lanes of a worker: which route goes where, and how they start and stop.

use std::io;
use std::os::fd::OwnedFd;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;

use crate::account::Ledger;
use crate::config::plan::RoutePlan;
use crate::endpoint::Obstacle;
use crate::endpoint::iceoryx2::Stack;
use crate::endpoint::waits::Waits;
use crate::lane::{self, Bell, Event, LaneSetup, NodeSource, Post, Quiet, bit_of};
use crate::route::Outside;

use super::caretaker;
use super::classic::Request;
use super::protocol::{FromWorker, WorkerPlan};
use super::threads::{self, Thread};
use super::{TIME_TO_LEAVE, WorkerError};

/// Time after which a wait of a lane that was told to stop counts as one without end.
const LASTING: Duration = Duration::from_millis(500);

/// Tells all lanes of a worker to stop, those that sleep too. Cloning it is cheap.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    flag: Arc<AtomicBool>,
    bells: Bells,
}

impl Stop {
    pub(super) fn tell(&self) {
        self.flag.store(true, Ordering::Release);
        self.bells.ring_all();
    }

    /// Whether that was told.
    pub(super) fn is_told(&self) -> bool {
        self.flag.load(Ordering::Relaxed)
    }
}

/// What all lanes share, before they start.
pub(super) struct Prepared {
    stop: Stop,
    waits: Arc<Waits>,
    quiet: Quiet,
}

/// The bells of all lanes, in the order of [`threads::threads`], each with the bits of its routes. Cloning it is cheap.
#[derive(Clone, Debug)]
pub(super) struct Bells(Arc<[(Bell, u64)]>);

impl Bells {
    fn new(plan: &WorkerPlan) -> io::Result<Self> {
        let threads = threads::threads(plan);
        let bits = |thread: &Thread<'_>| thread.routes.iter().fold(0, |bits, (number, _)| bits | bit_of(*number));
        threads
            .iter()
            .map(|thread| Ok((Bell::new()?, bits(thread))))
            .collect::<io::Result<Vec<_>>>()
            .map(|all| Self(all.into()))
    }

    /// Wakes the lanes that have routes of these bits.
    pub(super) fn ring_for(&self, bits: u64) {
        for (bell, of_lane) in &*self.0 {
            if bits & of_lane != 0 {
                bell.ring_for(bits & of_lane);
            }
        }
    }

    fn ring_all(&self) {
        self.0.iter().for_each(|(bell, _)| bell.ring());
    }
}

/// The lanes that run.
pub(super) struct Lanes {
    stop: Stop,
    waits: Arc<Waits>,
    quiet: Quiet,
    threads: Vec<JoinHandle<()>>,
}

impl Lanes {
    pub(super) fn prepare(plan: &WorkerPlan) -> io::Result<Prepared> {
        let stop = Stop { flag: Arc::default(), bells: Bells::new(plan)? };
        Ok(Prepared { stop, waits: Arc::default(), quiet: Quiet::default() })
    }

    pub(super) fn stop(&self) {
        self.stop.tell();
    }

    /// As [`stop`](Self::stop); the lanes touch none of their ports of classic any more, and the process has to end.
    pub(super) fn stop_and_leave_ports(&self) {
        leave_ports(&self.quiet, &self.stop);
    }

    /// Whether lanes leave their ports as they are when they stop, as they do once one of them found that they must.
    pub(super) fn leave_ports(&self) -> bool {
        self.quiet.leaves_ports()
    }

    pub(super) fn wait_until_quiet(&self, time: Duration) -> bool {
        self.quiet.wait_for(time)
    }

    /// Lets all lanes drop their ports, although some are inside of waits of iceoryx2 that nothing ends: if that is so, and
    /// all others are quiet. Such a lane touches nothing of classic before its wait is over. Then the process has to end
    /// without it; see [`join_others`](Self::join_others).
    pub(super) fn give_up_waiting(&self) -> bool {
        let waiting = self.waits.lasting(LASTING).iter().filter(|wait| wait.is_endless).count();
        waiting > 0 && self.quiet.give_up(waiting)
    }

    /// As [`join`](Self::join), for the lanes that come back within `time`.
    pub(super) fn join_others(&self, time: Duration) {
        let until = Instant::now() + time;
        while self.threads.iter().any(|thread| !thread.is_finished()) && Instant::now() < until {
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until all ports of the lanes are gone.
    pub(super) fn join(self) {
        for thread in self.threads {
            // A lane that panicked has said so on standard error, and its ports are gone as well.
            let _ = thread.join();
        }
    }
}

impl Prepared {
    pub(super) fn stop(&self) -> Stop {
        self.stop.clone()
    }

    pub(super) fn quiet(&self) -> Quiet {
        self.quiet.clone()
    }

    pub(super) fn bells(&self) -> Bells {
        self.stop.bells.clone()
    }

    /// A thread cannot be started: those that run already go quiet, as far as they do at once, so that the process can end.
    fn fail(&self, error: io::Error) -> WorkerError {
        leave_ports(&self.quiet, &self.stop);
        let _ = self.quiet.wait_for(TIME_TO_LEAVE);
        WorkerError::System(error)
    }

    /// Starts the lanes. After an error the process has to end without going through the destructors of classic.
    pub(super) fn start<S: Stack>(
        self,
        plan: &WorkerPlan,
        ledger: &Arc<Ledger>,
        memories: Vec<OwnedFd>,
        classic: Option<mpsc::Sender<Request>>,
        tell: &UnboundedSender<FromWorker>,
    ) -> Result<Lanes, WorkerError> {
        // Now, not when a route first needs it: a new node cleans up what a killed worker left, and until then that
        // worker's ports may keep publishers waiting. An obstacle shows again, with its reason, in each route's state.
        let node = node_source::<S>(plan.name.clone());
        if plan.uses_iceoryx2() {
            let _ = node();
        }
        let outside =
            Outside { stop: Arc::clone(&self.stop.flag), waits: Arc::clone(&self.waits), memories: memories.into() };
        let all: Arc<[Arc<RoutePlan>]> = plan.routes.as_slice().into();
        let mut started = Vec::new();
        for (Thread { name, place, pace, routes }, (bell, _)) in
            threads::threads(plan).into_iter().zip(&*self.stop.bells.0)
        {
            let (post, mail) = Post::new(bell.clone());
            let setup = LaneSetup::<S> {
                routes: routes
                    .into_iter()
                    .map(|(number, plan)| {
                        let account = ledger.route(number).ok_or(WorkerError::NoSuchRoute(number))?;
                        Ok((number, Arc::clone(plan), account))
                    })
                    .collect::<Result<_, WorkerError>>()?,
                mail,
                bell: bell.clone(),
                tell: teller(
                    Arc::clone(&all),
                    post,
                    classic.clone(),
                    tell.clone(),
                    (self.stop.clone(), self.quiet.clone()),
                ),
                node: Arc::clone(&node),
                outside: outside.clone(),
                quiet: self.quiet.clone(),
                expected: self.quiet.expect_lane(),
                place,
                pace,
            };
            let tell = tell.clone();
            started.push(
                thread::Builder::new()
                    .name(name)
                    .spawn(move || {
                        // Nothing of the lane is used after a panic but that it happened.
                        if panic::catch_unwind(AssertUnwindSafe(|| lane::run(setup))).is_err() {
                            let _ = tell.send(FromWorker::LaneFailed);
                        }
                    })
                    .map_err(|error| self.fail(error))?,
            );
        }
        if plan.uses_iceoryx2() {
            started.push(
                caretaker::start::<S>(node, self.quiet.clone(), Arc::clone(&self.waits), tell.clone())
                    .map_err(|error| self.fail(error))?,
            );
        }
        Ok(Lanes { stop: self.stop, waits: self.waits, quiet: self.quiet, threads: started })
    }
}

/// Tells all lanes to stop, and to touch none of their ports of classic any more.
fn leave_ports(quiet: &Quiet, stop: &Stop) {
    quiet.leave_ports();
    stop.tell();
}

/// Passes on what a lane tells: states to the supervisor, wishes for ports to the thread that talks to RouDi, and to all
/// lanes that RouDi has taken the process for dead.
fn teller(
    routes: Arc<[Arc<RoutePlan>]>,
    post: Post,
    classic: Option<mpsc::Sender<Request>>,
    tell: UnboundedSender<FromWorker>,
    (stop, quiet): (Stop, Quiet),
) -> Box<dyn Fn(Event) + Send> {
    Box::new(move |event| match event {
        Event::State { route, state } => {
            let _ = tell.send(FromWorker::Route { route, state });
        }
        // Lanes that are told to stop may find ports whose waits were ended, which looks alike.
        Event::Evicted | Event::Replaced if stop.is_told() => {}
        Event::Evicted | Event::Replaced => {
            // Here, and not where the process is ended: until then other lanes would go on with their ports.
            leave_ports(&quiet, &stop);
            let said = if matches!(event, Event::Evicted) { FromWorker::Evicted } else { FromWorker::ServiceReplaced };
            let _ = tell.send(said);
        }
        Event::Ask { route, port } => {
            if let (Some(classic), Some(plan)) = (&classic, routes.get(route)) {
                let _ = classic.send(Request { route, port, plan: Arc::clone(plan), answer: post.clone() });
            }
        }
    })
}

/// Makes the node when it is first asked for, and again if that failed.
fn node_source<S: Stack>(name: String) -> Arc<NodeSource<S>> {
    let made: Mutex<Option<Arc<S::Node>>> = Mutex::new(None);
    Arc::new(move || -> Result<Arc<S::Node>, Obstacle> {
        let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(node) = &*made {
            return Ok(Arc::clone(node));
        }
        let node = Arc::new(S::node(&name)?);
        *made = Some(Arc::clone(&node));
        Ok(node)
    })
}
