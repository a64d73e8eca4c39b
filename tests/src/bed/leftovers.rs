//! What a test has left behind.

use std::fs;
use std::path::{Path, PathBuf};

/// Processes of this namespace but the test, its shell, and those that only wait to be reaped.
pub(super) fn processes() -> Vec<String> {
    let own = std::process::id();
    let numbers = fs::read_dir("/proc").into_iter().flatten().flatten();
    numbers
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| *pid != 1 && *pid != own)
        .filter_map(|pid| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            let is_zombie = stat.rsplit(')').next()?.trim_start().starts_with('Z');
            (!is_zombie).then(|| stat.chars().take(60).collect())
        })
        .collect()
}

/// Files of either stack, but for the one that iceoryx2 keeps for all nodes to come.
pub(super) fn resources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(Path::new("/dev/shm"), &mut found);
    collect(Path::new("/tmp/iceoryx2"), &mut found);
    // Classic's files of the bridge's workers, which are named after the release of iceoryx2 that they serve.
    let workers = fs::read_dir("/tmp").into_iter().flatten().flatten().map(|entry| entry.path());
    found.extend(workers.filter(|path| path.to_string_lossy().contains("-0.")));
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_none_or(|extension| extension != "global_mgmt") {
            found.push(path);
        }
    }
}
