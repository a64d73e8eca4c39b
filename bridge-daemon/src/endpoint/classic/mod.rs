//! Endpoints on iceoryx 2.x.

mod own;
mod segments;
mod sink;
mod source;

pub use own::{OwnPublishers, OwnPublishersOf};
pub use segments::{check_readable, segments_of, used_elsewhere};
pub use sink::ClassicSink;
pub use source::ClassicSource;
