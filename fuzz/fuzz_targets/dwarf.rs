//! Debug information, and the layouts that are imported from it.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bridge_layout::import::check::check(bytes));
