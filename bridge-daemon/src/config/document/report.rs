//! All findings about one configuration, over all of its files.

use std::sync::Arc;

use miette::Diagnostic;

use super::{Finding, Source};

/// What was found, in the order in which it stands in the files once [`Report::sort`] was called.
#[derive(Debug, Default)]
pub struct Report {
    findings: Vec<Finding>,
}

impl Report {
    /// Adds `what` is wrong in `source`.
    pub fn push(&mut self, source: &Arc<Source>, what: impl Diagnostic + Send + Sync + 'static) {
        self.findings.push(Finding::new(source, what));
    }

    /// Everything found.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// At least one finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(Finding::is_error)
    }

    /// How many findings are errors.
    #[must_use]
    pub fn error_count(&self) -> usize {
        self.findings.iter().filter(|finding| finding.is_error()).count()
    }

    /// Nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Orders the findings by file (in the order in which files were read) and place.
    pub(crate) fn sort(&mut self, read_order: &[Arc<Source>]) {
        self.findings.sort_by_cached_key(|finding| {
            let file = read_order.iter().position(|source| finding.is_about(source)).unwrap_or(usize::MAX);
            (file, finding.offset())
        });
    }
}
