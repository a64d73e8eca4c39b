//! Whatever stands in a configuration or layout file, loading it ends with a sound configuration or with errors, never
//! with a panic, and what it says can be shown. `HOSTILE_SEED=...` runs the same inputs again;
//! `HOSTILE_CASES=...` runs more than the usual 500.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::fs;
use std::path::Path;

use bridge_daemon::config::load;
use bridge_daemon::config::plan::{Config, FormatPlan};
use bridge_daemon::endpoint::SERVED;
use bridge_daemon::layout::tree::Tree;
use bridge_daemon::layout::{Container, Layout, Type};
use proptest::prelude::*;
use proptest::test_runner::{Config as RunConfig, RngAlgorithm, TestRng, TestRunner};

/// Pieces that mean something, so that nonsense is found deep inside, too.
const WORDS: &[&str] = &[
    "version = 1\n",
    "[bridge]\n",
    "[[stream]]\n",
    "[stream]\n",
    "[[layout]]\n",
    "[stream.from.classic]\n",
    "name = \"a\"\n",
    "from.classic = { service = \"A\", instance = \"B\", event = \"C\" }\n",
    "to.iceoryx2 = { service = \"x\" }\n",
    "format = \"struct\"",
    "format = \"msgpack\"",
    "layout = \"MarketTick\"",
    "type = \"MarketTick[2]\"",
    "bidirectional = true\n",
    "offset = 18446744073709551615",
    "offset = 4",
    "size = 1073741824",
    "align = 4096",
    "packed = true\n",
    "padding = \"any\"\n",
    "type = \"u8[1073741824]\"",
    "type = \"char[1]\"",
    "type = \"iox::cxx::vector<MarketTick, 3>\"",
    "type = \"StaticString<7>\"",
    "type = \"iceoryx2::RelocatableOption<",
    ", bits = 3",
    ", bit = 18446744073709551615",
    ", text = \"padded\", pad = \"0\"",
    ", records = \"MarketTick\"",
    ", count = \"a\", length = \"volume\"",
    "= ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'''",
    "\"\"\"",
    ",",
    ".",
    "\n",
    "\r\n",
    "#",
    "\0",
    "\u{feff}",
    "é",
    "\u{202e}",
    "-1",
    "0",
    "1e9",
    "nan",
    "99999999999999999999999",
    "1979-05-27T07:32:00Z",
    "\\u0000",
    "true",
    "\t",
];

/// One change to a text.
#[derive(Clone, Debug)]
enum Edit {
    Insert(usize, &'static str),
    Remove(usize, usize),
    Repeat(usize, usize),
    Byte(usize, u8),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        (any::<usize>(), prop::sample::select(WORDS)).prop_map(|(at, word)| Edit::Insert(at, word)),
        (any::<usize>(), 0..60_usize).prop_map(|(at, len)| Edit::Remove(at, len)),
        (any::<usize>(), 0..200_usize).prop_map(|(at, len)| Edit::Repeat(at, len)),
        (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Edit::Byte(at, byte)),
    ];
    prop::collection::vec(edit, 1..6)
}

fn edited(text: &str, edits: &[Edit]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for edit in edits {
        let len = bytes.len().max(1);
        match *edit {
            Edit::Insert(at, word) => drop(bytes.splice(at % len..at % len, word.bytes())),
            Edit::Remove(at, count) => drop(bytes.drain(at % len..(at % len + count).min(bytes.len()))),
            Edit::Repeat(at, count) => {
                let part = bytes[at % len..(at % len + count).min(bytes.len())].to_vec();
                drop(bytes.splice(at % len..at % len, part));
            }
            Edit::Byte(at, byte) => bytes[at % len] = byte,
        }
    }
    bytes
}

