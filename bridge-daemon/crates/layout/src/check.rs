//! One check that the tests and a fuzz target share: whatever a layout file holds, it ends with reasons or with sound
//! layouts, and every sound layout can be looked at and written down in every language that has such a struct.

use std::sync::Arc;

use super::emit::{Language, emit};
use super::file::{EXAMPLES, LayoutFile};
use super::tree::Tree;
use super::{Layout, LayoutSet, Type, show};
use bridge_document::{Report, Source, decode};

/// Bytes of a layout up to which everything is made of it.
const SMALL: usize = 1 << 16;

/// Layouts of one file of which everything is made.
const LAYOUTS: usize = 3;

/// Reads `bytes` as a layout file.
///
/// # Panics
///
/// When a layout that was found sound is not.
pub fn check(bytes: &[u8]) {
    for layout in layouts(bytes) {
        assert_sound(&layout);
        if let Ok(tree) = Tree::of(&layout) {
            let gaps = tree.gaps();
            assert!(gaps.iter().all(|gap| gap.at + gap.len <= layout.size), "a gap is in {}", layout.name);
        }
        assert!(show::rows(&layout).iter().all(|row| row.offset + row.size <= layout.size), "{}", layout.name);
        for language in [Language::Cpp, Language::C, Language::Rust, Language::PlainRust, Language::Python] {
            // What a language cannot say is a reason, too.
            if let Err(error) = emit(&layout, language) {
                assert!(!error.to_string().is_empty(), "a refusal has a reason");
            }
        }
    }
}

/// The largest of those sound layouts of a layout file that are not too large.
#[must_use]
pub fn layouts(bytes: &[u8]) -> Vec<Arc<Layout>> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Vec::new() };
    let source = Arc::new(Source::new("fuzz.toml".to_owned(), text.to_owned()));
    let mut report = Report::default();
    let set = decode::<LayoutFile>(&source, EXAMPLES, &mut report)
        .map(|file| LayoutSet::new(&[(Arc::clone(&source), file.value)], file.well_formed, &mut report));
    // Whoever wrote the file gets to see these.
    for finding in report.findings() {
        assert!(!finding.to_string().is_empty(), "a finding has words");
        let _ = (finding.position(), finding.notes(), finding.help());
    }
    let Some(set) = set else { return Vec::new() };
    let found = set.names().filter_map(|name| set.get(name).flatten());
    let mut found: Vec<Arc<Layout>> = found.filter(|layout| layout.size <= SMALL).cloned().collect();
    // The largest contain the others, and one input should always do the same.
    found.sort_by(|a, b| (b.size, &a.name).cmp(&(a.size, &b.name)));
    found.truncate(LAYOUTS);
    found
}

/// Looks at everything that [`Layout`] promises.
///
/// # Panics
///
/// When it is not so.
pub fn assert_sound(layout: &Layout) {
    assert!(layout.align.is_power_of_two() && layout.size.is_multiple_of(layout.align), "{layout:?}");
    let mut end = 0;
    for field in &layout.fields {
        assert!(field.offset + field.ty.size() <= layout.size, "`{}` exceeds {}", field.name, layout.name);
        // Bit-fields share an integer.
        if !matches!(field.ty, Type::Bits(_)) {
            assert!(field.offset >= end, "`{}` overlaps in {}", field.name, layout.name);
            end = field.offset + field.ty.size();
        }
    }
}
