//! Bit-fields in Rust, which has none: functions that read and write them in a field of bytes. serde, which cannot see
//! through a field, reads and writes a struct with a field for each instead.

use std::collections::HashMap;
use std::fmt::Write;

use super::super::{Enum, Layout, Scalar};
use super::lower::{Group, GroupedBits};
use super::names::{comment, of_values};
use super::rust::{RESERVED, raw};

/// The bit-fields of one struct.
pub(super) struct RustBits<'a> {
    /// The struct's name.
    pub(super) own: &'a str,
    pub(super) groups: &'a [Group],
    /// The names of the functions, by the names in the layout.
    pub(super) names: &'a HashMap<String, String>,
    /// The names of enums, by those in layouts.
    pub(super) types: &'a HashMap<String, String>,
    /// Its fields cannot be borrowed.
    pub(super) packed: bool,
}

/// A field of the struct as it is in Rust.
pub(super) struct RustField<'a> {
    pub(super) name: &'a str,
    /// The key in documents; none of padding, and of bytes that hold bit-fields.
    pub(super) key: Option<&'a str>,
    pub(super) ty: String,
}

impl RustBits<'_> {
    /// The functions.
    pub(super) fn functions(&self, text: &mut String) {
        let _ = writeln!(text, "\nimpl {} {{", self.own);
        for (number, (group, bits)) in self.bits().enumerate() {
            if number > 0 {
                text.push('\n');
            }
            self.getter(text, group, bits);
            self.setter(text, group, bits);
        }
        text.push_str("}\n");
    }

    fn bits(&self) -> impl Iterator<Item = (&Group, &GroupedBits)> {
        self.groups.iter().flat_map(|group| group.fields.iter().map(move |bits| (group, bits)))
    }

    fn name(&self, bits: &GroupedBits) -> &str {
        self.names.get(&bits.field.name).map_or("", String::as_str)
    }

    fn enum_name(&self, named: &Enum) -> &str {
        self.types.get(&named.name).map_or("", String::as_str)
    }

    /// What its setter takes, and documents have.
    fn type_name(&self, bits: &GroupedBits) -> &str {
        bits.named().map_or(bits.scalar().name(), |named| self.enum_name(named))
    }

    fn getter(&self, text: &mut String, group: &Group, bits: &GroupedBits) {
        let (name, scalar) = (self.name(bits), bits.scalar());
        let place = format!("(&self.{}, {}, {})", group.name, bits.shift, bits.bits.width);
        let read = match scalar {
            Scalar::Bool => format!("wire::bits{place} != 0"),
            Scalar::U64 => format!("wire::bits{place}"),
            Scalar::I64 => format!("wire::signed_bits{place}"),
            Scalar::I8 | Scalar::I16 | Scalar::I32 => format!("wire::signed_bits{place} as {}", scalar.name()),
            _ => format!("wire::bits{place} as {}", scalar.name()),
        };
        let width = match bits.bits.width {
            1 => "1 bit".to_owned(),
            width => format!("{width} bits"),
        };
        let shown = comment(&bits.field.name);
        let _ = match bits.named() {
            Some(named) if !named.open => {
                let own = self.enum_name(named);
                let values = of_values(named, RESERVED, "");
                let arms: String = named
                    .values
                    .iter()
                    .zip(&values)
                    .map(|((_, value), name)| format!("            {value} => Ok({own}::{}),\n", raw(name)))
                    .collect();
                write!(
                    text,
                    "    /// `{shown}`, {width}. The error is a value without a name.\n    \
                     pub fn {}(&self) -> Result<{own}, {repr}> {{\n        match {read} {{\n{arms}            \
                     #[allow(unreachable_patterns)]\n            other => Err(other),\n        }}\n    }}\n",
                    raw(name),
                    repr = named.repr.name(),
                )
            }
            Some(named) => {
                let own = self.enum_name(named);
                write!(
                    text,
                    "    /// `{shown}`, {width}.\n    pub fn {}(&self) -> {own} {{\n        {own}({read})\n    }}\n",
                    raw(name)
                )
            }
            None => write!(
                text,
                "    /// `{shown}`, {width}.\n    pub fn {}(&self) -> {} {{\n        {read}\n    }}\n",
                raw(name),
                scalar.name()
            ),
        };
    }

    fn setter(&self, text: &mut String, group: &Group, bits: &GroupedBits) {
        let (scalar, place) = (bits.scalar(), format!("&mut self.{}, {}, {}", group.name, bits.shift, bits.bits.width));
        let signed = matches!(scalar, Scalar::I8 | Scalar::I16 | Scalar::I32 | Scalar::I64);
        let (function, number) = if signed { ("set_signed_bits", "i64") } else { ("set_bits", "u64") };
        let value = match bits.named() {
            Some(named) if named.open => "value.0",
            _ => "value",
        };
        let from = if scalar.name() == number && bits.named().is_none_or(|named| named.open) {
            value.to_owned()
        } else {
            format!("{value} as {number}")
        };
        let _ = write!(
            text,
            "\n    /// Sets `{}`. False, and nothing changes, if it has too few bits for the value.\n    \
             pub fn set_{}(&mut self, value: {}) -> bool {{\n        wire::{function}({place}, {from})\n    }}\n",
            comment(&bits.field.name),
            self.name(bits).trim_start_matches('_'),
            self.type_name(bits),
        );
    }

    /// Documents with a field for each bit-field, in the order of `layout`. `fields` are those of the struct.
    pub(super) fn serde(&self, text: &mut String, layout: &Layout, fields: &[RustField<'_>]) {
        let mut declared = String::new();
        let mut written = String::new();
        let mut read = String::new();
        let mut set = String::new();
        for key in layout.fields.iter().map(|field| field.name.as_str()) {
            let (name, ty) = if let Some(field) = fields.iter().find(|field| field.key == Some(key)) {
                let name = raw(field.name);
                let value = if self.packed { format!("{{ self.{name} }}") } else { format!("self.{name}.clone()") };
                let _ = writeln!(written, "                {name}: {value},");
                let _ = writeln!(read, "                {name}: fields.{name},");
                (name, field.ty.clone())
            } else if let Some((_, bits)) = self.bits().find(|(_, bits)| bits.field.name == key) {
                let name = raw(self.name(bits));
                let _ = match bits.named().is_some_and(|named| !named.open) {
                    true => writeln!(
                        written,
                        "                {name}: self.{name}().map_err(|value| {{\n                    \
                         serde::ser::Error::custom(format_args!(\"{{value}} has no name\"))\n                }})?,"
                    ),
                    false => writeln!(written, "                {name}: self.{name}(),"),
                };
                let _ = write!(
                    set,
                    "            if !value.set_{}(fields.{name}) {{\n                \
                     return Err(serde::de::Error::custom(\"`{}` has too few bits\"));\n            }}\n",
                    self.name(bits).trim_start_matches('_'),
                    key.escape_default().to_string().replace('{', "{{").replace('}', "}}"),
                );
                (name, self.type_name(bits).to_owned())
            } else {
                continue;
            };
            if name.trim_start_matches("r#") != key {
                let _ = writeln!(declared, "        #[serde(rename = \"{}\")]", key.escape_default());
            }
            let _ = writeln!(declared, "        {name}: {ty},");
        }
        for field in fields.iter().filter(|field| field.key.is_none()) {
            let value =
                field.ty.strip_prefix("[u8; ").map_or("Default::default()".to_owned(), |len| format!("[0; {len}"));
            let _ = writeln!(read, "                {}: {value},", field.name);
        }
        let serde = include_str!("wire/bit_fields.rs.in")
            .replace("@NAME@", self.own)
            .replace("@DECLARED@", declared.trim_end())
            .replace("@WRITTEN@", written.trim_end())
            .replace("@READ@", read.trim_end())
            .replace("@SET@", set.trim_end());
        text.push_str(&serde);
    }
}
