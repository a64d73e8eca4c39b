//! Layouts against what compilers do: the offsets, sizes and alignments that Rust gives to `repr(C)` structs are the
//! platform's C rules.

#![allow(dead_code, reason = "the structs are only measured")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::mem::{align_of, offset_of, size_of};
use std::sync::Arc;

use super::file::LayoutFile;
use super::{Layout, LayoutSet, MAX_DEPTH, Scalar, Type};
use bridge_document::{Report, Source, decode};

/// The layouts in `text`, and what is wrong with them.
pub(super) fn layouts(text: &str) -> (LayoutSet, Report) {
    let source = Arc::new(Source::new("layouts.toml".to_owned(), text.to_owned()));
    let mut report = Report::default();
    let file = decode::<LayoutFile>(&source, &[], &mut report).unwrap();
    let set = LayoutSet::new(&[(source, file.value)], file.well_formed, &mut report);
    (set, report)
}

pub(super) fn layout(name: &str, text: &str) -> Arc<Layout> {
    let (set, report) = layouts(text);
    assert!(report.is_empty(), "{report}");
    Arc::clone(set.get(name).unwrap().unwrap())
}

pub(super) fn errors(text: &str) -> Vec<String> {
    layouts(text).1.findings().iter().map(ToString::to_string).collect()
}

/// Offset of each field, size, alignment.
pub(super) fn shape(layout: &Layout) -> (Vec<usize>, usize, usize) {
    (layout.fields.iter().map(|field| field.offset).collect(), layout.size, layout.align)
}

const MIXED: &str = r#"
    { name = "a", type = "u8" }, { name = "b", type = "u16" }, { name = "c", type = "i8[3]" },
    { name = "d", type = "f64" }, { name = "e", type = "bool" }, { name = "f", type = "f32[3][4]" },
    { name = "g", type = "char[5]" }, { name = "h", type = "i32" }, { name = "i", type = "u8[7]" },
"#;

#[test]
fn fields_without_offsets_stand_where_c_puts_them() {
    #[repr(C)]
    struct Mixed {
        a: u8,
        b: u16,
        c: [i8; 3],
        d: f64,
        e: bool,
        f: [[f32; 4]; 3],
        g: [u8; 5],
        h: i32,
        i: [u8; 7],
    }
    let mixed = layout("Mixed", &format!("[[layout]]\nname = \"Mixed\"\nfields = [{MIXED}]"));
    let offsets = vec![
        offset_of!(Mixed, a),
        offset_of!(Mixed, b),
        offset_of!(Mixed, c),
        offset_of!(Mixed, d),
        offset_of!(Mixed, e),
        offset_of!(Mixed, f),
        offset_of!(Mixed, g),
        offset_of!(Mixed, h),
        offset_of!(Mixed, i),
    ];
    assert_eq!(shape(&mixed), (offsets, size_of::<Mixed>(), align_of::<Mixed>()));
}

#[test]
fn packed_fields_leave_no_gap() {
    #[repr(C, packed)]
    struct Packed {
        a: u8,
        b: u64,
        c: u16,
    }
    let text = r#"
        [[layout]]
        name = "Packed"
        packed = true
        fields = [{ name = "a", type = "u8" }, { name = "b", type = "u64" }, { name = "c", type = "u16" }]
    "#;
    let offsets = vec![offset_of!(Packed, a), offset_of!(Packed, b), offset_of!(Packed, c)];
    assert_eq!(shape(&layout("Packed", text)), (offsets, size_of::<Packed>(), align_of::<Packed>()));
}

#[test]
fn pragma_pack_with_a_number_is_an_alignment() {
    #[repr(C, packed(4))]
    struct Packed {
        a: u8,
        b: u64,
        c: u16,
    }
    let text = r#"
        [[layout]]
        name = "Packed"
        packed = true
        align = 4
        fields = [
            { name = "a", type = "u8" }, { name = "b", offset = 4, type = "u64" }, { name = "c", type = "u16" }
        ]
    "#;
    let offsets = vec![offset_of!(Packed, a), offset_of!(Packed, b), offset_of!(Packed, c)];
    assert_eq!(shape(&layout("Packed", text)), (offsets, size_of::<Packed>(), align_of::<Packed>()));
}

