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
        // A shared library may have been replaced by that of another patch release since.
        let loaded = cpp_shim::release_of(std::process::id());
        let classic = loaded.unwrap_or_else(|| cpp_shim::linked_release().to_owned());
        let iceoryx2 = exact_releases();
        let text = if self.json {
            serde_json::to_string_pretty(&json!({ "iox-bridge": bridge, "iceoryx": classic, "iceoryx2": iceoryx2 }))?
        } else {
            format!("iox-bridge {bridge}\niceoryx    {classic}\niceoryx2   {}", iceoryx2.join(", "))
        };
        let _ = writeln!(io::stdout(), "{text}");
        Ok(Exit::Ok.into())
    }
}
