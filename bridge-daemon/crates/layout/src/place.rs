//! Where the fields of one layout stand: C's rules for those without an offset, and the checks for all.

use super::bits;
use super::error::{LayoutError, bit_words, byte_words};
use super::file::{LayoutDecl, Padding};
use super::key_error::KeyError;
use super::make::Unplaced;
use super::model::{Bits, Field, Layout, Type};
use super::type_name::type_name;
use crate::numbers::MAX_SIZE;
use bridge_document::{Located, Span};

/// Fields a layout may have, those of layouts within it counted, an array's element counted once.
pub const MAX_FIELDS: usize = 65_536;

/// A field whose place is known, in bits from the struct's start.
struct Placed {
    path: String,
    name: String,
    span: Span,
    start: u64,
    end: u64,
    /// Of a bit-field whose integer the file says: the offset of that.
    unit: Option<u64>,
    align: u64,
    field: Unplaced,
}

impl Placed {
    /// The byte in which it begins.
    fn first(&self) -> u64 {
        self.start / 8
    }

    /// The byte behind it.
    fn end(&self) -> u64 {
        self.end.div_ceil(8)
    }

    /// The byte behind everything that is read and written with it.
    fn reach(&self) -> u64 {
        self.unit.map_or(self.end(), |offset| offset + self.field.ty.size() as u64)
    }

    /// The field, of a layout of `size` bytes.
    fn into_field(self, size: u64, packed: bool, errors: &mut Vec<LayoutError>) -> Option<Field> {
        let Self {
            path,
            name,
            span,
            start,
            end,
            unit,
            field: Unplaced { ty, width, live, timestamp, endian, variants },
            ..
        } = self;
        let (offset, ty) = match (width, unit) {
            (None, _) => (start / 8, ty),
            (Some(width), Some(offset)) => {
                let shift = u8::try_from(start - 8 * offset).ok()?;
                (offset, Type::Bits(Box::new(Bits { ty, shift, width })))
            }
            (Some(width), None) => {
                let found = bits::unit(ty, start, width, size, packed);
                if found.is_none() {
                    let bytes = byte_words(start / 8, end.div_ceil(8));
                    errors.push(KeyError::NoUnit { path, bytes, size, at: span }.into());
                }
                found?
            }
        };
        Some(Field { name, offset: usize::try_from(offset).ok()?, ty, live, timestamp, endian, variants })
    }
}

/// Makes the layout that `decl` describes; `fields` has one entry a field, none where the type is at fault.
/// `None` when there is no sound layout; `errors` then has the reasons, unless they were reported before.
pub(super) fn place(
    decl: &Located<LayoutDecl>,
    fields: Vec<Option<Unplaced>>,
    errors: &mut Vec<LayoutError>,
) -> Option<Layout> {
    let before = errors.len();
    let mut sound = decl.sound && decl.fields.iter().all(|field| field.sound) && fields.iter().all(Option::is_some);
    let mut fields = place_fields(decl, fields, errors, &mut sound);
    fields.sort_by_key(|field| (field.start, field.end));
    overlaps(&fields, errors);
    let align = alignment(decl, &fields, errors);
    let end = fields.iter().map(Placed::reach).max().unwrap_or(0);
    let size = size(decl, &fields, end, align, errors, &mut sound);
    if sound && errors.len() == before && decl.padding == Padding::C {
        gaps(decl, &fields, size, align, errors);
    }
    if !sound || errors.len() != before {
        return None;
    }
    let fields: Vec<_> = fields.into_iter().map(|field| field.into_field(size, decl.packed, errors)).collect();
    Some(Layout {
        name: decl.name.to_string(),
        size: usize::try_from(size).ok()?,
        align: usize::try_from(align).ok()?,
        fields: fields.into_iter().collect::<Option<_>>()?,
    })
}

