//! What a hostile worker says to its supervisor.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bridge_daemon::supervisor::check::check(bytes));
