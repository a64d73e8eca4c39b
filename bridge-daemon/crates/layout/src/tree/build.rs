//! Layout to tree.

use std::collections::HashMap;
use std::sync::Arc;

use super::{
    Case, Cell, Characters, End, Extent, Kind, Leaf, List, Live, Meaning, Member, OneOf, Optional, Slot, Struct, Tag,
    Text, Tree, Value,
};
use crate::model::{self, Container, Field, Layout, Scalar, Stack, Type, Variant, Variants};
use crate::tree::UnionsAs;

/// Values that programs made of one layout have at most: a layout has no more fields, but unions have some many times.
const MAX_VALUES: usize = 1 << 18;

/// Why a layout has no tree. A field's path is given from the outermost layout down, dots between the names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// A live part is to be told by a field that is not there, or is no integer.
    #[error("`{path}` has its live part told by `{teller}`, which is not an integer field beside it")]
    Teller {
        /// The field with the live part.
        path: String,
        /// The field that is to tell it.
        teller: String,
    },
    /// A field tells the live part of two others.
    #[error("`{teller}` tells two things; a field can tell only one")]
    TwoTold {
        /// The field that tells.
        teller: String,
    },
    /// What a union holds is to be told by a field that is not there, or is no such enum.
    #[error("what the union `{path}` holds is told by `{tag}`, which is not an enum beside it with these values")]
    Tag {
        /// The union.
        path: String,
        /// The field that is to tell it.
        tag: String,
    },
    /// Unions in structs with unions.
    #[error("the unions of `{layout}` make more than {MAX_VALUES} values of it")]
    ManyValues {
        /// The layout.
        layout: String,
    },
    /// A field has a live part but is neither bytes, nor text, nor an array.
    #[error("`{path}` has a live part, which only bytes, text and arrays can have")]
    NoParts {
        /// The field.
        path: String,
    },
}

impl Tree {
    /// The tree of a sound layout.
    ///
    /// # Errors
    ///
    /// The live part of a field is not told as it should be.
    pub fn of(layout: &Layout) -> Result<Self, TreeError> {
        let kind = structure(layout, 0, &layout.name)?;
        let mut rest = MAX_VALUES;
        count(&kind, &mut rest).ok_or_else(|| TreeError::ManyValues { layout: layout.name.clone() })?;
        Ok(Self { name: layout.name.clone(), size: layout.size, value: Value { at: 0, kind }, fixed: Vec::new() })
    }
}

/// Counts the values that programs made of this have, where each case of a union has all members of the struct around
/// it; `None` if there are more than `rest`.
fn count(kind: &Kind, rest: &mut usize) -> Option<()> {
    *rest = rest.checked_sub(1)?;
    match kind {
        Kind::Struct(inner) => inner.members.iter().try_for_each(|member| count(&member.value.kind, rest)),
        Kind::List(list) => count(&list.element.kind, rest),
        Kind::Optional(optional) => count(&optional.value.kind, rest),
        Kind::OneOf(one_of) => one_of.cases.iter().try_for_each(|case| {
            one_of.shared.members.iter().try_for_each(|member| count(&member.value.kind, rest))?;
            case.content.iter().try_for_each(|content| count(&content.kind, rest))
        }),
        _ => Some(()),
    }
}

