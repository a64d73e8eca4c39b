//! Names that a language can have, for layouts and fields that may be called anything.

use std::collections::{HashMap, HashSet};

use super::super::Enum;
use super::lower::Group;
use super::place::Item;

/// A name as an identifier: the characters that identifiers have, and no word that the language keeps for itself.
pub(super) fn identifier(name: &str, reserved: &str) -> String {
    let mut word: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect();
    if word.is_empty() || word.starts_with(|c: char| c.is_ascii_digit()) {
        word.insert(0, '_');
    }
    // Compilers keep these for themselves, and define macros of such names; `_` alone is no name in Rust.
    if word.starts_with("__") || word == "_" {
        word.insert(0, 'f');
    }
    if is_word_of(&word, reserved) {
        word.push('_');
    }
    word
}

/// Whether `word` is one of `words`, which spaces separate.
pub(super) fn is_word_of(word: &str, words: &str) -> bool {
    words.split_ascii_whitespace().any(|one| one == word)
}

/// Identifiers of one scope.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope(HashSet<String>);

impl Scope {
    /// Someone has this identifier.
    pub(super) fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    /// The identifier, or one like it that nobody else has.
    pub(super) fn unique(&mut self, word: String) -> String {
        let first = word.clone();
        let mut word = word;
        let mut number = 2;
        while !self.0.insert(word.clone()) {
            word = format!("{first}_{number}");
            number += 1;
        }
        word
    }
}

/// Identifiers for the items of a struct, none of which is among `taken`.
pub(super) fn of_items(items: &[Item<'_>], reserved: &str, taken: &HashSet<String>) -> Vec<String> {
    let mut scope = Scope(taken.clone());
    let fields: Vec<Option<String>> = items
        .iter()
        .map(|item| match item {
            Item::Field(field) => Some(scope.unique(identifier(&field.name, reserved))),
            Item::Padding(_) | Item::BitPadding(_) => None,
        })
        .collect();
    let mut number = 0;
    let mut padding = || {
        loop {
            let name = format!("_padding{number}");
            number += 1;
            if scope.0.insert(name.clone()) {
                return name;
            }
        }
    };
    let name = |(field, item): (Option<String>, &Item<'_>)| match item {
        // Bits need no name to be there.
        Item::BitPadding(_) => String::new(),
        _ => field.unwrap_or_else(&mut padding),
    };
    fields.into_iter().zip(items).map(name).collect()
}

/// Identifiers for bit-fields of a struct whose items are called `taken`, by their names in the layout.
pub(super) fn of_bits(groups: &[Group], reserved: &str, taken: &[String]) -> HashMap<String, String> {
    let mut scope = Scope(taken.iter().cloned().collect());
    let names = groups.iter().flat_map(|group| &group.fields).map(|bits| &bits.field.name);
    names.map(|name| (name.clone(), scope.unique(identifier(name, reserved)))).collect()
}

/// Identifiers for types in a language without namespaces: the last part of the name where that is unique, else all of it.
pub(super) fn of_types<'a>(
    names: impl Iterator<Item = &'a str> + Clone,
    reserved: &str,
    short: bool,
) -> HashMap<String, String> {
    let mut count: HashMap<&str, usize> = HashMap::new();
    for name in names.clone() {
        *count.entry(last_part(name)).or_default() += 1;
    }
    let mut scope = Scope::default();
    let mut identifier_of = |name: &str| {
        let last = last_part(name);
        let word = if short && count.get(last) == Some(&1) { last } else { name };
        let word = word.replace("::", "_");
        (name.to_owned(), scope.unique(identifier(word.trim_end_matches(['>', '_']), reserved)))
    };
    names.map(&mut identifier_of).collect()
}

/// Identifiers for the values of an enum, each after `prefix`.
pub(super) fn of_values(named: &Enum, reserved: &str, prefix: &str) -> Vec<String> {
    let mut scope = Scope::default();
    let values = named.values.iter();
    values.map(|(name, _)| scope.unique(identifier(&format!("{prefix}{name}"), reserved))).collect()
}

/// What stands after the last `::` outside of `<>`.
pub(super) fn last_part(name: &str) -> &str {
    parts(name).last().copied().unwrap_or(name)
}

/// The parts between `::`, those within `<>` not counted.
pub(super) fn parts(name: &str) -> Vec<&str> {
    super::super::name::parts(name)
}

/// A name that can stand in a comment of any of the languages that ends with its line.
pub(super) fn comment(name: &str) -> String {
    let shown = bridge_document::on_one_line(name);
    shown.replace('\\', "/").replace('\t', " ")
}
