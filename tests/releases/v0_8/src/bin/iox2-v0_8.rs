//! As `tests/src/bin/iox2.rs`, for what every release has.
extern crate applications_0_8 as tests;

#[path = "../../../../src/applications/every_release.rs"]
mod every_release;

fn main() -> tests::apps::Outcome {
    tests::apps::play(every_release::ROLES)
}
