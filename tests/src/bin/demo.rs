//! `make demo`: the bridge between unmodified C++ and Rust applications, on this machine, for `DEMO_SECONDS` (10).
use std::process::ExitCode;

fn main() -> ExitCode {
    tests::demo::main()
}
