//! Layout to tree.

use std::collections::HashMap;
use std::sync::Arc;

use super::{
    Cell, Characters, End, Extent, Kind, Leaf, List, Live, Meaning, Member, Optional, Slot, Struct, Text, Tree, Value,
};
use crate::layout::model::{self, Container, Field, Layout, Scalar, Stack, Type};

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
        let kind = Kind::Struct(structure(layout, 0, &layout.name)?);
        Ok(Self { name: layout.name.clone(), size: layout.size, value: Value { at: 0, kind }, fixed: Vec::new() })
    }
}

fn structure(layout: &Layout, base: usize, path: &str) -> Result<Struct, TreeError> {
    let mut tellers: HashMap<&str, ()> = HashMap::new();
    let tell = layout.fields.iter().filter_map(|field| field.live.as_deref());
    for teller in tell.flat_map(|live| [&live.count, &live.length, &live.sum]).flatten() {
        if tellers.insert(teller, ()).is_some() {
            return Err(TreeError::TwoTold { teller: format!("{path}.{teller}") });
        }
    }
    let mut members = Vec::new();
    for field in layout.fields.iter().filter(|field| !tellers.contains_key(field.name.as_str())) {
        let path = format!("{path}.{}", field.name);
        let at = base + field.offset;
        let mut kind = match &field.live {
            None => kind(&field.ty, at, &path)?,
            Some(live) => live_kind(field, live, layout, base, &path)?,
        };
        if let Some(unit) = field.timestamp {
            kind.make_timestamps(unit);
        }
        members.push(Member { name: field.name.clone(), value: Value { at, kind }, default: None });
    }
    Ok(Struct { members, fixed: Vec::new() })
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
        Type::Struct(layout) => Kind::Struct(structure(layout, at, path)?),
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
    Kind::Leaf(Arc::new(Leaf { cell: Cell { scalar, bits }, meaning }))
}

fn list(element: &Type, extent: Extent, path: &str) -> Result<Kind, TreeError> {
    let value = Value { at: 0, kind: kind(element, 0, path)? };
    Ok(Kind::List(List { element: Box::new(value), stride: element.size(), extent }))
}

fn container(container: &Container, at: usize, path: &str) -> Result<Kind, TreeError> {
    let parts = container.parts();
    let live = || Live { count: Some(Slot { at: at + parts.tag, scalar: Scalar::U64 }), ..Live::default() };
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
                Ok(Some(Slot { at: base + other.offset, scalar: *scalar }))
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
