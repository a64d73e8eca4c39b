//! What the formats at the two ends of a route, and its rules for fields, come to.
//!
//! [`pair`] is the one place that knows which pairs there are: the configuration's checks report what it says is wrong,
//! and the transcoder compiles what it says is right.

use std::sync::Arc;

use crate::format::{BytesAs, DocumentPlan, EnumsAs, FormatPlan, OnMissing, Shape, TimestampsAs, Tolerance, UnionsAs};
use bridge_layout::tree::rules::{AloneError, FieldRule, RuleError, alone_shown, alone_taken, keyed, shown, taken};
use bridge_layout::tree::show_as::Shown;
use bridge_layout::tree::{Mismatch, Tree, TreeError, UnionError, mismatches};
use bridge_layout::{Field, Layout, Type, Variant};

/// How samples are turned into others.
#[derive(Clone, Debug, PartialEq)]
pub enum Pair {
    /// The bytes as they are, of this size where a layout says one.
    Copy(Option<usize>),
    /// A struct into another one; the second tree is keyed by the names of the first.
    Convert(Tree, Tree),
    /// A struct into a document.
    Write(Tree, Written),
    /// A document into a struct.
    Read(Read, Tree),
    /// A document into another one, by way of a struct: the tree that is read, and the one that is written.
    Through(Read, Tree, Tree, Written),
    /// Any MessagePack into JSON.
    MsgpackToJson,
    /// Any JSON into MessagePack.
    JsonToMsgpack,
}

/// A document that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// MessagePack of this shape.
    Msgpack(Shape),
    /// JSON.
    Json,
}

/// A document that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// MessagePack, of both shapes.
    Msgpack(Tolerance),
    /// JSON.
    Json(Tolerance),
}

/// An end of a route, as far as its format goes.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// How its payload is read or written.
    pub format: &'a FormatPlan,
    /// What its documents are.
    pub document: &'a DocumentPlan,
}

/// One of the two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Where samples come from.
    Source,
    /// Where they go.
    Sink,
}

/// Why two ends do not make a pair.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PairError {
    /// A layout does not say what counts.
    #[error("{0}")]
    Tree(#[from] TreeError),
    /// A rule for a field is wrong.
    #[error("{0}")]
    Rule(#[from] RuleError),
    /// One struct cannot become the other.
    #[error("the layout `{from}` cannot be turned into the layout `{to}`: {problem}")]
    Layouts {
        /// The source's layout.
        from: String,
        /// The sink's layout.
        to: String,
        /// The first field for which there is no way, and how many more there are.
        problem: String,
    },
    /// Documents cannot have a union as they shall.
    #[error("{0}")]
    Union(#[from] UnionError),
    /// Documents cannot be the field that they should be.
    #[error("{error}")]
    Alone {
        /// The end at which they are.
        which: Which,
        /// Why.
        error: AloneError,
    },
    /// Rules, or a field, without a layout.
    #[error("single fields are known where there is a layout, and this stream has none")]
    NoLayout,
    /// The ends' documents have different layouts.
    #[error("the documents of the two ends have different layouts, `{from}` and `{to}`")]
    TwoLayouts {
        /// The source's layout.
        from: String,
        /// The sink's layout.
        to: String,
    },
    /// MessagePack of different shapes without a layout.
    #[error("MessagePack of one shape cannot be turned into the other without a layout")]
    Shapes,
    /// Bytes that nobody knows, and documents.
    #[error("bytes without a layout cannot be turned into documents, nor documents into such bytes")]
    Raw,
}

impl PairError {
    /// What to write.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Tree(_) => "correct the layout".into(),
            Self::Rule(error) => error.problem.help(),
            Self::Union(error) => error.help().into(),
            Self::Layouts { .. } => {
                "fields go by name; correct the layouts, say in [stream.fields] where they take their values from, or name the \
                 same layout on both sides to copy the struct"
                    .into()
            }
            Self::Alone { error, .. } => error.help(),
            Self::NoLayout => "write a `layout` at one of the ends".into(),
            Self::TwoLayouts { .. } => "write the same layout at both ends, or at one of them only".into(),
            Self::Shapes => {
                "write a `layout` at one of the ends, which knows the names; or leave `shape` the same on both sides, \
                 and documents are copied as they are"
                    .into()
            }
            Self::Raw => {
                "write `format = \"struct\"` and a `layout` for the raw side, or the same format on both sides to copy \
                 documents as they are"
                    .into()
            }
        }
    }
}

