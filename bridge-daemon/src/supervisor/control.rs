//! The supervisor's local socket: commands of the same executable ask it, one JSON document a line each way. Who may
//! connect is a matter of file permissions.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufRead, BufReader as StdBufReader, Write};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt};
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustix::fs::Mode;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tracing::warn;

use crate::admin::status::Status;
use crate::config::user::{group_name, user_name};

use super::RunError;
use super::board::Board;

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// The [`Status`].
    Status,
    /// What its streams are, for other bridges.
    Streams,
    /// To pause a stream; the answer is a [`PauseAnswer`].
    Pause(String),
    /// To let a stream go on; the answer is a [`PauseAnswer`].
    Resume(String),
}

/// What became of a wish to pause a stream or to let it go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseAnswer {
    /// It is so now.
    Done(Paused),
    /// There is no stream of this name, but there are these.
    NoStream(Vec<String>),
}

/// A stream that was paused, or goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    /// Its routes.
    pub routes: Vec<String>,
    /// Whether it was not so before.
    pub changed: bool,
}

/// Why nobody answered.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Nobody listens there.
    #[error("no bridge answers at {}; is it running, and as which user?", socket.display())]
    NoBridge {
        /// Where it was looked for.
        socket: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Its socket is not for this user.
    #[error("permission denied: {who} may ask the bridge at {}", socket.display())]
    NotAllowed {
        /// Where.
        socket: PathBuf,
        /// Who may.
        who: String,
    },
    /// It answers something else.
    #[error("the bridge at {} runs another version: its answer cannot be read", socket.display())]
    NotUnderstood {
        /// Where.
        socket: PathBuf,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
}

/// Longest question, and time that one may take: nobody can hold the supervisor up.
const QUESTION: u64 = 4096;
const PATIENCE: Duration = Duration::from_secs(5);

/// Commands that are answered at once; more wait. Without a limit they could take all file descriptors, and a worker that
/// ends could not be replaced.
const AT_ONCE: usize = 16;

/// Where a bridge's socket is unless somebody says otherwise: in systemd's runtime directory, root's, or the user's.
#[must_use]
pub fn default_socket(name: &str) -> PathBuf {
    let folder = if let Some(folder) = std::env::var_os("RUNTIME_DIRECTORY") {
        PathBuf::from(folder)
    } else if rustix::process::geteuid().is_root() {
        PathBuf::from("/run/iox-bridge")
    } else if let Some(folder) = std::env::var_os("XDG_RUNTIME_DIR") {
        PathBuf::from(folder).join("iox-bridge")
    } else {
        std::env::temp_dir().join(format!("iox-bridge-{}", rustix::process::geteuid().as_raw()))
    };
    folder.join(format!("{name}.sock"))
}

/// Asks the bridge at `socket` something, of which the answer is a `T`.
///
/// # Errors
/// When no bridge answers there.
pub fn ask<T: DeserializeOwned>(socket: &Path, question: &Ask) -> Result<T, AskError> {
    let no_bridge = |source: io::Error| match (source.kind(), fs::symlink_metadata(socket)) {
        (io::ErrorKind::PermissionDenied, Ok(found)) => AskError::NotAllowed {
            socket: socket.to_owned(),
            who: format!("{} and members of group {}", user_name(found.uid()), group_name(found.gid())),
        },
        _ => AskError::NoBridge { socket: socket.to_owned(), source },
    };
    let mut stream = StdUnixStream::connect(socket).map_err(no_bridge)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(no_bridge)?;
    let not_understood = |source| AskError::NotUnderstood { socket: socket.to_owned(), source };
    let mut line = serde_json::to_vec(question).map_err(not_understood)?;
    line.push(b'\n');
    stream.write_all(&line).map_err(no_bridge)?;
    let mut answer = String::new();
    StdBufReader::new(stream).read_line(&mut answer).map_err(no_bridge)?;
    serde_json::from_str(&answer).map_err(not_understood)
}

/// The socket, held by one supervisor at a time.
pub(super) struct Control {
    listener: UnixListener,
    path: PathBuf,
    /// Locked as long as this lives; a crash frees it. The file itself stays, because to remove it would race.
    _lock: File,
}

impl Control {
    /// Takes the socket.
    pub(super) fn bind(path: &Path) -> Result<Self, RunError> {
        let failed = |source| RunError::Socket { path: path.to_owned(), source };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            // Nobody else is to come near the files in a folder of the bridge's own.
            fs::DirBuilder::new().recursive(true).mode(0o755).create(folder).map_err(failed)?;
            is_safe(folder).map_err(failed)?;
        }
        is_socket_or_nothing(path).map_err(failed)?;
        let mut lock_path = path.as_os_str().to_owned();
        lock_path.push(".lock");
        let lock = File::options()
            .create(true)
            .append(true)
            .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
            .open(lock_path)
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                // One that is coming or going holds the lock, too, and does not answer.
                let who = match ask::<Status>(path, &Ask::Status) {
                    Ok(status) => format!("process {}", status.pid),
                    Err(_) => "a process that does not answer yet".to_owned(),
                };
                return Err(RunError::AlreadyRunning { who, socket: path.to_owned() });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        // With the lock held, a socket that is there is one that a crash left.
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        // The mode is the socket's from the beginning: to change it afterwards would be by a name that somebody may have
        // given to another file.
        let before = rustix::process::umask(Mode::from_raw_mode(0o117));
        let listener = UnixListener::bind(path);
        rustix::process::umask(before);
        let listener = listener.map_err(failed)?;
        Ok(Self { listener, path: path.to_owned(), _lock: lock })
    }

    /// Answers until it is dropped.
    pub(super) async fn serve(self, board: Arc<Board>) {
        let at_once = Arc::new(Semaphore::new(AT_ONCE));
        loop {
            // Never closed, so there is always one in the end.
            let Ok(turn) = Arc::clone(&at_once).acquire_owned().await else { return };
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    let board = Arc::clone(&board);
                    tokio::spawn(async move {
                        let _ = timeout(PATIENCE, answer(stream, &board)).await;
                        drop(turn);
                    });
                }
                Err(error) => {
                    warn!(%error, "a command cannot be answered");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }
}

/// Refuses a folder in which another user could put files of his in the place of the bridge's.
fn is_safe(folder: &Path) -> io::Result<()> {
    let found = fs::metadata(folder)?;
    let (mode, owner, own) = (found.mode(), found.uid(), rustix::process::geteuid().as_raw());
    let is_sticky = mode & 0o1000 != 0;
    if owner != own && owner != 0 {
        return Err(io::Error::other(format!("its folder {} belongs to user {owner}", folder.display())));
    }
    if mode & 0o002 != 0 && !is_sticky {
        return Err(io::Error::other(format!("everybody may replace files in its folder {}", folder.display())));
    }
    Ok(())
}

/// Refuses a place where something else is: it would be lost.
fn is_socket_or_nothing(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.file_type().is_socket() => {
            Err(io::Error::other("there is a file of this name that is not a socket; it is left as it is"))
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

async fn answer(stream: UnixStream, board: &Board) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read.take(QUESTION)).lines();
    while let Some(line) = lines.next_line().await? {
        let mut answer = match serde_json::from_str(&line) {
            Ok(Ask::Status) => serde_json::to_vec(&board.status())?,
            Ok(Ask::Streams) => serde_json::to_vec(&board.streams())?,
            Ok(Ask::Pause(stream)) => serde_json::to_vec(&board.pause(&stream, true))?,
            Ok(Ask::Resume(stream)) => serde_json::to_vec(&board.pause(&stream, false))?,
            Err(error) => serde_json::to_vec(&serde_json::json!({ "error": error.to_string() }))?,
        };
        answer.push(b'\n');
        write.write_all(&answer).await?;
    }
    Ok(())
}
