//! Where the programs are: next to this one, where cargo put them, or where CMake did.

use std::env;
use std::path::{Path, PathBuf};

use super::Trouble;

/// The iceoryx2 applications, which are told by their first argument which of them to be.
pub(super) fn iceoryx2() -> Result<PathBuf, Trouble> {
    beside("iox2")
}

/// A C++ application.
pub(super) fn classic(application: &str) -> Result<PathBuf, Trouble> {
    existing(Path::new(env!("CLASSIC_APPLICATIONS")).join(format!("classic-{application}")))
}

/// The bridge: `$IOX_BRIDGE_BIN`, or what the workspace built.
pub(super) fn bridge() -> Result<PathBuf, Trouble> {
    env::var_os("IOX_BRIDGE_BIN").map_or_else(|| beside("iox-bridge"), |program| existing(program.into()))
}

fn beside(name: &str) -> Result<PathBuf, Trouble> {
    existing(env::current_exe().unwrap_or_default().with_file_name(name))
}

fn existing(program: PathBuf) -> Result<PathBuf, Trouble> {
    if program.exists() { Ok(program) } else { Err(Trouble::Program(program)) }
}