/// How samples of `source` become samples of `sink`.
///
/// # Errors
///
/// Everything that keeps them from it.
pub fn pair(source: Side<'_>, sink: Side<'_>, rules: &[FieldRule]) -> Result<Pair, Vec<PairError>> {
    use FormatPlan::{Json, Msgpack, Raw, Struct};
    let one = |error| Err(vec![error]);
    match (source.format, sink.format) {
        (Raw, Raw | Struct(_)) | (Struct(_), Raw) => match (rules, source.format, sink.format) {
            ([], Struct(layout), _) | ([], _, Struct(layout)) => Ok(Pair::Copy(Some(layout.size))),
            ([], ..) => Ok(Pair::Copy(None)),
            _ => one(PairError::NoLayout),
        },
        (Raw, Msgpack(..) | Json(_)) | (Msgpack(..) | Json(_), Raw) => one(PairError::Raw),
        (Struct(from), Struct(to)) if rules.is_empty() && same_bytes(from, to) => Ok(Pair::Copy(Some(from.size))),
        (Struct(from), Struct(to)) => structs(from, to, rules),
        (Struct(layout), Msgpack(shape, _)) => Ok(Pair::Write(written(layout, sink, rules)?, Written::Msgpack(*shape))),
        (Struct(layout), Json(_)) => Ok(Pair::Write(written(layout, sink, rules)?, Written::Json)),
        (Msgpack(..) | Json(_), Struct(layout)) => {
            let (read, on_missing) = reading(source.format)?;
            Ok(Pair::Read(read, self::read(layout, source, on_missing, rules)?))
        }
        (Msgpack(..) | Json(_), Msgpack(..) | Json(_)) => documents(source, sink, rules),
    }
}

fn documents(source: Side<'_>, sink: Side<'_>, rules: &[FieldRule]) -> Result<Pair, Vec<PairError>> {
    use FormatPlan::{Json, Msgpack};
    let layout = match (&source.document.layout, &sink.document.layout) {
        (Some(from), Some(to)) if from != to => {
            let (from, to) = (from.name.clone(), to.name.clone());
            return Err(vec![PairError::TwoLayouts { from, to }]);
        }
        (Some(layout), _) | (None, Some(layout)) => layout,
        (None, None) => {
            let says = |side: Side<'_>| {
                let DocumentPlan { layout: _, field, bytes, enums, timestamps, unions } = side.document;
                let is_shown = bytes.is_some() || *enums != EnumsAs::Name || *timestamps != TimestampsAs::Integer;
                is_shown || *unions != UnionsAs::External || field.is_some()
            };
            let has_field = says(source) || says(sink);
            return match (source.format, sink.format) {
                _ if has_field || !rules.is_empty() => Err(vec![PairError::NoLayout]),
                (Msgpack(from, _), Msgpack(to, _)) if from != to => Err(vec![PairError::Shapes]),
                (Msgpack(..), Json(_)) => Ok(Pair::MsgpackToJson),
                (Json(_), Msgpack(..)) => Ok(Pair::JsonToMsgpack),
                _ => Ok(Pair::Copy(None)),
            };
        }
    };
    let (read, on_missing) = reading(source.format)?;
    let to = match sink.format {
        Msgpack(shape, _) => Written::Msgpack(*shape),
        _ => Written::Json,
    };
    Ok(Pair::Through(read, self::read(layout, source, on_missing, &[])?, written(layout, sink, rules)?, to))
}

fn structs(from: &Layout, to: &Layout, rules: &[FieldRule]) -> Result<Pair, Vec<PairError>> {
    let (source, sink) = (tree(from)?, tree(to)?);
    let sink = keyed(&source, &sink, rules).map_err(all)?;
    match told(&mismatches(&source, &sink)) {
        None => Ok(Pair::Convert(source, sink)),
        Some(problem) => Err(vec![PairError::Layouts { from: from.name.clone(), to: to.name.clone(), problem }]),
    }
}

/// The first mismatch, and how many more there are.
fn told(mismatches: &[Mismatch]) -> Option<String> {
    let first = mismatches.first()?;
    let more = mismatches.len() - 1;
    Some(if more > 0 { format!("{first}, and {more} more") } else { first.to_string() })
}

fn written(layout: &Layout, side: Side<'_>, rules: &[FieldRule]) -> Result<Tree, Vec<PairError>> {
    let mut tree = shown(&tree(layout)?, rules).map_err(all)?;
    if let Some(field) = &side.document.field {
        tree = alone_shown(&tree, field).map_err(|error| vec![PairError::Alone { which: Which::Sink, error }])?;
    }
    let enums = if side.document.enums == EnumsAs::Number { Shown::Number } else { Shown::Itself };
    tree.show_as(bytes(side), enums, timestamps(side));
    unions(&mut tree, side)?;
    Ok(tree)
}

fn read(layout: &Layout, side: Side<'_>, on_missing: OnMissing, rules: &[FieldRule]) -> Result<Tree, Vec<PairError>> {
    let mut tree = taken(&tree(layout)?, rules).map_err(all)?;
    if let Some(field) = &side.document.field {
        tree = alone_taken(&tree, field, on_missing)
            .map_err(|error| vec![PairError::Alone { which: Which::Source, error }])?;
    }
    // Of MessagePack, arrays are read where bytes are expected; names and numbers of enums are read anyway.
    let bytes = if matches!(side.format, FormatPlan::Json(_)) { bytes(side) } else { Shown::Itself };
    tree.show_as(bytes, Shown::Itself, timestamps(side));
    unions(&mut tree, side)?;
    Ok(tree)
}

