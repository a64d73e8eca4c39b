//! The configuration: its TOML, its checks, and the plan that comes out of both.

pub mod plan;
