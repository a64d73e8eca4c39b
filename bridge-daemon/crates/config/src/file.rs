//! The whole configuration file.

use serde::Deserialize;

use super::bridge::BridgeSection;
use super::classic::ClassicSection;
use super::document::Located;
use super::iceoryx2::Iceoryx2Section;
use super::lane::LanesDecl;
use super::stream::StreamDecl;

/// The configuration file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
pub struct ConfigFile {
    /// The version of this file format: 1.
    pub version: FileVersion,
    /// The bridge itself.
    #[serde(default)]
    pub bridge: BridgeSection,
    /// The side of iceoryx 2.x.
    #[serde(default)]
    pub classic: ClassicSection,
    /// The side of iceoryx2.
    #[serde(default)]
    pub iceoryx2: Iceoryx2Section,
    /// The threads that carry samples.
    #[serde(default)]
    pub lane: LanesDecl,
    /// What is carried from where to where.
    #[serde(default)]
    pub stream: Vec<Located<StreamDecl>>,
}

/// The version of the file format. There is one: 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u64")]
pub struct FileVersion(u64);

/// The file has a version that is not known.
#[derive(Debug, thiserror::Error)]
#[error("this program does not know version {0} of the configuration's format\nwrite `version = 1`")]
pub struct UnknownVersion(u64);

impl TryFrom<u64> for FileVersion {
    type Error = UnknownVersion;

    fn try_from(version: u64) -> Result<Self, UnknownVersion> {
        if version == 1 { Ok(Self(version)) } else { Err(UnknownVersion(version)) }
    }
}
