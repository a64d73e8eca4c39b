//! From the conditions of a plan to a [`Filter`], or to why there is none.

use std::collections::BTreeSet;

use super::{Condition, Filter, Place, Step, Test, is_within};
use crate::Conversion;
use crate::condition::{self, Test as Wanted};
use crate::format::{FormatPlan, OnUnknown, Shape};
use crate::msgpack::Encoder;
use crate::number::Number;
use crate::pair::{Pair, pair};
use crate::survey::MAX_NAME;
use bridge_document::did_you_mean;
use bridge_layout::tree::rules::{AloneError, alone_shown};
use bridge_layout::tree::show_as::Shown;
use bridge_layout::tree::{Constant, Kind, Meaning, Tree, Value};
use bridge_layout::{Layout, Scalar};

/// Why a condition cannot be looked at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// Nobody knows the samples' fields.
    #[error("samples at the source are bytes without a layout, so their fields are not known")]
    NoFields,
    /// Documents are one field.
    #[error("documents at the source are one field alone, so they have no other")]
    OneField,
    /// There is no such field, or not one of it.
    #[error("{0}")]
    Field(#[from] AloneError),
    /// It cannot be compared.
    #[error("`{0}` is no number, truth value, name or text")]
    NotComparable(String),
    /// It is never that.
    #[error("`{path}` is {what}, and never {test}")]
    Never {
        /// The field.
        path: String,
        /// What it is.
        what: &'static str,
        /// What was asked for.
        test: String,
        /// What it may be.
        near: Option<String>,
    },
    /// A layout contradicts itself.
    #[error("{0}")]
    Layout(String),
}

impl FilterError {
    /// What to write.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::NoFields => "write a `format` and a `layout` at the source, or remove `where`".into(),
            Self::OneField => "remove `field` at the source, or `where`".into(),
            Self::Field(error) => error.help(),
            Self::NotComparable(_) => "write the path of a single value".into(),
            Self::Never { near: Some(near), .. } => format!("it may be {near}"),
            Self::Never { .. } => "write a value of its kind".into(),
            Self::Layout(_) => "correct the layout".into(),
        }
    }
}

impl Filter {
    /// The filter for these conditions; none if every sample is taken.
    ///
    /// # Errors
    ///
    /// The first condition that cannot be looked at.
    pub fn compile(conversion: &Conversion<'_>) -> Result<Option<Self>, FilterError> {
        if conversion.conditions.is_empty() {
            return Ok(None);
        }
        let Conversion { source, sink, rules, conditions } = *conversion;
        match (source.format, sink.format) {
            (FormatPlan::Struct(layout), _) | (FormatPlan::Raw, FormatPlan::Struct(layout)) => {
                of_struct(layout, conditions)
            }
            (FormatPlan::Raw, _) => Err(FilterError::NoFields),
            (FormatPlan::Msgpack(..) | FormatPlan::Json(_), _) if source.document.field.is_some() => {
                Err(FilterError::OneField)
            }
            (format @ (FormatPlan::Msgpack(_, tolerance) | FormatPlan::Json(tolerance)), _) => {
                let is_msgpack = matches!(format, FormatPlan::Msgpack(..));
                let tree = match pair(source, sink, rules) {
                    Ok(Pair::Read(_, tree) | Pair::Through(_, tree, ..)) => Some(tree),
                    _ => None,
                };
                let may_be_unknown = tolerance.on_unknown == OnUnknown::Ignore;
                of_documents(conditions, tree.as_ref(), is_msgpack, may_be_unknown)
            }
        }
        .map(Some)
    }
}

fn of_struct(layout: &Layout, conditions: &[condition::Condition]) -> Result<Filter, FilterError> {
    let mut tree = Tree::of(layout).map_err(|error| FilterError::Layout(error.to_string()))?;
    tree.show_as(Shown::Itself, Shown::Itself, Shown::Number);
    let mut filter = Filter { conditions: Vec::new(), size: Some(layout.size), buffer: Vec::new() };
    for condition in conditions {
        let alone = alone_shown(&tree, &condition.path)?;
        let any = tests(condition, Some(&alone.value))?;
        let encoder = Encoder::compile(&alone, Shape::Map).map_err(|error| FilterError::Layout(error.to_string()))?;
        let room = filter.buffer.len().max(encoder.max_output());
        filter.buffer.resize(room, 0);
        filter.conditions.push(Condition { place: Place::Struct(Box::new(encoder)), any });
    }
    Ok(filter)
}

fn of_documents(
    conditions: &[condition::Condition],
    tree: Option<&Tree>,
    is_msgpack: bool,
    may_be_unknown: bool,
) -> Result<Filter, FilterError> {
    let mut filter = Filter { conditions: Vec::new(), size: None, buffer: Vec::new() };
    for condition in conditions {
        let value = match tree.map(|tree| alone_shown(tree, &condition.path)) {
            Some(Ok(alone)) => Some(alone.value),
            Some(Err(AloneError::NoField { .. })) if may_be_unknown => None,
            Some(Err(error)) => return Err(error.into()),
            None => None,
        };
        let any = tests(condition, value.as_ref())?;
        let path = steps(&condition.path, tree);
        let place = if is_msgpack { Place::Msgpack(path) } else { Place::Json(path) };
        filter.conditions.push(Condition { place, any });
    }
    Ok(filter)
}

