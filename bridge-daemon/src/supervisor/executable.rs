//! The executables that workers and managed RouDis run: the supervisor's own, or one that was built with another line of
//! classic and is named in `workers` of `[classic]`.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::fs::{FileType, Mode, OFlags, Stat, fstat, open};
use serde::Deserialize;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::time::timeout;

use crate::config::ClassicRelease;

use super::worker::shown;

/// Time that an executable gets to say which version it is; a bridge does so in a few milliseconds.
const TIME_TO_ANSWER: Duration = Duration::from_secs(5);

/// Bytes of that answer which are read; a bridge's has about 150.
const LONGEST_ANSWER: u64 = 16 * 1024;

/// Characters of what it calls its version that are shown.
const LONGEST_VERSION: usize = 40;

/// Why an executable is not run.
#[derive(Debug, thiserror::Error)]
pub(super) enum ExecutableError {
    #[error("{} in `workers` of [classic] is not there: build it with `make build CLASSIC=<where iceoryx {line} is installed>`, or correct the path", path.display())]
    Missing { path: PathBuf, line: ClassicRelease },
    #[error("{} in `workers` of [classic] cannot be opened: {source}", path.display())]
    Open { path: PathBuf, source: io::Error },
    #[error("{} in `workers` of [classic] is not a file", path.display())]
    NotAFile { path: PathBuf },
    #[error("{} in `workers` of [classic] belongs to user {owner}, and this bridge (user {own}) runs only what is its own or root's; change its owner", path.display())]
    Owner { path: PathBuf, owner: u32, own: u32 },
    #[error("{} in `workers` of [classic] may be written by others than its owner; run `chmod go-w` on it", path.display())]
    Writable { path: PathBuf },
    #[error("{} in `workers` of [classic] is not executable; run `chmod +x` on it", path.display())]
    NotExecutable { path: PathBuf },
    #[error("{} in `workers` of [classic] cannot be run: {source}", path.display())]
    Run { path: PathBuf, source: io::Error },
    #[error("{} in `workers` of [classic] is no iox-bridge: it does not answer `version --json` as one does", path.display())]
    NotABridge { path: PathBuf },
    #[error("{} in `workers` of [classic] is iox-bridge {found}, and this bridge is {own}; install both from one version", path.display())]
    Version { path: PathBuf, found: String, own: &'static str },
    #[error("{} in `workers` of [classic] is entered for classic {line}, but was built with {found}; enter it for that, or build one with `make build CLASSIC=<where iceoryx {line} is installed>`", path.display())]
    Classic { path: PathBuf, line: ClassicRelease, found: String },
}

/// An executable that may be run. It stays the same file, whatever happens to its path.
pub(super) enum Executable {
    /// The supervisor's own. Not by name: an upgrade may have replaced it since, and all processes of a bridge must be
    /// the same.
    Own,
    /// Another one, opened and found good.
    Other(OwnedFd),
}

/// What `iox-bridge version --json` says, as far as it is of interest here.
#[derive(Deserialize)]
struct Version {
    #[serde(rename = "iox-bridge")]
    bridge: String,
    iceoryx: String,
}

impl Executable {
    /// The executable for a line of classic: this one, or the one at `path` when it is good for that.
    ///
    /// # Errors
    /// Why it is not, and what to do.
    pub(super) async fn find(path: Option<&Path>, line: ClassicRelease) -> Result<Self, ExecutableError> {
        let Some(path) = path else { return Ok(Self::Own) };
        let file = checked(path, line)?;
        let found = Self::Other(file);
        let version = found.version(path).await?;
        let path = path.to_owned();
        let own = env!("CARGO_PKG_VERSION");
        if version.bridge != own {
            return Err(ExecutableError::Version { path, found: shown(&version.bridge, LONGEST_VERSION), own });
        }
        if ClassicRelease::of(&version.iceoryx) != line {
            return Err(ExecutableError::Classic { path, line, found: shown(&version.iceoryx, LONGEST_VERSION) });
        }
        Ok(found)
    }

