//! Texts, eight bytes at a time. A word holds bytes of a text in reading order, the first one lowest, zeros at the end.

use super::bytes::Input;
use super::reject::Reject;
use bridge_layout::tree::Text;

const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
const LOW_BITS: u64 = 0x0101_0101_0101_0101;

/// The `count` bytes (at most 8) of `input` from `at` on as a word; `None` if they reach beyond the end.
#[inline(always)]
pub(super) fn word(input: Input<'_>, at: usize, count: usize) -> Option<u64> {
    match input.array(at) {
        Some(bytes) => Some(first(u64::from_le_bytes(bytes), count)),
        None => word_at_end(input, at, count),
    }
}

/// The same where fewer than 8 bytes remain.
#[inline]
fn word_at_end(input: Input<'_>, at: usize, count: usize) -> Option<u64> {
    if count > 8 || count > input.len().checked_sub(at)? {
        return None;
    }
    if let Some(bytes) = input.len().checked_sub(8).and_then(|start| input.array(start)) {
        // Fewer than 8 bytes remain, so at least one byte of these lies before `at`, and none of ours is missing.
        let skipped = at - (input.len() - 8);
        return Some(first(u64::from_le_bytes(bytes).unbounded_shr(8 * skipped as u32), count));
    }
    let mut bytes = [0; 8];
    for (index, byte) in bytes.iter_mut().take(count).enumerate() {
        *byte = input.byte(at + index)?;
    }
    Some(u64::from_le_bytes(bytes))
}

/// The first `count` bytes of `word`, zeros after them.
#[inline(always)]
pub(super) fn first(word: u64, count: usize) -> u64 {
    word & !u64::MAX.unbounded_shl(8 * count as u32)
}

/// The index of the first NUL in `word`; 8 if there is none.
#[inline(always)]
pub(super) fn first_nul(word: u64) -> usize {
    ((word.wrapping_sub(LOW_BITS) & !word & HIGH_BITS).trailing_zeros() / 8) as usize
}

/// The bits of all bytes up to the first NUL in `word`; all bits if there is none.
#[inline(always)]
pub(super) const fn to_first_nul(word: u64) -> u64 {
    // Above the first NUL, bytes may be taken for a NUL falsely.
    let nuls = word.wrapping_sub(LOW_BITS) & !word & HIGH_BITS;
    // Of the NUL itself all bits but the highest, which does not count.
    (nuls & nuls.wrapping_neg()).wrapping_sub(1)
}

/// Whether the first `count` bytes of `word` are ASCII.
#[inline(always)]
pub(super) fn is_ascii(word: u64, count: usize) -> bool {
    first(word, count) & HIGH_BITS == 0
}

/// Whether the first `count` bytes of `word` cannot be written to `text`, whatever their encoding.
#[inline(always)]
pub(super) fn is_refused(to: &Text, word: u64, count: usize) -> bool {
    (!to.may_hold_nul() && first_nul(word) < count) || (to.is_ascii() && !is_ascii(word, count))
}

/// How many bytes of `word` are left without those behind the last one that is neither `pad` nor NUL.
#[inline(always)]
fn without_padding(word: u64, pad: u8) -> usize {
    let kept = not_nul(word) & not_nul(word ^ u64::from_ne_bytes([pad; 8]));
    ((u64::BITS - kept.leading_zeros()) / 8) as usize
}

/// Bytes in `len` bytes behind which nothing but `pad` and NULs follows.
pub(super) fn before_padding(input: Input<'_>, at: usize, len: usize, pad: u8) -> Result<usize, Reject> {
    let mut end = len;
    while end > 0 {
        let count = end.min(8);
        let word = word(input, at + end - count, count).ok_or(Reject::SizeMismatch)?;
        let kept = without_padding(word, pad);
        if kept > 0 {
            return Ok(end - count + kept);
        }
        end -= count;
    }
    Ok(0)
}

/// The high bit of each byte that is not NUL.
#[inline(always)]
const fn not_nul(word: u64) -> u64 {
    (((word & !HIGH_BITS) + !HIGH_BITS) | word) & HIGH_BITS
}

/// Texts of at most this many bytes are looked at in one piece.
pub(super) const SHORT: usize = 16;

/// The text in `len` bytes, at most [`SHORT`], from `at` on, the first byte lowest: how many bytes come before the first
/// NUL, and those, which are UTF-8. What stands above them is of no meaning.
#[inline(always)]
pub(super) fn short(input: Input<'_>, at: usize, len: usize) -> Result<(u128, usize), Reject> {
    const HIGH: u128 = (HIGH_BITS as u128) << 64 | HIGH_BITS as u128;
    const LOW: u128 = (LOW_BITS as u128) << 64 | LOW_BITS as u128;
    let text = match input.array(at) {
        Some(bytes) => u128::from_le_bytes(bytes),
        None => short_at_end(input, at, len).ok_or(Reject::SizeMismatch)?,
    };
    let live = ((text.wrapping_sub(LOW) & !text & HIGH).trailing_zeros() / 8) as usize;
    let live = live.min(len);
    if text & HIGH != 0 {
        // Not all is ASCII, though perhaps only behind the NUL.
        Utf8::default().after(text as u64, live)?.after((text >> 64) as u64, live.saturating_sub(8))?.finish()?;
    }
    Ok((text, live))
}

#[inline(never)]
fn short_at_end(input: Input<'_>, at: usize, len: usize) -> Option<u128> {
    let low = word(input, at, len.min(8))?;
    let high = if len > 8 { word(input, at + 8, len - 8)? } else { 0 };
    Some(u128::from(high) << 64 | u128::from(low))
}

