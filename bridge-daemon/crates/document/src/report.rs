//! All findings about one configuration, over all of its files.

use std::sync::Arc;

use miette::Diagnostic;

use super::{Finding, Source};

/// Findings that are kept: more than anyone mends before checking again.
const MAX_FINDINGS: usize = 1000;

/// What was found, in the order in which it stands in the files when loading is done.
#[derive(Debug, Default)]
pub struct Report {
    findings: Vec<Finding>,
    /// Errors beyond [`MAX_FINDINGS`].
    more: usize,
}

impl Report {
    /// Adds `what` is wrong in `source`.
    pub fn push(&mut self, source: &Arc<Source>, what: impl Diagnostic + Send + Sync + 'static) {
        let finding = Finding::new(source, what);
        if !self.is_full() {
            self.findings.push(finding);
        } else if finding.is_error() {
            self.more += 1;
        }
    }

    /// What was found; when it was very much, the first thousand.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// At least one finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.more > 0 || self.findings.iter().any(Finding::is_error)
    }

    /// How many errors were found, with those that were not kept.
    #[must_use]
    pub fn error_count(&self) -> usize {
        self.findings.iter().filter(|finding| finding.is_error()).count() + self.more
    }

    /// How many of what was kept are warnings.
    #[must_use]
    pub fn warning_count(&self) -> usize {
        self.findings.iter().filter(|finding| !finding.is_error()).count()
    }

    /// Nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Whatever is found from now on is counted, but not kept.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.findings.len() >= MAX_FINDINGS
    }

    /// Orders the findings by file (in the order in which files were read) and place.
    pub fn sort(&mut self, read_order: &[Arc<Source>]) {
        self.findings.sort_by_cached_key(|finding| {
            let file = read_order.iter().position(|source| finding.is_about(source)).unwrap_or(usize::MAX);
            (file, finding.offset())
        });
    }
}
