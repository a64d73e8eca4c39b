//! Removes what dead processes left in iceoryx2, now and then.
//!
//! iceoryx2 has no daemon: a dead subscriber of a service without overflow keeps its publishers waiting until somebody
//! makes or drops a node. Where applications live for days that may be never, so the bridge does it for them and for its
//! own lanes, which may be among those that wait. Hence the thread.
//!
//! Until 0.8 it helps those that come later, but nobody who waits already: that one looks at the queue alone, whether its
//! subscriber has died or has ended in order. If that is a lane of this worker, another worker takes this one's place.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;

use crate::endpoint::iceoryx2::Stack;
use crate::endpoint::waits::{Wait, Waits};
use crate::lane::{NodeSource, Quiet};

use super::protocol::FromWorker;

/// Time between two looks. One takes some 50 microseconds for each node of the release.
const PERIOD: Duration = Duration::from_millis(300);

/// Time between two looks where they take long, for the sake of whoever needs the core.
const LONGEST_PERIOD: Duration = Duration::from_secs(1);

/// Of its time the thread spends at most the so-manieth part with looks, between these limits.
const SHARE: u32 = 500;

/// Time that a sink may wait before it is looked at for whom.
const TIME_TO_NOTICE: Duration = Duration::from_millis(500);

/// Starts the thread; it ends when all lanes are quiet, because one may wait for a dead subscriber until then.
///
/// # Errors
/// When the system has no thread left.
pub(super) fn start<S: Stack>(
    node: Arc<NodeSource<S>>,
    lanes: Quiet,
    waits: Arc<Waits>,
    tell: UnboundedSender<FromWorker>,
) -> io::Result<JoinHandle<()>> {
    thread::Builder::new().name("caretaker".into()).spawn(move || {
        let mut company = Company::default();
        let mut said = BTreeMap::new();
        let mut period = PERIOD;
        while !lanes.wait_for(period) {
            let began = Instant::now();
            // Without a node there is nothing to do, and each route's state says why there is none.
            let Ok(node) = node() else { continue };
            S::clean_up_after_the_dead(&node);
            let users_of = |wait: &Wait| S::users_of(&node, &wait.hash);
            let all = waits.all();
            let endless: Vec<_> = all.iter().filter(|wait| wait.is_endless).collect();
            endless.iter().for_each(|wait| company.note(wait, users_of));
            let lasting = waits.lasting(TIME_TO_NOTICE);
            let lasting: Vec<_> = lasting.iter().map(|wait| (wait, users_of(wait))).collect();
            if lasting.iter().any(|(wait, users)| wait.is_endless && company.has_lost_one(wait, users)) {
                let _ = tell.send(FromWorker::WaitsForTheDead);
            }
            let names = |(wait, users): (&Arc<Wait>, Users)| (wait.service.clone(), users.into_values().collect());
            let waiting: BTreeMap<_, Vec<_>> = lasting.into_iter().map(names).collect();
            if waiting != said {
                said.clone_from(&waiting);
                let _ = tell.send(FromWorker::WaitsFor { users: waiting });
            }
            // Who comes has to be noted before a sink waits for him without an end.
            let longest = if endless.is_empty() { LONGEST_PERIOD } else { PERIOD };
            period = (began.elapsed() * SHARE).clamp(PERIOD, longest);
        }
    })
}

/// The programs that use a service, by the numbers of their nodes.
type Users = BTreeMap<u128, String>;

/// Who used the services of sinks whose waits nothing ends, when they did not wait.
#[derive(Default)]
struct Company(HashMap<String, BTreeSet<u128>>);

impl Company {
    /// Notes who is there, unless the sink waits: then somebody may have gone already, for whom it waits.
    fn note(&mut self, wait: &Wait, users_of: impl FnOnce(&Wait) -> Users) {
        if !wait.goes_on() {
            self.0.insert(wait.hash.clone(), users_of(wait).into_keys().collect());
        }
    }

    /// Whether one of those who were there before the wait is there no more, dead or gone, or nobody is.
    fn has_lost_one(&self, wait: &Wait, now: &Users) -> bool {
        let before = self.0.get(&wait.hash);
        now.is_empty() || before.is_some_and(|before| before.iter().any(|user| !now.contains_key(user)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_gone_since_the_wait_began_is_missed() {
        let wait = Wait::new("s", "hash", true);
        let users = |ids: &[u128]| ids.iter().map(|id| (*id, "program".to_owned())).collect::<Users>();
        let mut company = Company::default();
        company.note(&wait, |_| users(&[1, 2]));
        wait.during(|| {
            // Too late to learn who was there.
            company.note(&wait, |_| users(&[2]));
            assert!(!company.has_lost_one(&wait, &users(&[1, 2, 3])));
            assert!(company.has_lost_one(&wait, &users(&[2, 3])));
            assert!(company.has_lost_one(&wait, &users(&[])));
        });
        company.note(&wait, |_| users(&[2, 3]));
        assert!(!company.has_lost_one(&wait, &users(&[2, 3])));
        let unknown = Wait::new("t", "other", true);
        assert!(!company.has_lost_one(&unknown, &users(&[1])) && company.has_lost_one(&unknown, &users(&[])));
    }
}
