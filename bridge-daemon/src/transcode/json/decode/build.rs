//! Layout to the tree of expectations. The layout was surveyed.

use super::{Field, Struct, Value};
use crate::config::plan::Tolerance;
use crate::layout::{self, Layout, Scalar, Type};
use crate::transcode::fields::Place;
use crate::transcode::json::escape::quoted;
use crate::transcode::named::Names;

pub(super) fn structure(layout: &Layout, tolerance: Tolerance) -> Struct {
    let name = |(index, field): (usize, &layout::Field)| (Box::from(field.name.as_bytes()), index);
    let mut names: Vec<_> = layout.fields.iter().enumerate().map(name).collect();
    names.sort();
    let fields = layout.fields.iter().map(|one| field(one, tolerance)).collect();
    Struct { fields, names, tolerance }
}

fn field(field: &layout::Field, tolerance: Tolerance) -> Field {
    let mut key = quoted(&field.name);
    key.push(b':');
    let place = Place::of(field.offset, &field.ty);
    Field { key: key.into_boxed_slice(), place, value: value(&field.ty, tolerance) }
}

fn value(ty: &Type, tolerance: Tolerance) -> Value {
    match ty {
        Type::Scalar(scalar) => Value::One(*scalar),
        Type::Text(len) => Value::Text(*len),
        Type::Bytes(len) => Value::Many(Scalar::U8, *len),
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
