//! Structs of C++ and Rust as compilers describe them: `import/*.expected` has what becomes of each.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bridge_daemon::layout::import::{Choice, HeaderProbe, ImportError, Imported, Refusal, from_binary, from_header};
use bridge_daemon::layout::{Endian, Layout, Type};

use crate::compilers::{cpp, expect, file, run, rust};

/// The types to import, as the lines `// import: TYPE` in a source say.
fn asked(source: &Path) -> Vec<String> {
    let text = fs::read_to_string(source).unwrap();
    let asked: Vec<_> =
        text.lines().filter_map(|line| line.trim().strip_prefix("// import: ")).map(str::to_owned).collect();
    assert!(!asked.is_empty(), "{} asks for nothing", source.display());
    asked
}

/// What becomes of each type: a layout file, or the reason why there is none.
fn told(types: &[String], import: impl Fn(&str) -> Result<Imported, ImportError>) -> String {
    let mut told = String::new();
    for ty in types {
        let _ = writeln!(told, "==== {ty}");
        match import(ty).and_then(|imported| imported.to_toml(None, &[])) {
            Ok(toml) => told += &toml,
            Err(error) => {
                let _ = writeln!(told, "{error}");
            }
        }
    }
    told
}

pub(crate) fn header(path: &Path, flags: &[&str]) -> HeaderProbe {
    HeaderProbe {
        header: path.to_owned(),
        compiler: "g++".to_owned(),
        include: Vec::new(),
        flags: flags.iter().map(Into::into).collect(),
    }
}

/// An object with every type of a header.
pub(crate) fn object(header: &Path, directory: &Path, flags: &[&str]) -> PathBuf {
    let (source, object) = (directory.join("app.cpp"), directory.join("app.o"));
    fs::write(&source, format!("#include \"{}\"\n", header.canonicalize().unwrap().display())).unwrap();
    let all = ["-std=c++20", "-fno-eliminate-unused-debug-types", "-Wno-pedantic"];
    cpp(&source, &object, &[&all, flags].concat());
    object
}

#[test]
fn cpp_is_told_as_expected() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["structs", "library", "bits", "refused", "signs"] {
        let source = file(&format!("import/{name}.hpp"));
        let object = object(&source, directory.path(), &["-g"]);
        expect(
            &source.with_extension("hpp.expected"),
            &told(&asked(&source), |ty| from_binary(&object, ty, &Choice::default())),
        );
    }
}

#[test]
fn names_are_told_as_expected() {
    let source = file("import/names.hpp");
    let probe = header(&source, &["-std=c++20"]);
    expect(
        &source.with_extension("hpp.expected"),
        &told(&asked(&source), |ty| from_header(&probe, ty, &Choice::default())),
    );
}

#[test]
fn a_header_says_what_an_object_says_and_the_alignment() {
    let directory = tempfile::tempdir().unwrap();
    let source = file("import/structs.hpp");
    let probe = header(&source, &["-std=c++20"]);
    let object = object(&source, directory.path(), &["-g"]);
    for ty in ["md::Tick", "Derived", "md::Matrix<double, 3>", "md::Alias", "CStyle"] {
        let (header, object) = (
            from_header(&probe, ty, &Choice::default()).unwrap(),
            from_binary(&object, ty, &Choice::default()).unwrap(),
        );
        assert_eq!(header.layout(), object.layout());
    }
    assert_eq!(from_binary(&object, "PackedEven", &Choice::default()).unwrap().layout().align, 4);
    assert_eq!(from_header(&probe, "md::PackedEven", &Choice::default()).unwrap().layout().align, 1);
    assert_eq!(from_header(&probe, "PackedEven", &Choice::default()).unwrap().layout().align, 1);
}

#[test]
fn rust_is_told_as_expected() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["structs", "refused"] {
        let source = file(&format!("import/{name}.rs"));
        let object = directory.path().join("app.o");
        rust(&source, &object);
        expect(
            &source.with_extension("rs.expected"),
            &told(&asked(&source), |ty| from_binary(&object, ty, &Choice::default())),
        );
    }
}

