//! Starts the process of a worker: with which rights, from which executable, with which descriptors.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream as StdUnixStream;
use std::process::Stdio;
use std::time::Duration;

use tokio::net::unix::pipe;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

use crate::config::user::{self, Identity, KnownUser};
use crate::worker::Rights;
use crate::worker::protocol::WorkerPlan;

use super::super::executable::{Executable, ExecutableError};
use super::Given;
use super::running::Running;
use super::words;

/// Time that the user database may take to say in which groups a user is; it may have to ask over a network.
const TIME_TO_LOOK_UP: Duration = Duration::from_secs(10);

/// What of the supervisor's environment another user's worker gets: how to write its log.
const FOR_ALL: &[&str] = &["IOX_BRIDGE_LOG", "JOURNAL_STREAM", "NO_COLOR", "RUST_BACKTRACE", "TERM"];

/// Why a worker does not run.
#[derive(Debug, thiserror::Error)]
pub(super) enum StartError {
    #[error(transparent)]
    Executable(#[from] ExecutableError),
    #[error(
        "the user database has not said in {} s which groups the user `{user}` is in; look at what /etc/nsswitch.conf asks",
        TIME_TO_LOOK_UP.as_secs()
    )]
    UserDatabase { user: String },
    #[error(transparent)]
    System(#[from] io::Error),
}

/// Starts workers, one after another.
#[derive(Default)]
pub(super) struct Starter {
    /// A question to the user database that was not answered in time. Another one is not asked before: each takes a
    /// thread for as long as it takes.
    asked: Option<JoinHandle<io::Result<Identity>>>,
}

impl Starter {
    /// Starts the process, which does nothing before it is told its plan. Where this is not waited for to its end, there
    /// is no process.
    pub(super) async fn start(
        &mut self,
        number: usize,
        plan: &WorkerPlan,
        given: &Given,
    ) -> Result<Running, StartError> {
        let rights = match &plan.user {
            Some(user) => Some(Rights(self.identity(user).await?)),
            None => None,
        };
        let executable = Executable::find(given.executable.as_deref(), plan.classic).await?;
        // From here on nothing is waited for.
        let (ours, theirs) = StdUnixStream::pair()?;
        ours.set_nonblocking(true)?;
        let mut command = executable.command("worker");
        let mut said = None;
        if let (Some(rights), Some(user)) = (&rights, &plan.user) {
            // Whoever a process belongs to can read its environment, and the supervisor's is nobody else's business.
            command.env_clear().envs(FOR_ALL.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
            command.arg(format!("--as={}", rights.argument()));
            // Nor is the supervisor's standard error, a terminal of root's perhaps. What the worker writes there does not
            // wait, as what it writes to its log does not.
            let (write, read) = pipe::pipe()?;
            command.stderr(Stdio::from(write.into_nonblocking_fd()?));
            said = Some((user.name.clone(), read));
        }
        command
            .stdin(Stdio::from(given.ledger.as_fd().try_clone_to_owned()?))
            .stdout(Stdio::from(OwnedFd::from(theirs)))
            .kill_on_drop(false);
        let child = command.spawn()?;
        // The command keeps the worker's ends of the socket and of the pipe open, and with them the worker's death unseen.
        drop(command);
        let words = said.map(|(user, read)| tokio::spawn(words::pass_on(user, child.id(), read)));
        Ok(Running::new(number, child, ours, words)?)
    }

    /// Who the worker is to be. Asked anew for each worker, so that groups that the user joined since are there.
    async fn identity(&mut self, user: &KnownUser) -> Result<Identity, StartError> {
        let asked = self.asked.get_or_insert_with(|| {
            let user = user.clone();
            spawn_blocking(move || user::identity(&user))
        });
        let Ok(answer) = timeout(TIME_TO_LOOK_UP, asked).await else {
            return Err(StartError::UserDatabase { user: user.name.clone() });
        };
        self.asked = None;
        Ok(answer.map_err(io::Error::from)??)
    }
}
