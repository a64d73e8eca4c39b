//! The commands, one file each.

pub mod check;
mod exit;
pub mod layout;
mod look;
mod pause;
mod roudi;
mod run;
mod status;
mod version;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::document::on_one_line;
use crate::config::{self, Config};
use crate::endpoint::SERVED;
use crate::supervisor;

pub use exit::Exit;
pub use look::Look;

/// Lets applications on Eclipse iceoryx 2.x and on iceoryx2 exchange samples.
#[derive(Debug, Parser)]
#[command(name = "iox-bridge", version, after_help = exit::HELP)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the bridge until SIGTERM or SIGINT
    #[command(after_help = "Example:\n  iox-bridge run --config /etc/iox-bridge/iox-bridge.toml")]
    Run(run::Run),
    /// Check a configuration and say everything that is wrong with it
    #[command(after_help = "Example:\n  iox-bridge check --config iox-bridge.toml")]
    Check(check::Check),
    /// Show what a running bridge does: one line per route
    #[command(after_help = "Examples:\n  iox-bridge status\n  iox-bridge status --config iox-bridge.toml --json")]
    Status(status::StatusCommand),
    /// Take the samples of a stream and drop them, until `resume` or the end of the bridge
    #[command(after_help = "Example:\n  iox-bridge pause ticks --config iox-bridge.toml")]
    Pause(pause::Pause),
    /// Let a paused stream go on
    #[command(after_help = "Example:\n  iox-bridge resume ticks --config iox-bridge.toml")]
    Resume(pause::Pause),
    /// Say which releases of both stacks are inside
    #[command(after_help = "Examples:\n  iox-bridge version\n  iox-bridge version --json")]
    Version(version::VersionCommand),
    /// Read, write and look at layouts
    #[command(subcommand)]
    Layout(layout::LayoutCommand),
    /// Hold ports for the supervisor; started by `run`
    #[command(hide = true)]
    Worker {
        /// The user to become first
        #[arg(long = "as", value_name = "UID:GID:GROUPS")]
        rights: Option<crate::worker::Rights>,
    },
    /// Run a RouDi; started by `run` where the configuration says `roudi = "managed"`
    #[command(hide = true)]
    Roudi(roudi::RoudiCommand),
}

/// Where a sample that was rejected is at fault, as it follows on the reason: in which field, and where in the document.
fn at_fault(field: Option<&str>, offset: Option<u64>) -> String {
    let field = field.map(|field| format!(", in `{}`", on_one_line(field))).unwrap_or_default();
    let offset = offset.map(|offset| format!(", at byte {offset} of the document")).unwrap_or_default();
    field + &offset
}

/// How a command finds a running bridge.
#[derive(Args, Clone, Debug)]
pub struct Where {
    /// The bridge's local socket [default: the one of the configuration, or of a bridge named "iox-bridge"]
    #[arg(long, env = "IOX_BRIDGE_SOCKET", value_name = "PATH")]
    pub socket: Option<PathBuf>,
    /// The configuration of the bridge to ask
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

impl Where {
    /// The socket; `None` where the configuration has errors, which were printed.
    fn find(self) -> Option<PathBuf> {
        match (self.socket, self.config) {
            (Some(socket), _) => Some(socket),
            (None, None) => Some(supervisor::default_socket("iox-bridge")),
            (None, Some(file)) => load(&file).map(|config| socket_of(&config)),
        }
    }
}

/// The configuration in a file; `None` where it has errors, which were printed.
fn load(file: &Path) -> Option<Config> {
    config::load(file, SERVED).map_err(|report| eprintln!("{}", Look::of_stderr().render(&report))).ok()
}

/// The local socket of a bridge with this configuration.
fn socket_of(config: &Config) -> PathBuf {
    config.bridge.socket.clone().unwrap_or_else(|| supervisor::default_socket(&config.bridge.name))
}

impl Cli {
    /// Does it.
    ///
    /// # Errors
    /// What went wrong, for people.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Run(run) => run.run(),
            Command::Check(check) => Ok(check.run()),
            Command::Status(status) => status.run(),
            Command::Pause(pause) => Ok(pause.run(true)),
            Command::Resume(pause) => Ok(pause.run(false)),
            Command::Version(version) => version.run(),
            Command::Layout(layout) => layout.run(),
            Command::Worker { rights } => {
                crate::log::to_stderr();
                Ok(crate::worker::run(rights.as_ref())?)
            }
            Command::Roudi(roudi) => roudi.run(),
        }
    }
}
