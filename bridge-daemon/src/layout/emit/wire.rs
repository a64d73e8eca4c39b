//! The helper types that emitted Rust code brings along, because Rust and serde have none of them: text in a fixed
//! number of bytes, bytes that are `bin` in MessagePack, arrays of more than 32 elements, and padding.

use std::fmt::Write;

/// Which helpers are used.
#[derive(Debug, Default)]
pub(super) struct Helpers {
    pub(super) text: bool,
    pub(super) bytes: bool,
    pub(super) array: bool,
    pub(super) padding: bool,
}

impl Helpers {
    /// The module `wire` with what is used; nothing if nothing is.
    pub(super) fn module(&self) -> String {
        let parts = [
            (self.text, include_str!("wire/text.rs.in")),
            (self.bytes, include_str!("wire/bytes.rs.in")),
            (self.array, include_str!("wire/array.rs.in")),
            (self.padding, include_str!("wire/padding.rs.in")),
        ];
        let used: Vec<&str> = parts.iter().filter(|(used, _)| *used).map(|(_, part)| *part).collect();
        if used.is_empty() {
            return String::new();
        }
        let mut text = String::from(
            "\n/// How fields look in MessagePack and JSON where serde alone would write them otherwise.\npub mod wire {\n",
        );
        if self.text || self.bytes || self.array {
            text.push_str("    use core::fmt;\n");
        }
        if self.array {
            text.push_str("    use core::marker::PhantomData;\n");
        }
        if self.text || self.bytes || self.array {
            text.push_str("    use core::ops::{Deref, DerefMut};\n");
        }
        text.push_str("\n    use iceoryx2::prelude::ZeroCopySend;\n");
        let mut serde = Vec::new();
        if self.bytes || self.array {
            serde.push("    use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};\n");
        } else if self.text {
            serde.push("    use serde::de::{self, Deserialize, Deserializer, Visitor};\n");
        }
        if self.array {
            serde.push("    use serde::ser::{Serialize, SerializeTuple, Serializer};\n");
        } else if self.text || self.bytes {
            serde.push("    use serde::ser::{Serialize, Serializer};\n");
        }
        text.push_str(&serde.concat());
        for part in used {
            text.push('\n');
            for line in part.lines() {
                let _ = if line.is_empty() { writeln!(text) } else { writeln!(text, "    {line}") };
            }
        }
        text.push_str("}\n");
        text
    }
}
