//! Reading and writing chunks, for the tests.

#![allow(unsafe_code, reason = "the payloads are raw memory")]

use cpp_shim::{Chunk, Loan};

/// Fills a loan's payload.
pub(crate) fn write(loan: &Loan<'_>, bytes: &[u8]) {
    // SAFETY: the tests ask for loans as long as what they write; the chunk is ours until published.
    unsafe { loan.payload().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
}

/// Fills a loan's user header.
pub(crate) fn write_header(loan: &Loan<'_>, bytes: &[u8]) {
    assert!(!loan.user_header().is_null());
    // SAFETY: the tests ask for user headers as long as what they write; the chunk is ours until published.
    unsafe { loan.user_header().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
}

/// A chunk's payload.
pub(crate) fn payload<'a>(chunk: &'a Chunk<'_>) -> &'a [u8] {
    // SAFETY: the chunk's bytes are mapped while it lives, and the tests' publishers do not write what they published.
    unsafe { std::slice::from_raw_parts(chunk.payload(), chunk.payload_size()) }
}

/// A chunk's user header.
pub(crate) fn header<'a>(chunk: &'a Chunk<'_>) -> &'a [u8] {
    if chunk.user_header().is_null() {
        return &[];
    }
    // SAFETY: as above.
    unsafe { std::slice::from_raw_parts(chunk.user_header(), chunk.user_header_size()) }
}

/// Where a chunk's header starts, for the test that damages one.
pub(crate) fn damage(loan: &Loan<'_>, offset: usize, value: u32) {
    const HEADER: usize = if cfg!(classic_2_95) { 48 } else { 40 };
    // SAFETY: payloads aligned to 8 without user header come right behind the bytes of the chunk header, which lie in
    // memory that this process may write.
    unsafe { loan.payload().sub(HEADER).add(offset).cast::<u32>().write_volatile(value) };
}
