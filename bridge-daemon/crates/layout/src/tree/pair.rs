//! Whether a struct of one tree can become one of another: their members go by name.
//!
//! The configuration's checks report what is said here, and the transcoder compiles what is fine. The sink's tree has
//! had a stream's rules applied, so that it is keyed by the names of the source; two members may then have one name.

use std::fmt;

use super::{Case, Extent, Kind, Leaf, Meaning, Member, Optional, Struct, Tree, Value};
use crate::Scalar;

/// Why a member of a tree cannot take its value from another tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The member, from the outermost struct down, dots between the names.
    pub path: String,
    /// What is wrong with it.
    pub problem: MismatchProblem,
}

/// What is wrong with a pair of members.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MismatchProblem {
    /// There is no member of this name to take it from.
    #[error("is not there")]
    Missing,
    /// The union that it is a case of has none of this name to become.
    #[error("is no case of the other layout's union")]
    NoCase,
    /// The two have no values in common.
    #[error("is {from}, which cannot become {to}")]
    Kinds {
        /// In words.
        from: String,
        /// In words.
        to: String,
    },
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.path, self.problem)
    }
}

/// What keeps structs of `from` from becoming structs of `to`; nothing if they can.
#[must_use]
pub fn mismatches(from: &Tree, to: &Tree) -> Vec<Mismatch> {
    let mut found = Vec::new();
    value(&from.value, &to.value, "", &mut found);
    found
}

/// The members of `from` that `to` has not, by their paths. Their values are left out.
#[must_use]
pub fn left_out(from: &Tree, to: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    leave_out(&from.value, &[&to.value], "", &mut found);
    found
}

pub(super) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

impl Struct {
    /// The member of this name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

impl Extent {
    /// All elements always count.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        self.live.is_none_or(|live| live.count.is_none() && live.length.is_none())
    }
}

/// A list's element, its stride and extent. Bytes are numbers one after the other.
pub fn elements(kind: &Kind) -> Option<(Value, usize, Extent)> {
    match kind {
        Kind::List(list) => Some(((*list.element).clone(), list.stride, list.extent)),
        Kind::Bytes(extent) => Some((Value { at: 0, kind: Kind::Scalar(Scalar::U8) }, 1, *extent)),
        _ => None,
    }
}

fn value(from: &Value, to: &Value, path: &str, found: &mut Vec<Mismatch>) {
    let differ = || {
        let problem = MismatchProblem::Kinds { from: from.kind.to_string(), to: to.kind.to_string() };
        Mismatch { path: path.to_owned(), problem }
    };
    match (&from.kind, &to.kind) {
        (Kind::Optional(Optional { value: from, .. }), Kind::Optional(Optional { value: to, .. })) => {
            value(from, to, path, found);
        }
        (Kind::Optional(optional), _) => value(&optional.value, to, path, found),
        (_, Kind::Optional(optional)) => value(from, &optional.value, path, found),
        (Kind::Struct(from), Kind::Struct(to)) => {
            members(from, to.members.iter(), path, found);
        }
        (Kind::OneOf(from), Kind::OneOf(to)) => {
            members(&from.shared, to.but_tag(), path, found);
            for case in &from.cases {
                let path = join(path, &case.name);
                match (&case.content, to.cases.iter().find(|other| other.name == case.name)) {
                    (_, None) => found.push(Mismatch { path, problem: MismatchProblem::NoCase }),
                    (Some(from), Some(Case { content: Some(to), .. })) => value(from, to, &path, found),
                    (None, Some(Case { content: Some(to), .. })) => {
                        let problem = MismatchProblem::Kinds { from: Kind::Nil.to_string(), to: to.kind.to_string() };
                        found.push(Mismatch { path, problem });
                    }
                    (_, Some(Case { content: None, .. })) => {}
                }
            }
        }
        (Kind::Text(_), Kind::Text(_)) => {}
        (from_kind, to_kind) => match (elements(from_kind), elements(to_kind)) {
            (Some((from, _, from_extent)), Some((to, _, to_extent))) => {
                let may_fit = match (from_extent.is_fixed(), to_extent.is_fixed()) {
                    (true, true) => from_extent.capacity == to_extent.capacity,
                    (true, false) => from_extent.capacity <= to_extent.capacity,
                    (false, true) => from_extent.capacity >= to_extent.capacity,
                    (false, false) => true,
                };
                if may_fit { value(&from, &to, path, found) } else { found.push(differ()) }
            }
            (None, None) if is_convertible(from_kind, to_kind) => {}
            _ => found.push(differ()),
        },
    }
}

/// Adds what keeps members from taking their values from those of the same names in `from`.
fn members<'a>(from: &Struct, to: impl Iterator<Item = &'a Member>, path: &str, found: &mut Vec<Mismatch>) {
    for member in to {
        let path = join(path, &member.name);
        match from.member(&member.name) {
            Some(source) => value(&source.value, &member.value, &path, found),
            None => found.push(Mismatch { path, problem: MismatchProblem::Missing }),
        }
    }
}

/// Whether values that are neither lists nor structs can become others: numbers become numbers, and integers and enums
/// each other, where nothing is lost, which shows when they are there.
fn is_convertible(from: &Kind, to: &Kind) -> bool {
    let is_bool = |kind: &Kind| match kind {
        Kind::Scalar(Scalar::Bool) => true,
        Kind::Leaf(leaf) => leaf.meaning == Meaning::Bool,
        _ => false,
    };
    let is_enum = |kind: &Kind| matches!(kind, Kind::Leaf(leaf) if matches!(leaf.meaning, Meaning::Enum(_)));
    let is_scaled =
        |kind: &Kind| matches!(kind, Kind::Leaf(leaf) if matches!(**leaf, Leaf { meaning: Meaning::Scaled(_), .. }));
    match (is_bool(from), is_bool(to)) {
        (true, true) => true,
        (false, false) => {
            (is_enum(from) && (is_enum(to) || to.integer().is_some()))
                || (from.integer().is_some() && is_enum(to))
                || (from.number().is_some() && (to.number().is_some() || is_scaled(to)))
        }
        _ => false,
    }
}

/// Adds what of `from` none of `to` takes.
fn leave_out(from: &Value, to: &[&Value], path: &str, found: &mut Vec<String>) {
    match &from.kind {
        Kind::Optional(Optional { value, .. }) => leave_out(value, &through(to), path, found),
        Kind::List(list) => leave_out(&list.element, &through(to), path, found),
        Kind::Struct(from) => {
            let to: Vec<&Struct> = through(to).into_iter().filter_map(as_struct).collect();
            for member in &from.members {
                let path = join(path, &member.name);
                let takers = to.iter().flat_map(|to| &to.members).filter(|taker| taker.name == member.name);
                let takers: Vec<&Value> = takers.map(|taker| &taker.value).collect();
                if takers.is_empty() { found.push(path) } else { leave_out(&member.value, &takers, &path, found) }
            }
        }
        _ => {}
    }
}

/// The values inside of lists and optionals.
fn through<'a>(values: &[&'a Value]) -> Vec<&'a Value> {
    let inside = |mut value: &'a Value| loop {
        value = match &value.kind {
            Kind::List(list) => &list.element,
            Kind::Optional(optional) => &optional.value,
            _ => return value,
        };
    };
    values.iter().map(|value| inside(value)).collect()
}

fn as_struct(value: &Value) -> Option<&Struct> {
    match &value.kind {
        Kind::Struct(members) => Some(members),
        Kind::OneOf(one_of) => Some(&one_of.shared),
        _ => None,
    }
}
