//! A document into a struct, finding every error on the way: decode, and while it fails, report the error, repair the
//! tree where it is, and decode again.
//!
//! Each round takes out or replaces one thing, so rounds are bounded by the document's size, and by [`MAX_ERRORS`].

use std::collections::HashSet;
use std::sync::Arc;

use miette::Diagnostic;
use serde::de::DeserializeOwned;
use toml::de::DeTable;

use super::de::NodeDe;
use super::error::{DecodeError, Problem, Step};
use super::node::{Entry, Kind, Node};
use super::{Report, Source, Span, did_you_mean};

/// Errors after which a file's reader is left to mend those first.
const MAX_ERRORS: usize = 100;

/// What the parser says about a key, or a table, that is there twice.
const DUPLICATE_KEY: &str = "duplicate key";

/// What came out of a file.
#[derive(Debug)]
pub struct Decoded<T> {
    /// The struct. Parts that were wrong are placeholders, which [`super::Located::sound`] tells.
    pub value: T,
    /// The text is TOML. Otherwise parts of it may not have been understood, and what is absent proves nothing.
    pub well_formed: bool,
}

/// What a document's text or its keys and values have wrong with them.
#[derive(Debug, thiserror::Error, Diagnostic)]
enum DocumentError {
    #[error("this is not TOML: {message}")]
    Syntax {
        message: String,
        #[label("here")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    #[error("unknown key `{key}`")]
    UnknownKey {
        key: String,
        #[label("not a key of this table")]
        at: Span,
        #[help]
        help: String,
    },
    #[error("the key `{key}` is missing")]
    MissingKey {
        key: &'static str,
        #[label("in this table")]
        at: Span,
        #[help]
        help: String,
    },
    #[error("expected {expected}, found {found}")]
    WrongType {
        expected: String,
        found: String,
        #[label]
        at: Span,
        #[help]
        help: Option<&'static str>,
    },
    #[error("unknown value `{written}`")]
    UnknownVariant {
        written: String,
        #[label("not a word known here")]
        at: Span,
        #[help]
        help: String,
    },
    #[error("{message}")]
    Rule {
        message: String,
        #[label]
        at: Span,
        #[help]
        help: Option<String>,
    },
    #[error("too many errors: those from here on are shown when the ones above are mended")]
    TooMany {
        #[label]
        at: Span,
    },
}

/// Decodes `source`, adding what is wrong with it to `report`. `examples` has, for keys that must be there, what one
/// could write. `None` when nothing could be made of the document at all; then an error was reported.
pub fn decode<T: DeserializeOwned>(
    source: &Arc<Source>,
    examples: &[(&str, &str)],
    report: &mut Report,
) -> Option<Decoded<T>> {
    let mut rounds = Rounds {
        source,
        examples,
        report,
        broken_lines: HashSet::new(),
        places: HashSet::new(),
        lost_header: false,
        reported: 0,
    };
    let mut value = None;
    let mut well_formed = true;
    let mut base = Some(0);
    while let Some(start) = base {
        let (table, mut errors) = DeTable::parse_recoverable(source.text().get(start..)?);
        let lost_header = errors.iter().find(|error| rounds.is_in_header(error, start)).map(toml::de::Error::span);
        rounds.lost_header = lost_header.is_some();
        if rounds.lost_header {
            errors.retain(|error| error.message() != DUPLICATE_KEY);
        }
        for error in &errors {
            rounds.syntax(error, start);
        }
        let first = start == 0;
        well_formed &= errors.is_empty();
        let tree = Node::document(&table, start);
        drop(table);
        let part = rounds.decode(tree, well_formed);
        if first {
            value = part;
        }
        // The parser gives up at some errors, and after the loss of a header nothing is where it belongs: what follows
        // is read as if it were a document of its own.
        let end = |span: Option<std::ops::Range<usize>>| start + span.map_or(0, |span| span.end);
        let last = lost_header.map(end).or_else(|| errors.iter().map(|error| end(error.span())).max());
        base = last.and_then(|last| next_header(source.text(), last)).filter(|_| rounds.reported < MAX_ERRORS);
    }
    Some(Decoded { value: value?, well_formed })
}

/// Where the first line after `from` begins that starts a table, and not one within a table that may stand before it. It
/// might be a line of a text over several lines; after an error that is worth the risk.
fn next_header(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let is_header = |at: &usize| {
        let Some(name) = rest.get(at + 1..).and_then(|line| line.strip_prefix('[')) else { return false };
        let name = name.strip_prefix('[').unwrap_or(name);
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
        end > 0 && !name.get(end..).is_some_and(|rest| rest.starts_with('.'))
    };
    let line = rest.match_indices('\n').map(|(at, _)| at).find(is_header)?;
    Some(from + line + 1)
}

struct Rounds<'a> {
    source: &'a Arc<Source>,
    examples: &'a [(&'a str, &'a str)],
    report: &'a mut Report,
    /// Lines with an error of syntax: what else seems wrong there is its consequence.
    broken_lines: HashSet<usize>,
    /// Where errors were reported: a part of the text that is read twice has them twice.
    places: HashSet<usize>,
    /// The line that starts a table has an error of syntax: its keys went to another one, so that keys seem doubled, and
    /// arrays of tables seem to be tables.
    lost_header: bool,
    reported: usize,
}

