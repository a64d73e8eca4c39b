//! The other side of a round trip within one stack: what comes is sent back.
//!
//! It looks for samples without a pause while a measurement runs, on the one stack that is measured, and sleeps between
//! measurements: on a machine with two cores it shares one with the bridge.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{READY, say};
use crate::content::REST;
use crate::stack::{End, Publisher, Stacks, Subscriber};

/// Between two looks while nothing is measured.
const NAP: Duration = Duration::from_millis(10);
/// Looks between two for the end.
const LOOKS: u32 = 1 << 16;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) name: String,
    /// What is received, and where it goes back.
    pub(crate) services: Vec<(End, End)>,
}

pub(super) fn run(plan: &Plan) -> ! {
    let stacks = Stacks::join(&plan.name);
    let services = plan.services.iter();
    let mut ports: Vec<_> = services.map(|(there, back)| (stacks.subscriber(there), stacks.publisher(back))).collect();
    let ended = end_of_input();
    say(READY);
    while !ended.load(Ordering::Relaxed) {
        for (there, back) in &mut ports {
            if let Some(mark) = there.take() {
                answer(mark, there, back, &ended);
            }
        }
        thread::sleep(NAP);
    }
    drop(ports);
    stacks.leave()
}

/// Sends everything back until told to rest.
fn answer(mut mark: u64, there: &mut Subscriber, back: &mut Publisher, ended: &AtomicBool) {
    let mut looks = 0_u32;
    while mark != REST {
        back.send(mark);
        mark = loop {
            if let Some(mark) = there.take() {
                break mark;
            }
            looks = looks.wrapping_add(1);
            if looks.is_multiple_of(LOOKS) && ended.load(Ordering::Relaxed) {
                return;
            }
        };
    }
}

fn end_of_input() -> Arc<AtomicBool> {
    let ended = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&ended);
    thread::spawn(move || {
        // An error is an end, too.
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        flag.store(true, Ordering::Relaxed);
    });
    ended
}
