//! Layout to the tree of expectations. The layout was surveyed.

use rmp::encode::write_str;

use super::{Field, KEY_WORDS, Struct, Value};
use crate::config::plan::Tolerance;
use crate::layout::{self, Layout, Type};
use crate::transcode::fields::Place;
use crate::transcode::named::Names;

pub(super) fn structure(layout: &Layout, tolerance: Tolerance) -> Struct {
    let name = |(index, field): (usize, &layout::Field)| (Box::from(field.name.as_bytes()), index);
    let mut names: Vec<_> = layout.fields.iter().enumerate().map(name).collect();
    names.sort();
    let fields = layout.fields.iter().map(|one| field(one, tolerance)).collect();
    Struct { fields, names, tolerance }
}

fn field(field: &layout::Field, tolerance: Tolerance) -> Field {
    let (key, key_len) = key(&field.name).unwrap_or_default();
    Field { key, key_len, place: Place::of(field.offset, &field.ty), value: value(&field.ty, tolerance) }
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

fn value(ty: &Type, tolerance: Tolerance) -> Value {
    match ty {
        Type::Scalar(scalar) => Value::One(*scalar),
        Type::Text(len) => Value::Text(*len),
        Type::Bytes(len) => Value::Bytes(*len),
        Type::Array(element, count) => match **element {
            Type::Scalar(scalar) => Value::Many(scalar, *count),
            ref element => {
                Value::Repeat { count: *count, stride: element.size(), element: Box::new(value(element, tolerance)) }
            }
        },
        Type::Struct(layout) => Value::Struct(structure(layout, tolerance)),
        Type::Enum(named) => Value::Enum(Names::new(named)),
    }
}
