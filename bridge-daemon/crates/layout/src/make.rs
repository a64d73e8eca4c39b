//! One layout from its description: the types of its fields, what the other keys say about them, and their places.

use std::collections::HashMap;
use std::sync::Arc;

use super::bits;
use super::error::LayoutError;
use super::file::{FieldDecl, LayoutDecl};
use super::key_error::KeyError;
use super::known::{Known, Made, Unresolved};
use super::live;
use super::model::{Container, Endian, Live, TextEnd, TimeUnit, Type, Variants};
use super::name::FieldName;
use super::place::{MAX_FIELDS, place};
use super::set::MAX_DEPTH;
use super::text;
use super::type_name::type_name;
use super::variants;
use bridge_document::{Located, Span};

/// Errors after which a layout is left alone.
const MAX_ERRORS: usize = 100;

/// What is known of a field before it has a place.
pub(super) struct Unplaced {
    /// Of a bit-field, the type that it is declared with.
    pub(super) ty: Type,
    /// Of a bit-field, how many bits it has.
    pub(super) width: Option<u8>,
    /// Which part of it counts.
    pub(super) live: Option<Box<Live>>,
    /// What its integers count, if they are points in time.
    pub(super) timestamp: Option<TimeUnit>,
    /// In which order the bytes of its numbers stand.
    pub(super) endian: Endian,
    /// What it holds, if it is a union.
    pub(super) variants: Option<Box<Variants>>,
}

impl Unplaced {
    /// Its alignment in bytes: that of a union is that of the most aligned layout in it.
    pub(super) fn align(&self) -> usize {
        let cases = self.variants.iter().flat_map(|variants| &variants.cases);
        let aligns = cases.filter_map(|case| Some(case.layout.as_ref()?.align));
        aligns.fold(self.ty.align(), usize::max)
    }
}

/// Makes one layout from those it contains, which are all made, or unsound. `None` if it is not sound; `errors` then
/// has the reasons, unless they were reported before.
pub(super) fn make(
    decl: &Located<LayoutDecl>,
    known: &Known<'_>,
    complete: bool,
    errors: &mut Vec<LayoutError>,
) -> Option<Made> {
    let name = decl.name.to_string();
    if decl.fields.sound && decl.fields.is_empty() {
        errors.push(LayoutError::Empty { path: name, at: decl.fields.span });
        return None;
    }
    let before = errors.len();
    let (mut depth, mut count) = (1, 0_usize);
    let mut names: HashMap<&str, Span> = HashMap::new();
    let mut fields = Vec::with_capacity(decl.fields.len());
    for field in decl.fields.iter() {
        if errors.len() > MAX_ERRORS {
            return None;
        }
        let path = format!("{name}.{}", *field.name);
        if let Some(field_name) = field.name.sound()
            && let Some(first) = names.insert(field_name, field.name.span)
        {
            errors.push(LayoutError::TwiceField { path: path.clone(), at: field.name.span, first });
        }
        let mut levels = 0;
        let mut unplaced = unplaced(field, &path, (known, complete), (&mut levels, &mut count), errors);
        if let (Some(block), Some(records)) = (&mut unplaced, &field.records) {
            match live::records(records, &block.ty, (known, complete), &path, errors) {
                Some(inner) => {
                    count = count.saturating_add(inner.fields);
                    levels = 1 + inner.depth;
                    block.live.get_or_insert_default().records = Some(Arc::clone(&inner.layout));
                }
                None => unplaced = None,
            }
        }
        if let Some(block) = &mut unplaced {
            match variants::variants(field, &block.ty, (known, complete), &path, errors) {
                Ok(found) => {
                    if let Some(found) = found {
                        count = count.saturating_add(found.fields);
                        levels = 1 + found.depth;
                        block.variants = Some(Box::new(found.variants));
                    }
                }
                Err(()) => unplaced = None,
            }
        }
        depth = depth.max(1 + levels);
        if 1 + levels > MAX_DEPTH {
            errors.push(LayoutError::Deep { path: path.clone(), at: field.ty.span });
        }
        fields.push(unplaced);
    }
    live::check(decl, &fields, errors);
    variants::check(decl, &fields, errors);
    if count > MAX_FIELDS {
        errors.push(LayoutError::ManyFields { path: name, at: decl.name.span });
    }
    let layout = place(decl, fields, errors).filter(|_| errors.len() == before)?;
    Some(Made { layout: Arc::new(layout), depth, fields: count })
}

