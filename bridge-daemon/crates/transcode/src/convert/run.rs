//! Follows the operations over a sample.

use super::columns::{self, Rows};
use super::{Elements, Op, number, text};
use crate::bytes::{Input, Output};
use crate::leaf::CellInMemory;
use crate::live::LiveInMemory;
use crate::number::Number;
use crate::reject::Reject;
use crate::time::Time;
use bridge_layout::tree::{Absent, Extent};

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
            // A single number is copied by an instruction, not by a call.
            Op::Copy { from, to, len: 8 } => {
                output.copy(start + to, input, base + from, 8).ok_or(Reject::SizeMismatch)?;
            }
            Op::Copy { from, to, len } => {
                output.copy(start + to, input, base + from, *len).ok_or(Reject::SizeMismatch)?;
            }
            Op::Fixed { to, bytes } => output.slice(start + to, bytes).ok_or(Reject::SizeMismatch)?,
            Op::Numbers { from, to, source, sink, count } => {
                number::convert((input, base + from), (output, start + to), (*source, *sink), *count)?;
            }
            Op::Number { from, to, source, sink } => {
                sink.store(output, start + to, sink.bits_of(source.number(input, base + from)?)?)?;
            }
            Op::Bool { from, to, source, sink } => {
                let bit = source.load(input, base + from).ok_or(Reject::SizeMismatch)?;
                let (0 | 1) = bit else { return Err(Reject::OutOfRange) };
                sink.store(output, start + to, bit)?;
            }
            Op::Scaled { from, to, source, sink } => {
                sink.number(output, start + to, source.number(input, base + from)?)?;
            }
            Op::Time { from, to, source: (source, source_unit), sink: (sink, sink_unit) } => {
                let Number::Integer(value) = source.number(input, base + from)? else { return Err(Reject::OutOfRange) };
                let value = Time::of(value, *source_unit)?.to(*sink_unit);
                sink.store(output, start + to, sink.bits_of(Number::Integer(value))?)?;
            }
            Op::Enum { from, to, mapping } => mapping.run(input, base + from, output, start + to)?,
            Op::Text { from, source, to, sink } => {
                text::convert((*source, input, base, *from), (*sink, output, start, *to))?;
            }
            Op::List { from, to, is_zeroed, body } => {
                let (inner, after) = rest.split_at_checked(body.unwrap_or(0)).ok_or(Reject::SizeMismatch)?;
                rest = after;
                list(body.map(|_| inner), (*from, input, base), (*to, output, start), *is_zeroed)?;
            }
            Op::OneOf { from, choice, body } => {
                let (all, after) = rest.split_at_checked(*body).ok_or(Reject::SizeMismatch)?;
                rest = after;
                run(choice.choose(input, base + from, all)?.1, (input, base), output, start)?;
            }
            Op::Optional { from, absent, flag, body } => {
                let (body, after) = rest.split_at_checked(*body).ok_or(Reject::SizeMismatch)?;
                rest = after;
                match input.byte(base + from).ok_or(Reject::SizeMismatch)? {
                    0 => leave_out(absent.as_deref().ok_or(Reject::MissingField)?, output, start)?,
                    1 => {
                        if let Some(flag) = flag {
                            output.array(start + flag, [1]).ok_or(Reject::SizeMismatch)?;
                        }
                        run(body, (input, base), output, start)?;
                    }
                    _ => return Err(Reject::OutOfRange),
                }
            }
        }
    }
    Ok(())
}

/// Where the sample cannot be converted: a byte of the first field at fault.
pub(super) fn locate(
    ops: &[Op],
    (input, base): (Input<'_>, usize),
    output: &mut Output<'_>,
    start: usize,
) -> Option<usize> {
    let mut rest = ops;
    while let Some(op) = rest.first() {
        let (this, after) = rest.split_at_checked(1 + op.body())?;
        rest = after;
        if run(this, (input, base), output, start).is_ok() {
            continue;
        }
        let body = this.get(1..).unwrap_or_default();
        let inner = match op {
            Op::List { from, to, .. } => {
                let Elements { at, stride, extent: Extent { capacity, live } } = *from;
                let count = live.map_or(Ok(capacity), |live| live.read(input, base, stride, capacity));
                let count = count.ok().filter(|count| *count <= to.extent.capacity).unwrap_or(0);
                (0..count).find_map(|index| {
                    let (from, to) = (base + at + index * stride, start + to.at + index * to.stride);
                    locate(body, (input, from), output, to)
                })
            }
            Op::Numbers { from, to, source, sink, count } => (0..*count).find_map(|index| {
                let (from, to) = (base + from + index * source.size(), start + to + index * sink.size());
                number::convert((input, from), (output, to), (*source, *sink), 1).is_err().then_some(from)
            }),
            Op::Optional { .. } => locate(body, (input, base), output, start),
            Op::OneOf { from, choice, .. } => {
                let chosen = choice.choose(input, base + from, body).ok();
                chosen.and_then(|(_, body)| locate(body, (input, base), output, start))
            }
            _ => None,
        };
        return inner.or_else(|| Some(base + op.from()?));
    }
    None
}

fn list(
    body: Option<&[Op]>,
    (from, input, base): (Elements, Input<'_>, usize),
    (to, output, start): (Elements, &mut Output<'_>, usize),
    is_zeroed: bool,
) -> Result<(), Reject> {
    let Extent { capacity: from_capacity, live: from_live } = from.extent;
    let count = match from_live {
        Some(live) => {
            let count = live.read(input, base, from.stride, from_capacity)?;
            live.verify(input, base, base + from.at, count * from.stride)?;
            count
        }
        None => from_capacity,
    };
    let capacity = to.extent.capacity;
    if count > capacity || (count < capacity && to.extent.is_fixed()) {
        return Err(Reject::ArrayLength);
    }
    match body {
        None => {
            let len = count * to.stride;
            output.copy(start + to.at, input, base + from.at, len).ok_or(Reject::SizeMismatch)?;
        }
        Some(body) => {
            let (from, to) = ((base + from.at, from.stride), (start + to.at, to.stride));
            columns::run(body, Rows { input, from, to, count }, output)?;
        }
    }
    if !is_zeroed {
        let end = start + to.at + count * to.stride;
        output.zeros(end, (capacity - count) * to.stride).ok_or(Reject::SizeMismatch)?;
    }
    to.extent.live.map_or(Ok(()), |live| live.write(output, start, to.stride, count, start + to.at))
}

/// Writes what stands for a value that is not there.
fn leave_out(absent: &Absent, output: &mut Output<'_>, start: usize) -> Result<(), Reject> {
    for span in &absent.zero {
        output.zeros(start + span.at, span.len).ok_or(Reject::SizeMismatch)?;
    }
    for (at, bytes) in &absent.write {
        output.slice(start + at, bytes).ok_or(Reject::SizeMismatch)?;
    }
    Ok(())
}
