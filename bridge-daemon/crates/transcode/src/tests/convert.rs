//! Structs into structs of other layouts, against the way by MessagePack, on which other code does the same.

use proptest::prelude::*;

use super::sample::{Random, Sample, layouts};
use super::*;
use bridge_layout::tree::Tree;
use bridge_layout::{Container, MismatchProblem, Stack, left_out, mismatches};

fn compile(from: &Arc<Layout>, to: &Arc<Layout>) -> Transcoder {
    let (from, to) = (FormatPlan::Struct(Arc::clone(from)), FormatPlan::Struct(Arc::clone(to)));
    Transcoder::compile(&from, &to).expect("compiles")
}

/// A layout with some of the fields of another, in another order, and of other types that can hold some of the values.
/// Bytes stay bytes: documents show them in another way than an array of numbers.
fn variant(layout: &Layout, random: &mut Random) -> Arc<Layout> {
    let mut rest: Vec<&Field> = layout.fields.iter().collect();
    let (mut fields, mut end) = (Vec::new(), 0);
    while !rest.is_empty() {
        let field = rest.remove(if random.within(0..=1) == 0 { 0 } else { random.within(0..=rest.len() - 1) });
        if random.within(0..=6) > 0 {
            let ty = other_type(&field.ty, random);
            let offset = end + [0, 0, 0, 3][random.within(0..=3)];
            end = offset + ty.size();
            fields.push(Field::new(field.name.clone(), offset, ty));
        }
    }
    Arc::new(Layout { name: "Variant".into(), size: end + random.within(1..=4), align: 1, fields })
}

fn other_type(ty: &Type, random: &mut Random) -> Type {
    use Scalar::{Bool, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64};
    let numbers = [U8, U16, U32, U64, I8, I16, I32, I64, F32, F64];
    let changes = random.within(0..=2) == 0;
    match ty {
        Type::Scalar(Bool) => ty.clone(),
        Type::Scalar(_) if changes => scalar(numbers[random.within(0..=numbers.len() - 1)]),
        Type::Text(bridge_layout::Text { capacity: len, .. }) if changes => Type::text(random.within(1..=len + 10)),
        Type::Array(element, len) => Type::Array(Box::new(other_type(element, random)), *len),
        Type::Struct(layout) => Type::Struct(variant(layout, random)),
        Type::Enum(named) if changes && !named.open => {
            let values = named.values.iter().enumerate().map(|(value, (name, _))| (name.clone(), value as i128 + 1));
            let repr = numbers[random.within(0..=7)];
            Type::Enum(Arc::new(Enum { name: "Other".into(), repr, values: values.collect(), open: false }))
        }
        _ => ty.clone(),
    }
}

proptest! {
    #[test]
    fn a_struct_becomes_what_it_becomes_by_way_of_a_document(from in layouts(), seed: u64) {
        let mut random = Random::new(seed);
        let to = variant(&from, &mut random);
        let sample = Sample::random(&from, &mut random);
        let transcoder = compile(&from, &to);
        let document = transcode(&encoder(&from, Shape::Map), &sample.bytes).expect("is written");
        // A double that becomes a float has to be one exactly, as between structs.
        let ignore = Tolerance { on_unknown: OnUnknown::Ignore, exact: true, ..Tolerance::default() };
        let by_way = transcode(&both_ways(&to, &FormatPlan::Msgpack(Shape::Map, ignore)).1, &document);
        let straight = transcode(&transcoder, &sample.bytes);
        if transcoder.is_copy() {
            prop_assert_eq!(straight, Ok(sample.bytes.clone()));
        } else {
            prop_assert_eq!(straight.is_ok(), by_way.is_ok(), "{:?} and {:?}", straight, by_way);
            if let (Ok(straight), Ok(by_way)) = (straight, by_way) {
                prop_assert!(same_values(&to, &straight, &by_way), "{:02x?}\n{:02x?}", straight, by_way);
            }
        }
        prop_assert_eq!(transcode(&transcoder, &sample.bytes[1..]), Err(Reject::SizeMismatch));
        let (short, _) = guarded_into(&transcoder, Input::from(sample.bytes.as_slice()), to.size - 1);
        prop_assert_eq!(short, Err(Reject::SizeMismatch));
    }
}

/// Whether two samples are the same, but for which NaN it is where one is.
fn same_values(layout: &Arc<Layout>, one: &[u8], other: &[u8]) -> bool {
    if one == other {
        return true;
    }
    let shown = |sample| {
        let document = transcode(&encoder(layout, Shape::Map), sample).expect("is written");
        format!("{}", rmpv::decode::read_value(&mut document.as_slice()).expect("MessagePack"))
    };
    shown(one) == shown(other)
}

fn one(ty: Type) -> Arc<Layout> {
    layout("One", ty.size(), 1, &[("v", 0, ty)])
}

fn converted(from: Type, to: Type, bytes: &[u8]) -> Result<Vec<u8>, Reject> {
    transcode(&compile(&one(from), &one(to)), bytes)
}

