//! A layout in Rust: for iceoryx2 and serde, or without either.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use super::super::{Layout, Type};
use super::names::{comment, is_word_of, of_items, of_types};
use super::place::{Item, Plan, plan};
use super::{EmitError, Parts, element, measures, rust_enums, wire};

/// Keywords that not even `r#` makes names of, and names that what is written here uses.
pub(super) const RESERVED: &str = "self Self super crate wire core iceoryx2 serde";

/// Keywords that `r#` makes names of.
const RAW: &str = "\
    abstract as async await become box break const continue do dyn else enum extern false final fn for gen if impl \
    in let loop macro match mod move mut override priv pub ref return static struct trait true try type typeof \
    unsafe unsized use virtual where while yield";

/// What serde's arrays end at.
const SERDE_ARRAY: usize = 32;

/// Types of the standard prelude and of what is imported; a struct of such a name would stand in their way.
const PRELUDE: &str = "\
    ZeroCopySend Serialize Deserialize Clone Copy Debug PartialEq Option Some None Result Ok Err Default u8 u16 u32 \
    u64 i8 i16 i32 i64 f32 f64 bool str char usize isize Self";

/// The definitions of everything, in order; with `derives`, those of iceoryx2 and serde.
pub(super) fn emit(parts: &Parts, derives: bool) -> Result<String, EmitError> {
    let types = of_types(parts.names(), PRELUDE, true);
    let mut helpers = wire::Helpers::default();
    let mut definitions = String::new();
    for named in &parts.enums {
        if let Some(own) = types.get(&named.name) {
            rust_enums::definition(&mut definitions, named, own, derives);
        }
    }
    for layout in &parts.layouts {
        let plan = plan(layout, &Type::align, true);
        possible(layout, &plan)?;
        let writer = Writer { layout, plan: &plan, types: &types, derives };
        writer.definition(&mut definitions, &mut helpers);
    }
    let mut text = parts.headline("// ");
    if derives {
        text.push_str("\nuse iceoryx2::prelude::ZeroCopySend;\nuse serde::{Deserialize, Serialize};\n");
    }
    text.push_str(&definitions);
    text.push_str(&helpers.module());
    Ok(text)
}

/// Rust knows no struct that is both packed and aligned, or packed around one that is aligned.
fn possible(layout: &Layout, plan: &Plan<'_>) -> Result<(), EmitError> {
    if plan.pack.is_none() {
        return Ok(());
    }
    if plan.align.is_some() {
        return Err(EmitError::PackedAndAligned(layout.name.clone()));
    }
    let mut open: Vec<&Type> = layout.fields.iter().map(|field| element(&field.ty)).collect();
    let mut seen = HashSet::new();
    while let Some(ty) = open.pop() {
        let Type::Struct(within) = ty else { continue };
        if !seen.insert(within.name.as_str()) {
            continue;
        }
        if super::place::plan(within, &Type::align, true).align.is_some() {
            return Err(EmitError::AlignedInPacked { outer: layout.name.clone(), inner: within.name.clone() });
        }
        open.extend(within.fields.iter().map(|field| element(&field.ty)));
    }
    Ok(())
}

struct Writer<'a> {
    layout: &'a Layout,
    plan: &'a Plan<'a>,
    types: &'a HashMap<String, String>,
    derives: bool,
}

