//! Where bit-fields stand: random structs with them, in a layout file and in C++. A program of each compiler fills one
//! field after the other with ones and prints the bytes.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use bridge_daemon::layout::{Field, Layout, Type, load};

use crate::compilers::run;
use crate::random::Random;

/// Structs of a run.
const STRUCTS: usize = 300;

/// Type in a layout file, in C++, bytes, and whether it can be a bit-field.
const TYPES: &[(&str, &str, usize, bool)] = &[
    ("u8", "std::uint8_t", 1, true),
    ("i8", "std::int8_t", 1, true),
    ("u16", "std::uint16_t", 2, true),
    ("i16", "std::int16_t", 2, true),
    ("u32", "unsigned", 4, true),
    ("i32", "int", 4, true),
    ("u64", "unsigned long long", 8, true),
    ("i64", "long", 8, true),
    ("bool", "bool", 1, true),
    ("Small", "Small", 1, true),
    ("Wide", "Wide", 4, true),
    ("f32", "float", 4, false),
    ("f64", "double", 8, false),
    ("u8[3]", "Bytes", 3, false),
    ("Inner", "Inner", 8, false),
];

const LAYOUTS: &str = "[[enum]]\nname = \"Small\"\ntype = \"u8\"\nvalues = { A = 0, B = 1 }\n\
    [[enum]]\nname = \"Wide\"\ntype = \"u32\"\nvalues = { A = 0, B = 1 }\n\
    [[layout]]\nname = \"Inner\"\nfields = [{ name = \"a\", type = \"u32\", bits = 3 }, { name = \"b\", type = \"u32\" }]\n";

const CPP: &str = "#include <cstdint>\n#include <cstdio>\n#include <cstring>\nusing Bytes = unsigned char[3];\n\
    enum class Small : std::uint8_t { A, B };\nenum class Wide : unsigned { A, B };\n\
    struct Inner { unsigned a : 3; unsigned b; };\n\
    template <class S> void show(const S& s) {\n\
        unsigned char bytes[sizeof s]; std::memcpy(bytes, &s, sizeof s);\n\
        for (unsigned char byte : bytes) std::printf(\"%02x\", byte);\n std::printf(\" \");\n}\nint main() {\n";

/// A struct in both languages.
struct Sketch {
    packed: bool,
    /// Index of the type, and the width of a bit-field.
    fields: Vec<(usize, Option<usize>)>,
}

fn sketch(random: &mut Random) -> Sketch {
    let field = |random: &mut Random| {
        let at = random.below(TYPES.len());
        let (_, cpp, size, can_be_bits) = TYPES[at];
        let most = if cpp == "bool" { 1 } else { 8 * size };
        let is_bits = can_be_bits && random.below(4) > 0;
        // Narrow ones share more.
        let most = if random.below(2) == 0 { most } else { most.min(7) };
        (at, is_bits.then(|| 1 + random.below(most)))
    };
    Sketch { packed: random.below(3) == 0, fields: (0..1 + random.below(9)).map(|_| field(random)).collect() }
}

impl Sketch {
    fn toml(&self) -> String {
        let mut text = format!("{LAYOUTS}[[layout]]\nname = \"S\"\npacked = {}\nfields = [\n", self.packed);
        for (at, (ty, width)) in self.fields.iter().enumerate() {
            let (ty, bits) = (TYPES[*ty].0, width.map_or(String::new(), |width| format!(", bits = {width}")));
            let _ = writeln!(text, "  {{ name = \"f{at}\", type = \"{ty}\"{bits} }},");
        }
        text + "]\n"
    }

