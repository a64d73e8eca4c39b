//! This process as a client of RouDi.
//!
//! Owner: the worker's main thread. Threads: any; requests to RouDi wait for each other. classic allows one runtime a
//! process and never lets go of it, so there is no second [`Runtime::init`].

#![allow(unsafe_code, unreachable_pub, unused_qualifications, reason = "the bridge to C++, and what cxx makes of it")]

use std::fs;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use thiserror::Error;

use crate::condition::{ConditionVariable, Notified};
use crate::errors::{self, Report};
use crate::names::{RuntimeName, ServiceId};
use crate::options::{OptionError, PublisherOptions, SubscriberOptions};
use crate::platform;
use crate::publisher::Publisher;
use crate::roudi::{self, Presence};
use crate::subscriber::Subscriber;

#[cxx::bridge(namespace = "iox_bridge")]
mod ffi {
    unsafe extern "C++" {
        include!("iox_bridge/runtime.hpp");
        fn init_runtime(name: &str);
        fn leave_roudi() -> bool;
        fn exit_now(code: i32);
    }
}

/// Why this process did not become a client of RouDi.
#[derive(Debug, Error)]
pub enum InitError {
    /// [`install_error_handler`](crate::install_error_handler) has not been called.
    #[error("the error handler of iceoryx must be installed before its runtime is made")]
    NoErrorHandler,
    /// This process already is, or was, a client.
    #[error("this process had a runtime of iceoryx already; start another process for another one")]
    Twice,
    /// RouDi does not answer; asking for it would wait 60 s and then end the process.
    #[error("no RouDi to register with: {0}")]
    NoRouDi(Presence),
    /// A living process has that name; asking for it would end this process.
    #[error("a running process is registered as {0} already; stop it, or choose another name")]
    NameInUse(RuntimeName),
    /// Whether RouDi runs cannot be found out.
    #[error("cannot look for RouDi")]
    Look(#[source] io::Error),
    /// There is no thread to make the runtime on; this process cannot become a client any more.
    #[error("there is no thread to make iceoryx's runtime on")]
    Thread(#[source] io::Error),
}

/// Why there is no port.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PortError {
    /// An option is beyond what iceoryx can do.
    #[error(transparent)]
    Option(#[from] OptionError),
    /// RouDi has no port of this kind left.
    #[error("RouDi has no room for another port of this kind; stop applications that are not needed")]
    NoRoom,
    /// RouDi keeps the service for itself.
    #[error("the service {0} is RouDi's own; choose another")]
    Reserved(ServiceId),
    /// RouDi allows one publisher a service, and there is one.
    #[error("the service {0} has a publisher, and this RouDi allows only one")]
    NotUnique(ServiceId),
    /// This user's groups may not write any of RouDi's segments.
    #[error("this user may not write any of RouDi's memory; join a group that RouDi lets write")]
    NoWritableSegment,
    /// RouDi's socket takes no request: it has died, or is about to.
    #[error("RouDi does not answer any more; start this process anew when there is one again")]
    NoAnswer,
    /// RouDi refused otherwise, or did not answer as expected.
    #[error("RouDi gave no port{}", .0.map(|report| format!(": {report}")).unwrap_or_default())]
    Refused(Option<Report>),
}

/// The name under which this process asked to be registered.
static REGISTERED: OnceLock<RuntimeName> = OnceLock::new();

static INITIALISED: AtomicBool = AtomicBool::new(false);

/// How many ports of this process RouDi must not take back yet.
static LIVE_PORTS: AtomicUsize = AtomicUsize::new(0);

/// Bytes of stack for a thread on which classic makes its runtime or its RouDi. 2.95 builds large objects on the stack
/// before it moves them to where they stay: a client of 2.95.8 overflows the 2 MiB that Rust gives a thread. The system
/// gives the memory as it is written, and the thread that makes a runtime ends at once.
pub(crate) const CLASSIC_STACK: usize = 32 << 20;

/// Counts a port while it lives.
pub(crate) struct LivePort(());

impl LivePort {
    pub(crate) fn new() -> Self {
        LIVE_PORTS.fetch_add(1, Ordering::AcqRel);
        Self(())
    }
}

impl Drop for LivePort {
    fn drop(&mut self) {
        LIVE_PORTS.fetch_sub(1, Ordering::AcqRel);
    }
}

/// This process as a client of RouDi.
///
/// Dropping it does nothing: the process stays RouDi's client until it ends. End it with [`Runtime::exit`]; a return
/// from `main` runs classic's own farewell, which waits for RouDi's answer without a limit.
///
/// A RouDi that dies is not noticed: ports go on in memory nobody else will join, requests for new ones fail, and only
/// a new process can meet the next RouDi. Compare [`identity`](crate::identity).
#[derive(Debug)]
pub struct Runtime(());

impl Runtime {
    /// Registers this process with RouDi under `name`. A RouDi that has just stopped answering makes this wait up to
    /// 60 s and then fatal.
    ///
    /// # Errors
    ///
    /// [`InitError`]. The process may try again after every error but [`InitError::Twice`].
    pub fn init(name: &RuntimeName) -> Result<Self, InitError> {
        if !errors::is_installed() {
            return Err(InitError::NoErrorHandler);
        }
        match roudi::presence().map_err(InitError::Look)? {
            Presence::Running => {}
            other => return Err(InitError::NoRouDi(other)),
        }
        if roudi::name_in_use(name.as_str()) {
            return Err(InitError::NameInUse(name.clone()));
        }
        if INITIALISED.swap(true, Ordering::AcqRel) {
            return Err(InitError::Twice);
        }
        let _first = REGISTERED.set(name.clone());
        // The runtime itself is a static object; only what makes it needs the room. Nothing of it stays with the thread.
        let maker = thread::Builder::new().name("classic init".into()).stack_size(CLASSIC_STACK).spawn({
            let name = name.clone();
            move || ffi::init_runtime(name.as_str())
        });
        // C++ does not unwind: a thread that was made returns, or ends the process.
        let _made = maker.map_err(InitError::Thread)?.join();
        Ok(Self(()))
    }

    /// Makes a publisher, which offers its service at once. Waits for RouDi's answer, without a limit.
    ///
    /// # Errors
    ///
    /// [`PortError`].
    pub fn publisher(&self, service: &ServiceId, options: &PublisherOptions) -> Result<Publisher, PortError> {
        options.check()?;
        Publisher::create(service, options).map_err(|report| refusal(service, report))
    }

    /// Makes a subscriber, which subscribes at once. Waits for RouDi's answer, without a limit.
    ///
    /// # Errors
    ///
    /// [`PortError`].
    pub fn subscriber(&self, service: &ServiceId, options: &SubscriberOptions) -> Result<Subscriber, PortError> {
        options.check()?;
        Subscriber::create(service, options).map_err(|report| refusal(service, report))
    }

    /// Makes a condition variable, and gives it with its waiting end; `None` when RouDi has none left (it has 1024). Waits for
    /// RouDi's answer, without a limit.
    pub fn condition_variable(&self) -> Option<(ConditionVariable, Notified)> {
        let made = ConditionVariable::create();
        let _refused = errors::take_last_report();
        made
    }

    /// Ends the process with `code`, once RouDi has confirmed that it takes the process's ports back, or after `limit`.
    /// Nothing that is registered to run at exit runs, because classic's own farewell might wait for ever; standard
    /// output is flushed.
    ///
    /// Without the farewell RouDi finds out by itself, 1.5 s later. It is left out while a port is not dropped yet. No
    /// other thread may be inside [`Loan::publish`](crate::Loan::publish): that could leave RouDi waiting for a lock.
    pub fn exit(self, code: i32, limit: Duration) -> ! {
        if LIVE_PORTS.load(Ordering::Acquire) == 0 {
            let (confirm, confirmed) = mpsc::channel();
            let farewell = thread::Builder::new().spawn(move || {
                ffi::leave_roudi();
                let _nobody_waits = confirm.send(());
            });
            if farewell.is_ok() {
                let _confirmed_or_late = confirmed.recv_timeout(limit);
            }
        }
        let _closed = io::stdout().flush();
        exit_now(code)
    }
}

/// Ends the process at once, without anything that is registered to run at exit: what is left to do after a fatal
/// error, when classic's own farewell might wait for ever. See [`Runtime::exit`] for the orderly way.
pub fn exit_now(code: i32) -> ! {
    if let Some(name) = REGISTERED.get() {
        // What classic's own end would remove. Whoever takes the name meanwhile has locked a file of his own.
        for file in [platform::socket(name.as_str()), platform::lock_file(name.as_str())] {
            let _not_there = fs::remove_file(file);
        }
    }
    ffi::exit_now(code);
    // Not reached: the process has ended. Rust cannot see it in the bridge.
    std::process::abort()
}

/// What classic's report about a port that was not made means.
fn refusal(service: &ServiceId, report: Option<Report>) -> PortError {
    match report.map(|report| report.name) {
        Some("POSH__RUNTIME_ROUDI_PUBLISHER_LIST_FULL" | "POSH__RUNTIME_ROUDI_SUBSCRIBER_LIST_FULL") => {
            PortError::NoRoom
        }
        Some(
            "POSH__RUNTIME_ROUDI_REQUEST_PUBLISHER_INVALID_RESPONSE"
            | "POSH__RUNTIME_ROUDI_REQUEST_SUBSCRIBER_INVALID_RESPONSE",
        ) => PortError::NoAnswer,
        Some("POSH__RUNTIME_SERVICE_DESCRIPTION_FORBIDDEN") => PortError::Reserved(service.clone()),
        Some("POSH__RUNTIME_PUBLISHER_PORT_NOT_UNIQUE") => PortError::NotUnique(service.clone()),
        Some("POSH__RUNTIME_NO_WRITABLE_SHM_SEGMENT") => PortError::NoWritableSegment,
        _ => PortError::Refused(report),
    }
}
