//! The helper types that emitted Rust code brings along, because Rust and serde have none of them: text in a fixed
//! number of bytes, bytes that are `bin` in MessagePack, arrays of more than 32 elements, padding, bit-fields, and
//! containers.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::super::{Container, Stack};

/// Which helpers are used.
#[derive(Debug, Default)]
pub(super) struct Helpers {
    /// They are of use to iceoryx2 and serde as well.
    derives: bool,
    pub(super) text: bool,
    pub(super) bytes: bool,
    pub(super) array: bool,
    pub(super) padding: bool,
    pub(super) bits: bool,
    optional: bool,
    optional_flag_first: bool,
    vector: bool,
    /// Types of iceoryx2 to import.
    imports: BTreeSet<&'static str>,
}

/// An optional as a struct: its name, what it is, its members.
const OPTIONAL: (&str, &str, &str) = (
    "Optional",
    "A value that may not be there: `iox::cxx::optional`.",
    "    value: MaybeUninit<T>,\n    has_value: u8,",
);
const OPTIONAL_FLAG_FIRST: (&str, &str, &str) = (
    "OptionalFlagFirst",
    "A value that may not be there: iceoryx2's `RelocatableOption`.",
    "    has_value: u8,\n    value: MaybeUninit<T>,",
);

impl Helpers {
    /// None yet.
    pub(super) fn new(derives: bool) -> Self {
        Self { derives, ..Self::default() }
    }

    /// The type of a container around `element`, which is empty for a string. Strings and vectors of both stacks are the
    /// same in memory.
    pub(super) fn container(&mut self, container: &Container, element: &str) -> String {
        match (container, self.derives) {
            (Container::String(_, capacity), true) => {
                self.imports.insert("string::StaticString");
                format!("StaticString<{capacity}>")
            }
            // Lowered to a struct.
            (Container::String(..), false) => String::new(),
            (Container::Vector(_, _, capacity), true) => {
                self.imports.insert("vector::StaticVec");
                format!("StaticVec<{element}, {capacity}>")
            }
            (Container::Vector(_, _, capacity), false) => {
                self.vector = true;
                format!("wire::Vector<{element}, {capacity}>")
            }
            (Container::Optional(Stack::Classic, _), _) => {
                self.optional = true;
                format!("wire::Optional<{element}>")
            }
            (Container::Optional(Stack::Iceoryx2, _), true) => {
                self.imports.insert("relocatable_option::RelocatableOption");
                format!("RelocatableOption<{element}>")
            }
            (Container::Optional(Stack::Iceoryx2, _), false) => {
                self.optional_flag_first = true;
                format!("wire::OptionalFlagFirst<{element}>")
            }
        }
    }

    /// What to import of iceoryx2's containers, a line each.
    pub(super) fn imports(&self) -> String {
        let line = |path: &&str| format!("use iceoryx2_bb_container::{path};\n");
        self.imports.iter().map(line).collect()
    }

    /// The module `wire` with what is used; nothing if nothing is.
    pub(super) fn module(&self) -> String {
        let optional = |(name, doc, fields): (&str, &str, &str)| {
            let text = include_str!("wire/optional.rs.in");
            text.replace("@NAME@", name).replace("@DOC@", doc).replace("@FIELDS@", fields)
        };
        let classic_optional =
            optional(OPTIONAL) + if self.derives { include_str!("wire/optional_serde.rs.in") } else { "" };
        let flag_first = optional(OPTIONAL_FLAG_FIRST);
        let parts = [
            (self.text, include_str!("wire/text.rs.in")),
            (self.bytes, include_str!("wire/bytes.rs.in")),
            (self.array, include_str!("wire/array.rs.in")),
            (self.padding, include_str!("wire/padding.rs.in")),
            (self.bits, include_str!("wire/bits.rs.in")),
            (self.optional, &classic_optional),
            (self.optional_flag_first, &flag_first),
            (self.vector, include_str!("wire/vector.rs.in")),
        ];
        let used: Vec<&str> = parts.iter().filter(|(used, _)| *used).map(|(_, part)| *part).collect();
        if used.is_empty() {
            return String::new();
        }
        let about = match self.derives {
            true => "How fields look in MessagePack and JSON where serde alone would write them otherwise",
            false => "What Rust has no types for",
        };
        let mut text = format!("\n/// {about}.\npub mod wire {{\n");
        text.push_str(&self.uses());
        for (number, part) in used.into_iter().enumerate() {
            if number > 0 || !text.ends_with("{\n") {
                text.push('\n');
            }
            for line in part.lines() {
                let _ = if line.is_empty() { writeln!(text) } else { writeln!(text, "    {line}") };
            }
        }
        text.push_str("}\n");
        text
    }

    /// What the helpers import, in rustfmt's order.
    fn uses(&self) -> String {
        let uninit = self.optional || self.optional_flag_first || self.vector;
        let wrapper = self.text || self.bytes || self.array;
        let mut text = String::new();
        let mut line = |used: bool, path: &str| {
            if used {
                let _ = writeln!(text, "    use {path};");
            }
        };
        line(wrapper || uninit, "core::fmt");
        line(self.array, "core::marker::PhantomData");
        line(uninit, "core::mem::MaybeUninit");
        line(wrapper, "core::ops::{Deref, DerefMut}");
        let serde = wrapper || self.optional;
        if self.derives && (serde || self.padding) {
            text.push_str("\n    use iceoryx2::prelude::ZeroCopySend;\n");
        }
        if self.derives && serde {
            let de = match (self.bytes || self.array, self.text) {
                (true, _) => "serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor}",
                (false, true) => "serde::de::{self, Deserialize, Deserializer, Visitor}",
                (false, false) => "serde::de::{Deserialize, Deserializer}",
            };
            let ser = match self.array {
                true => "serde::ser::{Serialize, SerializeTuple, Serializer}",
                false => "serde::ser::{Serialize, Serializer}",
            };
            let _ = write!(text, "    use {de};\n    use {ser};\n");
        }
        text
    }
}
