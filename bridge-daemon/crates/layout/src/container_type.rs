//! Containers as the type of a field: `iox::cxx::vector<Point, 8>`, `iceoryx2::StaticString<32>`.

use super::field_type::{FieldType, FieldTypeError, form, length, parse};
use super::model::Stack;
use super::name::LayoutName;

/// A container as it is written, with names inside it not yet looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerType {
    /// Whose it is.
    pub stack: Stack,
    /// What it holds.
    pub holds: Holds,
    /// If a layout or enum has this name, that is meant. Only names without `iceoryx2::` can be those of layouts.
    pub name: Option<LayoutName>,
}

/// What a container holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Text of up to so many bytes.
    Text(u64),
    /// Up to so many of these.
    Many(FieldType, u64),
    /// One of these, or none.
    Maybe(FieldType),
}

/// What stands in the angle brackets.
#[derive(Clone, Copy)]
enum Arguments {
    Capacity,
    TypeAndCapacity,
    Type,
}

/// The containers by name; those of iceoryx2 can be written without what stands before the name.
const NAMES: [(&str, &str, Stack, Arguments); 6] = [
    ("iox::cxx::", "string", Stack::Classic, Arguments::Capacity),
    ("iox::cxx::", "vector", Stack::Classic, Arguments::TypeAndCapacity),
    ("iox::cxx::", "optional", Stack::Classic, Arguments::Type),
    ("iceoryx2::", "StaticString", Stack::Iceoryx2, Arguments::Capacity),
    ("iceoryx2::", "StaticVec", Stack::Iceoryx2, Arguments::TypeAndCapacity),
    ("iceoryx2::", "RelocatableOption", Stack::Iceoryx2, Arguments::Type),
];

/// Whether only a container can have this name.
pub(super) fn is_container(name: &str) -> bool {
    matches!(head(name), Some((_, _, true, _)))
}

/// Whose container the text is, if it begins like one; what its brackets hold; whether its name is in full; and what
/// follows the opening bracket.
fn head(text: &str) -> Option<(Stack, Arguments, bool, &str)> {
    let (name, rest) = text.split_once('<')?;
    let name = name.trim();
    NAMES.iter().find_map(|(space, own, stack, arguments)| {
        let in_full = name.strip_prefix(space) == Some(own);
        let is_it = in_full || (*stack == Stack::Iceoryx2 && name == *own);
        is_it.then_some((*stack, *arguments, in_full, rest))
    })
}

/// The container that the text, without dimensions behind it, is; `None` if it is none. It stands within `levels` others.
pub(super) fn container(text: &str, levels: usize) -> Option<Result<ContainerType, FieldTypeError>> {
    let (stack, arguments, in_full, rest) = head(text)?;
    let name = if in_full { None } else { LayoutName::try_from(text.to_owned()).ok() };
    match holds(text, arguments, rest, levels) {
        // A layout of the user's own that only sounds like a container.
        Err(_) if name.is_some() => None,
        holds => Some(holds.map(|holds| ContainerType { stack, holds, name })),
    }
}

fn holds(text: &str, arguments: Arguments, rest: &str, levels: usize) -> Result<Holds, FieldTypeError> {
    let inner = rest.trim_end().strip_suffix('>').ok_or_else(|| form(text))?;
    let number = |digits: &str| length(digits.trim()).unwrap_or_else(|| Err(form(text)));
    match arguments {
        Arguments::Capacity => number(inner).map(Holds::Text),
        Arguments::Type => parse(inner, levels + 1).map(Holds::Maybe),
        Arguments::TypeAndCapacity => {
            // Names of layouts have commas, too; the last one is that of the vector.
            let (element, capacity) = inner.rsplit_once(',').ok_or_else(|| form(text))?;
            Ok(Holds::Many(parse(element, levels + 1)?, number(capacity)?))
        }
    }
}
