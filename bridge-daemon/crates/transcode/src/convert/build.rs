//! Two trees to operations.

use std::borrow::Cow;

use super::mapping::Mapping;
use super::{Elements, Op};
use crate::choice::Choice;
use crate::leaf::Taker;
use bridge_layout::Scalar;
use bridge_layout::tree::constant;
use bridge_layout::tree::{
    Absent, Cell, Kind, Leaf, Meaning, Member, OneOf, Optional, Span, Struct, Tree, Value, elements, mismatches,
};

/// Operations, one after the other.
#[derive(Default)]
struct Ops {
    all: Vec<Op>,
    /// How many of them, from the first, must stay as they are: what belongs to an optional or a list must not grow.
    closed: usize,
}

impl Ops {
    fn push(&mut self, op: Op) {
        self.all.push(op);
    }

    /// Adds an operation, and those that belong to it.
    fn push_with(&mut self, op: Op, body: Self) {
        self.all.push(op);
        self.all.extend(body.all);
        self.closed = self.all.len();
    }
}

/// The operations that make a struct of `to` from one of `from`, or the first member for which there is none.
pub(super) fn build(from: &Tree, to: &Tree) -> Result<Vec<Op>, String> {
    if let Some(mismatch) = mismatches(from, to).first() {
        return Err(mismatch.to_string());
    }
    let mut ops = Ops::default();
    fixed(&to.fixed, &mut ops);
    value(&from.value, &to.value, None, &mut ops).ok_or("the layouts do not fit together")?;
    Ok(ops.all)
}

fn fixed(bytes: &[(usize, Box<[u8]>)], ops: &mut Ops) {
    ops.all.extend(bytes.iter().map(|(to, bytes)| Op::Fixed { to: *to, bytes: bytes.clone() }));
}

fn structure(from: &Struct, to: &Struct, ops: &mut Ops) -> Option<()> {
    fixed(&to.fixed, ops);
    members(from, to.members.iter(), ops)
}

/// Adds what makes members of those of the same names in `from`.
fn members<'a>(from: &Struct, mut to: impl Iterator<Item = &'a Member>, ops: &mut Ops) -> Option<()> {
    to.try_for_each(|member| value(&from.member(&member.name)?.value, &member.value, member.default.as_ref(), ops))
}

/// Adds what makes one value of another; `default` is for an optional that has none.
fn value(from: &Value, to: &Value, default: Option<&Absent>, ops: &mut Ops) -> Option<()> {
    let (from, to) = (&plain(from, to), &plain(to, from));
    let (from_at, to_at) = (from.at, to.at);
    match (&from.kind, &to.kind) {
        (Kind::Optional(source), _) => return optional(source, to, default, ops),
        (_, Kind::Optional(sink)) => {
            ops.push(Op::Fixed { to: sink.flag, bytes: Box::new([1]) });
            return value(from, &sink.value, None, ops);
        }
        (Kind::Struct(from), Kind::Struct(to)) => return structure(from, to, ops),
        (Kind::OneOf(from), Kind::OneOf(to)) => return one_of(from, to, ops),
        (Kind::Text(source), Kind::Text(sink)) => {
            ops.push(Op::Text { from: from_at, source: *source, to: to_at, sink: *sink });
        }
        (Kind::Scalar(source), Kind::Scalar(sink)) => numbers((*source, from_at), (*sink, to_at), 1, ops),
        _ => match (elements(&from.kind), elements(&to.kind)) {
            (Some((from, from_stride, from_extent)), Some((to, to_stride, to_extent))) => {
                let source = Elements { at: from_at, stride: from_stride, extent: from_extent };
                let sink = Elements { at: to_at, stride: to_stride, extent: to_extent };
                return list((&from, source), (&to, sink), ops);
            }
            _ => ops.push(leaf(from, to)?),
        },
    }
    Some(())
}

/// A struct with a union: each of its cases becomes the one of the same name.
fn one_of(from: &OneOf, to: &OneOf, ops: &mut Ops) -> Option<()> {
    let (mut lengths, mut all) = (Vec::new(), Vec::new());
    for case in &from.cases {
        let sink = to.cases.iter().find(|other| other.name == case.name)?;
        let mut body = Ops::default();
        fixed(&to.shared.fixed, &mut body);
        let tag = constant::cell(to.tag.cell, sink.value)?;
        body.push(Op::Fixed { to: to.tag.at, bytes: tag });
        members(&from.shared, to.but_tag(), &mut body)?;
        if let Some(sink) = &sink.content {
            value(case.content.as_ref()?, sink, None, &mut body)?;
        }
        lengths.push(body.all.len());
        all.extend(body.all);
    }
    let op = Op::OneOf { from: from.tag.at, choice: Choice::new(from, lengths), body: all.len() };
    ops.push_with(op, Ops { all, closed: 0 });
    Some(())
}

fn optional(source: &Optional, to: &Value, default: Option<&Absent>, ops: &mut Ops) -> Option<()> {
    let (sink, flag, none) = match &to.kind {
        Kind::Optional(sink) => {
            let zero = vec![Span { at: sink.flag, len: 1 }, Span { at: sink.value.at, len: sink.size }];
            (&*sink.value, Some(sink.flag), Some(Absent { zero, ..Absent::default() }))
        }
        _ => (to, None, None),
    };
    let mut body = Ops::default();
    value(&source.value, sink, None, &mut body)?;
    let absent = default.cloned().or(none).map(Box::new);
    ops.push_with(Op::Optional { from: source.flag, absent, flag, body: body.all.len() }, body);
    Some(())
}

