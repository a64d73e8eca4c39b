//! The ports of applications on a service, which the bridge is connected with.

use super::iox2::prelude::CallbackProgression;
use super::iox2::service::port_factory::PortFactory as _;
use super::{PortFactory, Watch};

/// Looks after which they are counted anew even if there are as many ports as before: one may have gone while another
/// came. A second, at ten looks a second.
const LOOKS: u32 = 10;

/// How many ports of applications there are. Those of this worker do not count.
#[derive(Debug)]
pub(super) struct Company {
    service: PortFactory,
    own_node: u128,
    /// Publishers and subscribers when they were counted last, with the worker's own.
    ports: (usize, usize),
    looks: u32,
    publishers: usize,
    subscribers: usize,
}

impl Company {
    /// Nothing is counted before the first look.
    pub(super) fn new(service: PortFactory, own_node: u128) -> Self {
        Self { service, own_node, ports: (0, 0), looks: 0, publishers: 0, subscribers: 0 }
    }

    pub(super) fn service(&self) -> &PortFactory {
        &self.service
    }

    /// Looks who is there, and says so to whoever decides whether to stay. Costs next to nothing while nobody comes or
    /// goes.
    pub(super) fn look(&mut self, watch: &Watch) {
        let there = self.service.dynamic_config();
        let ports = (there.number_of_publishers(), there.number_of_subscribers());
        self.looks += 1;
        if ports != self.ports || self.looks >= LOOKS {
            self.looks = 0;
            self.ports = ports;
            (self.publishers, self.subscribers) = (0, 0);
            there.list_publishers(|port| {
                self.publishers += usize::from(port.node_id.value() != self.own_node);
                CallbackProgression::Continue
            });
            there.list_subscribers(|port| {
                self.subscribers += usize::from(port.node_id.value() != self.own_node);
                CallbackProgression::Continue
            });
        }
        if self.publishers + self.subscribers > 0 {
            watch.sees_company();
        }
    }

    /// Lets a publisher come and go, so that all subscribers of the service look again at all publishers. Where there is no
    /// room for one, there is none for those that could not be connected to either.
    pub(super) fn make_subscribers_look(&self) {
        drop(self.service.publisher_builder().create());
    }

    /// As [`make_subscribers_look`](Self::make_subscribers_look), the other way round.
    pub(super) fn make_publishers_look(&self) {
        drop(self.service.subscriber_builder().create());
    }

    pub(super) fn publishers(&self) -> usize {
        self.publishers
    }

    pub(super) fn subscribers(&self) -> usize {
        self.subscribers
    }

    /// Whether this worker has subscribers of its own on the service.
    pub(super) fn has_own_subscribers(&self) -> bool {
        self.ports.1 > self.subscribers
    }
}
