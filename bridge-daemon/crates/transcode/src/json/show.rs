//! Values as serde_json writes them.

use super::escape::{Escape, escape, is_plain};
use super::sink::Sink;
use crate::reject::Reject;

/// Shows a float in the fewest digits that are read as the same one, which is what serde_json does, with the same crate.
#[inline]
pub(crate) fn float<F: zmij::Float + Into<f64> + Copy>(value: F, sink: &mut impl Sink) -> Result<(), Reject> {
    if !value.into().is_finite() {
        return Err(Reject::NotFinite);
    }
    sink.bytes(zmij::Buffer::new().format_finite(value).as_bytes())
}

/// Shows an integer of a type with a sign.
#[inline]
pub(crate) fn signed(value: i64, sink: &mut impl Sink) -> Result<(), Reject> {
    sink.integer(value < 0, value.unsigned_abs())
}

/// Shows `true` or `false`.
#[inline]
pub(crate) fn boolean(value: bool, sink: &mut impl Sink) -> Result<(), Reject> {
    sink.bytes(if value { b"true" } else { b"false" })
}

/// Shows a piece of a string: the first `count` bytes of `word`, lowest first.
#[inline]
pub(crate) fn piece<S: Sink>(word: u64, count: usize, sink: &mut S) -> Result<(), Reject> {
    if is_plain(word, count) {
        return sink.word(word, count);
    }
    word.to_le_bytes().into_iter().take(count).try_for_each(|byte| match escape(byte) {
        None => sink.bytes(&[byte]),
        Some(Escape::Short(bytes)) => sink.bytes(&bytes),
        Some(Escape::Long(bytes)) => sink.bytes(&bytes),
    })
}
