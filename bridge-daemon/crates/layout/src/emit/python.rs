//! A layout in Python 3, with ctypes.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use super::super::{Enum, Layout, Scalar, Type};
use super::lower::GroupedBits;
use super::names::{comment, of_bits, of_items, of_types, of_values};
use super::place::{Item, Plan, plan};
use super::{Parts, element, measures, original, values};

/// Keywords, and what ctypes looks for in a structure.
const RESERVED: &str = "\
    False None True and as assert async await break class continue def del elif else except finally for from global \
    if import in is lambda nonlocal not or pass raise return try while with yield ctypes _fields_ _pack_ _layout_ \
    _align_ _anonymous_ _swappedbytes_ _objects _b_base_ _b_needsfree_ enum mro property bool ValueError _get_bits _set_bits";

/// The definitions of everything, in order.
pub(super) fn emit(parts: &Parts<'_>) -> String {
    let types = of_types(parts.names(), RESERVED, true);
    let mut aligns: HashMap<&str, usize> = HashMap::new();
    let imports = if parts.enums.is_empty() { "import ctypes\n" } else { "import ctypes\nimport enum\n" };
    let mut text = format!("{}\n{imports}", parts.headline("# "));
    if parts.layouts.iter().any(|layout| !parts.groups(layout).is_empty()) {
        text.push_str(include_str!("wire/bits.py.in"));
    }
    for named in &parts.enums {
        enumeration(&mut text, named, &types);
    }
    for layout in &parts.layouts {
        let plan = plan(layout, &|ty| align_of(ty, &aligns), false);
        definition(&mut text, layout, &plan, parts, &types);
        let natural = layout.fields.iter().map(|field| align_of(&field.ty, &aligns)).max().unwrap_or(1);
        let align = plan.pack.map_or(natural, |pack| natural.min(pack));
        aligns.insert(&layout.name, align);
    }
    text
}

/// The names of values; a field holds the integer.
fn enumeration(text: &mut String, named: &Enum, types: &HashMap<String, String>) {
    let Some(own) = types.get(&named.name) else { return };
    let names = of_values(named, RESERVED, "");
    let original = original(&named.name, own);
    let _ = write!(text, "\n\nclass {own}(enum.IntEnum):\n    # {original}{}.\n", values(named));
    for ((original, value), name) in named.values.iter().zip(&names) {
        // Names that begin and end with `_` are the enum's own.
        let name = if name.starts_with('_') { format!("f{name}") } else { name.clone() };
        let original = if name == *original { String::new() } else { format!("  # {}", comment(original)) };
        let _ = writeln!(text, "    {name} = {value}{original}");
    }
}

/// Alignment as ctypes has it, which knows that of numbers only.
fn align_of(ty: &Type, aligns: &HashMap<&str, usize>) -> usize {
    match ty {
        Type::Struct(layout) => aligns.get(layout.name.as_str()).copied().unwrap_or(1),
        Type::Array(element, _) => align_of(element, aligns),
        Type::Scalar(_) | Type::Text(_) | Type::Bytes(_) | Type::Enum(_) | Type::Bits(_) | Type::Container(_) => {
            ty.align()
        }
    }
}

