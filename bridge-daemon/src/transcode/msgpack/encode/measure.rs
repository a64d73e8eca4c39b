//! How long the document of a sample will be: a constant, plus what its integers and texts add.

use std::sync::Arc;

use super::{Op, Value};
use crate::layout::Scalar;
use crate::transcode::bytes::Input;
use crate::transcode::msgpack::integer::Form;
use crate::transcode::named::{Shown, Texts};
use crate::transcode::reject::Reject;
use crate::transcode::text::{SHORT, Utf8, first_nul, short, word};

/// What [`Op`]s write, as far as its length is concerned.
#[derive(Debug)]
pub(super) struct Measure {
    /// Bytes that every document has.
    base: usize,
    /// Bytes that a document can have beyond those.
    extra: usize,
    probes: Vec<Probe>,
    /// How many probes, from the first, are complete: the body of a repetition must not grow.
    sealed: usize,
}

/// Something to look at in the sample.
#[derive(Debug)]
struct Probe {
    at: usize,
    what: What,
}

#[derive(Debug)]
enum What {
    /// So many scalars side by side, of a type whose encoding varies or that must be checked.
    Many(Scalar, usize),
    /// A text in this many bytes.
    Text(usize),
    /// A value of an enum, whose shortest name takes so many bytes.
    Enum(Arc<Texts>, usize),
    /// `count` elements, `stride` bytes apart, each with the following `body` probes.
    Repeat { count: usize, stride: usize, body: usize },
}

impl Measure {
    /// The measure of what `ops` write; `None` if it cannot be counted.
    pub(super) fn of(ops: &[Op]) -> Option<Self> {
        let mut measure = Self { base: 0, extra: 0, probes: Vec::new(), sealed: 0 };
        let mut rest = ops;
        while let Some((op, after)) = rest.split_first() {
            rest = after;
            measure.add(usize::from(op.literal_len), 0)?;
            match op.value {
                Value::Nothing => {}
                Value::One(scalar @ (Scalar::F32 | Scalar::F64)) => measure.add(scalar.size(), 0)?,
                Value::One(scalar) => measure.scalars(op.at, scalar, 1)?,
                Value::Many(scalar, count) => measure.scalars(op.at, scalar, count)?,
                Value::Text(len) => {
                    measure.add(1, len.checked_add(text_header(len) - 1)?)?;
                    measure.probes.push(Probe { at: op.at, what: What::Text(len) });
                }
                Value::Bytes(len) => measure.add(len, 0)?,
                Value::Enum(ref texts) => {
                    let (min, max) = texts.lengths();
                    let max = texts.unnamed().map_or(max, |repr| max.max(1 + repr.size()));
                    let min = if texts.unnamed().is_some() { 1 } else { min };
                    measure.add(min, max - min)?;
                    measure.probes.push(Probe { at: op.at, what: What::Enum(Arc::clone(texts), min) });
                }
                Value::Repeat { count, stride, body } => {
                    let (body, after) = rest.split_at_checked(body)?;
                    rest = after;
                    let body = Self::of(body)?;
                    measure.add(body.base.checked_mul(count)?, body.extra.checked_mul(count)?)?;
                    if !body.probes.is_empty() {
                        let what = What::Repeat { count, stride, body: body.probes.len() };
                        measure.probes.push(Probe { at: op.at, what });
                        measure.probes.extend(body.probes);
                        measure.sealed = measure.probes.len();
                    }
                }
            }
        }
        measure.base.checked_add(measure.extra).filter(|max| isize::try_from(*max).is_ok())?;
        Some(measure)
    }

    fn add(&mut self, base: usize, extra: usize) -> Option<()> {
        self.base = self.base.checked_add(base)?;
        self.extra = self.extra.checked_add(extra)?;
        Some(())
    }

    /// Scalars side by side, each with a marker byte.
    fn scalars(&mut self, at: usize, scalar: Scalar, count: usize) -> Option<()> {
        self.add(count, 0)?;
        match scalar {
            Scalar::F32 | Scalar::F64 => return self.add(count.checked_mul(scalar.size())?, 0),
            Scalar::Bool => {}
            _ => self.add(0, count.checked_mul(scalar.size())?)?,
        }
        if let Some([.., Probe { at: start, what: What::Many(same, before) }]) = self.probes.get_mut(self.sealed..)
            && *same == scalar
            && *start + *before * scalar.size() == at
        {
            *before += count;
        } else {
            self.probes.push(Probe { at, what: What::Many(scalar, count) });
        }
        Some(())
    }

    /// Bytes of the longest document.
    pub(super) fn max(&self) -> usize {
        self.base + self.extra
    }

