//! How documents show what could be shown in several ways.

use std::sync::Arc;

use super::{Cell, Extent, Kind, Leaf, List, Meaning, Tree, Value};
use crate::layout::{Scalar, TimeUnit};

/// What could be shown in several ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// As what the format has for it.
    Itself,
    /// As the number, or the numbers, that it is in memory.
    Number,
}

impl Tree {
    /// Makes blocks of bytes lists of numbers, and values of enums and points in time integers, where that is wanted.
    pub(crate) fn show_as(&mut self, bytes: Shown, enums: Shown, timestamps: Shown) {
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
    pub(crate) fn as_integer(self) -> Kind {
        match self.bits {
            None if !self.swapped => Kind::Scalar(self.scalar),
            _ => Kind::Leaf(Arc::new(Leaf { cell: self, meaning: Meaning::Integer })),
        }
    }
}

impl Kind {
    /// Has the bytes of numbers in the other order: of the value, or of those in the lists and optionals that it is.
    pub(super) fn swap(&mut self) {
        match self {
            Self::List(list) => list.element.kind.swap(),
            Self::Optional(optional) => optional.value.kind.swap(),
            Self::Scalar(scalar) if scalar.size() > 1 => {
                let meaning = if scalar.integer_range().is_some() { Meaning::Integer } else { Meaning::Float };
                let cell = Cell { swapped: true, ..Cell::of(*scalar) };
                *self = Self::Leaf(Arc::new(Leaf { cell, meaning }));
            }
            Self::Leaf(leaf) if leaf.cell.bits.is_none() && leaf.cell.scalar.size() > 1 => {
                let cell = Cell { swapped: true, ..leaf.cell };
                *leaf = Arc::new(Leaf { cell, meaning: leaf.meaning.clone() });
            }
            _ => {}
        }
    }

    /// Makes integers points in time: the value, or those in the lists and optionals that it is.
    pub(super) fn make_timestamps(&mut self, unit: TimeUnit) {
        match self {
            Self::List(list) => list.element.kind.make_timestamps(unit),
            Self::Optional(optional) => optional.value.kind.make_timestamps(unit),
            _ => {
                if let Some(cell) = self.integer() {
                    *self = Self::Leaf(Arc::new(Leaf { cell, meaning: Meaning::Timestamp(unit) }));
                }
            }
        }
    }
}

fn numbers(extent: Extent) -> Kind {
    let element = Box::new(Value { at: 0, kind: Kind::Scalar(Scalar::U8) });
    Kind::List(List { element, stride: 1, extent })
}
