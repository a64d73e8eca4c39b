//! Tree to operations.

use std::sync::Arc;

use rmp::encode::{write_array_len, write_bin_len, write_map_len, write_str};

use super::leaf::Leaf;
use super::live::{LiveList, Of};
use super::run::NIL;
use super::{LITERAL, Op, Value};
use crate::choice::Choice;
use crate::format::Shape;
use bridge_layout::tree::{self, Constant, End, Extent, Kind, List, OneOf, Optional};
use bridge_layout::{Scalar, TextEnd};

/// The operations that write `value`; `None` if a length exceeds MessagePack's.
pub(super) fn build(value: &tree::Value, shape: Shape) -> Option<Vec<Op>> {
    let mut builder = Builder { shape, literal: Vec::new(), ops: Vec::new() };
    builder.value(value)?;
    Some(builder.finish())
}

struct Builder {
    shape: Shape,
    /// Literal bytes that wait for the next value.
    literal: Vec<u8>,
    ops: Vec<Op>,
}

impl Builder {
    fn value(&mut self, value: &tree::Value) -> Option<()> {
        let at = value.at;
        match &value.kind {
            Kind::Scalar(scalar) => {
                self.literal.extend(float_marker(*scalar));
                self.emit(at, Value::One(*scalar));
            }
            Kind::Leaf(leaf) => self.emit(at, Value::Leaf(Arc::new(Leaf::new(leaf)?))),
            Kind::Text(text) => match text.end {
                End::Bytes(TextEnd::Nul) => self.emit(at, Value::Text(text.capacity)),
                _ => self.emit(at, Value::OtherText(Arc::new(*text))),
            },
            Kind::Bytes(Extent { capacity, live: None }) => {
                write_bin_len(&mut self.literal, u32::try_from(*capacity).ok()?).ok()?;
                self.emit(at, Value::Bytes(*capacity));
            }
            Kind::Bytes(Extent { capacity, live: Some(live) }) => {
                let list = LiveList { live: *live, capacity: *capacity, stride: 1, of: Of::Bytes };
                self.live(at, list, Vec::new());
            }
            Kind::List(list) => self.list(at, list)?,
            Kind::Struct(inner) => self.structure(&inner.members)?,
            Kind::Optional(Optional { flag, value, .. }) => {
                let body = build(value, self.shape)?;
                self.emit(*flag, Value::Optional { body: body.len() });
                self.ops.extend(body);
            }
            Kind::OneOf(one_of) => self.one_of(at, one_of)?,
            Kind::Constant(constant) => self.literal.extend(literal(constant)?),
            Kind::Nil => self.literal.push(NIL),
        }
        Some(())
    }

    fn structure(&mut self, members: &[tree::Member]) -> Option<()> {
        let count = u32::try_from(members.len()).ok()?;
        match self.shape {
            Shape::Map => write_map_len(&mut self.literal, count).ok()?,
            Shape::Array => write_array_len(&mut self.literal, count).ok()?,
        };
        for member in members {
            if self.shape == Shape::Map {
                self.literal.extend(text(&member.name)?);
            }
            self.value(&member.value)?;
        }
        Some(())
    }

    fn one_of(&mut self, at: usize, one_of: &OneOf) -> Option<()> {
        let (mut lengths, mut all) = (Vec::new(), Vec::new());
        for case in &one_of.cases {
            let body = build(&tree::Value { at, kind: Kind::Struct(one_of.structure(case)) }, self.shape)?;
            lengths.push(body.len());
            all.extend(body);
        }
        let choice = Arc::new(Choice::new(one_of, lengths));
        self.emit(one_of.tag.at, Value::OneOf { choice, body: all.len() });
        self.ops.extend(all);
        Some(())
    }

    fn list(&mut self, at: usize, List { element, stride, extent }: &List) -> Option<()> {
        let scalar = match element.kind {
            Kind::Scalar(scalar) if element.at == 0 && scalar.size() == *stride => Some(scalar),
            _ => None,
        };
        let Extent { capacity, live } = *extent;
        let body = if scalar.is_some() { Vec::new() } else { build(element, self.shape)? };
        match (live, scalar) {
            (Some(live), scalar) => {
                let of = scalar.map_or(Of::Body, Of::Scalars);
                self.live(at, LiveList { live, capacity, stride: *stride, of }, body);
            }
            (None, scalar) => {
                write_array_len(&mut self.literal, u32::try_from(capacity).ok()?).ok()?;
                let repeat = Value::Repeat { count: capacity, stride: *stride, body: body.len() };
                self.emit(at, scalar.map_or(repeat, |scalar| Value::Many(scalar, capacity)));
                self.ops.extend(body);
            }
        }
        Some(())
    }

    fn live(&mut self, at: usize, list: LiveList, body: Vec<Op>) {
        self.emit(at, Value::Live { list: Arc::new(list), body: body.len() });
        self.ops.extend(body);
    }

    /// Adds the operations that write what waits in the literal, then `value`.
    fn emit(&mut self, at: usize, value: Value) {
        let waiting = std::mem::take(&mut self.literal);
        let mut rest = waiting.as_slice();
        while let Some((head, tail)) = rest.split_at_checked(LITERAL).filter(|(_, tail)| !tail.is_empty()) {
            self.ops.push(op(head, 0, Value::Nothing));
            rest = tail;
        }
        self.ops.push(op(rest, at, value));
    }

    fn finish(mut self) -> Vec<Op> {
        if !self.literal.is_empty() {
            self.emit(0, Value::Nothing);
        }
        self.ops
    }
}

/// A text with its header; `None` if it is too long.
pub(super) fn text(text: &str) -> Option<Vec<u8>> {
    u32::try_from(text.len()).ok()?;
    let mut bytes = Vec::new();
    write_str(&mut bytes, text).ok()?;
    Some(bytes)
}

/// A value that is the same in every document; `None` if MessagePack has no such integer.
fn literal(constant: &Constant) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    match constant {
        Constant::Integer(value) => match (i64::try_from(*value), u64::try_from(*value)) {
            (Ok(value), _) => drop(rmp::encode::write_sint(&mut bytes, value).ok()?),
            (_, Ok(value)) => drop(rmp::encode::write_uint(&mut bytes, value).ok()?),
            _ => return None,
        },
        Constant::Float(value) => rmp::encode::write_f64(&mut bytes, *value).ok()?,
        Constant::Bool(value) => rmp::encode::write_bool(&mut bytes, *value).ok()?,
        Constant::Text(value) => return text(value),
    }
    Some(bytes)
}

/// The operation of a literal of at most [`LITERAL`] bytes.
fn op(literal: &[u8], at: usize, value: Value) -> Op {
    let mut padded = [0; LITERAL];
    padded.iter_mut().zip(literal).for_each(|(to, from)| *to = *from);
    Op { literal: padded, literal_len: literal.len() as u8, at, value }
}

/// The marker of a float, the same for every value.
const fn float_marker(scalar: Scalar) -> Option<u8> {
    match scalar {
        Scalar::F32 => Some(0xca),
        Scalar::F64 => Some(0xcb),
        _ => None,
    }
}
