//! The iceoryx2 applications of the tests and the demo, each a role of this program: `iox2 tick-publisher --count 10`.
#[path = "../applications/mod.rs"]
mod applications;

fn main() -> tests::apps::Outcome {
    tests::apps::play(&applications::roles())
}
