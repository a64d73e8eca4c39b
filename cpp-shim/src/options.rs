//! How a port behaves. classic silently cuts what is beyond its limits; here that is an error.
//!
//! Owner: whoever made them; plain values.

use thiserror::Error;

use crate::names::NodeName;
use crate::platform;

/// An option that classic would not honour.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{what} is {value}; write {least} to {greatest}")]
pub struct OptionError {
    /// Which option.
    pub what: &'static str,
    /// What was asked for.
    pub value: u64,
    /// The least value.
    pub least: u64,
    /// The greatest value, fixed when iceoryx was compiled.
    pub greatest: u64,
}

/// How a publisher behaves. The default is classic's: no history, never waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublisherOptions {
    /// How many of the last samples a subscriber that comes late may ask for: 0 to 16 (iceoryx may have been compiled
    /// with another limit). Each keeps a chunk.
    pub history: u64,
    /// Whether publishing waits for a subscriber whose queue is full and that asked for it. Without this, such a
    /// subscriber is never connected. See [`Unblocker`](crate::Unblocker).
    pub wait_for_subscribers: bool,
    /// What introspection shows beside the port.
    pub node: NodeName,
}

impl PublisherOptions {
    /// Whether classic honours the options as they are.
    ///
    /// # Errors
    ///
    /// The first that it would not.
    pub fn check(&self) -> Result<(), OptionError> {
        in_range("the history of a publisher", self.history, 0, platform::max_publisher_history())
    }
}

/// How a subscriber behaves. The default is classic's: the longest queue, no history, the oldest sample gives way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriberOptions {
    /// How many samples may wait to be taken: 1 to 256 (iceoryx may have been compiled with another limit).
    pub queue: u64,
    /// How many samples of before the subscription are wanted, at most: 0 to the length of the queue. A publisher
    /// without history is connected all the same.
    pub history: u64,
    /// Whether a publisher waits when the queue is full, instead of dropping the oldest sample. Publishers that do not
    /// wait are then never connected.
    pub block_publisher: bool,
    /// What introspection shows beside the port.
    pub node: NodeName,
}

impl Default for SubscriberOptions {
    fn default() -> Self {
        let queue = platform::max_subscriber_queue();
        Self { queue, history: 0, block_publisher: false, node: NodeName::default() }
    }
}

impl SubscriberOptions {
    /// Whether classic honours the options as they are.
    ///
    /// # Errors
    ///
    /// The first that it would not.
    pub fn check(&self) -> Result<(), OptionError> {
        in_range("the queue of a subscriber", self.queue, 1, platform::max_subscriber_queue())?;
        in_range("the history of a subscriber", self.history, 0, self.queue)
    }
}

fn in_range(what: &'static str, value: u64, least: u64, greatest: u64) -> Result<(), OptionError> {
    if (least..=greatest).contains(&value) { Ok(()) } else { Err(OptionError { what, value, least, greatest }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_classic_would_cut_is_refused() {
        let publisher = |history| PublisherOptions { history, ..PublisherOptions::default() }.check();
        assert_eq!(publisher(16), Ok(()));
        assert_eq!(publisher(17).map_err(|error| error.greatest), Err(16));

        let subscriber = |queue, history| SubscriberOptions { queue, history, ..SubscriberOptions::default() }.check();
        assert_eq!(subscriber(256, 256), Ok(()));
        assert_eq!(subscriber(1, 0), Ok(()));
        assert!(subscriber(0, 0).is_err());
        assert!(subscriber(257, 0).is_err());
        assert!(subscriber(4, 5).is_err());
    }

    #[test]
    fn the_message_says_what_to_write() {
        let error = SubscriberOptions { queue: 0, ..SubscriberOptions::default() }.check().expect_err("no queue");
        assert_eq!(error.to_string(), "the queue of a subscriber is 0; write 1 to 256");
    }
}
