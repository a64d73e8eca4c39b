//! Configurations of the bridge, as short as a test can say them.

use std::fs;

use super::Bed;

/// What is shipped is what is tested.
const LAYOUTS: &str = include_str!("../../../config/layouts/market.toml");
const SHIPPED: &str = include_str!("../../../config/iox-bridge.toml");

/// The stream of this name as the shipped configuration has it, rules and all, but for this: nothing gets lost.
///
/// # Panics
///
/// If there is no such stream.
pub fn shipped(stream: &str) -> String {
    let name = format!("name = \"{stream}\"");
    let tables = SHIPPED.split("\n[[stream]]\n").find(|tables| tables.lines().next() == Some(&name));
    let tables = tables.unwrap_or_else(|| panic!("the shipped configuration has no stream with {name}"));
    let mut text = "[[stream]]\n".to_owned();
    for line in tables.lines() {
        let endpoint = line.strip_suffix(" }").filter(|line| line.starts_with("from.") || line.starts_with("to."));
        match endpoint {
            Some(endpoint) if endpoint.contains(".iceoryx2 =") => {
                text += &format!("{endpoint}, queue = 16, when_full = \"block\" }}");
            }
            Some(endpoint) => text += &format!("{endpoint}, when_full = \"block\" }}"),
            None => text += line,
        }
        text.push('\n');
    }
    assert_eq!(text.matches("when_full").count(), 2, "{text}");
    text
}

impl Bed {
    /// A configuration of these streams, with the shipped layouts and an external RouDi.
    ///
    /// # Panics
    ///
    /// If the layouts cannot be written.
    pub fn config(&self, streams: &str) -> String {
        self.config_named("bridge", streams)
    }

    /// As [`Bed::config`], for a bridge of this name.
    ///
    /// # Panics
    ///
    /// If the layouts cannot be written.
    pub fn config_named(&self, bridge: &str, streams: &str) -> String {
        let layouts = self.file("layouts.toml");
        fs::write(&layouts, LAYOUTS).unwrap_or_else(|error| panic!("{layouts}: {error}"));
        format!(
            "version = 1\n\n[bridge]\nname = \"{bridge}\"\nlayouts = [\"{layouts}\"]\n\n\
             [classic]\nroudi = \"external\"\n\n[iceoryx2]\nrelease = \"0.10\"\n\n{streams}"
        )
    }
}
