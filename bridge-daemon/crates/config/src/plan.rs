//! What the supervisor hands to a worker: the configuration after every check, names resolved, one entry a route.
//!
//! A plan travels as JSON, so that a worker never reads the configuration file and cannot see a half-edited one.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::classic::ClassicRelease;
use super::document::Report;
use crate::user::KnownUser;
use bridge_layout::Layout;
use bridge_layout::tree::rules::FieldRule;
use bridge_transcode::pair::Side;
use bridge_transcode::{Condition, Conversion};

pub use bridge_transcode::format::{
    BytesAs, DocumentPlan, EnumsAs, FormatPlan, OnMissing, OnUnknown, Shape, TimestampsAs, Tolerance, UnionsAs,
};

/// A configuration in which everything is checked and resolved.
#[derive(Debug, Serialize, Deserialize)]
pub struct Config {
    /// The file it came from.
    pub file: PathBuf,
    /// The bridge itself.
    pub bridge: BridgePlan,
    /// The side of iceoryx 2.x.
    pub classic: ClassicPlan,
    /// The side of iceoryx2.
    pub iceoryx2: Iceoryx2Plan,
    /// The lanes; `default` is always among them.
    pub lanes: Vec<LanePlan>,
    /// One entry a direction of a stream, in the order of the file.
    pub routes: Vec<RoutePlan>,
    /// What is doubtful, but stops nothing.
    #[serde(skip)]
    pub warnings: Report,
}

/// The bridge itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BridgePlan {
    /// Prefix of the names of classic runtimes and iceoryx2 nodes: 1 to 32 of `[A-Za-z0-9._-]`.
    pub name: String,
    /// Where the supervisor answers; `None`: it chooses.
    pub socket: Option<PathBuf>,
    /// Keep the workers' memory in RAM.
    pub lock_memory: bool,
}

/// The threads that carry the samples of some routes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanePlan {
    /// Unique. The lane of routes that name none is `default`.
    pub name: String,
    /// Threads in each worker, at least 1; `None`: as many as are of use.
    pub threads: Option<usize>,
    /// The cores that its threads take in turn; none: any core.
    pub cpus: Vec<usize>,
    /// Real-time priority from 1 to 99; `None`: no real-time thread.
    pub priority: Option<u8>,
    /// What it does while no sample comes.
    pub pace: PacePlan,
}

/// What a lane does while no sample comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PacePlan {
    /// The strategy.
    pub wait: Wait,
    /// Time for which it looks again at once.
    pub spin: Duration,
    /// Time after that for which it gives its core away between two looks.
    pub give_way: Duration,
    /// The longest sleep between two looks at a source that wakes nobody.
    pub sleep: Duration,
}

/// How a lane waits for samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wait {
    /// It looks again at once, always: the core is its own.
    Busy,
    /// It looks again at once for a while, then gives its core away, then sleeps.
    #[default]
    Adaptive,
    /// It sleeps until a source wakes it, as soon as nothing comes.
    Event,
}

/// The side of iceoryx 2.x.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassicPlan {
    /// Whose RouDi is used.
    pub roudi: RoudiPlan,
    /// The line of releases whose applications are served where a route does not say otherwise.
    pub release: ClassicRelease,
    /// The executables for lines of classic; for one that is not among them it is the bridge's own.
    pub workers: Vec<(ClassicRelease, PathBuf)>,
}

/// Whose RouDi is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RoudiPlan {
    /// The one that runs.
    External,
    /// One that the supervisor runs, with these pools by ascending size; `None`: sized from the streams.
    Managed(Option<Vec<Pool>>),
}

/// A memory pool of a managed RouDi.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// Bytes of a chunk's payload, at most 1 GiB.
    pub size: usize,
    /// Chunks.
    pub count: usize,
}

/// The side of iceoryx2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Iceoryx2Plan {
    /// The release whose applications are served where a route does not say otherwise: "0.10".
    pub release: String,
    /// The user whose applications are served where a route does not say otherwise; `None`: the bridge's own.
    pub user: Option<KnownUser>,
}

/// One direction of a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoutePlan {
    /// Unique: the stream's name, and for the reverse direction of a bidirectional stream the name with `/back`.
    pub name: String,
    /// The stream it belongs to.
    pub stream: String,
    /// Where samples come from.
    pub source: EndpointPlan,
    /// Where they go.
    pub sink: EndpointPlan,
    /// What becomes of single fields.
    #[serde(default)]
    pub fields: Vec<FieldRule>,
    /// What its samples have to be; others are passed over.
    #[serde(default)]
    pub filter: Vec<Condition>,
    /// The lane that carries it.
    pub lane: String,
    /// The lane is to wait for events, but nothing says when there are samples for this route, so that they have to be
    /// looked for.
    #[serde(default)]
    pub is_looked_at: bool,
}

