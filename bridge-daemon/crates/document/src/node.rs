//! A parsed document as a tree that can be repaired: what is wrong is taken out or replaced, so that decoding can go on
//! and find the next error.

use miette::SourceSpan;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Span;
use super::error::Step;

/// A value with its place.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Kind {
    Text(String),
    /// Numbers beyond `i128` are kept as its nearest value; nothing accepts either.
    Integer(i128),
    Float(f64),
    Bool(bool),
    Datetime,
    Array(Vec<Node>),
    Table(Table),
    /// Something wrong stood here and was reported: it decodes as whatever is asked for.
    Placeholder,
}

/// The entries of a table.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) entries: Vec<Entry>,
    /// Something was taken out, replaced, or added.
    pub(super) repaired: bool,
    /// The keys that were taken out.
    pub(super) removed: Vec<String>,
}

/// One key with its value.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_span: Span,
    pub(super) node: Node,
}

impl Node {
    /// The tree of a document that begins at the byte `base` of its file. `toml` limits how deep values nest, so
    /// recursion is safe here.
    pub(super) fn document(table: &Spanned<DeTable<'_>>, base: usize) -> Self {
        Self { span: span(&table.span(), base), kind: Kind::Table(Table::new(table.get_ref(), base)) }
    }

    fn new(value: &Spanned<DeValue<'_>>, base: usize) -> Self {
        let kind = match value.get_ref() {
            DeValue::String(text) => Kind::Text(text.clone().into_owned()),
            DeValue::Integer(number) => Kind::Integer(integer(number.as_str(), number.radix())),
            DeValue::Float(number) => Kind::Float(number.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(truth) => Kind::Bool(*truth),
            DeValue::Datetime(_) => Kind::Datetime,
            DeValue::Array(items) => Kind::Array(items.iter().map(|item| Self::new(item, base)).collect()),
            DeValue::Table(table) => Kind::Table(Table::new(table, base)),
        };
        Self { span: span(&value.span(), base), kind }
    }

    /// How many of the path's steps can be gone: all of them, unless there is nothing inside what one leads to.
    pub(super) fn reach(&self, path: &[Step]) -> usize {
        let mut node = self;
        for (taken, step) in path.iter().enumerate() {
            let child = match (&node.kind, step) {
                (Kind::Table(table), Step::Key(key)) => table.get(key).map(|entry| &entry.node),
                (Kind::Array(items), Step::Index(index)) => items.get(*index),
                _ => None,
            };
            let Some(child) = child else { return taken };
            node = child;
        }
        path.len()
    }

    /// The node that the path leads to; this one for an empty path.
    pub(super) fn at(&mut self, path: &[Step]) -> Option<&mut Self> {
        path.iter().try_fold(self, Self::child)
    }

    fn child(&mut self, step: &Step) -> Option<&mut Self> {
        match (&mut self.kind, step) {
            (Kind::Table(table), Step::Key(key)) => table.get_mut(key),
            (Kind::Array(items), Step::Index(index)) => items.get_mut(*index),
            _ => None,
        }
    }
}

impl Table {
    fn new(table: &DeTable<'_>, base: usize) -> Self {
        let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| Entry {
            key: AsRef::<str>::as_ref(key.get_ref()).to_owned(),
            key_span: span(&key.span(), base),
            node: Node::new(value, base),
        };
        let mut entries: Vec<_> = table.iter().map(entry).collect();
        entries.sort_by_key(|entry| entry.key_span.offset());
        Self { entries, repaired: false, removed: Vec::new() }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.entries.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.node)
    }
}

fn integer(digits: &str, radix: u32) -> i128 {
    let nearest = if digits.starts_with('-') { i128::MIN } else { i128::MAX };
    i128::from_str_radix(digits, radix).unwrap_or(nearest)
}

fn span(range: &std::ops::Range<usize>, base: usize) -> Span {
    SourceSpan::new((base + range.start).into(), range.len())
}
