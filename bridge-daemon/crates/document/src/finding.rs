//! One thing that is wrong, or doubtful, in a file: any miette diagnostic together with the file it is about.

use std::fmt;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, Severity, SourceCode};

use super::{Source, Span, on_one_line};

/// Lines longer than this are not shown; their place and what is wrong with them still are.
const MAX_SHOWN_LINE: usize = 400;

/// A diagnostic about one file. Its words may hold words of the file, so they are made fit for a terminal here.
pub struct Finding {
    source: Arc<Source>,
    what: Box<dyn Diagnostic + Send + Sync>,
}

/// Where a finding is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The file, as it was named by the operator.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// Characters, counted from 1.
    pub column: usize,
}

impl Finding {
    /// `what` is wrong in `source`; its labels are bytes of that file.
    pub fn new(source: &Arc<Source>, what: impl Diagnostic + Send + Sync + 'static) -> Self {
        Self { source: Arc::clone(source), what: Box::new(what) }
    }

    /// The place the operator should go to.
    #[must_use]
    pub fn position(&self) -> Position {
        let (line, column) = self.source.line_column(self.offset());
        Position { file: self.source.name().to_owned(), line, column }
    }

    /// What else is shown, with its place: every label that has a text.
    #[must_use]
    pub fn notes(&self) -> Vec<(Position, String)> {
        let note = |label: LabeledSpan| {
            let (line, column) = self.source.line_column(label.offset());
            let position = Position { file: self.source.name().to_owned(), line, column };
            label.label().map(|text| (position, text.to_owned()))
        };
        self.labels().into_iter().flatten().filter_map(note).collect()
    }

    /// It stops the configuration from being used; otherwise it is a warning.
    #[must_use]
    pub fn is_error(&self) -> bool {
        !matches!(self.what.severity(), Some(Severity::Warning | Severity::Advice))
    }

    /// What to write instead.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        Diagnostic::help(self).map(|help| help.to_string())
    }

    /// The first byte of the primary label; with none said to be primary, of the first one given.
    pub(super) fn offset(&self) -> usize {
        let labels: Vec<_> = self.what.labels().into_iter().flatten().collect();
        labels.iter().find(|label| label.primary()).or(labels.first()).map_or(0, LabeledSpan::offset)
    }

    /// It is about this very file.
    pub(super) fn is_about(&self, source: &Arc<Source>) -> bool {
        Arc::ptr_eq(&self.source, source)
    }

    /// The lines it is about can be shown.
    pub(super) fn has_snippet(&self) -> bool {
        let mut labels = self.what.labels().into_iter().flatten().peekable();
        labels.peek().is_some()
            && labels.all(|label| {
                let (start, end) = self.source.lines_around(Span::new(label.offset().into(), label.len()), (1, 1));
                self.source.longest_line(start, end) <= MAX_SHOWN_LINE
            })
    }
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { file, line, column } = self.position();
        write!(f, "{file}:{line}:{column}: {self}")
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&on_one_line(&self.what.to_string()))
    }
}

impl std::error::Error for Finding {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.what.source()
    }
}

impl Diagnostic for Finding {
    fn severity(&self) -> Option<Severity> {
        self.what.severity()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.what.help().map(|help| Box::new(on_one_line(&help.to_string())) as Box<dyn fmt::Display>)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let clean = |label: LabeledSpan| {
            let text = label.label().map(on_one_line);
            match label.primary() {
                true => LabeledSpan::new_primary_with_span(text, *label.inner()),
                false => LabeledSpan::new_with_span(text, *label.inner()),
            }
        };
        self.what.labels().map(|labels| Box::new(labels.map(clean)) as Box<dyn Iterator<Item = LabeledSpan>>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        if self.has_snippet() { Some(&*self.source) } else { None }
    }
}