#[test]
fn aligned_structs_within_structs_keep_their_alignment() {
    #[repr(C, align(64))]
    #[derive(Clone, Copy)]
    struct Line {
        a: u8,
    }
    #[repr(C)]
    struct Outer {
        first: u8,
        lines: [Line; 2],
        last: u8,
    }
    let text = r#"
        [[layout]]
        name = "Outer"
        fields = [
            { name = "first", type = "u8" }, { name = "lines", type = "Line[2]" }, { name = "last", type = "u8" }
        ]
        [[layout]]
        name = "Line"
        align = 64
        fields = [{ name = "a", type = "u8" }]
    "#;
    let outer = layout("Outer", text);
    let offsets = vec![offset_of!(Outer, first), offset_of!(Outer, lines), offset_of!(Outer, last)];
    assert_eq!(shape(&outer), (offsets, size_of::<Outer>(), align_of::<Outer>()));
    assert!(matches!(&outer.fields[1].ty, Type::Array(line, 2) if line.size() == size_of::<Line>()));
}

#[test]
fn fields_in_any_order_are_sorted() {
    let text = r#"
        [[layout]]
        name = "L"
        fields = [{ name = "b", offset = 4, type = "u32" }, { name = "a", offset = 0, type = "u32" }]
    "#;
    let names: Vec<_> = layout("L", text).fields.iter().map(|field| field.name.clone()).collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn types_are_read_as_c_reads_them() {
    let text = r#"
        [[layout]]
        name = "L"
        fields = [
            { name = "rows", type = "f64[3][4]" }, { name = "texts", type = "char[2][8]" },
            { name = "bytes", type = "u8[2][3]" }, { name = "numbers", type = "i8[5]" },
        ]
    "#;
    let types: Vec<_> = layout("L", text).fields.iter().map(|field| field.ty.clone()).collect();
    let array = |element, len| Type::Array(Box::new(element), len);
    assert_eq!(
        types,
        [
            array(array(Type::Scalar(Scalar::F64), 4), 3),
            array(Type::text(8), 2),
            array(Type::Bytes(3), 2),
            array(Type::Scalar(Scalar::I8), 5),
        ]
    );
}

/// Layouts that contain each other, `levels` deep, the innermost with a field of `inner`.
pub(super) fn chain(levels: usize, inner: &str) -> String {
    (0..levels)
        .map(|level| match level + 1 == levels {
            true => format!("[[layout]]\nname = \"L{level}\"\nfields = [{{ name = \"f\", type = \"{inner}\" }}]\n"),
            false => {
                format!("[[layout]]\nname = \"L{level}\"\nfields = [{{ name = \"f\", type = \"L{}\" }}]\n", level + 1)
            }
        })
        .collect()
}

#[test]
fn the_deepest_layout_travels_as_json() {
    let deepest = layout("L0", &chain(MAX_DEPTH, "u8"));
    let json = serde_json::to_string(&deepest).unwrap();
    // What is around a layout in a whole configuration is less deep than this.
    let (open, close) = ("[".repeat(14), "]".repeat(14));
    let value: serde_json::Value = serde_json::from_str(&format!("{open}{json}{close}")).unwrap();
    assert!(value.is_array());
    let sides = "[[enum]]\nname = \"Side\"\ntype = \"u8\"\nvalues = { Buy = 1 }\n";
    let deepest = layout("L0", &format!("{sides}{}", chain(MAX_DEPTH, "Side")));
    let json = serde_json::to_string(&deepest).unwrap();
    let again: serde_json::Value = serde_json::from_str(&format!("{open}{json}{close}")).unwrap();
    assert!(again.is_array());
    assert_eq!(layout("L0", &chain(MAX_DEPTH - 8, "u8[1][1][1][1][1][1][1][1]")).size, 1);
}

#[test]
fn one_level_more_is_too_deep() {
    for text in [chain(MAX_DEPTH + 1, "u8"), chain(MAX_DEPTH - 7, "i8[1][1][1][1][1][1][1][1]"), chain(5_000, "u8")] {
        let errors = errors(&text);
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].contains("nest more than 24 deep"), "{errors:?}");
    }
}

