//! Who does what: each route is one worker's, or two workers' that serve a release of iceoryx2 each.

use crate::account::Ledger;
use crate::config::Config;
use crate::config::plan::{DocumentPlan, EndpointPlan, HandoffPlan, RoudiPlan, RoutePlan, ServicePlan, WhenFull};
use crate::endpoint::handoff::Handoff;
use crate::worker::protocol::WorkerPlan;

/// Bytes of samples between two workers: room for a burst of large samples. The system gives memory as it is written.
const BETWEEN: usize = 32 << 20;

/// The shares of all workers.
pub(super) struct Shares {
    /// One worker for each release of iceoryx2 in use; routes that need none go to the first.
    pub(super) plans: Vec<WorkerPlan>,
    /// Accounts that the ledger has: one a route, and one more for the first half of each route that has two.
    pub(super) accounts: usize,
    /// The routes that have two halves: the first one's account is that with the number of routes plus its place here.
    pub(super) halves: Vec<usize>,
    /// Bytes of shared memory beyond the accounts.
    pub(super) beyond: usize,
}

impl Shares {
    pub(super) fn of(config: &Config) -> Self {
        let is_between = |(_, route): &(usize, &RoutePlan)| route.is_between_releases();
        let halves: Vec<usize> =
            config.routes.iter().enumerate().filter(is_between).map(|(number, _)| number).collect();
        let accounts = config.routes.len() + halves.len();
        let len = Handoff::memory_for(BETWEEN).next_multiple_of(rustix::param::page_size());
        let mut shares = Self { plans: Vec::new(), accounts, beyond: halves.len() * len, halves };
        let mut between = 0;
        for (number, route) in config.routes.iter().enumerate() {
            if !route.is_between_releases() {
                shares.give(config, number, route.clone());
                continue;
            }
            let offset = Ledger::beyond(accounts) + (between * len) as u64;
            let (first, second) = halve(route, HandoffPlan { offset, len });
            shares.give(config, config.routes.len() + between, first);
            shares.give(config, number, second);
            between += 1;
        }
        shares
    }

    fn give(&mut self, config: &Config, account: usize, route: RoutePlan) {
        let release = route.release().unwrap_or(&config.iceoryx2.release).to_owned();
        let plan = match self.plans.iter().position(|plan| plan.release == release) {
            Some(found) => self.plans.get_mut(found),
            None => {
                self.plans.push(WorkerPlan {
                    name: config.bridge.name.clone(),
                    release,
                    roudi_is_managed: matches!(config.classic.roudi, RoudiPlan::Managed(_)),
                    stopping_roudi: None,
                    ledger_routes: self.accounts,
                    routes: Vec::new(),
                });
                self.plans.last_mut()
            }
        };
        if let Some(plan) = plan {
            plan.routes.push((account, route));
        }
    }
}

/// A route in two halves: one takes samples as they are, the other makes of them what the sink gets.
fn halve(route: &RoutePlan, handoff: HandoffPlan) -> (RoutePlan, RoutePlan) {
    let middle = |document, when_full| EndpointPlan {
        service: ServicePlan::Handoff(handoff),
        format: route.source.format.clone(),
        document,
        queue: None,
        history: None,
        when_full,
    };
    // The first half looks into no document, so it must not know what is to be seen in one.
    let first = RoutePlan {
        source: EndpointPlan { document: DocumentPlan::default(), ..route.source.clone() },
        sink: middle(DocumentPlan::default(), route.sink.when_full),
        fields: Vec::new(),
        ..route.clone()
    };
    let second = RoutePlan { source: middle(route.source.document.clone(), WhenFull::DropOldest), ..route.clone() };
    (first, second)
}
