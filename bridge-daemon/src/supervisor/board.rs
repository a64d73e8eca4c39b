//! What the supervisor knows at any moment: the state of workers and routes, and where the counters are.
//!
//! Workers may be other users', so nothing that one of them says touches more than its own routes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cpp_shim::Identity;
use tokio::sync::Notify;
use tracing::{debug, info, warn};

use crate::account::{Ledger, Snapshot, TickRate};
use crate::admin::status::{RouDiStatus, RouteStatus, Status, Waits, WorkerStatus};
use crate::config::plan::{RoudiPlan, RoutePlan, ServicePlan, WhenFull};
use crate::config::{ClassicRelease, Config, DEFAULT_LANE};
use crate::endpoint::classic;
use crate::route::{HELD_BACK, RouteState, StateName};
use crate::worker::protocol::RouDiState;

use super::control::{PauseAnswer, Paused};
use super::peers::{self, Streams, Way};
use super::pulse::{HOPELESS, Pulse, STILL};
use super::shares::{Half, Place, Places, Shares};

/// The board. Tasks of the supervisor write it, the control socket reads it.
pub(super) struct Board {
    name: String,
    config: String,
    roudi_mode: &'static str,
    /// The lines of classic in use.
    lines: Vec<ClassicRelease>,
    routes: Vec<(RoutePlan, Places)>,
    /// When the bridge started; see [`peers::now`].
    since: u64,
    workers: Vec<Worker>,
    rate: TickRate,
    changing: Mutex<Changing>,
}

/// All routes in a few words.
pub(super) struct Summary {
    pub(super) routes: usize,
    pub(super) running: usize,
    /// Those that neither run nor have said why not.
    pub(super) undecided: usize,
    /// Of the first route that has one.
    pub(super) reason: Option<String>,
}

/// What never changes about a worker.
struct Worker {
    /// The line of classic that it serves, if any route of its is on classic.
    classic: Option<ClassicRelease>,
    /// The user whom it serves, if that is not the supervisor's.
    user: Option<String>,
    ledger: Arc<Ledger>,
    /// The route behind each of its accounts.
    accounts: Vec<(usize, Half)>,
    /// Wakes who attends to it, when it is to go.
    go: Notify,
}

struct Changing {
    routes: Vec<RouteNow>,
    workers: Vec<WorkerStatus>,
    /// RouDi as each worker sees it, if it looks.
    roudi: Vec<Option<RouDiState>>,
    /// Why the bridge's own RouDi of a line does not run.
    own_roudi: HashMap<ClassicRelease, String>,
    /// Of each worker: the services at which its sinks wait, and who has them open.
    waits_for: Vec<BTreeMap<String, Vec<String>>>,
}

/// What changes about a route.
struct RouteNow {
    /// Its first half's state, if it has two, and the last one's.
    states: (Option<RouteState>, RouteState),
    /// If it may wait at its sink: the sample that it holds, and since when.
    held: Option<(u64, Instant)>,
    /// Why it is held back, if it is.
    held_back: Option<String>,
    /// Whether the operator has paused it.
    is_paused: bool,
    /// Its first half's, if it has two, and the last one's.
    pulses: (Pulse, Pulse),
    /// For how long its lane has stood still, if it does.
    still: Option<Duration>,
}

impl Board {
    /// A board for these shares; `ledgers` are those of the workers.
    pub(super) fn new(config: &Config, shares: &Shares, ledgers: &[Arc<Ledger>]) -> Self {
        let opening = || RouteState::opening(None);
        let pulse = || Pulse::new(Instant::now());
        let route = |places: &Places| RouteNow {
            states: (places.first.map(|_| opening()), opening()),
            held: None,
            held_back: None,
            is_paused: false,
            pulses: (pulse(), pulse()),
            still: None,
        };
        let worker = |share: &super::shares::Share| WorkerStatus {
            release: share.plan.release.clone(),
            classic: share.plan.uses_classic().then_some(share.plan.classic),
            user: share.plan.user.as_ref().map(|user| user.name.clone()),
            pid: None,
            state: "starting".into(),
            restarts: 0,
            last_exit: None,
        };
        let workers = shares.workers.iter().zip(ledgers);
        Self {
            name: config.bridge.name.clone(),
            config: config.file.display().to_string(),
            roudi_mode: match config.classic.roudi {
                RoudiPlan::External => "external",
                RoudiPlan::Managed(_) => "managed",
            },
            lines: config.classic_releases().into_iter().collect(),
            routes: config.routes.iter().cloned().zip(shares.routes.iter().copied()).collect(),
            workers: workers
                .map(|(share, ledger)| Worker {
                    classic: share.plan.uses_classic().then_some(share.plan.classic),
                    user: share.plan.user.as_ref().map(|user| user.name.clone()),
                    ledger: Arc::clone(ledger),
                    accounts: share.accounts.clone(),
                    go: Notify::new(),
                })
                .collect(),
            since: peers::now(),
            rate: TickRate::start(),
            changing: Mutex::new(Changing {
                routes: shares.routes.iter().map(route).collect(),
                workers: shares.workers.iter().map(worker).collect(),
                roudi: vec![None; shares.workers.len()],
                own_roudi: HashMap::new(),
                waits_for: vec![BTreeMap::new(); shares.workers.len()],
            }),
        }
    }

