//! Two layouts to operations. Both were surveyed.

use super::Op;
use super::mapping::Mapping;
use crate::layout::{Layout, Scalar, Type, mismatches};

/// The operations that make a struct of `to` from one of `from`, or the first field for which there is none.
pub(super) fn build(from: &Layout, to: &Layout) -> Result<Vec<Op>, String> {
    if let Some(mismatch) = mismatches(from, to).first() {
        return Err(mismatch.to_string());
    }
    let mut ops = Vec::new();
    structure((from, 0), (to, 0), &mut ops);
    Ok(ops)
}

fn structure((from, from_at): (&Layout, usize), (to, to_at): (&Layout, usize), ops: &mut Vec<Op>) {
    let sources = from.by_name();
    for field in &to.fields {
        if let Some(source) = sources.get(field.name.as_str()) {
            value((&source.ty, from_at + source.offset), (&field.ty, to_at + field.offset), ops);
        }
    }
}

fn value((from, from_at): (&Type, usize), (to, to_at): (&Type, usize), ops: &mut Vec<Op>) {
    if from == to && is_plain(from) {
        return copy(from_at, to_at, from.size(), ops);
    }
    match (from, to) {
        (Type::Scalar(source), Type::Scalar(sink)) => {
            ops.push(Op::Numbers { from: from_at, to: to_at, source: *source, sink: *sink, count: 1 });
        }
        (Type::Text(from_len), Type::Text(to_len)) => {
            ops.push(Op::Text { from: from_at, from_len: *from_len, to: to_at, to_len: *to_len });
        }
        (Type::Struct(from), Type::Struct(to)) => structure((from, from_at), (to, to_at), ops),
        _ => match (from.elements(), to.elements()) {
            (Some((from, count)), Some((to, _))) => elements((&from, from_at), (&to, to_at), count, ops),
            _ => ops.extend(Mapping::between(from, to).map(|mapping| Op::Enum { from: from_at, to: to_at, mapping })),
        },
    }
}

fn elements((from, from_at): (&Type, usize), (to, to_at): (&Type, usize), count: usize, ops: &mut Vec<Op>) {
    if let (Type::Scalar(source), Type::Scalar(sink)) = (from, to) {
        ops.push(Op::Numbers { from: from_at, to: to_at, source: *source, sink: *sink, count });
        return;
    }
    let mut body = Vec::new();
    value((from, 0), (to, 0), &mut body);
    let (from_stride, to_stride) = (from.size(), to.size());
    // Elements that are copied whole are all copied at once.
    if let [Op::Copy { len, .. }] = body[..]
        && len == from_stride
        && len == to_stride
    {
        return copy(from_at, to_at, len * count, ops);
    }
    ops.push(Op::Repeat { from: from_at, from_stride, to: to_at, to_stride, count, body: body.len() });
    ops.extend(body);
}

/// Copies bytes, together with those before them where both are neighbours.
fn copy(from_at: usize, to_at: usize, count: usize, ops: &mut Vec<Op>) {
    if let Some(Op::Copy { from, to, len }) = ops.last_mut()
        && *from + *len == from_at
        && *to + *len == to_at
    {
        *len += count;
    } else {
        ops.push(Op::Copy { from: from_at, to: to_at, len: count });
    }
}

/// Whether all bytes belong to numbers, of which any bytes are a value.
fn is_plain(ty: &Type) -> bool {
    match ty {
        Type::Scalar(scalar) => *scalar != Scalar::Bool,
        Type::Bytes(_) => true,
        Type::Array(element, _) => is_plain(element),
        Type::Text(_) | Type::Struct(_) | Type::Enum(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::layout::Field;

    fn layout(fields: &[(&str, usize, Type)]) -> Layout {
        let field =
            |(name, offset, ty): &(&str, usize, Type)| Field { name: (*name).into(), offset: *offset, ty: ty.clone() };
        Layout { name: "L".into(), size: 64, align: 8, fields: fields.iter().map(field).collect() }
    }

    fn copies(from: &Layout, to: &Layout) -> Vec<(usize, usize, usize)> {
        let copy = |op: &Op| match op {
            Op::Copy { from, to, len } => (*from, *to, *len),
            other => panic!("no copy: {other:?}"),
        };
        build(from, to).expect("fits").iter().map(copy).collect()
    }

    #[test]
    fn neighbours_are_copied_together() {
        let (u32, f64, bytes) = (Type::Scalar(Scalar::U32), Type::Scalar(Scalar::F64), Type::Bytes(8));
        let from =
            layout(&[("a", 0, u32.clone()), ("b", 4, u32.clone()), ("c", 8, f64.clone()), ("d", 16, bytes.clone())]);
        let shifted =
            layout(&[("a", 8, u32.clone()), ("b", 12, u32.clone()), ("c", 16, f64.clone()), ("d", 24, bytes)]);
        assert_eq!(copies(&from, &shifted), [(0, 8, 24)]);
        let apart = layout(&[("a", 0, u32.clone()), ("b", 8, u32.clone()), ("c", 12, f64)]);
        assert_eq!(copies(&from, &apart), [(0, 0, 4), (4, 8, 12)]);
        let swapped = layout(&[("b", 0, u32.clone()), ("a", 4, u32)]);
        assert_eq!(copies(&from, &swapped), [(4, 0, 4), (0, 4, 4)]);
    }

    #[test]
    fn structs_without_padding_are_copied_as_arrays() {
        let number = |scalar| Type::Scalar(scalar);
        let point = |name: &str, more: &[(&str, usize, Type)]| {
            let mut fields = vec![("x", 0, number(Scalar::F32)), ("y", 4, number(Scalar::F32))];
            fields.extend_from_slice(more);
            let size = if more.is_empty() { 8 } else { 12 };
            Type::Struct(Arc::new(Layout { name: name.into(), size, align: 4, ..layout(&fields) }))
        };
        let points = |element: Type| layout(&[("points", 0, Type::Array(Box::new(element), 5))]);
        let (small, large) = (point("A", &[]), point("B", &[("z", 8, number(Scalar::F32))]));
        assert_eq!(copies(&points(small.clone()), &points(point("C", &[]))), [(0, 0, 40)]);
        let ops = build(&points(large), &points(small)).expect("fits");
        assert!(matches!(
            ops[..],
            [Op::Repeat { from_stride: 12, to_stride: 8, count: 5, body: 1, .. }, Op::Copy { len: 8, .. }]
        ));
    }
}
