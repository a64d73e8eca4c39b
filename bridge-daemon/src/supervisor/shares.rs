//! Who does what: each route is one worker's, or two workers' that serve a release and a user of iceoryx2, or a line of
//! classic, each.

use std::path::PathBuf;
use std::sync::Arc;

use crate::config::plan::{DocumentPlan, EndpointPlan, HandoffPlan, RoudiPlan, RoutePlan, ServicePlan, WhenFull};
use crate::config::user::KnownUser;
use crate::config::{ClassicRelease, Config};
use crate::endpoint::handoff::Handoff;
use crate::worker::protocol::WorkerPlan;

/// Bytes of samples between two workers: room for a burst of large samples. The system gives memory as it is written.
const BETWEEN: usize = 32 << 20;

/// The shares of all workers.
pub(super) struct Shares {
    /// One worker for each release and user of iceoryx2, and each line of classic, that are in use together.
    pub(super) workers: Vec<Share>,
    /// Where the accounts of each route are.
    pub(super) routes: Vec<Places>,
    /// Bytes of each memory that two workers share, and nobody else: one for each pair that shares routes.
    pub(super) memories: Vec<u64>,
}

/// What one worker does.
pub(super) struct Share {
    pub(super) plan: WorkerPlan,
    /// The route behind each of its accounts, and whether the account is that of a first half.
    pub(super) accounts: Vec<(usize, Half)>,
    /// The line of classic that it serves, once an end on classic is its.
    line: Option<ClassicRelease>,
    /// The executable that it runs, where that is not the supervisor's own.
    pub(super) executable: Option<PathBuf>,
    /// The memories that it is given, as [`HandoffPlan::memory`] counts them.
    pub(super) memories: Vec<usize>,
}

/// Which part of a route an account is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    /// The one that takes samples and hands them to another worker.
    First,
    /// The one that publishes them; most routes are in one piece, which is this.
    Last,
}

/// An account: its worker, and its number there.
pub(super) type Place = (usize, usize);

/// The accounts of a route.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places {
    pub(super) first: Option<Place>,
    pub(super) last: Place,
}

impl Shares {
    pub(super) fn of(config: &Config) -> Self {
        let len = Handoff::memory_for(BETWEEN).next_multiple_of(rustix::param::page_size());
        let mut shares = Self { workers: Vec::new(), routes: Vec::new(), memories: Vec::new() };
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for (number, route) in config.routes.iter().enumerate() {
            if !route.is_between_workers() {
                let worker = shares.worker_for(config, &[&route.source, &route.sink]);
                let last = shares.give(worker, (number, Half::Last), route.clone());
                shares.routes.push(Places { first: None, last });
                continue;
            }
            let (from, to) = (shares.worker_for(config, &[&route.source]), shares.worker_for(config, &[&route.sink]));
            let pair = (from.min(to), from.max(to));
            let memory = pairs.iter().position(|known| *known == pair).unwrap_or_else(|| {
                pairs.push(pair);
                shares.memories.push(0);
                pairs.len() - 1
            });
            let mut offset = 0;
            if let Some(bytes) = shares.memories.get_mut(memory) {
                offset = *bytes;
                *bytes += len as u64;
            }
            let plan = |shares: &mut Self, worker| HandoffPlan { memory: shares.memory(worker, memory), offset, len };
            let first = first_half(route, plan(&mut shares, from));
            let last = last_half(route, plan(&mut shares, to));
            let first = Some(shares.give(from, (number, Half::First), first));
            let last = shares.give(to, (number, Half::Last), last);
            shares.routes.push(Places { first, last });
        }
        shares
    }

    /// The worker for these ends: for the release and the user of the one that is on iceoryx2, and for the line of the one
    /// that is on classic. Where none is, those of the sections are meant; and of lines of classic any will do.
    fn worker_for(&mut self, config: &Config, ends: &[&EndpointPlan]) -> usize {
        let service = ends.iter().find_map(|end| match &end.service {
            ServicePlan::Iceoryx2(service) => Some(service),
            ServicePlan::Classic(_) | ServicePlan::Handoff(_) => None,
        });
        let (release, user): (&String, &Option<KnownUser>) = service
            .map_or((&config.iceoryx2.release, &config.iceoryx2.user), |service| (&service.release, &service.user));
        let classic = ends.iter().find_map(|end| match &end.service {
            ServicePlan::Classic(service) => Some(service.release),
            ServicePlan::Iceoryx2(_) | ServicePlan::Handoff(_) => None,
        });
        let same = |share: &Share| (&share.plan.release, &share.plan.user) == (release, user);
        let fits = |share: &Share| same(share) && (classic.is_none() || share.line.is_none() || share.line == classic);
        if let (Some(found), Some(line)) = (self.workers.iter_mut().find(|share| fits(share)), classic) {
            found.line = classic;
            found.plan.classic = line;
            found.executable = executable_for(config, line);
        }
        self.workers.iter().position(fits).unwrap_or_else(|| {
            let line = classic;
            let classic = classic.unwrap_or(config.classic.release);
            let plan = WorkerPlan {
                name: config.bridge.name.clone(),
                release: release.clone(),
                user: user.clone(),
                classic,
                roudi_is_managed: matches!(config.classic.roudi, RoudiPlan::Managed(_)),
                stopping_roudi: None,
                lanes: config.lanes.clone(),
                lock_memory: config.bridge.lock_memory,
                routes: Vec::new(),
            };
            let executable = executable_for(config, classic);
            self.workers.push(Share { plan, accounts: Vec::new(), line, executable, memories: Vec::new() });
            self.workers.len() - 1
        })
    }

