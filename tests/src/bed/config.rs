//! Configurations of the bridge, as short as a test can say them.

use std::fs;

use super::Bed;

/// The layout of the struct that the C++ applications call `MarketTick`.
const LAYOUTS: &str = r#"
[[layout]]
name = "MarketTick"
size = 40
align = 8
fields = [
  { name = "symbol", offset = 0, type = "char[16]" },
  { name = "price", offset = 16, type = "f64" },
  { name = "volume", offset = 24, type = "f64" },
  { name = "timestamp", offset = 32, type = "u64" },
]
"#;

impl Bed {
    /// A configuration of these streams, with the layout `MarketTick` and an external RouDi.
    ///
    /// # Panics
    ///
    /// If the layout cannot be written.
    pub fn config(&self, streams: &str) -> String {
        self.config_named("bridge", streams)
    }

    /// As [`Bed::config`], for a bridge of this name.
    ///
    /// # Panics
    ///
    /// If the layout cannot be written.
    pub fn config_named(&self, bridge: &str, streams: &str) -> String {
        let layouts = self.file("layouts.toml");
        fs::write(&layouts, LAYOUTS).unwrap_or_else(|error| panic!("{layouts}: {error}"));
        format!(
            "version = 1\n\n[bridge]\nname = \"{bridge}\"\nlayouts = [\"{layouts}\"]\n\n\
             [classic]\nroudi = \"external\"\n\n[iceoryx2]\nrelease = \"0.10\"\n\n{streams}"
        )
    }
}
