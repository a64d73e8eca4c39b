//! The events of iceoryx2's example of event based communication, `PubSubEvent`.

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
