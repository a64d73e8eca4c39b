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
    let name = path.display().to_string();
    match Source::read(path, name.clone()) {
        Ok(source) => checked(source),
        Err(source) => {
            let mut report = Report::default();
            report.push(&Arc::new(Source::new(name, String::new())), Unreadable { source });
            Err(report)
        }
    }
}

/// Checks the text of a layout file, which errors call `name`.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn parse(name: &str, text: &str) -> Result<LayoutSet, Report> {
    checked(Source::new(name.to_owned(), text.to_owned()))
}

fn checked(source: Source) -> Result<LayoutSet, Report> {
    let (mut report, source) = (Report::default(), Arc::new(source));
    let set = decode::<LayoutFile>(&source, EXAMPLES, &mut report)
        .map(|file| LayoutSet::new(&[(Arc::clone(&source), file.value)], file.well_formed, &mut report));
    report.sort(&[source]);
    match set {
        Some(set) if !report.has_errors() => Ok(set),
        _ => Err(report),
    }
}