    fn change(&self) -> MutexGuard<'_, Changing> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a worker does, by its number.
    pub(super) fn worker(&self, number: usize, change: impl FnOnce(&mut WorkerStatus)) {
        if let Some(worker) = self.change().workers.get_mut(number) {
            change(worker);
        }
    }

    /// A route, or the half of one, is in another state, says the worker that has this account: one log line.
    pub(super) fn route(&self, worker: usize, account: usize, state: RouteState) {
        let found = self.workers.get(worker).and_then(|worker| worker.accounts.get(account));
        let Some((number, half)) = found.copied() else { return };
        let Some((plan, _)) = self.routes.get(number) else { return };
        let mut changing = self.change();
        let Some(now) = changing.routes.get_mut(number) else { return };
        let before = now.state().clone();
        match half {
            Half::First => now.states.0 = Some(state),
            Half::Last => now.states.1 = state,
        }
        let state = now.state().clone();
        drop(changing);
        // The half that does not run yet, or any more, has said why.
        if state == before && half == Half::First {
            return;
        }
        let (route, name) = (plan.name.as_str(), state.name.as_str());
        let reason = state.reason.as_deref().unwrap_or_default();
        match state.name {
            // Why it is held back was told when it was found.
            _ if reason == HELD_BACK => debug!(route, state = name, "route"),
            // RouDi's absence is told once, not once for each route.
            _ if state.roudi => debug!(route, state = name, reason, "route"),
            StateName::Running => {
                info!(route, state = name, source = %plan.source.service, sink = %plan.sink.service, "route")
            }
            StateName::Opening if reason.is_empty() => debug!(route, state = name, "route"),
            StateName::Waiting => info!(route, state = name, reason, "route"),
            StateName::Opening | StateName::Blocked => warn!(route, state = name, reason, "route"),
        }
    }

    fn snapshot(&self, (worker, account): Place) -> Snapshot {
        self.workers.get(worker).map(|worker| worker.ledger.snapshot(account)).unwrap_or_default()
    }

    /// What a worker learnt of RouDi: one log line, unless another worker of the same line has said the same.
    pub(super) fn roudi(&self, worker: usize, state: RouDiState) {
        let Some(line) = self.workers.get(worker).and_then(|worker| worker.classic) else { return };
        let mut changing = self.change();
        let said = self
            .seen_by(line, &changing.roudi)
            .iter()
            .any(|known| (known.state.connected, &known.state.reason) == (state.connected, &state.reason));
        if !said {
            match &state.reason {
                None => {
                    info!(classic = %line, pid = state.roudi.as_ref().and_then(|roudi| roudi.pid), release = state.release, "connected to RouDi")
                }
                Some(reason) => warn!(classic = %line, reason, "waiting for RouDi"),
            }
        }
        if let Some(known) = changing.roudi.get_mut(worker) {
            *known = Some(state);
        }
    }

    /// What other bridges are told.
    pub(super) fn streams(&self) -> Streams {
        let changing = self.change();
        let runs = self.routes.iter().zip(&changing.routes).filter(|(_, now)| now.held_back.is_none());
        let ways = runs.filter_map(|((plan, _), _)| Way::of(plan)).collect();
        Streams { name: self.name.clone(), pid: std::process::id(), since: self.since, ways }
    }

    /// Where each route leads.
    pub(super) fn ways(&self) -> Vec<Option<Way>> {
        self.routes.iter().map(|(plan, _)| Way::of(plan)).collect()
    }