#[test]
fn every_form_of_debug_information_says_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let header = file("import/structs.hpp");
    let expected = fs::read_to_string(header.with_extension("hpp.expected")).unwrap();
    let types = asked(&header);
    for flags in [
        ["-g", "-O2"].as_slice(),
        &["-g", "-gdwarf-4"],
        &["-g", "-gdwarf-3"],
        &["-g", "-gdwarf64"],
        &["-g", "-fdebug-types-section"],
        &["-g", "-gdwarf-4", "-fdebug-types-section"],
        &["-g", "-gz=zlib"],
    ] {
        let object = object(&header, directory.path(), &[flags, &["-fPIC"]].concat());
        let library = directory.path().join("libapp.so");
        run(Command::new("g++").args(["-shared"]).args(flags).arg(&object).arg("-o").arg(&library));
        for binary in [object, library] {
            let told = told(&types, |ty| from_binary(&binary, ty, &Choice::default()));
            for (told, expected) in told.split("==== ").zip(expected.split("==== ")) {
                let ty = told.lines().next().unwrap_or_default();
                // g++ leaves names of types out of units of types.
                if flags.contains(&"-fdebug-types-section") && (ty.contains("Alias") || ty.contains("CStyle")) {
                    continue;
                }
                assert_eq!(told, expected, "{flags:?}, {}", binary.display());
            }
        }
    }
}

#[test]
fn old_debug_information_says_the_same_of_bit_fields() {
    let directory = tempfile::tempdir().unwrap();
    let header = file("import/bits.hpp");
    let expected = fs::read_to_string(header.with_extension("hpp.expected")).unwrap();
    // Names of enums in C++ are in none of these; how a struct is aligned is not in the oldest.
    for flags in
        [["-gdwarf-4", "-gno-strict-dwarf"], ["-gdwarf-3", "-gno-strict-dwarf"], ["-gdwarf-3", "-gstrict-dwarf"]]
    {
        let object = object(&header, directory.path(), &flags);
        let told = told(&asked(&header), |ty| from_binary(&object, ty, &Choice::default()));
        assert_eq!(told, expected, "{flags:?}");
    }
}

#[test]
fn what_old_debug_information_does_not_say_is_made_out() {
    let directory = tempfile::tempdir().unwrap();
    let object = object(&file("import/structs.hpp"), directory.path(), &["-gdwarf-2", "-gstrict-dwarf"]);
    for (ty, size, align) in
        [("Tick", 40, 8), ("Derived", 12, 4), ("Packed", 11, 1), ("Pack4", 12, 4), ("Aligned", 64, 8)]
    {
        let layout = from_binary(&object, ty, &Choice::default()).unwrap();
        assert_eq!((layout.layout().size, layout.layout().align), (size, align), "{ty}");
    }
}

#[test]
fn a_separate_debug_file_is_found_by_its_link() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    fs::write(at("app.cpp"), "struct Tick { double price; } tick; int main() { return 0; }").unwrap();
    run(Command::new("g++").args(["-g", "-Wl,--build-id"]).arg(at("app.cpp")).arg("-o").arg(at("app")));
    run(Command::new("objcopy").arg("--only-keep-debug").arg(at("app")).arg(at("app.debug")));
    run(Command::new("objcopy").arg("--strip-debug").arg("--add-gnu-debuglink").arg(at("app.debug")).arg(at("app")));
    assert_eq!(from_binary(&at("app"), "Tick", &Choice::default()).unwrap().layout().size, 8);

    // One of another build would describe another struct.
    fs::write(at("app.cpp"), "struct Tick { float price; } tick; int main() { return 0; }").unwrap();
    run(Command::new("g++").args(["-g", "-Wl,--build-id"]).arg(at("app.cpp")).arg("-o").arg(at("other")));
    run(Command::new("objcopy").arg("--only-keep-debug").arg(at("other")).arg(at("app.debug")));
    assert!(matches!(from_binary(&at("app"), "Tick", &Choice::default()), Err(ImportError::NoDebugInfo(_))));
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let error = |name: &str, ty: &str| from_binary(&at(name), ty, &Choice::default()).unwrap_err();
    fs::write(at("text"), "struct Tick { double price; };").unwrap();
    assert!(matches!(error("text", "Tick"), ImportError::NotElf { .. }));
    assert!(matches!(error("absent", "Tick"), ImportError::Read { .. }));
    assert!(matches!(from_binary(directory.path(), "Tick", &Choice::default()), Err(ImportError::NotAFile(_))));
    assert!(matches!(error("text", "Tick; int x"), ImportError::TypeName(_)));

    let source = at("app.cpp");
    fs::write(&source, "struct Tick { double price; } tick;").unwrap();
    let compile = |flags: &[&str]| cpp(&source, &at("app.o"), flags);
    compile(&[]);
    assert!(matches!(error("app.o", "Tick"), ImportError::NoDebugInfo(_)));
    compile(&["-g", "-gsplit-dwarf"]);
    assert!(matches!(error("app.o", "Tick"), ImportError::Split));
    assert!(matches!(error("app.dwo", "Tick"), ImportError::Split));
    run(Command::new("ar").arg("rc").arg(at("app.a")).arg(at("app.o")));
    assert!(matches!(error("app.a", "Tick"), ImportError::Archive(_)));

    let probe = header(&at("text"), &[]);
    assert_eq!(from_header(&probe, "Tick", &Choice::default()).unwrap().layout().size, 8);
    assert!(
        matches!(from_header(&probe, "Tock", &Choice::default()).unwrap_err(), ImportError::NotFound { near: Some(near), .. } if near == "Tick")
    );
    fs::write(at("text"), "struct Tick { nonsense };").unwrap();
    let error = from_header(&probe, "Tick", &Choice::default()).unwrap_err();
    assert!(matches!(&error, ImportError::Compile { output, .. } if output.contains("nonsense")), "{error}");
    let probe = HeaderProbe { compiler: "no-such-compiler".to_owned(), ..probe };
    assert!(matches!(from_header(&probe, "Tick", &Choice::default()).unwrap_err(), ImportError::Compiler { .. }));
}

