//! iox-bridge as a library: everything the executable does, module by module.
//!
//! Dependencies point down this list of modules; `transcode`, `layout` and `config` know nothing of either iceoryx.

pub mod config;
pub mod layout;
pub mod transcode;
