//! Where the fields of one layout stand: C's rules for those without an offset, and the checks for all.

use super::error::{LayoutError, byte_words};
use super::file::{LayoutDecl, Padding};
use super::model::{Field, Layout, Type};
use crate::config::document::{Located, Span};
use crate::config::numbers::MAX_SIZE;

/// Fields a layout may have, those of layouts within it counted, an array's element counted once.
pub const MAX_FIELDS: usize = 65_536;

/// A field whose type is known.
struct Placed {
    path: String,
    name: String,
    span: Span,
    offset: u64,
    size: u64,
    align: u64,
    ty: Type,
}

impl Placed {
    fn end(&self) -> u64 {
        self.offset + self.size
    }
}

/// Makes the layout that `decl` describes; `types` has one entry a field, none where the type is at fault.
/// `None` when there is no sound layout; `errors` then has the reasons, unless they were reported before.
pub(super) fn place(
    decl: &Located<LayoutDecl>,
    types: Vec<Option<Type>>,
    errors: &mut Vec<LayoutError>,
) -> Option<Layout> {
    let before = errors.len();
    let mut sound = decl.sound && decl.fields.iter().all(|field| field.sound) && types.iter().all(Option::is_some);
    let mut fields = place_fields(decl, types, errors, &mut sound);
    fields.sort_by_key(|field| (field.offset, field.size));
    overlaps(&fields, errors);
    let align = alignment(decl, &fields, errors);
    let end = fields.iter().map(Placed::end).max().unwrap_or(0);
    let size = size(decl, &fields, end, align, errors, &mut sound);
    if sound && errors.len() == before && decl.padding == Padding::C {
        gaps(decl, &fields, size, align, errors);
    }
    if !sound || errors.len() != before {
        return None;
    }
    let field =
        |field: Placed| Some(Field { name: field.name, offset: usize::try_from(field.offset).ok()?, ty: field.ty });
    Some(Layout {
        name: decl.name.to_string(),
        size: usize::try_from(size).ok()?,
        align: usize::try_from(align).ok()?,
        fields: fields.into_iter().map(field).collect::<Option<_>>()?,
    })
}

fn place_fields(
    decl: &LayoutDecl,
    types: Vec<Option<Type>>,
    errors: &mut Vec<LayoutError>,
    sound: &mut bool,
) -> Vec<Placed> {
    let mut fields = Vec::with_capacity(types.len());
    // Where the field before this one ends; unknown once a field's place is.
    let mut cursor = Some(0_u64);
    for (field, ty) in decl.fields.iter().zip(types) {
        let path = format!("{}.{}", *decl.name, *field.name);
        let Some(ty) = ty else {
            cursor = None;
            continue;
        };
        let (size, align) = (ty.size() as u64, ty.align() as u64);
        let step = if decl.packed { 1 } else { align };
        let offset = match &field.offset {
            Some(offset) if offset.sound => Some((**offset, offset.span)),
            Some(_) => None,
            None => cursor.map(|cursor| (cursor.next_multiple_of(step), field.span)),
        };
        let Some((offset, span)) = offset else {
            *sound = false;
            cursor = None;
            continue;
        };
        if offset > MAX_SIZE || offset + size > MAX_SIZE {
            errors.push(LayoutError::Large { path, at: span });
            cursor = None;
            continue;
        }
        if offset % step != 0 {
            let (below, above) = (offset - offset % step, offset.next_multiple_of(step));
            let help = format!("write {below} or {above}, leave the offset out, or add `packed = true` to the layout");
            let ty = type_name(&ty);
            errors.push(LayoutError::Misaligned { path: path.clone(), ty, offset, align, at: span, help });
        }
        cursor = Some(offset + size);
        fields.push(Placed { path, name: field.name.to_string(), span: field.span, offset, size, align, ty });
    }
    fields
}

