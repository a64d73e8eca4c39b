//! MessagePack documents of every kind, into a struct and back.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bridge_transcode::check::check(bytes));
