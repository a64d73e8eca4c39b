//! Layout to operations, and the length of the longest document.

use super::{Op, Value};
use crate::layout::{Layout, Scalar, Type};
use crate::transcode::json::escape::quoted;
use crate::transcode::named::Texts;

/// The operations that write a struct of `layout`, which was surveyed, and the bytes that no document exceeds; `None`
/// if those cannot be counted.
pub(super) fn build(layout: &Layout) -> Option<(Vec<Op>, usize)> {
    let mut builder = Builder::default();
    builder.structure(layout, 0)?;
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
    fn structure(&mut self, layout: &Layout, at: usize) -> Option<()> {
        let mut before = b'{';
        for field in &layout.fields {
            self.literal.push(before);
            self.literal.extend(quoted(&field.name));
            self.literal.push(b':');
            self.value(&field.ty, at.checked_add(field.offset)?)?;
            before = b',';
        }
        if layout.fields.is_empty() {
            self.literal.push(b'{');
        }
        self.literal.push(b'}');
        Some(())
    }

    fn value(&mut self, ty: &Type, at: usize) -> Option<()> {
        match ty {
            Type::Scalar(scalar) => self.emit(at, Value::Scalars(*scalar, 1), longest(*scalar)),
            Type::Text(len) => {
                self.literal.push(b'"');
                self.emit(at, Value::Text(*len), len.checked_mul(6)?)?;
                self.literal.push(b'"');
                Some(())
            }
            Type::Bytes(len) => self.scalars(at, Scalar::U8, *len),
            Type::Array(element, count) => match **element {
                Type::Scalar(scalar) => self.scalars(at, scalar, *count),
                ref element => {
                    let mut inner = Self::default();
                    inner.value(element, 0)?;
                    let (body, max) = inner.finish()?;
                    self.literal.push(b'[');
                    let value = Value::Repeat { count: *count, stride: element.size(), body: body.len() };
                    self.emit(at, value, max.checked_add(1)?.checked_mul(*count)?)?;
                    self.ops.extend(body);
                    self.literal.push(b']');
                    Some(())
                }
            },
            Type::Struct(layout) => self.structure(layout, at),
            Type::Enum(named) => {
                let texts = Texts::new(named, |name| Some(quoted(name)))?;
                let max = texts.lengths().1.max(texts.unnamed().map_or(0, longest));
                self.emit(at, Value::Enum(texts), max)
            }
        }
    }

    fn scalars(&mut self, at: usize, scalar: Scalar, count: usize) -> Option<()> {
        self.literal.push(b'[');
        self.emit(at, Value::Scalars(scalar, count), (longest(scalar) + 1).checked_mul(count)?)?;
        self.literal.push(b']');
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
        Scalar::U64 | Scalar::I64 => 20,
        Scalar::F32 | Scalar::F64 => 24,
    }
}
