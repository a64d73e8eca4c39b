//! `[classic]`: the side of iceoryx 2.x.

use serde::Deserialize;

use super::document::Located;
use super::numbers::{ChunkCount, Size};

/// The side of iceoryx 2.x.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a table")]
pub struct ClassicSection {
    /// Whose RouDi is used: `"external"` is the one that runs, and the bridge waits for it if it does not;
    /// `"managed"` is one that the supervisor runs. External unless said.
    pub roudi: Option<Located<Roudi>>,
    /// The memory pools of a managed RouDi. Left out, they are sized from the streams.
    pub pools: Option<Located<Vec<Located<PoolDecl>>>>,
}

/// Whose RouDi is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Roudi {
    /// The one that runs.
    #[default]
    External,
    /// One that the supervisor runs.
    Managed,
}

/// A memory pool of a managed RouDi.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a pool: { size = ..., count = ... }")]
pub struct PoolDecl {
    /// Bytes of a chunk's payload.
    pub size: Size,
    /// Chunks in the pool.
    pub count: ChunkCount,
}
