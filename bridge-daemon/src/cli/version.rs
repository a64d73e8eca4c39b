//! `iox-bridge version`.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::endpoint::iceoryx2::exact_releases;

use super::Exit;

/// `iox-bridge version`
#[derive(Args, Debug)]
pub struct VersionCommand {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl VersionCommand {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let bridge = env!("CARGO_PKG_VERSION");
        let classic = cpp_shim::release_of(std::process::id());
        let iceoryx2 = exact_releases();
        let text = if self.json {
            serde_json::to_string_pretty(&json!({ "iox-bridge": bridge, "iceoryx": classic, "iceoryx2": iceoryx2 }))?
        } else {
            format!(
                "iox-bridge {bridge}\niceoryx    {}\niceoryx2   {}",
                classic.as_deref().unwrap_or("unknown"),
                iceoryx2.join(", ")
            )
        };
        let _ = writeln!(io::stdout(), "{text}");
        Ok(Exit::Ok.into())
    }
}
