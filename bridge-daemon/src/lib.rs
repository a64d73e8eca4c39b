//! iox-bridge as a library: everything the executable does, module by module.
//!
//! What is of use without a bridge are crates of their own, which know nothing of either iceoryx: [`layout`], what the
//! bytes of a struct mean; [`transcode`], how samples of one format become samples of another; and
//! [`config::document`], TOML with every error at once. The compiler sees to it that these know nothing of what is here.
//!
//! Of the modules here, [`config`] knows these crates and no other module but [`user`]. [`account`] counts; [`endpoint`]
//! holds the ports of the stacks, [`route`] leads from one to another, [`lane`] is a thread of routes, [`worker`] a process of
//! lanes, [`supervisor`] what starts workers and answers the operator, and [`cli`] the commands.

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
pub mod user;
pub mod worker;

pub use bridge_layout as layout;
pub use bridge_transcode as transcode;
