//! Where the programs are.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// An iceoryx2 application of this crate, `tick-publisher` or `v0_8-tick-publisher` say: the program for its release, and
/// its role there.
pub(super) fn iceoryx2(application: &str) -> [OsString; 2] {
    let (program, role) = match application.strip_prefix("v0_").and_then(|rest| rest.split_once('-')) {
        Some((release, role)) => (format!("iox2-v0_{release}"), role),
        None => ("iox2".to_owned(), application),
    };
    [beside(&program).into(), role.into()]
}

/// A program of this crate.
pub(super) fn beside(name: &str) -> PathBuf {
    existing(profile_folder().join(name), "cargo build --workspace --bins")
}

/// A C++ application: one of this crate, or an example of Eclipse iceoryx.
pub(super) fn classic(application: &str) -> PathBuf {
    existing(Path::new(env!("CLASSIC_APPLICATIONS")).join(application), "cargo build --workspace --bins")
}

/// RouDi, of the installation that the applications are built with.
pub(super) fn roudi() -> PathBuf {
    existing(PathBuf::from(env!("CLASSIC_ROUDI")), "was iceoryx moved since it was built with?")
}

/// The bridge: `$IOX_BRIDGE_BIN`, or what the workspace built.
pub(super) fn bridge() -> PathBuf {
    existing(bridge_or_not(), "cargo build --workspace --bins, or set IOX_BRIDGE_BIN")
}

/// Folders that a test must still see when it has a `/tmp` of its own.
pub(super) fn folders() -> Vec<PathBuf> {
    let bridge = bridge_or_not();
    let applications = Path::new(env!("CLASSIC_APPLICATIONS"));
    // With what is beside RouDi: its libraries.
    let classic = Path::new(env!("CLASSIC_ROUDI")).parent().and_then(Path::parent);
    let classic = classic.filter(|folder| folder.starts_with("/tmp"));
    [Some(profile_folder().as_path()), bridge.parent(), Some(applications), classic]
        .into_iter()
        .flatten()
        .filter_map(|folder| folder.canonicalize().ok())
        .collect()
}

fn bridge_or_not() -> PathBuf {
    env::var_os("IOX_BRIDGE_BIN").map_or_else(|| profile_folder().join("iox-bridge"), PathBuf::from)
}

/// The folder of cargo's executables; a test is in its subfolder `deps`.
fn profile_folder() -> PathBuf {
    let program = env::current_exe().expect("the running program has a path");
    let folder = program.parent().expect("programs are in folders");
    folder.parent().filter(|_| folder.ends_with("deps")).unwrap_or(folder).to_owned()
}

fn existing(program: PathBuf, remedy: &str) -> PathBuf {
    assert!(program.exists(), "{} is missing; {remedy}", program.display());
    program
}
