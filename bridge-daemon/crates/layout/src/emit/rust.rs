//! A layout in Rust: for iceoryx2 and serde, or without either.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use super::super::{Container, Layout, Type};
use super::lower::within;
use super::names::{comment, is_word_of, of_bits, of_items, of_types};
use super::place::{Item, Plan, plan};
use super::rust_bits::{RustBits, RustField};
use super::{EmitError, Parts, element, measures, remarks, rust_enums, wire};

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
    u64 i8 i16 i32 i64 f32 f64 bool str char usize isize Self StaticString StaticVec RelocatableOption";

/// The definitions of everything, in order; with `derives`, those of iceoryx2 and serde.
pub(super) fn emit(parts: &Parts<'_>, derives: bool) -> Result<String, EmitError> {
    let types = of_types(parts.names(), PRELUDE, true);
    let mut helpers = wire::Helpers::new(derives);
    let mut definitions = String::new();
    for named in &parts.enums {
        if let Some(own) = types.get(&named.name) {
            rust_enums::definition(&mut definitions, named, own, derives);
        }
    }
    for layout in &parts.layouts {
        let plan = plan(layout, &Type::align, true);
        possible(layout, &plan, derives)?;
        let writer = Writer { layout, plan: &plan, types: &types, derives, parts };
        writer.definition(&mut definitions, &mut helpers);
    }
    let mut text = parts.headline("// ");
    if derives {
        text.push_str("\nuse iceoryx2::prelude::ZeroCopySend;\n");
        text.push_str(&helpers.imports());
        text.push_str("use serde::{Deserialize, Serialize};\n");
    }
    text.push_str(&definitions);
    text.push_str(&helpers.module());
    Ok(text)
}

/// Rust knows no struct that is both packed and aligned, or packed around one that is aligned; nor, with `derives`, one
/// that is packed around values which are not copied byte by byte.
fn possible(layout: &Layout, plan: &Plan<'_>, derives: bool) -> Result<(), EmitError> {
    if plan.pack.is_none() {
        return Ok(());
    }
    if plan.align.is_some() {
        return Err(EmitError::PackedAndAligned(layout.name.clone()));
    }
    if derives && !is_copy(layout) {
        return Err(EmitError::VectorInPacked(layout.name.clone()));
    }
    let mut open = inner(layout);
    let mut seen = HashSet::new();
    while let Some(within) = open.pop() {
        if !seen.insert(within.name.as_str()) {
            continue;
        }
        if super::place::plan(within, &Type::align, true).align.is_some() {
            return Err(EmitError::AlignedInPacked { outer: layout.name.clone(), inner: within.name.clone() });
        }
        open.extend(inner(within));
    }
    Ok(())
}

/// The structs in a struct, those in containers included.
fn inner(layout: &Layout) -> Vec<&Layout> {
    let mut found = Vec::new();
    for field in &layout.fields {
        within(&field.ty, &mut |ty| {
            if let Type::Struct(inner) = ty {
                found.push(&**inner);
            }
        });
    }
    found
}

/// Whether a struct with the derives can be copied byte by byte: iceoryx2's vectors cannot.
fn is_copy(layout: &Layout) -> bool {
    fn has_vector(ty: &Type) -> bool {
        match element(ty) {
            Type::Container(container) => match &**container {
                Container::Vector(..) => true,
                Container::Optional(_, value) => has_vector(value),
                Container::String(..) => false,
            },
            Type::Struct(inner) => !is_copy(inner),
            _ => false,
        }
    }
    !layout.fields.iter().any(|field| has_vector(&field.ty))
}

struct Writer<'a> {
    layout: &'a Layout,
    plan: &'a Plan<'a>,
    types: &'a HashMap<String, String>,
    derives: bool,
    parts: &'a Parts<'a>,
}

