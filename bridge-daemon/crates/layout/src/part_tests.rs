//! What layout files say beyond numbers, arrays and structs: bit-fields, the ends of texts, live parts, containers.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::sync::Arc;

use super::tests::{chain, errors, layout, layouts};
use super::tree::Tree;
use super::{Container, Field, Layout, Live, MAX_DEPTH, Scalar, Stack, Text, TextEnd, Type};

/// A layout `L` with these fields, and what `before` describes.
fn fields(before: &str, fields: &str) -> Arc<Layout> {
    layout("L", &format!("{before}\n[[layout]]\nname = \"L\"\nfields = [\n{fields}\n]\n"))
}

/// Of each bit-field its offset, type, lowest bit and width.
fn bits(layout: &Layout) -> Vec<(usize, Type, u8, u8)> {
    let bits = |field: &Field| match &field.ty {
        Type::Bits(bits) => Some((field.offset, bits.ty.clone(), bits.shift, bits.width)),
        _ => None,
    };
    layout.fields.iter().filter_map(bits).collect()
}

#[test]
fn bit_fields_share_bytes_and_do_not_cross_their_type() {
    let flags = fields(
        "",
        r#"{ name = "kind", type = "u8" }, { name = "a", type = "u32", bits = 20 }, { name = "b", type = "i32", bits = 5 },
           { name = "c", type = "u16", bits = 4 }, { name = "d", type = "bool", bits = 1 }, { name = "e", type = "u8" }"#,
    );
    let scalar = Type::Scalar;
    assert_eq!(
        bits(&flags),
        [
            (0, scalar(Scalar::U32), 8, 20),
            (4, scalar(Scalar::I32), 0, 5),
            (4, scalar(Scalar::U16), 5, 4),
            (5, scalar(Scalar::Bool), 1, 1)
        ]
    );
    assert_eq!((flags.fields.last().unwrap().offset, flags.size, flags.align), (6, 8, 4));
}

#[test]
fn bit_fields_stand_where_the_file_says() {
    let flags = fields(
        "[[enum]]\nname = \"Side\"\ntype = \"i16\"\nvalues = { Buy = -2, Sell = 1 }",
        r#"{ name = "b", offset = 0, bit = 30, bits = 2, type = "u32" }, { name = "a", offset = 0, bits = 3, type = "u32" },
           { name = "c", offset = 4, bit = 7, bits = 2, type = "Side" }, { name = "d", bits = 7, type = "u16" }"#,
    );
    let names: Vec<_> = flags.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c", "d"]);
    let shifts: Vec<_> = bits(&flags).into_iter().map(|(offset, _, shift, width)| (offset, shift, width)).collect();
    assert_eq!(shifts, [(0, 0, 3), (0, 30, 2), (4, 7, 2), (4, 9, 7)]);
}

