//! Endpoints on iceoryx 2.x.

mod own;
mod segments;
mod sink;
mod source;

use cpp_shim::Line;

use bridge_config::ClassicRelease;

pub use own::{OwnPublishers, OwnPublishersOf};
pub use segments::{check_readable, segments_of, used_elsewhere};
pub use sink::ClassicSink;
pub use source::ClassicSource;

/// The line of releases that this executable was built with.
pub const BUILT_WITH: ClassicRelease = ClassicRelease::of(env!("CLASSIC_RELEASE"));

/// The shim's word for what the configuration calls a line of releases.
#[must_use]
pub const fn line(release: ClassicRelease) -> Line {
    match release {
        ClassicRelease::V2_0 => Line::V2_0,
        ClassicRelease::V2_95 => Line::V2_95,
    }
}
