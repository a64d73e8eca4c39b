//! Layout files, and all that is made of a layout.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bridge_transcode::check_layouts::check(bytes));