impl Rounds<'_> {
    fn decode<T: DeserializeOwned>(&mut self, mut tree: Node, well_formed: bool) -> Option<T> {
        loop {
            match T::deserialize(NodeDe(&tree)) {
                Ok(value) => return Some(value),
                Err(error) => self.report_and_repair(&mut tree, error, well_formed)?,
            }
        }
    }

    /// An error of syntax, other than a doubled key, in a line that starts a table.
    fn is_in_header(&self, error: &toml::de::Error, base: usize) -> bool {
        let at = base + error.span().map_or(0, |span| span.start);
        let line = self.source.lines_around(Span::new(at.into(), 0), (0, 0));
        error.message() != DUPLICATE_KEY
            && self.source.text().get(line.0..line.1).is_some_and(|line| line.trim_start().starts_with('['))
    }

    fn syntax(&mut self, error: &toml::de::Error, base: usize) {
        let range = error.span().unwrap_or(0..0);
        let at = Span::new((base + range.start).into(), range.len());
        let line = self.source.line_column(at.offset()).0;
        // The first complaint about a line is the one to act on.
        if self.broken_lines.insert(line) {
            let message = error.message().replace('\n', ", ");
            let help = (message == DUPLICATE_KEY)
                .then(|| "write each key once; a second table of the same kind needs [[double brackets]]".to_owned());
            self.push(DocumentError::Syntax { message, at, help }, at);
        }
    }

    /// Makes one step towards a document without errors; `None` when there is none left to make.
    fn report_and_repair(&mut self, tree: &mut Node, mut error: DecodeError, well_formed: bool) -> Option<()> {
        error.path.reverse();
        let reach = tree.reach(&error.path);
        let node = tree.at(error.path.get(..reach)?)?;
        if matches!(node.kind, Kind::Placeholder) {
            // Not even a placeholder will do here, so what is around it has to go. The cause was reported.
            return replace(tree, error.path.get(..reach.checked_sub(1)?)?);
        }
        let at = node.span;
        match error.problem {
            Problem::UnknownKey { key, known } => {
                let Kind::Table(table) = &mut node.kind else { return None };
                let at = table.get(&key)?.key_span;
                let help = key_help(&key, known, table.entries.iter().map(|entry| entry.key.as_str()));
                table.entries.retain(|entry| entry.key != key);
                table.repaired = true;
                let error = DocumentError::UnknownKey { key: shown(&key), at, help };
                table.removed.push(key);
                self.push(error, at)
            }
            Problem::MissingKey(key) => {
                let Kind::Table(table) = &mut node.kind else { return None };
                let node = Node { span: at, kind: Kind::Placeholder };
                table.entries.push(Entry { key: key.to_owned(), key_span: at, node });
                table.repaired = true;
                // It may be the very key that was taken out because it was misspelt.
                if !well_formed || table.removed.iter().any(|removed| did_you_mean(removed, [key]).is_some()) {
                    return Some(());
                }
                let example = self.examples.iter().find(|(name, _)| *name == key).map_or("...", |(_, example)| example);
                let help = format!("add `{key} = {example}`");
                self.push(DocumentError::MissingKey { key, at, help }, at)
            }
            Problem::UnknownVariant { written, known } => {
                let help = match did_you_mean(&written, known.iter().copied()) {
                    Some(near) => format!("did you mean \"{near}\"?"),
                    None => format!("write one of \"{}\"", known.join("\", \"")),
                };
                replace(tree, &error.path)?;
                self.push(DocumentError::UnknownVariant { written: shown(&written), at, help }, at)
            }
            Problem::WrongType { found, expected } => {
                replace(tree, &error.path)?;
                if self.lost_header && (expected.as_str(), found.as_str()) == ("an array", "a table") {
                    return Some(());
                }
                let help = match (expected.as_str(), found.as_str()) {
                    ("an array", "a table") => Some("for a list of tables, write each with [[double brackets]]"),
                    (wanted, "a string") if wanted.contains("number") || wanted.contains("true") => {
                        Some("write it without quotes")
                    }
                    (wanted, found)
                        if (wanted == "a string" || wanted.starts_with("one of \""))
                            && (found.starts_with("the number ") || found.starts_with("a number")) =>
                    {
                        Some("write it in quotes")
                    }
                    _ => None,
                };
                self.push(DocumentError::WrongType { expected, found, at, help }, at)
            }
            Problem::Rule(text) => {
                replace(tree, &error.path)?;
                let (message, help) = match text.split_once('\n') {
                    Some((message, help)) => (message.to_owned(), Some(help.to_owned())),
                    None => (text, None),
                };
                self.push(DocumentError::Rule { message, at, help }, at)
            }
        }
    }

    /// `None` when this was one too many.
    fn push(&mut self, error: DocumentError, at: Span) -> Option<()> {
        if !matches!(error, DocumentError::Syntax { .. })
            && self.broken_lines.contains(&self.source.line_column(at.offset()).0)
        {
            return Some(());
        }
        if !self.places.insert(at.offset()) && !matches!(error, DocumentError::MissingKey { .. }) {
            return Some(());
        }
        self.reported += 1;
        match self.reported {
            ..=MAX_ERRORS => self.report.push(self.source, error),
            _ if self.reported == MAX_ERRORS + 1 => self.report.push(self.source, DocumentError::TooMany { at }),
            _ => {}
        }
        (self.reported <= MAX_ERRORS).then_some(())
    }
}

