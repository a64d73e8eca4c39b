//! Values of enums and integers into values of others.

use crate::bytes::{Input, Output};
use crate::leaf::CellInMemory;
use crate::reject::Reject;
use bridge_layout::tree::rules::NUMBERED;
use bridge_layout::tree::{Cell, Meaning};
use bridge_layout::{Enum, Scalar};

/// What becomes of each value. Enums go by their names, and nobody gets a value that it cannot know.
#[derive(Debug)]
pub(super) struct Mapping {
    source: Cell,
    sink: Cell,
    /// Values with a name, in two's complement, sorted.
    named: Vec<(u64, Result<u64, Reject>)>,
    /// What becomes of others.
    others: Option<Others>,
}

/// Values that go over as they are.
#[derive(Debug)]
struct Others {
    min: i128,
    max: i128,
    /// Those among them that mean something else at the sink, sorted.
    taken: Vec<i128>,
}

impl Mapping {
    /// The mapping between two leaves of which one is an enum, and the other an integer or an enum.
    pub(super) fn between((source, from): (Cell, &Meaning), (sink, to): (Cell, &Meaning)) -> Option<Self> {
        match (from, to) {
            (Meaning::Enum(from), Meaning::Enum(to)) => {
                let by_name = |name: &str| {
                    let found = to.values.iter().find(|(other, _)| other == name);
                    found.map(|(_, value)| *value).ok_or(Reject::UnknownName)
                };
                let named = from.values.iter().map(|(name, value)| (*value, by_name(name)));
                let taken = to.values.iter().map(|(_, value)| *value).collect();
                Self::new(source, sink, named, from.open && to.open, taken)
            }
            (Meaning::Enum(from), Meaning::Integer) => {
                let (min, max) = sink.integers()?;
                let fits = |value: i128| if (min..=max).contains(&value) { Ok(value) } else { Err(Reject::OutOfRange) };
                Self::new(source, sink, values(from).map(|value| (value, fits(value))), from.open, Vec::new())
            }
            (Meaning::Integer, Meaning::Enum(to)) => {
                let (min, max) = source.integers()?;
                let named = numbered(to).unwrap_or_else(|| values(to).map(|value| (value, value)).collect());
                let named = named.into_iter().filter(|(value, _)| (min..=max).contains(value));
                Self::new(source, sink, named.map(|(from, to)| (from, Ok(to))), to.open, Vec::new())
            }
            _ => None,
        }
    }

    fn new(
        source: Cell,
        sink: Cell,
        named: impl Iterator<Item = (i128, Result<i128, Reject>)>,
        open: bool,
        mut taken: Vec<i128>,
    ) -> Option<Self> {
        let mut named: Vec<_> = named.map(|(from, to)| (from as u64, to.map(|value| value as u64))).collect();
        named.sort_by_key(|(value, _)| *value);
        taken.sort_unstable();
        let (min, max) = sink.integers()?;
        Some(Self { source, sink, named, others: open.then_some(Others { min, max, taken }) })
    }

    /// Converts one value.
    #[inline]
    pub(super) fn run(&self, input: Input<'_>, from: usize, output: &mut Output<'_>, to: usize) -> Result<(), Reject> {
        let bits = self.source.load(input, from).ok_or(Reject::SizeMismatch)?;
        let named = self.named.binary_search_by_key(&bits, |(value, _)| *value).ok();
        let converted = match (named.and_then(|index| self.named.get(index)), &self.others) {
            (Some((_, converted)), _) => (*converted)?,
            (None, None) => return Err(Reject::UnnamedValue),
            (None, Some(others)) => others.convert(self.source.scalar, bits)?,
        };
        self.sink.store(output, to, converted)
    }
}

impl Others {
    fn convert(&self, source: Scalar, bits: u64) -> Result<u64, Reject> {
        let is_signed = source.integer_range().is_some_and(|(min, _)| min < 0);
        let value = if is_signed { i128::from(bits as i64) } else { i128::from(bits) };
        if !(self.min..=self.max).contains(&value) {
            return Err(Reject::OutOfRange);
        }
        if self.taken.binary_search(&value).is_ok() { Err(Reject::UnnamedValue) } else { Ok(bits) }
    }
}

/// The values by the integers of the source, where a stream's map says which become which.
fn numbered(named: &Enum) -> Option<Vec<(i128, i128)>> {
    named.values.iter().map(|(name, value)| Some((name.strip_prefix(NUMBERED)?.parse().ok()?, *value))).collect()
}

fn values(named: &Enum) -> impl Iterator<Item = i128> {
    named.values.iter().map(|(_, value)| *value)
}
