//! `iox-bridge run`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::endpoint::SERVED;
use crate::{config, log, supervisor};

use super::{Exit, Look};

/// `iox-bridge run`
#[derive(Args, Debug)]
pub struct Run {
    /// The configuration
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// The bridge's local socket [default: the one of the configuration, or one named after the bridge]
    #[arg(long, env = "IOX_BRIDGE_SOCKET", value_name = "PATH")]
    socket: Option<PathBuf>,
}

impl Run {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        log::to_stderr();
        let config = match config::load(&self.config, SERVED) {
            Ok(config) => config,
            Err(report) => {
                eprintln!("{}", Look::of_stderr().render(&report));
                return Ok(Exit::Config.into());
            }
        };
        let socket = self
            .socket
            .or_else(|| config.bridge.socket.clone())
            .unwrap_or_else(|| supervisor::default_socket(&config.bridge.name));
        Ok(supervisor::run(&config, &socket)?)
    }
}
