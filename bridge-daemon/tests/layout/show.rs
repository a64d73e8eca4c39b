//! The picture of a layout's bytes.

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
