//! What a language has no type for, in terms of what it has: containers become structs of their parts, and bit-fields
//! bytes of their own that functions read and write.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::super::{Bits, Container, Enum, Field, Layout, Live, Scalar, Type, Variant, Variants, type_name};

/// What a language has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Has {
    /// The containers that it has; the others become structs.
    pub(super) container: fn(&Container) -> bool,
    /// Bit-fields that stand where the layout has them.
    pub(super) bits: bool,
}

/// A layout in terms of what a language has.
#[derive(Debug)]
pub(super) struct Lowered {
    pub(super) layout: Arc<Layout>,
    /// The groups of bit-fields, by the name of the layout that they are in.
    pub(super) groups: HashMap<String, Vec<Group>>,
    /// The layouts with such groups as they were, by name: the order of documents is theirs.
    pub(super) originals: HashMap<String, Arc<Layout>>,
    /// The name of the container that each struct of parts stands for, by the name of the struct.
    pub(super) containers: HashMap<String, String>,
}

/// Bit-fields that share bytes, and the field of bytes that stands for them.
#[derive(Debug)]
pub(super) struct Group {
    /// The name of the field of bytes.
    pub(super) name: String,
    pub(super) fields: Vec<GroupedBits>,
}

/// A bit-field of a [`Group`].
#[derive(Clone, Debug)]
pub(super) struct GroupedBits {
    pub(super) field: Field,
    pub(super) bits: Bits,
    /// The place of its lowest bit, from the lowest bit of the group's first byte.
    pub(super) shift: usize,
}

impl GroupedBits {
    /// The integer or truth value that it is.
    pub(super) fn scalar(&self) -> Scalar {
        match &self.bits.ty {
            Type::Scalar(scalar) => *scalar,
            Type::Enum(named) => named.repr,
            _ => Scalar::U8,
        }
    }

    /// The enum whose value it is.
    pub(super) fn named(&self) -> Option<&Arc<Enum>> {
        match &self.bits.ty {
            Type::Enum(named) => Some(named),
            _ => None,
        }
    }
}

/// The layout in terms of what `has` says.
pub(super) fn lower(layout: &Arc<Layout>, has: Has) -> Lowered {
    let lowered = Lowered {
        layout: Arc::clone(layout),
        groups: HashMap::new(),
        originals: HashMap::new(),
        containers: HashMap::new(),
    };
    let mut lowering = Lowering { has, done: HashMap::new(), names: HashSet::new(), lowered };
    names(layout, &mut lowering.names);
    let layout = lowering.layout(layout);
    Lowered { layout, ..lowering.lowered }
}

/// The names of all layouts and enums in a layout.
fn names(layout: &Layout, into: &mut HashSet<String>) {
    if !into.insert(layout.name.clone()) {
        return;
    }
    for field in &layout.fields {
        let records = field.live.as_ref().and_then(|live| live.records.as_deref());
        if let Some(records) = records {
            names(records, into);
        }
        for case in field.variants.iter().flat_map(|variants| &variants.cases) {
            if let Some(layout) = &case.layout {
                names(layout, into);
            }
        }
        within(&field.ty, &mut |ty| match ty {
            Type::Struct(inner) => names(inner, into),
            Type::Enum(named) => drop(into.insert(named.name.clone())),
            _ => {}
        });
    }
}

/// Calls `each` with what a type is made of, down to structs.
pub(super) fn within<'a>(ty: &'a Type, each: &mut impl FnMut(&'a Type)) {
    match ty {
        Type::Array(element, _) => within(element, each),
        Type::Bits(bits) => within(&bits.ty, each),
        Type::Container(container) => match &**container {
            Container::Vector(_, element, _) | Container::Optional(_, element) => within(element, each),
            Container::String(..) => {}
        },
        other => each(other),
    }
}

struct Lowering {
    has: Has,
    done: HashMap<String, Arc<Layout>>,
    names: HashSet<String>,
    lowered: Lowered,
}

impl Lowering {
    /// As deep as layouts nest, which is not deep.
    fn layout(&mut self, layout: &Arc<Layout>) -> Arc<Layout> {
        if let Some(done) = self.done.get(&layout.name) {
            return Arc::clone(done);
        }
        let mut fields = Vec::with_capacity(layout.fields.len());
        for field in &layout.fields {
            let place = format!("{}_{}", layout.name, field.name);
            let live = field.live.as_deref().map(|live| {
                let records = live.records.as_ref().map(|records| self.layout(records));
                Box::new(Live { records, ..live.clone() })
            });
            let variants = field.variants.as_deref().map(|variants| {
                let case = |case: &Variant| Variant {
                    layout: case.layout.as_ref().map(|layout| self.layout(layout)),
                    ..case.clone()
                };
                Box::new(Variants { cases: variants.cases.iter().map(case).collect(), ..variants.clone() })
            });
            let ty = match other_order(field) {
                Some(bytes) => bytes,
                None => self.ty(&field.ty, &place),
            };
            fields.push(Field { ty, live, variants, ..field.clone() });
        }
        if !self.has.bits {
            self.group(layout, &mut fields);
        }
        let lowered = Arc::new(Layout { fields, ..(**layout).clone() });
        self.done.insert(layout.name.clone(), Arc::clone(&lowered));
        lowered
    }

