//! How documents show what could be shown in several ways.

use std::sync::Arc;

use super::{Cell, Extent, Kind, Leaf, List, Meaning, Tree, Value};
use crate::Scalar;

/// What could be shown in several ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As what the format has for it.
    Itself,
    /// As the number, or the numbers, that it is in memory.
    Number,
}

impl Tree {
    /// Makes blocks of bytes lists of numbers, and values of enums and points in time integers, where that is wanted.
    pub fn show_as(&mut self, bytes: Shown, enums: Shown, timestamps: Shown) {
        self.value.for_each(&mut |kind| match kind {
            Kind::Bytes(extent) if bytes == Shown::Number => *kind = numbers(*extent),
            Kind::Leaf(leaf) => {
                let is_changed = match leaf.meaning {
                    Meaning::Enum(_) => enums == Shown::Number,
                    Meaning::Timestamp(_) => timestamps == Shown::Number,
                    Meaning::Integer | Meaning::Float | Meaning::Bool | Meaning::Scaled(_) => false,
                };
                if is_changed {
                    *kind = leaf.cell.as_integer();
                }
            }
            _ => {}
        });
    }
}

impl Value {
    /// Calls `change` with what the value is, and with what is in it.
    fn for_each(&mut self, change: &mut impl FnMut(&mut Kind)) {
        change(&mut self.kind);
        match &mut self.kind {
            Kind::Struct(inner) => inner.members.iter_mut().for_each(|member| member.value.for_each(change)),
            Kind::List(list) => list.element.for_each(change),
            Kind::Optional(optional) => optional.value.for_each(change),
            Kind::OneOf(one_of) => {
                one_of.shared.members.iter_mut().for_each(|member| member.value.for_each(change));
                one_of.cases.iter_mut().flat_map(|case| &mut case.content).for_each(|content| content.for_each(change));
            }
            Kind::Scalar(_) | Kind::Leaf(_) | Kind::Text(_) | Kind::Bytes(_) | Kind::Constant(_) | Kind::Nil => {}
        }
    }
}

impl Cell {
    /// The integer in it, as itself.
    pub fn as_integer(self) -> Kind {
        match self.bits {
            None if !self.swapped => Kind::Scalar(self.scalar),
            _ => Kind::Leaf(Arc::new(Leaf { cell: self, meaning: Meaning::Integer })),
        }
    }
}

fn numbers(extent: Extent) -> Kind {
    let element = Box::new(Value { at: 0, kind: Kind::Scalar(Scalar::U8) });
    Kind::List(List { element, stride: 1, extent })
}
