//! Where a C compiler puts fields, and what to write so that it puts them where the layout has them.

use super::super::{Field, Layout, Type};
use super::lower::lowest_bit;

/// The largest number that compilers take in `#pragma pack`.
const MAX_PACK: usize = 16;

/// What stands in a struct's definition, in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Item<'a> {
    /// A field of the layout.
    Field(&'a Field),
    /// Bytes that must be written down, because the compiler would leave fewer.
    Padding(usize),
    /// Bits, at most 7, before a bit-field.
    BitPadding(usize),
}

/// How to define a struct.
#[derive(Debug, PartialEq)]
pub(super) struct Plan<'a> {
    pub(super) items: Vec<Item<'a>>,
    /// The most that a field is aligned to (`#pragma pack`), if that is to be limited.
    pub(super) pack: Option<usize>,
    /// The alignment to ask for (`alignas`), where the fields do not bring it about.
    pub(super) align: Option<usize>,
}

/// Plans the definition of a struct in a language in which a type of the layout has the alignment `align_of`.
/// Where `aligns` is false, the language knows no alignment beyond that of the fields.
pub(super) fn plan<'a>(layout: &'a Layout, align_of: &dyn Fn(&Type) -> usize, aligns: bool) -> Plan<'a> {
    let natural = layout.fields.iter().map(|field| align_of(&field.ty)).max().unwrap_or(1);
    let ask = |reached: usize| (aligns && layout.align > reached).then_some(layout.align);
    if natural <= layout.align
        && let Some(items) = items(layout, align_of, layout.align, aligns, false)
    {
        return Plan { items, pack: None, align: ask(natural) };
    }
    let pack = layout.align.min(MAX_PACK);
    if let Some(items) = items(layout, &|ty| align_of(ty).min(pack), natural.min(pack), aligns, true) {
        return Plan { items, pack: Some(pack), align: ask(natural.min(pack)) };
    }
    let items = items(layout, &|_| 1, if aligns { layout.align } else { 1 }, aligns, true).unwrap_or_default();
    Plan { items, pack: Some(1), align: ask(1) }
}

/// The fields with the padding between them; none if the compiler would put a field elsewhere than it is.
fn items<'a>(
    layout: &'a Layout,
    align_of: &dyn Fn(&Type) -> usize,
    align: usize,
    aligns: bool,
    packed: bool,
) -> Option<Vec<Item<'a>>> {
    let mut writer = Writer { items: Vec::with_capacity(layout.fields.len()), end: 0, packed };
    for field in in_order(layout) {
        let step = align_of(&field.ty);
        match &field.ty {
            Type::Bits(bits) => writer.bits(field, lowest_bit(field.offset, bits), bits.width.into(), step)?,
            _ => writer.field(field, step)?,
        }
    }
    let reached = layout.fields.iter().map(|field| align_of(&field.ty)).max().unwrap_or(1);
    let end = writer.end.div_ceil(8);
    let rounded = end.next_multiple_of(if aligns { align.max(reached) } else { reached });
    if rounded != layout.size {
        writer.items.push(Item::Padding(layout.size.checked_sub(end)?));
    }
    Some(writer.items)
}

/// The fields in the order in which they begin; the integers around bit-fields may begin before others.
fn in_order(layout: &Layout) -> Vec<&Field> {
    let first_bit = |field: &&Field| match &field.ty {
        Type::Bits(bits) => lowest_bit(field.offset, bits),
        _ => field.offset * 8,
    };
    let mut fields: Vec<&Field> = layout.fields.iter().collect();
    fields.sort_by_key(first_bit);
    fields
}

/// Items up to where they end.
struct Writer<'a> {
    items: Vec<Item<'a>>,
    /// In bits.
    end: usize,
    packed: bool,
}

impl<'a> Writer<'a> {
    /// A field that is aligned to `step`.
    fn field(&mut self, field: &'a Field, step: usize) -> Option<()> {
        if !field.offset.is_multiple_of(step) {
            return None;
        }
        let end = self.end.div_ceil(8);
        if end.next_multiple_of(step) != field.offset {
            self.items.push(Item::Padding(field.offset.checked_sub(end).filter(|bytes| *bytes > 0)?));
        }
        self.items.push(Item::Field(field));
        self.end = (field.offset + field.ty.size()) * 8;
        Some(())
    }

    /// A bit-field from the bit `at` on, of a type that is aligned to `step`. A compiler puts it behind what comes before
    /// it, unless it would then cross a boundary of the type; in packed structs it does not care.
    fn bits(&mut self, field: &'a Field, at: usize, width: usize, step: usize) -> Option<()> {
        let unit = step * 8;
        let fits = |at: usize| self.packed || at % unit + width <= unit;
        let placed = if fits(self.end) { self.end } else { self.end.next_multiple_of(unit) };
        let fits = fits(at);
        if placed != at {
            let missing = at.checked_sub(self.end)?;
            let to_byte = self.end.next_multiple_of(8) - self.end;
            let rest = missing.checked_sub(to_byte);
            match rest {
                Some(rest) if rest / 8 > 0 => self.items.push(Item::Padding(rest / 8)),
                Some(_) if to_byte > 0 => self.items.push(Item::BitPadding(to_byte)),
                Some(_) => {}
                None => self.items.push(Item::BitPadding(missing)),
            }
            self.items.extend(rest.map(|rest| rest % 8).filter(|bits| *bits > 0).map(Item::BitPadding));
            if !fits {
                return None;
            }
        }
        self.items.push(Item::Field(field));
        self.end = at + width;
        Some(())
    }
}
