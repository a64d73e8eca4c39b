//! What has to be true of a sample that a route takes.

use std::fmt;

use bridge_layout::tree::Constant;
use serde::{Deserialize, Serialize};

/// A field of the samples, and what it may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// The names from the outermost struct or map down, dots between them.
    pub path: String,
    /// One of these has to be true.
    pub any: Vec<Test>,
}

/// What a field may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Test {
    /// This number, truth value, text, or name of an enum's value.
    Is(Constant),
    /// A number from the first to the second, both included; `None`: without an end.
    Within(Option<Constant>, Option<Constant>),
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |end: &Option<Constant>| end.as_ref().map(ToString::to_string).unwrap_or_default();
        match self {
            Self::Is(constant) => write!(f, "{constant}"),
            Self::Within(min, max) => write!(f, "{} to {}", end(min), end(max)),
        }
    }
}
