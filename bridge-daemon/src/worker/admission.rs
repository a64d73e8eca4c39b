//! Whether RouDi takes this worker as a client, asked before classic's own registration, which would wait for a minute
//! and then end the process.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::config::user::{group_name, user_name};
use crate::endpoint::SHARED_MEMORY;
use crate::endpoint::classic::used_elsewhere;
use cpp_shim::{Answer, Handshake, Identity, Line, Presence, RuntimeName, release_of};

/// Time that a RouDi that is well may take to answer; 0.2 ms are usual.
const USUAL: Duration = Duration::from_millis(250);

/// Time after which a RouDi that has heard the question and kept silent is asked again: it may have had no room for
/// another client. Not sooner, because it writes a line to its log each time.
const AGAIN: Duration = Duration::from_secs(5);

/// The question to the RouDi that is there, for as long as it is the same.
#[derive(Default)]
pub(super) struct Admission {
    asked: Option<Asked>,
}

struct Asked {
    handshake: Handshake,
    roudi: Option<Identity>,
    at: Instant,
}

impl Admission {
    /// Returns as soon as RouDi admits this worker, and with the reason if it does not do so in the usual time. A RouDi
    /// that has been asked already is not waited for, so this may be called as often as one likes.
    pub(super) fn ask(&mut self, name: &RuntimeName, roudi: Option<&Identity>) -> Result<(), String> {
        let pid = roudi.and_then(|roudi| roudi.pid);
        let answer = self.answer(name, roudi).map_err(|error| format!("RouDi cannot be asked: {error}"));
        match answer {
            Ok(Answer::Unread) => return Err(unread(pid)),
            // It may have been stopped between reading and answering.
            Ok(Answer::Silent) if pid.is_some_and(cpp_shim::is_stopped) => return Err(unread(pid)),
            Ok(Answer::Silent) => {
                if self.asked.as_ref().is_some_and(|asked| asked.at.elapsed() > AGAIN) {
                    self.asked = None;
                }
                return Err(silent(pid));
            }
            Ok(Answer::Accepted) | Err(_) => self.asked = None,
        }
        answer.map(|_| ())
    }

    fn answer(&mut self, name: &RuntimeName, roudi: Option<&Identity>) -> std::io::Result<Answer> {
        if let Some(asked) = self.asked.as_mut().filter(|asked| asked.roudi.as_ref() == roudi) {
            return asked.handshake.wait(Duration::ZERO);
        }
        // Before the next one takes its name.
        self.asked = None;
        let handshake = Handshake::begin(name)?;
        let asked = self.asked.insert(Asked { handshake, roudi: roudi.cloned(), at: Instant::now() });
        asked.handshake.wait(USUAL)
    }
}

/// Why a RouDi that is there cannot be a RouDi for this place, and what to do.
pub(super) fn without_memory() -> Option<String> {
    let line = Line::linked();
    let segment = Path::new(SHARED_MEMORY).join(line.management_segment());
    if segment.exists() {
        return None;
    }
    Some(format!(
        "RouDi answers at {}, but its memory is not here: there is no {}. It runs in a place (a container?) that shares the \
         folder of temporary files but not {SHARED_MEMORY}; share that as well, or nothing of both",
        line.roudi_socket().display(),
        segment.display()
    ))
}

/// Whose RouDi is there, why it cannot be used, and what to do.
pub(super) fn without_permission() -> String {
    let line = Line::linked();
    let socket = line.roudi_socket();
    let own = user_name(rustix::process::geteuid().as_raw());
    let Ok(found) = fs::symlink_metadata(&socket) else {
        return "RouDi's socket is gone; waiting for the next".to_owned();
    };
    let (owner, group, socket) = (user_name(found.uid()), group_name(found.gid()), socket.display());
    if cpp_shim::lock_is_held(line) {
        format!(
            "RouDi runs as user {owner}, and this bridge as {own}, who may not write to {socket}: run both as one user, or make \
             {own} a member of the group {group} and {owner} one of a group of {own}"
        )
    } else {
        format!(
            "a RouDi of user {owner} that runs no more has left {socket}, and a new one of another user cannot replace it: \
             remove the file, or start RouDi as {owner}"
        )
    }
}

/// Why there is no RouDi, and what to do.
pub(super) fn without_roudi() -> String {
    let own = Line::linked();
    if let Some(segment) = used_elsewhere(own) {
        return format!(
            "there is no RouDi here, but {} is in use: RouDi runs in a place (a container?) that shares {SHARED_MEMORY} but not \
             the folder of temporary files, where its socket is ({}); share that as well",
            segment.display(),
            own.roudi_socket().display()
        );
    }
    let other = own.other();
    if let Some(pid) = cpp_shim::without_socket() {
        let why = match own {
            Line::V2_0 => "a RouDi of 2.95 that starts removes it; restart iox-roudi of 2.0, after the one of 2.95",
            Line::V2_95 => "somebody removed it; restart iox-roudi",
        };
        return format!("RouDi (process {pid}) runs, but its socket is gone and nobody can reach it: {why}");
    }
    let mut reason = match cpp_shim::presence_of(other) {
        Ok(Presence::Running) => format!(
            "a RouDi of iceoryx {other} runs, which clients of {own} cannot meet, and this endpoint asks for {own}; start an iox-roudi of {own} as well, or serve applications of {other} with `release = \"{other}\"`"
        ),
        _ => {
            format!("RouDi is not running; start iox-roudi of iceoryx {own}, or set `roudi = \"managed\"` in [classic]")
        }
    };
    // Clients of 2.95 have no public way to choose their domain.
    if own == Line::V2_95
        && let Some(domain) = cpp_shim::other_domains().first()
    {
        reason += &format!(
            "; it was looked for in domain 0, and one runs in domain {domain}: start it without `--domain-id`"
        );
    }
    reason
}

fn unread(pid: Option<u32>) -> String {
    let process = pid.map(|pid| format!(" (process {pid})")).unwrap_or_default();
    if pid.is_some_and(cpp_shim::is_stopped) {
        return format!("RouDi does not answer: it{process} is stopped, by SIGSTOP or a debugger; continue it");
    }
    format!("RouDi does not answer: it{process} has too much to do, or is stuck")
}

fn silent(pid: Option<u32>) -> String {
    let linked = cpp_shim::linked_release();
    // RouDi answers by writing to a socket of the client's, which belongs to the client's user and group.
    let own = rustix::process::geteuid().as_raw();
    let owner = fs::symlink_metadata(Line::linked().roudi_socket()).ok().map(|socket| socket.uid());
    if let Some(owner) = owner.filter(|owner| *owner != own && *owner != 0) {
        let (owner, own) = (user_name(owner), user_name(own));
        let group = group_name(rustix::process::getegid().as_raw());
        return format!(
            "RouDi runs as user {owner} and does not answer this bridge, which runs as {own}: unless {owner} is a member of the \
             group {group}, it may not write to sockets of {own}. Run both as one user, or make {owner} a member of {group}"
        );
    }
    match pid.and_then(release_of) {
        Some(release) if release != linked => format!(
            "RouDi is of release {release} and does not answer clients of {linked}, the release of this bridge; run a RouDi of {linked}, or a bridge built against {release}"
        ),
        _ => format!(
            "RouDi does not answer: it is of another release than {linked}, or has as many clients as it can have; its log says which"
        ),
    }
}
