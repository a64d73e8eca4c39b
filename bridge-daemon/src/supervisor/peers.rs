//! Other bridges on this machine, and circles that streams close over several of them.
//!
//! A bridge passes over its own samples, but not over those of another: two bridges of which one leads from A to B and the
//! other from B to A would carry one sample round for ever. So each bridge tells what its streams are, at its socket, and
//! one that starts looks whether a stream of its own would close a circle with those that were there before; such a stream
//! waits until they are gone. Bridges are found by their sockets, where these are where they usually are; what is no bridge,
//! and who runs where its socket cannot be seen from here, is not found.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::fmt;
use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::time::timeout;

use crate::config::ClassicRelease;
use crate::config::plan::{RoutePlan, ServicePlan};

use super::board::Board;
use super::control::{Ask, default_socket};

/// Time between two looks for other bridges.
const LOOK: Duration = Duration::from_secs(2);

/// Time that another bridge gets to answer.
const PATIENCE: Duration = Duration::from_millis(300);

/// The longest answer, and the most bridges that are asked.
const ANSWER: u64 = 4 << 20;
const MOST_BRIDGES: usize = 64;

/// Ways of a circle that a reason shows.
const MOST_SHOWN: usize = 8;

/// What a bridge tells others of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Streams {
    /// Its name.
    pub(super) name: String,
    /// Its process.
    pub(super) pid: u32,
    /// When it started: nanoseconds since the machine did.
    pub(super) since: u64,
    /// Where its routes lead that it does not hold back.
    pub(super) ways: Vec<Way>,
}

/// One route, from service to service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Way {
    pub(super) route: String,
    pub(super) from: Place,
    pub(super) to: Place,
}

/// A service, as it can be told from all others on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Place {
    Classic { release: ClassicRelease, service: String, instance: String, event: String },
    Iceoryx2 { release: String, user: u32, service: String },
}

