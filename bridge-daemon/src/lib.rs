//! iox-bridge as a library: everything the executable does, module by module.
//!
//! Dependencies point down this list of modules; `transcode`, `layout` and `config` know nothing of either iceoryx.

pub mod account;
pub mod admin;
pub mod cli;
pub mod config;
pub mod endpoint;
pub mod lane;
mod log;
pub mod route;
pub mod supervisor;
mod sync;
pub mod transcode;
pub mod user;
pub mod worker;

pub use bridge_layout as layout;