    /// Holds a route back, for this reason, or lets it go. One that runs already is not stopped before its ports have to be
    /// made anew.
    pub(super) fn hold(&self, number: usize, reason: Option<String>) {
        let Some((plan, places)) = self.routes.get(number) else { return };
        for (worker, account) in places.first.into_iter().chain([places.last]) {
            if let Some(worker) = self.workers.get(worker) {
                worker.ledger.hold(account, reason.is_some());
            }
        }
        let mut changing = self.change();
        let Some(RouteNow { held_back: held, .. }) = changing.routes.get_mut(number) else { return };
        if *held != reason {
            match &reason {
                Some(reason) => warn!(route = plan.name, state = "blocked", reason, "route"),
                None => info!(route = plan.name, "nothing holds the route back any more"),
            }
            *held = reason;
        }
    }

    /// Pauses a stream, or lets it go on: samples that its sources hold are dropped meanwhile, and counted. It lasts until it
    /// is taken back or the bridge ends.
    pub(super) fn pause(&self, stream: &str, pauses: bool) -> PauseAnswer {
        let mut changing = self.change();
        let mut paused = Paused { routes: Vec::new(), changed: false };
        for ((plan, places), now) in self.routes.iter().zip(&mut changing.routes) {
            if plan.stream != stream {
                continue;
            }
            // The half that takes the samples from their publishers; what is behind it still crosses.
            let (worker, account) = places.first.unwrap_or(places.last);
            if let Some(worker) = self.workers.get(worker) {
                worker.ledger.pause(account, pauses);
            }
            paused.changed |= now.is_paused != pauses;
            now.is_paused = pauses;
            paused.routes.push(plan.name.clone());
        }
        drop(changing);
        if paused.routes.is_empty() {
            let streams: BTreeSet<_> = self.routes.iter().map(|(plan, _)| plan.stream.clone()).collect();
            return PauseAnswer::NoStream(streams.into_iter().collect());
        }
        if paused.changed {
            info!(stream, paused = pauses, "stream");
        }
        PauseAnswer::Done(paused)
    }

    /// The sample that a route holds there, if it is one that may wait for room at its sink as long as it likes.
    fn held(&self, plan: &RoutePlan, (worker, account): Place) -> Option<u64> {
        let worker = self.workers.get(worker).filter(|_| plan.sink.when_full == WhenFull::Block);
        worker?.ledger.held(account)
    }

    /// Looks which routes hold a sample for which their sink has no room.
    pub(super) fn look_at_waits(&self) {
        let mut changing = self.change();
        for ((plan, places), RouteNow { held, .. }) in self.routes.iter().zip(&mut changing.routes) {
            let now = self.held(plan, places.last).or_else(|| self.held(plan, places.first?));
            *held = match (now, *held) {
                (Some(now), Some((before, since))) if now == before => Some((now, since)),
                (now, _) => now.map(|sample| (sample, Instant::now())),
            };
        }
    }

    /// Looks which lanes give signs of life, and asks the workers to go of those that have not done so for long.
    pub(super) fn feel_pulses(&self) {
        let mut changing = self.change();
        // A lane of its own name has the others wait, too; the lane `default` gives such routes threads of their own.
        let waiting: HashSet<(usize, &str)> = self
            .routes
            .iter()
            .filter(|(plan, places)| plan.lane != DEFAULT_LANE && self.held(plan, places.last).is_some())
            .map(|(plan, places)| (places.last.0, plan.lane.as_str()))
            .collect();
        let (now, mut hopeless) = (Instant::now(), BTreeSet::new());
        for ((plan, places), RouteNow { states: (first, last), pulses, still, .. }) in
            self.routes.iter().zip(&mut changing.routes)
        {
            let mut longest = Duration::ZERO;
            let halves =
                [(places.first, first.as_ref(), &mut pulses.0), (Some(places.last), Some(&*last), &mut pulses.1)];
            for (place, state, pulse) in halves {
                let (Some(place), Some(state)) = (place, state) else { continue };
                let Some(worker) = self.workers.get(place.0) else { continue };
                let waits = self.held(plan, place).is_some() || waiting.contains(&(place.0, plan.lane.as_str()));
                let silent = pulse.note(now, worker.ledger.beats(place.1), state.name == StateName::Running && !waits);
                longest = longest.max(silent);
                if pulse.is_hopeless(now) {
                    hopeless.insert(place.0);
                }
            }
            let stands = (longest >= STILL).then_some(longest);
            match (&still, stands) {
                (None, Some(_)) => warn!(route = plan.name, "the route's lane stands still"),
                (Some(_), None) => info!(route = plan.name, "the route's lane does not stand still any more"),
                _ => {}
            }
            *still = stands;
        }
        drop(changing);
        for worker in hopeless.into_iter().filter_map(|worker| self.workers.get(worker)) {
            worker.go.notify_one();
        }
    }

