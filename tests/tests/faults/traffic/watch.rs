//! Asks a bridge for its status all the time and minds that no counter ever goes backwards.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tests::bed::{Bridge, Route, Status};

/// Time between two questions.
const PERIOD: Duration = Duration::from_millis(20);

/// Answers that are waited for at least, so that there is something to compare.
const FEW: u64 = 5;

/// The thread that asks. To be ended by [`Watch::end`] before the bridge is.
pub(crate) struct Watch {
    stop: Arc<AtomicBool>,
    answers: Arc<AtomicU64>,
    thread: JoinHandle<Result<(), String>>,
}

impl Watch {
    /// Starts to ask this bridge.
    pub(crate) fn of(bridge: &Bridge) -> Self {
        let (stop, answers) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let socket = bridge.socket().to_owned();
        let thread = thread::spawn({
            let (stop, answers) = (Arc::clone(&stop), Arc::clone(&answers));
            move || {
                let mut last: Option<Status> = None;
                while !stop.load(Ordering::Relaxed) || answers.load(Ordering::Relaxed) < FEW {
                    thread::sleep(PERIOD);
                    let status = ask(&socket).map_err(|error| format!("no answer: {error}"))?;
                    if let Some(last) = &last {
                        compare(last, &status)?;
                    }
                    last = Some(status);
                    answers.fetch_add(1, Ordering::Relaxed);
                }
                Ok(())
            }
        });
        Self { stop, answers, thread }
    }

    /// Asks no more.
    ///
    /// # Panics
    ///
    /// If the bridge once did not answer, or a counter once went backwards or did not add up.
    pub(crate) fn end(self) {
        self.stop.store(true, Ordering::Relaxed);
        let watched = self.thread.join().expect("the watch does not panic");
        println!("{} answers of the bridge", self.answers.load(Ordering::Relaxed));
        assert_eq!(watched, Ok(()), "what the bridge said of itself");
    }
}

fn ask(socket: &str) -> std::io::Result<Status> {
    let mut stream = UnixStream::connect(socket)?;
    stream.write_all(b"\"status\"\n")?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    Ok(serde_json::from_str(&answer)?)
}

/// Whether the second status can follow on the first: no counter goes backwards, and every account adds up.
pub(crate) fn compare(before: &Status, now: &Status) -> Result<(), String> {
    for (old, new) in before.routes.iter().zip(&now.routes) {
        let counters = |route: &Route| {
            let counters = [route.received, route.forwarded, route.lost_before, route.own_skipped];
            let losses = [route.rejected.total, route.dropped.total, route.source_full, route.sink_full];
            [counters, losses].concat()
        };
        if counters(old).iter().zip(counters(new)).any(|(old, new)| *old > new) {
            return Err(format!("a counter went backwards: {old:#?} then {new:#?}"));
        }
        if !new.adds_up() {
            return Err(format!("an account does not add up: {new:#?}"));
        }
    }
    let restarts = before.workers.iter().zip(&now.workers).all(|(old, new)| old.restarts <= new.restarts);
    restarts.then_some(()).ok_or_else(|| format!("restarts went backwards: {before:#?} then {now:#?}"))
}