    /// A command that runs it as `iox-bridge`, with a subcommand.
    pub(super) fn command(&self, subcommand: &str) -> Command {
        let mut command = match self {
            Self::Own => Command::new("/proc/self/exe"),
            // The child has the descriptor until it becomes the program.
            Self::Other(file) => Command::new(format!("/proc/self/fd/{}", file.as_raw_fd())),
        };
        command.arg0("iox-bridge").arg(subcommand);
        command
    }

    async fn version(&self, path: &Path) -> Result<Version, ExecutableError> {
        let mut command = self.command("version");
        command.arg("--json").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().map_err(|source| match source.kind() {
            io::ErrorKind::PermissionDenied => ExecutableError::NotExecutable { path: path.to_owned() },
            _ => ExecutableError::Run { path: path.to_owned(), source },
        })?;
        let answer = timeout(TIME_TO_ANSWER, async {
            let mut text = Vec::new();
            child.stdout.take()?.take(LONGEST_ANSWER).read_to_end(&mut text).await.ok()?;
            child.wait().await.ok()?.success().then_some(text)
        });
        // One that does not end is killed with the child that is dropped here: it is no bridge and has no ports.
        let answer = answer.await.ok().flatten();
        let version = answer.and_then(|text| serde_json::from_slice(&text).ok());
        version.ok_or_else(|| ExecutableError::NotABridge { path: path.to_owned() })
    }
}

/// Opens the file, if nobody but its owner can have put something else there, and the owner is trusted.
fn checked(path: &Path, line: ClassicRelease) -> Result<OwnedFd, ExecutableError> {
    let path = path.to_owned();
    let file = match open(&path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty()) {
        Ok(file) => file,
        Err(rustix::io::Errno::NOENT | rustix::io::Errno::NOTDIR) => {
            return Err(ExecutableError::Missing { path, line });
        }
        Err(error) => return Err(ExecutableError::Open { path, source: error.into() }),
    };
    let Stat { st_mode, st_uid, .. } = match fstat(&file) {
        Ok(stat) => stat,
        Err(error) => return Err(ExecutableError::Open { path, source: error.into() }),
    };
    let (mode, own) = (Mode::from_raw_mode(st_mode), rustix::process::geteuid().as_raw());
    if FileType::from_raw_mode(st_mode) != FileType::RegularFile {
        return Err(ExecutableError::NotAFile { path });
    }
    if st_uid != own && st_uid != 0 {
        return Err(ExecutableError::Owner { path, owner: st_uid, own });
    }
    if mode.intersects(Mode::WGRP | Mode::WOTH) {
        return Err(ExecutableError::Writable { path });
    }
    if !mode.intersects(Mode::XUSR | Mode::XGRP | Mode::XOTH) {
        return Err(ExecutableError::NotExecutable { path });
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::endpoint::classic::BUILT_WITH;

    fn find(path: &Path) -> Result<Executable, ExecutableError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(Executable::find(Some(path), BUILT_WITH))
    }

    #[test]
    fn what_is_no_bridge_of_ours_is_refused_with_the_reason() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("worker");
        assert!(matches!(find(&file), Err(ExecutableError::Missing { .. })));
        assert!(matches!(find(folder.path()), Err(ExecutableError::NotAFile { .. })));
        fs::copy("/bin/true", &file).expect("a program");
        let with = |mode| fs::set_permissions(&file, Permissions::from_mode(mode)).expect("our file");
        with(0o644);
        assert!(matches!(find(&file), Err(ExecutableError::NotExecutable { .. })));
        for mode in [0o775, 0o757] {
            with(mode);
            assert!(matches!(find(&file), Err(ExecutableError::Writable { .. })));
        }
        with(0o755);
        assert!(matches!(find(&file), Err(ExecutableError::NotABridge { .. })), "it says nothing");
        fs::write(&file, "no program").expect("our file");
        assert!(matches!(find(&file), Err(ExecutableError::Run { .. })));
    }
}
