//! The survey of a layout before anything is compiled from it: are its numbers sound?
//!
//! Layouts come out of the configuration's checks, but they travel as JSON between processes and the programs made
//! here are fast because they rely on them; so what they rely on is looked at again, once a route.

use std::collections::HashSet;

use super::error::{CompileError, FieldProblem};
use bridge_layout::tree::Tree;
use bridge_layout::{Bits, Container, Enum, Field, Layout, Scalar, Type, bits_range};

/// Levels of arrays and structs in a layout, itself included. Programs recurse once a level.
pub(super) const MAX_DEPTH: usize = 64;

/// Fields of one struct. Reading a map keeps one bit a field on the stack.
pub(super) const MAX_FIELDS: usize = 1024;

/// Bytes of a field's name, and of an enum's. Reading a key keeps one on the stack.
pub(super) const MAX_NAME: usize = 255;

/// Checks `layout`, and gives what documents show of it.
pub(super) fn survey(layout: &Layout) -> Result<Tree, CompileError> {
    if layout.size == 0 || u32::try_from(layout.size).is_err() {
        return Err(CompileError::Size { layout: layout.name.clone(), size: layout.size });
    }
    structure(layout, 1).map_err(|fault| CompileError::Field {
        layout: layout.name.clone(),
        field: fault.path.into_iter().rev().collect::<Vec<_>>().join("."),
        problem: fault.problem,
    })?;
    Ok(Tree::of(layout)?)
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

/// Checks the fields of `layout`.
fn structure(layout: &Layout, depth: usize) -> Result<(), Fault> {
    // In bits.
    let mut end = 0;
    let mut names = HashSet::new();
    for (index, field) in layout.fields.iter().enumerate() {
        let mut look = || -> Result<u64, Fault> {
            if index >= MAX_FIELDS {
                return Err(FieldProblem::TooManyFields.into());
            }
            if field.name.len() > MAX_NAME {
                return Err(FieldProblem::LongName.into());
            }
            if !names.insert(field.name.as_str()) {
                return Err(FieldProblem::DuplicateName.into());
            }
            let size = value(&field.ty, depth + 1)?;
            records(field, depth + 1)?;
            variants(field, layout, depth + 1)?;
            field.offset.checked_add(size).filter(|end| *end <= layout.size).ok_or(FieldProblem::Outside)?;
            let (first, last) = bits(field, size);
            if first < end { Err(FieldProblem::Overlap.into()) } else { Ok(last) }
        };
        end = look().map_err(|mut fault| {
            fault.path.push(field.name.clone());
            fault
        })?;
    }
    Ok(())
}

/// The first bit of a field and the one after its last, of a field inside of a sound layout.
fn bits(field: &Field, size: usize) -> (u64, u64) {
    let start = 8 * field.offset as u64;
    match &field.ty {
        Type::Bits(bits) => {
            let first = start + u64::from(bits.shift);
            (first, first + u64::from(bits.width))
        }
        _ => (start, start + 8 * size as u64),
    }
}

/// Checks the records in a block of bytes.
fn records(field: &Field, depth: usize) -> Result<(), Fault> {
    let Some(record) = field.live.as_ref().and_then(|live| live.records.as_ref()) else { return Ok(()) };
    if depth > MAX_DEPTH {
        return Err(FieldProblem::TooDeep.into());
    }
    inner(record, depth)?;
    match &field.ty {
        Type::Bytes(len) if record.size <= *len => Ok(()),
        _ => Err(FieldProblem::Outside.into()),
    }
}

/// Checks what a union holds.
fn variants(field: &Field, around: &Layout, depth: usize) -> Result<(), Fault> {
    let Some(variants) = &field.variants else { return Ok(()) };
    let named = around.fields.iter().find_map(|other| match &other.ty {
        Type::Enum(named) if other.name == variants.tag => Some(named),
        _ => None,
    });
    let named = named.ok_or(FieldProblem::Union)?;
    let is_single = around.fields.iter().filter(|other| other.variants.is_some()).count() == 1;
    if !is_single || field.live.is_some() || variants.cases.is_empty() {
        return Err(FieldProblem::Union.into());
    }
    if depth > MAX_DEPTH {
        return Err(FieldProblem::TooDeep.into());
    }
    let mut names = HashSet::new();
    for case in &variants.cases {
        if !names.insert(case.name.as_str()) || !named.values.iter().any(|(name, _)| *name == case.name) {
            return Err(FieldProblem::Union.into());
        }
        let Some(layout) = &case.layout else { continue };
        inner(layout, depth)?;
        match &field.ty {
            Type::Bytes(len) if layout.size <= *len => {}
            _ => return Err(FieldProblem::Outside.into()),
        }
    }
    Ok(())
}

/// Checks a value's type, and gives its size in bytes.
fn value(ty: &Type, depth: usize) -> Result<usize, Fault> {
    if depth > MAX_DEPTH {
        return Err(FieldProblem::TooDeep.into());
    }
    let size = match ty {
        Type::Scalar(scalar) => scalar.size(),
        Type::Text(text) => text.capacity,
        Type::Bytes(len) => *len,
        Type::Array(element, count) => elements(element, *count, depth)?,
        Type::Struct(layout) => inner(layout, depth)?,
        Type::Enum(named) => enumeration(named)?,
        Type::Bits(bits) => bit_field(bits)?,
        Type::Container(container) => {
            match &**container {
                Container::String(_, 0) | Container::Vector(_, _, 0) => return Err(FieldProblem::Empty.into()),
                Container::String(_, capacity) if u32::try_from(*capacity).is_ok() => *capacity,
                Container::String(..) => return Err(FieldProblem::Outside.into()),
                Container::Vector(_, element, capacity) => elements(element, *capacity, depth)?,
                Container::Optional(_, inner) => value(inner, depth + 1)?,
            };
            container.parts().size
        }
    };
    if size == 0 { Err(FieldProblem::Empty.into()) } else { Ok(size) }
}

/// Checks a layout within another, and gives its size in bytes.
fn inner(layout: &Layout, depth: usize) -> Result<usize, Fault> {
    structure(layout, depth)?;
    match layout.size {
        0 => Err(FieldProblem::Empty.into()),
        _ if !layout.align.is_power_of_two() || u32::try_from(layout.align).is_err() => Err(FieldProblem::Align.into()),
        size => Ok(size),
    }
}

fn elements(element: &Type, count: usize, depth: usize) -> Result<usize, Fault> {
    let size = value(element, depth + 1)?.checked_mul(count).filter(|size| u32::try_from(*size).is_ok());
    size.ok_or(FieldProblem::Outside.into())
}

fn enumeration(named: &Enum) -> Result<usize, Fault> {
    if named.values.iter().any(|(name, _)| name.len() > MAX_NAME) {
        return Err(FieldProblem::LongName.into());
    }
    if is_sound(named) { Ok(named.repr.size()) } else { Err(FieldProblem::Enum.into()) }
}

fn bit_field(bits: &Bits) -> Result<usize, Fault> {
    let size = match &bits.ty {
        Type::Scalar(scalar) if !matches!(scalar, Scalar::F32 | Scalar::F64) => scalar.size(),
        Type::Enum(named) => enumeration(named)?,
        _ => return Err(FieldProblem::Bits.into()),
    };
    let end = usize::from(bits.shift) + usize::from(bits.width);
    if bits.width == 0 || end > 8 * size {
        return Err(FieldProblem::Bits.into());
    }
    match &bits.ty {
        Type::Enum(named) if !fits(named, bits.width) => Err(FieldProblem::Enum.into()),
        _ => Ok(size),
    }
}

/// Whether so many bits hold all values of an enum.
fn fits(named: &Enum, width: u8) -> bool {
    let (min, max) = bits_range(named.repr, width);
    named.values.iter().all(|(_, value)| (min..=max).contains(value))
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use bridge_layout::{Live, Stack};

    /// What is wrong with a struct of 64 bytes with this field.
    fn problem(ty: Type, live: Option<Live>) -> Option<FieldProblem> {
        let field = Field { live: live.map(Box::new), ..Field::new("a", 0, ty) };
        let layout = Layout { name: "L".into(), size: 64, align: 8, fields: vec![field] };
        match survey(&layout) {
            Err(CompileError::Field { problem, .. }) => Some(problem),
            Err(error) => panic!("{error}"),
            Ok(_) => None,
        }
    }

    fn inner(size: usize, align: usize) -> Arc<Layout> {
        let fields = vec![Field::new("b", 0, Type::Scalar(Scalar::U8))];
        Arc::new(Layout { name: "Inner".into(), size, align, fields })
    }

    #[test]
    fn containers_have_room_and_elements_an_alignment() {
        let container = |container| problem(Type::Container(Box::new(container)), None);
        let optional = |align| container(Container::Optional(Stack::Iceoryx2, Type::Struct(inner(12, align))));
        assert_eq!(
            (optional(4), optional(0), optional(3)),
            (None, Some(FieldProblem::Align), Some(FieldProblem::Align))
        );
        assert_eq!(container(Container::String(Stack::Classic, 0)), Some(FieldProblem::Empty));
        assert_eq!(container(Container::String(Stack::Classic, usize::MAX)), Some(FieldProblem::Outside));
        let vector = |len| container(Container::Vector(Stack::Classic, Type::Scalar(Scalar::F64), len));
        assert_eq!((vector(7), vector(0)), (None, Some(FieldProblem::Empty)));
        assert_eq!((vector(8), vector(usize::MAX)), (Some(FieldProblem::Outside), Some(FieldProblem::Outside)));
    }

    #[test]
    fn records_lie_in_bytes_with_room_for_one() {
        let records = |ty, size| problem(ty, Some(Live { records: Some(inner(size, 1)), ..Live::default() }));
        assert_eq!(records(Type::Bytes(64), 64), None);
        assert_eq!(records(Type::Bytes(63), 64), Some(FieldProblem::Outside));
        assert_eq!(records(Type::text(64), 8), Some(FieldProblem::Outside));
    }

    #[test]
    fn bits_lie_in_their_type_and_hold_its_values() {
        let values = vec![("Buy".to_owned(), -2), ("Sell".to_owned(), 1)];
        let side = Arc::new(Enum { name: "Side".into(), repr: Scalar::I16, values, open: true });
        let bits = |ty, shift, width| problem(Type::Bits(Box::new(Bits { ty, shift, width })), None);
        let named = |shift, width| bits(Type::Enum(Arc::clone(&side)), shift, width);
        assert_eq!((named(14, 2), named(15, 2)), (None, Some(FieldProblem::Bits)));
        assert_eq!((named(0, 0), named(0, 1)), (Some(FieldProblem::Bits), Some(FieldProblem::Enum)));
        assert_eq!(bits(Type::Scalar(Scalar::F32), 0, 8), Some(FieldProblem::Bits));
        assert_eq!(bits(Type::Scalar(Scalar::U64), 255, 255), Some(FieldProblem::Bits));
    }
}