impl Writer<'_> {
    fn definition(&self, text: &mut String, helpers: &mut wire::Helpers) {
        let Self { layout, plan, types, derives, parts } = *self;
        let Some(own) = types.get(&layout.name) else { return };
        let names = of_items(&plan.items, RESERVED, &HashSet::new());
        let groups = parts.groups(layout);
        let (original, about) = (documented(&layout.name, own), parts.stands_for(layout));
        let _ = write!(text, "\n/// {original}{about}{}.\n", measures(layout));
        if derives && layout.fields.iter().any(|field| field.live.is_some()) {
            text.push_str(
                "///\n/// serde writes all of every field; documents of the bridge have only the parts that count.\n",
            );
        }
        let packed = plan.pack.map(|pack| if pack == 1 { ", packed".to_owned() } else { format!(", packed({pack})") });
        // The derive of iceoryx2 looks for exactly `repr(C)`, and borrows fields, which packed structs forbid.
        let _ = writeln!(text, "#[repr(C{})]", packed.as_deref().unwrap_or_default());
        if let Some(align) = plan.align {
            let _ = writeln!(text, "#[repr(align({align}))]");
        }
        let type_name = format!("\"{}\"", layout.name.escape_default());
        let copy = if derives && !is_copy(layout) { "" } else { "Copy, " };
        // Of bit-fields, serde is told below.
        let serde = if derives && groups.is_empty() { ", Serialize, Deserialize" } else { "" };
        let zero_copy = if derives && plan.pack.is_none() { ", ZeroCopySend" } else { "" };
        let _ = writeln!(text, "#[derive(Clone, {copy}Debug, PartialEq{serde}{zero_copy})]");
        if !zero_copy.is_empty() {
            let _ = writeln!(text, "#[type_name({type_name})]");
        }
        if !is_camel(own) {
            text.push_str("#[allow(non_camel_case_types)]\n");
        }
        if names.iter().any(|name| !is_snake(name)) {
            text.push_str("#[allow(non_snake_case)]\n");
        }
        let _ = writeln!(text, "pub struct {own} {{");
        let mut fields = Vec::new();
        for (item, name) in plan.items.iter().zip(&names) {
            fields.push(self.item(text, *item, name, helpers));
        }
        text.push_str("}\n");
        if !groups.is_empty() {
            helpers.bits = true;
            let names = of_bits(groups, RESERVED, &names);
            let bits = RustBits { own, groups, names: &names, types, packed: plan.pack.is_some() };
            bits.functions(text);
            if derives {
                bits.serde(text, parts.original(layout), &fields);
            }
        }
        if derives && plan.pack.is_some() {
            let _ = write!(
                text,
                "\n// SAFETY: plain data of one representation, without pointers. (The derive cannot borrow packed fields.)\n\
                 unsafe impl ZeroCopySend for {own} {{\n    unsafe fn type_name() -> &'static str {{\n        {type_name}\n    }}\n}}\n"
            );
        }
        self.asserts(text, own, &names);
    }

    fn item<'i>(&self, text: &mut String, item: Item<'i>, name: &'i str, helpers: &mut wire::Helpers) -> RustField<'i> {
        // serde sees no more of a struct with bit-fields than of those.
        let groups = self.parts.groups(self.layout);
        let serde = self.derives && groups.is_empty();
        match item {
            Item::Padding(bytes) if self.derives => {
                helpers.padding = true;
                let skip = if serde { "    #[serde(skip)]\n" } else { "" };
                let ty = format!("wire::Padding<{bytes}>");
                let _ = writeln!(text, "{skip}    pub {name}: {ty},");
                RustField { name, key: None, ty }
            }
            // Bits before a bit-field are among the bytes that hold it.
            Item::Padding(bytes) | Item::BitPadding(bytes) => {
                let ty = format!("[u8; {bytes}]");
                let _ = writeln!(text, "    pub {name}: {ty},");
                RustField { name, key: None, ty }
            }
            Item::Field(field) => {
                if let Some(group) = groups.iter().find(|group| group.name == field.name) {
                    let ty = format!("[u8; {}]", field.ty.size());
                    let names: Vec<String> =
                        group.fields.iter().map(|bits| format!("`{}`", comment(&bits.field.name))).collect();
                    let _ = writeln!(text, "    /// {}: see the functions.\n    pub {name}: {ty},", names.join(", "));
                    return RustField { name, key: None, ty };
                }
                if *name != field.name {
                    let _ = writeln!(text, "    /// `{}`", comment(&field.name));
                    if serde {
                        let _ = writeln!(text, "    #[serde(rename = \"{}\")]", field.name.escape_default());
                    }
                }
                let remarks = remarks(field);
                if !remarks.is_empty() {
                    let _ = writeln!(text, "    /// {}", remarks.join("; "));
                }
                let ty = self.type_name(&field.ty, helpers);
                let _ = writeln!(text, "    pub {}: {ty},", raw(name));
                RustField { name, key: Some(&field.name), ty }
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
            Type::Text(crate::Text { capacity: len, .. }) if self.derives => {
                helpers.text = true;
                format!("wire::Text<{len}>")
            }
            Type::Bytes(len) if self.derives => {
                helpers.bytes = true;
                format!("wire::Bytes<{len}>")
            }
            Type::Text(crate::Text { capacity: len, .. }) | Type::Bytes(len) => format!("[u8; {len}]"),
            Type::Array(element, len) if self.derives && *len > SERDE_ARRAY => {
                helpers.array = true;
                format!("wire::Array<{}, {len}>", self.type_name(element, helpers))
            }
            Type::Array(element, len) => format!("[{}; {len}]", self.type_name(element, helpers)),
            Type::Struct(layout) => self.types.get(&layout.name).cloned().unwrap_or_default(),
            Type::Container(container) => {
                let element = match &**container {
                    Container::Vector(_, inner, _) | Container::Optional(_, inner) => self.type_name(inner, helpers),
                    Container::String(..) => String::new(),
                };
                helpers.container(container, &element)
            }
            // Lowered to bytes.
            Type::Bits(_) => String::new(),
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
