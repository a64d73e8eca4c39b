//! The executable `iox-bridge`.
fn main() {}
