//! Bit-fields, ends of texts, live parts and containers: emitted as the golden files have them, accepted by compilers,
//! and imported again as far as source code can say them.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use bridge_daemon::config::plan::{FormatPlan, Shape, Tolerance};
use bridge_daemon::layout::emit::{Language, emit};
use bridge_daemon::layout::import::{Choice, from_binary};
use bridge_daemon::transcode::{Input, Output, Transcoder};

use crate::compilers::{c, cpp, expect, file, iceoryx, layout, run, rust, rust_with_crate};

#[allow(
    unsafe_code,
    reason = "packed structs implement ZeroCopySend by hand, and optionals read what may not be there"
)]
#[allow(
    clippy::all,
    clippy::undocumented_unsafe_blocks,
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "it is written for another crate"
)]
mod emitted {
    include!("emit/parts.rs");
}

fn emitted_as(language: Language) -> String {
    emit(&layout(&file("emit/parts.toml"), "md::Parts"), language).unwrap()
}

/// Compares what is imported of an object with a golden file.
fn comes_back(object: &Path, ty: &str, golden: &str) {
    let imported = from_binary(object, ty, &Choice::default()).unwrap();
    expect(&file(golden), &imported.to_toml(None, &[]).unwrap());
}

#[test]
fn cpp_compiles_and_comes_back() {
    let directory = tempfile::tempdir().unwrap();
    let golden = file("emit/parts.hpp");
    expect(&golden, &emitted_as(Language::Cpp));
    let (source, object) = (directory.path().join("app.cpp"), directory.path().join("app.o"));
    let path = golden.canonicalize().unwrap();
    fs::write(&source, format!("#include \"{}\"\nmd::Parts parts;\n", path.display())).unwrap();
    let iceoryx = iceoryx();
    let mut flags: Vec<&str> = iceoryx.iter().map(String::as_str).collect();
    flags.extend(["-g", "-Wconversion", "-Werror"]);
    cpp(&source, &object, &flags);
    comes_back(&object, "md::Parts", "emit/parts.hpp.toml");
}

#[test]
fn c_compiles_and_comes_back() {
    let directory = tempfile::tempdir().unwrap();
    let golden = file("emit/parts.h");
    expect(&golden, &emitted_as(Language::C));
    let (source, object) = (directory.path().join("app.c"), directory.path().join("app.o"));
    let path = golden.canonicalize().unwrap();
    fs::write(&source, format!("#include \"{}\"\nmd_Parts parts;\n", path.display())).unwrap();
    c(&source, &object, &["-g"]);
    comes_back(&object, "md_Parts", "emit/parts.h.toml");
}

#[test]
fn rust_comes_back() {
    let directory = tempfile::tempdir().unwrap();
    let golden = file("emit/parts.plain.rs");
    expect(&golden, &emitted_as(Language::PlainRust));
    let object = directory.path().join("app.o");
    rust(&golden, &object);

    // Containers of iceoryx2 in structs that applications write themselves.
    let source = file("import/containers.rs");
    rust_with_crate(&source, &object, "iceoryx2_bb_container");
    comes_back(&object, "app::Holds", "import/containers.rs.expected");
}

#[test]
fn python_runs() {
    let golden = file("emit/parts.py");
    expect(&golden, &emitted_as(Language::Python));
    let directory = tempfile::tempdir().unwrap();
    let script = directory.path().join("use.py");
    let code = fs::read_to_string(&golden).unwrap();
    let uses = "
status = Status()
status.mode, status.type, status.offset = 5, 257, -64
status.side, status.ready, status.level, status.wide = 2, True, -16, (1 << 40) - 1
status.a, status.behind = 9, 0x123456
assert (status.mode, status.type, status.offset) == (5, 257, -64)
assert (status.side, status.ready, status.level, status.wide) == (2, True, -16, (1 << 40) - 1)
assert (status.a, status.behind) == (9, 0x123456)
whole = int.from_bytes(bytes(status), 'little')
assert whole & 7 == 5 and whole >> 5 & 511 == 257 and whole >> 20 & 127 == 64
assert whole >> 33 & 3 == 2 and whole >> 47 & 1 == 1 and whole >> 51 & 31 == 16
try:
    status.mode = 8
    raise SystemExit('8 went into 3 bits')
except ValueError:
    pass
";
    fs::write(&script, code + uses).unwrap();
    run(Command::new("python3").arg(&script));
}

#[test]
fn rust_is_compiled_into_this_test() {
    expect(&file("emit/parts.rs"), &emitted_as(Language::Rust));
}