/// A library of two C sources, with every type that they have.
pub(crate) fn library_of(directory: &Path, sources: &[(&str, &str)]) -> PathBuf {
    let library = directory.join("lib.so");
    for (name, text) in sources {
        fs::write(directory.join(name), text).unwrap();
    }
    run(Command::new("gcc")
        .args(["-g", "-shared", "-fPIC"])
        .args(sources.iter().filter(|(name, _)| name.ends_with(".c")).map(|(name, _)| directory.join(name)))
        .arg("-o")
        .arg(&library));
    library
}

#[test]
fn bytes_in_the_other_order_are_not_read_in_this_one() {
    let directory = tempfile::tempdir().unwrap();
    let swapped = "struct __attribute__((scalar_storage_order(\"big-endian\")))";
    let before = format!("enum side {{ BUY = 1, SELL = 2 }};\n{swapped} net {{ float a; char name[4]; }};\n");
    let import = |fields: &str| {
        let text = format!("{before}{swapped} outer {{ {fields} }} outer;\n");
        from_binary(&library_of(directory.path(), &[("a.c", &text)]), "outer", &Choice::default())
    };
    let imported = import("unsigned short port; int many[2]; struct net inner; enum side side; char one;").unwrap();
    let order = |layout: &Layout| -> Vec<(String, Endian)> {
        layout.fields.iter().map(|field| (field.name.clone(), field.endian)).collect()
    };
    let told = |fields: &[(&str, Endian)]| -> Vec<(String, Endian)> {
        fields.iter().map(|(name, endian)| ((*name).to_owned(), *endian)).collect()
    };
    let layout = imported.layout();
    let (big, little) = (Endian::Big, Endian::Little);
    // That of an enum is not in the debug information: it goes with the numbers beside it.
    let expected = [("port", big), ("many", big), ("inner", little), ("side", big), ("one", little)];
    assert_eq!(order(layout), told(&expected));
    let Type::Struct(inner) = &layout.fields[2].ty else { panic!("{layout:?}") };
    assert_eq!(order(inner), told(&[("a", big), ("name", little)]));
    for fields in ["int flags : 3;", "int a; struct { int b; }; enum side side;"] {
        let error = import(fields).unwrap_err().to_string();
        assert!(error.contains("keeps its bytes in the other order"), "{error}");
    }
}

