//! Numbers, truth values and names that are not simply scalars in memory: enums, bit-fields, numbers in another unit.
//!
//! What the engines of all formats have in common: [`Shower`] says what to show of one, [`Taker`] takes one that was
//! read. Each engine has only to read and write a number, a truth value and a name.

use std::cmp::Ordering;
use std::sync::Arc;

use super::bytes::{Input, Output};
use super::named::{Names, Texts, load, store, swapped};
use super::number::Number;
use super::reject::Reject;
use super::time::Time;
use bridge_layout::tree::{Cell, Leaf, Meaning, Scale};
use bridge_layout::{Scalar, TimeUnit};

/// What a document shows of a leaf.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shown<'a> {
    /// A name, as the format writes it.
    Name(&'a [u8]),
    /// An integer.
    Unsigned(u64),
    /// An integer of a type with a sign.
    Signed(i64),
    /// A float of 32 bits.
    Single(f32),
    /// A float.
    Float(f64),
    /// A truth value.
    Bool(bool),
    /// A point in time.
    Time(Time),
}

/// A leaf that is written to documents.
#[derive(Debug)]
pub(super) struct Shower {
    cell: Cell,
    what: What,
}

#[derive(Debug)]
enum What {
    Integer,
    Float,
    Bool,
    Enum(Texts),
    Scaled(Scale),
    Timestamp(TimeUnit),
}

impl Shower {
    /// The leaf; `write` gives what a format writes for a name, if it can.
    pub(super) fn new(leaf: &Leaf, write: impl Fn(&str) -> Option<Vec<u8>>) -> Option<Self> {
        let what = match &leaf.meaning {
            Meaning::Integer => What::Integer,
            Meaning::Float => What::Float,
            Meaning::Bool => What::Bool,
            Meaning::Enum(named) => What::Enum(Texts::new(named, write)?),
            Meaning::Scaled(scale) => What::Scaled(*scale),
            Meaning::Timestamp(unit) => What::Timestamp(*unit),
        };
        Some(Self { cell: leaf.cell, what })
    }

    /// What to show of the leaf at `at`.
    #[inline]
    pub(super) fn show(&self, input: Input<'_>, at: usize) -> Result<Shown<'_>, Reject> {
        if let What::Scaled(scale) = self.what {
            return scaled(self.cell, scale, input, at);
        }
        if let What::Float = self.what {
            return match self.cell.number(input, at)? {
                Number::Float(float) if self.is_single() => Ok(Shown::Single(float as f32)),
                Number::Float(float) => Ok(Shown::Float(float)),
                Number::Integer(_) => Err(Reject::WrongType),
            };
        }
        let bits = self.cell.load(input, at).ok_or(Reject::SizeMismatch)?;
        match &self.what {
            What::Bool if bits > 1 => Err(Reject::OutOfRange),
            What::Bool => Ok(Shown::Bool(bits == 1)),
            What::Enum(texts) => match texts.name(bits)? {
                Some(name) => Ok(Shown::Name(name)),
                None => Ok(self.cell.integer(bits)),
            },
            What::Timestamp(unit) => Time::of(self.cell.value(bits), *unit).map(Shown::Time),
            What::Integer | What::Float | What::Scaled(_) => Ok(self.cell.integer(bits)),
        }
    }

    /// Bytes of the shortest and of the longest name as it is written; `None` if there are no names.
    pub(super) fn name_lengths(&self) -> Option<(usize, usize)> {
        match &self.what {
            What::Enum(texts) => Some(texts.lengths()),
            _ => None,
        }
    }

    /// Whether an integer may be shown.
    pub(super) fn may_be_integer(&self) -> bool {
        match &self.what {
            What::Enum(texts) => texts.is_open(),
            What::Integer => true,
            What::Bool | What::Float | What::Timestamp(_) => false,
            What::Scaled(scale) => !is_float(self.cell, *scale),
        }
    }

    /// Whether points in time are shown, and nothing else is.
    pub(super) fn is_timestamp(&self) -> bool {
        matches!(self.what, What::Timestamp(_))
    }

    /// Whether a float may be shown; then nothing else is.
    pub(super) fn is_float(&self) -> bool {
        match self.what {
            What::Float => true,
            What::Scaled(scale) => is_float(self.cell, scale),
            _ => false,
        }
    }

    /// Whether the float that may be shown has 32 bits.
    pub(super) fn is_single(&self) -> bool {
        matches!(self.what, What::Float) && self.cell.scalar == Scalar::F32
    }
}

/// Whether the number in a document is a float: a float in another unit is, and so is an integer that is divided.
fn is_float(cell: Cell, scale: Scale) -> bool {
    cell.scalar.integer_range().is_none() || scale.denominator != 1
}

#[inline(never)]
fn scaled<'a>(cell: Cell, scale: Scale, input: Input<'_>, at: usize) -> Result<Shown<'a>, Reject> {
    let number = cell.number(input, at)?;
    if is_float(cell, scale) {
        return Ok(Shown::Float(scale.times(number)?));
    }
    let Number::Integer(value) = number else { return Err(Reject::OutOfRange) };
    let product = value * i128::from(scale.numerator);
    match (u64::try_from(product), i64::try_from(product)) {
        (_, Ok(signed)) => Ok(Shown::Signed(signed)),
        (Ok(unsigned), _) => Ok(Shown::Unsigned(unsigned)),
        _ => Err(Reject::OutOfRange),
    }
}

