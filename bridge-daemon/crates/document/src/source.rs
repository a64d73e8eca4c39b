//! One file the operator wrote: its name, its text, and where its lines start. Immutable once read; shared by every
//! finding about it.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::Span;

/// The largest file that is read, in bytes.
pub const MAX_FILE_SIZE: u64 = 16 * 1024 * 1024;

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The operating system said no.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Larger than [`MAX_FILE_SIZE`].
    #[error("it is larger than {} MiB", MAX_FILE_SIZE >> 20)]
    TooLarge,
    /// A pipe with a name: whoever opens it waits until somebody writes to it.
    #[error("it is a pipe, not a file")]
    Pipe,
    /// As some editors save text.
    #[error("it is UTF-16 text; save it as UTF-8")]
    Utf16,
    /// Not UTF-8 text from this line and column on.
    #[error("it is not UTF-8 text: line {line}, column {column} holds a byte that no character has")]
    NotText {
        /// Counted from 1.
        line: usize,
        /// Characters, counted from 1.
        column: usize,
    },
}

/// A file's text with its name.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    /// `text` with control characters replaced, byte for byte, so that a file cannot steer the reader's terminal.
    shown: String,
    line_starts: Vec<usize>,
}

impl Source {
    /// Reads the file at `path` and calls it `name` from then on.
    ///
    /// # Errors
    /// When it cannot be read, is larger than [`MAX_FILE_SIZE`], or is not UTF-8.
    pub fn read(path: &Path, name: String) -> Result<Self, ReadError> {
        // One without a name, as `<(...)` of a shell makes it, has somebody at its other end.
        if fs::metadata(path)?.file_type().is_fifo() && path.canonicalize().is_ok() {
            return Err(ReadError::Pipe);
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(MAX_FILE_SIZE + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_FILE_SIZE {
            return Err(ReadError::TooLarge);
        }
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(ReadError::Utf16);
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(name, text)),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes().get(..valid).unwrap_or_default()).into_owned();
                let (line, column) = Self::new(name, text).line_column(valid);
                Err(ReadError::NotText { line, column })
            }
        }
    }

    /// A text that is already in memory.
    #[must_use]
    pub fn new(name: String, text: String) -> Self {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let shown = text.chars().map(shown_char).collect();
        Self { name: on_one_line(&name), text, shown, line_starts }
    }

    /// The name that findings give it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text as it was read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte, both counted from 1; columns are characters. Past the end is the end.
    #[must_use]
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let line = self.line_of(offset);
        let start = self.line_starts.get(line).copied().unwrap_or(0);
        let end = offset.min(self.text.len());
        let column = self.text.as_bytes().get(start..end).map_or(0, |before| {
            // Continuation bytes of UTF-8 are no characters of their own.
            before.iter().filter(|byte| (**byte & 0xC0) != 0x80).count()
        });
        (line + 1, column + 1)
    }

    /// The lines that `span` touches with `around` more on either side, as bytes of the text.
    pub(super) fn lines_around(&self, span: Span, around: (usize, usize)) -> (usize, usize) {
        let first = self.line_of(span.offset()).saturating_sub(around.0);
        let last = self.line_of(span.offset().saturating_add(span.len().saturating_sub(1))).saturating_add(around.1);
        let start = self.line_starts.get(first).copied().unwrap_or(0);
        let end = self.line_starts.get(last.saturating_add(1)).map_or(self.text.len(), |next| next - 1);
        (start, end.max(start))
    }

    /// The longest of the lines within `start .. end`, in bytes.
    pub(super) fn longest_line(&self, start: usize, end: usize) -> usize {
        self.shown.get(start..end).map_or(0, |text| text.split('\n').map(str::len).max().unwrap_or(0))
    }

    fn line_of(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset.min(self.text.len())).saturating_sub(1)
    }
}

/// Somebody else's words, fit for one line of a terminal or a log.
pub fn on_one_line(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '\n' | '\t') { ' ' } else { shown_char(c) }).collect()
}

/// A character that takes as many bytes and does nothing to a terminal.
fn shown_char(c: char) -> char {
    match c {
        '\n' | '\t' => c,
        '\r' => ' ',
        c if c.is_control() && c.len_utf8() == 1 => '?',
        c if c.is_control() => '·',
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
        c => c,
    }
}

impl SourceCode for Source {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        if span.offset().saturating_add(span.len()) > self.shown.len() {
            return Err(MietteError::OutOfBounds);
        }
        let (start, end) = self.lines_around(*span, (lines_before, lines_after));
        let data = self.shown.as_bytes().get(start..end).ok_or(MietteError::OutOfBounds)?;
        let first_line = self.line_of(start);
        // Asked without context, miette wants the place of the span; with context, where the excerpt begins.
        let (line, column) = if lines_before == 0 && lines_after == 0 {
            let (line, column) = self.line_column(span.offset());
            (line - 1, column - 1)
        } else {
            (first_line, 0)
        };
        let excerpt = SourceSpan::new(start.into(), end - start);
        // By this number miette knows whether two excerpts touch.
        let lines = data.iter().filter(|byte| **byte == b'\n').count() + 1;
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), data, excerpt, line, column, lines)))
    }
}
