//! As `tests/src/bin/iox2-raw-publisher.rs`.
extern crate applications_0_9 as tests;

#[path = "../../../../src/bin/iox2-raw-publisher.rs"]
mod application;

fn main() -> tests::apps::Outcome {
    application::main()
}
