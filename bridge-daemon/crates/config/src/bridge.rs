//! `[bridge]`: the bridge itself.

use serde::Deserialize;

use super::document::Located;
use super::names::BridgeName;

/// The bridge itself.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a table")]
pub struct BridgeSection {
    /// Prefix of the names of classic runtimes and iceoryx2 nodes, so that two bridges can run side by side.
    pub name: BridgeName,
    /// Layout files, relative to this file.
    pub layouts: Vec<Located<FilePath>>,
    /// The local socket on which the supervisor answers `iox-bridge status`, relative to this file. Without it the
    /// supervisor chooses a place by the bridge's name.
    pub socket: Option<Located<FilePath>>,
    /// Keep the workers' memory in RAM, and touch all of it beforehand, so that no sample waits for a page.
    pub lock_memory: bool,
}

/// Why a path is refused. The second line says what to write.
#[derive(Debug, thiserror::Error)]
pub enum PathError {
    /// Empty, or with a NUL.
    #[error("this is not a path\nwrite the name of a file, relative to this one or absolute")]
    Invalid,
    /// It begins with what only a shell understands.
    #[error(
        "nothing puts a folder in the place of `~` or `$...` here\nwrite the path in full, or relative to this file"
    )]
    Shell,
}

/// A path of a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct FilePath(pub(super) String);

impl TryFrom<String> for FilePath {
    type Error = PathError;

    fn try_from(path: String) -> Result<Self, PathError> {
        let first = path.split('/').next().unwrap_or_default();
        match path.is_empty() || path.contains('\0') {
            true => Err(PathError::Invalid),
            false if first.starts_with(['~', '$']) => Err(PathError::Shell),
            false => Ok(Self(path)),
        }
    }
}
