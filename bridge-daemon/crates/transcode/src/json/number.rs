//! Numbers of a document: integers exactly, however they are written, and floats correctly rounded.

use std::ops::RangeInclusive;
use std::str::FromStr;

use super::decimal::{self, MAX_DIGITS};
use super::reader::{Reader, unexpected};
use crate::number::Number;
use crate::reject::Reject;

/// Digits that are kept of a number. No boundary between two doubles has more than 767, so that of what follows it only
/// matters whether it is zero.
const KEPT: usize = 768;

/// The next value, which must be a number and an integer.
#[inline]
pub(crate) fn integer(reader: &mut Reader<'_>) -> Result<i128, Reject> {
    let start = Start::read(reader)?;
    if start.is_complete {
        return Ok(start.integer());
    }
    Decimal::read(start, reader)?.to_integer()
}

/// A float type.
pub(crate) trait Float: Copy + FromStr + Into<f64> {
    /// The nearest to an integer.
    fn nearest(integer: u64) -> Self;
    /// The same with the other sign.
    fn negated(self) -> Self;
}

/// The next value, which must be a number: the float that is nearest to it.
#[inline]
pub(crate) fn float<F: Float>(reader: &mut Reader<'_>) -> Result<F, Reject> {
    let start = Start::read(reader)?;
    if start.is_complete {
        let float = F::nearest(start.magnitude);
        return Ok(if start.is_negative { float.negated() } else { float });
    }
    Decimal::read(start, reader)?.into_float()
}

/// The next value, which must be a number: an integer if it is written as one and has 64 bits, else the nearest float.
/// Integers have no negative zero, so that is a float, too.
pub(crate) fn number(reader: &mut Reader<'_>) -> Result<Number, Reject> {
    let start = Start::read(reader)?;
    if start.is_complete {
        return Ok(match start.integer() {
            0 if start.is_negative => Number::Float(-0.0),
            integer if IN_64_BITS.contains(&integer) => Number::Integer(integer),
            integer => Number::Float(integer as f64),
        });
    }
    let decimal = Decimal::read(start, reader)?;
    let integer = decimal.to_integer().ok().filter(|integer| decimal.is_whole && IN_64_BITS.contains(integer));
    match integer {
        Some(integer) => Ok(Number::Integer(integer)),
        None => decimal.into_float().map(Number::Float),
    }
}

/// The integers that a [`Number`] can be.
const IN_64_BITS: RangeInclusive<i128> = i64::MIN as i128..=u64::MAX as i128;

/// Passes the next value, which must be a number.
pub(crate) fn pass(reader: &mut Reader<'_>) -> Result<(), Reject> {
    if !Start::read(reader)?.is_complete {
        rest(reader, |_, _| {})?;
    }
    Ok(())
}

/// The start of a number, and all of most.
#[derive(Clone, Copy, Debug)]
struct Start {
    is_negative: bool,
    /// Of at most 19 digits, so that it fits.
    magnitude: u64,
    /// No digit, fraction or exponent follows.
    is_complete: bool,
}

impl Start {
    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<Self, Reject> {
        let is_negative = match reader.token()? {
            b'-' => {
                reader.pass();
                true
            }
            b'0'..=b'9' => false,
            other => return Err(unexpected(other)),
        };
        let first @ b'0'..=b'9' = reader.next()? else { return Err(Reject::Malformed) };
        let mut magnitude = u64::from(first - b'0');
        if first == b'0' && reader.ahead().is_ascii_digit() {
            return Err(Reject::Malformed);
        }
        for _ in 1..19 {
            let digit @ b'0'..=b'9' = reader.ahead() else { break };
            reader.pass();
            magnitude = magnitude * 10 + u64::from(digit - b'0');
        }
        let is_complete = !matches!(reader.ahead(), b'0'..=b'9' | b'.' | b'e' | b'E');
        Ok(Self { is_negative, magnitude, is_complete })
    }

    /// The integer, if nothing follows.
    fn integer(self) -> i128 {
        let magnitude = i128::from(self.magnitude);
        if self.is_negative { -magnitude } else { magnitude }
    }
}

/// Passes the rest of a number whose start was passed. `take` is given each digit before the exponent, and whether it
/// stands after the point; the exponent is given back, if there is one.
fn rest(reader: &mut Reader<'_>, mut take: impl FnMut(u8, bool)) -> Result<Option<i64>, Reject> {
    while let digit @ b'0'..=b'9' = reader.ahead() {
        reader.pass();
        take(digit, false);
    }
    if reader.ahead() == b'.' {
        reader.pass();
        digits(reader, |digit| take(digit, true))?;
    }
    let (b'e' | b'E') = reader.ahead() else { return Ok(None) };
    reader.pass();
    let sign = reader.peek()?;
    if let b'+' | b'-' = sign {
        reader.pass();
    }
    let mut exponent = 0_i64;
    digits(reader, |digit| exponent = exponent.saturating_mul(10).saturating_add(i64::from(digit - b'0')))?;
    Ok(Some(if sign == b'-' { -exponent } else { exponent }))
}

