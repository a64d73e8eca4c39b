//! The bed itself: what goes wrong in there is seen out here, and nothing stays.

use std::panic::catch_unwind;
use std::path::Path;
use std::process::{Command, Stdio};

use tests::bed::{ROUDI_SOCKET, isolated};

#[test]
fn a_body_that_panics_fails_the_test() {
    assert!(catch_unwind(|| isolated(|_| panic!("as it should"))).is_err());
}

#[test]
fn a_process_left_behind_fails_the_test_and_is_ended() {
    let outcome = catch_unwind(|| {
        isolated(|_| {
            let mut sleeper = Command::new("sleep");
            sleeper.arg("86399").stdout(Stdio::null()).spawn().map(drop).expect("sleep starts");
        });
    });
    assert!(outcome.is_err());
    let running = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let commands = running.filter_map(|entry| std::fs::read_to_string(entry.path().join("cmdline")).ok());
    // In its own namespaces the sleeper still runs at this point; out here it must not.
    assert!(
        std::env::var_os("IOX_BRIDGE_TEST_BED").is_some() || !commands.into_iter().any(|line| line == "sleep\086399\0")
    );
}

#[test]
fn a_resource_left_behind_fails_the_test() {
    let outcome = catch_unwind(|| {
        isolated(|_| std::fs::write("/dev/shm/iox2_forgotten.data", "").expect("/dev/shm can be written"));
    });
    assert!(outcome.is_err());
    assert!(std::env::var_os("IOX_BRIDGE_TEST_BED").is_some() || !Path::new("/dev/shm/iox2_forgotten.data").exists());
}

#[test]
fn a_bed_is_empty() {
    isolated(|_| {
        let shared: Vec<_> = std::fs::read_dir("/dev/shm").into_iter().flatten().flatten().collect();
        assert!(shared.is_empty(), "{shared:?}");
        assert!(!Path::new("/tmp/iceoryx2").exists() && !Path::new(ROUDI_SOCKET).exists());
    });
}
