//! Names of layouts and fields, checked when they are read.

use std::fmt;
use std::ops::Deref;

use serde::Deserialize;

use super::container_type::is_container;
use super::field_type::scalar;

/// Why a name is refused. The second line says what to write.
#[derive(Debug, thiserror::Error)]
pub enum LayoutNameError {
    /// Of the wrong length.
    #[error("a name cannot have {0} bytes\nuse 1 to 255 bytes")]
    Length(usize),
    /// Holds a character that it must not.
    #[error("the name holds the character {0:?}\n{1}")]
    Character(char, &'static str),
    /// Means something else already.
    #[error("{0:?} is the name of a basic type\nuse another name")]
    Taken(String),
    /// The name of a container.
    #[error(
        "{0:?} is the name of a container, which the bridge knows\nuse another name, or use it without describing it"
    )]
    Container(String),
}

/// The name of a layout: 1 to 255 characters, as in C++ type names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct LayoutName(String);

impl LayoutName {
    const RULE: &str = "use letters, digits and '_', and as in C++ also ':', '<', '>' and ','";

    fn may_hold(c: char) -> bool {
        c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '<' | '>' | ',' | '.' | '-')
    }
}

impl TryFrom<String> for LayoutName {
    type Error = LayoutNameError;

    fn try_from(name: String) -> Result<Self, LayoutNameError> {
        if name.is_empty() || name.len() > 255 {
            return Err(LayoutNameError::Length(name.len()));
        }
        if let Some(wrong) = name.chars().find(|c| !Self::may_hold(*c)) {
            return Err(LayoutNameError::Character(wrong, Self::RULE));
        }
        if scalar(&name).is_some() || name == "char" {
            return Err(LayoutNameError::Taken(name));
        }
        if is_container(&name) {
            return Err(LayoutNameError::Container(name));
        }
        Ok(Self(name))
    }
}

/// The name of a field: 1 to 255 bytes of any text without control characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct FieldName(String);

impl TryFrom<String> for FieldName {
    type Error = LayoutNameError;

    fn try_from(name: String) -> Result<Self, LayoutNameError> {
        if name.is_empty() || name.len() > 255 {
            return Err(LayoutNameError::Length(name.len()));
        }
        match name.chars().find(|c| c.is_control()) {
            Some(wrong) => Err(LayoutNameError::Character(wrong, "use text without control characters")),
            None => Ok(Self(name)),
        }
    }
}

/// The parts of a type's name between `::`, those within `<>` not counted.
pub(super) fn parts(name: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    let bytes = name.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'<' | b'(' | b'[' => depth += 1,
            b'>' | b')' | b']' => depth = depth.saturating_sub(1),
            b':' if depth == 0 && at >= start && bytes.get(at + 1) == Some(&b':') => {
                parts.extend(name.get(start..at));
                start = at + 2;
            }
            _ => {}
        }
    }
    parts.extend(name.get(start..));
    parts
}

macro_rules! text {
    ($($name:ident)*) => {$(
        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

text! { LayoutName FieldName }