/// The names of a path. Those of a layout's fields may have dots.
fn steps(path: &str, tree: Option<&Tree>) -> Vec<Step> {
    let mut steps = Vec::new();
    let (mut rest, mut value) = (path, tree.map(|tree| &tree.value));
    while !rest.is_empty() {
        // The members, and how many of them are always at their place in an array: behind a union that depends on the case.
        let (members, placed) = match value.map(|value| &value.kind) {
            Some(Kind::Struct(inner)) => (inner.members.as_slice(), inner.members.len()),
            Some(Kind::OneOf(one_of)) => (one_of.shared.members.as_slice(), one_of.position),
            _ => (&[][..], 0),
        };
        let known = members.iter().enumerate().find_map(|(index, member)| {
            let after = rest.strip_prefix(member.name.as_str())?;
            let after = if after.is_empty() { after } else { after.strip_prefix('.')? };
            Some((index, member, after))
        });
        match known {
            Some((index, member, after)) => {
                steps.push(Step { name: member.name.clone(), index: Some(index).filter(|index| *index < placed) });
                (rest, value) = (after, Some(&member.value));
            }
            None => {
                let (name, after) = rest.split_once('.').unwrap_or((rest, ""));
                steps.push(Step { name: name.to_owned(), index: None });
                (rest, value) = (after, None);
            }
        }
    }
    steps
}

/// What is looked for, in a field that is `value` where that is known.
fn tests(condition: &condition::Condition, value: Option<&Value>) -> Result<Vec<Test>, FilterError> {
    let mut tests = Vec::new();
    for wanted in &condition.any {
        tests.extend(match value {
            Some(value) => known(&condition.path, &value.kind, wanted)?,
            None => vec![plain(wanted)],
        });
    }
    Ok(tests)
}

/// A test of a field that may be anything.
fn plain(wanted: &Wanted) -> Test {
    match wanted {
        Wanted::Is(Constant::Bool(truth)) => Test::Bool(*truth),
        Wanted::Is(Constant::Text(text)) => Test::Text(text.clone()),
        Wanted::Is(constant) => {
            let number = number(constant);
            Test::Number(number, number)
        }
        Wanted::Within(min, max) => Test::Number(min.as_ref().and_then(number), max.as_ref().and_then(number)),
    }
}

fn number(constant: &Constant) -> Option<Number> {
    match constant {
        Constant::Integer(number) => Some(Number::Integer(*number)),
        Constant::Float(number) => Some(Number::Float(*number)),
        Constant::Bool(_) | Constant::Text(_) => None,
    }
}

/// The tests of a field of this kind; several, where documents may show a value in two ways.
fn known(path: &str, kind: &Kind, wanted: &Wanted) -> Result<Vec<Test>, FilterError> {
    let never = |what, near| FilterError::Never { path: path.to_owned(), what, test: wanted.to_string(), near };
    let test = plain(wanted);
    match kind {
        Kind::Optional(optional) => known(path, &optional.value.kind, wanted),
        Kind::Scalar(Scalar::Bool) => {
            matches!(test, Test::Bool(_)).then(|| vec![test]).ok_or_else(|| never("true or false", None))
        }
        Kind::Scalar(_) => matches!(test, Test::Number(..)).then(|| vec![test]).ok_or_else(|| never("a number", None)),
        Kind::Text(text) => match &test {
            Test::Text(words) if words.len() <= text.capacity && words.len() <= MAX_NAME => Ok(vec![test]),
            Test::Text(_) => Err(never("a shorter text", None)),
            Test::Bool(_) | Test::Number(..) => Err(never("a text", None)),
        },
        Kind::Leaf(leaf) => match (&leaf.meaning, &test) {
            (Meaning::Bool, Test::Bool(_)) => Ok(vec![test]),
            (Meaning::Bool, _) => Err(never("true or false", None)),
            (Meaning::Integer | Meaning::Float | Meaning::Scaled(_), Test::Number(..)) => Ok(vec![test]),
            (Meaning::Integer | Meaning::Float | Meaning::Scaled(_), _) => Err(never("a number", None)),
            (Meaning::Enum(named), Test::Text(name)) => {
                let is_it = |(known, _): &&(String, i128)| known == name;
                let values: Vec<_> = named.values.iter().filter(is_it).map(|(_, value)| *value).collect();
                if values.is_empty() {
                    let names: BTreeSet<&str> = named.values.iter().map(|(name, _)| name.as_str()).collect();
                    let near = did_you_mean(name, names.iter().copied()).map_or_else(
                        || names.iter().take(12).map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", "),
                        |near| format!("{near:?}"),
                    );
                    return Err(never("an enum", Some(near)));
                }
                // A document may show the number.
                let number = |value| Test::Number(Some(Number::Integer(value)), Some(Number::Integer(value)));
                Ok(std::iter::once(test).chain(values.into_iter().map(number)).collect())
            }
            (Meaning::Enum(named), Test::Number(min, max)) => {
                let within = |value: i128| is_within(*min, *max, Number::Integer(value));
                let names = named.values.iter().filter(|(_, value)| within(*value));
                let names: Vec<_> = names.map(|(name, _)| Test::Text(name.clone())).collect();
                if names.is_empty() && !named.open {
                    return Err(never("an enum without such a value", None));
                }
                Ok(std::iter::once(test).chain(names).collect())
            }
            (Meaning::Enum(_), Test::Bool(_)) => Err(never("an enum", None)),
            (Meaning::Timestamp(_), _) => Err(FilterError::NotComparable(path.to_owned())),
        },
        Kind::Struct(_) | Kind::OneOf(_) | Kind::List(_) | Kind::Bytes(_) | Kind::Constant(_) | Kind::Nil => {
            Err(FilterError::NotComparable(path.to_owned()))
        }
    }
}
