//! Constants as bytes.

use std::collections::BTreeMap;

use super::RuleProblem;
use crate::tree::{Cell, Constant, End, Kind, Leaf, Meaning, Text, Value};
use crate::{Scalar, TextEnd};

/// Bytes with their place.
pub type Bytes = (usize, Box<[u8]>);

/// The bytes of the value where it is always `constant`.
pub(super) fn bytes(value: &Value, constant: &Constant) -> Result<Vec<Bytes>, RuleProblem> {
    let mut found = Vec::new();
    match write(value, constant, &mut found) {
        Some(()) => Ok(found),
        None => Err(RuleProblem::ConstantOf { value: constant.to_string(), kind: value.kind.to_string() }),
    }
}

/// Adds bytes to others. Where bit-fields share bytes, their bits are put together.
pub fn add(fixed: &mut Vec<Bytes>, more: Vec<Bytes>) {
    let mut all: BTreeMap<usize, u8> = BTreeMap::new();
    for (at, bytes) in fixed.drain(..).chain(more) {
        for (index, byte) in bytes.iter().enumerate() {
            *all.entry(at + index).or_default() |= byte;
        }
    }
    let mut runs: Vec<(usize, Vec<u8>)> = Vec::new();
    for (at, byte) in all {
        match runs.last_mut() {
            Some((start, run)) if *start + run.len() == at => run.push(byte),
            _ => runs.push((at, vec![byte])),
        }
    }
    fixed.extend(runs.into_iter().map(|(at, run)| (at, run.into_boxed_slice())));
}

fn write(value: &Value, constant: &Constant, found: &mut Vec<Bytes>) -> Option<()> {
    match &value.kind {
        Kind::Scalar(Scalar::Bool) => match constant {
            Constant::Bool(truth) => found.push((value.at, Box::new([u8::from(*truth)]))),
            _ => return None,
        },
        Kind::Scalar(scalar) => found.push((value.at, number(*scalar, constant)?)),
        Kind::Leaf(leaf) if leaf.meaning == Meaning::Float => {
            let mut bytes = number(leaf.cell.scalar, constant)?;
            if leaf.cell.swapped {
                bytes.reverse();
            }
            found.push((value.at, bytes));
        }
        Kind::Leaf(leaf) => found.push((value.at, bits(leaf, constant)?)),
        Kind::Text(text) => match constant {
            Constant::Text(words) => write_text(text, value.at, words, found)?,
            _ => return None,
        },
        // As much of it as the text has, then zeros.
        Kind::Bytes(extent) if extent.live.is_none() => match constant {
            Constant::Text(words) if words.len() <= extent.capacity => {
                let mut bytes = words.as_bytes().to_vec();
                bytes.resize(extent.capacity, 0);
                found.push((value.at, bytes.into_boxed_slice()));
            }
            _ => return None,
        },
        Kind::Optional(optional) => {
            found.push((optional.flag, Box::new([1])));
            write(&optional.value, constant, found)?;
        }
        Kind::Bytes(_) | Kind::List(_) | Kind::Struct(_) | Kind::OneOf(_) | Kind::Constant(_) | Kind::Nil => {
            return None;
        }
    }
    Some(())
}

fn number(scalar: Scalar, constant: &Constant) -> Option<Box<[u8]>> {
    let float = match constant {
        Constant::Float(float) => Some(*float),
        Constant::Integer(integer) if *integer as f64 as i128 == *integer => Some(*integer as f64),
        _ => None,
    };
    match (scalar, constant) {
        (Scalar::F64, _) => Some(Box::new(float?.to_ne_bytes())),
        (Scalar::F32, _) => {
            let float = float? as f32;
            if float.is_finite() { Some(Box::new(float.to_ne_bytes())) } else { None }
        }
        (_, Constant::Integer(integer)) => cell(Cell::of(scalar), *integer),
        _ => None,
    }
}

fn bits(leaf: &Leaf, constant: &Constant) -> Option<Box<[u8]>> {
    let integer = match (&leaf.meaning, constant) {
        (Meaning::Integer | Meaning::Timestamp(_), Constant::Integer(integer)) => *integer,
        (Meaning::Bool, Constant::Bool(truth)) => i128::from(*truth),
        (Meaning::Enum(named), Constant::Text(name)) => named.values.iter().find(|(other, _)| other == name)?.1,
        (Meaning::Enum(named), Constant::Integer(integer))
            if named.open || named.values.iter().any(|(_, value)| value == integer) =>
        {
            *integer
        }
        _ => return None,
    };
    cell(leaf.cell, integer)
}

/// The bytes of the integer around a cell, the other bits of which are zero.
pub fn cell(cell: Cell, integer: i128) -> Option<Box<[u8]>> {
    let (min, max) = cell.integers()?;
    if !(min..=max).contains(&integer) {
        return None;
    }
    let whole = match cell.bits {
        None => integer as u64,
        Some((shift, width)) => (integer as u64 & (u64::MAX >> (64 - u32::from(width)))) << shift,
    };
    let mut bytes: Box<[u8]> = match cell.scalar.size() {
        1 => Box::new((whole as u8).to_ne_bytes()),
        2 => Box::new((whole as u16).to_ne_bytes()),
        4 => Box::new((whole as u32).to_ne_bytes()),
        _ => Box::new(whole.to_ne_bytes()),
    };
    if cell.swapped {
        bytes.reverse();
    }
    Some(bytes)
}

fn write_text(text: &Text, at: usize, words: &str, found: &mut Vec<Bytes>) -> Option<()> {
    let (room, pad) = match text.end {
        End::Bytes(TextEnd::Terminated) => (text.capacity.checked_sub(1)?, 0),
        End::Bytes(TextEnd::Padded(pad)) => (text.capacity, pad),
        End::Bytes(TextEnd::Nul | TextEnd::Exact) | End::Live(_) => (text.capacity, 0),
    };
    let is_allowed = (text.may_hold_nul() || !words.contains('\0')) && (!text.is_ascii() || words.is_ascii());
    let is_exact = text.end == End::Bytes(TextEnd::Exact);
    if words.len() > room || (is_exact && words.len() < room) || !is_allowed {
        return None;
    }
    let mut bytes = words.as_bytes().to_vec();
    bytes.resize(text.capacity, pad);
    bytes.resize(text.room, 0);
    found.push((at, bytes.into_boxed_slice()));
    if let End::Live(live) = text.end {
        let sum: u64 = words.bytes().map(u64::from).sum();
        for (slot, told) in [(live.count, words.len() as u64), (live.length, words.len() as u64)] {
            let Some(slot) = slot else { continue };
            found.push((slot.at, cell(Cell { swapped: slot.swapped, ..Cell::of(slot.scalar) }, told.into())?));
        }
        if let Some(slot) = live.sum {
            let size = slot.scalar.size();
            found.push((slot.at, sum_bytes(sum, size)));
        }
    }
    Some(())
}

/// A sum, cut to the integer that holds it.
fn sum_bytes(sum: u64, size: usize) -> Box<[u8]> {
    match size {
        1 => Box::new((sum as u8).to_ne_bytes()),
        2 => Box::new((sum as u16).to_ne_bytes()),
        4 => Box::new((sum as u32).to_ne_bytes()),
        _ => Box::new(sum.to_ne_bytes()),
    }
}