/// A field with its type looked up; `None` if that is not sound. The levels and the number of the fields of what it is
/// made of go into the third argument.
fn unplaced(
    field: &Located<FieldDecl>,
    path: &str,
    (known, complete): (&Known<'_>, bool),
    (levels, count): (&mut usize, &mut usize),
    errors: &mut Vec<LayoutError>,
) -> Option<Unplaced> {
    let end = text::end(field, path, errors);
    let at = field.ty.span;
    let resolved = match field.ty.sound().map(|ty| known.resolve(ty, end.unwrap_or(TextEnd::Nul)))? {
        Ok(resolved) => Some(resolved),
        Err(Unresolved::Unknown(ty)) => {
            if complete {
                let help = known.help(&ty);
                errors.push(LayoutError::UnknownType { path: path.to_owned(), ty, at, help });
            }
            None
        }
        Err(Unresolved::Large) => {
            errors.push(LayoutError::Large { path: path.to_owned(), at });
            None
        }
        Err(Unresolved::Unsound) => None,
    };
    *count = count.saturating_add(resolved.as_ref().map_or(1, |resolved| resolved.fields));
    let resolved = resolved?;
    *levels = resolved.depth;
    let width = bits::width(field, &resolved.ty, path).map_err(|error| errors.push(error.into())).ok()?;
    let name = |key: &Option<Located<FieldName>>| key.as_ref().map(|name| name.to_string());
    let live = Live { records: None, count: name(&field.count), length: name(&field.length), sum: name(&field.sum) };
    let live = (live != Live::default()).then(|| Box::new(live));
    let endian = endian(field, (&resolved.ty, width), path).map_err(|error| errors.push(error.into())).ok()?;
    let timestamp = timestamp(field, &resolved.ty, path).map_err(|error| errors.push(error.into())).ok()?;
    Some(Unplaced { ty: resolved.ty, width, live, timestamp, endian, variants: None })
}

/// In which order the bytes of the field's numbers stand.
fn endian(field: &FieldDecl, (ty, width): (&Type, Option<u8>), path: &str) -> Result<Endian, KeyError> {
    let Some(endian) = &field.endian else { return Ok(Endian::Little) };
    match innermost(ty) {
        Type::Scalar(_) | Type::Enum(_) if width.is_none() => Ok(endian.sound().copied().unwrap_or_default()),
        _ => {
            let what = if width.is_some() { "a bit-field of " } else { "" };
            let ty = format!("{what}`{}`", type_name(ty));
            Err(KeyError::EndianType { path: path.to_owned(), ty, at: endian.span })
        }
    }
}

/// What the field's integers count, if they are points in time.
fn timestamp(field: &FieldDecl, ty: &Type, path: &str) -> Result<Option<TimeUnit>, KeyError> {
    let Some(unit) = &field.timestamp else { return Ok(None) };
    match innermost(ty) {
        Type::Scalar(scalar) if scalar.integer_range().is_some() => Ok(unit.sound().copied()),
        _ => Err(KeyError::TimestampType { path: path.to_owned(), ty: type_name(ty), at: unit.span }),
    }
}

/// What arrays and containers hold in the end.
fn innermost(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Array(element, _) => element,
            Type::Container(container) => match &**container {
                Container::Vector(_, element, _) => element,
                Container::Optional(_, value) => value,
                Container::String(..) => return ty,
            },
            _ => return ty,
        };
    }
}
