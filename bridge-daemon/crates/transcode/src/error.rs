//! Why a pair of formats cannot be compiled to a transcoder.

use thiserror::Error;

use crate::pair::PairError;
use bridge_layout::tree::TreeError;

/// Why a pair of formats cannot be compiled. All of these are for the person who wrote the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CompileError {
    /// Both ends are structs, and a field of one cannot take its value from the other.
    #[error("layout `{from_layout}` cannot become `{to_layout}`: {problem}")]
    LayoutsDiffer {
        /// The source's layout.
        from_layout: String,
        /// The sink's layout.
        to_layout: String,
        /// The field and what is wrong with it.
        problem: String,
    },
    /// The two ends, or the rules for fields, do not fit.
    #[error("{0}; {help}", help = .0.help())]
    Pair(PairError),
    /// Documents that become others by way of a struct, which is a matter of the whole route.
    #[error("these documents become others in two steps")]
    TwoSteps,
    /// A layout contradicts itself.
    #[error("layout `{layout}`: field `{field}` {problem}")]
    Field {
        /// The outermost layout.
        layout: String,
        /// Path of the field from there.
        field: String,
        /// What is wrong with it, as the rest of a sentence.
        problem: FieldProblem,
    },
    /// The live part of a field is not told as it should be.
    #[error("the layout does not say what counts: {0}")]
    Tree(#[from] TreeError),
    /// A layout is too large.
    #[error("layout `{layout}` has {size} bytes; a layout has 1 to {} bytes", u32::MAX)]
    Size {
        /// The layout.
        layout: String,
        /// Its size in bytes.
        size: usize,
    },
    /// A layout would need more bytes in a document than can be counted.
    #[error("layout `{layout}` is too large to be written as a document")]
    TooLarge {
        /// The layout.
        layout: String,
    },
}

impl From<Vec<PairError>> for CompileError {
    /// The first of them: the configuration's checks told all, and only a plan that did not come from there gets here.
    fn from(errors: Vec<PairError>) -> Self {
        errors.into_iter().next().map_or(Self::TwoSteps, |error| match error {
            PairError::Layouts { from, to, problem } => {
                Self::LayoutsDiffer { from_layout: from, to_layout: to, problem }
            }
            other => Self::Pair(other),
        })
    }
}

/// What is wrong with a field of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FieldProblem {
    /// It reaches beyond the end of its struct.
    #[error("reaches beyond the end of its struct")]
    Outside,
    /// A union is no block of bytes, or what says what it holds is no enum beside it that has these values.
    #[error("is a union whose tag does not say what it holds")]
    Union,
    /// It overlaps the field before it, or the fields are not in order.
    #[error("overlaps the field before it, or is not in the order of the offsets")]
    Overlap,
    /// A struct of no bytes, or an array, text or byte block of length 0.
    #[error("has no bytes; a length must be 1 or more")]
    Empty,
    /// Another field of the struct has its name.
    #[error("has the name of another field of its struct")]
    DuplicateName,
    /// Arrays and structs are nested too deeply.
    #[error("is nested more than {} levels deep", super::survey::MAX_DEPTH)]
    TooDeep,
    /// The numbers or names of its enum are unsound.
    #[error(
        "has an enum that contradicts itself: it needs an integer type, values in its range, and no value or name twice, \
         and bits for all values"
    )]
    Enum,
    /// The alignment of its struct is none.
    #[error("has a struct whose alignment is no power of two")]
    Align,
    /// It has no bits, or more than its integer has, or its type is neither an integer, nor `bool`, nor an enum.
    #[error("has bits that its type does not have")]
    Bits,
    /// Its name is too long, or one of its enum.
    #[error("has a name of more than {} bytes, or its enum has one", super::survey::MAX_NAME)]
    LongName,
    /// Its struct has too many fields.
    #[error("is one too many: a struct has at most {} fields", super::survey::MAX_FIELDS)]
    TooManyFields,
}