    /// Whether any lane stands still that has no reason to.
    pub(super) fn stands_still(&self) -> bool {
        self.change().routes.iter().any(|now| now.still.is_some())
    }

    /// Comes back when a worker is to go, because one of its lanes has stood still for long.
    pub(super) async fn is_to_go(&self, worker: usize) {
        match self.workers.get(worker) {
            Some(worker) => worker.go.notified().await,
            None => std::future::pending().await,
        }
    }

    /// The services at which sinks of a worker wait for room, and who has them open.
    pub(super) fn waits_for(&self, worker: usize, users: BTreeMap<String, Vec<String>>) {
        if let Some(known) = self.change().waits_for.get_mut(worker) {
            *known = users;
        }
    }

    /// What keeps the bridge's own RouDi of a line from running, if anything does.
    pub(super) fn own_roudi(&self, line: ClassicRelease, reason: Option<String>) {
        let mut changing = self.change();
        match reason {
            Some(reason) => changing.own_roudi.insert(line, reason),
            None => changing.own_roudi.remove(&line),
        };
    }

    /// What the workers of a line of classic know of its RouDi, those of the supervisor's own user first.
    fn seen_by<'a>(&'a self, line: ClassicRelease, roudi: &'a [Option<RouDiState>]) -> Vec<Seen<'a>> {
        let of_line = self.workers.iter().zip(roudi).filter(|(worker, _)| worker.classic == Some(line));
        let seen =
            of_line.filter_map(|(worker, state)| Some(Seen { user: worker.user.as_deref(), state: state.as_ref()? }));
        let mut seen: Vec<_> = seen.collect();
        seen.sort_by_key(|seen| seen.user.is_some());
        seen
    }

    /// The RouDi that this worker saw last.
    pub(super) fn roudi_of(&self, worker: usize) -> Option<Identity> {
        self.change().roudi.get(worker)?.as_ref()?.roudi.clone()
    }

    /// The worker that knew RouDi is gone. Nothing for the log: that the worker ended is there.
    pub(super) fn forget_roudi(&self, worker: usize) {
        if let Some(known) = self.change().roudi.get_mut(worker) {
            *known = None;
        }
    }

    /// Everything, for the operator.
    pub(super) fn status(&self) -> Status {
        let changing = self.change();
        let tick = self.rate.nanoseconds_a_tick();
        let routes = self.routes.iter().zip(&changing.routes);
        let routes: Vec<_> = routes
            .map(|((plan, places), now)| {
                let last = self.snapshot(places.last);
                let account = places.first.map(|first| last.clone().after(self.snapshot(first)));
                let state = changing.explained(plan, now);
                let waits =
                    now.held.map(|(_, since)| Waits { time: since.elapsed(), users: changing.users(plan, places) });
                let paused = now.is_paused;
                RouteStatus { paused, ..RouteStatus::new(plan, &state, &account.unwrap_or(last), waits, tick) }
            })
            .collect();
        let roudi = |line: &ClassicRelease| {
            let seen = self.seen_by(*line, &changing.roudi);
            roudi_status(self.roudi_mode, *line, &seen, changing.own_roudi.get(line))
        };
        let roudis: Vec<_> = self.lines.iter().map(roudi).collect();
        Status {
            name: self.name.clone(),
            pid: std::process::id(),
            config: self.config.clone(),
            healthy: routes.iter().all(|route| route.state == StateName::Running),
            roudi: roudis.first().cloned(),
            roudis,
            workers: changing.workers.clone(),
            routes,
        }
    }