fn place_fields(
    decl: &LayoutDecl,
    fields: Vec<Option<Unplaced>>,
    errors: &mut Vec<LayoutError>,
    sound: &mut bool,
) -> Vec<Placed> {
    let mut placed = Vec::with_capacity(fields.len());
    // The bit where the field before this one ends; unknown once a field's place is.
    let mut cursor = Some(0_u64);
    for (field, unplaced) in decl.fields.iter().zip(fields) {
        let path = format!("{}.{}", *decl.name, *field.name);
        let Some(unplaced) = unplaced else {
            cursor = None;
            continue;
        };
        let (size, align) = (unplaced.ty.size() as u64, unplaced.align() as u64);
        let step = if decl.packed { 1 } else { align };
        let (width, bit) = (unplaced.width.map(u64::from), field.bit.as_ref().map_or(0, |bit| **bit));
        // Bits are counted only up to what a sample has room for.
        let within = |byte: u64| (byte <= MAX_SIZE && byte + size <= MAX_SIZE).then(|| 8 * byte);
        let (start, unit, span) = match (&field.offset, width) {
            (Some(offset), _) if !offset.sound => (None, None, field.span),
            (Some(offset), None) => (Some(within(**offset)), None, offset.span),
            (Some(offset), Some(_)) => {
                (Some(within(**offset).map(|start| start + bit.min(8 * size))), Some(**offset), offset.span)
            }
            (None, None) => {
                let next = |cursor: u64| within(cursor.div_ceil(8).next_multiple_of(step));
                (cursor.map(next), None, field.span)
            }
            (None, Some(width)) => {
                let next = |cursor| bits::start(cursor, width, size, decl.packed);
                let within = |start: u64| within(start / 8).map(|_| start);
                (cursor.map(next).map(within), None, field.span)
            }
        };
        let Some(start) = start else {
            *sound = false;
            cursor = None;
            continue;
        };
        let Some(start) = start else {
            errors.push(LayoutError::Large { path, at: span });
            cursor = None;
            continue;
        };
        if let Some(offset) = field.offset.as_ref().map(|offset| **offset)
            && offset % step != 0
        {
            let (below, above) = (offset - offset % step, offset.next_multiple_of(step));
            let help = format!("write {below} or {above}, leave the offset out, or add `packed = true` to the layout");
            let ty = type_name(&unplaced.ty);
            errors.push(LayoutError::Misaligned { path: path.clone(), ty, offset, align, at: span, help });
        }
        let end = start + width.unwrap_or(8 * size);
        cursor = Some(end);
        let name = field.name.to_string();
        placed.push(Placed { path, name, span: field.span, start, end, unit, align, field: unplaced });
    }
    placed
}

fn overlaps(fields: &[Placed], errors: &mut Vec<LayoutError>) {
    let mut furthest: Option<&Placed> = None;
    for field in fields {
        if let Some(other) = furthest.filter(|other| other.end > field.start) {
            let help = if field.field.width.is_some() {
                format!("`{}` can begin at bit {} of byte {} or later", field.name, other.end % 8, other.end / 8)
            } else {
                format!("`{}` can begin at {} or later", field.name, other.end().next_multiple_of(field.align))
            };
            errors.push(LayoutError::Overlap {
                path: field.path.clone(),
                place: bit_words(field.start, field.end),
                other: other.path.clone(),
                other_place: bit_words(other.start, other.end),
                at: field.span,
                other_at: other.span,
                help,
            });
        }
        if furthest.is_none_or(|other| other.end < field.end) {
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
    let beyond = fields.iter().filter(|field| field.reach() > size).max_by_key(|field| (field.end(), field.reach()));
    if let Some((last, offset)) = beyond.and_then(|field| Some((field, field.unit?))) {
        let (path, ty, end) = (last.path.clone(), type_name(&last.field.ty), last.reach());
        errors.push(KeyError::UnitExceeds { path, ty, offset, end, size, at: last.span, size_at: given.span }.into());
    } else if let Some(last) = beyond {
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
        // Bit-fields may leave bits of a byte out, and share one.
        if field.first().saturating_sub(end) >= step {
            errors.push(LayoutError::Gap {
                path: path.clone(),
                field: field.name.clone(),
                bytes: byte_words(end, field.first()),
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