/// Checks that a text that comes in words is UTF-8.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Utf8 {
    /// Continuation bytes that must still come.
    missing: u8,
    /// What the next of them may be; matters right after a leading byte.
    low: u8,
    high: u8,
}

impl Utf8 {
    /// The next `count` bytes of the text, which are the first of `word`. It is faster when all of it is ASCII.
    #[inline(always)]
    pub(super) fn push(&mut self, word: u64, count: usize) -> Result<(), Reject> {
        if self.missing == 0 && word & HIGH_BITS == 0 {
            return Ok(());
        }
        *self = self.after(word, count)?;
        Ok(())
    }

    /// By value, so that the state of a text that is ASCII stays in registers.
    #[inline(never)]
    fn after(mut self, word: u64, count: usize) -> Result<Self, Reject> {
        word.to_le_bytes().into_iter().take(count).try_for_each(|byte| self.push_byte(byte))?;
        Ok(self)
    }

    /// The table of well-formed byte sequences of the Unicode standard (3-7).
    fn push_byte(&mut self, byte: u8) -> Result<(), Reject> {
        if self.missing > 0 {
            if !(self.low..=self.high).contains(&byte) {
                return Err(Reject::InvalidText);
            }
            (self.missing, self.low, self.high) = (self.missing - 1, 0x80, 0xbf);
            return Ok(());
        }
        (self.missing, self.low, self.high) = match byte {
            0x00..=0x7f => (0, 0, 0),
            0xc2..=0xdf => (1, 0x80, 0xbf),
            0xe0 => (2, 0xa0, 0xbf),
            0xe1..=0xec | 0xee..=0xef => (2, 0x80, 0xbf),
            0xed => (2, 0x80, 0x9f),
            0xf0 => (3, 0x90, 0xbf),
            0xf1..=0xf3 => (3, 0x80, 0xbf),
            0xf4 => (3, 0x80, 0x8f),
            _ => return Err(Reject::InvalidText),
        };
        Ok(())
    }

    /// The text is at its end.
    #[inline(always)]
    pub(super) fn finish(self) -> Result<(), Reject> {
        if self.missing == 0 { Ok(()) } else { Err(Reject::InvalidText) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_utf8(bytes: &[u8]) -> bool {
        let mut utf8 = Utf8::default();
        let input = Input::from(bytes);
        let pushed = (0..bytes.len()).step_by(8).try_for_each(|at| {
            let count = 8.min(bytes.len() - at);
            utf8.push(word(input, at, count).expect("inside"), count)
        });
        pushed.and_then(|()| utf8.finish()).is_ok()
    }

    #[test]
    fn every_sequence_of_two_bytes_is_judged_as_std_does() {
        for pair in 0..=u16::MAX {
            let bytes = pair.to_be_bytes();
            assert_eq!(is_utf8(&bytes), std::str::from_utf8(&bytes).is_ok(), "{bytes:02x?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_judged_as_std_does(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(is_utf8(&bytes), std::str::from_utf8(&bytes).is_ok());
        }

        #[test]
        fn leading_bytes_are_judged_as_std_does(lead in 0xc0_u8..=0xff, rest: [u8; 3], narrow: bool) {
            let tail = rest.map(|byte| if narrow { 0x80 | (byte & 0x3f) } else { byte });
            let bytes = [lead, tail[0], tail[1], tail[2]];
            for len in 0..=4 {
                prop_assert_eq!(is_utf8(&bytes[..len]), std::str::from_utf8(&bytes[..len]).is_ok());
            }
        }

        #[test]
        fn all_texts_are_accepted(text in "\\PC{0,30}") {
            prop_assert!(is_utf8(text.as_bytes()));
        }

        #[test]
        fn words_are_the_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..20), at in 0_usize..22, count in 0_usize..=8) {
            let expected = bytes.get(at..at + count).map(|slice| {
                let mut word = [0; 8];
                word[..count].copy_from_slice(slice);
                u64::from_le_bytes(word)
            });
            prop_assert_eq!(word(Input::from(bytes.as_slice()), at, count), expected);
        }

        #[test]
        fn the_first_nul_is_found(word: u64, zeroed: u8) {
            let mut bytes = word.to_le_bytes();
            for (index, byte) in bytes.iter_mut().enumerate() {
                if zeroed >> index & 1 == 1 {
                    *byte = 0;
                }
            }
            let with_nuls = u64::from_le_bytes(bytes);
            let expected = bytes.iter().position(|byte| *byte == 0).unwrap_or(8);
            prop_assert_eq!(first_nul(u64::from_le_bytes(bytes)), expected);
            bytes.iter_mut().skip(expected).for_each(|byte| *byte = 0);
            prop_assert_eq!(with_nuls & to_first_nul(with_nuls), u64::from_le_bytes(bytes));
        }

        #[test]
        fn padding_is_left_out(word: u64, pad: u8, padded: u8, zeroed: u8) {
            let mut bytes = word.to_le_bytes();
            for (index, byte) in bytes.iter_mut().enumerate() {
                if padded >> index & 1 == 1 {
                    *byte = pad;
                }
                if zeroed >> index & 1 == 1 {
                    *byte = 0;
                }
            }
            let expected = bytes.iter().rposition(|byte| *byte != pad && *byte != 0).map_or(0, |last| last + 1);
            prop_assert_eq!(without_padding(u64::from_le_bytes(bytes), pad), expected);
        }
    }
}
