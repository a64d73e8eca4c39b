//! A ring whose writer is hostile.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bridge_daemon::endpoint::handoff::check::check(bytes));
