//! What documents have of a struct, as far as its tree depends on it.

use serde::{Deserialize, Serialize};

/// How a document has a struct with a union, of which a tag says what it holds: as serde has enums with data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnionsAs {
    /// What it holds is named by the tag's value, and the tag is not there: serde's default.
    #[default]
    External,
    /// The tag, and the fields of what it holds beside it: serde's `tag`.
    Internal,
    /// The tag, and what it holds under the union's name: serde's `tag` and `content`.
    Adjacent,
}

/// What happens when a document lacks a field of the layout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnMissing {
    /// The sample is rejected.
    #[default]
    Reject,
    /// All bytes of the field become zero; where that is no value of an enum, the sample is rejected.
    Zero,
}
