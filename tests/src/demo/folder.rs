//! The demo's own folder, for its configurations and the bridge's socket.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::run::Run;
use super::{Trouble, complain};

/// Where iceoryx 2.0 has its sockets, and where the path of one stays short.
const PLACE: &str = "/tmp";

/// A folder that no other user sees. It goes with this value, and so does what a process that was killed left next to
/// it under the name of this run.
pub(super) struct Folder {
    name: String,
    path: PathBuf,
}

impl Folder {
    pub(super) fn new(run: &Run) -> Result<Self, Trouble> {
        let name = run.bridge();
        let path = Path::new(PLACE).join(&name);
        let made = DirBuilder::new().mode(0o700).create(&path);
        made.map_err(|source| Trouble::Folder { path: path.clone(), source })?;
        Ok(Self { name, path })
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    pub(super) fn write(&self, name: &str, content: &str) -> Result<PathBuf, Trouble> {
        let path = self.file(name);
        fs::write(&path, content).map_err(|source| Trouble::Folder { path: path.clone(), source })?;
        Ok(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            complain(format_args!("{} stays behind: {error}", self.path.display()));
        }
        let sockets = fs::read_dir(PLACE).into_iter().flatten().flatten();
        for socket in sockets.filter(|entry| entry.file_name().to_string_lossy().starts_with(&self.name)) {
            // Whoever owned it has ended; if it cannot be removed, it is not worth an error.
            let _ = fs::remove_file(socket.path());
        }
    }
}