    /// A type at a place; structs of parts are called by that.
    fn ty(&mut self, ty: &Type, place: &str) -> Type {
        match ty {
            Type::Struct(layout) => Type::Struct(self.layout(layout)),
            Type::Array(element, len) => Type::Array(Box::new(self.ty(element, place)), *len),
            Type::Container(container) => {
                let element = |lowering: &mut Self, ty| lowering.ty(ty, &format!("{place}_element"));
                let inner = match &**container {
                    Container::String(stack, capacity) => Container::String(*stack, *capacity),
                    Container::Vector(stack, ty, capacity) => Container::Vector(*stack, element(self, ty), *capacity),
                    Container::Optional(stack, ty) => Container::Optional(*stack, element(self, ty)),
                };
                if (self.has.container)(&inner) {
                    return Type::Container(Box::new(inner));
                }
                let name = self.unique(place);
                self.lowered.containers.insert(name.clone(), type_name(ty));
                Type::Struct(Arc::new(parts(name, &inner)))
            }
            other => other.clone(),
        }
    }

    fn unique(&mut self, place: &str) -> String {
        let mut name = place.to_owned();
        let mut number = 2;
        while !self.names.insert(name.clone()) {
            name = format!("{place}_{number}");
            number += 1;
        }
        name
    }

    /// Puts fields of bytes where bit-fields are.
    fn group(&mut self, layout: &Arc<Layout>, fields: &mut Vec<Field>) {
        let mut found: Vec<(usize, GroupedBits)> = Vec::new();
        fields.retain(|field| match &field.ty {
            Type::Bits(bits) => {
                let first = lowest_bit(field.offset, bits);
                found.push((first, GroupedBits { field: field.clone(), bits: (**bits).clone(), shift: 0 }));
                false
            }
            _ => true,
        });
        found.sort_by_key(|(first, _)| *first);
        let mut groups: Vec<(usize, usize, Group)> = Vec::new();
        for (first, mut bits) in found {
            let end = first + usize::from(bits.bits.width);
            match groups.last_mut() {
                Some((start, last, group)) if first / 8 < last.div_ceil(8) => {
                    bits.shift = first - *start;
                    group.fields.push(bits);
                    *last = end.max(*last);
                }
                _ => {
                    let start = first - first % 8;
                    bits.shift = first - start;
                    groups.push((start, end, Group { name: String::new(), fields: vec![bits] }));
                }
            }
        }
        let mut taken: HashSet<String> = layout.fields.iter().map(|field| field.name.clone()).collect();
        let mut number = 0;
        for (start, end, group) in &mut groups {
            while group.name.is_empty() {
                let name = format!("_bits{number}");
                number += 1;
                if taken.insert(name.clone()) {
                    group.name = name;
                }
            }
            let bytes = Type::Bytes((*end - *start).div_ceil(8));
            fields.push(Field::new(group.name.clone(), *start / 8, bytes));
        }
        fields.sort_by_key(|field| field.offset);
        if !groups.is_empty() {
            let groups = groups.into_iter().map(|(_, _, group)| group).collect();
            self.lowered.groups.insert(layout.name.clone(), groups);
            self.lowered.originals.insert(layout.name.clone(), Arc::clone(layout));
        }
    }
}

/// A number in the order of bytes that no language has: as bytes, so that nobody takes it for one of its own.
fn other_order(field: &Field) -> Option<Type> {
    let size = field.ty.size();
    (field.endian.is_swapped() && !matches!(field.ty, Type::Bytes(_))).then_some(Type::Bytes(size))
}

/// The place of a bit-field's lowest bit in its struct, on the little-endian machines that the bridge runs on.
pub(super) fn lowest_bit(offset: usize, bits: &Bits) -> usize {
    offset * 8 + usize::from(bits.shift)
}

/// A container as a struct of its parts.
fn parts(name: String, container: &Container) -> Layout {
    let parts = container.parts();
    let scalar = Type::Scalar;
    let array = |element: &Type, len: usize| match element {
        Type::Scalar(Scalar::U8) => Type::Bytes(len),
        _ => Type::Array(Box::new(element.clone()), len),
    };
    let mut fields = match container {
        Container::String(_, capacity) => {
            let data = Type::text(capacity + 1);
            vec![Field::new("data", parts.data, data), Field::new("len", parts.tag, scalar(Scalar::U64))]
        }
        Container::Vector(_, element, capacity) => {
            let data = array(element, *capacity);
            vec![Field::new("data", parts.data, data), Field::new("len", parts.tag, scalar(Scalar::U64))]
        }
        Container::Optional(_, value) => {
            let flag = Field::new("has_value", parts.tag, scalar(Scalar::U8));
            vec![Field::new("value", parts.data, value.clone()), flag]
        }
    };
    fields.sort_by_key(|field| field.offset);
    Layout { name, size: parts.size, align: parts.align, fields }
}
