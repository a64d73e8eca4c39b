//! Integers in decimal digits.

/// Digits of the greatest integer of 64 bits.
pub(super) const MAX_DIGITS: usize = 20;

/// The digits of `value`, at the end of the array, and how many they are.
#[inline]
pub(super) fn digits(value: u64) -> ([u8; MAX_DIGITS], usize) {
    let mut digits = [b'0'; MAX_DIGITS];
    let (mut rest, mut len) = (value, 0);
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        (rest, len) = (rest / 10, len + 1);
        if rest == 0 {
            break;
        }
    }
    (digits, len)
}

/// How many digits `value` has.
#[inline]
pub(super) fn len(value: u64) -> usize {
    1 + value.checked_ilog10().unwrap_or(0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_are_those_that_std_writes() {
        let powers = (0..20).map(|power| 10_u64.pow(power));
        for value in powers.flat_map(|power| [power - 1, power, power + 1]).chain([u64::MAX]) {
            let (digits, count) = digits(value);
            assert_eq!(digits[MAX_DIGITS - count..], *value.to_string().as_bytes());
            assert_eq!(len(value), count);
        }
    }
}
