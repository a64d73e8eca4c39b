//! Numbers between types, where nothing is lost.

use super::reject::Reject;
use bridge_layout::Scalar;

/// A number, whatever type it had.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    /// An integer of 64 bits, with or without sign.
    Integer(i128),
    /// Any float.
    Float(f64),
}

/// The first double beyond the integers of 64 bits with a sign.
const I64_END: f64 = 9_223_372_036_854_775_808.0;

impl Number {
    /// The bits of the integer `sink`, in two's complement.
    #[inline]
    pub(super) fn to_integer(self, sink: Scalar) -> Result<u64, Reject> {
        let range = sink.integer_range().ok_or(Reject::OutOfRange)?;
        self.to_integer_in(range)
    }

    /// The same for an integer from the first to the second number.
    #[inline]
    pub(super) fn to_integer_in(self, (min, max): (i128, i128)) -> Result<u64, Reject> {
        let value = match self {
            Self::Integer(value) => value,
            // Almost all of them, in few instructions: a whole number of 64 bits with a sign comes back as it was.
            Self::Float(value) if value as i64 as f64 == value && value < I64_END => i128::from(value as i64),
            // Floats beyond become the nearest of 128 bits, which is beyond every type, too; NaN is no whole number.
            Self::Float(value) if value.trunc() == value => value as i128,
            Self::Float(_) => return Err(Reject::OutOfRange),
        };
        if (min..=max).contains(&value) { Ok(value as u64) } else { Err(Reject::OutOfRange) }
    }

    /// Whether it is neither infinite nor NaN.
    pub(super) fn is_finite(self) -> bool {
        match self {
            Self::Integer(_) => true,
            Self::Float(value) => value.is_finite(),
        }
    }

    /// The double that is this number.
    #[inline]
    pub(super) fn to_f64(self) -> Result<f64, Reject> {
        match self {
            Self::Float(value) => Ok(value),
            Self::Integer(value) if value as f64 as i128 == value => Ok(value as f64),
            Self::Integer(_) => Err(Reject::OutOfRange),
        }
    }

    /// The float that is nearest to this double, or that is this integer.
    #[inline]
    pub(super) fn to_nearest_f32(self) -> Result<f32, Reject> {
        match self {
            Self::Integer(_) => self.to_f32(),
            Self::Float(double) => match double as f32 {
                float if float.is_infinite() && double.is_finite() => Err(Reject::OutOfRange),
                float => Ok(float),
            },
        }
    }

    /// The float that is this number.
    #[inline]
    pub(super) fn to_f32(self) -> Result<f32, Reject> {
        let double = self.to_f64()?;
        let float = double as f32;
        if f64::from(float) == double || double.is_nan() { Ok(float) } else { Err(Reject::OutOfRange) }
    }
}
