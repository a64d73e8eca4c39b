//! The executable `iox-bridge`.

use std::process::ExitCode;

use bridge_daemon::cli::{Cli, Exit};
use clap::Parser;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(exit) => exit,
        Err(error) => {
            eprintln!("iox-bridge: {error:#}");
            Exit::Failure.into()
        }
    }
}
