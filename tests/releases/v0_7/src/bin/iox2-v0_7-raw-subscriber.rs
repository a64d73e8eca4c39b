//! As `tests/src/bin/iox2-raw-subscriber.rs`.
extern crate applications_0_7 as tests;

#[path = "../../../../src/bin/iox2-raw-subscriber.rs"]
mod application;

fn main() -> tests::apps::Outcome {
    application::main()
}