/// A leaf that is read from documents.
#[derive(Debug)]
pub(super) struct Taker {
    cell: Cell,
    meaning: Meaning,
    names: Option<Names>,
}

impl Taker {
    pub(super) fn new(leaf: &Arc<Leaf>) -> Self {
        let names = match &leaf.meaning {
            Meaning::Enum(named) => Some(Names::new(named)),
            _ => None,
        };
        Self { cell: leaf.cell, meaning: leaf.meaning.clone(), names }
    }

    /// Whether names are taken.
    pub(super) fn has_names(&self) -> bool {
        self.names.is_some()
    }

    /// Whether truth values are taken, and nothing else is.
    pub(super) fn is_bool(&self) -> bool {
        self.meaning == Meaning::Bool
    }

    /// Takes the name that `compare` describes.
    #[inline]
    pub(super) fn name(
        &self,
        output: &mut Output<'_>,
        at: usize,
        compare: impl FnMut(&[u8]) -> Result<Ordering, Reject>,
    ) -> Result<(), Reject> {
        let bits = self.names.as_ref().ok_or(Reject::WrongType)?.by_name(compare)?;
        self.cell.store(output, at, bits)
    }

    /// Takes a number.
    #[inline]
    pub(super) fn number(&self, output: &mut Output<'_>, at: usize, number: Number) -> Result<(), Reject> {
        let bits = match (&self.meaning, &self.names) {
            (Meaning::Bool | Meaning::Timestamp(_), _) => return Err(Reject::WrongType),
            (Meaning::Scaled(scale), _) => scale.undo(number, self.cell)?,
            (_, Some(names)) => names.by_value(number.to_integer_in(BOTH).map(|bits| match number {
                // Of a float, only the bits are known here.
                Number::Integer(value) => value,
                Number::Float(value) if value < 0.0 => i128::from(bits as i64),
                Number::Float(_) => i128::from(bits),
            })?)?,
            (_, None) => self.cell.bits_of(number)?,
        };
        self.cell.store(output, at, bits)
    }

    /// Whether points in time are taken, and nothing else is.
    pub(super) fn is_timestamp(&self) -> bool {
        matches!(self.meaning, Meaning::Timestamp(_))
    }

    /// Takes a point in time. What is finer than the integer's unit is cut off, as clocks do it.
    #[inline]
    pub(super) fn time(&self, output: &mut Output<'_>, at: usize, time: Time) -> Result<(), Reject> {
        let Meaning::Timestamp(unit) = self.meaning else { return Err(Reject::WrongType) };
        self.cell.store(output, at, self.cell.bits_of(Number::Integer(time.to(unit)))?)
    }

