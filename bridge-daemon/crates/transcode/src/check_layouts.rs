//! One check that the tests and a fuzz target share: of every sound layout in a layout file transcoders can be compiled,
//! or there is a reason; and what they write of a struct, they read again.

use std::sync::Arc;

use super::check::guarded;
use super::{Reject, Transcoder};
use crate::format::{FormatPlan, Shape, Tolerance};
use bridge_layout::{Layout, check};

/// Reads `bytes` as a layout file.
///
/// # Panics
///
/// When a byte outside of the output was written, or a document does not survive a round trip.
pub fn check(bytes: &[u8]) {
    check::check(bytes);
    for layout in check::layouts(bytes) {
        for document in [FormatPlan::Msgpack(Shape::Map, Tolerance::default()), FormatPlan::Json(Tolerance::default())]
        {
            round_trip(&layout, &document, bytes);
        }
    }
}

/// Writes structs of the layout, of zeros and of the bytes of the file itself, as documents.
fn round_trip(layout: &Arc<Layout>, document: &FormatPlan, bytes: &[u8]) {
    let layout = FormatPlan::Struct(Arc::clone(layout));
    let FormatPlan::Struct(fixed) = &layout else { return };
    let (Ok(encoder), Ok(decoder)) = (Transcoder::compile(&layout, document), Transcoder::compile(document, &layout))
    else {
        return;
    };
    let repeated: Vec<u8> = bytes.iter().copied().cycle().take(fixed.size).collect();
    for sample in [vec![0; fixed.size], repeated] {
        let Ok(shown) = guarded(&encoder, &sample) else { continue };
        let read = match guarded(&decoder, &shown) {
            // A string may hold what its own stack would not have put there: it is shown, but not written.
            Err(Reject::InvalidText) => continue,
            read => read.expect("what was written can be read"),
        };
        let again = guarded(&encoder, &read).expect("what was read can be written");
        assert_eq!(again, shown, "a round trip changes nothing");
    }
}

#[cfg(test)]
mod tests {
    //! What the fuzz targets begin with, and changes of it.

    use std::fs;
    use std::path::{Path, PathBuf};

    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::super::check::{self as documents, everything, guarded};
    use super::*;

    fn folder(target: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fuzz/corpus-seed").join(target)
    }

    fn seeds(target: &str) -> Vec<Vec<u8>> {
        let files = fs::read_dir(folder(target)).expect("there are seeds");
        let seeds: Vec<Vec<u8>> = files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
        assert!(!seeds.is_empty(), "{target} has no seeds");
        seeds
    }

    /// One of the inputs with some bytes changed, left out or said twice.
    fn changed(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
        let change = (any::<Index>(), 0_u8..4, any::<u8>(), 1_usize..24);
        (prop::sample::select(seeds), prop::collection::vec(change, 0..12)).prop_map(|(mut bytes, changes)| {
            for (at, kind, byte, len) in changes {
                if bytes.is_empty() {
                    break;
                }
                let at = at.index(bytes.len());
                let end = (at + len).min(bytes.len());
                match kind {
                    0 => bytes[at] = byte,
                    1 => bytes[at] ^= 1 << (byte % 8),
                    2 => drop(bytes.drain(at..end)),
                    _ => {
                        let again = bytes[at..end].to_vec();
                        bytes.splice(at..at, again);
                    }
                }
            }
            bytes
        })
    }

    #[test]
    fn seeds_reach_what_lies_behind_the_first_checks() {
        for (target, document) in [
            ("msgpack_decode", FormatPlan::Msgpack(Shape::Map, Tolerance::default())),
            ("json_decode", FormatPlan::Json(Tolerance::default())),
        ] {
            let layout = FormatPlan::Struct(everything());
            let decoder = Transcoder::compile(&document, &layout).unwrap();
            if std::env::var_os("UPDATE_EXPECTED").is_some() && target != "json_decode" {
                // From those in JSON, which are written by hand.
                let json = FormatPlan::Json(Tolerance::default());
                let read = Transcoder::compile(&json, &layout).unwrap();
                let write = Transcoder::compile(&layout, &document).unwrap();
                for (number, seed) in seeds("json_decode").iter().enumerate() {
                    let bytes = guarded(&write, &guarded(&read, seed).unwrap()).unwrap();
                    fs::write(folder(target).join(format!("json-{number}")), bytes).unwrap();
                }
            }
            for seed in seeds(target) {
                guarded(&decoder, &seed).expect("a seed is a document");
            }
        }
        for seed in seeds("layout_toml") {
            assert!(!check::layouts(&seed).is_empty(), "a seed has layouts");
        }
    }

    proptest! {
        #[test]
        fn changed_documents_are_read_or_refused(bytes in changed(seeds("msgpack_decode"))) {
            documents::check(&bytes);
        }

        #[test]
        fn changed_json_is_read_or_refused(bytes in changed(seeds("json_decode"))) {
            documents::check_json(&bytes);
        }

        #[test]
        fn changed_layout_files_are_read_or_refused(bytes in changed(seeds("layout_toml"))) {
            check(&bytes);
        }
    }
}
