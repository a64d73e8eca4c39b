//! A layout in C11.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use super::super::{Enum, Layout, Scalar, Type};
use super::names::{comment, of_items, of_types, of_values};
use super::place::{Item, plan};
use super::{Parts, after, measures, original, remarks, values};

/// Keywords up to C23, and macros that every compiler or the included headers define.
const RESERVED: &str = "\
    alignas alignof asm auto bool break case char const constexpr continue default do double else enum extern false \
    float for goto if inline int long nullptr register restrict return short signed sizeof static static_assert \
    struct switch thread_local true typedef typeof typeof_unqual union unsigned void volatile while _Alignas \
    _Alignof _Atomic _BitInt _Bool _Complex _Decimal128 _Decimal32 _Decimal64 _Generic _Imaginary _Noreturn \
    _Static_assert _Thread_local linux unix NULL offsetof assert errno _Pragma i386 int8_t int16_t int32_t int64_t \
    uint8_t uint16_t uint32_t uint64_t size_t";

/// The definitions of everything, in order.
pub(super) fn emit(parts: &Parts<'_>) -> String {
    let types = of_types(parts.names(), RESERVED, false);
    let mut text = parts.headline("// ") + "#pragma once\n\n";
    text.push_str("#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n");
    for named in &parts.enums {
        enumeration(&mut text, named, &types);
    }
    for layout in &parts.layouts {
        definition(&mut text, layout, parts, &types);
    }
    text
}

/// An integer and its values: C has no enum of a chosen size.
fn enumeration(text: &mut String, named: &Enum, types: &HashMap<String, String>) {
    let Some(own) = types.get(&named.name) else { return };
    let names = of_values(named, RESERVED, &format!("{own}_"));
    let original = original(&named.name, own);
    let _ = write!(text, "\n// {original}{}.\ntypedef {} {own};\n", values(named), scalar_name(named.repr));
    // Values of an enum are of type `int`.
    let fits = named.values.iter().all(|(_, value)| i32::try_from(*value).is_ok());
    if fits {
        text.push_str("enum {\n");
    }
    for ((original, value), name) in named.values.iter().zip(&names) {
        let original =
            if *name == format!("{own}_{original}") { String::new() } else { format!(" // {}", comment(original)) };
        let _ = match fits {
            true => writeln!(text, "    {name} = {value},{original}"),
            false => writeln!(text, "#define {name} (({own}){}){original}", literal(*value)),
        };
    }
    if fits {
        text.push_str("};\n");
    }
}

fn literal(value: i128) -> String {
    match value {
        _ if value == i128::from(i64::MIN) => "INT64_MIN".to_owned(),
        _ if value > i128::from(i64::MAX) => format!("UINT64_C({value})"),
        _ => format!("INT64_C({value})"),
    }
}

fn definition(text: &mut String, layout: &Layout, parts: &Parts<'_>, types: &HashMap<String, String>) {
    let Some(own) = types.get(&layout.name) else { return };
    let plan = plan(layout, &Type::align, true);
    let names = of_items(&plan.items, RESERVED, &HashSet::new());
    let _ = write!(text, "\n// {}{}{}.\n", original(&layout.name, own), parts.stands_for(layout), measures(layout));
    if let Some(pack) = plan.pack {
        let _ = writeln!(text, "#pragma pack(push, {pack})");
    }
    // C aligns a struct by aligning its first member, but cannot align that less than its type.
    // Bit-fields cannot be aligned at all.
    let begins_with_bits = match plan.items.first() {
        Some(Item::Field(field)) => matches!(field.ty, Type::Bits(_)),
        Some(Item::BitPadding(_)) => true,
        _ => false,
    };
    let (attribute, mut align) = match plan.pack.or(plan.align.filter(|_| begins_with_bits)) {
        Some(_) => (format!("__attribute__((aligned({}))) ", layout.align), None),
        None => (String::new(), plan.align.map(|align| format!("_Alignas({align}) "))),
    };
    let _ = writeln!(text, "typedef struct {attribute}{own} {{");
    for (item, name) in plan.items.iter().zip(&names) {
        let align = align.take().unwrap_or_default();
        match item {
            Item::Padding(bytes) => {
                let _ = writeln!(text, "    {align}uint8_t {name}[{bytes}];");
            }
            Item::BitPadding(bits) => {
                let _ = writeln!(text, "    __extension__ uint8_t : {bits};");
            }
            Item::Field(field) => {
                let (ty, dimensions) = declared(&field.ty, types);
                // Standard C has bit-fields of `int` and `_Bool` only.
                let extension = match &field.ty {
                    Type::Bits(bits) if bits.ty.size() != 4 && bits.ty != Type::Scalar(Scalar::Bool) => {
                        "__extension__ "
                    }
                    _ => "",
                };
                let renamed = (*name != field.name).then(|| comment(&field.name));
                let remarks: Vec<String> = renamed.into_iter().chain(remarks(field)).collect();
                let remarks = after("//", &remarks);
                let _ = writeln!(text, "    {align}{extension}{ty} {name}{dimensions};{remarks}");
            }
        }
    }
    let _ = writeln!(text, "}} {own};");
    if plan.pack.is_some() {
        text.push_str("#pragma pack(pop)\n");
    }
    let mut check = |what: String, value: usize| {
        let _ = writeln!(text, "_Static_assert({what} == {value}, \"{own} is not laid out as expected\");");
    };
    check(format!("sizeof({own})"), layout.size);
    check(format!("_Alignof({own})"), layout.align);
    for (item, name) in plan.items.iter().zip(&names) {
        // A bit-field has no address.
        if let Item::Field(field) = item
            && !matches!(field.ty, Type::Bits(_))
        {
            check(format!("offsetof({own}, {name})"), field.offset);
        }
    }
}

/// What stands before a member's name, and what after it.
fn declared(ty: &Type, types: &HashMap<String, String>) -> (String, String) {
    match ty {
        Type::Scalar(scalar) => (scalar_name(*scalar).to_owned(), String::new()),
        Type::Text(text) => ("char".to_owned(), format!("[{}]", text.capacity)),
        Type::Bytes(len) => ("uint8_t".to_owned(), format!("[{len}]")),
        Type::Array(element, len) => {
            let (ty, inner) = declared(element, types);
            (ty, format!("[{len}]{inner}"))
        }
        Type::Struct(layout) => (types.get(&layout.name).cloned().unwrap_or_default(), String::new()),
        Type::Bits(bits) => (declared(&bits.ty, types).0, format!(" : {}", bits.width)),
        // Lowered to structs.
        Type::Container(_) => (String::new(), String::new()),
        Type::Enum(named) => (types.get(&named.name).cloned().unwrap_or_default(), String::new()),
    }
}

fn scalar_name(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::U8 => "uint8_t",
        Scalar::U16 => "uint16_t",
        Scalar::U32 => "uint32_t",
        Scalar::U64 => "uint64_t",
        Scalar::I8 => "int8_t",
        Scalar::I16 => "int16_t",
        Scalar::I32 => "int32_t",
        Scalar::I64 => "int64_t",
        Scalar::F32 => "float",
        Scalar::F64 => "double",
        Scalar::Bool => "bool",
    }
}
