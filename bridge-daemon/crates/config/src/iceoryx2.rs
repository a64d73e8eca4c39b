//! `[iceoryx2]`: the side of iceoryx2.

use serde::Deserialize;

use super::document::Located;
use super::names::UserName;

/// The side of iceoryx2.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a table")]
pub struct Iceoryx2Section {
    /// The release whose applications are served, where an endpoint does not say otherwise: `"0.10"` unless said.
    /// Releases do not understand each other.
    pub release: Option<Located<Release>>,
    /// The user whose applications are served, where an endpoint does not say otherwise, by name or number; the user
    /// who runs the bridge unless said. Only root can serve somebody else's.
    pub user: Option<Located<UserName>>,
}

/// A release of iceoryx2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
pub enum Release {
    /// 0.7.
    #[serde(rename = "0.7")]
    V0_7,
    /// 0.8.
    #[serde(rename = "0.8")]
    V0_8,
    /// 0.9.
    #[serde(rename = "0.9")]
    V0_9,
    /// 0.10.
    #[default]
    #[serde(rename = "0.10")]
    V0_10,
}

impl Release {
    /// As it is written in the configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V0_7 => "0.7",
            Self::V0_8 => "0.8",
            Self::V0_9 => "0.9",
            Self::V0_10 => "0.10",
        }
    }
}