fn list((from, source): (&Value, Elements), (to, sink): (&Value, Elements), ops: &mut Ops) -> Option<()> {
    let (from, to) = (&plain(from, to), &plain(to, from));
    let capacity = sink.extent.capacity;
    let is_whole = source.extent.live.is_none() && sink.extent.live.is_none();
    if let (Kind::Scalar(number), Kind::Scalar(other), true) = (&from.kind, &to.kind, is_whole) {
        numbers((*number, source.at), (*other, sink.at), capacity, ops);
        return Some(());
    }
    let mut body = Ops::default();
    value(from, to, None, &mut body)?;
    let is_copied =
        matches!(body.all[..], [Op::Copy { from: 0, to: 0, len }] if len == source.stride && len == sink.stride);
    // Elements that are copied whole are all copied at once.
    if is_copied && is_whole {
        copy(source.at, sink.at, sink.stride * capacity, ops);
        return Some(());
    }
    let (len, body) = if is_copied { (None, Ops::default()) } else { (Some(body.all.len()), body) };
    ops.push_with(Op::List { from: source, to: sink, is_zeroed: false, body: len }, body);
    Some(())
}

fn numbers((source, from): (Scalar, usize), (sink, to): (Scalar, usize), count: usize, ops: &mut Ops) {
    // Any bytes are a number, but not a truth value.
    if source == sink && source != Scalar::Bool {
        copy(from, to, sink.size() * count, ops);
    } else {
        ops.push(Op::Numbers { from, to, source, sink, count });
    }
}

/// Copies bytes, together with those before them where both are neighbours.
fn copy(from_at: usize, to_at: usize, count: usize, ops: &mut Ops) {
    if let Some([.., Op::Copy { from, to, len }]) = ops.all.get_mut(ops.closed..)
        && *from + *len == from_at
        && *to + *len == to_at
    {
        *len += count;
    } else {
        ops.push(Op::Copy { from: from_at, to: to_at, len: count });
    }
}

/// Points in time as the integers that they are, but where the other ones count something else.
fn plain<'a>(value: &'a Value, other: &Value) -> Cow<'a, Value> {
    match (value.kind.time_unit(), other.kind.time_unit()) {
        (Some((cell, unit)), other) if other.is_none_or(|(_, other)| other == unit) => {
            Cow::Owned(Value { at: value.at, kind: cell.as_integer() })
        }
        _ => Cow::Borrowed(value),
    }
}

/// What makes one of two leaves of the other, or of a scalar.
fn leaf(from: &Value, to: &Value) -> Option<Op> {
    let (source, from_meaning) = meaning(&from.kind)?;
    let (sink, to_meaning) = meaning(&to.kind)?;
    let (from, to_at) = (from.at, to.at);
    Some(match (&from_meaning, &to_meaning) {
        (Meaning::Bool, Meaning::Bool) => Op::Bool { from, to: to_at, source, sink },
        // The same bytes, whatever their order.
        (Meaning::Integer | Meaning::Float, Meaning::Integer | Meaning::Float)
            if source == sink && source.bits.is_none() =>
        {
            Op::Copy { from, to: to_at, len: sink.scalar.size() }
        }
        (Meaning::Integer | Meaning::Float, Meaning::Integer | Meaning::Float) => {
            Op::Number { from, to: to_at, source, sink }
        }
        (Meaning::Integer | Meaning::Float, Meaning::Scaled(_)) => {
            let Kind::Leaf(leaf) = &to.kind else { return None };
            Op::Scaled { from, to: to_at, source, sink: Box::new(Taker::new(leaf)) }
        }
        (Meaning::Timestamp(source_unit), Meaning::Timestamp(sink_unit)) => {
            Op::Time { from, to: to_at, source: (source, *source_unit), sink: (sink, *sink_unit) }
        }
        (Meaning::Enum(_), _) | (_, Meaning::Enum(_)) => {
            let mapping = Mapping::between((source, &from_meaning), (sink, &to_meaning))?;
            Op::Enum { from, to: to_at, mapping: Box::new(mapping) }
        }
        _ => return None,
    })
}

/// How a leaf or a scalar lies in memory, and what it means; numbers of all types mean themselves.
fn meaning(kind: &Kind) -> Option<(Cell, Meaning)> {
    match kind {
        Kind::Leaf(leaf) => {
            let Leaf { cell, meaning } = &**leaf;
            Some((*cell, meaning.clone()))
        }
        Kind::Scalar(Scalar::Bool) => Some((Cell::of(Scalar::U8), Meaning::Bool)),
        Kind::Scalar(scalar) => Some((Cell::of(*scalar), Meaning::Integer)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use bridge_layout::{Field, Layout, Type};

    fn layout(fields: &[(&str, usize, Type)]) -> Layout {
        let field = |(name, offset, ty): &(&str, usize, Type)| Field::new(*name, *offset, ty.clone());
        Layout { name: "L".into(), size: 64, align: 8, fields: fields.iter().map(field).collect() }
    }

    fn ops(from: &Layout, to: &Layout) -> Vec<Op> {
        build(&Tree::of(from).expect("a tree"), &Tree::of(to).expect("a tree")).expect("fits")
    }

    fn copies(from: &Layout, to: &Layout) -> Vec<(usize, usize, usize)> {
        let copy = |op: &Op| match op {
            Op::Copy { from, to, len } => (*from, *to, *len),
            other => panic!("no copy: {other:?}"),
        };
        ops(from, to).iter().map(copy).collect()
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
        let ops = ops(&points(large), &points(small));
        let [Op::List { from, to, body: Some(1), .. }, Op::Copy { len: 8, .. }] = &ops[..] else { panic!("{ops:?}") };
        assert_eq!((from.stride, to.stride, to.extent.capacity), (12, 8, 5));
    }
}
