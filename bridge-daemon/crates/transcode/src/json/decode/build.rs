//! Tree of a layout to the tree of expectations.

use super::{Field, Kind, Struct, Value};
use crate::fields::Place;
use crate::format::Tolerance;
use crate::json::escape::quoted;
use crate::leaf::Taker;
use crate::told::Told;
use bridge_layout::tree::{self, List, Meaning, Member, Optional, Span};

pub(super) fn value(value: &tree::Value, tolerance: Tolerance) -> Value {
    let (at, kind) = match &value.kind {
        tree::Kind::Scalar(scalar) => (value.at, Kind::One(*scalar)),
        tree::Kind::Leaf(leaf) if leaf.is_swapped_number() => (value.at, Kind::Swapped(leaf.cell.scalar)),
        tree::Kind::Leaf(leaf) => match leaf.meaning {
            Meaning::Scaled(_) => (value.at, Kind::Scaled(Taker::new(leaf))),
            Meaning::Integer | Meaning::Float | Meaning::Bool | Meaning::Enum(_) | Meaning::Timestamp(_) => {
                (value.at, Kind::Leaf(Taker::new(leaf)))
            }
        },
        tree::Kind::Text(text) => (value.at, Kind::Text(*text)),
        tree::Kind::Bytes(extent) => (value.at, Kind::Bytes(*extent)),
        tree::Kind::List(list) => (value.at, self::list(list, tolerance)),
        tree::Kind::Struct(inner) => (value.at, Kind::Struct(structure(inner, tolerance))),
        tree::Kind::Optional(Optional { flag, value, size }) => {
            let bytes = Span { at: value.at, len: *size };
            (*flag, Kind::Optional { value: Box::new(self::value(value, tolerance)), bytes })
        }
        tree::Kind::OneOf(inner) => {
            let structs = inner.cases.iter().map(|case| structure(&inner.structure(case), tolerance)).collect();
            (value.at, Kind::OneOf(Told::new(inner), structs))
        }
        tree::Kind::Constant(_) => (value.at, Kind::Nothing),
        tree::Kind::Nil => (value.at, Kind::Nil),
    };
    Value { at, kind }
}

fn list(List { element, stride, extent }: &List, tolerance: Tolerance) -> Kind {
    match element.kind {
        tree::Kind::Scalar(scalar) if element.at == 0 => Kind::Many(scalar, *extent),
        _ => Kind::Repeat { element: Box::new(value(element, tolerance)), stride: *stride, extent: *extent },
    }
}

fn structure(inner: &tree::Struct, tolerance: Tolerance) -> Struct {
    let is_read = |member: &&Member| !matches!(member.value.kind, tree::Kind::Constant(_));
    let members: Vec<_> = inner.members.iter().filter(is_read).collect();
    let name = |(index, member): (usize, &&Member)| (Box::from(member.name.as_bytes()), index);
    let mut names: Vec<_> = members.iter().enumerate().map(name).collect();
    names.sort();
    let fields = members.iter().map(|member| field(member, tolerance)).collect();
    Struct { fields, names, fixed: inner.fixed.clone(), tolerance }
}

fn field(member: &Member, tolerance: Tolerance) -> Field {
    let mut key = quoted(&member.name);
    key.push(b':');
    let value = value(&member.value, tolerance);
    Field { key: key.into_boxed_slice(), place: Place::of_member(member), value }
}
