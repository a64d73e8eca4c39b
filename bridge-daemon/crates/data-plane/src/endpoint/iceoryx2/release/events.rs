//! The events by which the applications of a publish-subscribe service, and the bridge, tell each other of samples.
#![allow(unsafe_code, reason = "lends the descriptor of a listener")]

use std::os::fd::BorrowedFd;
use std::path::Path;
use std::sync::Arc;

use tracing::{debug, warn};

use super::iox2::node::Node;
use super::iox2::port::notifier::NotifierNotifyError;
use super::iox2::prelude::{EventId, FileDescriptorBased, MessagingPattern, ServiceName, ipc};
use super::iox2::service::builder::event::{EventCreateError, EventOpenError};
use super::iox2::service::port_factory::PortFactory as _;

use bridge_config::plan::{Iceoryx2Service, NotifyIds};

use super::service::{OWN_NODES, files_of, segment_names};
use super::{EventFactory, Iceoryx2Node, Listener, Notifier, heard, room};
use super::{Obstacle, OpenService, Origin, SegmentNames, Watch};
use crate::endpoint::{Bell, EndpointFault};

/// `PubSubEvent` of `examples/rust/_examples_common/pubsub_event.rs` in iceoryx2, unchanged from 0.6 to 0.10.
mod pub_sub_event {
    pub(super) const PUBLISHER_CONNECTED: usize = 0;
    pub(super) const PUBLISHER_DISCONNECTED: usize = 1;
    pub(super) const SUBSCRIBER_CONNECTED: usize = 2;
    pub(super) const SUBSCRIBER_DISCONNECTED: usize = 3;
    pub(super) const SENT_SAMPLE: usize = 4;
    pub(super) const RECEIVED_SAMPLE: usize = 5;
    pub(super) const SENT_HISTORY: usize = 6;
    /// The highest one: that a process died.
    pub(super) const LAST: usize = 7;
}

/// Which end of a route it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The bridge publishes.
    Publisher,
    /// The bridge subscribes.
    Subscriber,
}

/// What one end of a route says and hears. Dropping it says good-bye.
#[derive(Debug)]
pub(super) struct Events {
    side: Side,
    ids: NotifyIds,
    /// A publisher whose subscribers tell it nothing has none.
    listener: Option<Listener>,
    /// A subscriber whose publishers want to be told nothing has none.
    notifier: Option<Notifier>,
    is_listened_to: bool,
    watch: Arc<Watch>,
}

impl Events {
    /// Opens the event service of a service as it is; makes it, as iceoryx2 does by itself, where there is none. Says that
    /// this end is there, so that its own port must have been made before. `None` where there are to be no events.
    ///
    /// # Errors
    /// Why it cannot be used now. Nothing is left behind.
    pub(super) fn open(node: &Iceoryx2Node, service: &Iceoryx2Service, side: Side) -> Result<Option<Self>, Obstacle> {
        let Some(plan) = &service.notify else { return Ok(None) };
        let watches = node.watches();
        let node = node.lock();
        let name = ServiceName::new(&plan.service)
            .map_err(|e| Obstacle::blocked(format!("{:?} cannot name an iceoryx2 service: {e}", plan.service)))?;
        // By this name it is told from the samples' service.
        let known_as = format!("{} (events)", plan.service);
        if watches.is_closing(&known_as) {
            return Err(Obstacle::waiting(format!(
                "the bridge is letting go of event service \"{name}\", whose files somebody removed; it is opened anew in a moment"
            )));
        }
        let highest = match plan.ids {
            NotifyIds::Number(number) => number,
            NotifyIds::PubSubEvent => pub_sub_event::LAST,
        };
        let factory = open_or_create(&node, &name, service, highest)?;
        let has = factory.static_config().event_id_max_value();
        if has < highest {
            return Err(Obstacle::blocked(format!(
                "event service \"{name}\" exists and has events up to {has}, but `notify` needs {highest}; \
                 create it with more, or correct `notify`"
            )));
        }
        let (file, hash) = files_of(&name, MessagingPattern::Event, node.config());
        let (prefix, suffix) = segment_names(node.config());
        let opened =
            OpenService { name: &known_as, origin: Origin::Created, description: Path::new(&file), hash: &hash };
        let watch = watches.enter(opened, SegmentNames { prefix: &prefix, suffix: &suffix });

        let is_convention = plan.ids == NotifyIds::PubSubEvent;
        let no_port = |kind: &str, error: String| {
            room::not_now(format!("no {kind} could be made on event service \"{name}\" ({error})"))
        };
        let listener = (is_convention || side == Side::Subscriber)
            .then(|| factory.listener_builder().create().map_err(|error| no_port("listener", format!("{error:?}"))))
            .transpose()?;
        let notifier = (is_convention || side == Side::Publisher)
            .then(|| factory.notifier_builder().create().map_err(|error| no_port("notifier", format!("{error:?}"))))
            .transpose()?;
        let events = Self { side, ids: plan.ids, listener, notifier, is_listened_to: false, watch };
        if is_convention {
            events.say(match side {
                Side::Publisher => pub_sub_event::PUBLISHER_CONNECTED,
                Side::Subscriber => pub_sub_event::SUBSCRIBER_CONNECTED,
            });
        }
        Ok(Some(events))
    }

