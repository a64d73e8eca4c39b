//! A layout file by itself, for the commands that look at layouts.

use std::path::Path;
use std::sync::Arc;

use miette::Diagnostic;

use super::LayoutSet;
use super::file::{EXAMPLES, LayoutFile};
use bridge_document::{ReadError, Report, Source, decode};

/// The file cannot be used.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("the layout file could not be read")]
#[diagnostic(help("check the path given with --file"))]
struct Unreadable {
    source: ReadError,
}

/// Reads and checks the layout file at `path`.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn load(path: &Path) -> Result<LayoutSet, Report> {
    let mut report = Report::default();
    let name = path.display().to_string();
    let source = match Source::read(path, name.clone()) {
        Ok(source) => Arc::new(source),
        Err(source) => {
            report.push(&Arc::new(Source::new(name, String::new())), Unreadable { source });
            return Err(report);
        }
    };
    let set = decode::<LayoutFile>(&source, EXAMPLES, &mut report)
        .map(|file| LayoutSet::new(&[(Arc::clone(&source), file.value)], file.well_formed, &mut report));
    report.sort(&[source]);
    match set {
        Some(set) if !report.has_errors() => Ok(set),
        _ => Err(report),
    }
}
