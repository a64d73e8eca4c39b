//! One check that the tests and a fuzz target share: whatever a worker of another user says, the supervisor goes on, and
//! what it shows of it is fit for terminals and logs.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use super::board::Board;
use super::shares::Shares;
use super::worker::{note, shown};
use crate::account::Ledger;
use crate::config::{Config, load};
use crate::endpoint::SERVED;

/// A bridge whose workers do not run.
static BOARD: LazyLock<Board> = LazyLock::new(|| {
    let config: Config =
        load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/check/fine_warnings.toml")), SERVED).expect("fine");
    let shares = Shares::of(&config);
    let ledgers = shares.workers.iter().map(|share| Ledger::create(share.accounts.len()).map(Arc::new));
    let ledgers = ledgers.collect::<Result<Vec<_>, _>>().expect("memory");
    Board::new(&config, &shares, &ledgers)
});

/// Takes `bytes` for messages of a worker, one a line, and for lines of its log.
///
/// # Panics
///
/// When something of it reaches the status that steers a terminal, or that is longer than it may be.
pub fn check(bytes: &[u8]) {
    for line in bytes.split(|byte| *byte == b'\n') {
        let _ = note(0, line, &BOARD);
        let line = shown(&String::from_utf8_lossy(line), 100);
        assert!(line.chars().count() <= 100 && !line.chars().any(char::is_control), "{line:?}");
    }
    let status = BOARD.status();
    let texts = status.routes.iter().filter_map(|route| route.reason.as_deref());
    let texts = texts.chain(status.roudis.iter().filter_map(|roudi| roudi.reason.as_deref()));
    for text in texts {
        assert!(text.len() <= 16 * 1024 && !text.chars().any(char::is_control), "{text:?}");
    }
    let shown = serde_json::to_string(&status).expect("a status can be sent");
    assert!(shown.len() < 64 * 1024 * 1024);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_a_worker_says_the_supervisor_goes_on(
            reason in ".{0,300}",
            route in 0_usize..4,
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let reason = serde_json::to_string(&reason).expect("text");
            let state = format!(r#"{{"route":{{"route":{route},"state":{{"name":"blocked","reason":{reason}}}}}}}"#);
            let roudi = format!(r#"{{"rou_di":{{"connected":false,"roudi":null,"release":{reason},"reason":{reason}}}}}"#);
            let all = [state.as_bytes(), roudi.as_bytes(), &bytes].join(&b'\n');
            check(&all);
        }
    }
}