fn definition(text: &mut String, layout: &Layout, plan: &Plan<'_>, parts: &Parts<'_>, types: &HashMap<String, String>) {
    let Some(own) = types.get(&layout.name) else { return };
    let names = of_items(&plan.items, RESERVED, &HashSet::new());
    let original = original(&layout.name, own);
    let about = parts.stands_for(layout);
    let _ = write!(text, "\n\nclass {own}(ctypes.Structure):\n    # {original}{about}{}.\n", measures(layout));
    if let Some(pack) = plan.pack {
        let _ = writeln!(text, "    _layout_ = \"ms\"\n    _pack_ = {pack}");
    }
    text.push_str("    _fields_ = [\n");
    for (item, name) in plan.items.iter().zip(&names) {
        let mut remarks = Vec::new();
        let ty = match item {
            Item::Padding(bytes) | Item::BitPadding(bytes) => format!("ctypes.c_uint8 * {bytes}"),
            Item::Field(field) => {
                if field.name != *name {
                    remarks.push(comment(&field.name));
                }
                if let Type::Enum(named) = element(&field.ty) {
                    remarks.extend(types.get(&named.name).cloned());
                }
                remarks.extend(super::remarks(field));
                type_name(&field.ty, types)
            }
        };
        let remarks = if remarks.is_empty() { String::new() } else { format!("  # {}", remarks.join(", ")) };
        let _ = writeln!(text, "        (\"{name}\", {ty}),{remarks}");
    }
    text.push_str("    ]\n");
    let groups = parts.groups(layout);
    let bit_names = of_bits(groups, RESERVED, &names);
    for group in groups {
        for bits in &group.fields {
            let name = bit_names.get(&bits.field.name).map_or("", String::as_str);
            bit_field(text, name, &group.name, bits, types);
        }
    }
    let _ = write!(text, "\n\nassert ctypes.sizeof({own}) == {}\n", layout.size);
    for (item, name) in plan.items.iter().zip(&names) {
        if let Item::Field(field) = item {
            let _ = writeln!(text, "assert {own}.{name}.offset == {}", field.offset);
        }
    }
}

/// A bit-field: a property of the structure.
fn bit_field(text: &mut String, name: &str, group: &str, bits: &GroupedBits, types: &HashMap<String, String>) {
    let scalar = bits.scalar();
    let is_signed = scalar.integer_range().is_some_and(|(min, _)| min < 0);
    let place =
        format!("self.{group}, {}, {}, {}", bits.shift, bits.bits.width, if is_signed { "True" } else { "False" });
    let read = format!("_get_bits({place})");
    let read = if scalar == Scalar::Bool { format!("bool({read})") } else { read };
    let renamed = (name != bits.field.name).then(|| comment(&bits.field.name));
    let named = bits.named().and_then(|named| types.get(&named.name).cloned());
    let remarks = super::after("#", &renamed.into_iter().chain(named).collect::<Vec<_>>());
    let remarks = if remarks.is_empty() { remarks } else { format!(" {remarks}") };
    let _ = write!(
        text,
        "\n    @property\n    def {name}(self):{remarks}\n        return {read}\n\n    \
         @{name}.setter\n    def {name}(self, value):\n        _set_bits({place}, value)\n"
    );
}

fn type_name(ty: &Type, types: &HashMap<String, String>) -> String {
    match ty {
        Type::Scalar(scalar) => format!("ctypes.{}", scalar_name(*scalar)),
        Type::Text(text) => format!("ctypes.c_char * {}", text.capacity),
        Type::Bytes(len) => format!("ctypes.c_uint8 * {len}"),
        Type::Array(element, len) => match &**element {
            Type::Scalar(_) | Type::Struct(_) | Type::Enum(_) => format!("{} * {len}", type_name(element, types)),
            _ => format!("({}) * {len}", type_name(element, types)),
        },
        Type::Struct(layout) => types.get(&layout.name).cloned().unwrap_or_default(),
        // Lowered to bytes and structs.
        Type::Bits(_) | Type::Container(_) => String::new(),
        Type::Enum(named) => format!("ctypes.{}", scalar_name(named.repr)),
    }
}

fn scalar_name(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::U8 => "c_uint8",
        Scalar::U16 => "c_uint16",
        Scalar::U32 => "c_uint32",
        Scalar::U64 => "c_uint64",
        Scalar::I8 => "c_int8",
        Scalar::I16 => "c_int16",
        Scalar::I32 => "c_int32",
        Scalar::I64 => "c_int64",
        Scalar::F32 => "c_float",
        Scalar::F64 => "c_double",
        Scalar::Bool => "c_bool",
    }
}
