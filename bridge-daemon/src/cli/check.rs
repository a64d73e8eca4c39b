//! `iox-bridge check`.
#![expect(clippy::print_stdout, reason = "a command prints")]

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::config;

use super::Exit;

/// `iox-bridge check`
#[derive(Args, Debug)]
pub struct Check {
    /// The configuration
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

impl Check {
    pub(super) fn run(self) -> ExitCode {
        match config::load(&self.config) {
            Ok(config) => {
                println!("{}: {} routes", self.config.display(), config.routes.len());
                Exit::Ok.into()
            }
            Err(report) => {
                eprintln!("{}", report.render(100, std::io::stderr().is_terminal()));
                Exit::Config.into()
            }
        }
    }
}
