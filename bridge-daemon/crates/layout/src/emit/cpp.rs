//! A layout in C++17.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write;

use super::super::{Container, Enum, Layout, Scalar, Type};
use super::names::{Scope, comment, identifier, of_items, of_values, parts as name_parts};
use super::place::{Item, plan};
use super::{Parts, after, element, measures, original, remarks, values};

/// Keywords, and macros that every compiler or every header defines.
const RESERVED: &str = "\
    alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t char8_t class \
    co_await co_return co_yield compl concept const const_cast consteval constexpr constinit continue decltype \
    default delete do double dynamic_cast else enum explicit export extern false float for friend goto if inline int \
    long mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public register \
    reinterpret_cast requires return short signed sizeof static static_assert static_cast struct switch template \
    this thread_local throw true try typedef typeid typename typeof union unsigned using virtual void volatile \
    wchar_t while xor xor_eq linux unix std iox NULL offsetof assert errno _Pragma i386";

/// Where a type is: its namespaces, and its name in the innermost.
struct Place {
    namespaces: Vec<String>,
    name: String,
}

/// Where a type is named: in a struct with these members, which hide types of their names.
struct Inside<'a> {
    place: &'a Place,
    members: HashSet<&'a str>,
}

impl Place {
    fn full(&self) -> String {
        self.namespaces.iter().fold(String::new(), |path, part| format!("{path}{part}::")) + &self.name
    }
}

/// The definitions of everything, in order.
pub(super) fn emit(parts: &Parts<'_>) -> String {
    let places = places(parts);
    let mut text = parts.headline("// ") + "#pragma once\n\n";
    text.push_str("#include <cstddef>\n#include <cstdint>\n#include <type_traits>\n");
    let includes = includes(parts);
    if !includes.is_empty() {
        let _ = write!(text, "\n{includes}");
    }
    let mut open: &[String] = &[];
    let mut enter = |text: &mut String, name: &str| {
        let place = places.get(name)?;
        if place.namespaces != open {
            close(text, open);
            open = &place.namespaces;
            if !open.is_empty() {
                let _ = write!(text, "\nnamespace {} {{\n", open.join("::"));
            }
        }
        Some(place)
    };
    for named in &parts.enums {
        if let Some(place) = enter(&mut text, &named.name) {
            enumeration(&mut text, named, place);
        }
    }
    for layout in &parts.layouts {
        if let Some(place) = enter(&mut text, &layout.name) {
            definition(&mut text, layout, parts, place, &places);
        }
    }
    close(&mut text, open);
    text
}

fn enumeration(text: &mut String, named: &Enum, place: &Place) {
    let names = of_values(named, RESERVED, "");
    let original = original(&named.name, &place.full());
    let _ =
        write!(text, "\n// {original}{}.\nenum class {} : {} {{\n", values(named), place.name, scalar_name(named.repr));
    for ((original, value), name) in named.values.iter().zip(&names) {
        let original = if name == original { String::new() } else { format!(" // {}", comment(original)) };
        let _ = writeln!(text, "    {name} = {},{original}", literal(*value));
    }
    text.push_str("};\n");
}

/// A number; the least of 64 bits is no literal, but minus of one that is too large.
fn literal(value: i128) -> String {
    if value == i128::from(i64::MIN) {
        return format!("{} - 1", i64::MIN + 1);
    }
    let suffix = if value > i128::from(i64::MAX) { "u" } else { "" };
    format!("{value}{suffix}")
}

fn close(text: &mut String, namespaces: &[String]) {
    if !namespaces.is_empty() {
        let _ = write!(text, "\n}} // namespace {}\n", namespaces.join("::"));
    }
}

