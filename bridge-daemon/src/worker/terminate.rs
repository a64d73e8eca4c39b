//! Who sends SIGTERM: RouDi does when it stops, and then the worker has to wait for another RouDi.

use std::io;
use std::thread;

use signal_hook::consts::SIGTERM;
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::WithOrigin;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// From now on SIGTERM does not end the process but is told here, with the process that sent it where the kernel says.
///
/// # Errors
/// When no handler or no thread can be had.
pub(super) fn senders() -> io::Result<UnboundedReceiver<Option<u32>>> {
    let mut signals = SignalsInfo::<WithOrigin>::new([SIGTERM])?;
    let (tell, told) = unbounded_channel();
    thread::Builder::new().name("signals".into()).spawn(move || {
        for origin in signals.forever() {
            let sender = origin.process.and_then(|process| u32::try_from(process.pid).ok());
            if tell.send(sender).is_err() {
                break;
            }
        }
    })?;
    Ok(told)
}
