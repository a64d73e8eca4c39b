//! Which bytes the values of a tree stand in, and which bytes belong to none.

use super::{Cell, End, Extent, Kind, List, Live, Meaning, Slot, Struct, Tree, Value};
use crate::model::TextEnd;

/// Above this number of gaps in an array's elements, the whole array is zeroed instead of each gap.
const MAX_GAPS_OF_ARRAY: usize = 16;

/// `len` bytes from `at` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Where they begin.
    pub at: usize,
    /// How many.
    pub len: usize,
}

/// What is written for a value that a document has not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Absent {
    /// Bytes to zero.
    pub zero: Vec<Span>,
    /// Bytes to write then, with their places.
    pub write: Vec<(usize, Box<[u8]>)>,
    /// These bytes are no value: an enum has no name for zero.
    pub is_no_value: bool,
}

impl Tree {
    /// The spans to zero before the values are written, so that every byte is: padding, fields that nobody writes, and
    /// the integers of bit-fields. They are in order, do not touch, and may hold values (of an array with much padding).
    #[must_use]
    pub fn gaps(&self) -> Vec<Span> {
        let mut covered = Vec::new();
        cover(&self.value, &mut covered);
        covered.extend(self.fixed.iter().map(|(at, bytes)| Span { at: *at, len: bytes.len() }));
        gaps(covered, self.size)
    }
}

impl Value {
    /// What is written for it where a document has it not, but may.
    #[must_use]
    pub fn absent(&self) -> Absent {
        let mut absent = Absent::default();
        leave_out(self, &mut absent);
        absent
    }
}

/// The bytes below `size` that are in none of the spans.
fn gaps(mut covered: Vec<Span>, size: usize) -> Vec<Span> {
    covered.sort_unstable();
    let (mut gaps, mut end) = (Vec::new(), 0);
    for span in covered {
        if span.at > end {
            gaps.push(Span { at: end, len: span.at - end });
        }
        end = end.max(span.at + span.len);
    }
    if size > end {
        gaps.push(Span { at: end, len: size - end });
    }
    gaps
}

/// Adds the bytes that whoever writes the value writes, whatever it is.
fn cover(value: &Value, covered: &mut Vec<Span>) {
    let at = value.at;
    match &value.kind {
        Kind::Scalar(scalar) => covered.push(Span { at, len: scalar.size() }),
        // Bits are added to an integer that was zero.
        Kind::Leaf(leaf) => {
            if let Cell { scalar, bits: None, .. } = leaf.cell {
                covered.push(Span { at, len: scalar.size() });
            }
        }
        Kind::Text(text) => {
            covered.push(Span { at, len: text.room });
            if let End::Live(live) = text.end {
                covered.extend(slots(live));
            }
        }
        Kind::Bytes(extent) => {
            covered.push(Span { at, len: extent.capacity });
            covered.extend(extent.live.into_iter().flat_map(slots));
        }
        Kind::List(list) => cover_list(list, at, covered),
        Kind::Struct(Struct { members, fixed }) => {
            members.iter().for_each(|member| cover(&member.value, covered));
            covered.extend(fixed.iter().map(|(at, bytes)| Span { at: *at, len: bytes.len() }));
        }
        Kind::Optional(optional) => {
            covered.push(Span { at: optional.flag, len: 1 });
            cover(&optional.value, covered);
        }
        // Which bytes are written depends on the case, so all are zeroed before.
        Kind::OneOf(_) | Kind::Constant(_) | Kind::Nil => {}
    }
}

fn cover_list(List { element, stride, extent }: &List, at: usize, covered: &mut Vec<Span>) {
    covered.extend(extent.live.into_iter().flat_map(slots));
    let mut inner = Vec::new();
    cover(element, &mut inner);
    let holes = gaps(inner.clone(), *stride);
    if holes.is_empty() {
        covered.push(Span { at, len: stride * extent.capacity });
    } else if extent.live.is_none() && holes.len().saturating_mul(extent.capacity) <= MAX_GAPS_OF_ARRAY {
        let starts = (0..extent.capacity).map(|index| at + index * stride);
        covered.extend(starts.flat_map(|at| inner.iter().map(move |span| Span { at: at + span.at, len: span.len })));
    }
}

