//! The smallest MessagePack encoding of an integer, found without a branch: real data mixes sizes, and a branch that
//! is guessed wrong costs more than the whole encoding.

/// How an integer is encoded: one marker byte, then the `bytes` lowest bytes of the value, highest first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    marker: u8,
    /// Bits of the value that stand in the marker itself.
    mask: u8,
    /// 0, 1, 2, 4 or 8.
    pub(crate) bytes: u8,
}

/// By number of significant bits; from 128 on for negative numbers, whose leading ones count as insignificant.
static FORMS: [Form; 256] = forms();

const fn forms() -> [Form; 256] {
    let mut forms = [Form { marker: 0xcf, mask: 0, bytes: 8 }; 256];
    let mut bits = 0;
    while bits < 128 {
        forms[bits] = match bits {
            0..=7 => Form { marker: 0x00, mask: 0x7f, bytes: 0 },
            8 => Form { marker: 0xcc, mask: 0, bytes: 1 },
            9..=16 => Form { marker: 0xcd, mask: 0, bytes: 2 },
            17..=32 => Form { marker: 0xce, mask: 0, bytes: 4 },
            _ => Form { marker: 0xcf, mask: 0, bytes: 8 },
        };
        forms[128 + bits] = match bits {
            0..=5 => Form { marker: 0xe0, mask: 0x1f, bytes: 0 },
            6..=7 => Form { marker: 0xd0, mask: 0, bytes: 1 },
            8..=15 => Form { marker: 0xd1, mask: 0, bytes: 2 },
            16..=31 => Form { marker: 0xd2, mask: 0, bytes: 4 },
            _ => Form { marker: 0xd3, mask: 0, bytes: 8 },
        };
        bits += 1;
    }
    forms
}

impl Form {
    /// The form of an unsigned integer.
    #[inline(always)]
    pub(crate) fn of_unsigned(value: u64) -> Self {
        let bits = (64 - value.leading_zeros()) as u8;
        FORMS[usize::from(bits)]
    }

    /// The form of a signed integer.
    #[inline(always)]
    pub(crate) fn of_signed(value: i64) -> Self {
        let sign = value >> 63;
        let bits = (64 - (value ^ sign).leading_zeros()) as u8;
        FORMS[usize::from(bits | (sign as u8 & 0x80))]
    }

    /// The marker byte of `value` (for negative numbers in two's complement).
    #[inline(always)]
    pub(crate) fn marker(self, value: u64) -> u8 {
        self.marker | (value as u8 & self.mask)
    }

    /// What follows the marker, the first byte lowest; only the first [`Form::bytes`] count.
    #[inline(always)]
    pub(crate) fn tail(self, value: u64) -> u64 {
        let insignificant = 64 - 8 * u32::from(self.bytes);
        value.wrapping_shl(insignificant).swap_bytes()
    }
}
