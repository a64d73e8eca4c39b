//! How documents show what could be shown in several ways.

use std::sync::Arc;

use super::{Extent, Kind, Leaf, List, Meaning, Tree, Value};
use crate::layout::Scalar;

impl Tree {
    /// Makes blocks of bytes lists of numbers, and values of enums integers, where that is wanted.
    pub(crate) fn show_as(&mut self, are_bytes_numbers: bool, are_enums_numbers: bool) {
        show_as(&mut self.value, are_bytes_numbers, are_enums_numbers);
    }
}

fn show_as(value: &mut Value, are_bytes_numbers: bool, are_enums_numbers: bool) {
    match &mut value.kind {
        Kind::Bytes(extent) if are_bytes_numbers => value.kind = numbers(*extent),
        Kind::Leaf(leaf) if are_enums_numbers && matches!(leaf.meaning, Meaning::Enum(_)) => {
            *leaf = Arc::new(Leaf { cell: leaf.cell, meaning: Meaning::Integer });
        }
        Kind::Struct(inner) => {
            inner
                .members
                .iter_mut()
                .for_each(|member| show_as(&mut member.value, are_bytes_numbers, are_enums_numbers));
        }
        Kind::List(list) => show_as(&mut list.element, are_bytes_numbers, are_enums_numbers),
        Kind::Optional(optional) => show_as(&mut optional.value, are_bytes_numbers, are_enums_numbers),
        Kind::Scalar(_) | Kind::Leaf(_) | Kind::Text(_) | Kind::Bytes(_) | Kind::Constant(_) => {}
    }
}

fn numbers(extent: Extent) -> Kind {
    let element = Box::new(Value { at: 0, kind: Kind::Scalar(Scalar::U8) });
    Kind::List(List { element, stride: 1, extent })
}