    fn cpp(&self, text: &mut String) {
        let packed = if self.packed { "__attribute__((packed))" } else { "" };
        let _ = writeln!(text, "{{ struct {packed} S {{");
        for (at, (ty, width)) in self.fields.iter().enumerate() {
            let bits = width.map_or(String::new(), |width| format!(" : {width}"));
            let _ = writeln!(text, "{} f{at}{bits};", TYPES[*ty].1);
        }
        text.push_str("}; std::printf(\"%zu %zu \", sizeof(S), alignof(S));\n");
        for (at, (ty, width)) in self.fields.iter().enumerate() {
            let ones = match width {
                Some(_) if TYPES[*ty].1 == "bool" => format!("s.f{at} = true"),
                Some(_) => format!("s.f{at} = static_cast<{}>(~0ull)", TYPES[*ty].1),
                None => format!("std::memset(reinterpret_cast<void*>(&s.f{at}), 0xff, sizeof s.f{at})"),
            };
            let _ = writeln!(text, "{{ S s; std::memset(&s, 0, sizeof s); {ones}; show(s); }}");
        }
        text.push_str("std::printf(\"\\n\"); }\n");
    }
}

/// What the program prints of a layout.
fn line(layout: &Layout, fields: usize) -> String {
    let mut line = format!("{} {} ", layout.size, layout.align);
    let by_name = layout.by_name();
    for at in 0..fields {
        let mut bytes = vec![0_u8; layout.size];
        let field: &Field = by_name[format!("f{at}").as_str()];
        match &field.ty {
            Type::Bits(bits) => {
                let unit = bits.ty.size();
                assert!(usize::from(bits.shift + bits.width) <= 8 * unit, "{field:?}");
                assert!(field.offset + unit <= layout.size, "{field:?} in {} bytes", layout.size);
                for bit in bits.shift..bits.shift + bits.width {
                    bytes[field.offset + usize::from(bit) / 8] |= 1 << (bit % 8);
                }
            }
            ty => bytes[field.offset..field.offset + ty.size()].fill(0xff),
        }
        bytes.iter().for_each(|byte| line += &format!("{byte:02x}"));
        line.push(' ');
    }
    line
}

/// The layout; none if a bit-field of a packed struct is in no integer.
fn layout(directory: &Path, sketch: &Sketch) -> Option<Arc<Layout>> {
    let file = directory.join("layout.toml");
    std::fs::write(&file, sketch.toml()).unwrap();
    match load(&file) {
        Ok(set) => set.get("S").flatten().cloned(),
        Err(report) => {
            let expected = sketch.packed && report.to_string().contains("of which no integer of the layout");
            assert!(expected, "{report}\n{}", sketch.toml());
            None
        }
    }
}

#[test]
fn bit_fields_stand_where_compilers_put_them() {
    let mut random = Random::new("bit-fields");
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let sketches: Vec<Sketch> = (0..STRUCTS).map(|_| sketch(&mut random)).collect();
    let layouts: Vec<_> = sketches.iter().map(|sketch| layout(here, sketch)).collect();
    let placed = layouts.iter().flatten().count();
    assert!(placed > STRUCTS * 3 / 4, "only {placed} of {STRUCTS} have a layout");

    let mut text = CPP.to_owned();
    sketches.iter().for_each(|sketch| sketch.cpp(&mut text));
    std::fs::write(here.join("app.cpp"), text + "}\n").unwrap();
    let is_there = |compiler: &&str| Command::new(compiler).arg("--version").output().is_ok();
    let compilers: Vec<_> = ["g++", "clang++"].into_iter().filter(is_there).collect();
    assert!(compilers.contains(&"g++"));
    for compiler in compilers {
        let program = here.join(compiler);
        run(Command::new(compiler).args(["-std=c++17", "-w"]).arg(here.join("app.cpp")).arg("-o").arg(&program));
        let printed = run(&mut Command::new(&program));
        assert_eq!(printed.lines().count(), STRUCTS);
        for ((sketch, layout), printed) in sketches.iter().zip(&layouts).zip(printed.lines()) {
            if let Some(layout) = layout {
                assert_eq!(line(layout, sketch.fields.len()), printed, "{compiler}:\n{}", sketch.toml());
            }
        }
    }
}
