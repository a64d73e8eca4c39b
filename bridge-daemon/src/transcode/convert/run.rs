//! Follows the operations over a sample.

use super::{Op, number};
use crate::transcode::bytes::{Input, Output};
use crate::transcode::reject::Reject;
use crate::transcode::text::{first_nul, word};

/// Follows `ops` for the struct or element that starts at `base` of the input, and at `start` of the output.
pub(super) fn run(
    ops: &[Op],
    (input, base): (Input<'_>, usize),
    output: &mut Output<'_>,
    start: usize,
) -> Result<(), Reject> {
    let mut rest = ops;
    while let Some((op, after)) = rest.split_first() {
        rest = after;
        match op {
            Op::Copy { from, to, len } => {
                output.copy(start + to, input, base + from, *len).ok_or(Reject::SizeMismatch)?;
            }
            Op::Numbers { from, to, source, sink, count } => {
                number::convert((input, base + from), (output, start + to), (*source, *sink), *count)?;
            }
            Op::Text { from, from_len, to, to_len } => {
                text((input, base + from), *from_len, (output, start + to), *to_len)?;
            }
            Op::Enum { from, to, mapping } => mapping.run(input, base + from, output, start + to)?,
            Op::Repeat { from, from_stride, to, to_stride, count, body } => {
                let (body, after) = rest.split_at_checked(*body).ok_or(Reject::SizeMismatch)?;
                rest = after;
                for index in 0..*count {
                    run(body, (input, base + from + index * from_stride), output, start + to + index * to_stride)?;
                }
            }
        }
    }
    Ok(())
}

/// Copies a text up to its NUL, zeros behind it. Both are structs of C's, so nobody asks for UTF-8.
fn text(
    (input, from): (Input<'_>, usize),
    from_len: usize,
    (output, to): (&mut Output<'_>, usize),
    to_len: usize,
) -> Result<(), Reject> {
    let mut live = 0;
    while live < from_len {
        let count = (from_len - live).min(8);
        let word = word(input, from + live, count).ok_or(Reject::SizeMismatch)?;
        let used = first_nul(word).min(count);
        if used > to_len - live {
            return Err(Reject::TextTooLong);
        }
        let bytes = word.to_le_bytes();
        output.slice(to + live, bytes.get(..used).unwrap_or(&bytes)).ok_or(Reject::SizeMismatch)?;
        live += used;
        if used < count {
            break;
        }
    }
    output.zeros(to + live, to_len - live).ok_or(Reject::SizeMismatch)
}
