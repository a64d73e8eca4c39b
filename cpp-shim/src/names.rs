//! Names that classic accepts. It aborts on some of those it does not, so they are checked before it sees them.
//!
//! Owner: whoever made them; plain values.

use std::fmt;

use thiserror::Error;

use crate::platform;

/// Why classic would not take a name.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NameError {
    /// There is no text.
    #[error("the {what} is empty; give it a name")]
    Empty {
        /// Which name.
        what: &'static str,
    },
    /// The text is longer than classic's messages can carry.
    #[error("the {what} is {length} bytes long; shorten it to {limit}")]
    TooLong {
        /// Which name.
        what: &'static str,
        /// Its length in bytes.
        length: usize,
        /// The greatest length in bytes.
        limit: usize,
    },
    /// The text has a character that classic cannot carry in this place.
    #[error("the {what} has {character:?} at byte {position}; {allowed}")]
    Character {
        /// Which name.
        what: &'static str,
        /// The character.
        character: char,
        /// Where it is, in bytes from the start.
        position: usize,
        /// What could stand there, said to the one who wrote the name.
        allowed: &'static str,
    },
    /// The text is a name that RouDi uses for its own files.
    #[error("the {what} {name:?} belongs to RouDi; choose another")]
    Reserved {
        /// Which name.
        what: &'static str,
        /// The name.
        name: String,
    },
}

/// The name under which a process registers with RouDi. No two living processes may have the same.
///
/// 1 to 70 bytes (with longer ones, ports with long ids cannot be made) of letters, digits, `-`, `_`, `:` and `.`, not
/// ending in a dot, because classic makes files of that name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RuntimeName(String);

impl RuntimeName {
    /// The greatest length in bytes.
    pub const MAX_LENGTH: usize = 70;

    /// Checks the text.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn new(name: impl Into<String>) -> Result<Self, NameError> {
        const WHAT: &str = "runtime name";
        let name = name.into();
        check_length(WHAT, &name, Self::MAX_LENGTH)?;
        let fits = |character: char| character.is_ascii_alphanumeric() || "-_:.".contains(character);
        check_characters(WHAT, &name, fits, "use letters, digits, '-', '_', ':' and '.'")?;
        if name.ends_with('.') {
            let position = name.len() - 1;
            let allowed = "let it end in something else";
            return Err(NameError::Character { what: WHAT, character: '.', position, allowed });
        }
        if name == platform::roudi_socket_name() || name == platform::roudi_lock_name() {
            return Err(NameError::Reserved { what: WHAT, name });
        }
        Ok(Self(name))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuntimeName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A name that introspection shows beside a port: 0 to 70 bytes, without comma and NUL. Empty unless set; classic then
/// shows the runtime name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NodeName(String);

impl NodeName {
    /// The greatest length in bytes: what is left of classic's 512-byte messages beside the longest other names.
    pub const MAX_LENGTH: usize = 70;

    /// Checks the text.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn new(name: impl Into<String>) -> Result<Self, NameError> {
        let name = name.into();
        if !name.is_empty() {
            check_text("node name", &name, Self::MAX_LENGTH)?;
        }
        Ok(Self(name))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What classic calls a service: three ids of 1 to 100 bytes each, without comma and NUL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ServiceId {
    service: String,
    instance: String,
    event: String,
}

impl ServiceId {
    /// The greatest length of each id in bytes.
    pub const MAX_LENGTH: usize = 100;

    /// Checks the three ids.
    ///
    /// # Errors
    ///
    /// What is wrong with the first bad one.
    pub fn new(
        service: impl Into<String>,
        instance: impl Into<String>,
        event: impl Into<String>,
    ) -> Result<Self, NameError> {
        let (service, instance, event) = (service.into(), instance.into(), event.into());
        check_text("service id", &service, Self::MAX_LENGTH)?;
        check_text("instance id", &instance, Self::MAX_LENGTH)?;
        check_text("event id", &event, Self::MAX_LENGTH)?;
        Ok(Self { service, instance, event })
    }

    /// The first id.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The second id.
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// The third id.
    pub fn event(&self) -> &str {
        &self.event
    }
}

impl fmt::Display for ServiceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}/{}", self.service, self.instance, self.event)
    }
}

/// Text that travels in classic's messages, whose parts are separated by commas and which end at a NUL.
fn check_text(what: &'static str, text: &str, limit: usize) -> Result<(), NameError> {
    check_length(what, text, limit)?;
    check_characters(what, text, |character| character != ',' && character != '\0', "leave it out")
}

fn check_length(what: &'static str, text: &str, limit: usize) -> Result<(), NameError> {
    match text.len() {
        0 => Err(NameError::Empty { what }),
        length if length > limit => Err(NameError::TooLong { what, length, limit }),
        _ => Ok(()),
    }
}

fn check_characters(
    what: &'static str,
    text: &str,
    fits: impl Fn(char) -> bool,
    allowed: &'static str,
) -> Result<(), NameError> {
    match text.char_indices().find(|&(_, character)| !fits(character)) {
        Some((position, character)) => Err(NameError::Character { what, character, position, allowed }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runtime_names_are_file_names() {
        for good in ["a", "iox-bridge", "A_b:c.d-9", &"n".repeat(70)] {
            assert_eq!(RuntimeName::new(good).map(|name| name.to_string()), Ok(good.to_owned()));
        }
        for bad in ["a,b", "/a", "a/b", "a b", "ä", "a\0", "..", ".", "a.", "\n"] {
            assert!(matches!(RuntimeName::new(bad), Err(NameError::Character { .. })), "{bad:?}");
        }
        assert_eq!(RuntimeName::new(""), Err(NameError::Empty { what: "runtime name" }));
        let too_long = NameError::TooLong { what: "runtime name", length: 71, limit: 70 };
        assert_eq!(RuntimeName::new("n".repeat(71)), Err(too_long));
    }

    #[test]
    fn runtime_names_that_are_roudis_files_are_refused() {
        for bad in ["roudi", "iox-unique-roudi"] {
            assert!(matches!(RuntimeName::new(bad), Err(NameError::Reserved { .. })), "{bad:?}");
        }
    }

    #[test]
    fn ids_hold_anything_but_commas_and_nul() {
        assert!(ServiceId::new("a:b", "c/d", "e f ü").is_ok());
        let full = "i".repeat(100);
        assert!(ServiceId::new(full.as_str(), full.as_str(), full.as_str()).is_ok());
        // 51 times two bytes: the limit counts bytes.
        let too_long = NameError::TooLong { what: "event id", length: 102, limit: 100 };
        assert_eq!(ServiceId::new("a", "b", "ü".repeat(51)), Err(too_long));
        assert_eq!(ServiceId::new("a", "", "c"), Err(NameError::Empty { what: "instance id" }));
        for bad in ["a,b", "\0"] {
            assert!(matches!(ServiceId::new(bad, "b", "c"), Err(NameError::Character { .. })), "{bad:?}");
        }
    }

    #[test]
    fn the_message_says_where_and_what_to_do() {
        let error = ServiceId::new("Ra,dar", "b", "c").expect_err("a comma");
        assert_eq!(error.to_string(), "the service id has ',' at byte 2; leave it out");
    }

    #[test]
    fn a_node_needs_no_name() {
        assert_eq!(NodeName::new("").map(|node| node.as_str().len()), Ok(0));
        assert!(matches!(NodeName::new("n".repeat(71)), Err(NameError::TooLong { .. })));
        assert!(matches!(NodeName::new("a,b"), Err(NameError::Character { .. })));
    }
}