/// A struct, or one of several if it has a union.
fn structure(layout: &Layout, base: usize, path: &str) -> Result<Kind, TreeError> {
    let mut tellers: HashMap<&str, ()> = HashMap::new();
    let tell = layout.fields.iter().filter_map(|field| field.live.as_deref());
    for teller in tell.flat_map(|live| [&live.count, &live.length, &live.sum]).flatten() {
        if tellers.insert(teller, ()).is_some() {
            return Err(TreeError::TwoTold { teller: format!("{path}.{teller}") });
        }
    }
    let mut members = Vec::new();
    let mut union = None;
    for field in layout.fields.iter().filter(|field| !tellers.contains_key(field.name.as_str())) {
        if let Some(variants) = &field.variants {
            union = Some((field, &**variants, members.len()));
            continue;
        }
        let path = format!("{path}.{}", field.name);
        let at = base + field.offset;
        let kind = match &field.live {
            None => kind(&field.ty, at, &path)?,
            Some(live) => live_kind(field, live, layout, base, &path)?,
        };
        let mut value = Value { at, kind };
        let innermost = value.innermost_mut();
        if field.endian.is_swapped() {
            innermost.kind.swap();
        }
        if let (Some(unit), Some(cell)) = (field.timestamp, innermost.kind.integer()) {
            innermost.kind = Kind::Leaf(Arc::new(Leaf { cell, meaning: Meaning::Timestamp(unit) }));
        }
        members.push(Member { name: field.name.clone(), value, default: None });
    }
    let shared = Struct { members, fixed: Vec::new() };
    match union {
        None => Ok(Kind::Struct(shared)),
        Some(union) => one_of(layout, shared, union, base, path),
    }
}

impl Kind {
    /// Has the bytes of a number or an enum stand in the other order.
    fn swap(&mut self) {
        let leaf = match self {
            Self::Scalar(scalar) => {
                let meaning = if scalar.integer_range().is_some() { Meaning::Integer } else { Meaning::Float };
                Leaf { cell: Cell::of(*scalar), meaning }
            }
            Self::Leaf(leaf) if leaf.cell.bits.is_none() => (**leaf).clone(),
            _ => return,
        };
        if leaf.cell.scalar.size() > 1 {
            *self = Self::Leaf(Arc::new(Leaf { cell: Cell { swapped: true, ..leaf.cell }, ..leaf }));
        }
    }
}

/// A struct with a union, before which so many members stand.
fn one_of(
    layout: &Layout,
    shared: Struct,
    (field, variants, position): (&Field, &Variants, usize),
    base: usize,
    path: &str,
) -> Result<Kind, TreeError> {
    let union = format!("{path}.{}", field.name);
    let untold = || TreeError::Tag { path: union.clone(), tag: variants.tag.clone() };
    let tag = layout.fields.iter().find_map(|other| match &other.ty {
        Type::Enum(named) if other.name == variants.tag => Some((other, named)),
        _ => None,
    });
    let (tag, named) = tag.ok_or_else(untold)?;
    let mut cases = Vec::with_capacity(variants.cases.len());
    for Variant { name, layout } in &variants.cases {
        let (_, value) = named.values.iter().find(|(known, _)| known == name).ok_or_else(untold)?;
        let at = base + field.offset;
        let content = match layout {
            Some(layout) => Some(Value { at, kind: structure(layout, at, &format!("{union}.{name}"))? }),
            None => None,
        };
        cases.push(Case { value: *value, name: name.clone(), content });
    }
    let cell = Cell { swapped: tag.endian.is_swapped() && named.repr.size() > 1, ..Cell::of(named.repr) };
    let tag = Tag { at: base + tag.offset, cell, name: tag.name.clone() };
    let (name, size) = (field.name.clone(), layout.size);
    Ok(Kind::OneOf(Box::new(OneOf { shared, tag, name, position, cases, size, form: UnionsAs::default() })))
}

fn kind(ty: &Type, at: usize, path: &str) -> Result<Kind, TreeError> {
    Ok(match ty {
        Type::Scalar(scalar) => Kind::Scalar(*scalar),
        Type::Text(text) => Kind::Text(Text {
            capacity: text.capacity,
            room: text.capacity,
            end: End::Bytes(text.end),
            characters: Characters::Any,
        }),
        Type::Bytes(len) => Kind::Bytes(Extent { capacity: *len, live: None }),
        Type::Array(element, len) => list(element, Extent { capacity: *len, live: None }, path)?,
        Type::Struct(layout) => structure(layout, at, path)?,
        Type::Enum(_) => leaf(ty, None),
        Type::Bits(bits) => leaf(&bits.ty, Some((bits.shift, bits.width))),
        Type::Container(container) => self::container(container, at, path)?,
    })
}