/// One end of a route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointPlan {
    /// The service on its stack.
    pub service: ServicePlan,
    /// How payload bytes are read or written.
    pub format: FormatPlan,
    /// What its documents are, where that does not follow from the other end.
    #[serde(default)]
    pub document: DocumentPlan,
    /// Samples that wait for a subscriber; `None` is the stack's default.
    pub queue: Option<usize>,
    /// Samples that a late subscriber still gets; `None` is the stack's default.
    pub history: Option<usize>,
    /// What happens when a queue is full.
    pub when_full: WhenFull,
}

/// The service that an endpoint names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServicePlan {
    /// iceoryx 2.x.
    Classic(ClassicService),
    /// iceoryx2.
    Iceoryx2(Iceoryx2Service),
    /// The worker with the other half of the route. Only in what the supervisor makes of a plan.
    Handoff(HandoffPlan),
}

/// Where the two halves of a route meet, in memory that two workers share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoffPlan {
    /// Which of the memories that a worker was given for this.
    pub memory: usize,
    /// Where it begins, in bytes; a multiple of a page.
    pub offset: u64,
    /// Bytes of it.
    pub len: usize,
}

/// A classic service: a line of releases, and three ids of 1 to 100 bytes each, without a comma.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClassicService {
    /// The line whose applications it serves.
    pub release: ClassicRelease,
    /// People are told the line: it is not the one that the bridge was built with.
    pub line_is_said: bool,
    /// First id.
    pub service: String,
    /// Second id.
    pub instance: String,
    /// Third id.
    pub event: String,
}

/// A publish-subscribe service of iceoryx2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Iceoryx2Service {
    /// The service name, 1 to 255 bytes.
    pub service: String,
    /// The release whose applications it serves: "0.10".
    pub release: String,
    /// The user whose applications it serves; `None`: the bridge's own.
    #[serde(default)]
    pub user: Option<KnownUser>,
    /// What to create it with; `None`: it is only ever adopted. For `msgpack` and `json` this is
    /// `[u8]`, for `struct` the layout.
    pub payload: Option<PayloadType>,
    /// The user header to create it with; `None`: none.
    pub user_header: Option<TypeSpec>,
    /// Ports that applications may have; `None` is the stack's default.
    pub max_publishers: Option<usize>,
    /// Ports that applications may have; `None` is the stack's default.
    pub max_subscribers: Option<usize>,
    /// Nodes that applications may have; `None` is the stack's default.
    pub max_nodes: Option<usize>,
    /// By which events its applications, and the bridge, tell each other of samples; `None`: by none.
    #[serde(default)]
    pub notify: Option<NotifyPlan>,
    /// Publishers that the bridge itself has on it: routes of which it is the sink.
    #[serde(default)]
    pub own_publishers: usize,
    /// Subscribers that the bridge itself has on it: routes of which it is the source.
    #[serde(default)]
    pub own_subscribers: usize,
}

/// The events of a publish-subscribe service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotifyPlan {
    /// The event service, 1 to 255 bytes.
    pub service: String,
    /// What its numbers mean.
    pub ids: NotifyIds,
}

/// What the numbers of an event service mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotifyIds {
    /// This number, which a publisher sends after its samples. Subscribers send none.
    Number(usize),
    /// As `PubSubEvent` of iceoryx2's examples has it, unchanged from 0.6 to 0.10: ports say when they come and go,
    /// publishers that they sent samples or history, subscribers that they received some.
    PubSubEvent,
}

/// The payload of an iceoryx2 service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayloadType {
    /// The type, or a slice's element.
    pub element: TypeSpec,
    /// A slice of any length of it, or exactly one.
    pub slice: bool,
    /// The name was given by the user, so an existing service must have it. Otherwise (a layout's name) only size and
    /// alignment are compared, since two languages rarely agree on the name of one struct.
    pub name_required: bool,
}

/// A type as iceoryx2 describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeSpec {
    /// The name, at most 255 bytes.
    pub name: String,
    /// Bytes of one value.
    pub size: usize,
    /// Alignment in bytes, a power of two.
    pub align: usize,
}

/// What happens when a queue is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhenFull {
    /// The oldest sample makes room, or the newest is not taken; nobody waits.
    #[default]
    DropOldest,
    /// The publisher waits for room. Only for streams that ask for it.
    Block,
}

impl Config {
    /// Whether any route leads from or to classic.
    #[must_use]
    pub fn uses_classic(&self) -> bool {
        self.routes.iter().any(RoutePlan::uses_classic)
    }

    /// Every line of classic that a route leads from or to, each once.
    #[must_use]
    pub fn classic_releases(&self) -> BTreeSet<ClassicRelease> {
        self.routes.iter().flat_map(RoutePlan::classic).map(|service| service.release).collect()
    }

