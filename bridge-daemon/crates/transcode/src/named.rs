//! Names in programs: the fields of a struct and the values of an enum, found by what a document says.

use std::cmp::Ordering;

use super::bytes::{Input, Output};
use super::reject::Reject;
use bridge_layout::{Enum, Scalar};

/// Looks a name up in `names`, which are sorted. `compare` says how the name of the document compares with one of them.
#[inline(always)]
pub(super) fn look_up<T: Copy>(
    names: &[(Box<[u8]>, T)],
    mut compare: impl FnMut(&[u8]) -> Result<Ordering, Reject>,
) -> Result<Option<T>, Reject> {
    let mut rest = names;
    while let Some((name, value)) = rest.get(rest.len() / 2) {
        let middle = rest.len() / 2;
        rest = match compare(name)? {
            Ordering::Less => rest.get(..middle).unwrap_or_default(),
            Ordering::Greater => rest.get(middle + 1..).unwrap_or_default(),
            Ordering::Equal => return Ok(Some(*value)),
        };
    }
    Ok(None)
}

/// An enum that is written to documents: its values, and how the format writes their names.
#[derive(Debug)]
pub(super) struct Texts {
    open: bool,
    /// Sorted by value, in two's complement.
    by_value: Vec<(u64, Box<[u8]>)>,
}

impl Texts {
    /// The table of `named`, which was surveyed; `write` gives what a format writes for a name, if it can.
    pub(super) fn new(named: &Enum, write: impl Fn(&str) -> Option<Vec<u8>>) -> Option<Self> {
        let entry = |(name, value): &(String, i128)| Some((*value as u64, write(name)?.into_boxed_slice()));
        let mut by_value = named.values.iter().map(entry).collect::<Option<Vec<_>>>()?;
        by_value.sort();
        Some(Self { open: named.open, by_value })
    }

    /// Bytes of the shortest and of the longest name as it is written.
    pub(super) fn lengths(&self) -> (usize, usize) {
        let lengths = self.by_value.iter().map(|(_, text)| text.len());
        lengths.fold((usize::MAX, 0), |(min, max), len| (min.min(len), max.max(len)))
    }

    /// The name of the value `bits`, in two's complement; `None` if it has none, and needs none.
    #[inline]
    pub(super) fn name(&self, bits: u64) -> Result<Option<&[u8]>, Reject> {
        let found = self.by_value.binary_search_by_key(&bits, |(value, _)| *value);
        match found.ok().and_then(|index| self.by_value.get(index)) {
            Some((_, text)) => Ok(Some(text)),
            None if self.open => Ok(None),
            None => Err(Reject::UnnamedValue),
        }
    }

    /// Whether values without a name are shown as well.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }
}

/// An enum that is read from documents.
#[derive(Debug)]
pub(super) struct Names {
    /// The least and greatest value, if values without a name are fine as well.
    open: Option<(i128, i128)>,
    /// Sorted by name, with the value in two's complement.
    by_name: Vec<(Box<[u8]>, u64)>,
    /// Sorted.
    values: Vec<i128>,
}

impl Names {
    /// The table of `named`, which was surveyed.
    pub(super) fn new(named: &Enum) -> Self {
        let entry = |(name, value): &(String, i128)| (Box::from(name.as_bytes()), *value as u64);
        let mut by_name: Vec<_> = named.values.iter().map(entry).collect();
        by_name.sort();
        let mut values: Vec<_> = named.values.iter().map(|(_, value)| *value).collect();
        values.sort_unstable();
        let open = named.repr.integer_range().filter(|_| named.open);
        Self { open, by_name, values }
    }

    /// The value of the name that `compare` describes, in two's complement.
    #[inline]
    pub(super) fn by_name(&self, compare: impl FnMut(&[u8]) -> Result<Ordering, Reject>) -> Result<u64, Reject> {
        look_up(&self.by_name, compare)?.ok_or(Reject::UnknownName)
    }

    /// The integer `value` of a document, in two's complement.
    #[inline]
    pub(super) fn by_value(&self, value: i128) -> Result<u64, Reject> {
        match self.open {
            Some((min, max)) if (min..=max).contains(&value) => Ok(value as u64),
            Some(_) => Err(Reject::OutOfRange),
            None if self.values.binary_search(&value).is_ok() => Ok(value as u64),
            None => Err(Reject::UnnamedValue),
        }
    }
}

/// Writes the integer `bits`, in two's complement, to `at`; `None` if that lies outside.
#[inline]
pub(super) fn store(output: &mut Output<'_>, repr: Scalar, at: usize, bits: u64) -> Option<()> {
    match repr.size() {
        1 => output.array(at, (bits as u8).to_ne_bytes()),
        2 => output.array(at, (bits as u16).to_ne_bytes()),
        4 => output.array(at, (bits as u32).to_ne_bytes()),
        _ => output.array(at, bits.to_ne_bytes()),
    }
}

/// An integer of this type, in two's complement, with its bytes in the other order.
#[inline]
pub(super) fn swapped(bits: u64, repr: Scalar) -> u64 {
    match repr {
        Scalar::U8 | Scalar::I8 | Scalar::Bool => bits,
        Scalar::U16 => (bits as u16).swap_bytes().into(),
        Scalar::I16 => i64::from((bits as i16).swap_bytes()) as u64,
        Scalar::U32 | Scalar::F32 => (bits as u32).swap_bytes().into(),
        Scalar::I32 => i64::from((bits as i32).swap_bytes()) as u64,
        Scalar::U64 | Scalar::I64 | Scalar::F64 => bits.swap_bytes(),
    }
}

/// The integer at `at`, in two's complement; `None` if it lies outside, or `repr` is no integer.
#[inline]
pub(super) fn load(input: Input<'_>, at: usize, repr: Scalar) -> Option<u64> {
    Some(match repr {
        Scalar::U8 => u8::from_ne_bytes(input.array(at)?).into(),
        Scalar::U16 => u16::from_ne_bytes(input.array(at)?).into(),
        Scalar::U32 => u32::from_ne_bytes(input.array(at)?).into(),
        Scalar::U64 => u64::from_ne_bytes(input.array(at)?),
        Scalar::I8 => i64::from(i8::from_ne_bytes(input.array(at)?)) as u64,
        Scalar::I16 => i64::from(i16::from_ne_bytes(input.array(at)?)) as u64,
        Scalar::I32 => i64::from(i32::from_ne_bytes(input.array(at)?)) as u64,
        Scalar::I64 => i64::from_ne_bytes(input.array(at)?) as u64,
        Scalar::F32 | Scalar::F64 | Scalar::Bool => return None,
    })
}