fn leaf(ty: &Type, bits: Option<(u8, u8)>) -> Kind {
    let (scalar, meaning) = match ty {
        Type::Enum(named) => (named.repr, Meaning::Enum(Arc::clone(named))),
        Type::Scalar(Scalar::Bool) => (Scalar::U8, Meaning::Bool),
        Type::Scalar(scalar) => (*scalar, Meaning::Integer),
        // No such bit-field comes out of a layout file, or of the survey.
        _ => (Scalar::U8, Meaning::Integer),
    };
    Kind::Leaf(Arc::new(Leaf { cell: Cell { bits, ..Cell::of(scalar) }, meaning }))
}

fn list(element: &Type, extent: Extent, path: &str) -> Result<Kind, TreeError> {
    let value = Value { at: 0, kind: kind(element, 0, path)? };
    Ok(Kind::List(List { element: Box::new(value), stride: element.size(), extent }))
}

fn container(container: &Container, at: usize, path: &str) -> Result<Kind, TreeError> {
    let parts = container.parts();
    let live =
        || Live { count: Some(Slot { at: at + parts.tag, scalar: Scalar::U64, swapped: false }), ..Live::default() };
    Ok(match container {
        Container::String(stack, capacity) => {
            let characters = match stack {
                Stack::Classic => Characters::WithoutNul,
                Stack::Iceoryx2 => Characters::AsciiWithoutNul,
            };
            Kind::Text(Text { capacity: *capacity, room: capacity + 1, end: End::Live(live()), characters })
        }
        Container::Vector(_, element, capacity) => {
            let extent = Extent { capacity: *capacity, live: Some(live()) };
            // A vector of bytes is an array of numbers, which is what serde makes of it.
            list(element, extent, path)?
        }
        Container::Optional(_, inner) => {
            let place = at + parts.data;
            let value = Box::new(Value { at: place, kind: kind(inner, place, path)? });
            Kind::Optional(Optional { flag: at + parts.tag, value, size: inner.size() })
        }
    })
}

/// A field with a live part that its neighbours in `layout`, which starts at `base`, tell of.
fn live_kind(field: &Field, live: &model::Live, layout: &Layout, base: usize, path: &str) -> Result<Kind, TreeError> {
    let slot = |teller: &Option<String>| {
        let Some(teller) = teller else { return Ok(None) };
        let found = layout.fields.iter().find(|other| other.name == *teller);
        match found.map(|other| (other, &other.ty)) {
            Some((other, Type::Scalar(scalar))) if scalar.integer_range().is_some() => {
                Ok(Some(Slot { at: base + other.offset, scalar: *scalar, swapped: other.endian.is_swapped() }))
            }
            _ => Err(TreeError::Teller { path: path.to_owned(), teller: teller.clone() }),
        }
    };
    let places = Live { count: slot(&live.count)?, length: slot(&live.length)?, sum: slot(&live.sum)? };
    let is_told = places.count.is_some() || places.length.is_some();
    let extent = |capacity| Extent { capacity, live: (places != Live::default()).then_some(places) };
    match (&field.ty, &live.records) {
        (Type::Bytes(len), Some(record)) if record.size <= *len => {
            list(&Type::Struct(Arc::clone(record)), extent(len / record.size), path)
        }
        (Type::Bytes(len), None) => Ok(Kind::Bytes(extent(*len))),
        (Type::Array(element, len), None) => list(element, extent(*len), path),
        (Type::Text(text), None) if is_told => Ok(Kind::Text(Text {
            capacity: text.capacity,
            room: text.capacity,
            end: End::Live(places),
            characters: Characters::Any,
        })),
        _ => Err(TreeError::NoParts { path: path.to_owned() }),
    }
}
