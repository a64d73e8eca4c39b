//! iox-bridge as a library: everything the executable does, module by module.
//!
//! What is of use without a bridge are crates of their own, which know nothing of either iceoryx: [`layout`], what the
//! bytes of a struct mean; [`transcode`], how samples of one format become samples of another; and
//! [`config::document`], TOML with every error at once. [`config`] stands on these, and so does [`account`], which counts.
//! The data plane stands on both: [`endpoint`] holds the ports of the stacks, [`route`] leads from one to another, [`lane`] is
//! a thread of routes. The compiler sees to it that none of these knows of what is here.
//!
//! Here are [`worker`], a process of lanes, [`supervisor`], what starts workers and answers the operator, and [`cli`], the
//! commands.

pub mod admin;
pub mod cli;
mod log;
pub mod supervisor;
pub mod worker;

pub use bridge_account as account;
pub use bridge_config as config;
pub use bridge_data_plane::{endpoint, lane, route};
pub use bridge_layout as layout;
pub use bridge_transcode as transcode;
