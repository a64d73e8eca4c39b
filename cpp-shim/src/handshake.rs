//! Finds out whether RouDi takes this process as a client, without a wait that nobody can end.
//!
//! classic's own registration waits for 60 s and then ends the process. RouDi says nothing to a client of another
//! release, and cannot say anything while it is stopped. So a process registers under a name that nobody else uses, on a
//! socket of its own, and takes leave again as soon as RouDi has answered: two round trips, about 0.2 ms. RouDi's
//! other clients, and RouDi after that, notice nothing of it.
//!
//! Owner: the thread that registers. Threads: one at a time.

#![allow(unsafe_code, unreachable_pub, unused_qualifications, reason = "the bridge to C++, and what cxx makes of it")]

use std::collections::hash_map::RandomState;
use std::fs::{self, Permissions};
use std::hash::BuildHasher;
use std::io::{self, ErrorKind};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::names::RuntimeName;
use crate::platform::{self, Line};

#[cxx::bridge(namespace = "iox_bridge")]
mod ffi {
    unsafe extern "C++" {
        include!("iox_bridge/handshake.hpp");
        fn registration(name: &str, timestamp: i64) -> String;
        fn farewell(name: &str) -> String;
        fn registered() -> String;
        fn forgotten() -> String;
        fn unread(socket: i32) -> i32;
    }
}

/// Time that RouDi's queue may take to have room for a message.
const ROOM: Duration = Duration::from_millis(10);

/// Names that are tried for the socket.
const ATTEMPTS: u32 = 4;

/// The longest answer of RouDi, in bytes.
const ANSWER: usize = 4096;

/// How far a [`Handshake`] has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// RouDi takes clients of this release, and knows nothing of this handshake any more.
    Accepted,
    /// RouDi has not read the question yet.
    Unread,
    /// RouDi has read the question, and not answered. It does not answer clients of another release, and none when it
    /// has as many as it can have.
    Silent,
}

/// What has been said so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nothing: RouDi's queue has no room.
    Begun,
    /// The registration.
    Asked,
    /// RouDi's answer to it.
    Admitted,
    /// The farewell.
    Leaving,
    /// RouDi's answer to that.
    Forgotten,
}

/// A question to RouDi whether this process may be its client. RouDi forgets it when it is dropped, even one that reads
/// it later.
#[derive(Debug)]
pub struct Handshake {
    /// To the RouDi that was asked, never to the one after it.
    roudi: UnixDatagram,
    /// Where it answers.
    socket: UnixDatagram,
    name: String,
    timestamp: i64,
    stage: Stage,
}

