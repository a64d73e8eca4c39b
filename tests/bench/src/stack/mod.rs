//! One face for the ports of both stacks, as thin as it can be: what is measured are the stacks.

mod classic;
mod iceoryx2;

use std::time::{Duration, Instant};
use std::{fmt, thread};

use cpp_shim::Runtime;
use serde::{Deserialize, Serialize};

use crate::content::{Content, Kind, PROBE};

use self::iceoryx2::Node;

/// For what takes a moment.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stack {
    Classic,
    Iceoryx2,
}

impl Stack {
    pub(crate) fn other(self) -> Self {
        if self == Self::Classic { Self::Iceoryx2 } else { Self::Classic }
    }
}

impl fmt::Display for Stack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::Classic { "classic" } else { "iceoryx2" })
    }
}

/// A service, what is sent there, and how.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct End {
    pub(crate) stack: Stack,
    /// One word; the same on both stacks.
    pub(crate) service: String,
    pub(crate) kind: Kind,
    pub(crate) qos: Qos,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Qos {
    /// Samples that wait for a subscriber.
    pub(crate) queue: usize,
    /// Publishers wait for room, rather than that the oldest sample gives way.
    pub(crate) blocks: bool,
    /// That the service shall have room for.
    pub(crate) max_subscribers: usize,
    /// Publishers send an event with each sample (iceoryx2).
    pub(crate) notifies: bool,
}

impl Default for Qos {
    fn default() -> Self {
        Self { queue: 16, blocks: false, max_subscribers: 2, notifies: false }
    }
}

/// This process as a member of both stacks.
pub(crate) struct Stacks {
    runtime: Runtime,
    node: Node,
}

impl Stacks {
    /// `name` is nobody else's.
    pub(crate) fn join(name: &str) -> Self {
        Self { runtime: classic::join(name), node: iceoryx2::join() }
    }

    pub(crate) fn publisher(&self, end: &End) -> Publisher {
        let port = match end.stack {
            Stack::Classic => PublisherPort::Classic(classic::publisher(&self.runtime, end)),
            Stack::Iceoryx2 => PublisherPort::Iceoryx2(Box::new(iceoryx2::publisher(&self.node, end))),
        };
        Publisher { port, content: Content::new(end.kind) }
    }

    pub(crate) fn subscriber(&self, end: &End) -> Subscriber {
        let port = match end.stack {
            Stack::Classic => SubscriberPort::Classic(classic::subscriber(&self.runtime, end)),
            Stack::Iceoryx2 => SubscriberPort::Iceoryx2(Box::new(iceoryx2::subscriber(&self.node, end))),
        };
        Subscriber { port, content: Content::new(end.kind) }
    }

    /// Ends the process in order. All ports are dropped already.
    pub(crate) fn leave(self) -> ! {
        drop(self.node);
        self.runtime.exit(0, Duration::from_secs(2))
    }
}

enum PublisherPort {
    Classic(cpp_shim::Publisher),
    Iceoryx2(Box<iceoryx2::Publisher>),
}

pub(crate) struct Publisher {
    port: PublisherPort,
    content: Content,
}

impl Publisher {
    /// Loans, writes and publishes one sample.
    #[inline]
    pub(crate) fn send(&mut self, mark: u64) {
        match &mut self.port {
            PublisherPort::Classic(port) => classic::send(port, &self.content, mark),
            PublisherPort::Iceoryx2(port) => iceoryx2::send(port, &self.content, mark),
        }
    }

    /// Waits until somebody is there to receive.
    pub(crate) fn wait_for_subscriber(&self) {
        let deadline = Instant::now() + PATIENCE;
        let is_alone = || match &self.port {
            PublisherPort::Classic(port) => !port.has_subscribers(),
            PublisherPort::Iceoryx2(port) => port.is_alone(),
        };
        while is_alone() {
            assert!(Instant::now() < deadline, "nobody subscribes");
            thread::sleep(Duration::from_millis(1));
        }
    }
}

enum SubscriberPort {
    Classic(cpp_shim::Subscriber),
    Iceoryx2(Box<iceoryx2::Subscriber>),
}

pub(crate) struct Subscriber {
    port: SubscriberPort,
    content: Content,
}

impl Subscriber {
    /// The mark of the next sample, which is given back at once.
    #[inline]
    pub(crate) fn take(&mut self) -> Option<u64> {
        self.take_with(|_| ())
    }

    /// As [`Subscriber::take`]; `look` sees the bytes before they are given back.
    #[inline]
    pub(crate) fn take_with(&mut self, look: impl FnOnce(&[u8])) -> Option<u64> {
        match &mut self.port {
            SubscriberPort::Classic(port) => classic::take(port, &self.content, look),
            SubscriberPort::Iceoryx2(port) => iceoryx2::take(port, &self.content, look),
        }
    }

    /// Takes what is there.
    pub(crate) fn drain(&mut self) {
        while self.take().is_some() {}
    }
}

/// Sends probes until one arrives, and takes those that are left.
pub(crate) fn connect(publisher: &mut Publisher, subscriber: &mut Subscriber) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        publisher.send(PROBE);
        thread::sleep(Duration::from_millis(2));
        if subscriber.take().is_some() {
            // Those that are still on their way are known by their mark.
            thread::sleep(Duration::from_millis(10));
            return subscriber.drain();
        }
        assert!(Instant::now() < deadline, "no sample arrives");
    }
}
