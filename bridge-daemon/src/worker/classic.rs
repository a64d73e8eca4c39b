//! The one thread of a worker that talks to RouDi: it becomes its client when RouDi is there, makes ports for the lanes,
//! and notices when RouDi goes.
//!
//! RouDi's answers have no time limit in classic, so this thread may stand still; nothing else of the worker does.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use cpp_shim::{
    ConditionVariable, Identity, Line, Presence, PublisherOptions, Runtime, RuntimeName, ServiceId, SubscriberOptions,
    Unblocker, Watch,
};
use nix::sys::signal::SigSet;
use tokio::sync::mpsc::UnboundedSender;
use tracing::warn;

use crate::config::plan::{ClassicService, EndpointPlan, RoutePlan, ServicePlan, WhenFull};
use crate::endpoint::Obstacle;
use crate::endpoint::classic::{ClassicSink, ClassicSource, OwnPublishers, check_readable};
use crate::lane::{Mail, Post};
use crate::route::{ClassicPort, PortRequest};

use super::admission::{self, Admission};
use super::lanes::{Bells, Prepared, Stop};
use super::protocol::{FromWorker, RouDiState, WorkerPlan};
use super::{WorkerError, WorkerExit};

/// Time between two looks at RouDi.
const LOOK: Duration = Duration::from_millis(100);

/// Time that the registration with a RouDi may take that has answered a moment ago.
const REGISTRATION: Duration = Duration::from_secs(2);

/// Time that RouDi may take to answer a request for a port. It never answers a client that it has taken for dead.
const ANSWER: Duration = Duration::from_secs(2);

/// Time for which RouDi of 2.0 may stand still before its clients have to be afraid of it: when it goes on, it takes those
/// for dead whose last sign of life it read 1.5 s before. Since 2.95, clients leave it in shared memory meanwhile.
const ROUDI_PATIENCE: Duration = Duration::from_secs(1);

/// Time that the end of the runtime may take before the process ends without it.
pub(super) const FAREWELL: Duration = Duration::from_secs(2);

/// A lane's wish for a port.
pub(super) struct Request {
    pub(super) route: usize,
    pub(super) port: PortRequest,
    pub(super) plan: Arc<RoutePlan>,
    pub(super) answer: Post,
}

/// The thread, seen from the worker's main thread.
pub(super) struct ClassicThread {
    requests: mpsc::Sender<Request>,
    shared: Arc<Shared>,
    thread: JoinHandle<Option<Runtime>>,
}

#[derive(Default)]
struct Shared {
    end: AtomicBool,
    /// By route; of each its last publisher's.
    unblockers: Mutex<HashMap<usize, Unblocker>>,
}

impl ClassicThread {
    pub(super) fn start(
        plan: &WorkerPlan,
        lanes: &Prepared,
        tell: UnboundedSender<FromWorker>,
    ) -> Result<Self, WorkerError> {
        let (requests, inbox) = mpsc::channel();
        let shared = Arc::<Shared>::default();
        let talker = Talker {
            name: plan.runtime_name(),
            managed: plan.roudi_is_managed,
            stopping: plan.stopping_roudi.clone(),
            own: OwnPublishers::default(),
            shared: Arc::clone(&shared),
            stop: lanes.stop(),
            bells: lanes.bells(),
            condition: None,
            inbox,
            tell,
            told: RouDiState::default(),
            readable: Cell::new(false),
        };
        let thread =
            thread::Builder::new().name("classic".into()).spawn(move || talker.run()).map_err(WorkerError::System)?;
        Ok(Self { requests, shared, thread })
    }

    pub(super) fn requests(&self) -> mpsc::Sender<Request> {
        self.requests.clone()
    }

    /// Ends every publish that waits for a subscriber: its publisher is not offered any more.
    pub(super) fn end_waits(&self) {
        for unblocker in self.shared.unblockers.lock().unwrap_or_else(PoisonError::into_inner).values() {
            unblocker.unblock();
        }
    }

    /// Takes leave of RouDi, unless it is gone or does not answer, and ends the process.
    pub(super) fn end_process(self, exit: WorkerExit) -> ! {
        let code = i32::from(exit.code());
        self.shared.end.store(true, Ordering::Relaxed);
        if exit != WorkerExit::RouDiGone {
            // Also without a runtime: a question to RouDi must be taken back. A RouDi that is stopped while it counts a
            // process that has gone aborts (iceoryx 2.0.3).
            let until = Instant::now() + FAREWELL;
            while !self.thread.is_finished() && Instant::now() < until {
                thread::sleep(Duration::from_millis(1));
            }
            if self.thread.is_finished()
                && let Ok(Some(runtime)) = self.thread.join()
            {
                runtime.exit(code, FAREWELL);
            }
        }
        cpp_shim::exit_now(code)
    }
}

