//! Random layouts with all that a layout can say: texts of every end, bit-fields, containers, and live parts told by
//! the fields beside them.

use proptest::prelude::*;

use super::super::sample::{enums, plain};
use super::*;
use bridge_layout::{Bits, Container, Live, Stack, Text, TextEnd};

const INTEGERS: [Scalar; 8] = {
    use Scalar::{I8, I16, I32, I64, U8, U16, U32, U64};
    [U8, U16, U32, U64, I8, I16, I32, I64]
};

/// Layouts of up to three levels, with and without padding, at aligned and unaligned offsets.
pub(in crate::tests) fn all_layouts() -> impl Strategy<Value = Arc<Layout>> {
    struct_of(types())
}

fn types() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![6 => plain(), 3 => texts().prop_map(Type::Text), 2 => bit_fields(), 2 => strings()];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let stack = proptest::sample::select(vec![Stack::Classic, Stack::Iceoryx2]);
        let container = |container| Type::Container(Box::new(container));
        prop_oneof![
            2 => (inner.clone(), 1_usize..20).prop_map(|(element, count)| Type::Array(Box::new(element), count)),
            3 => struct_of(inner.clone()).prop_map(Type::Struct),
            2 => (stack.clone(), inner.clone(), 1_usize..20)
                .prop_map(move |(stack, element, capacity)| container(Container::Vector(stack, element, capacity))),
            2 => (stack, inner.prop_filter("nil would have two meanings", |ty| !is_optional(ty)))
                .prop_map(move |(stack, value)| container(Container::Optional(stack, value))),
        ]
    })
    .prop_filter("small enough", |ty| ty.size() < 1 << 17)
}

fn is_optional(ty: &Type) -> bool {
    matches!(ty, Type::Container(container) if matches!(**container, Container::Optional(..)))
}

fn texts() -> impl Strategy<Value = Text> {
    let end = prop_oneof![
        Just(TextEnd::Nul),
        Just(TextEnd::Terminated),
        Just(TextEnd::Exact),
        Just(TextEnd::Padded(b' ')),
        Just(TextEnd::Padded(b'a')),
        Just(TextEnd::Padded(0)),
    ];
    let capacity = prop_oneof![8 => 1_usize..40, 1 => Just(256_usize), 1 => Just(300)];
    (capacity, end).prop_map(|(capacity, end)| Text { capacity, end })
}

fn strings() -> impl Strategy<Value = Type> {
    let capacity = prop_oneof![8 => 1_usize..40, 1 => Just(256_usize), 1 => Just(300)];
    (any::<bool>(), capacity).prop_map(|(is_classic, capacity)| {
        let stack = if is_classic { Stack::Classic } else { Stack::Iceoryx2 };
        Type::Container(Box::new(Container::String(stack, capacity)))
    })
}

fn bit_fields() -> impl Strategy<Value = Type> {
    let ty = prop_oneof![
        4 => proptest::sample::select(INTEGERS.to_vec()).prop_map(Type::Scalar),
        1 => Just(Type::Scalar(Scalar::Bool)),
        2 => enums(),
    ];
    (ty, any::<u8>(), any::<u8>()).prop_map(|(ty, shift, width)| {
        let size = 8 * ty.size() as u8;
        let shift = shift % size;
        let width = if matches!(ty, Type::Scalar(Scalar::Bool)) { 1 } else { 1 + width % (size - shift) };
        // The values that do not fit into the bits could never be.
        let ty = match ty {
            Type::Enum(named) => Type::Enum(Arc::new(narrowed(&named, width))),
            other => other,
        };
        Type::Bits(Box::new(Bits { ty, shift, width }))
    })
}

/// The enum with those of its values that fit into so many bits, or one that does.
fn narrowed(named: &Enum, width: u8) -> Enum {
    let is_signed = named.repr.integer_range().is_some_and(|(min, _)| min < 0);
    let (min, max) = if is_signed { (-(1_i128 << (width - 1)), (1 << (width - 1)) - 1) } else { (0, (1 << width) - 1) };
    let mut values: Vec<_> = named.values.iter().filter(|(_, value)| (min..=max).contains(value)).cloned().collect();
    if values.is_empty() {
        values.push(("ONE".into(), if max > 0 { 1 } else { min }));
    }
    Enum { values, ..named.clone() }
}

