//! Opens a service: adopts one that exists, creates one that does not.
#![allow(unsafe_code, reason = "iceoryx2 takes types known only at run time through functions marked unsafe")]

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

use super::iox2::config::Config;
use super::iox2::node::{Node, NodeState, NodeView};
use super::iox2::prelude::{CallbackProgression, MessagingPattern, Service, ServiceName, ipc};
use super::iox2::service::ServiceDetailsError;
use super::iox2::service::builder::publish_subscribe::{PublishSubscribeCreateError, PublishSubscribeOpenError};
use super::iox2::service::static_config::messaging_pattern::MessagingPattern as StaticPattern;
use super::iox2::service::static_config::publish_subscribe::StaticConfig;

use bridge_config::plan::{EndpointPlan, Iceoryx2Service, WhenFull};

use super::{CustomHeaderMarker, CustomPayloadMarker, EXACT, Hash, Iceoryx2Node, PortFactory, ServiceTypes, made_by};
use super::{Obstacle, OpenService, Origin, SegmentNames, Watch, dead, half_made, room};

/// An open service, from which the route makes its port.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) factory: PortFactory,
    /// What it carries.
    pub(super) types: ServiceTypes,
    /// Samples that a subscriber's queue holds at most.
    pub(super) max_queue: usize,
    /// Whether the oldest sample makes room when a queue is full.
    pub(super) overflows: bool,
    /// Says when its files are gone.
    pub(super) watch: Arc<Watch>,
}

/// Opens the service that `endpoint` names.
///
/// # Errors
/// Why it cannot be used now. Nothing is left behind.
pub(super) fn open(node: &Iceoryx2Node, plan: &Iceoryx2Service, endpoint: &EndpointPlan) -> Result<Opened, Obstacle> {
    let (watches, own) = (node.watches(), node.id());
    let node = node.lock();
    let name = ServiceName::new(&plan.service)
        .map_err(|e| Obstacle::blocked(format!("{:?} cannot name an iceoryx2 service: {e}", plan.service)))?;
    if watches.is_closing(&plan.service) {
        return Err(Obstacle::waiting(format!(
            "the bridge is letting go of service \"{name}\", whose applications have left, or whose files somebody removed; \
             it is opened anew in a moment"
        )));
    }
    let (file, hash) = files_of(&name, MessagingPattern::PublishSubscribe, node.config());
    let description = Path::new(&file);
    let (prefix, suffix) = segment_names(node.config());
    let segments = SegmentNames { prefix: &prefix, suffix: &suffix };
    half_made::check(
        &plan.service,
        description,
        || watches.has_segment(description, &hash, segments),
        || !users_of(&hash, own, node.config()).is_empty(),
    )?;
    let watch = |origin| {
        let service = OpenService { name: &plan.service, origin, description, hash: &hash };
        watches.enter(service, segments)
    };
    match existing(&node, &name)? {
        Some(found) => adopt(&node, &name, plan, endpoint, &found, watch),
        None => create(&node, &name, plan, endpoint, watch),
    }
}

fn existing(node: &Node<ipc::Service>, name: &ServiceName) -> Result<Option<StaticConfig>, Obstacle> {
    let details = ipc::Service::details(name, node.config(), MessagingPattern::PublishSubscribe);
    // Root may read what others cannot, but they could not read what root sends.
    if let Some(uid) = foreign_owner_of_service(name, node.config()) {
        return Err(other_user(name, uid));
    }
    match details {
        Ok(None) => Ok(None),
        Ok(Some(details)) => match details.static_details.messaging_pattern() {
            StaticPattern::PublishSubscribe(config) => Ok(Some(config.clone())),
            other => Err(Obstacle::blocked(format!("{name:?} is not a publish-subscribe service but {other:?}"))),
        },
        Err(ServiceDetailsError::VersionMismatch | ServiceDetailsError::FailedToDeserializeStaticServiceInfo) => {
            let made_by = made_by::made_by(&static_file(name, node.config()));
            Err(Obstacle::blocked(format!(
                "service \"{name}\" was made by an application with {made_by}, and the stream says release {EXACT}; \
                 the two cannot meet: give the endpoint the `release` of its applications"
            )))
        }
        Err(error) => Err(room::not_now(format!("service \"{name}\" cannot be read now ({error:?})"))),
    }
}

fn other_user(name: &ServiceName, uid: u32) -> Obstacle {
    Obstacle::blocked(format!(
        "service \"{name}\" belongs to user {uid}, and iceoryx2 keeps services to their owner; \
         run the bridge as that user (it runs as {}), or as root with that `user`",
        rustix::process::geteuid().as_raw()
    ))
}

/// The user whose applications made the service, if that is somebody else.
fn foreign_owner_of_service(name: &ServiceName, config: &Config) -> Option<u32> {
    foreign_owner(&static_file(name, config))
}

