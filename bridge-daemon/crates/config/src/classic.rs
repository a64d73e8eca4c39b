//! `[classic]`: the side of iceoryx 2.x.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::bridge::FilePath;
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
    /// The line of releases whose applications are served, where an endpoint does not say otherwise: the one that the
    /// executable was built with, unless said. Applications of two lines cannot meet.
    pub release: Option<Located<ClassicRelease>>,
    /// Executables of this bridge that were built with a line of classic, relative to this file. Streams of that line
    /// are theirs. Left out for the line that the executable was built with.
    pub workers: Option<Located<Workers>>,
}

/// A line of releases of classic, whose RouDi and applications look for each other in the same places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
pub enum ClassicRelease {
    /// 2.0.x.
    #[serde(rename = "2.0")]
    V2_0,
    /// 2.95.x.
    #[serde(rename = "2.95")]
    V2_95,
}

impl ClassicRelease {
    /// The line of a release such as `2.95.8`. All from 2.90 on are of the line of 2.95.
    #[must_use]
    pub const fn of(release: &str) -> Self {
        match release.as_bytes() {
            [b'2', b'.', b'9', ..] => Self::V2_95,
            _ => Self::V2_0,
        }
    }

    /// As it is written in the configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2_0 => "2.0",
            Self::V2_95 => "2.95",
        }
    }
}

impl fmt::Display for ClassicRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Executables by the line of classic that they were built with.
#[derive(Debug, Default, Deserialize)]
#[serde(
    deny_unknown_fields,
    default,
    expecting = "a table: { \"2.95\" = \"/usr/libexec/iox-bridge/2.95/iox-bridge\" }"
)]
pub struct Workers {
    /// Built with 2.0.
    #[serde(rename = "2.0")]
    pub v2_0: Option<Located<FilePath>>,
    /// Built with 2.95.
    #[serde(rename = "2.95")]
    pub v2_95: Option<Located<FilePath>>,
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
