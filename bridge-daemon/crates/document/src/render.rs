//! How a report looks: with the lines it is about for a person, as JSON for a program.

use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};
use serde::Serialize;

use super::{Finding, Position, Report};

/// Columns that a report takes where nobody says how wide the terminal is.
const DEFAULT_WIDTH: usize = 100;

impl Report {
    /// The report for a person: each finding with its lines, at most `width` columns wide where words allow it.
    #[must_use]
    pub fn render(&self, width: usize, color: bool) -> String {
        let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false);
        let mut text = String::new();
        for finding in self.findings() {
            // Writing to a String cannot fail; what miette could not draw is said in one plain line instead.
            if finding.source_code().is_none() || handler.render_report(&mut text, finding).is_err() {
                text.push_str(&plain(finding));
            }
            text.push('\n');
        }
        text
    }

    /// The report for a program: a JSON array with one object a finding.
    ///
    /// # Errors
    /// Never in practice: strings and numbers can always be written.
    pub fn to_json(&self) -> Result<serde_json::Value, serde_json::Error> {
        serde_json::to_value(self.findings().iter().map(Entry::from).collect::<Vec<_>>())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(DEFAULT_WIDTH, false))
    }
}

impl std::error::Error for Report {}

/// A finding without its lines: they are too long to show, or there are none.
fn plain(finding: &Finding) -> String {
    let Position { file, line, column } = finding.position();
    let sign = if finding.is_error() { '×' } else { '⚠' };
    let place = if finding.labels().is_some() { format!("{file}:{line}:{column}") } else { file };
    let mut text = format!("  {sign} {place}: {finding}\n");
    let mut source = std::error::Error::source(finding);
    while let Some(error) = source {
        text.push_str(&format!("  ╰─▶ {error}\n"));
        source = error.source();
    }
    if let Some(help) = finding.help() {
        text.push_str(&format!("  help: {help}\n"));
    }
    text
}

#[derive(Serialize)]
struct Entry {
    file: String,
    line: usize,
    column: usize,
    severity: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    notes: Vec<Note>,
}

#[derive(Serialize)]
struct Note {
    line: usize,
    column: usize,
    text: String,
}

impl From<&Finding> for Entry {
    fn from(finding: &Finding) -> Self {
        let Position { file, line, column } = finding.position();
        let mut message = finding.to_string();
        let mut source = std::error::Error::source(finding);
        while let Some(error) = source {
            message.push_str(": ");
            message.push_str(&error.to_string());
            source = error.source();
        }
        let notes = finding.notes().into_iter().map(|(at, text)| Note { line: at.line, column: at.column, text });
        let severity = if finding.is_error() { "error" } else { "warning" };
        Self { file, line, column, severity, message, help: finding.help(), notes: notes.collect() }
    }
}
