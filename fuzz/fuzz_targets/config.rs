//! A whole configuration, with the layouts of the tests beside it, and what is said about it.

#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use bridge_daemon::cli::Look;
use bridge_daemon::config::load;
use bridge_daemon::endpoint::SERVED;

/// A folder that has the layouts of the tests.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("iox-bridge-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let layouts = concat!(env!("CARGO_MANIFEST_DIR"), "/../bridge-daemon/tests/check/layouts");
    let _ = std::os::unix::fs::symlink(layouts, folder.join("layouts"));
    folder
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let path = FOLDER.join("config.toml");
    std::fs::write(&path, bytes).expect("room for a file");
    let said = match load(&path, SERVED) {
        Ok(config) => {
            serde_json::to_string(&config.routes).expect("a plan can be sent to a worker");
            Look::of_stderr().render(&config.warnings)
        }
        Err(report) => Look::of_stderr().render(&report),
    };
    assert!(!said.chars().any(|character| character.is_control() && character != '\n'), "{said:?}");
});
