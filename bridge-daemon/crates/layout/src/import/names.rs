//! Names of types: how C++ and Rust write them, how the operator may write them, and what a layout can be called.

use std::collections::HashSet;

pub(super) use super::super::name::parts;
use bridge_document::on_one_line;

/// Bytes of a layout's name.
const MAX_NAME: usize = 255;

/// A type's name as two spellings of it compare equal: no space that C++ does not need, no suffixes of numbers.
pub(super) fn normal(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    let mut space = false;
    let mut number = false;
    for c in name.chars() {
        if c.is_whitespace() {
            space = true;
            continue;
        }
        let word = is_word(c);
        let before = normal.chars().next_back();
        if space && word && before.is_some_and(is_word) {
            normal.push(' ');
        }
        let begins = space || !before.is_some_and(is_word);
        space = false;
        // `Matrix<double, 3ul>` is what some compilers write for `Matrix<double, 3>`.
        number = if begins { c.is_ascii_digit() } else { number && word };
        if number && matches!(c, 'u' | 'U' | 'l' | 'L') {
            continue;
        }
        normal.push(c);
    }
    normal
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// What can be written after `--type` at all: it becomes part of a C++ source.
pub(super) fn is_type_name(name: &str) -> bool {
    let harmless = |c: char| !c.is_control() && !matches!(c, ';' | '{' | '}' | '"' | '\'' | '\\' | '#' | '?');
    !name.trim().is_empty() && name.len() <= 4096 && name.chars().all(harmless) && !name.contains("//")
}

/// The names of layouts that were given out.
#[derive(Debug, Default)]
pub(super) struct LayoutNames(HashSet<String>);

impl LayoutNames {
    /// A name that no other layout has, as near to the type's name as a layout's name can be.
    pub(super) fn unique(&mut self, type_name: &str) -> String {
        let mut name: String = normal(type_name).chars().map(layout_char).take(MAX_NAME - 16).collect();
        if name.is_empty() || crate::is_basic_type(&name) {
            name.insert(0, '_');
        }
        let first = name.clone();
        let mut number = 2;
        while !self.0.insert(name.clone()) {
            name = format!("{first}-{number}");
            number += 1;
        }
        name
    }
}

/// The character itself if the name of a layout can hold it.
fn layout_char(c: char) -> char {
    if c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '<' | '>' | ',' | '.' | '-') { c } else { '_' }
}

/// "`a`, `b` and 3 more".
pub(super) fn list(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{}`", on_one_line(name))).collect();
    if names.len() > SHOWN {
        shown.push(format!("{} more", names.len() - SHOWN));
    }
    let last = shown.pop().unwrap_or_default();
    if shown.is_empty() { last } else { format!("{} and {last}", shown.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_type_are_equal() {
        for (a, b) in [
            ("Matrix<double, 3>", "Matrix < double,3 >"),
            ("Matrix<double, 3>", "Matrix<double, 3ul>"),
            ("A<unsigned int>", "A<  unsigned   int >"),
            ("A<B<int> >", "A<B<int>>"),
            ("md :: Tick", "md::Tick"),
        ] {
            assert_eq!(normal(a), normal(b));
        }
        assert_eq!(normal("A<unsigned int>"), "A<unsigned int>");
        assert_eq!(normal("v3ul::Tick1u"), "v3ul::Tick1u");
    }

    #[test]
    fn parts_end_at_colons_outside_of_brackets() {
        assert_eq!(parts("a::B<c::D, e::F>::G"), ["a", "B<c::D, e::F>", "G"]);
        assert_eq!(parts("::A"), ["", "A"]);
        assert_eq!(parts("A>>::B"), ["A>>", "B"]);
        assert_eq!(parts("a:::b"), ["a", ":b"]);
    }

    #[test]
    fn layouts_have_names_of_their_own() {
        let mut names = LayoutNames::default();
        assert_eq!(names.unique("Matrix<double, 3>"), "Matrix<double,3>");
        assert_eq!(names.unique("Matrix<double,3>"), "Matrix<double,3>-2");
        assert_eq!(names.unique("A<unsigned int>"), "A<unsigned_int>");
        assert_eq!(names.unique("u8"), "_u8");
        assert!(names.unique(&"x".repeat(1000)).len() <= MAX_NAME);
        assert_eq!(names.unique("größe"), "gr__e");
    }
}
