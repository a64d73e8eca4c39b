//! What can be wrong with rules.

use std::fmt;

/// Something is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// The path of the rule.
    pub path: String,
    /// The key of the rule that it is about.
    pub key: RuleKey,
    /// What it is.
    pub problem: RuleProblem,
}

/// The parts of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKey {
    /// Its path.
    Path,
    /// `from`.
    From,
    /// `value`.
    Value,
    /// `default`.
    Default,
    /// `scale`.
    Scale,
    /// `map`.
    Map,
    /// `omit`.
    Omit,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleProblem {
    /// There is no such field.
    #[error("there is no field `{path}` in the layout `{layout}`")]
    NoField {
        /// As it was written.
        path: String,
        /// The layout's name.
        layout: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// A value has two keys that exclude each other.
    #[error("a rule has either `{0}` or `{1}`")]
    Either(&'static str, &'static str),
    /// Two fields would be at one place.
    #[error("two fields would be `{0}`")]
    Twice(String),
    /// The place is inside of something that has no fields.
    #[error("there is no place `{0}`: what it would be in is no struct")]
    NoPlace(String),
    /// The two ends of a rename are in different lists.
    #[error("`{from}` and `{to}` are not in one list, so one cannot take its value from the other")]
    OtherList {
        /// The source.
        from: String,
        /// The sink.
        to: String,
    },
    /// A scale of something that is no number.
    #[error("a scale is for numbers, and this is {0}")]
    ScaleOf(String),
    /// A map of something that has no names.
    #[error("a map is for enums and integers, and this is {0}")]
    MapOf(String),
    /// A map to or from a name that does not exist.
    #[error("the enum `{named}` has no name `{name}`")]
    NoName {
        /// As it was written.
        name: String,
        /// The enum.
        named: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// A map with a name where an integer has to be.
    #[error("{0} is not an integer that the field can hold")]
    NoInteger(String),
    /// A map with an integer where a name has to be.
    #[error("{0} is not a name")]
    NoWord(String),
    /// A constant of another kind than its field.
    #[error("{value} is no value of {kind}")]
    ConstantOf {
        /// As it was written.
        value: String,
        /// The field in words.
        kind: String,
    },
    /// `omit` where a struct is written.
    #[error("a struct has all of its fields, so none can be left out of it")]
    OmitOfStruct,
    /// `default` where a struct is read.
    #[error("a struct has all of its fields, so there is nothing to have a default for")]
    DefaultOfStruct,
    /// `default` of a bit-field.
    #[error("a bit-field cannot have a default")]
    DefaultOfBits,
    /// A scale that is 0 or no fraction.
    #[error("a scale is a fraction other than 0")]
    NoScale,
    /// A path of too many names.
    #[error("a path has at most {0} names")]
    TooDeep(usize),
    /// Too many rules.
    #[error("one direction of a stream has at most {0} rules")]
    TooMany(usize),
    /// It cannot be turned round.
    #[error("this cannot be done the other way round: {0}")]
    NotInvertible(&'static str),
}

impl RuleProblem {
    /// What to write instead.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::NoField { near: Some(near), .. } | Self::NoName { near: Some(near), .. } => {
                format!("did you mean \"{near}\"?")
            }
            Self::NoField { .. } => {
                "write the path of a field: names with dots between them, in quotes, without indices; fields that only \
                 tell a length or a sum have no rules"
                    .into()
            }
            Self::NoName { .. } => "write a name as it is in the layout file".into(),
            Self::Either(..) => "remove one of the two".into(),
            Self::Twice(_) => "give one of them another name with `from`, or remove it".into(),
            Self::NoPlace(_) => "write a path whose outer names are structs, or are new".into(),
            Self::OtherList { .. } => "let both be in one list; a list itself is renamed with a rule of its own".into(),
            Self::ScaleOf(_) => "remove `scale`, or `map` the names of an enum".into(),
            Self::MapOf(_) => "remove `map`".into(),
            Self::NoInteger(_) => "write integers of the field's range".into(),
            Self::NoWord(_) => "write names in quotes; documents show enums as names".into(),
            Self::ConstantOf { .. } => "write a value that the field can hold".into(),
            Self::OmitOfStruct => "give it a `value`".into(),
            Self::DefaultOfStruct => "remove `default`".into(),
            Self::NoScale => "write a number other than 0".into(),
            Self::TooDeep(_) => "write a shorter path".into(),
            Self::TooMany(_) => "remove some".into(),
            Self::DefaultOfBits => "give it a `value`, or let documents have it".into(),
            Self::NotInvertible(_) => "write the rules of the way back in [stream.reverse_fields]".into(),
        }
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the rule of `{}`: {}", self.path, self.problem)
    }
}

impl std::error::Error for RuleError {}
