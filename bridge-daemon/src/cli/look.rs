//! What a stream that a command writes to looks like to the person behind it.

use std::io::{self, IsTerminal};

use comfy_table::Table;

use crate::config::Report;

/// Columns where nobody says how wide the terminal is.
const DEFAULT_WIDTH: u16 = 100;

/// How a stream that is written to looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Columns.
    pub width: u16,
    /// Colours may be used.
    pub color: bool,
}

impl Look {
    /// What this process' standard error is: wide as the terminal, coloured unless `NO_COLOR` or `TERM` forbids.
    #[must_use]
    pub fn of_stderr() -> Self {
        let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        let width = Table::new().use_stderr().width().unwrap_or(DEFAULT_WIDTH);
        Self { width, color: io::stderr().is_terminal() && !forbidden }
    }

    /// A report as it looks there.
    #[must_use]
    pub fn render(self, report: &Report) -> String {
        report.render(usize::from(self.width), self.color)
    }

    /// What this process' standard output is; tables have no colours.
    #[must_use]
    pub fn of_stdout() -> Self {
        Self { width: Table::new().width().unwrap_or(DEFAULT_WIDTH), color: false }
    }
}
