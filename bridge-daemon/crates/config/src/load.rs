//! From a path to a [`Config`] or to every reason why there is none.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::Diagnostic;

use super::bridge::FilePath;
use super::check;
use super::document::{Decoded, Located, ReadError, Report, Source, Span, decode};
use super::file::ConfigFile;
use super::plan::Config;
use super::served::Served;
use bridge_layout::LayoutSet;
use bridge_layout::file::{EXAMPLES as LAYOUT_EXAMPLES, LayoutFile};

/// What to write for keys that are missing in a configuration.
const EXAMPLES: &[(&str, &str)] = &[
    ("version", "1"),
    ("name", "\"ticks\""),
    ("from", "{ classic = { ... } }"),
    ("to", "{ iceoryx2 = { ... } }"),
    ("service", "\"Market\""),
    ("instance", "\"Shanghai\""),
    ("event", "\"Tick\""),
    ("size", "24"),
    ("align", "8"),
    ("count", "1000"),
];

/// A file cannot be used.
#[derive(Debug, thiserror::Error, Diagnostic)]
enum FileError {
    #[error("the configuration could not be read")]
    #[diagnostic(help("check the path given with --config"))]
    Config { source: ReadError },
    #[error("the path of the configuration is not UTF-8 text")]
    #[diagnostic(help("rename the file, or the directory it is in"))]
    Path,
    #[error("the layout file {path} could not be read")]
    #[diagnostic(help("a path is relative to the file it stands in"))]
    Layouts {
        path: String,
        source: ReadError,
        #[label("named here")]
        at: Span,
    },
    #[error("this layout file is named twice")]
    #[diagnostic(help("remove one of them"))]
    LayoutsTwice {
        #[label(primary, "again here")]
        at: Span,
        #[label("first here")]
        first: Span,
    },
}

/// Reads and checks the configuration at `path`, and every layout file it names, for an executable that serves `served`.
///
/// # Errors
/// Everything that is wrong with any of them, at once.
pub fn load(path: &Path, served: Served) -> Result<Config, Report> {
    let mut report = Report::default();
    let mut sources = Vec::new();
    let config = load_into(path, served, &mut sources, &mut report);
    report.sort(&sources);
    match config {
        Some(config) if !report.has_errors() => Ok(Config { warnings: report, ..config }),
        _ => Err(report),
    }
}

fn load_into(path: &Path, served: Served, sources: &mut Vec<Arc<Source>>, report: &mut Report) -> Option<Config> {
    let name = path.display().to_string();
    let source = match Source::read(path, name.clone()) {
        // A plan travels as JSON, which has no other paths.
        Ok(source) if path.to_str().is_none() => {
            report.push(&Arc::new(source), FileError::Path);
            return None;
        }
        Ok(source) => Arc::new(source),
        Err(error) => {
            report.push(&Arc::new(Source::new(name, String::new())), FileError::Config { source: error });
            return None;
        }
    };
    sources.push(Arc::clone(&source));
    let Decoded { value: file, well_formed } = decode::<ConfigFile>(&source, EXAMPLES, report)?;
    let directory = path.parent().unwrap_or(Path::new(""));
    let (files, complete) = read_layouts(&file.bridge.layouts, directory, &source, report);
    sources.extend(files.iter().map(|(source, _)| Arc::clone(source)));
    let layouts = LayoutSet::new(&files, complete, report);
    // What a text that is not TOML leaves out proves nothing, so streams are looked at when it is.
    if !well_formed {
        return None;
    }
    check::config(&file, path, &source, &layouts, complete, served, report)
}

/// The layout files, and whether all of them were understood.
fn read_layouts(
    paths: &[Located<FilePath>],
    directory: &Path,
    config: &Arc<Source>,
    report: &mut Report,
) -> (Vec<(Arc<Source>, LayoutFile)>, bool) {
    let mut files = Vec::new();
    let mut complete = true;
    let mut first: HashMap<PathBuf, Span> = HashMap::new();
    for named in paths {
        let at = named.span;
        let Some(FilePath(written)) = named.sound() else {
            complete = false;
            continue;
        };
        let path = directory.join(written);
        if let Some(first) = first.insert(path.clone(), at) {
            report.push(config, FileError::LayoutsTwice { at, first });
            continue;
        }
        let name = path.display().to_string();
        let source = match Source::read(&path, name.clone()) {
            Ok(source) => Arc::new(source),
            Err(source) => {
                report.push(config, FileError::Layouts { path: name, source, at });
                complete = false;
                continue;
            }
        };
        match decode(&source, LAYOUT_EXAMPLES, report) {
            Some(Decoded { value, well_formed }) => {
                complete &= well_formed;
                files.push((source, value));
            }
            None => complete = false,
        }
    }
    (files, complete)
}
