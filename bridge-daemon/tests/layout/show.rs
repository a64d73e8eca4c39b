//! The picture of a layout's bytes.

use std::path::Path;

use bridge_daemon::cli::layout::picture;
use bridge_daemon::layout::show::rows;

use crate::compilers::{expect, file, layout};

#[test]
fn the_picture_is_as_expected_and_fits_a_terminal() {
    let picture = picture(&layout(&file("emit/everything.toml"), "md::Everything"));
    expect(&file("emit/everything.show"), &picture);
    let widest = picture.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{widest:?} columns");
}

#[test]
fn every_byte_is_in_one_row_of_a_level() {
    let layout = layout(&file("emit/everything.toml"), "md::Everything");
    let mut end = 0;
    for row in rows(&layout).iter().filter(|row| row.depth == 0) {
        assert_eq!(row.offset, end);
        assert_eq!(row.ty.is_none(), row.path.is_none());
        end += row.size;
    }
    assert_eq!(end, layout.size);
    let paths: Vec<String> = rows(&layout).into_iter().filter_map(|row| row.path).collect();
    assert!(paths.contains(&"ticks[0][0].price".to_owned()), "{paths:?}");
    assert!(paths.contains(&"Packed.b".to_owned()), "{paths:?}");
}

#[test]
fn bits_live_parts_and_containers_are_in_the_picture() {
    let batch = layout(Path::new("tests/check/layouts/fine_parts.toml"), "Batch");
    expect(&file("parts.show"), &picture(&batch));
    let json = serde_json::to_value(rows(&batch)).unwrap();
    let row = |path: &str| json.as_array().unwrap().iter().find(|row| row["path"] == path).unwrap().clone();
    assert_eq!(
        row("ticks[0].venue"),
        serde_json::json!({
            "offset": 14, "size": 2, "bit": 3, "bits": 9, "type": "u16", "path": "ticks[0].venue", "depth": 1
        })
    );
    let part = json.as_array().unwrap().iter().find(|row| row["part"] == "length").unwrap();
    assert_eq!((&part["path"], &part["type"], &part["size"]), (&"names[0]".into(), &"u64".into(), &8.into()));
    // Every bit of the struct, and of the first record in it, is in one row.
    for (start, size, within) in [(0, batch.size, ""), (8, 16, "ticks[0].")] {
        let mut end = 8 * start;
        let depth = usize::from(!within.is_empty());
        let level = rows(&batch)
            .into_iter()
            .filter(|row| row.depth == depth && (8 * start..8 * (start + size)).contains(&(8 * row.offset)));
        for row in level {
            let (first, len) = match row.bits {
                Some(bits) => (8 * row.offset + usize::from(bits.bit), bits.bits),
                None => (8 * row.offset, 8 * row.size),
            };
            assert_eq!(first, end, "{row:?}");
            end += len;
        }
        assert_eq!(end, 8 * (start + size));
    }
}