#[test]
fn what_a_header_only_declares_and_what_no_types_are_told_of_is_said() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("tick.hpp");
    fs::write(&path, "namespace md { struct Tick; } namespace { struct Hidden { int a; }; } struct Plain { int a; };")
        .unwrap();
    let probe = header(&path, &[]);
    let import = |ty: &str| from_header(&probe, ty, &Choice::default());
    assert!(matches!(import("md::Tick"), Err(ImportError::Incomplete(_))));
    assert!(matches!(import("md::Tock"), Err(ImportError::NotFound { .. })));
    for ty in ["Hidden", "Plain", "struct Plain", "class Plain"] {
        assert_eq!(import(ty).unwrap().layout().size, 4, "{ty}");
    }
    let library = library_of(directory.path(), &[("a.c", "struct tick { int a; } tick;")]);
    assert_eq!(from_binary(&library, "struct tick", &Choice::default()).unwrap().layout().size, 4);
    run(Command::new("gcc").args(["-g1", "-c"]).arg(directory.path().join("a.c")).arg("-o").arg(&library));
    assert!(matches!(from_binary(&library, "tick", &Choice::default()), Err(ImportError::NoTypes)));
}

#[test]
fn containers_without_a_layout_are_refused_wherever_they_are() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("containers.hpp");
    let text = "#include <cstdint>\n\
        namespace iox { namespace cxx { template <class T, int N> struct list { T data[N]; uint64_t size; };\n\
        template <class T> struct variant { T a; }; } struct RelativePointer { uint64_t id, offset; };\n\
        template <class T> struct expected { T a; }; struct Plain { int a; };\n\
        template <uint64_t N> struct string { char m_rawstring[N + 1]; uint64_t m_rawstringSize; }; }\n\
        struct List { iox::cxx::list<int, 4> it; };\n\
        struct Variant { struct { iox::cxx::variant<int> it[2]; } inner; };\n\
        struct Expected { iox::expected<int> it; };\n\
        struct Pointer { iox::RelativePointer it; };\n\
        struct Derived : iox::cxx::list<int, 4> { int more; };\n\
        struct DerivedString : iox::string<4> {};\n\
        using Itself = iox::cxx::list<int, 4>;\n\
        struct Fine { iox::Plain plain; iox::string<7> text; };\n";
    fs::write(&path, text).unwrap();
    let probe = header(&path, &[]);
    for ty in ["List", "Variant", "Expected", "Pointer", "Derived", "DerivedString", "Itself"] {
        let error = from_header(&probe, ty, &Choice::default()).unwrap_err();
        assert!(matches!(&error, ImportError::Refused { refusal: Refusal::OtherContainer, .. }), "{ty}: {error}");
    }
    let fine = from_header(&probe, "Fine", &Choice::default()).unwrap().to_toml(None, &[]).unwrap();
    assert!(fine.contains("type = \"iox::cxx::string<7>\""), "{fine}");
}

#[test]
fn alignment_beyond_that_of_the_type_is_room() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("aligned.hpp");
    let text = "typedef double d16 __attribute__((aligned(16)));\ntypedef float v4 __attribute__((vector_size(16)));\n\
        struct Typedef { char a; d16 d; };\nstruct Vector { char a; v4 v; };\n\
        struct Inner { long a; char b; Inner() {} };\nstruct Shared { [[no_unique_address]] Inner in; char tail; };\n";
    fs::write(&path, text).unwrap();
    let probe = header(&path, &["-std=c++20"]);
    for (ty, name) in [("Typedef", "d"), ("Vector", "v")] {
        let imported = from_header(&probe, ty, &Choice::default()).unwrap();
        let layout = imported.layout();
        assert_eq!((layout.size, layout.align), (32, 16), "{ty}");
        assert_eq!(layout.by_name()[name].offset, 16, "{ty}");
    }
    let error = from_header(&probe, "Shared", &Choice::default()).unwrap_err().to_string();
    assert!(error.starts_with("`Shared.tail` lies in bytes of the field before it"), "{error}");
}

#[test]
fn a_header_finds_others_where_it_is_told_to() {
    let directory = tempfile::tempdir().unwrap();
    let include = directory.path().join("include");
    fs::create_dir(&include).unwrap();
    fs::write(include.join("price.hpp"), "#ifdef WIDE\nusing Price = double;\n#else\nusing Price = float;\n#endif\n")
        .unwrap();
    let path = directory.path().join("tick.hpp");
    fs::write(&path, "#include <price.hpp>\nstruct Tick { Price price; };\n").unwrap();
    let size = |flags: &[&str]| {
        let probe = HeaderProbe { include: vec![include.clone()], ..header(&path, flags) };
        from_header(&probe, "Tick", &Choice::default()).unwrap().layout().size
    };
    assert_eq!((size(&[]), size(&["-DWIDE"]), size(&["-DWIDE", "-g0", "-flto", "-gz"])), (4, 8, 8));
}