#[test]
fn packed_bit_fields_are_in_an_integer_of_the_struct() {
    let packed = |fields: &str| layout("L", &format!("[[layout]]\nname = \"L\"\npacked = true\nfields = [{fields}]\n"));
    // Smaller than the type: four bits in a struct of one byte.
    let small = packed(r#"{ name = "a", type = "i32", bits = 4 }"#);
    assert_eq!((bits(&small), small.size), (vec![(0, Type::Scalar(Scalar::I8), 0, 4)], 1));
    // Across a boundary of the type: in a larger one; at the end of the struct: further to the front.
    let across = packed(
        r#"{ name = "a", type = "u8", bits = 3 }, { name = "b", type = "i32", bits = 31 },
                           { name = "c", type = "u8[3]" }, { name = "d", type = "u32", bits = 20 }"#,
    );
    let expected = [
        (0, Type::Scalar(Scalar::U8), 0, 3),
        (0, Type::Scalar(Scalar::I64), 3, 31),
        (7, Type::Scalar(Scalar::U32), 8, 20),
    ];
    assert_eq!((bits(&across), across.size), (expected.to_vec(), 11));
    let errors =
        errors("[[layout]]\nname = \"L\"\npacked = true\nfields = [{ name = \"a\", type = \"u32\", bits = 20 }]\n");
    assert_eq!(errors, ["`L.a` lies in bytes 0 to 2, of which no integer of the layout's 3 bytes has all"]);
}

#[test]
fn texts_end_as_the_file_says() {
    let texts = fields(
        "",
        r#"{ name = "a", type = "char[4]", text = "nul" }, { name = "b", type = "char[4]", text = "terminated" },
           { name = "c", type = "char[2][4]", text = "padded" }, { name = "d", type = "char[4]", text = "padded", pad = "0" },
           { name = "e", type = "char[4]", text = "exact" }"#,
    );
    let text = |end| Type::Text(Text { capacity: 4, end });
    let types: Vec<_> = texts.fields.iter().map(|field| field.ty.clone()).collect();
    let twice = Type::Array(Box::new(text(TextEnd::Padded(b' '))), 2);
    assert_eq!(
        types,
        [text(TextEnd::Nul), text(TextEnd::Terminated), twice, text(TextEnd::Padded(b'0')), text(TextEnd::Exact)]
    );
}

#[test]
fn live_parts_name_their_tellers() {
    let batch = fields(
        "[[layout]]\nname = \"Tick\"\nfields = [{ name = \"price\", type = \"f64\" }]",
        r#"{ name = "n", type = "u16" }, { name = "len", type = "i32" }, { name = "sum", type = "u64" },
           { name = "data", type = "u8[100]", records = "Tick", count = "n", length = "len", sum = "sum" },
           { name = "all", type = "u8[16]", records = "Tick" }"#,
    );
    let tick = layout("Tick", "[[layout]]\nname = \"Tick\"\nfields = [{ name = \"price\", type = \"f64\" }]");
    let word = |text: &str| Some(text.to_owned());
    let records = Some(tick);
    let data = Live { records: records.clone(), count: word("n"), length: word("len"), sum: word("sum") };
    assert_eq!(batch.fields[3].live.as_deref(), Some(&data));
    assert_eq!(batch.fields[4].live.as_deref(), Some(&Live { records, ..Live::default() }));
    Tree::of(&batch).unwrap();
}

#[test]
fn containers_are_types() {
    let all = fields(
        "[[layout]]\nname = \"Tick\"\nfields = [{ name = \"price\", type = \"f64\" }]",
        r#"{ name = "a", type = "iox::cxx::string<100>" }, { name = "b", type = "iox::cxx::vector<Tick, 3>[2]" },
           { name = "c", type = "RelocatableOption<iceoryx2::StaticVec<u8[3], 5>>" }"#,
    );
    let container = |container| Type::Container(Box::new(container));
    let Type::Array(vector, 2) = &all.fields[1].ty else { panic!("{all:?}") };
    assert!(
        matches!(&**vector, Type::Container(vector) if matches!(&**vector, Container::Vector(Stack::Classic, Type::Struct(_), 3)))
    );
    assert_eq!(all.fields[0].ty, container(Container::String(Stack::Classic, 100)));
    let inner = container(Container::Vector(Stack::Iceoryx2, Type::Bytes(3), 5));
    assert_eq!(all.fields[2].ty, container(Container::Optional(Stack::Iceoryx2, inner)));
    let offsets: Vec<_> = all.fields.iter().map(|field| field.offset).collect();
    assert_eq!((offsets, all.size), (vec![0, 112, 176], 208));
    Tree::of(&all).unwrap();
}

#[test]
fn a_layout_of_ones_own_comes_before_a_short_name() {
    let own = "[[layout]]\nname = \"StaticVec<Tick,3>\"\nfields = [{ name = \"price\", type = \"u32\" }]";
    let all = fields(own, r#"{ name = "a", type = "StaticVec<Tick,3>" }, { name = "b", type = "StaticVec<u8,3>" }"#);
    assert!(matches!(&all.fields[0].ty, Type::Struct(layout) if layout.size == 4));
    assert!(matches!(&all.fields[1].ty, Type::Container(_)));
    for name in ["iox::cxx::vector<u8,3>", "iceoryx2::StaticString<8>", "iox::cxx::optional<X>"] {
        let (_, report) =
            layouts(&format!("[[layout]]\nname = \"{name}\"\nfields = [{{ name = \"a\", type = \"u8\" }}]"));
        assert!(report.to_string().contains("is the name of a container"), "{report}");
    }
}

/// The JSON of a plan with it, within as much as is around a layout in a plan, is read.
fn travels(layout: &Arc<Layout>) {
    const AROUND: usize = 12;
    let json = serde_json::to_string(layout).unwrap();
    let (open, close) = ("[".repeat(AROUND), "]".repeat(AROUND));
    serde_json::from_str::<serde_json::Value>(&format!("{open}{json}{close}")).unwrap();
    assert_eq!(serde_json::from_str::<Arc<Layout>>(&json).unwrap(), *layout);
}

const SIDE: &str = "[[enum]]\nname = \"Side\"\ntype = \"u8\"\nvalues = { Buy = 1 }\n";

#[test]
fn the_deepest_of_each_kind_travels_as_json() {
    let leaf = |text: &str| text.replace("type = \"Side\"", "type = \"Side\", bits = 2");
    travels(&layout("L0", &format!("{SIDE}{}", leaf(&chain(MAX_DEPTH, "Side")))));
    // Records are two levels: MAX_DEPTH of them have half as many layouts.
    let records = |count: usize| -> String {
        let inner = |at| format!("{{ name = \"f\", type = \"u8[9]\", records = \"L{}\" }}", at + 1);
        let one = |at| match at + 1 == count {
            true => "{ name = \"f\", type = \"Side\", bits = 2 }".to_owned(),
            false => inner(at),
        };
        (0..count).map(|at| format!("[[layout]]\nname = \"L{at}\"\nfields = [{}]\n", one(at))).collect()
    };
    // A block must have room for the record in it.
    let sized = |count: usize| {
        (0..count).fold(format!("{SIDE}{}", records(count)), |text, at| {
            text.replacen("u8[9]", &format!("u8[{}]", count - at), 1)
        })
    };
    travels(&layout("L0", &sized(MAX_DEPTH / 2)));
    assert!(errors(&sized(MAX_DEPTH / 2 + 1)).iter().any(|error| error.contains("nest more than")));
    let nested = |name: &str, count: usize, more: &str| {
        format!("{}Side{}", format!("{name}<").repeat(count), format!("{more}>").repeat(count))
    };
    for (name, more) in [("iox::cxx::optional", ""), ("iceoryx2::StaticVec", ", 1")] {
        let deepest = |levels| format!("{SIDE}{}", chain(1, &nested(name, levels, more)));
        travels(&layout("L0", &deepest(MAX_DEPTH - 1)));
        assert!(errors(&deepest(MAX_DEPTH))[0].contains("nest more than"));
    }
}

#[test]
fn circles_through_containers_and_records_are_found() {
    let one = |field: &str| {
        errors(&format!(
            "[[layout]]\nname = \"Egg\"\nfields = [{field}]\n[[layout]]\nname = \"Hen\"\nfields = [{{ name = \"egg\", type = \"iceoryx2::StaticVec<Egg, 2>\" }}]"
        ))
    };
    for field in [
        "{ name = \"hen\", type = \"Hen\" }",
        "{ name = \"hen\", type = \"iox::cxx::optional<iox::cxx::vector<Hen[2], 3>>\" }",
        "{ name = \"hen\", type = \"u8[1000]\", records = \"Hen\" }",
    ] {
        assert_eq!(one(field), ["layouts contain each other: Egg.hen -> Hen.egg -> Egg"]);
    }
}

#[test]
fn what_is_broken_is_the_only_error_where_others_use_it() {
    let broken = "[[layout]]\nname = \"Broken\"\nsize = 1\nfields = [{ name = \"a\", type = \"u64\" }]\n";
    for field in ["type = \"iox::cxx::vector<Broken, 2>\"", "type = \"u8[64]\", records = \"Broken\""] {
        let text = format!("{broken}[[layout]]\nname = \"L\"\nfields = [{{ name = \"a\", {field} }}]\n");
        assert_eq!(errors(&text), ["`Broken.a` ends at byte 8, but the layout's size is 1"]);
        assert_eq!(layouts(&text).0.get("L"), Some(None));
    }
}

#[test]
fn bits_hold_what_their_width_says() {
    use super::bits_range;
    assert_eq!(bits_range(Scalar::I8, 1), (-1, 0));
    assert_eq!(bits_range(Scalar::I64, 64), (i64::MIN.into(), i64::MAX.into()));
    assert_eq!(bits_range(Scalar::U64, 64), (0, u64::MAX.into()));
    assert_eq!(bits_range(Scalar::U8, 3), (0, 7));
}
