//! `iox-bridge run`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::{log, supervisor};

use super::{Exit, load, socket_of};

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
        let Some(config) = load(&self.config) else { return Ok(Exit::Config.into()) };
        let socket = self.socket.unwrap_or_else(|| socket_of(&config));
        Ok(supervisor::run(&config, &socket)?)
    }
}
