//! Structs with a union in a sample: its tag says which of several lists of operations it is followed with.

use crate::leaf::CellInMemory;
use std::ops::Range;

use super::bytes::Input;
use super::reject::Reject;
use bridge_layout::tree::{Cell, OneOf};

/// Several lists of operations, one behind the other, of which a tag chooses one.
#[derive(Debug)]
pub(super) struct Choice {
    cell: Cell,
    /// The values of the tag, each with where its list is.
    lists: Vec<(i128, Range<usize>)>,
}

impl Choice {
    /// The choice by the tag of `one_of`, the cases of which have lists of these lengths.
    pub(super) fn new(one_of: &OneOf, lengths: impl IntoIterator<Item = usize>) -> Self {
        let values = one_of.cases.iter().map(|case| case.value);
        Self::of(one_of.tag.cell, values.zip(lengths))
    }

    fn of(cell: Cell, lengths: impl Iterator<Item = (i128, usize)>) -> Self {
        let mut end = 0;
        let lists = lengths.map(|(value, length)| {
            let start = end;
            end += length;
            (value, start..end)
        });
        Self { cell, lists: lists.collect() }
    }

    /// The same choice among lists of other lengths.
    pub(super) fn among(&self, lengths: impl IntoIterator<Item = usize>) -> Self {
        let values = self.lists.iter().map(|(value, _)| *value);
        Self::of(self.cell, values.zip(lengths))
    }

    /// The lists, of all operations in them.
    pub(super) fn lists<'a, T>(&self, all: &'a [T]) -> impl Iterator<Item = Option<&'a [T]>> {
        self.lists.iter().map(|(_, range)| all.get(range.clone()))
    }

    /// Which it is in this sample, the tag of which is at `at`, and its list.
    pub(super) fn choose<'a, T>(&self, input: Input<'_>, at: usize, all: &'a [T]) -> Result<(usize, &'a [T]), Reject> {
        let value = self.cell.value(self.cell.load(input, at).ok_or(Reject::SizeMismatch)?);
        let index = self.lists.iter().position(|(other, _)| *other == value).ok_or(Reject::UnnamedValue)?;
        let list = self.lists.get(index).and_then(|(_, range)| all.get(range.clone()));
        Ok((index, list.ok_or(Reject::SizeMismatch)?))
    }
}
