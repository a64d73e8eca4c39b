//! One program with many applications in it: to link one is what takes time.

use std::env;

use super::Outcome;

/// An application: what it is called on the command line, and what it does.
pub type Role = (&'static str, fn() -> Outcome);

/// Does what the first argument says. [`parse_options`](super::parse_options) reads those behind it.
pub fn play(roles: &[Role]) -> Outcome {
    let name = env::args().nth(1).unwrap_or_default();
    match roles.iter().find(|(role, _)| *role == name) {
        Some((_, main)) => main(),
        None => {
            let known: Vec<_> = roles.iter().map(|(role, _)| *role).collect();
            Err(format!("{name:?} is none of the applications {}", known.join(", ")).into())
        }
    }
}
