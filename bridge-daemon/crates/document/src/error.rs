//! What serde says when a value does not fit, kept apart instead of as a sentence, with the way to the value.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

/// One step from a value to one inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// A value does not fit.
#[derive(Debug)]
pub(super) struct DecodeError {
    /// The steps to the value, the last one first.
    pub(super) path: Vec<Step>,
    pub(super) problem: Problem,
}

/// In what way it does not fit.
#[derive(Debug)]
pub(super) enum Problem {
    UnknownKey {
        key: String,
        known: &'static [&'static str],
    },
    MissingKey(&'static str),
    UnknownVariant {
        written: String,
        known: &'static [&'static str],
    },
    WrongType {
        found: String,
        expected: String,
    },
    /// A rule of the value's own type: what is wrong in the first line, what to write in those after it.
    Rule(String),
}

impl DecodeError {
    /// The same error, seen from one level further out.
    pub(super) fn within(mut self, step: Step) -> Self {
        self.path.push(step);
        self
    }

    fn new(problem: Problem) -> Self {
        Self { path: Vec::new(), problem }
    }
}

impl de::Error for DecodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Problem::Rule(message.to_string()))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(Problem::WrongType { found: found_words(found), expected: expected_words(expected) })
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn unknown_variant(written: &str, known: &'static [&'static str]) -> Self {
        Self::new(Problem::UnknownVariant { written: written.to_owned(), known })
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Self::new(Problem::UnknownKey { key: key.to_owned(), known })
    }

    fn missing_field(key: &'static str) -> Self {
        Self::new(Problem::MissingKey(key))
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.problem)
    }
}

impl std::error::Error for DecodeError {}

/// TOML's words for what stands there.
fn found_words(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(truth) => format!("the truth value {truth}"),
        Unexpected::Unsigned(number) => format!("the number {number}"),
        Unexpected::Signed(number) => format!("the number {number}"),
        Unexpected::Float(_) => "a number with a fraction".to_owned(),
        Unexpected::Str(_) => "a string".to_owned(),
        Unexpected::Seq => "an array".to_owned(),
        Unexpected::Map => "a table".to_owned(),
        other => other.to_string(),
    }
}

/// TOML's words for what serde expects.
fn expected_words(expected: &dyn Expected) -> String {
    match expected.to_string().as_str() {
        "usize" | "u64" | "u32" => "a whole number, 0 or more".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "an array".to_owned(),
        words => words.to_owned(),
    }
}
