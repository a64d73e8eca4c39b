//! Endpoints on iceoryx 2.x.

mod own;
mod sink;
mod source;

pub use own::{OwnPublishers, OwnPublishersOf};
pub use sink::ClassicSink;
pub use source::ClassicSource;
