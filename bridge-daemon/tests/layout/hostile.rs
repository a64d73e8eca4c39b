//! Broken and hostile files: whatever stands in debug information, import ends with a sound layout or with a reason,
//! never with a panic, and soon. `LAYOUT_SEED=...` repeats a run, `HOSTILE_CASES=...` runs more than the usual 400.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use bridge_daemon::layout::Layout;
use bridge_daemon::layout::import::{Choice, from_binary};
use object::read::{Object, ObjectSection};

use crate::compilers::{cpp, file, rust};
use crate::random::Random;

const TYPES: &[&str] = &["Tick", "Nested", "Gaps", "Derived", "Words", "Cells", "Matrix<f32,3>", "CStyle"];

/// Objects of both languages in several forms of debug information.
fn objects(directory: &Path) -> Vec<PathBuf> {
    let source = directory.join("app.cpp");
    let included = file("import/structs.hpp").canonicalize().unwrap();
    let values = "md::Tick a; md::Nested b; md::Gaps c; md::Derived d; md::Words e; CStyle f;";
    fs::write(&source, format!("#include \"{}\"\n{}\n", included.display(), values)).unwrap();
    let mut objects = Vec::new();
    for (number, flags) in
        [["-gdwarf-5", "-g"], ["-gdwarf-4", "-fdebug-types-section"], ["-g", "-gz=zlib"]].iter().enumerate()
    {
        let object = directory.join(format!("cpp{number}.o"));
        cpp(&source, &object, &[&["-std=c++20", "-Wno-unused"], flags.as_slice()].concat());
        objects.push(object);
    }
    let object = directory.join("rust.o");
    rust(&file("import/structs.rs"), &object);
    objects.push(object);
    objects
}

/// Where the debug information is.
fn debug_ranges(bytes: &[u8]) -> Vec<Range<usize>> {
    let elf = object::File::parse(bytes).unwrap();
    let debug = elf.sections().filter(|section| {
        section.name().is_ok_and(|name| {
            [".debug_info", ".debug_abbrev", ".debug_str", ".debug_types", ".rela.debug_info"].contains(&name)
        })
    });
    let ranges: Vec<_> = debug
        .filter_map(|section| section.file_range())
        .map(|(start, size)| start as usize..(start + size) as usize)
        .collect();
    assert!(ranges.len() >= 3);
    ranges
}

fn cases() -> usize {
    std::env::var("HOSTILE_CASES").map_or(400, |cases| cases.parse().expect("HOSTILE_CASES is a number"))
}

fn judge(path: &Path, random: &mut Random) -> bool {
    let ty = TYPES[random.below(TYPES.len())];
    match from_binary(path, ty, &Choice::default()) {
        Ok(imported) => {
            sound(imported.layout());
            imported.to_toml(None, &[]).unwrap();
            true
        }
        Err(error) => {
            let text = error.to_string();
            assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
            assert!(text.len() < 16_384, "{} bytes", text.len());
            false
        }
    }
}

fn sound(layout: &Layout) {
    assert!(layout.align.is_power_of_two() && layout.size.is_multiple_of(layout.align));
    let mut end = 0;
    for field in &layout.fields {
        assert!(field.offset >= end && field.offset + field.ty.size() <= layout.size, "{layout:?}");
        end = field.offset + field.ty.size();
    }
}

#[test]
fn changed_debug_information_is_read_or_refused() {
    let directory = tempfile::tempdir().unwrap();
    let mut random = Random::new("hostile debug information");
    let path = directory.path().join("hostile.o");
    let (mut read, mut refused) = (0, 0);
    for object in objects(directory.path()) {
        let original = fs::read(&object).unwrap();
        let ranges = debug_ranges(&original);
        for _ in 0..cases() / 4 {
            let mut bytes = original.clone();
            for _ in 0..1 + random.below(12) {
                let range = &ranges[random.below(ranges.len())];
                let at = range.start + random.below(range.len());
                match random.below(4) {
                    0 => bytes[at] ^= 1 << random.below(8),
                    1 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][random.below(5)],
                    2 => bytes[at] = random.below(256) as u8,
                    _ => {
                        let from = range.start + random.below(range.len());
                        let len = (1 + random.below(32)).min(range.end - at).min(range.end - from);
                        bytes.copy_within(from..from + len, at);
                    }
                }
            }
            fs::write(&path, &bytes).unwrap();
            if judge(&path, &mut random) { read += 1 } else { refused += 1 }
        }
    }
    assert!(read > 0 && refused > 0, "{read} read, {refused} refused: the changes reach nothing");
}

#[test]
fn changed_and_cut_files_are_read_or_refused() {
    let directory = tempfile::tempdir().unwrap();
    let mut random = Random::new("hostile files");
    let path = directory.path().join("hostile.o");
    for object in objects(directory.path()) {
        let original = fs::read(&object).unwrap();
        for _ in 0..cases() / 8 {
            let mut bytes = original.clone();
            match random.below(3) {
                0 => bytes.truncate(random.below(original.len())),
                // The file header, and the section headers at the end.
                1 => bytes[random.below(64)] = random.below(256) as u8,
                _ => {
                    let at = original.len() - 1 - random.below(3000.min(original.len() - 1));
                    bytes[at] = random.below(256) as u8;
                }
            }
            fs::write(&path, &bytes).unwrap();
            judge(&path, &mut random);
        }
    }
}
