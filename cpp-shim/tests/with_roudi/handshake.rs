//! The question whether RouDi takes a client.

use std::io::ErrorKind;
use std::time::Duration;

use cpp_shim::{Answer, Handshake, Runtime, RuntimeName};
use rustix::process::Signal;

use crate::world::{self, Player, exit_on_fatal, tell, until};

/// Far beyond what RouDi needs; nothing waits for its end.
const LONG: Duration = Duration::from_secs(60);

fn name() -> RuntimeName {
    RuntimeName::new("curious").expect("a good name")
}

/// Its threads stop one after the other, and one that still runs may take a message with it.
fn stop(roudi: &Player) {
    roudi.signal(Signal::STOP);
    until("RouDi stands still", || {
        let threads = std::fs::read_dir(format!("/proc/{}/task", roudi.pid())).expect("it runs");
        let mut states = threads.map(|thread| std::fs::read_to_string(thread.expect("a thread").path().join("stat")));
        states.all(|stat| stat.is_ok_and(|stat| stat.contains(") T ")))
    });
    assert!(cpp_shim::is_stopped(roudi.pid()));
}

fn socket() -> String {
    let prefix = if cfg!(classic_2_95) { "iox1_0_u_" } else { "" };
    format!("/tmp/{prefix}curious.{}", std::process::id())
}

#[test]
fn a_roudi_that_is_well_answers_and_forgets() {
    tell(&[], || {
        let _roudi = world::usual_roudi();
        for _ in 0..3 {
            let mut handshake = Handshake::begin(&name()).expect("a RouDi");
            assert_eq!(handshake.wait(LONG).expect("an answer"), Answer::Accepted);
            assert_eq!(handshake.wait(Duration::ZERO).expect("an answer"), Answer::Accepted, "still");
            drop(handshake);
            assert!(!world::exists(&socket()));
        }
        cpp_shim::install_error_handler(exit_on_fatal);
        let _runtime = Runtime::init(&name()).expect("the process is as free to register as before");
    });
}

/// In a folder that all may write, somebody else may have taken the name, and what is his cannot be removed.
#[test]
fn a_name_that_is_taken_is_no_obstacle() {
    tell(&[], || {
        let _roudi = world::usual_roudi();
        // A folder is what this user cannot remove as a file either.
        std::fs::create_dir(socket()).expect("nobody else has it");
        let mut handshake = Handshake::begin(&name()).expect("a RouDi");
        assert_eq!(handshake.wait(LONG).expect("an answer"), Answer::Accepted);
        drop(handshake);
        let of_this = |entry: &std::fs::DirEntry| entry.path().to_string_lossy().starts_with(&socket());
        let left = std::fs::read_dir("/tmp").expect("a folder").flatten().filter(of_this);
        assert_eq!(left.map(|entry| entry.path()).collect::<Vec<_>>(), [std::path::PathBuf::from(socket())]);
    });
}

#[test]
fn a_roudi_that_is_stopped_answers_when_it_goes_on() {
    tell(&[], || {
        let roudi = world::usual_roudi();
        stop(&roudi);
        let mut handshake = Handshake::begin(&name()).expect("a socket that is open");
        for _ in 0..3 {
            assert_eq!(handshake.wait(Duration::from_millis(5)).expect("an answer"), Answer::Unread);
        }
        roudi.signal(Signal::CONT);
        assert_eq!(handshake.wait(LONG).expect("an answer"), Answer::Accepted);
        assert!(!cpp_shim::is_stopped(roudi.pid()));
    });
}

/// RouDi reads the question, and that nobody wants to know any more.
#[test]
fn a_question_that_is_given_up_is_forgotten() {
    tell(&[], || {
        let roudi = world::usual_roudi();
        stop(&roudi);
        for _ in 0..3 {
            let mut handshake = Handshake::begin(&name()).expect("a socket that is open");
            assert_eq!(handshake.wait(Duration::from_millis(5)).expect("an answer"), Answer::Unread);
        }
        assert!(!world::exists(&socket()));
        roudi.signal(Signal::CONT);
        let mut handshake = Handshake::begin(&name()).expect("a RouDi");
        assert_eq!(handshake.wait(LONG).expect("an answer"), Answer::Accepted);
    });
}

#[test]
fn without_roudi_there_is_nobody_to_ask() {
    tell(&[], || {
        let error = Handshake::begin(&name()).expect_err("no RouDi");
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert!(!world::exists(&socket()));

        let mut roudi = world::usual_roudi();
        roudi.kill();
        let error = Handshake::begin(&name()).expect_err("no RouDi");
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    });
}