/// Says whose iceoryx2's folder is, if it is somebody else's and closed to others.
pub(super) fn folder_of_other_user(config: &Config) -> Option<String> {
    let folders = [config.global.root_path().to_string(), services_folder(config)];
    folders.iter().find_map(|folder| {
        let is_closed = std::fs::metadata(folder).is_ok_and(|folder| folder.mode() & 0o002 == 0);
        let uid = foreign_owner(folder).filter(|_| is_closed)?;
        Some(format!(
            "{folder} belongs to user {uid}, and iceoryx2 keeps it to its owner: run the bridge as that user (it runs as \
             {}), or as root with that `user`, or give the two users different `root-path`s in iceoryx2's configuration",
            rustix::process::geteuid().as_raw()
        ))
    })
}

/// The file in which a service's description is, whatever its release: all of them name it alike.
fn static_file(name: &ServiceName, config: &Config) -> String {
    files_of(name, MessagingPattern::PublishSubscribe, config).0
}

/// The file in which a service's description is, and what stands for the service in the names of its files.
pub(super) fn files_of(name: &ServiceName, pattern: MessagingPattern, config: &Config) -> (String, String) {
    let (folder, service) = (services_folder(config), &config.global.service);
    let text = format!("{}{}", pattern as u32, name.as_str());
    let hash = String::from(<ipc::Service as Service>::ServiceNameHasher::new(text.as_bytes()).value());
    (format!("{folder}/{}{hash}{}", config.global.prefix, service.static_config_storage_suffix), hash)
}

/// What the names of services' segments begin and end with.
pub(super) fn segment_names(config: &Config) -> (String, String) {
    (config.global.prefix.to_string(), config.global.service.dynamic_config_storage_suffix.to_string())
}

/// The programs of processes that live, or that cannot be looked at, and that say in their nodes' folders that they use the
/// service of that hash: of any release, since all of them keep their nodes alike. This worker is not among them.
pub(super) fn users_of(hash: &str, own: u128, config: &Config) -> BTreeMap<u128, String> {
    let mut users = BTreeMap::new();
    let listed = Node::<ipc::Service>::list(config, |state| {
        let (node, program) = match &state {
            NodeState::Alive(view) => {
                (view.id().value(), view.details().as_ref().map(|details| details.executable().to_string()))
            }
            NodeState::Inaccessible(id) | NodeState::Undefined(id) => (id.value(), None),
            NodeState::Dead(_) => return CallbackProgression::Continue,
        };
        if node != own && dead::services_of(node, config).iter().any(|used| used == hash) {
            users.insert(node, program.unwrap_or_else(|| "a program that cannot be looked at".to_owned()));
        }
        CallbackProgression::Continue
    });
    if listed.is_err() {
        // Of a node that there is not.
        users.insert(0, "programs that cannot be listed".to_owned());
    }
    users
}

/// Whether nobody has a service open but this worker's node. Dead ones do not count; another worker of this bridge does,
/// or one that adopts what the other made would let go of it again and again.
pub(super) fn is_ours_alone(service: &str, own: u128, config: &Config) -> bool {
    let Ok(name) = ServiceName::new(service) else { return false };
    let Ok(Some(details)) = ipc::Service::details(&name, config, MessagingPattern::PublishSubscribe) else {
        return false;
    };
    let is_own_or_dead = |node: &NodeState<ipc::Service>| match node {
        NodeState::Dead(_) => true,
        NodeState::Alive(view) => view.id().value() == own,
        NodeState::Inaccessible(_) | NodeState::Undefined(_) => false,
    };
    details.dynamic_details.is_some_and(|details| details.nodes.iter().all(is_own_or_dead))
}

fn services_folder(config: &Config) -> String {
    format!("{}/{}", config.global.root_path().to_string().trim_end_matches('/'), config.global.service.directory)
}

fn foreign_owner(path: &str) -> Option<u32> {
    let owner = std::fs::metadata(path).ok()?.uid();
    (owner != rustix::process::geteuid().as_raw()).then_some(owner)
}

