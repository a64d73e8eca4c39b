//! As `tests/src/bin/iox2-transmission-publisher.rs`.
extern crate applications_0_8 as tests;

#[path = "../../../../src/bin/iox2-transmission-publisher.rs"]
mod application;

fn main() -> tests::apps::Outcome {
    application::main()
}