/// What blocks of bytes are. In JSON, where they are themselves, they are texts in Base64.
fn bytes(side: Side<'_>) -> Shown {
    match (side.document.bytes, side.format) {
        (None, FormatPlan::Json(_)) | (Some(BytesAs::Array), _) => Shown::Number,
        (None, _) | (Some(BytesAs::Base64), _) => Shown::Itself,
    }
}

/// Has the documents of an end show unions as it says.
fn unions(tree: &mut Tree, side: Side<'_>) -> Result<(), Vec<PairError>> {
    let are_arrays = matches!(side.format, FormatPlan::Msgpack(Shape::Array, _));
    tree.show_unions(side.document.unions, are_arrays).map_err(|error| vec![error.into()])
}

/// What points in time are. The configuration's check sees to it that the format has what is asked for.
fn timestamps(side: Side<'_>) -> Shown {
    match side.document.timestamps {
        TimestampsAs::Integer => Shown::Number,
        TimestampsAs::Extension | TimestampsAs::Text => Shown::Itself,
    }
}

fn reading(format: &FormatPlan) -> Result<(Read, OnMissing), Vec<PairError>> {
    match format {
        FormatPlan::Msgpack(_, tolerance) => Ok((Read::Msgpack(*tolerance), tolerance.on_missing)),
        FormatPlan::Json(tolerance) => Ok((Read::Json(*tolerance), tolerance.on_missing)),
        FormatPlan::Raw | FormatPlan::Struct(_) => Err(vec![PairError::NoLayout]),
    }
}

fn tree(layout: &Layout) -> Result<Tree, Vec<PairError>> {
    Tree::of(layout).map_err(|error| vec![error.into()])
}

fn all(errors: Vec<RuleError>) -> Vec<PairError> {
    errors.into_iter().map(PairError::Rule).collect()
}

/// Whether two layouts are one but for their names, and perhaps their alignment.
fn same_bytes(one: &Arc<Layout>, other: &Arc<Layout>) -> bool {
    Arc::ptr_eq(one, other) || same_fields(one, other)
}

fn same_fields(one: &Layout, other: &Layout) -> bool {
    let same_live = |one: &Field, other: &Field| match (&one.live, &other.live) {
        (Some(one), Some(other)) => {
            same_layouts(one.records.as_deref(), other.records.as_deref())
                && (&one.count, &one.length, &one.sum) == (&other.count, &other.length, &other.sum)
        }
        (one, other) => one == other,
    };
    let same_field = |(one, other): (&Field, &Field)| {
        // A number that is no time on one side is taken as it is.
        let same_unit = one.timestamp.zip(other.timestamp).is_none_or(|(one, other)| one == other);
        let same_place = one.name == other.name && one.offset == other.offset;
        let same_order = one.endian == other.endian;
        same_place
            && same_order
            && same_unit
            && same_variants(one, other)
            && same_type(&one.ty, &other.ty)
            && same_live(one, other)
    };
    one.size == other.size
        && one.fields.len() == other.fields.len()
        && one.fields.iter().zip(&other.fields).all(same_field)
}

fn same_layouts(one: Option<&Layout>, other: Option<&Layout>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => same_fields(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

fn same_variants(one: &Field, other: &Field) -> bool {
    let same_case = |(one, other): (&Variant, &Variant)| {
        one.name == other.name && same_layouts(one.layout.as_deref(), other.layout.as_deref())
    };
    match (&one.variants, &other.variants) {
        (Some(one), Some(other)) => {
            let same_number = one.cases.len() == other.cases.len();
            one.tag == other.tag && same_number && one.cases.iter().zip(&other.cases).all(same_case)
        }
        (one, other) => one == other,
    }
}

fn same_type(one: &Type, other: &Type) -> bool {
    use bridge_layout::Container::{Optional, String, Vector};
    match (one, other) {
        (Type::Struct(one), Type::Struct(other)) => same_fields(one, other),
        (Type::Enum(one), Type::Enum(other)) => {
            one.repr == other.repr && one.open == other.open && one.values == other.values
        }
        (Type::Array(one, one_len), Type::Array(other, other_len)) => one_len == other_len && same_type(one, other),
        (Type::Bits(one), Type::Bits(other)) => {
            (one.shift, one.width) == (other.shift, other.width) && same_type(&one.ty, &other.ty)
        }
        (Type::Container(one), Type::Container(other)) => match (&**one, &**other) {
            // These are the same in both stacks.
            (String(_, one), String(_, other)) => one == other,
            (Vector(_, one, one_len), Vector(_, other, other_len)) => one_len == other_len && same_type(one, other),
            (Optional(one_stack, one), Optional(other_stack, other)) => {
                one_stack == other_stack && same_type(one, other)
            }
            _ => false,
        },
        _ => one == other,
    }
}
