//! Reads a document of MessagePack from its start to its end, never beyond. Every byte is read once.

use crate::bytes::Input;
use crate::reject::Reject;

/// What a value starts with; it is all of most.
#[derive(Clone, Copy, Debug)]
pub(super) enum Head {
    Nil,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f32),
    Double(f64),
    /// So many bytes of text follow.
    Text(usize),
    /// So many bytes follow.
    Bytes(usize),
    /// So many values follow.
    Array(u32),
    /// So many keys follow, each with its value.
    Map(u32),
}

/// Where the next byte of the document is.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    input: Input<'a>,
    at: usize,
}

impl<'a> Reader<'a> {
    /// Begins with `input`.
    pub(super) fn new(input: Input<'a>) -> Self {
        Self { input, at: 0 }
    }

    /// Bytes that were read.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// The document.
    pub(super) fn input(&self) -> Input<'a> {
        self.input
    }

    /// The start of the next value. Extensions are of no type that others know.
    #[inline]
    pub(super) fn head(&mut self) -> Result<Head, Reject> {
        let [marker] = self.array()?;
        Ok(match marker {
            0x00..=0x7f => Head::Unsigned(marker.into()),
            0x80..=0x8f => Head::Map((marker & 0x0f).into()),
            0x90..=0x9f => Head::Array((marker & 0x0f).into()),
            0xa0..=0xbf => Head::Text((marker & 0x1f).into()),
            0xc0 => Head::Nil,
            0xc2 => Head::Bool(false),
            0xc3 => Head::Bool(true),
            0xc4 => Head::Bytes(u8::from_be_bytes(self.array()?).into()),
            0xc5 => Head::Bytes(u16::from_be_bytes(self.array()?).into()),
            0xc6 => Head::Bytes(length(u32::from_be_bytes(self.array()?))?),
            0xca => Head::Float(f32::from_be_bytes(self.array()?)),
            0xcb => Head::Double(f64::from_be_bytes(self.array()?)),
            0xcc => Head::Unsigned(u8::from_be_bytes(self.array()?).into()),
            0xcd => Head::Unsigned(u16::from_be_bytes(self.array()?).into()),
            0xce => Head::Unsigned(u32::from_be_bytes(self.array()?).into()),
            0xcf => Head::Unsigned(u64::from_be_bytes(self.array()?)),
            0xd0 => Head::Signed(i8::from_be_bytes(self.array()?).into()),
            0xd1 => Head::Signed(i16::from_be_bytes(self.array()?).into()),
            0xd2 => Head::Signed(i32::from_be_bytes(self.array()?).into()),
            0xd3 => Head::Signed(i64::from_be_bytes(self.array()?)),
            0xd9 => Head::Text(u8::from_be_bytes(self.array()?).into()),
            0xda => Head::Text(u16::from_be_bytes(self.array()?).into()),
            0xdb => Head::Text(length(u32::from_be_bytes(self.array()?))?),
            0xdc => Head::Array(u16::from_be_bytes(self.array()?).into()),
            0xdd => Head::Array(u32::from_be_bytes(self.array()?)),
            0xde => Head::Map(u16::from_be_bytes(self.array()?).into()),
            0xdf => Head::Map(u32::from_be_bytes(self.array()?)),
            0xe0..=0xff => Head::Signed(i8::from_be_bytes([marker]).into()),
            0xc1 | 0xc7..=0xc9 | 0xd4..=0xd8 => return Err(Reject::WrongType),
        })
    }

    /// Where the next `len` bytes start; they are passed.
    #[inline]
    pub(super) fn pass(&mut self, len: usize) -> Result<usize, Reject> {
        let start = self.at;
        self.at = start.checked_add(len).filter(|end| *end <= self.input.len()).ok_or(Reject::Truncated)?;
        Ok(start)
    }

    /// The value is complete: so must the document be.
    pub(super) fn finish(&self) -> Result<(), Reject> {
        if self.at == self.input.len() { Ok(()) } else { Err(Reject::TrailingBytes) }
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Reject> {
        let bytes = self.input.once(self.at).ok_or(Reject::Truncated)?;
        self.at += N;
        Ok(bytes)
    }
}

fn length(len: u32) -> Result<usize, Reject> {
    usize::try_from(len).map_err(|_| Reject::Truncated)
}