struct Talker {
    name: String,
    managed: bool,
    stopping: Option<Identity>,
    own: OwnPublishers,
    shared: Arc<Shared>,
    stop: Stop,
    bells: Bells,
    /// What wakes lanes when samples come; without it they have to look.
    condition: Option<ConditionVariable>,
    inbox: mpsc::Receiver<Request>,
    tell: UnboundedSender<FromWorker>,
    told: RouDiState,
    /// RouDi's segments are all readable. It makes them before it takes clients, and a client maps them when it registers:
    /// what was found once holds as long as the process.
    readable: Cell<bool>,
}

impl Talker {
    /// Until the worker ends or RouDi is gone; gives back the runtime if there is a RouDi to take leave of.
    fn run(mut self) -> Option<Runtime> {
        let (runtime, identity) = self.connect()?;
        let (pid, roudi) = (identity.pid, Watch::over(identity));
        self.condition = self.wake_lanes(&runtime);
        let mut stands_still: Option<Instant> = None;
        loop {
            match self.inbox.recv_timeout(LOOK) {
                Ok(request) if !self.stop.is_told() => {
                    let port = self.make(&runtime, &request);
                    answer(&request, port);
                }
                Ok(_) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.shared.end.load(Ordering::Relaxed) {
                break;
            }
            if !roudi.is_there() {
                let _ = self.tell.send(FromWorker::RouDiGone);
                return None;
            }
            if Line::linked() == Line::V2_0 && pid.is_some_and(cpp_shim::is_stopped) {
                if stands_still.get_or_insert_with(Instant::now).elapsed() > ROUDI_PATIENCE {
                    let _ = self.tell.send(FromWorker::RouDiStandsStill);
                    return None;
                }
            } else {
                stands_still = None;
            }
        }
        Some(runtime)
    }

    /// Waits for RouDi and becomes its client; `None` if the worker ends first.
    fn connect(&mut self) -> Option<(Runtime, Identity)> {
        let name = match RuntimeName::new(self.name.clone()) {
            Ok(name) => name,
            Err(error) => {
                self.not_connected(&format!("{:?} cannot be a name in classic: {error}", self.name), None);
                while !self.shared.end.load(Ordering::Relaxed) {
                    self.refuse_requests();
                }
                return None;
            }
        };
        let mut admission = Admission::default();
        loop {
            if self.shared.end.load(Ordering::Relaxed) {
                return None;
            }
            if let Some(obstacle) = self.obstacle(&name) {
                self.not_connected(&obstacle, cpp_shim::identity());
                self.refuse_requests();
                continue;
            }
            let identity = cpp_shim::identity();
            if let Err(reason) = admission.ask(&name, identity.as_ref()) {
                self.not_connected(&reason, identity);
                self.refuse_requests();
                continue;
            }
            match self.register(&name) {
                Ok(runtime) => {
                    let Some(identity) = identity.filter(Identity::is_there) else {
                        let _ = self.tell.send(FromWorker::RouDiGone);
                        return None;
                    };
                    self.say(RouDiState {
                        connected: true,
                        roudi: Some(identity.clone()),
                        release: identity.pid.and_then(cpp_shim::release_of),
                        reason: None,
                    });
                    return Some((runtime, identity));
                }
                Err(reason) => {
                    self.not_connected(&reason, identity);
                    self.refuse_requests();
                }
            }
        }
    }

    /// What keeps this worker from being RouDi's client.
    fn obstacle(&self, name: &RuntimeName) -> Option<String> {
        match cpp_shim::presence() {
            Ok(Presence::Running) if self.is_stopping() => Some("RouDi is stopping; waiting for the next".into()),
            Ok(Presence::Running) if cpp_shim::name_in_use(name.as_str()) => Some(format!(
                "another process is already RouDi's client under the name {:?}; is a second bridge running? Give this one another `name`",
                name.as_str()
            )),
            Ok(Presence::Running) => admission::without_memory(),
            Ok(Presence::Absent | Presence::Stale) if self.managed => Some("RouDi is being started".into()),
            Ok(Presence::Absent | Presence::Stale) => Some(admission::without_roudi()),
            Ok(Presence::NoPermission) => Some(admission::without_permission()),
            Err(error) => Some(format!("RouDi cannot be looked for: {error}")),
        }
    }

    fn is_stopping(&self) -> bool {
        self.stopping.is_some() && self.stopping == cpp_shim::identity()
    }

    /// Registers with a RouDi that has just admitted this worker. Should it stand still right now, another worker takes
    /// this one's place rather than wait for as long as classic does.
    fn register(&self, name: &RuntimeName) -> Result<Runtime, String> {
        self.watched(REGISTRATION, || Runtime::init(name)).map_err(|error| error.to_string())
    }

    /// Does what asks RouDi something, without a limit of its own; another worker takes this one's place when RouDi goes
    /// away meanwhile, or does not answer within `limit`.
    fn watched<T>(&self, limit: Duration, ask: impl FnOnce() -> T) -> T {
        let (done, wait) = mpsc::channel::<()>();
        let watcher = thread::Builder::new().name("classic watch".into()).spawn({
            let tell = self.tell.clone();
            let asked = cpp_shim::identity();
            move || {
                let until = Instant::now() + limit;
                while matches!(wait.recv_timeout(LOOK), Err(RecvTimeoutError::Timeout)) {
                    // Classic would go on asking for a minute, also one that is not there any more.
                    if cpp_shim::identity() != asked || Instant::now() >= until {
                        let _ = tell.send(FromWorker::RouDiGone);
                        return;
                    }
                }
            }
        });
        let answer = ask();
        drop(done);
        if let Ok(watcher) = watcher {
            let _ = watcher.join();
        }
        answer
    }

    fn refuse_requests(&self) {
        let obstacle = Obstacle::roudi(self.told.reason.clone().unwrap_or_default());
        let until = Instant::now() + LOOK;
        while let Ok(request) = self.inbox.recv_timeout(until.saturating_duration_since(Instant::now())) {
            answer(&request, Err(obstacle.clone()));
        }
    }

    fn not_connected(&mut self, reason: &str, roudi: Option<Identity>) {
        let pid = roudi.as_ref().and_then(|roudi| roudi.pid);
        self.say(RouDiState {
            connected: false,
            roudi,
            release: pid.and_then(cpp_shim::release_of),
            reason: Some(reason.to_owned()),
        });
    }

    fn say(&mut self, state: RouDiState) {
        if self.told != state {
            self.told = state.clone();
            let _ = self.tell.send(FromWorker::RouDi(state));
        }
    }

    /// Starts the thread that rings the bells of lanes for which there are samples.
    fn wake_lanes(&self, runtime: &Runtime) -> Option<ConditionVariable> {
        let Some((condition, mut notified)) = self.watched(ANSWER, || runtime.condition_variable()) else {
            warn!("RouDi has no condition variable left, so that samples of classic have to be looked for");
            return None;
        };
        let bells = self.bells.clone();
        let ring = move || {
            // Classic takes five interruptions in a row for a fatal error. It fails only for a set that there is not.
            let _ = SigSet::all().thread_block();
            while let Some(numbers) = notified.wait() {
                bells.ring_for(numbers);
            }
        };
        match thread::Builder::new().name("classic wakes".into()).spawn(ring) {
            Ok(_) => Some(condition),
            Err(error) => {
                warn!(%error, "there is no thread that could wait for samples of classic; they have to be looked for");
                None
            }
        }
    }

    fn make(&self, runtime: &Runtime, request: &Request) -> Result<ClassicPort, Obstacle> {
        let endpoint = match request.port {
            PortRequest::Publisher => &request.plan.sink,
            PortRequest::Subscriber => &request.plan.source,
        };
        let ServicePlan::Classic(service) = &endpoint.service else {
            return Err(Obstacle::blocked("this end of the route is not on classic"));
        };
        let id = service_id(service)?;
        match request.port {
            PortRequest::Publisher => {
                let options = publisher_options(endpoint);
                let publisher = self.watched(ANSWER, || runtime.publisher(&id, &options)).map_err(no_port)?;
                if endpoint.when_full == WhenFull::Block {
                    let mut unblockers = self.shared.unblockers.lock().unwrap_or_else(PoisonError::into_inner);
                    unblockers.insert(request.route, publisher.unblocker());
                }
                ClassicSink::new(publisher, self.own.of(service)).map(ClassicPort::Sink)
            }
            PortRequest::Subscriber => {
                if !self.readable.get() {
                    check_readable()?;
                    self.readable.set(true);
                }
                let options = subscriber_options(endpoint);
                let subscriber = self.watched(ANSWER, || runtime.subscriber(&id, &options)).map_err(no_port)?;
                let source = ClassicSource::new(subscriber, self.own.of(service), self.condition.clone());
                Ok(ClassicPort::Source(source))
            }
        }
    }
}

fn answer(request: &Request, port: Result<ClassicPort, Obstacle>) {
    request.answer.send(Mail::Port { route: request.route, port });
}

fn service_id(service: &ClassicService) -> Result<ServiceId, Obstacle> {
    ServiceId::new(&service.service, &service.instance, &service.event)
        .map_err(|error| Obstacle::blocked(error.to_string()))
}

fn no_port(error: cpp_shim::PortError) -> Obstacle {
    Obstacle::blocked(format!("RouDi gave no port: {error}"))
}

fn publisher_options(endpoint: &EndpointPlan) -> PublisherOptions {
    PublisherOptions {
        history: endpoint.history.unwrap_or(0) as u64,
        wait_for_subscribers: endpoint.when_full == WhenFull::Block,
        ..PublisherOptions::default()
    }
}

fn subscriber_options(endpoint: &EndpointPlan) -> SubscriberOptions {
    let defaults = SubscriberOptions::default();
    SubscriberOptions {
        queue: endpoint.queue.map_or(defaults.queue, |queue| queue as u64),
        history: endpoint.history.unwrap_or(0) as u64,
        block_publisher: endpoint.when_full == WhenFull::Block,
        ..defaults
    }
}
