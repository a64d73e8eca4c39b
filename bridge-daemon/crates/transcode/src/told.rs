//! Structs with a union in documents: what says which of several structs one is.

use std::cmp::Ordering;

use super::filter::Step;
use super::named::look_up;
use super::reject::Reject;
use bridge_layout::tree::OneOf;
use bridge_layout::tree::UnionsAs;

/// How a document says it.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) which: Which,
    /// The names of the cases, sorted, each with its index.
    names: Vec<(Box<[u8]>, usize)>,
    /// The values of the tag, in the order of the cases.
    values: Vec<i128>,
}

/// What says it.
#[derive(Debug)]
pub(super) enum Which {
    /// A key that is the name of a case.
    Key,
    /// The value of the tag.
    Tag(Step),
}

impl Told {
    pub(super) fn new(one_of: &OneOf) -> Self {
        let mut names: Vec<(Box<[u8]>, usize)> =
            one_of.cases.iter().enumerate().map(|(index, case)| (Box::from(case.name.as_bytes()), index)).collect();
        names.sort();
        let which = match one_of.form {
            UnionsAs::External => Which::Key,
            UnionsAs::Internal | UnionsAs::Adjacent => {
                let index = one_of.tag_index();
                let member = index.and_then(|index| one_of.shared.members.get(index));
                let name = member.map_or_else(|| one_of.tag.name.clone(), |member| member.name.clone());
                // In an array, what the union holds is one value, or none.
                let is_before = index.is_some_and(|index| index < one_of.position);
                Which::Tag(Step { name, index: index.filter(|_| is_before) })
            }
        };
        Self { which, names, values: one_of.cases.iter().map(|case| case.value).collect() }
    }

    /// The case of the name that `compare` describes.
    pub(super) fn by_name(
        &self,
        compare: impl FnMut(&[u8]) -> Result<Ordering, Reject>,
    ) -> Result<Option<usize>, Reject> {
        look_up(&self.names, compare)
    }

    /// The case of this value of the tag.
    pub(super) fn by_number(&self, number: i128) -> Option<usize> {
        self.values.iter().position(|value| *value == number)
    }
}
