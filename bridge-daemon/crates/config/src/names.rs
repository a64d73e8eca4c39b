//! Names that cannot be wrong: each is checked when it is read.

use std::fmt;
use std::ops::Deref;

use serde::Deserialize;

/// Why a name is refused. The second line says what to write.
#[derive(Debug, thiserror::Error)]
pub enum NameError {
    /// Without a character.
    #[error("{what} is empty\nuse 1 to {max} bytes")]
    Empty {
        /// What is named.
        what: &'static str,
        /// Bytes it may have.
        max: usize,
    },
    /// Too long.
    #[error("{what} is {len} bytes long\nuse 1 to {max} bytes")]
    Length {
        /// What is named.
        what: &'static str,
        /// Bytes it has.
        len: usize,
        /// Bytes it may have.
        max: usize,
    },
    /// Holds a character that it must not.
    #[error("{what} holds the character {found:?}\n{rule}")]
    Character {
        /// What is named.
        what: &'static str,
        /// The first one that is wrong.
        found: char,
        /// Which ones are right.
        rule: &'static str,
    },
    /// Taken by iceoryx2 for itself.
    #[error("service names that begin with \"iox2://\" are iceoryx2's own\nuse another name")]
    Internal,
}

fn check(
    what: &'static str,
    name: &str,
    max: usize,
    allowed: impl Fn(char) -> bool,
    rule: &'static str,
) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::Empty { what, max });
    }
    if name.len() > max {
        return Err(NameError::Length { what, len: name.len(), max });
    }
    match name.chars().find(|c| !allowed(*c)) {
        Some(found) => Err(NameError::Character { what, found, rule }),
        None => Ok(()),
    }
}

fn plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

const PLAIN_RULE: &str = "use letters, digits, '.', '_' and '-'";

/// Declares a string that is checked when it is read.
macro_rules! name {
    ($(#[$doc:meta])* $name:ident, |$text:ident| $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from($text: String) -> Result<Self, NameError> {
                $check?;
                Ok(Self($text))
            }
        }

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
    };
}

name! {
    /// The bridge's name: 1 to 32 of `[A-Za-z0-9._-]`. It leads the names of classic runtimes and iceoryx2 nodes.
    BridgeName, |text| check("the bridge's name", &text, 32, plain, PLAIN_RULE)
}
name! {
    /// A user of this machine, by name or number: 1 to 256 bytes, no control character.
    UserName, |text| check("a user's name", &text, 256, |c| !c.is_control(), "use the name, or the number, of a user")
}
name! {
    /// A stream's name: 1 to 64 of `[A-Za-z0-9._-]`.
    StreamName, |text| check("a stream's name", &text, 64, plain, PLAIN_RULE)
}
name! {
    /// A lane's name: 1 to 32 of `[A-Za-z0-9._-]`.
    LaneName, |text| check("a lane's name", &text, 32, plain, PLAIN_RULE)
}
name! {
    /// One of the three ids of a classic service: 1 to 100 bytes, no comma and no control character.
    ClassicId, |text| check(
        "a classic id", &text, 100, |c| c != ',' && !c.is_control(),
        "classic splits its messages at commas, so an id must not hold one, nor a control character",
    )
}
name! {
    /// The name of an iceoryx2 service: 1 to 255 printable ASCII characters, not beginning with `iox2://`.
    ServiceName, |text| check("a service name", &text, 255, printable, PRINTABLE_RULE).and_then(|()| {
        if text.starts_with("iox2://") { Err(NameError::Internal) } else { Ok(()) }
    })
}
name! {
    /// The name of a type, as iceoryx2 knows it: 1 to 255 printable ASCII characters.
    TypeName, |text| check("a type's name", &text, 255, printable, PRINTABLE_RULE)
}

fn printable(c: char) -> bool {
    c.is_ascii() && !c.is_ascii_control()
}

const PRINTABLE_RULE: &str = "iceoryx2 takes printable ASCII characters only";

impl Default for BridgeName {
    fn default() -> Self {
        Self("iox-bridge".to_owned())
    }
}
