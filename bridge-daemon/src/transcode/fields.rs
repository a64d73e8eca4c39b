//! Which fields of a struct a document has, whatever its format, and what becomes of those that it has not.

use super::bytes::Output;
use super::reject::Reject;
use super::survey::MAX_FIELDS;
use crate::config::plan::OnMissing;
use crate::layout::Type;

/// Where a field stands, for the case that a document lacks it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Bytes from the start of the struct.
    pub(super) at: usize,
    /// Bytes of it.
    size: usize,
    /// Bytes that are all zero are a value of it.
    has_zero: bool,
}

impl Place {
    /// The place of a field of this type.
    pub(super) fn of(at: usize, ty: &Type) -> Self {
        Self { at, size: ty.size(), has_zero: has_zero(ty) }
    }

    /// Does what is done with a field that a document lacks. The struct starts at `base`.
    pub(super) fn leave_out(self, on_missing: OnMissing, output: &mut Output<'_>, base: usize) -> Result<(), Reject> {
        match on_missing {
            OnMissing::Zero if self.has_zero => output.zeros(base + self.at, self.size).ok_or(Reject::SizeMismatch),
            OnMissing::Zero | OnMissing::Reject => Err(Reject::MissingField),
        }
    }
}

/// Whether bytes that are all zero are a value of this type: of an enum they need not be, and nobody expects one that
/// has no name.
fn has_zero(ty: &Type) -> bool {
    match ty {
        Type::Scalar(_) | Type::Text(_) | Type::Bytes(_) => true,
        Type::Array(element, _) => has_zero(element),
        Type::Struct(layout) => layout.fields.iter().all(|field| has_zero(&field.ty)),
        Type::Enum(named) => named.open || named.values.iter().any(|(_, value)| *value == 0),
    }
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
    pub(super) fn finish(
        self,
        fields: impl ExactSizeIterator<Item = Place>,
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