    /// Every user that is named, each once.
    #[must_use]
    pub fn users(&self) -> Vec<&KnownUser> {
        let ends = self.routes.iter().flat_map(|route| [&route.source, &route.sink]);
        let mut users: Vec<&KnownUser> = Vec::new();
        for end in ends {
            if let ServicePlan::Iceoryx2(Iceoryx2Service { user: Some(user), .. }) = &end.service
                && !users.contains(&user)
            {
                users.push(user);
            }
        }
        users
    }
}

/// Enters how many ports the bridge has on each service of iceoryx2, which it makes room for where it creates one.
pub(super) fn count_own_ports(routes: &mut [RoutePlan]) {
    type Key = (String, String, Option<KnownUser>);
    let key = |service: &Iceoryx2Service| (service.service.clone(), service.release.clone(), service.user.clone());
    let mut ports: HashMap<Key, (usize, usize)> = HashMap::new();
    for route in routes.iter() {
        if let ServicePlan::Iceoryx2(service) = &route.sink.service {
            ports.entry(key(service)).or_default().0 += 1;
        }
        if let ServicePlan::Iceoryx2(service) = &route.source.service {
            ports.entry(key(service)).or_default().1 += 1;
        }
    }
    for end in routes.iter_mut().flat_map(|route| [&mut route.source, &mut route.sink]) {
        if let ServicePlan::Iceoryx2(service) = &mut end.service {
            (service.own_publishers, service.own_subscribers) = ports.get(&key(service)).copied().unwrap_or_default();
        }
    }
}

impl EndpointPlan {
    /// What its samples are.
    #[must_use]
    pub fn side(&self) -> Side<'_> {
        Side { format: &self.format, document: &self.document }
    }

    /// Whether samples that come from there wake a lane.
    #[must_use]
    pub fn wakes(&self) -> bool {
        match &self.service {
            ServicePlan::Classic(_) => true,
            ServicePlan::Iceoryx2(service) => service.notify.is_some(),
            ServicePlan::Handoff(_) => false,
        }
    }
}

impl RoutePlan {
    /// What is to become of its samples.
    #[must_use]
    pub fn conversion(&self) -> Conversion<'_> {
        let (source, sink) = (self.source.side(), self.sink.side());
        Conversion { source, sink, rules: &self.fields, conditions: &self.filter }
    }

    /// Whether one of its ends is on classic.
    #[must_use]
    pub fn uses_classic(&self) -> bool {
        self.classic().next().is_some()
    }

    /// The struct that its samples are, become, or have between two documents.
    #[must_use]
    pub fn layout(&self) -> Option<&Arc<Layout>> {
        let ends = [&self.source, &self.sink];
        let structs = ends.iter().find_map(|end| match &end.format {
            FormatPlan::Struct(layout) => Some(layout),
            FormatPlan::Raw | FormatPlan::Msgpack(..) | FormatPlan::Json(_) => None,
        });
        structs.or_else(|| ends.iter().find_map(|end| end.document.layout.as_ref()))
    }

    /// The services on classic that it leads from or to.
    pub fn classic(&self) -> impl Iterator<Item = &ClassicService> {
        [&self.source, &self.sink].into_iter().filter_map(|end| match &end.service {
            ServicePlan::Classic(service) => Some(service),
            ServicePlan::Iceoryx2(_) | ServicePlan::Handoff(_) => None,
        })
    }

    /// Whether its ends are in two releases of iceoryx2, of two users, or on two lines of classic, so that two workers
    /// share it.
    #[must_use]
    pub fn is_between_workers(&self) -> bool {
        match (&self.source.service, &self.sink.service) {
            (ServicePlan::Iceoryx2(from), ServicePlan::Iceoryx2(to)) => {
                (&from.release, &from.user) != (&to.release, &to.user)
            }
            (ServicePlan::Classic(from), ServicePlan::Classic(to)) => from.release != to.release,
            _ => false,
        }
    }

    /// The service on iceoryx2 of the first of its ends that has one.
    #[must_use]
    pub fn iceoryx2(&self) -> Option<&Iceoryx2Service> {
        [&self.source, &self.sink].into_iter().find_map(|end| match &end.service {
            ServicePlan::Iceoryx2(service) => Some(service),
            ServicePlan::Classic(_) | ServicePlan::Handoff(_) => None,
        })
    }
}

/// As people read it: the stack, its line where it is not the one that the bridge was built with, and the ids.
impl fmt::Display for ClassicService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { release, line_is_said, service, instance, event } = self;
        f.write_str("classic ")?;
        if *line_is_said {
            write!(f, "{release} ")?;
        }
        write!(f, "{service}/{instance}/{event}")
    }
}

/// As people read it: the stack and the service's name.
impl fmt::Display for ServicePlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Classic(service) => write!(f, "{service}"),
            Self::Iceoryx2(service) => write!(f, "iceoryx2 {}", service.service),
            Self::Handoff(_) => f.write_str("another worker"),
        }
    }
}
