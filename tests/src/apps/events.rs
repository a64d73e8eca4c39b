//! The events of iceoryx2's example of event based communication, `PubSubEvent`.

use std::error::Error;

use iceoryx2::port::listener::Listener;
use iceoryx2::port::notifier::Notifier;
use iceoryx2::prelude::*;

use super::Options;
use crate::hear;

/// A publisher has come.
pub const PUBLISHER_CONNECTED: usize = 0;
/// A publisher is about to leave.
pub const PUBLISHER_DISCONNECTED: usize = 1;
/// A subscriber has come.
pub const SUBSCRIBER_CONNECTED: usize = 2;
/// A subscriber is about to leave.
pub const SUBSCRIBER_DISCONNECTED: usize = 3;
/// A publisher has sent a sample.
pub const SENT_SAMPLE: usize = 4;
/// A subscriber has received a sample.
pub const RECEIVED_SAMPLE: usize = 5;
/// A publisher has sent its history to a subscriber that came.
pub const SENT_HISTORY: usize = 6;

/// A listener and a notifier on the event service of an application.
pub struct Events {
    listener: Listener<ipc::Service>,
    notifier: Notifier<ipc::Service>,
    /// The one event that is sent; without it all of the above are.
    only: Option<usize>,
}

impl Events {
    /// On the event service that the command line names, or that is called as the samples' service.
    ///
    /// # Errors
    ///
    /// What iceoryx2 reports.
    pub fn open(node: &Node<ipc::Service>, options: &Options) -> Result<Self, Box<dyn Error>> {
        let name = options.event_service.as_ref().unwrap_or(&options.service).as_str().try_into()?;
        let service = node.service_builder(&name).event().open_or_create()?;
        let listener = service.listener_builder().create()?;
        let notifier = service.notifier_builder().create()?;
        Ok(Self { listener, notifier, only: options.event })
    }

    /// Sends an event. Where but one is sent, it stands for that of a sample.
    ///
    /// # Errors
    ///
    /// What iceoryx2 reports.
    pub fn say(&self, event: usize) -> Result<(), Box<dyn Error>> {
        let event = match self.only {
            None => event,
            Some(only) if event == SENT_SAMPLE => only,
            Some(_) => return Ok(()),
        };
        self.notifier.notify_with_custom_event_id(EventId::new(event))?;
        Ok(())
    }

    /// Reads what was sent. Where but one is sent, it stands for that of a sample.
    pub fn hear(&self, mut say: impl FnMut(usize)) {
        hear(&self.listener, |event| match self.only {
            None => say(event),
            Some(only) if event == only => say(SENT_SAMPLE),
            Some(_) => {}
        });
    }
}