#[test]
fn numbers_go_where_nothing_is_lost() {
    use Scalar::{F32, F64, I8, I64, U8, U16, U64};
    let number = |from, to, bytes: &[u8]| converted(scalar(from), scalar(to), bytes);
    let out_of_range = Err(Reject::OutOfRange);
    assert_eq!(number(U8, U16, &[255]), Ok(255_u16.to_ne_bytes().to_vec()));
    assert_eq!(number(U16, U8, &255_u16.to_ne_bytes()), Ok(vec![255]));
    assert_eq!(number(U16, U8, &256_u16.to_ne_bytes()), out_of_range);
    assert_eq!(number(I8, U64, &[127]), Ok(127_u64.to_ne_bytes().to_vec()));
    assert_eq!(number(I8, U64, &[0xff]), out_of_range);
    assert_eq!(number(I8, I64, &[0xff]), Ok((-1_i64).to_ne_bytes().to_vec()));
    assert_eq!(number(U64, I64, &u64::MAX.to_ne_bytes()), out_of_range);
    assert_eq!(number(U64, F64, &(1_u64 << 60).to_ne_bytes()), Ok(((1_u64 << 60) as f64).to_ne_bytes().to_vec()));
    assert_eq!(number(U64, F64, &u64::MAX.to_ne_bytes()), out_of_range);
    assert_eq!(number(F64, U8, &255.0_f64.to_ne_bytes()), Ok(vec![255]));
    for float in [255.5, 256.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(number(F64, U8, &f64::to_ne_bytes(float)), out_of_range, "{float}");
    }
    assert_eq!(number(F64, F32, &0.5_f64.to_ne_bytes()), Ok(0.5_f32.to_ne_bytes().to_vec()));
    assert_eq!(number(F64, F32, &0.1_f64.to_ne_bytes()), out_of_range);
    assert_eq!(number(F32, F64, &0.1_f32.to_ne_bytes()), Ok(f64::from(0.1_f32).to_ne_bytes().to_vec()));
    // A layout of one `bool` to an equal one is a copy; to another one it is looked at.
    let flags = |at| layout("Flags", 2, 1, &[("v", at, scalar(Scalar::Bool))]);
    assert_eq!(transcode(&compile(&flags(0), &flags(1)), &[1, 9]), Ok(vec![0, 1]));
    assert_eq!(transcode(&compile(&flags(0), &flags(1)), &[2, 9]), out_of_range);
}

#[test]
fn bytes_are_an_array_of_numbers() {
    let doubles = || Type::Array(Box::new(scalar(Scalar::F64)), 2);
    let bytes = [1.0_f64.to_ne_bytes(), 255.0_f64.to_ne_bytes()].concat();
    assert_eq!(converted(Type::Bytes(2), doubles(), &[1, 255]).as_ref(), Ok(&bytes));
    assert_eq!(converted(doubles(), Type::Bytes(2), &bytes), Ok(vec![1, 255]));
    let wrong = [1.0_f64.to_ne_bytes(), 256.0_f64.to_ne_bytes()].concat();
    assert_eq!(converted(doubles(), Type::Bytes(2), &wrong), Err(Reject::OutOfRange));
}

#[test]
fn texts_leave_nothing_behind_them() {
    assert_eq!(converted(Type::text(4), Type::text(6), b"ab\0x"), Ok(b"ab\0\0\0\0".to_vec()));
    assert_eq!(converted(Type::text(4), Type::text(6), b"abcd"), Ok(b"abcd\0\0".to_vec()));
    assert_eq!(converted(Type::text(20), Type::text(3), b"abc\0xxxxxxxxxxxxxxxx"), Ok(b"abc".to_vec()));
    assert_eq!(converted(Type::text(20), Type::text(3), b"abcd\0xxxxxxxxxxxxxxx"), Err(Reject::TextTooLong));
    assert_eq!(converted(Type::text(20), Type::text(12), b"abcdefghijkl\0xxxxxxx"), Ok(b"abcdefghijkl".to_vec()));
    assert_eq!(converted(Type::text(20), Type::text(12), b"abcdefghijklm\0xxxxxx"), Err(Reject::TextTooLong));
}

