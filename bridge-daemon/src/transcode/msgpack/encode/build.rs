//! Layout to operations.

use std::sync::Arc;

use rmp::encode::{write_array_len, write_bin_len, write_map_len, write_str};

use super::{LITERAL, Op, Value};
use crate::config::plan::Shape;
use crate::layout::{Layout, Scalar, Type};
use crate::transcode::named::Texts;

/// The operations that write a struct of `layout`, which was surveyed; `None` if a length exceeds MessagePack's.
pub(super) fn build(layout: &Layout, shape: Shape) -> Option<Vec<Op>> {
    let mut builder = Builder { shape, literal: Vec::new(), ops: Vec::new() };
    builder.structure(layout, 0)?;
    Some(builder.finish())
}

struct Builder {
    shape: Shape,
    /// Literal bytes that wait for the next value.
    literal: Vec<u8>,
    ops: Vec<Op>,
}

impl Builder {
    fn structure(&mut self, layout: &Layout, at: usize) -> Option<()> {
        let count = u32::try_from(layout.fields.len()).ok()?;
        match self.shape {
            Shape::Map => write_map_len(&mut self.literal, count).ok()?,
            Shape::Array => write_array_len(&mut self.literal, count).ok()?,
        };
        for field in &layout.fields {
            if self.shape == Shape::Map {
                self.literal.extend(text(&field.name)?);
            }
            self.value(&field.ty, at.checked_add(field.offset)?)?;
        }
        Some(())
    }

    fn value(&mut self, ty: &Type, at: usize) -> Option<()> {
        match ty {
            Type::Scalar(scalar) => {
                self.literal.extend(float_marker(*scalar));
                self.emit(at, Value::One(*scalar));
            }
            Type::Text(len) => self.emit(at, Value::Text(*len)),
            Type::Bytes(len) => {
                write_bin_len(&mut self.literal, u32::try_from(*len).ok()?).ok()?;
                self.emit(at, Value::Bytes(*len));
            }
            Type::Array(element, count) => {
                write_array_len(&mut self.literal, u32::try_from(*count).ok()?).ok()?;
                match **element {
                    Type::Scalar(scalar) => self.emit(at, Value::Many(scalar, *count)),
                    ref element => {
                        let mut inner = Self { shape: self.shape, literal: Vec::new(), ops: Vec::new() };
                        inner.value(element, 0)?;
                        let body = inner.finish();
                        self.emit(at, Value::Repeat { count: *count, stride: element.size(), body: body.len() });
                        self.ops.extend(body);
                    }
                }
            }
            Type::Struct(layout) => self.structure(layout, at)?,
            Type::Enum(named) => self.emit(at, Value::Enum(Arc::new(Texts::new(named, text)?))),
        }
        Some(())
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

/// A text with its header.
fn text(text: &str) -> Option<Vec<u8>> {
    u32::try_from(text.len()).ok()?;
    let mut bytes = Vec::new();
    write_str(&mut bytes, text).ok()?;
    Some(bytes)
}

/// The operation of a literal of at most [`LITERAL`] bytes.
fn op(literal: &[u8], at: usize, value: Value) -> Op {
    let mut padded = [0; LITERAL];
    padded.iter_mut().zip(literal).for_each(|(to, from)| *to = *from);
    Op { literal: padded, literal_len: literal.len() as u8, at, value }
}

/// The marker of a float, the same for every value.
pub(super) const fn float_marker(scalar: Scalar) -> Option<u8> {
    match scalar {
        Scalar::F32 => Some(0xca),
        Scalar::F64 => Some(0xcb),
        _ => None,
    }
}
