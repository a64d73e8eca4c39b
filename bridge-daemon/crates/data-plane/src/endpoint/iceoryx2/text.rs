//! Texts of iceoryx2, which may be of any length.

use std::fmt::{self, Arguments, Write};

/// What is to be shown, cut after so many characters, with the number of those that are missing.
pub(super) fn cut(text: Arguments<'_>, longest: usize) -> String {
    struct Cut {
        kept: String,
        room: usize,
        missing: usize,
    }
    impl Write for Cut {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            let mut rest = text.chars();
            let before = self.kept.chars().count();
            self.kept.extend(rest.by_ref().take(self.room));
            self.room -= self.kept.chars().count() - before;
            self.missing += rest.count();
            Ok(())
        }
    }
    let mut shown = Cut { kept: String::new(), room: longest, missing: 0 };
    // Whatever a value's own way of being shown makes of it: what came so far is of use.
    let _ = shown.write_fmt(text);
    let Cut { mut kept, missing, .. } = shown;
    if missing > 0 {
        let _ = write!(kept, "\u{2026} ({missing} characters more)");
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        assert_eq!(cut(format_args!("{}", "short"), 5), "short");
        assert_eq!(cut(format_args!("{}{}", "ab\u{e9}", "def"), 4), "ab\u{e9}d\u{2026} (2 characters more)");
        let endless = "x".repeat(30_000);
        assert!(cut(format_args!("{endless}"), 400).len() < 450);
    }
}
