//! RouDi seen from outside.

use std::os::unix::fs::PermissionsExt;

use cpp_shim::{InitError, Presence, Runtime, RuntimeName, Watch, identity, name_in_use, presence, release_of};

use crate::world::{self, exit_on_fatal, play, say, tell, until, wait_for_word};

const SOCKET: &str = if cfg!(classic_2_95) { "/tmp/iox1_0_i_roudi" } else { "/tmp/roudi" };

#[test]
fn roudi_is_absent_then_runs_then_is_stale() {
    tell(&[], || {
        assert_eq!(presence().expect("an answer"), Presence::Absent);
        assert_eq!(identity(), None);

        let mut roudi = world::usual_roudi();
        assert_eq!(presence().expect("an answer"), Presence::Running);

        roudi.kill();
        assert!(world::exists(SOCKET), "a RouDi that is killed leaves its socket");
        assert_eq!(presence().expect("an answer"), Presence::Stale);
    });
}

#[test]
fn a_socket_that_may_not_be_written_is_named() {
    tell(&[("stranger", stranger)], || {
        let _roudi = world::usual_roudi();
        std::fs::set_permissions(SOCKET, PermissionsExt::from_mode(0o600)).expect("our socket");
        // Root may always; so somebody else looks.
        let mut stranger = play("stranger");
        assert_eq!(stranger.hear("sees"), "NoPermission");
    });
}

fn stranger() {
    // Capabilities are what makes root root, in a user namespace too.
    let none = rustix::thread::CapabilitySets {
        effective: rustix::thread::CapabilitySet::empty(),
        permitted: rustix::thread::CapabilitySet::empty(),
        inheritable: rustix::thread::CapabilitySet::empty(),
    };
    rustix::thread::set_capabilities(None, none).expect("giving up is allowed");
    std::fs::set_permissions(SOCKET, PermissionsExt::from_mode(0o000)).expect("our socket");
    say(&format!("sees {:?}", presence().expect("an answer")));
}

#[test]
fn the_next_roudi_is_another() {
    tell(&[], || {
        let mut first = world::usual_roudi();
        let before = identity().expect("a RouDi");
        assert_eq!(before.pid, Some(first.pid()));
        assert_eq!(identity(), Some(before.clone()), "it is the same as long as it lives");
        // A RouDi with static libraries does not show which release it is.
        let seen = cfg!(classic_shared).then(cpp_shim::linked_release);
        assert_eq!(release_of(first.pid()).as_deref(), seen);

        let watch = Watch::over(before.clone());
        assert!(watch.is_there() && *watch.identity() == before);
        first.kill();
        assert_ne!(identity(), Some(before.clone()), "dead");
        assert!(!watch.is_there(), "dead");

        let second = world::usual_roudi();
        let after = identity().expect("a RouDi");
        assert_eq!(after.pid, Some(second.pid()));
        assert_ne!(after, before);
        assert!(!watch.is_there(), "another one is not the same");
        let watch = Watch::over(after);
        assert!(watch.is_there());
        std::fs::remove_file(SOCKET).expect("it is there");
        assert!(!watch.is_there(), "nobody can reach it any more");
    });
}

#[test]
fn without_roudi_nothing_waits() {
    tell(&[], || {
        cpp_shim::install_error_handler(exit_on_fatal);
        let name = RuntimeName::new("early").expect("a good name");
        assert!(matches!(Runtime::init(&name), Err(InitError::NoRouDi(Presence::Absent))));

        // When RouDi comes, the same process can join it: once.
        let _roudi = world::usual_roudi();
        let _runtime = Runtime::init(&name).expect("a RouDi");
        let again = RuntimeName::new("again").expect("a good name");
        assert!(matches!(Runtime::init(&again), Err(InitError::Twice)));
    });
}

#[test]
fn the_error_handler_comes_first() {
    tell(&[], || {
        let _roudi = world::usual_roudi();
        let name = RuntimeName::new("hasty").expect("a good name");
        assert!(matches!(Runtime::init(&name), Err(InitError::NoErrorHandler)));
    });
}

#[test]
fn a_name_that_is_taken_is_refused_until_its_owner_dies() {
    tell(&[("owner", owner)], || {
        let _roudi = world::usual_roudi();
        assert!(!name_in_use("twin"));
        let mut owner = play("owner");
        owner.hear("registered");
        assert!(name_in_use("twin"));

        cpp_shim::install_error_handler(exit_on_fatal);
        let name = RuntimeName::new("twin").expect("a good name");
        assert!(matches!(Runtime::init(&name), Err(InitError::NameInUse(taken)) if taken == name));

        owner.kill();
        until("the name is free", || !name_in_use("twin"));
        Runtime::init(&name).expect("a name whose owner died");
        assert!(name_in_use("twin"), "now it is ours");
    });
}

fn owner() {
    let _runtime = world::runtime("twin");
    say("registered");
    wait_for_word();
}
