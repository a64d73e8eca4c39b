//! What can be wrong with a layout whose keys and values are all well formed.

use miette::Diagnostic;

use super::enums::MAX_ENUM_VALUES;
use super::key_error::KeyError;
use super::place::MAX_FIELDS;
use super::set::MAX_DEPTH;
use crate::numbers::MAX_SIZE;
use bridge_document::Span;

/// A layout that does not add up. Paths are `Layout.field`.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(super) enum LayoutError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Key(#[from] KeyError),
    #[error("the {kind} `{name}` is described twice")]
    #[diagnostic(help("rename one of them, or remove it"))]
    TwiceHere {
        kind: &'static str,
        name: String,
        #[label(primary, "again here")]
        at: Span,
        #[label("first here")]
        first: Span,
    },
    #[error("the {kind} `{name}` is described in {file}, line {line}, already")]
    #[diagnostic(help("rename one of them, or remove it"))]
    TwiceElsewhere {
        kind: &'static str,
        name: String,
        file: String,
        line: usize,
        #[label("again here")]
        at: Span,
    },
    #[error("`{path}`: there is no type `{ty}`")]
    UnknownType {
        path: String,
        ty: String,
        #[label("no basic type, and no layout or enum of this name")]
        at: Span,
        #[help]
        help: String,
    },
    #[error("layouts contain each other: {circle}")]
    #[diagnostic(help("a struct cannot contain itself; take one of these fields out"))]
    Cycle {
        circle: String,
        #[label("closes the circle")]
        at: Span,
    },
    #[error("`{path}`: layouts nest more than {MAX_DEPTH} deep here")]
    #[diagnostic(help(
        "every layout within a layout, dimension of an array and container counts as one, and records as two; use fewer"
    ))]
    Deep {
        path: String,
        #[label("one too many")]
        at: Span,
    },
    #[error("`{path}` has more than {MAX_FIELDS} fields, those of layouts and the names of enums within it counted")]
    #[diagnostic(help("use arrays where fields repeat"))]
    ManyFields {
        path: String,
        #[label]
        at: Span,
    },
    #[error("`{path}` is larger than {} GiB", MAX_SIZE >> 30)]
    #[diagnostic(help("no sample is that large; check the numbers in brackets"))]
    Large {
        path: String,
        #[label]
        at: Span,
    },
    #[error("the layout `{path}` has no fields")]
    #[diagnostic(help("add fields, or remove the layout"))]
    Empty {
        path: String,
        #[label]
        at: Span,
    },
    #[error("the field `{path}` is there twice")]
    #[diagnostic(help("rename one of them"))]
    TwiceField {
        path: String,
        #[label(primary, "again here")]
        at: Span,
        #[label("first here")]
        first: Span,
    },
    #[error("`{path}`: offset {offset} is not a multiple of {align}, the alignment of `{ty}`")]
    Misaligned {
        path: String,
        ty: String,
        offset: u64,
        align: u64,
        #[label]
        at: Span,
        #[help]
        help: String,
    },
    #[error("`{path}` ({place}) overlaps `{other}` ({other_place})")]
    Overlap {
        path: String,
        place: String,
        other: String,
        other_place: String,
        #[label(primary, "this field overlaps")]
        at: Span,
        #[label("this one")]
        other_at: Span,
        #[help]
        help: String,
    },
    #[error("`{path}` ends at byte {end}, but the layout's size is {size}")]
    Exceeds {
        path: String,
        end: u64,
        size: u64,
        #[label(primary, "this field")]
        at: Span,
        #[label("size is set here")]
        size_at: Span,
        #[help]
        help: String,
    },
    #[error("`{path}`: the size {size} is not a multiple of the alignment {align}")]
    SizeAlign {
        path: String,
        size: u64,
        align: u64,
        #[label]
        at: Span,
        #[help]
        help: String,
    },
    #[error("`{path}`: an alignment of {align} is less than that of its field `{field}`, {needed}")]
    #[diagnostic(help("write `align = {needed}`, leave it out, or add `packed = true`"))]
    AlignLow {
        path: String,
        align: u64,
        field: String,
        needed: u64,
        #[label]
        at: Span,
    },
    #[error("`{path}`: no field covers {bytes} before `{field}`, and alignment does not explain the gap")]
    #[diagnostic(help("describe these bytes, or write `padding = \"any\"` if they are left out on purpose"))]
    Gap {
        path: String,
        field: String,
        bytes: String,
        #[label("the field after the gap")]
        at: Span,
    },
    #[error("the enum `{path}` has no values")]
    #[diagnostic(help("name at least one, as in `values = {{ Buy = 1 }}`, or use the integer type itself"))]
    NoValues {
        path: String,
        #[label]
        at: Span,
    },
    #[error("the enum `{path}` has {count} names, more than the {MAX_ENUM_VALUES} that it may have")]
    #[diagnostic(help("leave out what nobody sends, and write `open = true` to let such values pass as integers"))]
    ManyValues {
        path: String,
        count: usize,
        #[label]
        at: Span,
    },
    #[error("`{path}`: the value {value} does not fit into `{repr}`")]
    #[diagnostic(help("`{repr}` holds {min} to {max}; correct the value, or the enum's `type`"))]
    ValueRange {
        path: String,
        value: i128,
        repr: &'static str,
        min: i128,
        max: i128,
        #[label]
        at: Span,
    },
    #[error("`{path}` and `{other}` are both {value}")]
    #[diagnostic(help("keep the name that documents are to show, and remove the other"))]
    ValueTwice {
        path: String,
        other: String,
        value: i128,
        #[label(primary, "again here")]
        at: Span,
        #[label("first here")]
        first: Span,
    },
    #[error("`{path}`: no field covers {bytes} at the end, and alignment does not explain the gap")]
    #[diagnostic(help("describe these bytes, correct the size, or write `padding = \"any\"`"))]
    TailGap {
        path: String,
        bytes: String,
        #[label]
        at: Span,
    },
}

/// "byte 7", "bytes 4 to 11": from `start` up to, but without, `end`.
pub(super) fn byte_words(start: u64, end: u64) -> String {
    if end == start + 1 { format!("byte {start}") } else { format!("bytes {start} to {}", end - 1) }
}

/// The same for bits, which are counted from the struct's start: "bit 3 of byte 7", "bit 3 of byte 7 to bit 0 of byte 8".
pub(super) fn bit_words(start: u64, end: u64) -> String {
    let words = |bit: u64| format!("bit {} of byte {}", bit % 8, bit / 8);
    match end.saturating_sub(1) {
        _ if start.is_multiple_of(8) && end.is_multiple_of(8) => byte_words(start / 8, end / 8),
        last if last == start => words(start),
        last if last / 8 == start / 8 => format!("bits {} to {} of byte {}", start % 8, last % 8, start / 8),
        last => format!("{} to {}", words(start), words(last)),
    }
}
