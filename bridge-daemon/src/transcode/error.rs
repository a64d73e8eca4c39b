//! Why a pair of formats cannot be compiled to a transcoder.

use thiserror::Error;

/// Why a pair of formats cannot be compiled. All of these are for the person who wrote the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CompileError {
    /// Both ends are structs, and a field of one cannot be had from the other.
    #[error("layout `{from_layout}` cannot become `{to_layout}`: {problem}")]
    LayoutsDiffer {
        /// The source's layout.
        from_layout: String,
        /// The sink's layout.
        to_layout: String,
        /// The field and what is wrong with it.
        problem: String,
    },
    /// Both ends are MessagePack, of different shapes, and there is no layout that knows the names.
    #[error("both ends are `msgpack` of different `shape`; give both ends the same shape, or make one end `struct`")]
    ShapesDiffer,
    /// One end is MessagePack, the other JSON, and there is no layout that knows the fields.
    #[error("`msgpack` and `json` are not turned into each other; make one end `struct`, or give both ends one format")]
    DocumentsDiffer,
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

/// What is wrong with a field of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FieldProblem {
    /// It reaches beyond the end of its struct.
    #[error("reaches beyond the end of its struct")]
    Outside,
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
        "has an enum that contradicts itself: it needs an integer type, values in its range, and no value or name twice"
    )]
    Enum,
    /// Its name is too long, or one of its enum.
    #[error("has a name of more than {} bytes, or its enum has one", super::survey::MAX_NAME)]
    LongName,
    /// Its struct has too many fields.
    #[error("is one too many: a struct has at most {} fields", super::survey::MAX_FIELDS)]
    TooManyFields,
}