fn adopt(
    node: &Node<ipc::Service>,
    name: &ServiceName,
    plan: &Iceoryx2Service,
    endpoint: &EndpointPlan,
    found: &StaticConfig,
    watch: impl FnOnce(Origin) -> Arc<Watch>,
) -> Result<Opened, Obstacle> {
    let types = ServiceTypes::of(found.message_type_details());
    types.check(plan, &endpoint.format)?;
    let blocked = |text: String| Obstacle::blocked(format!("service \"{name}\" exists and {text}"));
    if endpoint.when_full == WhenFull::Block && found.has_safe_overflow() {
        return Err(blocked(
            "drops the oldest sample when a queue is full, so nobody can wait for room; create it with \
             enable_safe_overflow(false), or take `when_full = \"block\"` out of the stream"
                .into(),
        ));
    }
    let too_small = |key: &str, asked: Option<usize>, has: usize| match asked {
        Some(asked) if asked > has => Err(blocked(format!("has {key} = {has}, but the stream asks for {asked}"))),
        _ => Ok(()),
    };
    too_small("queue", endpoint.queue, found.subscriber_max_buffer_size())?;
    too_small("history", endpoint.history, found.history_size())?;
    too_small("max_publishers", plan.max_publishers, found.max_publishers())?;
    too_small("max_subscribers", plan.max_subscribers, found.max_subscribers())?;
    too_small("max_nodes", plan.max_nodes, found.max_nodes())?;

    let builder = node.service_builder(name).publish_subscribe::<[CustomPayloadMarker]>();
    // SAFETY: the details are the service's own, so the memory that ports hand out has exactly this size and alignment.
    let builder = unsafe { builder.__internal_set_payload_type_details(&types.payload) };
    let builder = builder.user_header::<CustomHeaderMarker>();
    // SAFETY: as above.
    let builder = unsafe { builder.__internal_set_user_header_type_details(&types.user_header) };
    let factory = builder.open().map_err(|error| match error {
        PublishSubscribeOpenError::ExceedsMaxNumberOfNodes => blocked(format!(
            "has no room for another node (max_nodes = {}); stop an application, or create it with more",
            found.max_nodes()
        )),
        PublishSubscribeOpenError::InsufficientPermissions => blocked("may not be opened by this user".into()),
        error => room::not_now(format!("service \"{name}\" cannot be opened now ({error:?})")),
    })?;
    let (max_queue, overflows) = (found.subscriber_max_buffer_size(), found.has_safe_overflow());
    Ok(Opened { factory, types, max_queue, overflows, watch: watch(Origin::Adopted) })
}

/// Nodes of the bridge on one service: one of each worker, of which there may be one for each line of classic.
pub(super) const OWN_NODES: usize = 2;

/// Samples that a subscriber's queue has room for unless the stream says how many: what comes at 40,000 samples a second
/// while a lane sleeps as long as it does by default, 1.5 ms.
const BURST: usize = 64;

/// Bytes that the queues of all of a service's subscribers together may ask of each publisher's memory for that.
const BURST_BYTES: usize = 64 << 20;

/// The queue of a service that the bridge creates: room for a burst, less where samples are so large that it would take
/// more than 64 MiB a publisher, and never less than iceoryx2's own default.
fn usual_queue(default: usize, max_subscribers: usize, types: &ServiceTypes) -> usize {
    let each = types.element_size().max(1).saturating_mul(max_subscribers.max(1));
    (BURST_BYTES / each).min(BURST).max(default)
}

fn create(
    node: &Node<ipc::Service>,
    name: &ServiceName,
    plan: &Iceoryx2Service,
    endpoint: &EndpointPlan,
    watch: impl FnOnce(Origin) -> Arc<Watch>,
) -> Result<Opened, Obstacle> {
    let Some(types) = ServiceTypes::planned(plan)? else {
        return Err(Obstacle::waiting(format!(
            "service \"{name}\" does not exist yet; start an application that creates it, or set `type` on this endpoint"
        )));
    };
    let defaults = &node.config().defaults.publish_subscribe;
    let overflows = endpoint.when_full != WhenFull::Block;
    let max_subscribers = plan.max_subscribers.unwrap_or(defaults.max_subscribers) + plan.own_subscribers.max(1);
    let usual = defaults.subscriber_max_buffer_size;
    let max_queue = endpoint.queue.unwrap_or_else(|| usual_queue(usual, max_subscribers, &types));
    let builder = node.service_builder(name).publish_subscribe::<[CustomPayloadMarker]>();
    // SAFETY: size and alignment are those that ports will allocate with, whatever the type's name; nothing but bytes
    // is ever read or written through it.
    let builder = unsafe { builder.__internal_set_payload_type_details(&types.payload) };
    let builder = builder.user_header::<CustomHeaderMarker>();
    // SAFETY: as above.
    let builder = unsafe { builder.__internal_set_user_header_type_details(&types.user_header) };
    // The bridge's own ports come on top, so that applications find as much room as without it.
    let factory = builder
        .enable_safe_overflow(overflows)
        .subscriber_max_buffer_size(max_queue)
        .history_size(endpoint.history.unwrap_or(defaults.publisher_history_size))
        .max_publishers(plan.max_publishers.unwrap_or(defaults.max_publishers) + plan.own_publishers.max(1))
        .max_subscribers(max_subscribers)
        .max_nodes(plan.max_nodes.unwrap_or(defaults.max_nodes) + OWN_NODES)
        .create()
        .map_err(|error| match error {
            PublishSubscribeCreateError::SubscriberBufferMustBeLargerThanHistorySize => Obstacle::blocked(format!(
                "service \"{name}\" cannot be created: with `when_full = \"block\"` its `queue` must not be smaller than its `history`"
            )),
            PublishSubscribeCreateError::InsufficientPermissions => Obstacle::blocked(format!(
                "this user may not create service \"{name}\"{}",
                folder_of_other_user(node.config()).map(|folder| format!(": {folder}")).unwrap_or_default()
            )),
            error => room::not_now(format!("service \"{name}\" cannot be created now ({error:?})")),
        })?;
    Ok(Opened { factory, types, max_queue, overflows, watch: watch(Origin::Created) })
}
