//! Where the parts of containers stand: what g++ makes of the installed headers of iceoryx 2.x, and what rustc makes of
//! iceoryx2's own types.

use std::fmt::Write;
use std::mem::{align_of, size_of};
use std::path::Path;
use std::process::Command;

use bridge_daemon::layout::{Container, Parts, Stack, Type, load};
use iceoryx2_bb_container::relocatable_option::RelocatableOption;
use iceoryx2_bb_container::string::{StaticString, String as _};
use iceoryx2_bb_container::vector::{StaticVec, Vector as _};

use crate::compilers::run;

/// Where the headers of iceoryx 2.x are.
const INCLUDE: &str = "/usr/include/iceoryx/v2.0.3";

/// Bytes and alignments of elements: C has sizes that are multiples of the alignment.
const ELEMENTS: [(usize, usize); 8] = [(1, 1), (3, 1), (2, 2), (6, 2), (12, 4), (8, 8), (16, 16), (64, 64)];

/// The parts of a type, as a layout file names it.
fn parts(directory: &Path, layouts: &str, ty: &str) -> Parts {
    let file = directory.join("layout.toml");
    let text = format!("{layouts}[[layout]]\nname = \"Outer\"\nfields = [{{ name = \"a\", type = \"{ty}\" }}]\n");
    std::fs::write(&file, text).unwrap();
    let set = load(&file).unwrap_or_else(|report| panic!("{report}"));
    let outer = set.get("Outer").flatten().unwrap();
    let Type::Container(container) = &outer.fields[0].ty else { panic!("{outer:?}") };
    let parts = container.parts();
    assert_eq!((outer.size, outer.align), (parts.size, parts.align));
    parts
}

/// A layout file with `Element`.
fn element(size: usize, align: usize) -> String {
    format!("[[layout]]\nname = \"Element\"\nalign = {align}\nfields = [{{ name = \"a\", type = \"u8[{size}]\" }}]\n")
}

/// What a program prints for a container: size, alignment, where the bytes 0xab begin, and where a number stands.
fn line(parts: Parts) -> String {
    format!("{} {} {} {}", parts.size, parts.align, parts.data, parts.tag)
}

#[test]
fn containers_of_classic_are_as_their_headers_have_them() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let mut text =
        "#include <cstdio>\n#include <cstring>\n#include <new>\n#include \"iceoryx_hoofs/cxx/optional.hpp\"\n\
        #include \"iceoryx_hoofs/cxx/string.hpp\"\n#include \"iceoryx_hoofs/cxx/vector.hpp\"\n\
        template <std::size_t S, std::size_t A> struct alignas(A) Element { unsigned char bytes[S]; };\n\
        alignas(64) unsigned char memory[1 << 16];\n\
        // The tag is the last place that is not zero in zeroed memory, the data the first.\n\
        template <class T> void show() {\n\
            std::size_t first = 0, last = sizeof(T) - 1;\n\
            while (memory[first] == 0) ++first;\n while (memory[last] == 0) --last;\n\
            std::printf(\"%zu %zu %zu %zu\\n\", sizeof(T), alignof(T), first, last);\n\
            std::memset(memory, 0, sizeof memory);\n}\n\
        int main() {\n"
            .to_owned();
    let mut expected = Vec::new();
    for capacity in [1, 6, 7, 8, 15, 16, 100] {
        let ty = format!("iox::cxx::string<{capacity}>");
        let _ = writeln!(text, "new (memory) {ty}(iox::cxx::TruncateToCapacity, \"x\"); show<{ty}>();");
        expected.push(line(parts(here, "", &ty)));
    }
    for (size, align) in ELEMENTS {
        let layouts = element(size, align);
        let cpp = format!("Element<{size}, {align}>");
        let fill = format!("std::memset(element.bytes, 0xab, {size});");
        for capacity in [1, 2, 5, 9] {
            let own = format!("iox::cxx::vector<{cpp}, {capacity}>");
            let _ = writeln!(
                text,
                "{{ auto* own = new (memory) {own}(); own->emplace_back(); auto& element = (*own)[0]; {fill} show<{own}>(); }}"
            );
            expected.push(line(parts(here, &layouts, &format!("iox::cxx::vector<Element, {capacity}>"))));
        }
        let own = format!("iox::cxx::optional<{cpp}>");
        let _ = writeln!(
            text,
            "{{ auto* own = new (memory) {own}(); own->emplace(); auto& element = **own; {fill} show<{own}>(); }}"
        );
        expected.push(line(parts(here, &layouts, "iox::cxx::optional<Element>")));
    }
    // Containers within containers.
    let nested = "iox::cxx::vector<iox::cxx::optional<iox::cxx::string<10>>, 3>";
    let _ = writeln!(
        text,
        "{{ auto* own = new (memory) {nested}(); own->emplace_back(iox::cxx::string<10>(\"y\")); show<{nested}>(); }}"
    );
    expected.push(line(parts(here, "", nested)));
    text.push_str("}\n");
    let (source, program) = (here.join("app.cpp"), here.join("app"));
    std::fs::write(&source, text).unwrap();
    let libraries = ["-liceoryx_hoofs", "-liceoryx_platform"];
    let include = format!("-I{INCLUDE}");
    run(Command::new("g++").args(["-std=c++17", "-w", &include]).arg(&source).arg("-o").arg(&program).args(libraries));
    let printed = run(&mut Command::new(&program));
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected);
}