    /// How many routes run, and why others do not.
    pub(super) fn summary(&self) -> Summary {
        let changing = self.change();
        let all = self.routes.iter().zip(&changing.routes);
        let states: Vec<_> = all.map(|((plan, _), now)| changing.explained(plan, now)).collect();
        let of = |chosen: fn(&RouteState) -> bool| states.iter().filter(|state| chosen(state)).count();
        Summary {
            routes: states.len(),
            running: of(|state| state.name == StateName::Running),
            undecided: of(|state| state.name == StateName::Opening && state.reason.is_none()),
            reason: states.iter().find_map(|state| state.reason.clone()),
        }
    }

    /// The accounts at the end, so that they stand in the log when nobody can be asked any more.
    pub(super) fn log_totals(&self) {
        for route in self.status().routes {
            info!(
                route = route.name,
                received = route.received,
                forwarded = route.forwarded,
                rejected = route.rejected.total,
                dropped = route.dropped.total,
                own_skipped = route.own_skipped,
                filtered = route.filtered,
                lost_before = route.lost_before,
                "account"
            );
        }
    }
}

impl Changing {
    /// Who has the service of a route's sink open, where that is known and asked for.
    fn users(&self, plan: &RoutePlan, places: &Places) -> &[String] {
        let ServicePlan::Iceoryx2(service) = &plan.sink.service else { return &[] };
        let users = self.waits_for.get(places.last.0).and_then(|users| users.get(&service.service));
        users.map(Vec::as_slice).unwrap_or_default()
    }

    /// A route's state, with what the worker cannot know: why there is no RouDi, where the bridge itself should run it, and
    /// that its lane stands still.
    fn explained<'a>(&self, plan: &RoutePlan, now: &'a RouteNow) -> Cow<'a, RouteState> {
        let state = now.state();
        if let Some(still) = now.still.filter(|_| state.name == StateName::Running) {
            let reason = format!(
                "its lane has given no sign of life for {} s: its worker hangs, or stands still; after {} s it is asked to go, and \
                 another takes its place",
                still.as_secs(),
                HOPELESS.as_secs()
            );
            return Cow::Owned(RouteState { name: StateName::Blocked, reason: Some(reason), roudi: false });
        }
        if let Some(reason) = now.held_back.as_ref().filter(|_| state.name != StateName::Running) {
            return Cow::Owned(RouteState { name: StateName::Blocked, reason: Some(reason.clone()), roudi: false });
        }
        let why = plan.classic().find_map(|service| self.own_roudi.get(&service.release));
        match why.filter(|_| state.roudi) {
            Some(why) => Cow::Owned(RouteState { reason: Some(why.clone()), ..state.clone() }),
            None => Cow::Borrowed(state),
        }
    }
}

impl RouteNow {
    /// Its state: that of its first half, as long as that does not run.
    fn state(&self) -> &RouteState {
        let (first, last) = &self.states;
        first.as_ref().filter(|first| first.name != StateName::Running).unwrap_or(last)
    }
}

/// RouDi as a worker sees it.
struct Seen<'a> {
    /// The user whom the worker serves, if that is not the supervisor's.
    user: Option<&'a str>,
    state: &'a RouDiState,
}

/// RouDi as the workers see it together: who is connected knows best, and a reason is worth more than none. Another user's
/// worker may say anything: what it says of RouDi's process is looked up, and its reason is shown as that user's.
/// `own` is why the bridge's own does not run.
fn roudi_status(mode: &str, line: ClassicRelease, seen: &[Seen<'_>], own: Option<&String>) -> RouDiStatus {
    let connected = seen.iter().find(|seen| seen.state.connected);
    let hindered = seen.iter().find(|seen| !seen.state.connected);
    let (pid, release) = match connected.or(hindered) {
        Some(Seen { user: None, state }) => (state.roudi.as_ref().and_then(|roudi| roudi.pid), state.release.clone()),
        Some(_) => {
            let pid = cpp_shim::identity_of(classic::line(line)).and_then(|roudi| roudi.pid);
            (pid, pid.and_then(cpp_shim::release_of))
        }
        None => (None, None),
    };
    let reason = hindered.and_then(|Seen { user, state }| {
        let said = state.reason.as_ref()?;
        Some(user.map_or_else(|| said.clone(), |user| format!("for the user {user}: {said}")))
    });
    RouDiStatus {
        classic: line,
        mode: mode.to_owned(),
        state: if connected.is_some() { "connected" } else { "waiting" }.into(),
        pid,
        release,
        reason: hindered.and_then(|_| own.cloned().or(reason)),
    }
}