    /// Takes a truth value.
    #[inline]
    pub(super) fn boolean(&self, output: &mut Output<'_>, at: usize, value: bool) -> Result<(), Reject> {
        if !self.is_bool() {
            return Err(Reject::WrongType);
        }
        self.cell.store(output, at, value.into())
    }
}

/// All integers of 64 bits, with or without sign.
const BOTH: (i128, i128) = (i64::MIN as i128, u64::MAX as i128);

/// A number in memory. Bits are in two's complement; those of a float are its own.
pub(super) trait CellInMemory: Copy {
    /// The integer at `at`; `None` if it lies outside, or this is no integer.
    fn load(self, input: Input<'_>, at: usize) -> Option<u64>;

    /// Writes the integer `bits` to `at`. Of a bit-field, the integer around it was zero, or holds other bit-fields.
    fn store(self, output: &mut Output<'_>, at: usize, bits: u64) -> Result<(), Reject>;

    /// The number at `at`.
    fn number(self, input: Input<'_>, at: usize) -> Result<Number, Reject>;

    /// The bits of a number, if it fits.
    fn bits_of(self, number: Number) -> Result<u64, Reject>;

    /// The least and the greatest integer.
    fn range(self) -> Option<(i128, i128)>;

    fn fits(self, bits: u64) -> bool;

    /// The value of an integer.
    fn value(self, bits: u64) -> i128;

    fn integer<'a>(self, bits: u64) -> Shown<'a>;

    fn is_signed(self) -> bool;
}

impl CellInMemory for Cell {
    #[inline]
    fn load(self, input: Input<'_>, at: usize) -> Option<u64> {
        let mut whole = load(input, at, self.scalar)?;
        if self.swapped {
            whole = swapped(whole, self.scalar);
        }
        let Some((shift, width)) = self.bits else { return Some(whole) };
        let above = 64 - u32::from(shift) - u32::from(width);
        let high = whole.wrapping_shl(above);
        let below = above + u32::from(shift);
        Some(if self.is_signed() { (high as i64).wrapping_shr(below) as u64 } else { high.wrapping_shr(below) })
    }

    #[inline]
    fn store(self, output: &mut Output<'_>, at: usize, bits: u64) -> Result<(), Reject> {
        let Some((shift, width)) = self.bits else {
            let bits = if self.swapped { swapped(bits, self.scalar) } else { bits };
            return match self.scalar {
                Scalar::F32 => output.array(at, (bits as u32).to_ne_bytes()),
                Scalar::F64 => output.array(at, bits.to_ne_bytes()),
                integer => store(output, integer, at, bits),
            }
            .ok_or(Reject::SizeMismatch);
        };
        if !self.fits(bits) {
            return Err(Reject::OutOfRange);
        }
        let bits = bits & (u64::MAX >> (64 - u32::from(width)));
        output.merge(at, self.scalar.size(), bits << shift).ok_or(Reject::SizeMismatch)
    }

    #[inline]
    fn number(self, input: Input<'_>, at: usize) -> Result<Number, Reject> {
        let number = match self.scalar {
            Scalar::F32 => input.array(at).map(u32::from_ne_bytes).map(|bits| {
                let bits = if self.swapped { bits.swap_bytes() } else { bits };
                Number::Float(f32::from_bits(bits).into())
            }),
            Scalar::F64 => input.array(at).map(u64::from_ne_bytes).map(|bits| {
                let bits = if self.swapped { bits.swap_bytes() } else { bits };
                Number::Float(f64::from_bits(bits))
            }),
            _ => self.load(input, at).map(|bits| Number::Integer(self.value(bits))),
        };
        number.ok_or(Reject::SizeMismatch)
    }

    #[inline]
    fn bits_of(self, number: Number) -> Result<u64, Reject> {
        match self.scalar {
            Scalar::F32 => Ok(number.to_f32()?.to_bits().into()),
            Scalar::F64 => Ok(number.to_f64()?.to_bits()),
            _ => number.to_integer_in(self.range().ok_or(Reject::OutOfRange)?),
        }
    }

    fn range(self) -> Option<(i128, i128)> {
        let range = self.scalar.integer_range()?;
        let Some((_, width)) = self.bits else { return Some(range) };
        Some(if self.is_signed() { (-(1 << (width - 1)), (1 << (width - 1)) - 1) } else { (0, (1 << width) - 1) })
    }

    fn fits(self, bits: u64) -> bool {
        self.range().is_some_and(|(min, max)| (min..=max).contains(&self.value(bits)))
    }

    #[inline]
    fn value(self, bits: u64) -> i128 {
        if self.is_signed() { i128::from(bits as i64) } else { i128::from(bits) }
    }

    #[inline]
    fn integer<'a>(self, bits: u64) -> Shown<'a> {
        if self.is_signed() { Shown::Signed(bits as i64) } else { Shown::Unsigned(bits) }
    }

    fn is_signed(self) -> bool {
        matches!(self.scalar, Scalar::I8 | Scalar::I16 | Scalar::I32 | Scalar::I64)
    }
}

/// What a scale makes of numbers.
pub(super) trait Scaling: Copy {
    /// What a document shows of a number in memory, as a float.
    fn times(self, number: Number) -> Result<f64, Reject>;

    /// The bits in memory of a number that a document shows: the nearest that the type has.
    fn undo(self, number: Number, cell: Cell) -> Result<u64, Reject>;

    fn divide(self, number: Number) -> f64;
}

impl Scaling for Scale {
    fn times(self, number: Number) -> Result<f64, Reject> {
        let (numerator, denominator) = (self.numerator as f64, self.denominator as f64);
        match number {
            // One rounding where the product is exact.
            Number::Integer(value) => Ok((value * i128::from(self.numerator)) as f64 / denominator),
            Number::Float(value) => Ok(value * numerator / denominator),
        }
    }

    fn undo(self, number: Number, cell: Cell) -> Result<u64, Reject> {
        let (numerator, denominator) = (i128::from(self.numerator), i128::from(self.denominator));
        match (number, cell.scalar) {
            (number, Scalar::F32) => match self.divide(number) as f32 {
                float if float.is_infinite() && number.is_finite() => Err(Reject::OutOfRange),
                float => Ok(float.to_bits().into()),
            },
            (number, Scalar::F64) => match self.divide(number) {
                float if float.is_infinite() && number.is_finite() => Err(Reject::OutOfRange),
                float => Ok(float.to_bits()),
            },
            (Number::Integer(value), _) => cell.bits_of(Number::Integer(round(value * denominator, numerator))),
            (Number::Float(_), _) => cell.bits_of(Number::Float(whole(self.divide(number)))),
        }
    }

    fn divide(self, number: Number) -> f64 {
        let (numerator, denominator) = (self.numerator as f64, self.denominator as f64);
        match number {
            Number::Integer(value) => (value * i128::from(self.denominator)) as f64 / numerator,
            Number::Float(value) => value * denominator / numerator,
        }
    }
}

/// The whole number nearest to a float, the even one where two are.
#[inline]
fn whole(value: f64) -> f64 {
    // From here on up to twice as much there are whole numbers only, so that the sum is rounded to one. Not all machines
    // have an instruction for it, and this is what a library would do.
    const WHOLE: f64 = (1_u64 << 52) as f64;
    match value {
        0.0..WHOLE => value + WHOLE - WHOLE,
        _ => value.round_ties_even(),
    }
}

/// The integer nearest to a quotient, away from zero where two are; the divisor is not 0.
fn round(dividend: i128, divisor: i128) -> i128 {
    let (dividend, divisor) = if divisor < 0 { (-dividend, -divisor) } else { (dividend, divisor) };
    let half = divisor / 2;
    if dividend < 0 { (dividend - half) / divisor } else { (dividend + half) / divisor }
}