impl Place {
    fn of(service: &ServicePlan) -> Option<Self> {
        Some(match service {
            ServicePlan::Classic(ids) => Self::Classic {
                release: ids.release,
                service: ids.service.clone(),
                instance: ids.instance.clone(),
                event: ids.event.clone(),
            },
            ServicePlan::Iceoryx2(service) => Self::Iceoryx2 {
                release: service.release.clone(),
                user: service.user.as_ref().map_or_else(|| rustix::process::geteuid().as_raw(), |user| user.uid),
                service: service.service.clone(),
            },
            ServicePlan::Handoff(_) => return None,
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Classic { service, instance, event, .. } => write!(f, "classic {service}/{instance}/{event}"),
            Self::Iceoryx2 { service, .. } => write!(f, "iceoryx2 {service}"),
        }
    }
}

impl Way {
    pub(super) fn of(route: &RoutePlan) -> Option<Self> {
        let (from, to) = (Place::of(&route.source.service)?, Place::of(&route.sink.service)?);
        Some(Self { route: route.name.clone(), from, to })
    }
}

/// Nanoseconds since the machine started, the same in all containers.
pub(super) fn now() -> u64 {
    let now = clock_gettime(ClockId::Boottime);
    let part = |part: i64| u64::try_from(part).unwrap_or(0);
    part(now.tv_sec).saturating_mul(1_000_000_000).saturating_add(part(now.tv_nsec))
}

/// Looks once which routes of the board's bridge would close a circle, and holds those back.
pub(super) async fn look(board: &Board, socket: &Path) {
    let own = board.streams();
    let mut others = Vec::new();
    for socket in sockets(&own.name, socket) {
        // One that is coming or going, is of another version, or does not answer at once, has no say.
        if let Ok(Ok(streams)) = timeout(PATIENCE, ask(&socket)).await
            && (streams.since, streams.pid) < (own.since, own.pid)
        {
            others.push(streams);
        }
    }
    for (number, way) in board.ways().into_iter().enumerate() {
        let circle = way.and_then(|way| circle(&way, &own, &others));
        board.hold(number, circle);
    }
}

/// Looks again and again.
pub(super) async fn watch(board: Arc<Board>, socket: PathBuf) {
    loop {
        tokio::time::sleep(LOOK).await;
        look(&board, &socket).await;
    }
}

/// Where other bridges may answer. Only those of root and of this user are asked: anybody else could make up streams to
/// hold this bridge's back.
fn sockets(name: &str, own: &Path) -> BTreeSet<PathBuf> {
    let uid = rustix::process::geteuid().as_raw();
    let usual = default_socket(name);
    let folders: HashSet<&Path> =
        [own.parent(), usual.parent(), Some(Path::new("/run/iox-bridge"))].into_iter().flatten().collect();
    let entries = folders.into_iter().flat_map(|folder| fs::read_dir(folder).into_iter().flatten().flatten());
    let found = entries.map(|entry| entry.path()).filter(|path| {
        let is_other = path != own && path.extension().is_some_and(|extension| extension == "sock");
        let is_trusted =
            |found: fs::Metadata| found.file_type().is_socket() && (found.uid() == uid || found.uid() == 0);
        is_other && fs::symlink_metadata(path).is_ok_and(is_trusted)
    });
    found.take(MOST_BRIDGES).collect()
}

async fn ask(socket: &Path) -> io::Result<Streams> {
    let (read, mut write) = UnixStream::connect(socket).await?.into_split();
    let mut question = serde_json::to_vec(&Ask::Streams)?;
    question.push(b'\n');
    write.write_all(&question).await?;
    let mut answer = String::new();
    BufReader::new(read.take(ANSWER)).read_line(&mut answer).await?;
    Ok(serde_json::from_str(&answer)?)
}

/// The circle that `way` would close with ways of `others`, and others of its own bridge; for people.
fn circle(way: &Way, own: &Streams, others: &[Streams]) -> Option<String> {
    // By bridge: its own is the first.
    let bridges = || std::iter::once(own).chain(others).enumerate();
    let ways: Vec<(usize, &Way)> =
        bridges().flat_map(|(bridge, streams)| streams.ways.iter().map(move |way| (bridge, way))).collect();
    // From service to service; a bridge passes over what it has published itself.
    let mut paths: Vec<(Option<usize>, usize, &Way)> = vec![(None, 0, way)];
    let mut seen: HashSet<(&Place, usize)> = HashSet::from([(&way.to, 0)]);
    let mut next = VecDeque::from([0]);
    while let Some(index) = next.pop_front() {
        let (_, bridge, before) = *paths.get(index)?;
        for (other, after) in ways.iter().filter(|(other, after)| *other != bridge && after.from == before.to) {
            paths.push((Some(index), *other, after));
            if after.to == way.from && *other != 0 {
                return Some(told(&paths, own, others));
            }
            if seen.insert((&after.to, *other)) {
                next.push_back(paths.len() - 1);
            }
        }
    }
    None
}

/// The circle that the last of `paths` closes.
fn told(paths: &[(Option<usize>, usize, &Way)], own: &Streams, others: &[Streams]) -> String {
    let mut ways = Vec::new();
    let mut index = paths.len().checked_sub(1);
    while let Some((before, bridge, way)) = index.and_then(|index| paths.get(index)) {
        ways.push((*bridge, *way));
        index = *before;
    }
    ways.reverse();
    let mut text = ways.first().map(|(_, way)| way.from.to_string()).unwrap_or_default();
    for (bridge, way) in ways.iter().take(MOST_SHOWN) {
        let name = bridge.checked_sub(1).and_then(|bridge| others.get(bridge)).map_or(&own.name, |other| &other.name);
        text += &format!(" -> ({} of bridge {name}) {}", way.route, way.to);
    }
    if ways.len() > MOST_SHOWN {
        text += " -> ...";
    }
    format!(
        "with other bridges on this machine, it would lead samples round in a circle: {text}; remove one of these streams, or \
         let it write to a service of its own"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str) -> Place {
        Place::Iceoryx2 { release: "0.10".into(), user: 0, service: name.into() }
    }

    fn bridge(name: &str, ways: &[(&str, &str)]) -> Streams {
        let way = |(from, to): &(&str, &str)| Way { route: format!("{from}{to}"), from: place(from), to: place(to) };
        Streams { name: name.into(), pid: 1, since: 0, ways: ways.iter().map(way).collect() }
    }

    fn closes(own: &[(&str, &str)], others: &[&[(&str, &str)]]) -> Option<String> {
        let own = bridge("own", own);
        let others: Vec<_> = others.iter().enumerate().map(|(n, ways)| bridge(&format!("other{n}"), ways)).collect();
        circle(own.ways.first().expect("one at least"), &own, &others)
    }

    #[test]
    fn a_circle_over_bridges_is_found_with_its_path() {
        let text = closes(&[("a", "b")], &[&[("b", "a")]]).expect("a circle");
        let path = "iceoryx2 a -> (ab of bridge own) iceoryx2 b -> (ba of bridge other0) iceoryx2 a;";
        assert!(text.contains(path), "{text}");
        assert!(
            closes(&[("a", "b")], &[&[("x", "y"), ("b", "c")], &[("c", "d")], &[("d", "a"), ("d", "e")]]).is_some()
        );
        // Also one that leads through the own bridge twice.
        assert!(closes(&[("a", "b"), ("c", "d")], &[&[("b", "c"), ("d", "a")]]).is_some());
    }

    #[test]
    fn what_is_no_circle_is_none() {
        assert_eq!(closes(&[("a", "b")], &[]), None);
        assert_eq!(closes(&[("a", "b")], &[&[("a", "b")], &[("b", "c")], &[("c", "d")]]), None);
        // The own bridge passes over its own samples, and so does another one.
        assert_eq!(closes(&[("a", "b"), ("b", "a")], &[]), None);
        assert_eq!(closes(&[("a", "b")], &[&[("b", "c"), ("c", "b")]]), None);
        // A circle of others is theirs.
        assert_eq!(closes(&[("a", "b")], &[&[("b", "c")], &[("c", "b")]]), None);
    }
}