    /// The number that a worker knows a memory by.
    fn memory(&mut self, worker: usize, memory: usize) -> usize {
        let Some(share) = self.workers.get_mut(worker) else { return usize::MAX };
        share.memories.iter().position(|given| *given == memory).unwrap_or_else(|| {
            share.memories.push(memory);
            share.memories.len() - 1
        })
    }

    fn give(&mut self, worker: usize, account: (usize, Half), route: RoutePlan) -> Place {
        let Some(share) = self.workers.get_mut(worker) else { return (usize::MAX, usize::MAX) };
        share.accounts.push(account);
        share.plan.routes.push(Arc::new(route));
        (worker, share.accounts.len() - 1)
    }
}

/// The executable for a line of classic that the configuration names; `None`: this one.
pub(super) fn executable_for(config: &Config, line: ClassicRelease) -> Option<PathBuf> {
    config.classic.workers.iter().find(|(named, _)| *named == line).map(|(_, path)| path.clone())
}

fn middle(route: &RoutePlan, handoff: HandoffPlan, document: DocumentPlan, when_full: WhenFull) -> EndpointPlan {
    EndpointPlan {
        service: ServicePlan::Handoff(handoff),
        format: route.source.format.clone(),
        document,
        queue: None,
        history: None,
        when_full,
    }
}

/// The half that takes samples as they are. It looks into no document, so it must not know what is to be seen in one.
fn first_half(route: &RoutePlan, handoff: HandoffPlan) -> RoutePlan {
    RoutePlan {
        source: EndpointPlan { document: DocumentPlan::default(), ..route.source.clone() },
        sink: middle(route, handoff, DocumentPlan::default(), route.sink.when_full),
        fields: Vec::new(),
        filter: Vec::new(),
        ..route.clone()
    }
}

/// The half that makes of them what the sink gets.
fn last_half(route: &RoutePlan, handoff: HandoffPlan) -> RoutePlan {
    let document = route.source.document.clone();
    RoutePlan { source: middle(route, handoff, document, WhenFull::DropOldest), ..route.clone() }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::endpoint::SERVED;

    fn shares(streams: &[&str]) -> Shares {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("bridge.toml");
        let streams = streams.iter().enumerate().map(|(n, ends)| format!("[[stream]]\nname = \"s{n}\"\n{ends}\n"));
        let head =
            "version = 1\n[bridge]\nname = \"b\"\n[classic]\nworkers = { \"2.0\" = \"/w20\", \"2.95\" = \"/w95\" }\n";
        fs::write(&file, head.to_owned() + &streams.collect::<String>()).expect("room for a file");
        Shares::of(&crate::config::load(&file, SERVED).unwrap_or_else(|report| {
            let messages: Vec<_> = report.findings().iter().map(|finding| format!("{finding:?}")).collect();
            panic!("{messages:?}")
        }))
    }

    fn classic(end: &str, release: &str) -> String {
        format!("{end}.classic = {{ service = \"S\", instance = \"I\", event = \"E\", release = \"{release}\" }}\n")
    }

    /// Whatever comes first: each end is the worker's that serves its line, and each worker runs the executable of its line.
    #[test]
    fn both_ends_of_a_stream_between_lines_have_workers_of_their_own() {
        let (from_20, to_95) = (classic("from", "2.0"), classic("to", "2.95"));
        let (from_95, to_20) =
            (classic("from", "2.95").replace("\"E", "\"F"), classic("to", "2.0").replace("\"E", "\"F"));
        let rust = |name: &str| {
            format!(
                "from.iceoryx2 = {{ service = \"{name}\" }}\nto.iceoryx2 = {{ service = \"{name}\", release = \"0.9\" }}\n"
            )
        };
        let (over, back) = (from_20 + &to_95, from_95 + &to_20);
        for streams in
            [vec![over.clone()], vec![rust("a"), over.clone()], vec![over.clone(), back.clone()], vec![back, over]]
        {
            let shares = shares(&streams.iter().map(String::as_str).collect::<Vec<_>>());
            for worker in &shares.workers {
                let lines: Vec<_> = worker
                    .plan
                    .routes
                    .iter()
                    .flat_map(|route| route.classic())
                    .map(|service| service.release)
                    .collect();
                assert!(lines.iter().all(|line| *line == worker.plan.classic), "{streams:?}: {lines:?}");
                if !lines.is_empty() {
                    let expected = if worker.plan.classic == ClassicRelease::V2_0 { "/w20" } else { "/w95" };
                    assert_eq!(worker.executable, Some(PathBuf::from(expected)), "{streams:?}");
                }
            }
            for places in &shares.routes {
                assert_ne!(places.first.map(|first| first.0), Some(places.last.0), "{streams:?}");
            }
        }
    }
}