    /// Whether the event service is still to be used; see [`Watch::check`].
    pub(super) fn check(&self) -> Result<(), EndpointFault> {
        self.watch.check()
    }

    /// As [`Watch::is_replaced`].
    pub(super) fn is_replaced(&self) -> bool {
        self.watch.is_replaced()
    }

    /// Lets `bell` ring for the route of `bit` when there is something to [`hear`](Self::hear). False where it does not.
    pub(super) fn ring(&mut self, bell: &Bell, bit: u64) -> bool {
        if self.is_listened_to {
            return true;
        }
        let Some(listener) = &self.listener else { return false };
        // SAFETY: the descriptor is open as long as the listener lives, and is used only in this call.
        let descriptor = unsafe { BorrowedFd::borrow_raw(listener.file_descriptor().native_handle()) };
        match bell.listen(descriptor, bit) {
            Ok(()) => self.is_listened_to = true,
            Err(error) => warn!(%error, "events wake nobody; samples have to be looked for"),
        }
        self.is_listened_to
    }

    /// After samples were sent, or received.
    pub(super) fn after_samples(&self) {
        match (self.ids, self.side) {
            (NotifyIds::PubSubEvent, Side::Publisher) => self.say(pub_sub_event::SENT_SAMPLE),
            (NotifyIds::PubSubEvent, Side::Subscriber) => self.say(pub_sub_event::RECEIVED_SAMPLE),
            (NotifyIds::Number(number), Side::Publisher) => self.say(number),
            (NotifyIds::Number(_), Side::Subscriber) => {}
        }
    }

    /// After the history was sent to a subscriber that came.
    pub(super) fn after_history(&self) {
        if self.ids == NotifyIds::PubSubEvent {
            self.say(pub_sub_event::SENT_HISTORY);
        }
    }

    /// Reads what was said by others. True if a subscriber has come.
    pub(super) fn hear(&self) -> bool {
        let mut has_come = false;
        if let Some(listener) = &self.listener {
            heard::read(listener, |event| has_come |= event == pub_sub_event::SUBSCRIBER_CONNECTED);
        }
        has_come && self.ids == NotifyIds::PubSubEvent
    }

    /// Tells all listeners but those of this worker.
    fn say(&self, event: usize) {
        let Some(notifier) = &self.notifier else { return };
        match notifier.__internal_notify(EventId::new(event), true) {
            // It was delivered; that the samples come at greater intervals than somebody hopes for is not the bridge's fault.
            Ok(_) | Err(NotifierNotifyError::MissedDeadline) => {}
            Err(error) => debug!(?error, event, "an event was not delivered"),
        }
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        if self.ids == NotifyIds::PubSubEvent {
            self.say(match self.side {
                Side::Publisher => pub_sub_event::PUBLISHER_DISCONNECTED,
                Side::Subscriber => pub_sub_event::SUBSCRIBER_DISCONNECTED,
            });
        }
    }
}

/// Opens an event service whatever it is like: what its applications made is theirs. One that is made here leaves them as much
/// room as they have without the bridge, and says nothing of deadlines and of ports that come and go: applications that ask
/// for nothing, as most do, can open it.
fn open_or_create(
    node: &Node<ipc::Service>,
    name: &ServiceName,
    service: &Iceoryx2Service,
    highest: usize,
) -> Result<EventFactory, Obstacle> {
    match node.service_builder(name).event().open() {
        Ok(factory) => return Ok(factory),
        Err(EventOpenError::DoesNotExist) => {}
        Err(EventOpenError::ExceedsMaxNumberOfNodes) => {
            return Err(Obstacle::blocked(format!(
                "event service \"{name}\" exists and has no room for another node; stop an application, or create it with more"
            )));
        }
        Err(error) => return Err(room::not_now(format!("event service \"{name}\" cannot be opened now ({error:?})"))),
    }
    let defaults = &node.config().defaults.event;
    // A listener and a notifier each.
    let own = (service.own_publishers + service.own_subscribers).max(1);
    node.service_builder(name)
        .event()
        .max_listeners(defaults.max_listeners + own)
        .max_notifiers(defaults.max_notifiers + own)
        .max_nodes(defaults.max_nodes + OWN_NODES)
        .event_id_max_value(defaults.event_id_max_value.max(highest))
        .create()
        .map_err(|error| match error {
            EventCreateError::InsufficientPermissions => {
                Obstacle::blocked(format!("this user may not create event service \"{name}\""))
            }
            error => room::not_now(format!("event service \"{name}\" cannot be created now ({error:?})")),
        })
}
