//! Emitted definitions: as the golden files have them, and accepted by the compilers and interpreters they are for.

use std::fs;
use std::process::Command;
use std::sync::Arc;

use bridge_daemon::config::plan::{FormatPlan, Shape, Tolerance};
use bridge_daemon::layout::emit::{Language, emit};
use bridge_daemon::transcode::{Input, Output, Transcoder};

use crate::compilers::{c, cpp, expect, file, layout, run, rust};

#[allow(unsafe_code, reason = "packed structs implement ZeroCopySend by hand")]
#[allow(
    clippy::upper_case_acronyms,
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "it is written for another crate"
)]
mod everything {
    include!("emit/everything.rs");
}

fn emitted(language: Language) -> String {
    emit(&layout(&file("emit/everything.toml"), "md::Everything"), language).unwrap()
}

#[test]
fn cpp_compiles() {
    let directory = tempfile::tempdir().unwrap();
    let golden = file("emit/everything.hpp");
    expect(&golden, &emitted(Language::Cpp));
    let source = directory.path().join("app.cpp");
    let path = golden.canonicalize().unwrap();
    fs::write(&source, format!("#include \"{0}\"\n#include \"{0}\"\n", path.display())).unwrap();
    cpp(&source, &directory.path().join("app.o"), &["-Wconversion", "-Werror"]);
}

#[test]
fn c_compiles() {
    let directory = tempfile::tempdir().unwrap();
    let golden = file("emit/everything.h");
    expect(&golden, &emitted(Language::C));
    let source = directory.path().join("app.c");
    let path = golden.canonicalize().unwrap();
    fs::write(&source, format!("#include \"{0}\"\n#include \"{0}\"\n", path.display())).unwrap();
    c(&source, &directory.path().join("app.o"), &[]);
}

#[test]
fn plain_rust_compiles() {
    let directory = tempfile::tempdir().unwrap();
    let golden = file("emit/everything.plain.rs");
    expect(&golden, &emitted(Language::PlainRust));
    rust(&golden, &directory.path().join("app.o"));
}

#[test]
fn python_runs() {
    let golden = file("emit/everything.py");
    expect(&golden, &emitted(Language::Python));
    run(Command::new("python3").arg(&golden));
}

#[test]
fn rust_is_compiled_into_this_test() {
    expect(&file("emit/everything.rs"), &emitted(Language::Rust));
}

#[test]
fn rust_reads_and_writes_what_the_bridge_does() {
    let layout = layout(&file("emit/everything.toml"), "md::Everything");
    let (fixed, document) =
        (FormatPlan::Struct(Arc::clone(&layout)), FormatPlan::Msgpack(Shape::Map, Tolerance::default()));
    let (encoder, decoder) =
        (Transcoder::compile(&fixed, &document).unwrap(), Transcoder::compile(&document, &fixed).unwrap());
    for byte in [0, 1] {
        let sample = vec![byte; layout.size];
        let input = Input::from(sample.as_slice());
        let mut bridged = vec![0; encoder.measure(input).unwrap()];
        encoder.run(input, Output::from(bridged.as_mut_slice())).unwrap();

        let value: everything::Everything = rmp_serde::from_slice(&bridged).unwrap();
        assert_eq!(value.line.second, byte == 1);
        let kind = if byte == 0 { everything::Kind::Buy } else { everything::Kind::Sell };
        assert_eq!(value.kinds, [[kind; 2]; 2]);
        assert_eq!(value.flags, everything::Flags(u64::from_ne_bytes([byte; 8])));
        assert_eq!(value.many.0, [i32::from_ne_bytes([byte; 4]); 40]);
        assert_eq!(
            value.texts[2].as_str().unwrap(),
            if byte == 0 { "" } else { "\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}" }
        );
        assert_eq!(rmp_serde::to_vec_named(&value).unwrap(), bridged);

        let mut back = vec![0xAA; layout.size];
        decoder.run(Input::from(bridged.as_slice()), Output::from(back.as_mut_slice())).unwrap();
        let again = {
            let mut again = vec![0; bridged.len()];
            encoder.run(Input::from(back.as_slice()), Output::from(again.as_mut_slice())).unwrap();
            again
        };
        assert_eq!(again, bridged);
    }
}

#[test]
fn rust_is_refused_where_it_has_no_such_struct() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("layouts.toml");
    fs::write(
        &path,
        r#"
        [[layout]]
        name = "Both"
        packed = true
        align = 4
        fields = [
          { name = "a", type = "u8" }, { name = "b", offset = 1, type = "u64" }, { name = "c", type = "u8[3]" },
        ]
        [[layout]]
        name = "Line"
        align = 64
        fields = [{ name = "a", type = "u8[64]" }]
        [[layout]]
        name = "Around"
        packed = true
        fields = [{ name = "a", type = "u8" }, { name = "line", offset = 1, type = "Line[2]" }]
        "#,
    )
    .unwrap();
    let error = |name: &str| emit(&layout(&path, name), Language::Rust).unwrap_err().to_string();
    assert!(error("Both").starts_with("`Both` is packed and yet aligned"), "{}", error("Both"));
    assert!(error("Around").starts_with("`Around` is packed and contains `Line`"), "{}", error("Around"));
    for name in ["Both", "Around"] {
        for language in [Language::Cpp, Language::C, Language::Python] {
            emit(&layout(&path, name), language).unwrap();
        }
    }
}