/// A field, and what is told of it: bits 0 to 2 are whether its count, its length and its sum are, bit 3 makes records
/// of bytes.
type Part = (String, usize, Type, u8, Vec<Scalar>, Arc<Layout>);

fn struct_of(types: impl Strategy<Value = Type> + 'static) -> impl Strategy<Value = Arc<Layout>> {
    let types = types.boxed();
    let name = "[a-z_\u{e9}]{0,40}";
    let gap = prop_oneof![3 => Just(0_usize), 1 => 1_usize..9];
    let tellers = proptest::collection::vec(proptest::sample::select(INTEGERS.to_vec()), 3);
    let part = (name, gap, types, 0_u8..16, tellers, records());
    (proptest::collection::vec(part, 0..10), 0_usize..9).prop_map(|(parts, tail)| {
        let (mut fields, mut end) = (Vec::new(), 0);
        parts.into_iter().for_each(|part| add(part, &mut fields, &mut end));
        Arc::new(Layout { name: "Random".into(), size: (end + tail).max(1), align: 1, fields })
    })
}

/// What may stand in a block of bytes.
fn records() -> impl Strategy<Value = Arc<Layout>> {
    (1_usize..4, proptest::collection::vec(plain(), 1..3)).prop_map(|(gap, types)| {
        let (mut fields, mut end) = (Vec::new(), 0);
        for (index, ty) in types.into_iter().filter(|ty| ty.size() < 50).enumerate() {
            let offset = end + gap - 1;
            end = offset + ty.size();
            fields.push(Field::new(format!("r{index}"), offset, ty));
        }
        Arc::new(Layout { name: "Record".into(), size: (end + gap).max(1), align: 1, fields })
    })
}

fn add((name, gap, mut ty, told, tellers, record): Part, fields: &mut Vec<Field>, end: &mut usize) {
    let name = format!("{name}{}", fields.len());
    let has = |bit: u8| told >> bit & 1 == 1;
    // A block that is too small for anything becomes one with room for some records, and a rest.
    if let Type::Bytes(len) = &mut ty
        && has(3)
    {
        *len = 3 * record.size + *len % record.size;
    }
    let is_text = matches!(&ty, Type::Text(text) if text.end == TextEnd::Nul);
    let mut live = Live::default();
    let mut place = |name: String, gap: usize, ty: Type, live: Option<Box<Live>>| {
        let offset = *end + gap;
        *end = offset + ty.size();
        fields.push(Field { live, ..Field::new(name, offset, ty) });
    };
    if is_text || matches!(ty, Type::Bytes(_) | Type::Array(..)) {
        live.records = (has(3) && matches!(ty, Type::Bytes(_))).then_some(record);
        for (bit, teller) in (0..3).zip(tellers).filter(|(bit, _)| has(*bit)) {
            let tells = format!("{name}'{bit}");
            // A length that its teller could not hold would be rejected.
            let fits = teller.integer_range().is_some_and(|(_, max)| max >= ty.size() as i128);
            let teller = if fits || bit == 2 { teller } else { Scalar::U32 };
            match bit {
                0 => live.count = Some(tells.clone()),
                1 => live.length = Some(tells.clone()),
                _ if is_text && live == Live::default() => continue,
                _ => live.sum = Some(tells.clone()),
            }
            place(tells, 0, Type::Scalar(teller), None);
        }
    }
    let above = neighbour(&ty);
    let live = (live != Live::default()).then(|| Box::new(live));
    place(name.clone(), gap, ty, live);
    if let Some(above) = above {
        let offset = fields.last().map_or(0, |field| field.offset);
        fields.push(Field::new(format!("{name}~"), offset, above));
    }
}

/// A bit-field in the bits above another, if there are some.
fn neighbour(ty: &Type) -> Option<Type> {
    let Type::Bits(bits) = ty else { return None };
    let (shift, size) = (bits.shift + bits.width, ty.size());
    let width = 8 * size as u8 - shift;
    let ty = Type::Scalar(*INTEGERS.iter().find(|integer| integer.size() == size)?);
    (width > 0).then(|| Type::Bits(Box::new(Bits { ty, shift, width })))
}
