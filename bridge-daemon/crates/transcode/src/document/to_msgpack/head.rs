//! What values of MessagePack start with, in the shortest form.

use crate::msgpack::integer::Form;
use crate::reject::Reject;

/// A header: these bytes, of which the first `len` count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    bytes: [u8; 9],
    len: usize,
}

impl Head {
    /// The header of an array or map of `count` values.
    pub(super) fn of_list(is_map: bool, count: u32) -> Self {
        let (fixed, long) = if is_map { (0x80, 0xde) } else { (0x90, 0xdc) };
        match (u8::try_from(count), u16::try_from(count)) {
            (Ok(count @ ..16), _) => Self::new(fixed | count, []),
            (_, Ok(count)) => Self::new(long, count.to_be_bytes()),
            (_, Err(_)) => Self::new(long + 1, count.to_be_bytes()),
        }
    }

    /// The header of a text of `len` bytes.
    pub(super) fn of_text(len: usize) -> Result<Self, Reject> {
        let long = u32::try_from(len).map_err(|_| Reject::TextTooLong)?;
        Ok(match (u8::try_from(len), u16::try_from(len)) {
            (Ok(len @ ..32), _) => Self::new(0xa0 | len, []),
            (Ok(len), _) => Self::new(0xd9, [len]),
            (_, Ok(len)) => Self::new(0xda, len.to_be_bytes()),
            (_, Err(_)) => Self::new(0xdb, long.to_be_bytes()),
        })
    }

    /// All of an unsigned integer.
    pub(super) fn of_unsigned(value: u64) -> Self {
        Self::of_integer(Form::of_unsigned(value), value)
    }

    /// All of a negative integer.
    pub(super) fn of_signed(value: i64) -> Self {
        Self::of_integer(Form::of_signed(value), value as u64)
    }

    /// All of a float.
    pub(super) fn of_float(value: f64) -> Self {
        Self::new(0xcb, value.to_be_bytes())
    }

    /// The bytes that count.
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or(&self.bytes)
    }

    fn of_integer(form: Form, value: u64) -> Self {
        let head = Self::new(form.marker(value), form.tail(value).to_le_bytes());
        Self { len: 1 + usize::from(form.bytes), ..head }
    }

    fn new<const N: usize>(marker: u8, rest: [u8; N]) -> Self {
        let mut bytes = [0; 9];
        bytes[0] = marker;
        bytes[1..].iter_mut().zip(rest).for_each(|(to, from)| *to = from);
        Self { bytes, len: 1 + N }
    }
}
