//! The survey of a layout before anything is compiled from it: are its numbers sound, and where is its padding?
//!
//! Layouts come out of the configuration's checks, but they travel as JSON between processes and the programs made
//! here are fast because they rely on them; so what they rely on is looked at again, once a route.

use std::collections::HashSet;

use super::error::{CompileError, FieldProblem};
use crate::layout::{Enum, Layout, Type};

/// Levels of arrays and structs in a layout, itself included. Programs recurse once a level.
pub(super) const MAX_DEPTH: usize = 64;

/// Fields of one struct. Reading a map keeps one bit a field on the stack.
pub(super) const MAX_FIELDS: usize = 1024;

/// Bytes of a field's name, and of an enum's. Reading a key keeps one on the stack.
pub(super) const MAX_NAME: usize = 255;

/// Above this number of gaps in an array's elements, the whole array is zeroed instead of each gap.
const MAX_GAPS_OF_ARRAY: usize = 16;

/// `len` bytes from `at` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) at: usize,
    pub(super) len: usize,
}

/// Checks `layout` and gives the spans to zero before the fields are written, so that together they cover every byte.
/// A span may hold fields (of an array with much padding), but no two spans touch.
pub(super) fn survey(layout: &Layout) -> Result<Vec<Span>, CompileError> {
    if layout.size == 0 || u32::try_from(layout.size).is_err() {
        return Err(CompileError::Size { layout: layout.name.clone(), size: layout.size });
    }
    let mut gaps = Vec::new();
    structure(layout, 1, &mut gaps).map_err(|fault| CompileError::Field {
        layout: layout.name.clone(),
        field: fault.path.into_iter().rev().collect::<Vec<_>>().join("."),
        problem: fault.problem,
    })?;
    gaps.dedup_by(|next, last| {
        let touches = last.at + last.len == next.at;
        if touches {
            last.len += next.len;
        }
        touches
    });
    Ok(gaps)
}

/// A problem, and the names of the fields that lead to it, innermost first.
struct Fault {
    path: Vec<String>,
    problem: FieldProblem,
}

impl From<FieldProblem> for Fault {
    fn from(problem: FieldProblem) -> Self {
        Self { path: Vec::new(), problem }
    }
}

/// Checks the fields of `layout` and adds its gaps, relative to its start.
fn structure(layout: &Layout, depth: usize, gaps: &mut Vec<Span>) -> Result<(), Fault> {
    let mut end = 0;
    let mut names = HashSet::new();
    for (index, field) in layout.fields.iter().enumerate() {
        let mut inner = Vec::new();
        let mut look = || -> Result<usize, Fault> {
            if index >= MAX_FIELDS {
                return Err(FieldProblem::TooManyFields.into());
            }
            if field.name.len() > MAX_NAME {
                return Err(FieldProblem::LongName.into());
            }
            if !names.insert(field.name.as_str()) {
                return Err(FieldProblem::DuplicateName.into());
            }
            if field.offset < end {
                return Err(FieldProblem::Overlap.into());
            }
            let size = value(&field.ty, depth + 1, &mut inner)?;
            field.offset.checked_add(size).filter(|end| *end <= layout.size).ok_or(FieldProblem::Outside.into())
        };
        let field_end = look().map_err(|mut fault| {
            fault.path.push(field.name.clone());
            fault
        })?;
        if field.offset > end {
            gaps.push(Span { at: end, len: field.offset - end });
        }
        gaps.extend(inner.iter().map(|gap| Span { at: field.offset + gap.at, len: gap.len }));
        end = field_end;
    }
    if layout.size > end {
        gaps.push(Span { at: end, len: layout.size - end });
    }
    Ok(())
}

/// Checks a value's type, adds its gaps relative to its start, and gives its size in bytes.
fn value(ty: &Type, depth: usize, gaps: &mut Vec<Span>) -> Result<usize, Fault> {
    if depth > MAX_DEPTH {
        return Err(FieldProblem::TooDeep.into());
    }
    let size = match ty {
        Type::Scalar(scalar) => scalar.size(),
        Type::Text(len) | Type::Bytes(len) => *len,
        Type::Array(element, count) => {
            let mut inner = Vec::new();
            let stride = value(element, depth + 1, &mut inner)?;
            let size = stride.checked_mul(*count).filter(|size| u32::try_from(*size).is_ok());
            let size = size.ok_or(FieldProblem::Outside)?;
            if inner.len().saturating_mul(*count) > MAX_GAPS_OF_ARRAY {
                gaps.push(Span { at: 0, len: size });
            } else if !inner.is_empty() {
                let starts = (0..*count).map(|index| index * stride);
                gaps.extend(starts.flat_map(|at| inner.iter().map(move |gap| Span { at: at + gap.at, len: gap.len })));
            }
            size
        }
        Type::Struct(layout) => {
            structure(layout, depth, gaps)?;
            layout.size
        }
        Type::Enum(named) if named.values.iter().any(|(name, _)| name.len() > MAX_NAME) => {
            return Err(FieldProblem::LongName.into());
        }
        Type::Enum(named) if is_sound(named) => named.repr.size(),
        Type::Enum(_) => return Err(FieldProblem::Enum.into()),
    };
    if size == 0 { Err(FieldProblem::Empty.into()) } else { Ok(size) }
}

/// Whether the values of an enum lie in its integer's range, and no name or value is there twice.
fn is_sound(named: &Enum) -> bool {
    let Some((min, max)) = named.repr.integer_range() else { return false };
    let (mut names, mut values) = (HashSet::new(), HashSet::new());
    !named.values.is_empty()
        && named
            .values
            .iter()
            .all(|(name, value)| (min..=max).contains(value) && names.insert(name.as_str()) && values.insert(*value))
}