fn definition(text: &mut String, layout: &Layout, parts: &Parts<'_>, place: &Place, places: &HashMap<String, Place>) {
    let plan = plan(layout, &Type::align, true);
    // A member must not be called like its own struct; types that others are called like are named from the outermost.
    let names = of_items(&plan.items, RESERVED, &HashSet::from([place.name.clone()]));
    let from = Inside { place, members: names.iter().map(String::as_str).collect() };
    let _ = write!(
        text,
        "\n// {}{}{}.\n",
        original(&layout.name, &place.full()),
        parts.stands_for(layout),
        measures(layout)
    );
    if let Some(pack) = plan.pack {
        let _ = writeln!(text, "#pragma pack(push, {pack})");
    }
    // Said of a packed struct as well: nothing else tells a debugger how it is aligned, nor `layout import`.
    let align = plan.align.or(plan.pack.map(|_| layout.align));
    let align = align.map(|align| format!("alignas({align}) ")).unwrap_or_default();
    let _ = writeln!(text, "struct {align}{} {{", place.name);
    for (item, name) in plan.items.iter().zip(&names) {
        match item {
            Item::Padding(bytes) => {
                let _ = writeln!(text, "    std::uint8_t {name}[{bytes}];");
            }
            Item::BitPadding(bits) => {
                let _ = writeln!(text, "    std::uint8_t : {bits};");
            }
            Item::Field(field) => {
                let (ty, dimensions) = declared(&field.ty, &from, places);
                let renamed = (*name != field.name).then(|| comment(&field.name));
                let remarks: Vec<String> = renamed.into_iter().chain(remarks(field)).collect();
                let _ = writeln!(text, "    {ty} {name}{dimensions};{}", after("//", &remarks));
            }
        }
    }
    text.push_str("};\n");
    if plan.pack.is_some() {
        text.push_str("#pragma pack(pop)\n");
    }
    let own = &place.name;
    let _ = writeln!(text, "static_assert(sizeof({own}) == {});", layout.size);
    let _ = writeln!(text, "static_assert(alignof({own}) == {});", layout.align);
    for (item, name) in plan.items.iter().zip(&names) {
        // A bit-field has no address.
        if let Item::Field(field) = item
            && !matches!(field.ty, Type::Bits(_))
        {
            let _ = writeln!(text, "static_assert(offsetof({own}, {name}) == {});", field.offset);
        }
    }
    // The containers copy what they hold, and are not copied byte by byte by their own C++.
    let trivial = if has_container(layout) { "" } else { "std::is_trivially_copyable_v<{own}> && " };
    let trivial = trivial.replace("{own}", own);
    let _ = writeln!(text, "static_assert({trivial}std::is_standard_layout_v<{own}>);");
}

/// Whether there is a container in a layout, at any depth.
fn has_container(layout: &Layout) -> bool {
    layout.fields.iter().any(|field| match element(&field.ty) {
        Type::Container(_) => true,
        Type::Struct(inner) => has_container(inner),
        _ => false,
    })
}

/// What stands before a member's name, and what after it.
fn declared(ty: &Type, from: &Inside<'_>, places: &HashMap<String, Place>) -> (String, String) {
    match ty {
        Type::Scalar(scalar) => (scalar_name(*scalar).to_owned(), String::new()),
        Type::Text(text) => ("char".to_owned(), format!("[{}]", text.capacity)),
        Type::Bytes(len) => ("std::uint8_t".to_owned(), format!("[{len}]")),
        Type::Array(element, len) => {
            let (ty, inner) = declared(element, from, places);
            (ty, format!("[{len}]{inner}"))
        }
        Type::Struct(layout) => (reference(&layout.name, from, places), String::new()),
        Type::Bits(bits) => (declared(&bits.ty, from, places).0, format!(" : {}", bits.width)),
        Type::Container(container) => (contained(container, from, places), String::new()),
        Type::Enum(named) => (reference(&named.name, from, places), String::new()),
    }
}

