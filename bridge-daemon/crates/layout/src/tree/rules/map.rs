//! Other names for the values of enums and integers. What a map is silent about has no name, and is rejected.

use std::sync::Arc;

use super::RuleProblem;
use super::reshape::Way;
use crate::Enum;
use crate::tree::{Cell, Constant, Kind, Leaf, Meaning};
use bridge_document::did_you_mean;

/// What the names of values begin with that are made from integers.
pub const NUMBERED: char = '\0';

/// A map as rules have it: names of the source, and what they are at the sink.
type Map = [(String, Constant)];

/// The value with the names that `map` gives. `from` is the value of the source that it is taken from, where both are
/// structs'.
pub(super) fn relabel(kind: &Kind, map: &Map, way: Way, from: Option<&Kind>) -> Result<Kind, RuleProblem> {
    let (cell, named) = match enumeration(kind) {
        Some((cell, named)) => (cell, Some(named)),
        None => (kind.integer().ok_or_else(|| RuleProblem::MapOf(kind.to_string()))?, None),
    };
    let values = match (way, named) {
        (Way::Shown, Some(named)) => shown_names(named, map)?,
        (Way::Shown, None) => shown_integers(cell, map)?,
        (Way::Taken | Way::Keyed, Some(named)) => {
            let source = from.map(innermost);
            if let Some((_, source)) = source.and_then(enumeration) {
                map.iter().try_for_each(|(name, _)| value_of(source, name).map(drop))?;
            }
            taken_names(named, map, source.and_then(Kind::integer))?
        }
        (Way::Taken | Way::Keyed, None) => map
            .iter()
            .map(|(name, value)| Ok((name.clone(), integer_in(cell, value)?)))
            .collect::<Result<_, RuleProblem>>()?,
    };
    let (name, open) = named.map_or((String::from("of the rule"), false), |named| (named.name.clone(), named.open));
    let meaning = Meaning::Enum(Arc::new(Enum { name, repr: cell.scalar, values, open }));
    Ok(Kind::Leaf(Arc::new(Leaf { cell, meaning })))
}

fn enumeration(kind: &Kind) -> Option<(Cell, &Arc<Enum>)> {
    let Kind::Leaf(leaf) = kind else { return None };
    match &leaf.meaning {
        Meaning::Enum(named) => Some((leaf.cell, named)),
        _ => None,
    }
}

fn innermost(mut kind: &Kind) -> &Kind {
    loop {
        kind = match kind {
            Kind::List(list) => &list.element.kind,
            Kind::Optional(optional) => &optional.value.kind,
            _ => return kind,
        };
    }
}

/// The values that documents have a name for, with that.
fn shown_names(named: &Enum, map: &Map) -> Result<Vec<(String, i128)>, RuleProblem> {
    map.iter().map(|(from, to)| Ok((word(to)?.clone(), value_of(named, from)?))).collect()
}

fn shown_integers(cell: Cell, map: &Map) -> Result<Vec<(String, i128)>, RuleProblem> {
    map.iter().map(|(from, to)| Ok((word(to)?.clone(), digits(cell, from)?))).collect()
}

/// How a value of an enum is called that an integer of the source becomes: as no name of a layout is.
fn numbered(value: i128) -> String {
    format!("{NUMBERED}{value}")
}

/// The names, or integers, that the source has with the values that they have in the struct.
fn taken_names(named: &Enum, map: &Map, source: Option<Cell>) -> Result<Vec<(String, i128)>, RuleProblem> {
    let entry = |(from, to): &(String, Constant)| {
        let label = match source {
            Some(cell) => numbered(digits(cell, from)?),
            None => from.clone(),
        };
        Ok((label, value_of(named, word(to)?)?))
    };
    map.iter().map(entry).collect()
}

fn value_of(named: &Enum, name: &str) -> Result<i128, RuleProblem> {
    let found = named.values.iter().find(|(other, _)| other == name);
    found.map(|(_, value)| *value).ok_or_else(|| RuleProblem::NoName {
        name: name.to_owned(),
        named: named.name.clone(),
        near: did_you_mean(name, named.values.iter().map(|(name, _)| name.as_str())).map(str::to_owned),
    })
}

fn word(to: &Constant) -> Result<&String, RuleProblem> {
    match to {
        Constant::Text(name) => Ok(name),
        _ => Err(RuleProblem::NoWord(to.to_string())),
    }
}

fn integer_in(cell: Cell, value: &Constant) -> Result<i128, RuleProblem> {
    match (value, cell.integers()) {
        (Constant::Integer(integer), Some((min, max))) if (min..=max).contains(integer) => Ok(*integer),
        _ => Err(RuleProblem::NoInteger(value.to_string())),
    }
}

fn digits(cell: Cell, text: &str) -> Result<i128, RuleProblem> {
    let integer = text.parse().map_err(|_| RuleProblem::NoInteger(format!("{text:?}")))?;
    integer_in(cell, &Constant::Integer(integer))
}