impl Handshake {
    /// Puts the question to the RouDi that is there. [`wait`](Self::wait) hears the answer.
    ///
    /// # Errors
    ///
    /// What keeps this process from asking: no RouDi, no permission, no file descriptor left.
    pub fn begin(runtime_name: &RuntimeName) -> io::Result<Self> {
        let roudi = UnixDatagram::unbound()?;
        roudi.connect(Line::linked().roudi_socket())?;
        roudi.set_write_timeout(Some(ROOM))?;
        let (name, file, socket) = bind(runtime_name)?;
        let timestamp = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_micros() as i64);
        let mut handshake = Self { roudi, socket, name, timestamp, stage: Stage::Begun };
        // As classic's own sockets: a RouDi of another user may answer if it shares the group.
        fs::set_permissions(&file, Permissions::from_mode(0o660))?;
        handshake.go_on()?;
        Ok(handshake)
    }

    /// Waits at most `limit` for RouDi to answer; returns at once when it does. May be called again until the answer is
    /// [`Answer::Accepted`].
    ///
    /// # Errors
    ///
    /// What keeps this process from hearing, and RouDi's going away in the middle.
    pub fn wait(&mut self, limit: Duration) -> io::Result<Answer> {
        let until = Instant::now() + limit;
        let mut answer = [0; ANSWER];
        loop {
            self.go_on()?;
            if self.stage == Stage::Forgotten {
                return Ok(Answer::Accepted);
            }
            // The kernel knows no time-out of 0, and rounds down.
            let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
            self.socket.set_read_timeout(Some(left))?;
            match self.socket.recv(&mut answer) {
                Ok(length) => self.hear(answer.get(..length).unwrap_or_default()),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
                Err(error) => return Err(error),
            }
            if self.stage != Stage::Forgotten && Instant::now() >= until {
                let unread =
                    matches!(self.stage, Stage::Begun | Stage::Admitted) || ffi::unread(self.roudi.as_raw_fd()) > 0;
                return Ok(if unread { Answer::Unread } else { Answer::Silent });
            }
        }
    }

    /// Goes by what somebody, most likely RouDi, sent to this socket.
    fn hear(&mut self, answer: &[u8]) {
        self.stage = match self.stage {
            Stage::Asked if is_registered(answer, self.timestamp) => Stage::Admitted,
            Stage::Leaving if words(answer).next() == Some(ffi::forgotten().as_bytes()) => Stage::Forgotten,
            same => same,
        };
    }

    /// Says what is to be said next, if anything.
    fn go_on(&mut self) -> io::Result<()> {
        let (message, then) = match self.stage {
            Stage::Begun => (ffi::registration(&self.name, self.timestamp), Stage::Asked),
            Stage::Admitted => (ffi::farewell(&self.name), Stage::Leaving),
            Stage::Asked | Stage::Leaving | Stage::Forgotten => return Ok(()),
        };
        if self.say(&message)? {
            self.stage = then;
        }
        Ok(())
    }

    /// Sends RouDi a message; `false` when its queue is full.
    fn say(&self, message: &str) -> io::Result<bool> {
        let mut bytes = message.as_bytes().to_vec();
        bytes.push(0);
        match self.roudi.send(&bytes) {
            Ok(_) => Ok(true),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// A socket of a name that nobody else has. The first one tried says whose it is; in a folder that all may write, somebody
/// else may have taken it, and cannot foresee the next ones.
fn bind(runtime_name: &RuntimeName) -> io::Result<(String, PathBuf, UnixDatagram)> {
    let first = format!("{}.{}", runtime_name.as_str(), std::process::id());
    let next = || format!("{first}.{:08x}", RandomState::new().hash_one(()) as u32);
    for attempt in 0..ATTEMPTS {
        let name = if attempt == 0 { first.clone() } else { next() };
        let file = platform::socket(&name);
        // What a process of the same number left when it was killed.
        let removed = fs::remove_file(&file);
        match UnixDatagram::bind(&file) {
            Ok(socket) => return Ok((name, file, socket)),
            Err(error) if error.kind() == ErrorKind::AddrInUse && attempt + 1 < ATTEMPTS => {}
            // Why it could not be removed says more than that it is there.
            Err(error) => {
                return Err(removed.err().filter(|error| error.kind() != ErrorKind::NotFound).unwrap_or(error));
            }
        }
    }
    Err(ErrorKind::AddrInUse.into())
}

impl Drop for Handshake {
    fn drop(&mut self) {
        if matches!(self.stage, Stage::Asked | Stage::Admitted) {
            // Messages are read in their order. Where this one has no room, RouDi forgets who is not heard of for 1.5 s.
            let _gone = self.say(&ffi::farewell(&self.name));
        }
        let _gone = fs::remove_file(platform::socket(&self.name));
    }
}

/// Whether this says that the request with that timestamp was granted: `2,66761736,27085464,1795470304807358,1,`.
fn is_registered(answer: &[u8], timestamp: i64) -> bool {
    let mut words = words(answer);
    words.next() == Some(ffi::registered().as_bytes()) && words.nth(2) == Some(timestamp.to_string().as_bytes())
}

fn words(answer: &[u8]) -> impl Iterator<Item = &[u8]> {
    answer.split(|&byte| byte == b',' || byte == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_answer_to_this_question_counts() {
        let answer = format!("{},66761736,27085464,4711,1,\0", ffi::registered());
        assert!(is_registered(answer.as_bytes(), 4711));
        assert!(!is_registered(answer.as_bytes(), 4712), "an older question's");
        for other in ["", ",", "\0", "2", "2,1,2", "19,1,2,4711,", ",,,4711,", "2,4711,4711,471,4711"] {
            assert!(!is_registered(other.as_bytes(), 4711), "{other:?}");
        }
    }

    #[test]
    fn messages_are_classics() {
        let registration = ffi::registration("radar", 4711);
        let words: Vec<&str> = registration.split(',').collect();
        let process = std::process::id().to_string();
        assert_eq!(words.get(1..3), Some(["radar", process.as_str()].as_slice()));
        assert_eq!(words.get(4), Some(&"4711"));
        assert!(words.len() >= 7 && registration.ends_with(','), "{registration}");
        assert!(ffi::farewell("radar").ends_with(",radar,"));
    }
}