fn slots(live: Live) -> impl Iterator<Item = Span> {
    [live.count, live.length, live.sum]
        .into_iter()
        .flatten()
        .map(|Slot { at, scalar, .. }| Span { at, len: scalar.size() })
}

fn leave_out(value: &Value, absent: &mut Absent) {
    let at = value.at;
    match &value.kind {
        Kind::Scalar(scalar) => absent.zero.push(Span { at, len: scalar.size() }),
        Kind::Leaf(leaf) => {
            if leaf.cell.bits.is_none() {
                absent.zero.push(Span { at, len: leaf.cell.scalar.size() });
            }
            if let Meaning::Enum(named) = &leaf.meaning {
                absent.is_no_value |= !named.open && named.values.iter().all(|(_, value)| *value != 0);
            }
        }
        Kind::Text(text) => {
            absent.zero.push(Span { at, len: text.room });
            match text.end {
                End::Live(live) => absent.zero.extend(slots(live)),
                End::Bytes(TextEnd::Padded(pad)) => {
                    absent.write.push((at, vec![pad; text.capacity].into_boxed_slice()))
                }
                End::Bytes(_) => {}
            }
        }
        Kind::Bytes(Extent { capacity, live }) => {
            absent.zero.push(Span { at, len: *capacity });
            absent.zero.extend(live.iter().flat_map(|live| slots(*live)));
        }
        Kind::List(List { element, stride, extent }) => {
            absent.zero.push(Span { at, len: stride * extent.capacity });
            absent.zero.extend(extent.live.into_iter().flat_map(slots));
            if extent.live.is_none_or(|live| !live.is_told()) {
                let sum = extent.live.and_then(|live| live.sum);
                leave_out_elements(element, (*stride, extent.capacity), at, sum, absent);
            }
        }
        Kind::Struct(Struct { members, fixed }) => {
            members.iter().for_each(|member| leave_out(&member.value, absent));
            absent.write.extend(fixed.iter().cloned());
        }
        Kind::Optional(optional) => {
            absent.zero.push(Span { at: optional.flag, len: 1 });
            absent.zero.push(Span { at: optional.value.at, len: optional.size });
        }
        Kind::OneOf(one_of) => {
            absent.zero.push(Span { at, len: one_of.size });
            match one_of.cases.iter().find(|case| case.value == 0) {
                Some(case) => {
                    let inner = Value { at, kind: Kind::Struct(one_of.structure(case)) };
                    leave_out(&inner, absent);
                }
                None => absent.is_no_value = true,
            }
        }
        Kind::Constant(_) | Kind::Nil => {}
    }
}

/// All elements are there, so what is no zero in one is none in all.
fn leave_out_elements(
    element: &Value,
    (stride, count): (usize, usize),
    at: usize,
    sum: Option<Slot>,
    absent: &mut Absent,
) {
    let inner = element.absent();
    absent.is_no_value |= inner.is_no_value;
    if let Some(Slot { at, scalar, swapped }) = sum {
        let one: u64 = inner.write.iter().flat_map(|(_, bytes)| bytes).map(|byte| u64::from(*byte)).sum();
        let mut bytes = low_bytes(one.wrapping_mul(count as u64), scalar.size());
        if swapped {
            bytes.reverse();
        }
        absent.write.push((at, bytes.into_boxed_slice()));
    }
    let starts = (0..count).map(|index| at + index * stride);
    absent
        .write
        .extend(starts.flat_map(|start| inner.write.iter().map(move |(place, bytes)| (start + place, bytes.clone()))));
}

/// An integer of so many bytes as it lies in memory.
fn low_bytes(value: u64, size: usize) -> Vec<u8> {
    match size {
        1 => (value as u8).to_ne_bytes().to_vec(),
        2 => (value as u16).to_ne_bytes().to_vec(),
        4 => (value as u32).to_ne_bytes().to_vec(),
        _ => value.to_ne_bytes().to_vec(),
    }
}
