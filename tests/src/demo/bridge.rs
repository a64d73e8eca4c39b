//! The bridge, driven by its command line as an operator drives it.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::Command;

use crate::bed::Status;

use super::folder::Folder;
use super::process::Process;
use super::run::Run;
use super::{Trouble, programs, say};

/// A running `iox-bridge run`. Dropping it ends it.
pub(super) struct Bridge {
    pub(super) process: Process,
    program: PathBuf,
    socket: PathBuf,
}

impl Bridge {
    pub(super) fn start(folder: &Folder, run: &Run) -> Result<Self, Trouble> {
        let (program, socket) = (programs::bridge()?, folder.file("bridge.sock"));
        folder.write("market.toml", include_str!("../../demo/market.toml"))?;
        let config = include_str!("../../demo/demo.toml").replace("@RUN@", run.id());
        let config = folder.write("bridge.toml", &config)?;
        let mut command = Command::new(&program);
        command.arg("run").arg("--config").arg(config).arg("--socket").arg(&socket);
        Ok(Self { process: Process::start("iox-bridge", &mut command)?, program, socket })
    }

    /// What `iox-bridge status --json` says; `None` while nobody answers.
    pub(super) fn status(&self) -> Option<Status> {
        serde_json::from_slice(&self.ask().arg("--json").output().ok()?.stdout).ok()
    }

    /// Lets `iox-bridge status` print its table.
    pub(super) fn print_status(&self) {
        // It writes to the same place, past our buffer.
        let _ = io::stdout().flush();
        if let Err(error) = self.ask().status() {
            say(format_args!("iox-bridge status does not start: {error}"));
        }
    }

    fn ask(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("status").arg("--socket").arg(&self.socket);
        command
    }
}