    /// Bytes of every document, if all are of one length.
    pub(super) fn fixed(&self) -> Option<usize> {
        (self.extra == 0).then_some(self.base)
    }

    /// Bytes of this sample's document.
    #[inline]
    pub(super) fn run(&self, input: Input<'_>) -> Result<usize, Reject> {
        Ok(self.base + run(&self.probes, input, 0)?)
    }
}

/// What the sample adds to the constant length.
fn run(probes: &[Probe], input: Input<'_>, base: usize) -> Result<usize, Reject> {
    let mut sum = 0;
    let mut rest = probes;
    while let Some((probe, after)) = rest.split_first() {
        rest = after;
        let at = base + probe.at;
        sum += match probe.what {
            What::Many(scalar, count) => scalars(input, at, scalar, count)?,
            What::Text(len @ ..=SHORT) => short(input, at, len)?.1,
            What::Text(len) => text(input, at, len)?,
            What::Enum(ref texts, min) => {
                let len = match texts.shown(input, at)? {
                    Shown::Name(text) => text.len(),
                    Shown::Unsigned(value) => 1 + usize::from(Form::of_unsigned(value).bytes),
                    Shown::Signed(value) => 1 + usize::from(Form::of_signed(value).bytes),
                };
                len - min
            }
            What::Repeat { count, stride, body } => {
                let (body, after) = rest.split_at_checked(body).ok_or(Reject::SizeMismatch)?;
                rest = after;
                let mut sum = 0;
                for index in 0..count {
                    sum += run(body, input, at + index * stride)?;
                }
                sum
            }
        };
    }
    Ok(sum)
}

/// Bytes that follow the markers of `count` scalars from `at` on.
#[inline(always)]
fn scalars(input: Input<'_>, at: usize, scalar: Scalar, count: usize) -> Result<usize, Reject> {
    let unsigned = |value: u64| Some(usize::from(Form::of_unsigned(value).bytes));
    let signed = |value: i64| Some(usize::from(Form::of_signed(value).bytes));
    let sum = match scalar {
        Scalar::U8 => each(input, at, count, |bytes| unsigned(u8::from_ne_bytes(bytes).into())),
        Scalar::U16 => each(input, at, count, |bytes| unsigned(u16::from_ne_bytes(bytes).into())),
        Scalar::U32 => each(input, at, count, |bytes| unsigned(u32::from_ne_bytes(bytes).into())),
        Scalar::U64 => each(input, at, count, |bytes| unsigned(u64::from_ne_bytes(bytes))),
        Scalar::I8 => each(input, at, count, |bytes| signed(i8::from_ne_bytes(bytes).into())),
        Scalar::I16 => each(input, at, count, |bytes| signed(i16::from_ne_bytes(bytes).into())),
        Scalar::I32 => each(input, at, count, |bytes| signed(i32::from_ne_bytes(bytes).into())),
        Scalar::I64 => each(input, at, count, |bytes| signed(i64::from_ne_bytes(bytes))),
        Scalar::Bool => return each(input, at, count, |[byte]| (byte <= 1).then_some(0)).ok_or(Reject::OutOfRange),
        Scalar::F32 | Scalar::F64 => Some(0),
    };
    sum.ok_or(Reject::SizeMismatch)
}

/// The sum of `length` over `count` values of `N` bytes from `at` on; `None` if one has none or lies outside.
#[inline(always)]
fn each<const N: usize>(
    input: Input<'_>,
    at: usize,
    count: usize,
    length: impl Fn([u8; N]) -> Option<usize>,
) -> Option<usize> {
    let mut sum = 0;
    for index in 0..count {
        sum += length(input.array(at + index * N)?)?;
    }
    Some(sum)
}

/// Bytes that follow the first byte of a text in `len` bytes.
#[inline(never)]
fn text(input: Input<'_>, at: usize, len: usize) -> Result<usize, Reject> {
    let mut utf8 = Utf8::default();
    let mut live = 0;
    while live < len {
        let count = (len - live).min(8);
        let word = word(input, at + live, count).ok_or(Reject::SizeMismatch)?;
        let before_nul = first_nul(word).min(count);
        utf8.push(word, before_nul)?;
        live += before_nul;
        if before_nul < count {
            break;
        }
    }
    utf8.finish()?;
    Ok(live + text_header(live) - 1)
}

/// Bytes of the header of a text of `len` bytes.
pub(super) const fn text_header(len: usize) -> usize {
    match len {
        0..=0x1f => 1,
        0x20..=0xff => 2,
        0x100..=0xffff => 3,
        _ => 5,
    }
}