/// Puts a placeholder at `path`, and marks the table it is in. `None` when that is the document itself and it is one.
fn replace(tree: &mut Node, path: &[Step]) -> Option<()> {
    let node = tree.at(path)?;
    if matches!(node.kind, Kind::Placeholder) {
        return None;
    }
    node.kind = Kind::Placeholder;
    for outer in (0..path.len()).rev() {
        if let Kind::Table(table) = &mut tree.at(path.get(..outer)?)?.kind {
            table.repaired = true;
            break;
        }
    }
    Some(())
}

/// What to do about a key that nobody knows.
fn key_help<'a>(key: &str, known: &[&'static str], present: impl Iterator<Item = &'a str>) -> String {
    if key == "iceoryx" && ["classic", "iceoryx2"].iter().all(|key| known.contains(key)) {
        return "write `classic` for a service of iceoryx 2.x (C++, with RouDi), or `iceoryx2` for one of iceoryx2"
            .to_owned();
    }
    if let Some(near) = did_you_mean(key, known.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    let present: Vec<_> = present.collect();
    let free: Vec<_> = known.iter().filter(|key| !present.contains(*key)).map(|key| format!("`{key}`")).collect();
    match free.is_empty() {
        true => "remove it".to_owned(),
        false => format!("remove it; this table may also have {}", free.join(", ")),
    }
}

/// A word of the operator's in a message: escaped, and cut where it is absurdly long.
fn shown(word: &str) -> String {
    let mut text: String = word.chars().take(80).collect::<String>().escape_debug().to_string();
    if word.chars().nth(80).is_some() {
        text.push_str("...");
    }
    text
}
