//! What was imported as a layout file, read again by the project's own checks before anyone sees it.

use std::fmt::Write;
use std::sync::Arc;

use super::enums::EnumShape;
use super::shape::{Shape, ShapeField, ShapeVariants};
use super::{Found, ImportError};
use crate::{Layout, parse};
use bridge_document::{Report, on_one_line};

/// Bytes up to which the values of an enum stand on one line.
const LINE: usize = 100;

/// A struct that was imported, with all that it contains.
#[derive(Debug)]
pub struct Imported {
    found: Found,
    layout: Arc<Layout>,
}

impl Imported {
    /// Checks what was found.
    pub(super) fn new(found: Found) -> Result<Self, ImportError> {
        let name = found.structs.last().map(|shape| shape.name.clone()).unwrap_or_default();
        let layout = checked(&toml(&found, &name, &[]), &name)?;
        Ok(Self { found, layout })
    }

    /// The struct that was asked for.
    #[must_use]
    pub fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }

    /// The layout file: what the struct contains first, then the struct, called `name` if that is given.
    /// `origin` becomes the comment at its top, a line each.
    ///
    /// # Errors
    /// When no layout can have the name.
    pub fn to_toml(&self, name: Option<&str>, origin: &[String]) -> Result<String, ImportError> {
        let name = name.unwrap_or(&self.layout.name);
        let text = toml(&self.found, name, origin);
        checked(&text, name).map(|_| text)
    }
}

/// The layout of this name in a layout file that must be sound.
fn checked(text: &str, name: &str) -> Result<Arc<Layout>, ImportError> {
    let layouts = parse("imported.toml", text).map_err(|report| unsound(&report))?;
    layouts.get(name).flatten().map(Arc::clone).ok_or_else(|| unsound(&Report::default()))
}

fn unsound(report: &Report) -> ImportError {
    let findings: Vec<String> = report.findings().iter().take(5).map(ToString::to_string).collect();
    ImportError::Unsound(findings.join("; "))
}

fn toml(found: &Found, root: &str, origin: &[String]) -> String {
    let mut text = String::new();
    for line in origin {
        let _ = writeln!(text, "# {}", on_one_line(line));
    }
    for shape in &found.enums {
        gap(&mut text);
        enumeration(&mut text, shape);
    }
    for (at, shape) in found.structs.iter().enumerate() {
        let name = if at + 1 == found.structs.len() { root } else { &shape.name };
        gap(&mut text);
        layout(&mut text, shape, name);
    }
    text
}

fn gap(text: &mut String) {
    if !text.is_empty() {
        text.push('\n');
    }
}

fn enumeration(text: &mut String, shape: &EnumShape) {
    if shape.name != shape.type_name {
        let _ = writeln!(text, "# {}", on_one_line(&shape.type_name));
    }
    for (alias, name) in &shape.aliases {
        let _ = writeln!(text, "# {} is {}.", on_one_line(alias), on_one_line(name));
    }
    let _ = writeln!(text, "[[enum]]\nname = {}\ntype = \"{}\"", quoted(&shape.name), shape.repr);
    let values: Vec<String> = shape.values.iter().map(|(name, value)| format!("{} = {value}", key(name))).collect();
    let line = values.join(", ");
    if line.len() <= LINE {
        let _ = writeln!(text, "values = {{ {line} }}");
    } else {
        let _ = writeln!(text, "[enum.values]\n{}", values.join("\n"));
    }
}

fn layout(text: &mut String, shape: &Shape, name: &str) {
    if name != shape.type_name {
        let _ = writeln!(text, "# {}", on_one_line(&shape.type_name));
    }
    for note in &shape.notes {
        let _ = writeln!(text, "# {}", on_one_line(note));
    }
    let placing = shape.placing();
    let _ = writeln!(text, "[[layout]]\nname = {}\nsize = {}\nalign = {}", quoted(name), shape.size, placing.align);
    if placing.packed {
        text.push_str("packed = true\n");
    }
    if placing.any_padding {
        text.push_str("padding = \"any\"  # there are gaps that the alignment of fields does not explain\n");
    }
    text.push_str("fields = [\n");
    let widest = |part: fn(&ShapeField) -> usize| shape.fields.iter().map(part).max().unwrap_or(0).min(40);
    let name_width = widest(|field| quoted(&field.name).len() + 1);
    let offset_width = widest(|field| field.offset.to_string().len() + 1);
    let mut base = &None;
    for field in &shape.fields {
        match &field.base {
            Some(name) if field.base != *base => {
                let _ = writeln!(text, "  # of the base {name}:");
            }
            None if base.is_some() => text.push_str("  # its own:\n"),
            _ => {}
        }
        base = &field.base;
        let (name, offset) = (format!("{},", quoted(&field.name)), format!("{},", field.offset));
        let ty = field.ty.written();
        let bits = field.bits.map(|(bit, bits)| format!(", bits = {bits}, bit = {bit}")).unwrap_or_default();
        let endian = if field.ty.swapped { ", endian = \"big\"" } else { "" };
        let union = field.variants.as_ref().map(union).unwrap_or_default();
        let _ = writeln!(
            text,
            "  {{ name = {name:name_width$} offset = {offset:offset_width$} type = \"{ty}\"{endian}{bits}{union} }},"
        );
    }
    text.push_str("]\n");
}

/// What a union holds.
fn union(ShapeVariants { tag, cases }: &ShapeVariants) -> String {
    let case = |(value, layout): &(String, Option<String>)| {
        format!("{} = {}", key(value), quoted(layout.as_deref().unwrap_or_default()))
    };
    let cases: Vec<String> = cases.iter().map(case).collect();
    format!(", tag = {}, variants = {{ {} }}", quoted(tag), cases.join(", "))
}

/// A key as TOML writes it.
fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { quoted(name) }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