fn overlaps(fields: &[Placed], errors: &mut Vec<LayoutError>) {
    let mut furthest: Option<&Placed> = None;
    for field in fields {
        if let Some(other) = furthest.filter(|other| other.end() > field.offset) {
            errors.push(LayoutError::Overlap {
                path: field.path.clone(),
                start: field.offset,
                end: field.end(),
                other: other.path.clone(),
                other_start: other.offset,
                other_end: other.end(),
                at: field.span,
                other_at: other.span,
                help: format!("`{}` can begin at {} or later", field.name, other.end().next_multiple_of(field.align)),
            });
        }
        if furthest.is_none_or(|other| other.end() < field.end()) {
            furthest = Some(field);
        }
    }
}

fn alignment(decl: &LayoutDecl, fields: &[Placed], errors: &mut Vec<LayoutError>) -> u64 {
    let most = fields.iter().max_by_key(|field| field.align);
    let natural = if decl.packed { 1 } else { most.map_or(1, |field| field.align) };
    match (&decl.align, most) {
        (Some(given), _) if !given.sound => natural,
        (Some(given), Some(most)) if !decl.packed && (given.get() as u64) < natural => {
            errors.push(LayoutError::AlignLow {
                path: decl.name.to_string(),
                align: given.get() as u64,
                field: most.name.clone(),
                needed: natural,
                at: given.span,
            });
            natural
        }
        (Some(given), _) => given.get() as u64,
        (None, _) => natural,
    }
}

fn size(
    decl: &LayoutDecl,
    fields: &[Placed],
    end: u64,
    align: u64,
    errors: &mut Vec<LayoutError>,
    sound: &mut bool,
) -> u64 {
    let needed = end.next_multiple_of(align);
    let path = decl.name.to_string();
    let Some(given) = &decl.size else {
        if needed > MAX_SIZE {
            errors.push(LayoutError::Large { path, at: decl.name.span });
        }
        return needed;
    };
    if !given.sound || decl.align.as_ref().is_some_and(|align| !align.sound) {
        *sound = false;
        return needed;
    }
    let size = given.get() as u64;
    if let Some(last) = fields.iter().filter(|field| field.end() > size).max_by_key(|field| field.end()) {
        errors.push(LayoutError::Exceeds {
            path: last.path.clone(),
            end: last.end(),
            size,
            at: last.span,
            size_at: given.span,
            help: format!("write `size = {needed}`, or leave it out"),
        });
    } else if !size.is_multiple_of(align) {
        let help = format!("write `size = {}`, or leave it out", size.next_multiple_of(align));
        errors.push(LayoutError::SizeAlign { path, size, align, at: given.span, help });
    }
    size
}

/// Bytes of no field are padding when there are fewer than what follows needs to be aligned.
fn gaps(decl: &LayoutDecl, fields: &[Placed], size: u64, align: u64, errors: &mut Vec<LayoutError>) {
    let path = decl.name.to_string();
    let mut end = 0;
    for field in fields {
        // In a packed struct with an alignment (`#pragma pack(4)`), that is the most that a field is aligned to.
        let step = if decl.packed { field.align.min(align) } else { field.align };
        if field.offset - end >= step {
            errors.push(LayoutError::Gap {
                path: path.clone(),
                field: field.name.clone(),
                bytes: byte_words(end, field.offset),
                at: field.span,
            });
        }
        end = field.end();
    }
    if size - end >= align {
        let at = decl.size.as_ref().map_or(decl.name.span, |size| size.span);
        errors.push(LayoutError::TailGap { path, bytes: byte_words(end, size), at });
    }
}

/// A type as it is written in a layout file.
pub(super) fn type_name(ty: &Type) -> String {
    match ty {
        Type::Scalar(scalar) => scalar.name().to_owned(),
        Type::Text(len) => format!("char[{len}]"),
        Type::Bytes(len) => format!("u8[{len}]"),
        Type::Array(element, _) => type_name(element),
        Type::Struct(layout) => layout.name.clone(),
        Type::Enum(named) => named.name.clone(),
    }
}
