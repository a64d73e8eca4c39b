//! One check that the tests and a fuzz target share: whatever stands in debug information, every struct of it becomes a
//! sound layout, or there is a reason why not.

use super::dwarf::{At, Dwarf};
use super::object::Sections;
use super::scopes::is_struct;
use super::{Found, ImportError, Imported, find, read};
use crate::check::assert_sound;

/// Structs that are imported of one input.
const STRUCTS: usize = 16;

/// Units that are searched for them.
const UNITS: usize = 16;

/// Reads `bytes` as the sections of debug information, one after the other. Before each but the last, two bytes say how
/// long it is, the lower one first: `.debug_abbrev`, `.debug_str`, `.debug_line_str`, `.debug_str_offsets`,
/// `.debug_types`, and then `.debug_info`.
///
/// # Panics
///
/// When what is imported is not sound, or cannot be written down.
pub fn check(bytes: &[u8]) {
    let sections = sections(bytes);
    let Ok(dwarf) = Dwarf::new(&sections) else { return };
    let _ = find::find(&dwarf, "Tick");
    let structs = structs(&dwarf);
    for at in structs {
        match import(&dwarf, at) {
            Ok(imported) => {
                assert_sound(imported.layout());
                imported.to_toml(None, &[]).expect("what is sound can be written down");
            }
            Err(error) => {
                let text = error.to_string();
                assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
            }
        }
    }
}

/// What [`check`] reads: the sections with the lengths before them. Those that are longer than that can say are cut.
#[cfg(test)]
pub(super) fn joined(sections: &Sections) -> Vec<u8> {
    let mut bytes = Vec::new();
    for section in [&sections.abbrev, &sections.str, &sections.line_str, &sections.str_offsets, &sections.types] {
        let length = u16::try_from(section.len()).unwrap_or(u16::MAX);
        bytes.extend(length.to_le_bytes());
        bytes.extend(section.iter().take(length.into()));
    }
    bytes.extend(&sections.info);
    bytes
}

fn sections(mut bytes: &[u8]) -> Sections {
    let mut section = || {
        let Some((length, rest)) = bytes.split_first_chunk() else { return Vec::new() };
        let length = usize::from(u16::from_le_bytes(*length)).min(rest.len());
        let (section, rest) = rest.split_at(length);
        bytes = rest;
        section.to_vec()
    };
    let (abbrev, str, line_str, str_offsets, types) = (section(), section(), section(), section(), section());
    Sections { abbrev, str, line: Vec::new(), line_str, str_offsets, types, info: bytes.to_vec() }
}

/// The places of the first structs.
fn structs(dwarf: &Dwarf<'_>) -> Vec<At> {
    let mut structs = Vec::new();
    for number in 0..dwarf.len().min(UNITS) {
        let Ok(unit) = dwarf.unit(number) else { continue };
        let Ok(scopes) = dwarf.scopes(&unit) else { continue };
        let found = scopes.iter().filter(|scope| is_struct(scope.tag));
        structs.extend(found.map(|scope| At { unit: number, offset: scope.offset }).take(STRUCTS));
    }
    structs.truncate(STRUCTS);
    structs
}

fn import(dwarf: &Dwarf<'_>, at: At) -> Result<Imported, ImportError> {
    let mut reader = read::Reader::new(dwarf, &[], &[]);
    reader.root(at, "Fuzzed")?;
    Imported::new(Found { enums: reader.enums, structs: reader.shapes })
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;
    use std::{env, fs};

    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::super::object;
    use super::*;

    const SEED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/corpus-seed/dwarf/structs");
    const SOURCE: &str = "\
        enum class Side : unsigned char { Buy = 1, Sell };\n\
        struct Base { int id; };\n\
        struct Tick : Base { char symbol[5]; double price[2][3]; Side side; unsigned a : 3; long b : 40; Side c : 2;\n\
        struct { short x; } inner; };\n\
        template <int N> struct Rows { Tick rows[N]; };\n\
        namespace iox::cxx { template <unsigned long N> struct string { char m_rawstring[N + 1]; unsigned long \
        m_rawstringSize; };\n\
        template <typename T, unsigned long N> struct vector { alignas(T) unsigned char m_data[N][sizeof(T)]; unsigned \
        long m_size; }; }\n\
        struct Holds { iox::cxx::string<7> name; iox::cxx::vector<Tick, 3> ticks; union { int i; float f; } either; };\n\
        Tick tick; Rows<4> rows; Holds holds; iox::cxx::vector<iox::cxx::string<3>, 2> names;\n";

    fn seed() -> Vec<u8> {
        fs::read(SEED).expect("there is a seed")
    }

    #[test]
    fn the_seed_reaches_what_is_imported() {
        if env::var_os("UPDATE_EXPECTED").is_some() {
            let folder = tempfile::tempdir().unwrap();
            let at = |name: &str| folder.path().join(name);
            fs::write(at("app.cpp"), SOURCE).unwrap();
            let flags = ["-std=c++17", "-g", "-gno-column-info", "-c"];
            let done = Command::new("g++").args(flags).arg(at("app.cpp")).arg("-o").arg(at("app.o")).status();
            assert!(done.unwrap().success());
            fs::write(Path::new(SEED), joined(&object::read(&at("app.o")).unwrap())).unwrap();
        }
        let sections = sections(&seed());
        let dwarf = Dwarf::new(&sections).unwrap();
        let places = structs(&dwarf);
        let imported = places.iter().filter(|at| import(&dwarf, **at).is_ok()).count();
        assert!(imported >= 3, "{imported} of {} structs are imported", places.len());
        check(&seed());
    }

    proptest! {
        #[test]
        fn changed_debug_information_is_read_or_refused(
            changes in prop::collection::vec((any::<Index>(), any::<u8>(), any::<bool>()), 1..16),
        ) {
            let mut bytes = seed();
            for (at, byte, flip) in changes {
                let at = at.index(bytes.len());
                bytes[at] = if flip { bytes[at] ^ 1 << (byte % 8) } else { byte };
            }
            check(&bytes);
        }
    }
}