/// Passes one digit or more.
fn digits(reader: &mut Reader<'_>, mut take: impl FnMut(u8)) -> Result<(), Reject> {
    if !reader.peek()?.is_ascii_digit() {
        return Err(Reject::Malformed);
    }
    while let digit @ b'0'..=b'9' = reader.ahead() {
        reader.pass();
        take(digit);
    }
    Ok(())
}

/// Bytes of the longest number as it is handed to `core`: sign, digits, `e`, sign, exponent.
const TEXT: usize = 1 + KEPT + 1 + 1 + 1 + MAX_DIGITS;

/// A number of many digits, a copy of which is looked at as often as needed.
#[derive(Debug)]
struct Decimal {
    /// A sign, the digits without zeros before them, and room for the exponent.
    text: [u8; TEXT],
    /// Digits in it.
    len: usize,
    /// The last digit is the unit of this power of ten.
    exponent: i64,
    /// Digits that are not zero had no room.
    is_cut: bool,
    /// There is neither a point nor an exponent.
    is_whole: bool,
}

impl Decimal {
    /// Reads what follows `start`.
    #[inline(never)]
    fn read(start: Start, reader: &mut Reader<'_>) -> Result<Self, Reject> {
        let mut decimal = Self { text: [b'+'; TEXT], len: 0, exponent: 0, is_cut: false, is_whole: true };
        if start.is_negative {
            decimal.text[0] = b'-';
        }
        let (digits, len) = decimal::digits(start.magnitude);
        digits.iter().skip(MAX_DIGITS - len).for_each(|digit| decimal.push(*digit, false));
        let exponent = rest(reader, |digit, is_fraction| {
            decimal.push(digit, is_fraction);
            decimal.is_whole &= !is_fraction;
        })?;
        decimal.is_whole &= exponent.is_none();
        decimal.exponent = decimal.exponent.saturating_add(exponent.unwrap_or(0));
        Ok(decimal)
    }

    fn push(&mut self, digit: u8, is_fraction: bool) {
        let is_leading_zero = self.len == 0 && digit == b'0';
        let place = self.text.get_mut(1 + self.len).filter(|_| self.len < KEPT && !is_leading_zero);
        let is_kept = match place {
            Some(place) => {
                *place = digit;
                self.len += 1;
                true
            }
            None => {
                self.is_cut |= digit != b'0';
                is_leading_zero
            }
        };
        self.exponent += i64::from(!is_kept) - i64::from(is_fraction);
    }

    /// The digits, without zeros at the end, and the power of ten that the last one is the unit of.
    fn to_integer(&self) -> Result<i128, Reject> {
        let digits = self.text.get(1..1 + self.len).unwrap_or_default();
        let zeros = digits.iter().rev().take_while(|digit| **digit == b'0').count();
        let digits = digits.get(..digits.len() - zeros).unwrap_or_default();
        if digits.is_empty() && !self.is_cut {
            return Ok(0);
        }
        // More digits than those of 64 bits are beyond every type.
        let exponent = usize::try_from(self.exponent.saturating_add(zeros as i64)).ok();
        let exponent = exponent.filter(|exponent| exponent.saturating_add(digits.len()) <= MAX_DIGITS && !self.is_cut);
        let exponent = exponent.ok_or(Reject::OutOfRange)?;
        let magnitude = digits.iter().map(|digit| digit - b'0').chain(std::iter::repeat_n(0, exponent));
        let magnitude = magnitude.fold(0_i128, |sum, digit| sum * 10 + i128::from(digit));
        Ok(if self.text[0] == b'-' { -magnitude } else { magnitude })
    }

    fn into_float<F: Float>(mut self) -> Result<F, Reject> {
        if self.len == 0 {
            self.push_text(b"0");
        }
        if self.is_cut {
            // Only on which side of the digits before it the number lies is of interest.
            self.push_text(b"1");
            self.exponent = self.exponent.saturating_sub(1);
        }
        self.push_text(if self.exponent < 0 { b"e-" } else { b"e+" });
        let (digits, len) = decimal::digits(self.exponent.unsigned_abs());
        self.push_text(digits.get(MAX_DIGITS - len..).unwrap_or_default());
        let text = self.text.get(..1 + self.len).and_then(|text| str::from_utf8(text).ok());
        let float: Option<F> = text.and_then(|text| text.parse().ok());
        float.filter(|float| (*float).into().is_finite()).ok_or(Reject::OutOfRange)
    }

    /// Adds to the text, in which there is room for all that is added.
    fn push_text(&mut self, bytes: &[u8]) {
        let place = self.text.get_mut(1 + self.len..).unwrap_or_default();
        place.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        self.len += bytes.len();
    }
}

impl Float for f32 {
    fn nearest(integer: u64) -> Self {
        integer as Self
    }

    fn negated(self) -> Self {
        -self
    }
}

impl Float for f64 {
    fn nearest(integer: u64) -> Self {
        integer as Self
    }

    fn negated(self) -> Self {
        -self
    }
}
