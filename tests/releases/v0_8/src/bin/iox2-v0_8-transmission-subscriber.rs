//! As `tests/src/bin/iox2-transmission-subscriber.rs`.
extern crate applications_0_8 as tests;

#[path = "../../../../src/bin/iox2-transmission-subscriber.rs"]
mod application;

fn main() -> tests::apps::Outcome {
    application::main()
}
