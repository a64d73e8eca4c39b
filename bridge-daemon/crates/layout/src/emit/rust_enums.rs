//! An enum in Rust. One that has no other values is an enum; one that may is an integer with names, for a Rust enum
//! with a value that it does not name is undefined behaviour.

use std::fmt::Write;

use super::super::{Enum, Scalar};
use super::names::{Scope, comment, identifier, of_values};
use super::rust::{RESERVED, documented, is_camel, raw};
use super::values;

/// Writes the definition of `named`, called `own`.
pub(super) fn definition(text: &mut String, named: &Enum, own: &str, derives: bool) {
    match named.open {
        true => open(text, named, own, derives),
        false => closed(text, named, own, derives),
    }
    if derives {
        let name = named.name.escape_default();
        let _ = write!(
            text,
            "\n// SAFETY: an integer. (The derive asks for `repr(C)`, which has no say in an enum's size.)\n\
             unsafe impl ZeroCopySend for {own} {{\n    unsafe fn type_name() -> &'static str {{\n        \"{name}\"\n    }}\n}}\n"
        );
    }
    let size = named.repr.size();
    let _ = write!(
        text,
        "\nconst _: () = {{\n    use core::mem::size_of;\n    assert!(size_of::<{own}>() == {size});\n}};\n"
    );
}

fn closed(text: &mut String, named: &Enum, own: &str, derives: bool) {
    let names = of_values(named, RESERVED, "");
    let original = documented(&named.name, own);
    let _ = write!(text, "\n/// {original}{}; no other may ever be in its place.\n", values(named));
    let _ = writeln!(text, "#[repr({})]", named.repr.name());
    let serde = if derives { ", Serialize, Deserialize" } else { "" };
    let _ = writeln!(text, "#[derive(Clone, Copy, Debug, PartialEq, Eq{serde})]");
    if !is_camel(own) || names.iter().any(|name| !is_camel(name)) {
        text.push_str("#[allow(non_camel_case_types)]\n");
    }
    let _ = writeln!(text, "pub enum {own} {{");
    for ((original, value), name) in named.values.iter().zip(&names) {
        if name != original {
            let _ = writeln!(text, "    /// `{}`", comment(original));
            if derives {
                let _ = writeln!(text, "    #[serde(rename = \"{}\")]", original.escape_default());
            }
        }
        let _ = writeln!(text, "    {} = {value},", raw(name));
    }
    text.push_str("}\n");
}

fn open(text: &mut String, named: &Enum, own: &str, derives: bool) {
    let mut scope = Scope::default();
    let constant = |name: &str| scope.unique(identifier(&name.to_ascii_uppercase(), "NAMES"));
    let names: Vec<String> = named.values.iter().map(|(name, _)| name.as_str()).map(constant).collect();
    let repr = named.repr.name();
    let original = documented(&named.name, own);
    let _ = write!(text, "\n/// {original}{}.\n#[repr(transparent)]\n", values(named));
    text.push_str("#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n");
    if !is_camel(own) {
        text.push_str("#[allow(non_camel_case_types)]\n");
    }
    let _ = write!(text, "pub struct {own}(pub {repr});\n\nimpl {own} {{\n");
    for ((original, value), name) in named.values.iter().zip(&names) {
        let _ = writeln!(text, "    /// `{}`\n    pub const {name}: Self = Self({value});", comment(original));
    }
    let _ = writeln!(text, "\n    /// Names as documents have them.\n    pub const NAMES: &[(&str, Self)] = &[");
    for ((original, _), name) in named.values.iter().zip(&names) {
        let _ = writeln!(text, "        (\"{}\", Self::{name}),", original.escape_default());
    }
    text.push_str("    ];\n}\n");
    if derives {
        text.push('\n');
        let conversion = |from: Scalar, unexpected: &str| match named.repr == from {
            true => format!("Ok({own}(value))"),
            false => format!(
                "let unexpected = serde::de::Unexpected::{unexpected}(value);\n                \
                 let number = value.try_into().map({own});\n                \
                 number.map_err(|_| E::invalid_value(unexpected, &self))"
            ),
        };
        let serde = include_str!("wire/open_enum.rs.in")
            .replace("@NAME@", own)
            .replace("@SIGNED@", &conversion(Scalar::I64, "Signed"))
            .replace("@UNSIGNED@", &conversion(Scalar::U64, "Unsigned"));
        text.push_str(&serde);
    }
}