#[test]
fn rust_reads_and_writes_bit_fields_as_the_bridge_does() {
    let layout = layout(&file("emit/parts.toml"), "md::Status");
    let fixed = FormatPlan::Struct(Arc::clone(&layout));
    let document = FormatPlan::Msgpack(Shape::Map, Tolerance::default());
    let (Ok(encoder), Ok(decoder)) = (Transcoder::compile(&fixed, &document), Transcoder::compile(&document, &fixed))
    else {
        panic!("structs with bit-fields are transcoded");
    };
    let mut sample = vec![0; layout.size];
    let whole: u128 = 0b101 | 0x155 << 5 | 0x41 << 20 | 2 << 33 | 1 << 47 | 0b10001 << 51 | 0x12_3456_789a << 84;
    sample[..16].copy_from_slice(&whole.to_le_bytes());
    sample[16..20].copy_from_slice(&[7, 1, 2, 3]);
    let input = Input::from(sample.as_slice());
    let mut bridged = vec![0; encoder.measure(input).unwrap()];
    encoder.run(input, Output::from(bridged.as_mut_slice())).unwrap();

    let value: emitted::Status = rmp_serde::from_slice(&bridged).unwrap();
    assert_eq!((value.mode(), value.r#type(), value.offset()), (5, 0x155, -63));
    assert_eq!((value.side(), value.ready(), value.level()), (Ok(emitted::Side::Sell), true, emitted::Level(-15)));
    assert_eq!((value.wide(), value.a, value.behind()), (0x12_3456_789a, 7, 0x03_0201));
    assert_eq!(rmp_serde::to_vec_named(&value).unwrap(), bridged);

    let mut back = vec![0xAA; layout.size];
    decoder.run(Input::from(bridged.as_slice()), Output::from(back.as_mut_slice())).unwrap();
    assert_eq!(back, sample);
}

#[test]
fn rust_refuses_what_does_not_fit_a_bit_field() {
    let mut value: emitted::Status = rmp_serde::from_slice(
        &rmp_serde::to_vec_named(&serde_json::json!({
            "mode": 1, "type": 2, "offset": -3, "side": "Buy", "ready": false, "level": "High", "wide": 4, "a": 5,
            "behind": 6
        }))
        .unwrap(),
    )
    .unwrap();
    assert!(value.set_mode(7) && !value.set_mode(8));
    assert!(value.set_offset(-64) && !value.set_offset(-65) && value.set_offset(63) && !value.set_offset(64));
    assert!(value.set_wide((1 << 40) - 1) && !value.set_wide(1 << 40));
    assert!(value.set_level(emitted::Level(15)) && !value.set_level(emitted::Level(16)));
    assert_eq!((value.mode(), value.offset(), value.wide(), value.level().0), (7, 63, (1 << 40) - 1, 15));
    assert_eq!((value.r#type(), value.side(), value.ready(), value.behind()), (2, Ok(emitted::Side::Buy), false, 6));
    let wrong = serde_json::json!({
        "mode": 8, "type": 2, "offset": -3, "side": "Buy", "ready": false, "level": "High", "wide": 4, "a": 5,
        "behind": 6
    });
    let error = rmp_serde::from_slice::<emitted::Status>(&rmp_serde::to_vec_named(&wrong).unwrap()).unwrap_err();
    assert!(error.to_string().contains("`mode` has too few bits"), "{error}");
}

#[test]
fn rust_has_the_containers_of_both_stacks() {
    use iceoryx2_bb_container::relocatable_option::RelocatableOption;

    let point = emitted::Point { x: 1.5, id: 2 };
    let some = emitted::wire::Optional::new(Some(point));
    assert_eq!(
        (some.get(), rmp_serde::to_vec_named(&some).unwrap()),
        (Some(&point), rmp_serde::to_vec_named(&point).unwrap())
    );
    let none = emitted::wire::Optional::<emitted::Point>::new(None);
    assert_eq!((none.get(), rmp_serde::to_vec(&none).unwrap()), (None, vec![0xc0]));
    assert_eq!(rmp_serde::from_slice::<emitted::wire::Optional<u8>>(&[7]).unwrap().get(), Some(&7));
    let option: RelocatableOption<emitted::Point> = Some(point).into();
    assert_eq!(rmp_serde::to_vec_named(&option).unwrap(), rmp_serde::to_vec_named(&point).unwrap());
}

#[test]
fn a_packed_struct_around_a_vector_is_refused_with_the_derives_of_iceoryx2_only() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("layouts.toml");
    fs::write(
        &path,
        "[[layout]]\nname = \"Odd\"\npacked = true\nfields = [{ name = \"a\", type = \"u8\" }, \
         { name = \"b\", type = \"iceoryx2::StaticVec<u8, 3>\" }]\n",
    )
    .unwrap();
    let odd = layout(&path, "Odd");
    let error = emit(&odd, Language::Rust).unwrap_err().to_string();
    assert!(error.starts_with("`Odd` is packed and contains a vector"), "{error}");
    for language in [Language::Cpp, Language::C, Language::PlainRust, Language::Python] {
        emit(&odd, language).unwrap();
    }
}