#[test]
fn enums_go_by_their_names() {
    let side = |values, open| named(Scalar::U8, values, open);
    let from = || side(&[("Buy", 1), ("Sell", 2), ("Hold", 3)], false);
    let to = || side(&[("Sell", 1), ("Buy", 2)], false);
    assert_eq!(converted(from(), to(), &[1]), Ok(vec![2]));
    assert_eq!(converted(from(), to(), &[2]), Ok(vec![1]));
    assert_eq!(converted(from(), to(), &[3]), Err(Reject::UnknownName));
    assert_eq!(converted(from(), to(), &[4]), Err(Reject::UnnamedValue));
    let open = |values| named(Scalar::I16, values, true);
    let wide = |value: i16| value.to_ne_bytes();
    let ab = || open(&[("A", 1)]);
    assert_eq!(converted(ab(), side(&[("A", 9), ("B", 2)], true), &wide(1)), Ok(vec![9]));
    assert_eq!(converted(ab(), side(&[("A", 9), ("B", 2)], true), &wide(7)), Ok(vec![7]));
    assert_eq!(converted(ab(), side(&[("A", 9), ("B", 2)], true), &wide(2)), Err(Reject::UnnamedValue), "would be B");
    assert_eq!(converted(ab(), side(&[("A", 9), ("B", 2)], true), &wide(-1)), Err(Reject::OutOfRange));
    assert_eq!(converted(ab(), side(&[("A", 9)], false), &wide(7)), Err(Reject::UnnamedValue));
    // Between enums and integers, values are values.
    let long = || scalar(Scalar::I64);
    assert_eq!(converted(from(), long(), &[3]), Ok(3_i64.to_ne_bytes().to_vec()));
    assert_eq!(converted(from(), long(), &[4]), Err(Reject::UnnamedValue));
    assert_eq!(converted(ab(), long(), &wide(-7)), Ok((-7_i64).to_ne_bytes().to_vec()));
    assert_eq!(converted(ab(), scalar(Scalar::U8), &wide(-7)), Err(Reject::OutOfRange));
    assert_eq!(converted(long(), from(), &3_i64.to_ne_bytes()), Ok(vec![3]));
    assert_eq!(converted(long(), from(), &4_i64.to_ne_bytes()), Err(Reject::UnnamedValue));
    assert_eq!(converted(long(), ab(), &(-4_i64).to_ne_bytes()), Ok(wide(-4).to_vec()));
    assert_eq!(converted(long(), ab(), &40_000_i64.to_ne_bytes()), Err(Reject::OutOfRange));
    let bytes = Type::Bytes(2);
    assert_eq!(converted(bytes, Type::Array(Box::new(from()), 2), &[3, 1]), Ok(vec![3, 1]));
}

#[test]
fn what_cannot_be_had_is_named_with_its_path() {
    let inner = |name: &str, ty| Type::Struct(layout(name, 8, 1, &[("x", 0, ty)]));
    let from = layout(
        "From",
        80,
        1,
        &[
            ("same", 0, scalar(Scalar::U8)),
            ("flag", 1, scalar(Scalar::Bool)),
            ("text", 2, Type::text(4)),
            ("rows", 8, Type::Array(Box::new(Type::Array(Box::new(scalar(Scalar::F32)), 2)), 3)),
            ("in", 40, inner("A", scalar(Scalar::F64))),
            ("ins", 48, Type::Array(Box::new(inner("A", scalar(Scalar::F64))), 2)),
            ("more", 70, scalar(Scalar::U8)),
        ],
    );
    let to = layout(
        "To",
        80,
        1,
        &[
            ("same", 0, scalar(Scalar::U16)),
            ("flag", 2, scalar(Scalar::U8)),
            ("text", 3, Type::Bytes(4)),
            ("rows", 8, Type::Array(Box::new(Type::Array(Box::new(scalar(Scalar::F32)), 3)), 2)),
            ("in", 40, inner("B", named(Scalar::U8, &[("A", 1)], true))),
            ("ins", 48, inner("B", scalar(Scalar::F64))),
            ("new", 70, scalar(Scalar::U8)),
        ],
    );
    let (from, to) = (Tree::of(&from).expect("a tree"), Tree::of(&to).expect("a tree"));
    let found: Vec<String> = mismatches(&from, &to).iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "`flag` is `bool`, which cannot become `u8`",
            "`text` is a text of 4 bytes, which cannot become 4 bytes",
            "`rows` is an array of 3 of an array of 2 of `f32`, which cannot become an array of 2 of an array of 3 of `f32`",
            "`in.x` is `f64`, which cannot become the enum `Named`",
            "`ins` is an array of 2 of a struct, which cannot become a struct",
            "`new` is not there",
        ]
    );
    assert!(matches!(mismatches(&from, &to)[5].problem, MismatchProblem::Missing));
    assert_eq!(left_out(&from, &to), ["more"]);
    assert!(left_out(&to, &to).is_empty() && mismatches(&to, &to).is_empty());
}

/// What stands behind an optional goes along, whether that has a value or not.
#[test]
fn a_neighbour_of_an_optional_does_not_belong_to_it() {
    let optional = || Type::Container(Box::new(Container::Optional(Stack::Iceoryx2, scalar(Scalar::U32))));
    let fields = [("maybe", 0, optional()), ("next", 8, scalar(Scalar::U32))];
    let from = layout("From", 16, 4, &[&fields[..], &[("more", 12, scalar(Scalar::U32))]].concat());
    let to = layout("To", 12, 4, &fields);
    for flag in [0, 1] {
        let mut sample = [[flag, 0, 0, 0], 5_u32.to_ne_bytes(), 6_u32.to_ne_bytes(), [0; 4]].concat();
        let converted = transcode(&compile(&from, &to), &sample);
        if flag == 0 {
            sample[4..8].fill(0);
        }
        assert_eq!(converted, Ok(sample[..12].to_vec()));
    }
}
