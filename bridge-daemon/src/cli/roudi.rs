//! `iox-bridge roudi`: a RouDi in a process of its own.

use std::io::Write;
use std::process::ExitCode;
use std::str::FromStr;

use std::time::Duration;

use clap::Args;
use cpp_shim::{Pool, Report};

use crate::supervisor::LAST_WORDS;

/// Time that applications get to end after RouDi's SIGTERM before it kills them: the default of `iox-roudi`.
const KILL_DELAY: Duration = Duration::from_secs(45);

/// `iox-bridge roudi`
#[derive(Args, Debug)]
pub struct RoudiCommand {
    /// The bridge that runs it, by which a later supervisor knows it again
    #[arg(long, value_name = "NAME")]
    of: String,
    /// Pools by ascending size, each as SIZExCOUNT
    #[arg(long, value_delimiter = ',', value_parser = pool)]
    pools: Vec<Pool>,
}

fn pool(text: &str) -> Result<Pool, String> {
    let (size, count) = text.split_once('x').ok_or("write SIZExCOUNT, for example 1024x500")?;
    let number = |text: &str| u32::from_str(text).map_err(|error| format!("{text:?}: {error}"));
    Ok(Pool { size: number(size)?, count: number(count)? })
}

impl RoudiCommand {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        crate::log::to_stderr();
        tracing::debug!(bridge = self.of, pools = ?self.pools, "RouDi");
        cpp_shim::install_error_handler(|report: &Report| {
            tracing::error!(error = report.name, "RouDi failed and cannot go on");
            // A supervisor that has ended does not read it, and nobody else does.
            let _ = writeln!(std::io::stdout(), "{LAST_WORDS}{}", report.name);
        });
        Ok(ExitCode::from(cpp_shim::run_roudi(&self.pools, KILL_DELAY)?))
    }
}
