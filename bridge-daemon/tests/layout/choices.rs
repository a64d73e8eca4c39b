//! What the user says of a struct where a type leaves something open: which of several it is, what is taken as bytes, and
//! what a union holds.

use std::fs;

use bridge_daemon::layout::import::{Choice, ImportError, from_binary, from_header};

use crate::import::{header, library_of, object};

/// The struct that this source file has.
fn in_file(file: impl AsRef<str>) -> Choice {
    Choice { file: Some(file.as_ref().to_owned()), ..Choice::default() }
}

#[test]
fn of_different_structs_of_one_name_none_is_taken_unasked() {
    let directory = tempfile::tempdir().unwrap();
    for (a, b) in [
        ("struct tick { double price; } a;", "struct tick { double price, volume; } b;"),
        ("struct tick { double price; } a;", "\n\nstruct tick { long price; } b;"),
        ("typedef struct { int price; } tick; tick a;", "typedef struct { float price; } tick; tick b;"),
        // One of them cannot be in a layout, which does not make it the other.
        ("struct tick { double price; } a;", "struct tick { double *price; } b;"),
    ] {
        let library = library_of(directory.path(), &[("a.c", a), ("b.c", b)]);
        let error = from_binary(&library, "tick", &Choice::default()).unwrap_err().to_string();
        let line = b.lines().count();
        let place = |file: &str| directory.path().join(file).display().to_string();
        assert!(error.contains(&format!("\n  {}:1\n  {}:{line}", place("a.c"), place("b.c"))), "{error}");

        for file in ["a.c", "a.c:1", &place("a.c")] {
            let found = from_binary(&library, "struct tick", &in_file(file)).unwrap();
            assert_eq!(found.layout().fields.len(), 1, "{file}");
        }
        let other = from_binary(&library, "tick", &in_file(format!("b.c:{line}")));
        assert!(other.is_err() == b.contains('*') && !matches!(other, Err(ImportError::Several { .. })));
        let error = from_binary(&library, "tick", &in_file("c.c")).unwrap_err().to_string();
        assert!(error.contains("in `c.c`; these are all of that name") && error.contains("b.c"), "{error}");
        assert!(from_binary(&library, "tick", &in_file(".c")).is_err(), "a part of a name is no name");
    }
}

#[test]
fn one_struct_of_many_units_is_one() {
    let directory = tempfile::tempdir().unwrap();
    let header = ("tick.h", "struct side { int a; };\nstruct tick { double price; struct side side; };");
    let (a, b) = ("#include \"tick.h\"\nstruct tick a;", "#include \"tick.h\"\nint x;\nstruct tick b;");
    let library = library_of(directory.path(), &[header, ("a.c", a), ("b.c", b)]);
    assert_eq!(from_binary(&library, "tick", &Choice::default()).unwrap().layout().size, 16);
    // What a header makes of it in each unit may differ.
    let header = ("tick.h", "struct tick { PRICE price; };");
    let with = |price: &str| format!("#define PRICE {price}\n#include \"tick.h\"\nstruct tick {price}_;");
    let library = library_of(directory.path(), &[header, ("a.c", &with("long")), ("b.c", &with("double"))]);
    let error = from_binary(&library, "tick", &Choice::default()).unwrap_err().to_string();
    assert!(error.contains("tick.h:1 in ") && error.contains("b.c"), "{error}");
    assert_eq!(from_binary(&library, "tick", &in_file("b.c")).unwrap().layout().size, 8);
}

