//! Tree to the tree of expectations.

use rmp::encode::write_str;

use super::live::{LiveList, Of};
use super::{Element, Field, KEY_WORDS, OneOf, Optional, Struct, Value};
use crate::fields::Place;
use crate::format::Tolerance;
use crate::leaf::Taker;
use crate::told::Told;
use bridge_layout::tree::{self, End, Extent, Kind, List, Member};
use bridge_layout::{Scalar, TextEnd};

/// What is expected of a value.
pub(super) fn element(value: &tree::Value, tolerance: Tolerance) -> Element {
    Element { at: value.at, value: kind(&value.kind, tolerance) }
}

fn kind(kind: &Kind, tolerance: Tolerance) -> Value {
    match kind {
        Kind::Scalar(Scalar::F32) if tolerance.exact => Value::ExactFloat,
        Kind::Scalar(scalar) => Value::One(*scalar),
        Kind::Leaf(leaf) if leaf.is_swapped_number() => {
            let scalar = leaf.cell.scalar;
            Value::Swapped(Box::new(self::kind(&Kind::Scalar(scalar), tolerance)), scalar.size())
        }
        Kind::Leaf(leaf) => Value::Leaf(Box::new(Taker::new(leaf))),
        Kind::Text(text) => match text.end {
            End::Bytes(TextEnd::Nul) => Value::Text(text.capacity),
            _ => Value::OtherText(Box::new(*text)),
        },
        Kind::Bytes(Extent { capacity, live: None }) => Value::Bytes(*capacity),
        Kind::Bytes(Extent { capacity, live: Some(live) }) => {
            Value::Live(Box::new(LiveList { live: *live, capacity: *capacity, stride: 1, of: Of::Bytes }))
        }
        Kind::List(one) => list(one, tolerance),
        Kind::Struct(inner) => Value::Struct(structure(inner, tolerance)),
        Kind::Optional(optional) => Value::Optional(Box::new(Optional {
            flag: optional.flag,
            size: optional.size,
            some: element(&optional.value, tolerance),
        })),
        Kind::OneOf(inner) => {
            let structs = inner.cases.iter().map(|case| structure(&inner.structure(case), tolerance)).collect();
            Value::OneOf(Box::new(OneOf { told: Told::new(inner), structs }))
        }
        Kind::Constant(_) => Value::Ignored,
        Kind::Nil => Value::Nil,
    }
}

fn list(List { element: value, stride, extent }: &List, tolerance: Tolerance) -> Value {
    let scalar = match value.kind {
        Kind::Scalar(Scalar::F32) if tolerance.exact => None,
        Kind::Scalar(scalar) if value.at == 0 && scalar.size() == *stride => Some(scalar),
        _ => None,
    };
    let Extent { capacity, live } = *extent;
    match (live, scalar) {
        (None, Some(scalar)) => Value::Many(scalar, capacity),
        (None, None) => {
            Value::Repeat { count: capacity, stride: *stride, element: Box::new(element(value, tolerance)) }
        }
        (Some(live), scalar) => {
            let of = scalar.map_or_else(|| Of::Elements(element(value, tolerance)), Of::Scalars);
            Value::Live(Box::new(LiveList { live, capacity, stride: *stride, of }))
        }
    }
}

fn structure(structure: &tree::Struct, tolerance: Tolerance) -> Struct {
    let is_read = |member: &&Member| !matches!(member.value.kind, Kind::Constant(_));
    let members = || structure.members.iter().filter(is_read);
    let name = |(index, member): (usize, &Member)| (Box::from(member.name.as_bytes()), index);
    let mut names: Vec<_> = members().enumerate().map(name).collect();
    names.sort();
    let fields = members().map(|member| field(member, tolerance)).collect();
    Struct { fields, names, fixed: structure.fixed.clone(), tolerance }
}

fn field(member: &Member, tolerance: Tolerance) -> Field {
    let (key, key_len) = key(&member.name).unwrap_or_default();
    Field { key, key_len, place: Place::of_member(member), value: kind(&member.value.kind, tolerance) }
}

/// The name as a key, in words, and its length with the header; `None` if it is too long for that.
fn key(name: &str) -> Option<([u64; KEY_WORDS], usize)> {
    if name.len() >= 8 * KEY_WORDS {
        return None;
    }
    let mut bytes = Vec::new();
    write_str(&mut bytes, name).ok()?;
    let len = bytes.len();
    bytes.resize(8 * KEY_WORDS, 0);
    let mut key = [0; KEY_WORDS];
    for (word, chunk) in key.iter_mut().zip(bytes.chunks_exact(8)) {
        *word = chunk.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    }
    Some((key, len))
}
