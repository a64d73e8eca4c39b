//! What workers say, in messages and on standard error. Another user's worker is trusted with neither terminals nor logs.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::unix::pipe;
use tokio::time::{Instant, sleep_until};

use crate::config::document::on_one_line;
use crate::log::Stderr;
use crate::route::RouteState;
use crate::worker::protocol::{FromWorker, RouDiState};

use super::super::board::Board;

/// Characters of a worker's reason, or of a line of its log, that are shown.
const LONGEST_REASON: usize = 2000;

/// Bytes of a line of a worker's log that are kept together.
const LONGEST_LINE: u64 = 8 * 1024;

/// Services, and programs of each, that a worker may say it waits for.
const MOST_WAITS: usize = 1024;
const MOST_USERS: usize = 8;

/// Lines of a worker's log that are passed on a second, on average, and how far it may be ahead of that. The rest waits in
/// the pipe, and when that is full, the worker leaves lines out.
const EACH: Duration = Duration::from_millis(20);
const AHEAD: Duration = EACH.saturating_mul(200);

/// Passes on what another user's worker writes to standard error, a line at a time, until it has closed it.
pub(super) async fn pass_on(user: String, pid: Option<u32>, pipe: pipe::Receiver) {
    let mut lines = BufReader::new(pipe);
    let (mut line, mut paid) = (Vec::new(), Instant::now());
    let pid = pid.map(|pid| format!(" {pid}")).unwrap_or_default();
    let (user, pid) = (user.as_str(), pid.as_str());
    loop {
        line.clear();
        match (&mut lines).take(LONGEST_LINE).read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&line);
        Stderr::line(&format!("[{user}{pid}] {}\n", shown(text.trim_end(), LONGEST_REASON)));
        let now = Instant::now();
        paid = paid.max(now) + EACH;
        if let Some(wait) = paid.checked_sub(AHEAD).filter(|until| *until > now) {
            sleep_until(wait).await;
        }
    }
}

/// A worker's words, fit for terminals and logs.
pub(super) fn harmless(text: String) -> String {
    shown(&text, LONGEST_REASON)
}

/// Somebody else's words, fit for terminals and logs, cut after so many characters.
pub(in super::super) fn shown(text: &str, longest: usize) -> String {
    on_one_line(text).chars().take(longest).collect()
}

/// Enters a message on the board. True if it says that the worker is quiet.
pub(in super::super) fn note(worker: usize, line: &[u8], board: &Board) -> Result<bool, serde_json::Error> {
    match serde_json::from_slice(line)? {
        FromWorker::Route { route, state } => {
            board.route(worker, route, RouteState { reason: state.reason.map(harmless), ..state });
        }
        FromWorker::RouDi(state) => {
            let (reason, release) = (state.reason.map(harmless), state.release.map(harmless));
            board.roudi(worker, RouDiState { reason, release, ..state });
        }
        FromWorker::WaitsFor { users } => {
            let list = |users: Vec<String>| users.into_iter().take(MOST_USERS).map(harmless).collect();
            let users = users.into_iter().take(MOST_WAITS).map(|(service, users)| (service, list(users)));
            board.waits_for(worker, users.collect());
        }
        FromWorker::Quiet => return Ok(true),
        FromWorker::RouDiGone
        | FromWorker::Evicted
        | FromWorker::ServiceReplaced
        | FromWorker::RouDiStandsStill
        | FromWorker::WaitsForTheDead
        | FromWorker::LaneFailed => {}
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workers_words_stay_on_their_line_and_off_the_terminal() {
        for (words, expected) in [
            ("no\nsecond line", "no second line"),
            ("\u{1b}[2Jgone\r\u{7}", "?[2Jgone ?"),
            ("\u{202e}txet\u{9b}", "\u{fffd}txet·"),
        ] {
            assert_eq!(shown(words, 100), expected);
        }
        assert_eq!(shown("Börse", 2), "Bö");
    }
}
