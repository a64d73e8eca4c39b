//! Structs of hostile bytes, into documents and back.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bridge_transcode::check::check_struct(bytes));
