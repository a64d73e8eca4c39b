//! Values in words, for messages.

use std::fmt;

use super::{Cell, Constant, Kind, Leaf, Meaning};
use crate::{Scalar, TimeUnit};

/// As in "a field that is ...".
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(scalar) => write!(f, "`{}`", scalar.name()),
            Self::Leaf(leaf) => leaf.fmt(f),
            Self::Text(text) => write!(f, "a text of {} bytes", text.capacity),
            Self::Bytes(extent) => write!(f, "{} bytes", extent.capacity),
            Self::List(list) if list.extent.live.is_some_and(|live| live.count.or(live.length).is_some()) => {
                write!(f, "a list of up to {} of {}", list.extent.capacity, list.element.kind)
            }
            Self::List(list) => write!(f, "an array of {} of {}", list.extent.capacity, list.element.kind),
            Self::Struct(_) => f.write_str("a struct"),
            Self::OneOf(one_of) => write!(f, "a struct with the union `{}`", one_of.name),
            Self::Nil => f.write_str("nothing"),
            Self::Optional(optional) => write!(f, "an optional of {}", optional.value.kind),
            Self::Constant(constant) => write!(f, "always {constant}"),
        }
    }
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.meaning {
            Meaning::Enum(named) => write!(f, "the enum `{}`", named.name),
            Meaning::Bool => write!(f, "`bool`"),
            Meaning::Integer | Meaning::Float | Meaning::Scaled(_) | Meaning::Timestamp(_) => match self.cell {
                Cell { scalar, bits: Some((_, width)), .. } => write!(f, "{width} bits of `{}`", scalar.name()),
                Cell { scalar, bits: None, .. } => write!(f, "`{}`", scalar.name()),
            },
        }
    }
}

impl Leaf {
    /// It is a number that means itself, the bytes of which stand in the other order than those of this machine.
    pub fn is_swapped_number(&self) -> bool {
        self.cell.swapped && matches!(self.meaning, Meaning::Integer | Meaning::Float)
    }

    /// It is an integer that means itself, or a point in time.
    pub(super) fn is_integer(&self) -> bool {
        matches!(self.meaning, Meaning::Integer | Meaning::Timestamp(_))
    }
}

impl Kind {
    /// How an integer lies in memory; `None` for everything else.
    pub(super) fn integer(&self) -> Option<Cell> {
        match self {
            Self::Scalar(scalar) if scalar.integer_range().is_some() => Some(Cell::of(*scalar)),
            Self::Leaf(leaf) if leaf.is_integer() => Some(leaf.cell),
            _ => None,
        }
    }

    /// How a point in time lies in memory, and what it counts; `None` for everything else.
    pub fn time_unit(&self) -> Option<(Cell, TimeUnit)> {
        match self {
            Self::Leaf(leaf) => match leaf.meaning {
                Meaning::Timestamp(unit) => Some((leaf.cell, unit)),
                _ => None,
            },
            _ => None,
        }
    }

    /// How a number lies in memory; `None` for everything else.
    pub(super) fn number(&self) -> Option<Cell> {
        match self {
            Self::Scalar(scalar) if *scalar != Scalar::Bool => Some(Cell::of(*scalar)),
            Self::Leaf(leaf) if leaf.meaning == Meaning::Float => Some(leaf.cell),
            _ => self.integer(),
        }
    }
}

impl Cell {
    /// The least and the greatest integer that it holds; `None` if it holds none.
    #[must_use]
    pub fn integers(self) -> Option<(i128, i128)> {
        let (min, max) = self.scalar.integer_range()?;
        Some(match self.bits {
            None => (min, max),
            Some((_, width)) if min < 0 => (-(1 << (width - 1)), (1 << (width - 1)) - 1),
            Some((_, width)) => (0, (1 << width) - 1),
        })
    }
}

/// As it is written in TOML.
impl fmt::Display for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number:?}"),
            Self::Bool(truth) => write!(f, "{truth}"),
            Self::Text(text) => write!(f, "{text:?}"),
        }
    }
}