impl Writer<'_> {
    fn definition(&self, text: &mut String, helpers: &mut wire::Helpers) {
        let Self { layout, plan, types, derives } = *self;
        let Some(own) = types.get(&layout.name) else { return };
        let names = of_items(&plan.items, RESERVED, &HashSet::new());
        let _ = write!(text, "\n/// {}{}.\n", documented(&layout.name, own), measures(layout));
        let packed = plan.pack.map(|pack| if pack == 1 { ", packed".to_owned() } else { format!(", packed({pack})") });
        // The derive of iceoryx2 looks for exactly `repr(C)`, and borrows fields, which packed structs forbid.
        let _ = writeln!(text, "#[repr(C{})]", packed.as_deref().unwrap_or_default());
        if let Some(align) = plan.align {
            let _ = writeln!(text, "#[repr(align({align}))]");
        }
        let type_name = format!("\"{}\"", layout.name.escape_default());
        match (derives, plan.pack) {
            (true, None) => {
                text.push_str("#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ZeroCopySend)]\n");
                let _ = writeln!(text, "#[type_name({type_name})]");
            }
            (true, Some(_)) => text.push_str("#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]\n"),
            (false, _) => text.push_str("#[derive(Clone, Copy, Debug, PartialEq)]\n"),
        }
        if !is_camel(own) {
            text.push_str("#[allow(non_camel_case_types)]\n");
        }
        if names.iter().any(|name| !is_snake(name)) {
            text.push_str("#[allow(non_snake_case)]\n");
        }
        let _ = writeln!(text, "pub struct {own} {{");
        for (item, name) in plan.items.iter().zip(&names) {
            self.item(text, *item, name, helpers);
        }
        text.push_str("}\n");
        if derives && plan.pack.is_some() {
            let _ = write!(
                text,
                "\n// SAFETY: plain data of one representation, without pointers. (The derive cannot borrow packed fields.)\n\
                 unsafe impl ZeroCopySend for {own} {{\n    unsafe fn type_name() -> &'static str {{\n        {type_name}\n    }}\n}}\n"
            );
        }
        self.asserts(text, own, &names);
    }

    fn item(&self, text: &mut String, item: Item<'_>, name: &str, helpers: &mut wire::Helpers) {
        match item {
            Item::Padding(bytes) if self.derives => {
                helpers.padding = true;
                let _ = write!(text, "    #[serde(skip)]\n    pub {name}: wire::Padding<{bytes}>,\n");
            }
            Item::Padding(bytes) => {
                let _ = writeln!(text, "    pub {name}: [u8; {bytes}],");
            }
            Item::Field(field) => {
                if *name != field.name {
                    let _ = writeln!(text, "    /// `{}`", comment(&field.name));
                    if self.derives {
                        let _ = writeln!(text, "    #[serde(rename = \"{}\")]", field.name.escape_default());
                    }
                }
                let _ = writeln!(text, "    pub {}: {},", raw(name), self.type_name(&field.ty, helpers));
            }
        }
    }

    fn asserts(&self, text: &mut String, own: &str, names: &[String]) {
        text.push_str("\nconst _: () = {\n    use core::mem::{align_of, offset_of, size_of};\n");
        let _ = writeln!(text, "    assert!(size_of::<{own}>() == {});", self.layout.size);
        let _ = writeln!(text, "    assert!(align_of::<{own}>() == {});", self.layout.align);
        for (item, name) in self.plan.items.iter().zip(names) {
            if let Item::Field(field) = item {
                let _ = writeln!(text, "    assert!(offset_of!({own}, {}) == {});", raw(name), field.offset);
            }
        }
        text.push_str("};\n");
    }

    fn type_name(&self, ty: &Type, helpers: &mut wire::Helpers) -> String {
        match ty {
            Type::Scalar(scalar) => scalar.name().to_owned(),
            Type::Text(len) if self.derives => {
                helpers.text = true;
                format!("wire::Text<{len}>")
            }
            Type::Bytes(len) if self.derives => {
                helpers.bytes = true;
                format!("wire::Bytes<{len}>")
            }
            Type::Text(len) | Type::Bytes(len) => format!("[u8; {len}]"),
            Type::Array(element, len) if self.derives && *len > SERDE_ARRAY => {
                helpers.array = true;
                format!("wire::Array<{}, {len}>", self.type_name(element, helpers))
            }
            Type::Array(element, len) => format!("[{}; {len}]", self.type_name(element, helpers)),
            Type::Struct(layout) => self.types.get(&layout.name).cloned().unwrap_or_default(),
            Type::Enum(named) => self.types.get(&named.name).cloned().unwrap_or_default(),
        }
    }
}

/// The beginning of a definition's documentation: the name, where it is not called as the layout or enum is.
pub(super) fn documented(name: &str, own: &str) -> String {
    if name == own { String::new() } else { format!("`{}`: ", comment(name)) }
}

pub(super) fn raw(name: &str) -> String {
    if is_word_of(name, RAW) { format!("r#{name}") } else { name.to_owned() }
}

pub(super) fn is_camel(name: &str) -> bool {
    let name = name.trim_start_matches('_');
    name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.contains('_')
}

fn is_snake(name: &str) -> bool {
    !name.contains(|c: char| c.is_ascii_uppercase()) && !name.trim_matches('_').contains("__")
}
