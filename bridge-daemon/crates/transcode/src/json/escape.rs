//! What a JSON string writes in another way than it is.

const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
const LOW_BITS: u64 = 0x0101_0101_0101_0101;

/// Bytes that are written instead of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// Two bytes.
    Short([u8; 2]),
    /// Six bytes.
    Long([u8; 6]),
}

/// How serde_json writes `byte` in a string; `None`: as it is.
#[inline]
pub(super) const fn escape(byte: u8) -> Option<Escape> {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let short = match byte {
        b'"' => b'"',
        b'\\' => b'\\',
        0x08 => b'b',
        0x09 => b't',
        0x0a => b'n',
        0x0c => b'f',
        0x0d => b'r',
        0x00..0x20 => {
            return Some(Escape::Long([b'\\', b'u', b'0', b'0', b'0' + (byte >> 4), DIGITS[(byte & 0x0f) as usize]]));
        }
        _ => return None,
    };
    Some(Escape::Short([b'\\', short]))
}

/// Whether none of the first `count` bytes of `word` needs an escape, or ends a string. It may doubt that of bytes which
/// do not, but never the other way round.
#[inline(always)]
pub(super) fn is_plain(word: u64, count: usize) -> bool {
    const SPACE: u64 = 0x20 * LOW_BITS;
    let filled = word | (LOW_BITS * 0x30).unbounded_shl(8 * count as u32);
    let has_zero = |word: u64| word.wrapping_sub(LOW_BITS) & !word;
    let quotes = has_zero(filled ^ (LOW_BITS * b'"' as u64));
    let slashes = has_zero(filled ^ (LOW_BITS * b'\\' as u64));
    let controls = filled.wrapping_sub(SPACE) & !filled;
    (quotes | slashes | controls) & HIGH_BITS == 0
}

/// A string literal.
pub(super) fn quoted(text: &str) -> Vec<u8> {
    let mut quoted = vec![b'"'];
    for byte in text.bytes() {
        match escape(byte) {
            None => quoted.push(byte),
            Some(Escape::Short(bytes)) => quoted.extend(bytes),
            Some(Escape::Long(bytes)) => quoted.extend(bytes),
        }
    }
    quoted.push(b'"');
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_character_of_a_byte_is_written_as_serde_json_does() {
        for byte in 0..=0x7f_u8 {
            let text = char::from(byte).to_string();
            assert_eq!(quoted(&text), serde_json::to_vec(&text).expect("writes"), "{byte:02x}");
            assert_eq!(is_plain(u64::from(byte), 1), escape(byte).is_none(), "{byte:02x}");
        }
    }

    proptest! {
        #[test]
        fn plain_words_need_no_escape(word: u64, ascii: bool, count in 0_usize..=8) {
            let word = if ascii { word & !HIGH_BITS } else { word };
            let needed = word.to_le_bytes()[..count].iter().any(|byte| escape(*byte).is_some());
            prop_assert!(!(is_plain(word, count) && needed), "{word:016x}");
        }

        #[test]
        fn letters_are_plain(text in "[ -!#-\\[\\]-~\u{7f}-\u{ff}]{4}") {
            let mut bytes = [0; 8];
            bytes[..text.len()].copy_from_slice(text.as_bytes());
            prop_assert!(is_plain(u64::from_le_bytes(bytes), text.len()));
        }
    }
}
