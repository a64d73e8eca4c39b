//! Why a demo did not work, in the words of what to do about it.

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

/// Everything that ends a demo early.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("told to stop")]
    Interrupted,
    #[error("signals cannot be handled")]
    Signals(#[source] io::Error),
    #[error("DEMO_SECONDS is {0:?}; it is a number of seconds from 1 to 3600")]
    Seconds(String),
    #[error("{} is missing; `make demo` builds it", .0.display())]
    Program(PathBuf),
    #[error("the folder for the bridge's configuration, {}, cannot be written", path.display())]
    Folder { path: PathBuf, source: io::Error },
    #[error("there is no {} any more; on Debian it is in the package iceoryx (apt install iceoryx)", env!("CLASSIC_ROUDI"))]
    NoRouDi,
    #[error("RouDi has ended, and its applications and the bridge's routes with it")]
    RouDiEnded,
    #[error("a RouDi runs that this user may not talk to; run the demo as RouDi's user, or ask that one to stop it")]
    ForeignRouDi(#[source] io::Error),
    #[error("whether a RouDi runs cannot be told from its socket, {path}")]
    RouDiSocket { path: &'static str, source: io::Error },
    #[error(
        "{path} has {free} MiB free, and RouDi with the demo needs {need}; make it larger (mount -o remount,size=256m \
         {path}, in a container --shm-size=256m) or remove what is left over in it"
    )]
    Memory { path: &'static str, free: u64, need: u64 },
    #[error(
        "iceoryx2's files in {path} belong to the user with id {owner}; run the demo as that user, or have the folder \
         removed if nothing uses iceoryx2 at the moment"
    )]
    ForeignIceoryx2 { path: &'static str, owner: u32 },
    #[error("{name} does not start")]
    Start { name: String, source: io::Error },
    #[error("{name} has ended ({status}). Its last lines:\n{lines}")]
    Ended { name: String, status: ExitStatus, lines: String },
    #[error("{name} took no order to begin")]
    Order { name: String, source: io::Error },
    #[error("waited {seconds} s in vain: {what}")]
    Late { what: String, seconds: u64 },
    #[error("{0}")]
    Verdict(String),
}
