//! Emit, compile, import again: the layout that comes back is the one that went out.

use std::fmt::Write;
use std::fs;
use std::sync::Arc;

use bridge_daemon::layout::emit::{Language, emit};
use bridge_daemon::layout::import::{Choice, from_binary};
use bridge_daemon::layout::{Bits, Enum, Field, Layout, Scalar, Type};

use crate::compilers::{c, cpp, layout, rust};
use crate::random::{Random, layouts};

/// Layouts of a run: few compilations of much.
const FAMILIES: usize = 12;
const LAYOUTS: usize = 8;

/// Families of random layouts, each with what emits it; the last of a family contains others.
fn families(purpose: &str, bits: bool, prefix: impl Fn(usize) -> String) -> Vec<Vec<Arc<Layout>>> {
    let mut random = Random::new(purpose);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("layouts.toml");
    let family = |number: usize| {
        let prefix = prefix(number);
        fs::write(&file, layouts(&mut random, &prefix, LAYOUTS, bits)).unwrap();
        (0..LAYOUTS).map(|layout_number| layout(&file, &format!("{prefix}{layout_number}"))).collect()
    };
    (0..FAMILIES).map(family).collect()
}

/// All definitions of a family: that of a layout which contains each of them.
fn source(family: &[Arc<Layout>], language: Language) -> String {
    let mut offset = 0;
    let mut fields = Vec::new();
    for layout in family {
        offset = usize::next_multiple_of(offset, layout.align);
        fields.push(Field {
            name: format!("v{}", fields.len()),
            offset,
            ty: Type::Struct(Arc::clone(layout)),
            live: None,
            timestamp: None,
            endian: bridge_daemon::layout::Endian::Little,
            variants: None,
        });
        offset += layout.size;
    }
    let align = family.iter().map(|layout| layout.align).max().unwrap();
    let name = format!("{}All", family[0].name);
    let all = Layout { name, size: offset.next_multiple_of(align), align, fields };
    emit(&Arc::new(all), language).unwrap()
}

#[test]
fn cpp_comes_back() {
    let families = families("C++", true, |number| format!("n{number}::L"));
    let directory = tempfile::tempdir().unwrap();
    let (source_file, object) = (directory.path().join("app.cpp"), directory.path().join("app.o"));
    let mut text = String::new();
    for (number, family) in families.iter().enumerate() {
        text += &source(family, Language::Cpp).replace("#pragma once", "");
        let _ = writeln!(text, "n{number}::L0All all{number};");
    }
    fs::write(&source_file, text).unwrap();
    cpp(&source_file, &object, &["-g", "-Werror"]);
    for layout in families.iter().flatten() {
        let found = from_binary(&object, &layout.name, &Choice::default()).unwrap();
        assert_eq!(without(found.layout(), "", Lost::Units), without(layout, "", Lost::Units));
    }
}

#[test]
fn c_comes_back() {
    let families = families("C", true, |number| format!("N{number}L"));
    let directory = tempfile::tempdir().unwrap();
    let (source_file, object) = (directory.path().join("app.c"), directory.path().join("app.o"));
    let mut text = String::new();
    for (number, family) in families.iter().enumerate() {
        text += &source(family, Language::C).replace("#pragma once", "");
        let _ = writeln!(text, "N{number}L0All all{number};");
    }
    fs::write(&source_file, text).unwrap();
    c(&source_file, &object, &["-g"]);
    for layout in families.iter().flatten() {
        let found = from_binary(&object, &layout.name, &Choice::default()).unwrap();
        assert_eq!(without(found.layout(), "", Lost::Enums), without(layout, "", Lost::Enums));
    }
}

#[test]
fn rust_comes_back() {
    let families = families("Rust", false, |number| format!("N{number}L"));
    let directory = tempfile::tempdir().unwrap();
    let (source_file, object) = (directory.path().join("app.rs"), directory.path().join("app.o"));
    // Rust has no packed structs with an alignment of their own, nor around those that have one.
    let possible: Vec<&Arc<Layout>> =
        families.iter().flatten().filter(|layout| emit(layout, Language::PlainRust).is_ok()).collect();
    assert!(possible.len() > FAMILIES, "most layouts are impossible in Rust");
    let mut text = String::new();
    for (number, layout) in possible.iter().enumerate() {
        let definition = emit(layout, Language::PlainRust).unwrap();
        let _ = write!(
            text,
            "pub mod m{number} {{\n{definition}}}\npub static S{number}: Option<m{number}::{}> = None;\n",
            layout.name
        );
    }
    fs::write(&source_file, text).unwrap();
    rust(&source_file, &object);
    for (number, layout) in possible.iter().enumerate() {
        let found = from_binary(&object, &format!("m{number}::{}", layout.name), &Choice::default()).unwrap();
        let prefix = format!("app::m{number}::");
        assert_eq!(without(found.layout(), &prefix, Lost::Text), without(layout, "", Lost::Text));
    }
}

/// What a language has no type for.
#[derive(Clone, Copy, PartialEq)]
enum Lost {
    /// Plain Rust has bytes where a layout has text.
    Text,
    /// C has integers where a layout has enums, and does not say which integers hold bit-fields.
    Enums,
    /// Nor does C++.
    Units,
}

/// The layout without what is lost, and without the crate that its names begin with.
fn without(layout: &Layout, prefix: &str, lost: Lost) -> Layout {
    let name = layout.name.strip_prefix(prefix).unwrap_or(&layout.name).to_owned();
    let mut fields: Vec<Field> = layout.fields.iter().map(|field| with_bits_alone(field, prefix, lost)).collect();
    fields.sort_by_key(|field| field.name.clone());
    Layout { name, fields, ..layout.clone() }
}

/// The field; of a bit-field, the offset is that of the byte in which it begins, and of its type there is no more than
/// what one reads.
fn with_bits_alone(field: &Field, prefix: &str, lost: Lost) -> Field {
    let Type::Bits(bits) = &field.ty else {
        return Field { ty: replaced(field.ty.clone(), prefix, lost), ..field.clone() };
    };
    let start = field.offset * 8 + usize::from(bits.shift);
    let scalar = match &bits.ty {
        Type::Scalar(Scalar::Bool) => Scalar::Bool,
        Type::Scalar(scalar) if scalar.integer_range().is_some_and(|(min, _)| min < 0) => Scalar::I64,
        _ => Scalar::U64,
    };
    let bits = Bits { ty: Type::Scalar(scalar), shift: (start % 8) as u8, width: bits.width };
    Field { offset: start / 8, ty: Type::Bits(Box::new(bits)), ..field.clone() }
}

fn replaced(ty: Type, prefix: &str, lost: Lost) -> Type {
    match ty {
        Type::Text(text) if lost == Lost::Text => Type::Bytes(text.capacity),
        Type::Enum(named) if lost == Lost::Enums => Type::Scalar(named.repr),
        Type::Enum(named) => {
            let name = named.name.strip_prefix(prefix).unwrap_or(&named.name).to_owned();
            Type::Enum(Arc::new(Enum { name, ..(*named).clone() }))
        }
        Type::Array(element, len) => match (replaced(*element, prefix, lost), lost) {
            // What held one byte each is bytes now.
            (Type::Scalar(Scalar::U8), Lost::Enums) => Type::Bytes(len),
            (element, _) => Type::Array(Box::new(element), len),
        },
        Type::Struct(layout) => Type::Struct(Arc::new(without(&layout, prefix, lost))),
        other => other,
    }
}
