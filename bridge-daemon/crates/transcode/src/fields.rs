//! Which fields of a struct a document has, whatever its format, and what becomes of those that it has not.

use super::bytes::Output;
use super::reject::Reject;
use super::spot::note;
use super::survey::MAX_FIELDS;
use crate::format::OnMissing;
use bridge_layout::tree::{Absent, Kind, Member};

/// Where a field stands, and what is written for it where a document lacks it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Bytes from the base of the struct's places.
    pub(super) at: usize,
    missing: Missing,
}

/// What is done for a field that a document lacks. Boxed: it is rare, and what stands beside it is looked at all the time.
#[derive(Clone, Debug)]
enum Missing {
    /// This is written, whatever the endpoint says.
    Default(Box<Absent>),
    /// The same for a bit-field: the bits are added to those of its neighbours.
    DefaultBits(Box<Absent>),
    /// This is written if the endpoint lets fields be missing.
    Zero(Box<Absent>),
}

impl Place {
    /// The place of a member.
    pub(super) fn of_member(member: &Member) -> Self {
        let missing = match &member.default {
            Some(default) if is_bits(&member.value.kind) => Missing::DefaultBits(Box::new(default.clone())),
            Some(default) => Missing::Default(Box::new(default.clone())),
            // As serde has it: an optional that is not there is none.
            None if matches!(member.value.kind, Kind::Optional(_)) => Missing::Default(Box::new(member.value.absent())),
            None => Missing::Zero(Box::new(member.value.absent())),
        };
        Self { at: member.value.at, missing }
    }

    /// Does what is done with a field that a document lacks. The places of the struct start at `base`.
    #[inline(never)]
    pub(super) fn leave_out(&self, on_missing: OnMissing, output: &mut Output<'_>, base: usize) -> Result<(), Reject> {
        let written = match (&self.missing, on_missing) {
            (Missing::Default(default), _) => write(default, output, base),
            (Missing::DefaultBits(default), _) => merge(default, output, base),
            (Missing::Zero(absent), OnMissing::Zero) if !absent.is_no_value => write(absent, output, base),
            (Missing::Zero(_), OnMissing::Zero | OnMissing::Reject) => {
                return Err(note(Reject::MissingField, Some(base + self.at), None));
            }
        };
        written.ok_or(Reject::SizeMismatch)
    }

    /// Whether documents may lack the field.
    pub(super) fn may_be_missing(&self, on_missing: OnMissing) -> bool {
        !matches!(self.missing, Missing::Zero(_)) || on_missing == OnMissing::Zero
    }
}

fn write(absent: &Absent, output: &mut Output<'_>, base: usize) -> Option<()> {
    absent.zero.iter().try_for_each(|span| output.zeros(base + span.at, span.len))?;
    absent.write.iter().try_for_each(|(at, bytes)| output.slice(base + at, bytes))
}

/// The integer around a bit-field was zero, or holds its neighbours.
fn merge(absent: &Absent, output: &mut Output<'_>, base: usize) -> Option<()> {
    let mut bytes = absent.write.iter().flat_map(|(at, bytes)| (base + at..).zip(bytes));
    bytes.try_for_each(|(at, byte)| output.merge(at, 1, (*byte).into()))
}

fn is_bits(kind: &Kind) -> bool {
    matches!(kind, Kind::Leaf(leaf) if leaf.cell.bits.is_some())
}

/// Fields that came, by index.
#[derive(Debug)]
pub(super) struct Seen {
    bits: [u64; MAX_FIELDS / 64],
    count: usize,
}

impl Seen {
    /// The first `count` fields came.
    #[inline]
    pub(super) fn first(count: usize) -> Self {
        let mut bits = [0; MAX_FIELDS / 64];
        for (word, first) in bits.iter_mut().zip((0..count).step_by(64)) {
            *word = !u64::MAX.unbounded_shl((count - first).min(64) as u32);
        }
        Self { bits, count }
    }

    /// The field at `index` comes, which it does once.
    #[inline]
    pub(super) fn add(&mut self, index: usize) -> Result<(), Reject> {
        let word = self.bits.get_mut(index / 64).ok_or(Reject::UnknownField)?;
        let bit = 1 << (index % 64);
        if *word & bit != 0 {
            return Err(Reject::DuplicateField);
        }
        *word |= bit;
        self.count += 1;
        Ok(())
    }

    /// The struct is at its end: looks after those of its `fields` that did not come.
    #[inline]
    pub(super) fn finish<'a>(
        self,
        fields: impl ExactSizeIterator<Item = &'a Place>,
        on_missing: OnMissing,
        output: &mut Output<'_>,
        base: usize,
    ) -> Result<(), Reject> {
        if self.count == fields.len() {
            return Ok(());
        }
        for (index, place) in fields.enumerate() {
            let came = self.bits.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1);
            if !came {
                place.leave_out(on_missing, output, base)?;
            }
        }
        Ok(())
    }
}
