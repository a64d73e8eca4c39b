//! Where a C compiler puts fields, and what to write so that it puts them where the layout has them.

use super::super::{Field, Layout, Type};

/// The largest number that compilers take in `#pragma pack`.
const MAX_PACK: usize = 16;

/// What stands in a struct's definition, in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Item<'a> {
    /// A field of the layout.
    Field(&'a Field),
    /// Bytes that must be written down, because the compiler would leave fewer.
    Padding(usize),
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
        && let Some(items) = items(layout, align_of, layout.align, aligns)
    {
        return Plan { items, pack: None, align: ask(natural) };
    }
    let pack = layout.align.min(MAX_PACK);
    if let Some(items) = items(layout, &|ty| align_of(ty).min(pack), natural.min(pack), aligns) {
        return Plan { items, pack: Some(pack), align: ask(natural.min(pack)) };
    }
    let items = items(layout, &|_| 1, if aligns { layout.align } else { 1 }, aligns).unwrap_or_default();
    Plan { items, pack: Some(1), align: ask(1) }
}

/// The fields with the padding between them; none if the compiler would put a field further back than it is.
fn items<'a>(
    layout: &'a Layout,
    align_of: &dyn Fn(&Type) -> usize,
    align: usize,
    aligns: bool,
) -> Option<Vec<Item<'a>>> {
    let mut items = Vec::with_capacity(layout.fields.len());
    let mut end = 0_usize;
    for field in &layout.fields {
        let step = align_of(&field.ty);
        if field.offset % step != 0 {
            return None;
        }
        if end.next_multiple_of(step) != field.offset {
            items.push(Item::Padding(field.offset.checked_sub(end)?));
        }
        items.push(Item::Field(field));
        end = field.offset + field.ty.size();
    }
    let reached = layout.fields.iter().map(|field| align_of(&field.ty)).max().unwrap_or(1);
    let rounded = end.next_multiple_of(if aligns { align.max(reached) } else { reached });
    if rounded != layout.size {
        items.push(Item::Padding(layout.size.checked_sub(end)?));
    }
    Some(items)
}