/// What becomes of a struct that no layout can have when one field is taken as it is.
#[test]
fn fields_are_taken_as_bytes_where_that_is_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("message.hpp");
    let text = "union Body { double d; struct { char text[20]; } t; };\n\
        struct Inner { short tag; union { int i; float f; } u[2]; };\n\
        struct Message { char kind; Body body; Inner inner; int *pointer; union { long l; char c; }; int last; };\n";
    fs::write(&path, text).unwrap();
    let choice = |as_bytes: &[&str]| Choice {
        as_bytes: as_bytes.iter().map(|path| (*path).to_owned()).collect(),
        file: None,
        ..Choice::default()
    };
    let all = choice(&["Message.body", "inner.u", "pointer", "<unnamed>"]);
    let object = object(&path, directory.path(), &["-g"]);
    let probe = header(&path, &[]);
    for imported in [from_header(&probe, "Message", &all).unwrap(), from_binary(&object, "Message", &all).unwrap()] {
        let layout = imported.layout();
        assert_eq!((layout.size, layout.align), (72, 8));
        let fields: Vec<_> =
            layout.fields.iter().map(|field| (field.name.as_str(), field.offset, field.ty.size())).collect();
        let expected = [
            ("kind", 0, 1),
            ("body", 8, 24),
            ("inner", 32, 12),
            ("pointer", 48, 8),
            ("unnamed", 56, 8),
            ("last", 64, 4),
        ];
        assert_eq!(fields, expected);
    }
    let error = |paths: &[&str]| from_header(&probe, "Message", &choice(paths)).unwrap_err().to_string();
    assert!(error(&["body", "pointer"]).starts_with("`Message.inner.u` is a union"), "{}", error(&["body", "pointer"]));
    let unmet = error(&["body", "inner.u", "pointer", "<unnamed>", "bode"]);
    assert_eq!(unmet, "`Message` has no field `bode`, of which you say what it is");
}

/// A union whose tag is named becomes one that documents show.
#[test]
fn unions_are_what_their_tag_says() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("event.hpp");
    let text = "enum class Kind : unsigned { KIND_ORDER = 1, KIND_NEW_TRADE = 2, KIND_RATE = 3, KIND_PING = 9 };\n\
        struct Order { unsigned id; char side; };\n\
        union Body { Order order; struct { double price; } new_trade; double rate; long never[4]; };\n\
        struct Event { Kind kind; Body body; int last; };\n\
        struct Loose { int kind; Body body; Order order; };\n";
    fs::write(&path, text).unwrap();
    let choice = |unions: &[&str]| Choice {
        unions: unions.iter().map(|union| union.parse().unwrap()).collect(),
        ..Choice::default()
    };
    let object = object(&path, directory.path(), &["-g"]);
    let probe = header(&path, &[]);
    let told = choice(&["body=kind,KIND_PING="]);
    for imported in [from_header(&probe, "Event", &told).unwrap(), from_binary(&object, "Event", &told).unwrap()] {
        let layout = imported.layout();
        assert_eq!((layout.size, layout.align, layout.fields.len()), (48, 8, 3));
        let body = &layout.fields[1];
        assert_eq!((body.offset, body.ty.size()), (8, 32));
        let variants = body.variants.as_ref().expect("a union");
        let cases: Vec<_> = variants
            .cases
            .iter()
            .map(|case| (case.name.as_str(), case.layout.as_ref().map(|layout| (layout.name.as_str(), layout.size))))
            .collect();
        let expected = [
            ("KIND_ORDER", Some(("Order", 8))),
            ("KIND_NEW_TRADE", Some(("Event::body::new_trade", 8))),
            ("KIND_RATE", Some(("Event::body::rate", 8))),
            ("KIND_PING", None),
        ];
        assert_eq!((variants.tag.as_str(), cases.as_slice()), ("kind", &expected[..]));
    }
    let error = |ty: &str, union: &str| from_header(&probe, ty, &choice(&[union])).unwrap_err().to_string();
    let members = "order, new_trade, rate, never";
    for (ty, union, expected) in [
        (
            "Event",
            "body=kind",
            format!(
                "which member of `Event.body` is live where its tag is `KIND_PING` does not follow from their names; add \
                 to --tag: `,KIND_PING=<one of {members}>`, or `,KIND_PING=` if none is"
            ),
        ),
        (
            "Event",
            "Event.body=kind,KIND_PING=ordre",
            format!(
                "of `Event.body` there is no case `KIND_PING=ordre`: the tag's values are KIND_ORDER, KIND_NEW_TRADE, \
                 KIND_RATE, KIND_PING, and the union's members {members}"
            ),
        ),
        (
            "Event",
            "body=knd",
            "what `Event.body` holds can be said by an enum beside it, and `knd` is not an enum".into(),
        ),
        (
            "Loose",
            "body=kind",
            "what `Loose.body` holds can be said by an enum beside it, and `kind` is not an enum".into(),
        ),
        ("Loose", "order=kind", "`Loose.body` is a union".into()),
        ("Event", "bdy=kind", "`Event.body` is a union".into()),
    ] {
        assert!(error(ty, union).starts_with(&expected), "{}", error(ty, union));
    }
}
