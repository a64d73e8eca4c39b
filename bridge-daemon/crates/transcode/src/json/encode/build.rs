//! Tree to operations, and the length of the longest document.

use super::{Op, Value};
use crate::choice::Choice;
use crate::json::escape::quoted;
use crate::leaf::Shower;
use crate::time;
use bridge_layout::Scalar;
use bridge_layout::tree::{self, Constant, Extent, Kind, Leaf, List, OneOf, Optional, Struct, Text};

/// Bytes of the longest integer, of 64 bits.
const INTEGER: usize = 20;

/// Bytes of the longest float.
const FLOAT: usize = 24;

/// The operations that write a value, and the bytes that no document exceeds; `None` if those cannot be counted.
pub(super) fn build(value: &tree::Value) -> Option<(Vec<Op>, usize)> {
    let mut builder = Builder::default();
    builder.value(value)?;
    let (ops, max) = builder.finish()?;
    isize::try_from(max).ok()?;
    Some((ops, max))
}

#[derive(Default)]
struct Builder {
    /// Literal bytes that wait for the next value.
    literal: Vec<u8>,
    ops: Vec<Op>,
    /// The longest that all before the waiting literal can be.
    max: usize,
}

impl Builder {
    fn value(&mut self, value: &tree::Value) -> Option<()> {
        let at = value.at;
        match &value.kind {
            Kind::Scalar(scalar) => self.emit(at, Value::One(*scalar), longest(*scalar)),
            Kind::Leaf(leaf) => self.leaf(at, leaf),
            Kind::Text(text) => self.text(at, *text),
            Kind::Bytes(extent) => self.bytes(at, *extent),
            Kind::List(list) => self.list(at, list),
            Kind::Struct(structure) => self.structure(structure),
            Kind::Optional(optional) => self.optional(optional),
            Kind::OneOf(one_of) => self.one_of(at, one_of),
            Kind::Constant(constant) => self.constant(constant),
            Kind::Nil => {
                self.literal.extend(b"null");
                Some(())
            }
        }
    }

    fn structure(&mut self, structure: &Struct) -> Option<()> {
        self.literal.push(b'{');
        for (index, member) in structure.members.iter().enumerate() {
            if index > 0 {
                self.literal.push(b',');
            }
            self.literal.extend(quoted(&member.name));
            self.literal.push(b':');
            self.value(&member.value)?;
        }
        self.literal.push(b'}');
        Some(())
    }

    fn leaf(&mut self, at: usize, leaf: &Leaf) -> Option<()> {
        let shower = Shower::new(leaf, |name| Some(quoted(name)))?;
        let name = shower.name_lengths().map_or(0, |(_, longest)| longest);
        let other = match (shower.is_float(), shower.may_be_integer()) {
            _ if shower.is_timestamp() => time::TEXT,
            (true, _) => FLOAT,
            (false, true) => INTEGER,
            (false, false) => longest(Scalar::Bool),
        };
        self.emit(at, Value::Leaf(shower), name.max(other))
    }

    fn text(&mut self, at: usize, text: Text) -> Option<()> {
        // `\u0001` are six bytes.
        let longest = text.capacity.checked_mul(6)?;
        self.literal.push(b'"');
        self.emit(at, Value::Text(text), longest)?;
        self.literal.push(b'"');
        Some(())
    }

    fn bytes(&mut self, at: usize, extent: Extent) -> Option<()> {
        self.literal.push(b'"');
        self.emit(at, Value::Bytes(extent), extent.capacity.div_ceil(3).checked_mul(4)?)?;
        self.literal.push(b'"');
        Some(())
    }

    fn list(&mut self, at: usize, List { element, stride, extent }: &List) -> Option<()> {
        if let Kind::Scalar(scalar) = element.kind {
            return self.many(at.checked_add(element.at)?, scalar, *extent);
        }
        let mut inner = Self::default();
        inner.value(element)?;
        let (body, max) = inner.finish()?;
        self.literal.push(b'[');
        let value = Value::Repeat { extent: *extent, stride: *stride, body: body.len() };
        self.emit(at, value, max.checked_add(1)?.checked_mul(extent.capacity)?)?;
        self.ops.extend(body);
        self.literal.push(b']');
        Some(())
    }

    fn many(&mut self, at: usize, scalar: Scalar, extent: Extent) -> Option<()> {
        self.literal.push(b'[');
        self.emit(at, Value::Many(scalar, extent), (longest(scalar) + 1).checked_mul(extent.capacity)?)?;
        self.literal.push(b']');
        Some(())
    }

    fn optional(&mut self, optional: &Optional) -> Option<()> {
        let mut inner = Self::default();
        inner.value(&optional.value)?;
        let (body, max) = inner.finish()?;
        self.emit(optional.flag, Value::Optional { body: body.len() }, max.max(b"null".len()))?;
        self.ops.extend(body);
        Some(())
    }

    fn one_of(&mut self, at: usize, one_of: &OneOf) -> Option<()> {
        let (mut lengths, mut all, mut longest) = (Vec::new(), Vec::new(), 0);
        for case in &one_of.cases {
            let mut inner = Self::default();
            inner.value(&tree::Value { at, kind: Kind::Struct(one_of.structure(case)) })?;
            let (body, max) = inner.finish()?;
            lengths.push(body.len());
            all.extend(body);
            longest = longest.max(max);
        }
        let choice = Choice::new(one_of, lengths);
        self.emit(one_of.tag.at, Value::OneOf { choice, body: all.len() }, longest)?;
        self.ops.extend(all);
        Some(())
    }

    fn constant(&mut self, constant: &Constant) -> Option<()> {
        match constant {
            Constant::Integer(value) => self.literal.extend(value.to_string().into_bytes()),
            Constant::Float(value) if value.is_finite() => {
                self.literal.extend(zmij::Buffer::new().format_finite(*value).bytes());
            }
            Constant::Float(_) => return None,
            Constant::Bool(value) => self.literal.extend(value.to_string().into_bytes()),
            Constant::Text(text) => self.literal.extend(quoted(text)),
        }
        Some(())
    }

    /// Adds the operation that writes what waits in the literal, then `value`, of at most `max` bytes.
    fn emit(&mut self, at: usize, value: Value, max: usize) -> Option<()> {
        let literal = std::mem::take(&mut self.literal).into_boxed_slice();
        self.max = self.max.checked_add(literal.len())?.checked_add(max)?;
        self.ops.push(Op { literal, at, value });
        Some(())
    }

    fn finish(mut self) -> Option<(Vec<Op>, usize)> {
        if !self.literal.is_empty() {
            self.emit(0, Value::Nothing, 0)?;
        }
        Some((self.ops, self.max))
    }
}

/// Bytes that no value of this type exceeds.
const fn longest(scalar: Scalar) -> usize {
    match scalar {
        Scalar::U8 => 3,
        Scalar::I8 => 4,
        Scalar::U16 | Scalar::Bool => 5,
        Scalar::I16 => 6,
        Scalar::U32 => 10,
        Scalar::I32 => 11,
        Scalar::U64 | Scalar::I64 => INTEGER,
        Scalar::F32 | Scalar::F64 => FLOAT,
    }
}