/// Runs `share` times as many cases as `HOSTILE_CASES` says.
fn runner(share: u32) -> TestRunner {
    let cases = std::env::var("HOSTILE_CASES").map_or(500, |cases| cases.parse().expect("HOSTILE_CASES is a number"));
    let seed: u64 = match std::env::var("HOSTILE_SEED") {
        Ok(seed) => seed.parse().expect("HOSTILE_SEED is a number"),
        Err(_) => std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos() as u64,
    };
    eprintln!("HOSTILE_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = RunConfig { cases: cases * share, failure_persistence: None, ..RunConfig::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// Loads, and holds what comes out to its promises.
fn judge(path: &Path) {
    match load(path, SERVED) {
        Err(report) => {
            assert!(report.has_errors(), "refused without a reason");
            shown(&report);
        }
        Ok(config) => {
            assert!(!config.warnings.has_errors());
            shown(&config.warnings);
            let json = serde_json::to_string(&config).unwrap();
            let again: Config = serde_json::from_str(&json).unwrap();
            assert_eq!(again.routes, config.routes);
            for route in &config.routes {
                for end in [&route.source, &route.sink] {
                    if let FormatPlan::Struct(layout) = &end.format {
                        sound(layout);
                    }
                }
            }
        }
    }
}

fn shown(report: &bridge_daemon::config::Report) {
    let text = report.render(80, false);
    assert!(!text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{text:?}");
    report.to_json().unwrap();
}

fn sound(layout: &Layout) {
    assert!(layout.align.is_power_of_two() && layout.size.is_multiple_of(layout.align) && layout.size <= 1 << 30);
    // In bits.
    let mut end = 0;
    for field in &layout.fields {
        let (mut start, mut size) = (8 * field.offset, 8 * field.ty.size());
        assert!(start + size <= 8 * layout.size, "{layout:?}");
        if let Type::Bits(bits) = &field.ty {
            let (shift, width) = (usize::from(bits.shift), usize::from(bits.width));
            assert!(width > 0 && shift + width <= size, "{layout:?}");
            (start, size) = (start + shift, width);
        }
        assert!(start >= end, "{layout:?}");
        end = start + size;
        sound_type(&field.ty);
        if let Some(records) = field.live.as_ref().and_then(|live| live.records.as_ref()) {
            sound(records);
        }
    }
    assert!(end > 0, "{layout:?}");
    Tree::of(layout).unwrap_or_else(|error| panic!("{error}: {layout:?}"));
}

fn sound_type(ty: &Type) {
    match ty {
        Type::Struct(inner) => sound(inner),
        Type::Array(inner, _) => sound_type(inner),
        Type::Container(container) => match &**container {
            Container::String(..) => {}
            Container::Vector(_, inner, _) | Container::Optional(_, inner) => sound_type(inner),
        },
        _ => {}
    }
}

#[test]
fn random_bytes_are_survived() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("config.toml");
    let words = prop::collection::vec(prop::sample::select(WORDS), 0..40).prop_map(|words| words.concat().into_bytes());
    let bytes = prop_oneof![prop::collection::vec(any::<u8>(), 0..200), words];
    let result = runner(1).run(&bytes, |bytes| {
        fs::write(&path, bytes).unwrap();
        judge(&path);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn changed_configurations_are_survived() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("config.toml");
    fs::create_dir(directory.path().join("layouts")).unwrap();
    let layouts = [
        ("layouts/market.toml", fs::read_to_string("../config/layouts/market.toml").unwrap()),
        ("layouts/good.toml", fs::read_to_string("tests/check/layouts/good.toml").unwrap()),
        ("layouts/fine_parts.toml", fs::read_to_string("tests/check/layouts/fine_parts.toml").unwrap()),
    ];
    let configs: Vec<String> =
        ["../../../config/iox-bridge.toml", "fine_both_ways.toml", "fine_warnings.toml", "fine_parts.toml"]
            .map(|path| fs::read_to_string(Path::new("tests/check").join(path)).unwrap())
            .to_vec();
    let input = (prop::sample::select(configs), edits(), edits(), any::<bool>(), any::<bool>());
    let result = runner(2).run(&input, |(config, edits, layout_edits, edit_config, edit_layouts)| {
        fs::write(&path, edited(&config, if edit_config { &edits } else { &[] })).unwrap();
        for (name, text) in &layouts {
            let bytes = edited(text, if edit_layouts { &layout_edits } else { &[] });
            fs::write(directory.path().join(name), bytes).unwrap();
        }
        judge(&path);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}