/// A container of classic; those of iceoryx2 were lowered to structs.
fn contained(container: &Container, from: &Inside<'_>, places: &HashMap<String, Place>) -> String {
    match container {
        Container::String(_, capacity) => format!("::iox::cxx::string<{capacity}>"),
        Container::Vector(_, element, capacity) => {
            format!("::iox::cxx::vector<{}, {capacity}>", argument(element, from, places))
        }
        Container::Optional(_, value) => format!("::iox::cxx::optional<{}>", argument(value, from, places)),
    }
}

/// A type as the argument of a template, where arrays have to be objects.
fn argument(ty: &Type, from: &Inside<'_>, places: &HashMap<String, Place>) -> String {
    let array = |element: &str, len: usize| format!("std::array<{element}, {len}>");
    match ty {
        Type::Text(text) => array("char", text.capacity),
        Type::Bytes(len) => array("std::uint8_t", *len),
        Type::Array(element, len) => array(&argument(element, from, places), *len),
        other => declared(other, from, places).0,
    }
}

/// The headers of the containers, and of what they may hold.
fn includes(parts: &Parts<'_>) -> String {
    let mut headers = BTreeSet::new();
    for field in parts.layouts.iter().flat_map(|layout| &layout.fields) {
        let mut ty = element(&field.ty);
        while let Type::Container(container) = ty {
            let (name, inner) = match &**container {
                Container::String(..) => ("string", None),
                Container::Vector(_, element, _) => ("vector", Some(element)),
                Container::Optional(_, value) => ("optional", Some(value)),
            };
            headers.insert(format!("#include <iceoryx_hoofs/cxx/{name}.hpp>\n"));
            let Some(inner) = inner else { break };
            if matches!(inner, Type::Text(_) | Type::Bytes(_) | Type::Array(..)) {
                headers.insert("#include <array>\n".to_owned());
            }
            ty = element(inner);
        }
    }
    headers.into_iter().collect()
}

fn reference(name: &str, from: &Inside<'_>, places: &HashMap<String, Place>) -> String {
    match places.get(name) {
        Some(place) if place.namespaces == from.place.namespaces && !from.members.contains(place.name.as_str()) => {
            place.name.clone()
        }
        Some(place) => format!("::{}", place.full()),
        None => String::new(),
    }
}

fn scalar_name(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::U8 => "std::uint8_t",
        Scalar::U16 => "std::uint16_t",
        Scalar::U32 => "std::uint32_t",
        Scalar::U64 => "std::uint64_t",
        Scalar::I8 => "std::int8_t",
        Scalar::I16 => "std::int16_t",
        Scalar::I32 => "std::int32_t",
        Scalar::I64 => "std::int64_t",
        Scalar::F32 => "float",
        Scalar::F64 => "double",
        Scalar::Bool => "bool",
    }
}

/// The place of each definition by its name: `md::Tick` is in the namespace `md`.
fn places(parts: &Parts<'_>) -> HashMap<String, Place> {
    let split = |name: &str| -> (Vec<String>, String) {
        let mut words: Vec<String> = name_parts(name)
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(|part| identifier(part.trim_end_matches('>'), RESERVED))
            .collect();
        let name = words.pop().unwrap_or_else(|| identifier(name, RESERVED));
        (words, name)
    };
    // A name cannot be both a namespace and a type.
    let mut scopes: HashMap<Vec<String>, Scope> = HashMap::new();
    for (namespaces, _) in parts.names().map(split) {
        for end in 0..namespaces.len() {
            if let (Some(outer), Some(name)) = (namespaces.get(..end), namespaces.get(end)) {
                let scope = scopes.entry(outer.to_vec()).or_default();
                if !scope.has(name) {
                    scope.unique(name.clone());
                }
            }
        }
    }
    let mut place = |full: &str| {
        let (namespaces, name) = split(full);
        let name = scopes.entry(namespaces.clone()).or_default().unique(name);
        (full.to_owned(), Place { namespaces, name })
    };
    parts.names().map(&mut place).collect()
}
