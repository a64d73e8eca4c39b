//! What the test applications share, as in `tests/src/apps`, built with iceoryx2 0.9.

#[path = "../../../src/apps/mod.rs"]
pub mod apps;

/// What a payload has to be, by its name in this release.
pub use iceoryx2::prelude::ZeroCopySend as IceoryxSend;
