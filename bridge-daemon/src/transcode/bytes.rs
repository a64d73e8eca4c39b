//! The only place outside the endpoints that touches a sample's bytes. Samples lie in memory shared with other
//! processes, which may write it at any time, so no Rust reference to it is ever made: bytes are copied out and in
//! through raw pointers, at offsets that are checked here.

use std::marker::PhantomData;

/// The bytes of a received sample.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    start: *const u8,
    len: usize,
    lives: PhantomData<&'a ()>,
}

/// The bytes of a loaned sample, to be written.
#[derive(Debug)]
pub struct Output<'a> {
    start: *mut u8,
    len: usize,
    lives: PhantomData<&'a mut ()>,
}