/// How far into the first value the second is.
fn distance<A, B: ?Sized>(outer: &A, inner: &B) -> usize {
    (&raw const *inner).cast::<u8>().addr() - (&raw const *outer).addr()
}

/// An element of iceoryx2's containers.
macro_rules! element {
    ($name:ident, $size:literal, $align:literal) => {
        #[repr(C, align($align))]
        #[derive(Clone, Copy, Debug, PartialEq)]
        struct $name([u8; $size]);
    };
}

element!(Odd, 3, 1);
element!(Small, 6, 2);
element!(Middle, 12, 4);
element!(Word, 24, 8);
element!(Large, 64, 64);

#[test]
fn containers_of_iceoryx2_are_as_rustc_has_them() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    macro_rules! strings {
        ($($capacity:literal)*) => {$({
            let parts = parts(here, "", &format!("iceoryx2::StaticString<{}>", $capacity));
            type Own = StaticString<$capacity>;
            let own = Own::try_from("x").unwrap();
            assert_eq!((parts.size, parts.align), (size_of::<Own>(), align_of::<Own>()));
            assert_eq!(parts.data, distance(&own, own.as_bytes()));
            // The length is the last field, with alignment in front of it.
            assert_eq!(parts.tag, size_of::<Own>() - size_of::<u64>());
        })*};
    }
    strings!(1 6 7 8 15 16 100);
    macro_rules! elements {
        ($($element:ident $capacity:literal)*) => {$({
            let (size, align) = (size_of::<$element>(), align_of::<$element>());
            let value = $element([1; _]);
            let file = element(size, align);
            let found = parts(here, &file, &format!("iceoryx2::StaticVec<Element, {}>", $capacity));
            type Own = StaticVec<$element, $capacity>;
            let mut own = Own::new();
            own.push(value).unwrap();
            assert_eq!((found.size, found.align), (size_of::<Own>(), align_of::<Own>()));
            assert_eq!(found.data, distance(&own, own.as_slice()));
            // The length is the first word behind the elements.
            assert_eq!(found.tag, ($capacity * size).next_multiple_of(8));
            let found = parts(here, &file, "iceoryx2::RelocatableOption<Element>");
            let own = RelocatableOption::Some(value);
            assert_eq!((found.size, found.align), (size_of_val(&own), align_of_val(&own)));
            let RelocatableOption::Some(inner) = &own else { unreachable!() };
            // A `repr(C, u8)` begins with its tag.
            assert_eq!((found.data, found.tag), (distance(&own, inner), 0));
        })*};
    }
    elements!(Odd 1 Odd 5 Small 1 Small 3 Middle 1 Middle 3 Word 2 Large 3);
    assert_eq!(Container::String(Stack::Classic, 7).parts(), Container::String(Stack::Iceoryx2, 7).parts());
}