#[test]
fn layouts_that_multiply_are_bounded() {
    // Each level has 32 of the next: five of them are a megabyte, seven more than anyone has.
    let fields =
        |inner: &str| -> String { (0..32).map(|at| format!("{{ name = \"f{at}\", type = \"{inner}\" }}, ")).collect() };
    let level = |at: usize| {
        let inner = if at == 0 { "u8".to_owned() } else { format!("L{}", at - 1) };
        format!("[[layout]]\nname = \"L{at}\"\nfields = [{}]\n", fields(&inner))
    };
    assert_eq!(layout("L2", &(0..3).map(level).collect::<String>()).size, 32 * 32 * 32);
    let errors = errors(&(0..12).map(level).collect::<String>());
    assert_eq!(errors, ["`L3` has more than 65536 fields, those of layouts and the names of enums within it counted"]);
}

#[test]
fn a_broken_layout_is_the_only_error_where_others_use_it() {
    let text = r#"
        [[layout]]
        name = "Outer"
        size = 100
        fields = [{ name = "a", type = "Broken[2]" }, { name = "b", type = "u64" }]
        [[layout]]
        name = "Broken"
        fields = [{ name = "a", type = "u64" }, { name = "b", offset = 4, type = "u32" }]
    "#;
    assert_eq!(errors(text), ["`Broken.b` (bytes 4 to 7) overlaps `Broken.a` (bytes 0 to 7)"]);
    assert_eq!(layouts(text).0.get("Outer"), Some(None));
    assert_eq!(layouts(text).0.get("Other"), None);
}

#[test]
fn enums_are_integers_with_names() {
    let text = r#"
        [[enum]]
        name = "Side"
        type = "u8"
        values = { Buy = 1, Sell = 2 }
        [[layout]]
        name = "Order"
        fields = [{ name = "side", type = "Side" }, { name = "sizes", type = "Size[2]" }]
        [[enum]]
        name = "Size"
        type = "i64"
        values = { Small = -9223372036854775808, Large = 9223372036854775807 }
        open = true
        [[enum]]
        name = "Unused"
        type = "u64"
        values = { Most = 18446744073709551615 }
    "#;
    let order = layout("Order", text);
    assert_eq!(shape(&order), (vec![0, 8], 24, 8));
    let Type::Enum(side) = &order.fields[0].ty else { panic!("{:?}", order.fields[0]) };
    assert_eq!((side.name.as_str(), side.repr, side.open), ("Side", Scalar::U8, false));
    assert_eq!(side.values, [("Buy".to_owned(), 1), ("Sell".to_owned(), 2)]);
    let Type::Array(element, 2) = &order.fields[1].ty else { panic!("{:?}", order.fields[1]) };
    let Type::Enum(size) = &**element else { panic!("{element:?}") };
    assert_eq!((size.repr, size.open, size.values[0].1), (Scalar::I64, true, i64::MIN.into()));
    let json = serde_json::to_string(&*order).unwrap();
    assert_eq!(serde_json::from_str::<Layout>(&json).unwrap(), *order);
}

#[test]
fn a_broken_enum_is_the_only_error_where_layouts_use_it() {
    let text = r#"
        [[enum]]
        name = "Side"
        type = "u8"
        values = { Buy = 1, Sell = 300 }
        [[layout]]
        name = "Order"
        fields = [{ name = "side", type = "Side" }, { name = "last", type = "u64" }]
    "#;
    assert_eq!(errors(text), ["`Side.Sell`: the value 300 does not fit into `u8`"]);
    assert_eq!(layouts(text).0.get("Order"), Some(None));
    assert_eq!(layouts(text).0.get("Side"), None);
}
