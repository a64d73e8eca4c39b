//! The data plane: all that touches samples, and all that holds ports.
//!
//! [`endpoint`] has the sources and sinks of both stacks, and the ring that leads from one worker to another; [`route`] opens
//! a source and a sink and brings one sample from one to the other; [`lane`] is a thread that gives its routes turns. The
//! three know each other in this order. None knows of processes, of the configuration's file, or of who watches.

pub mod endpoint;
pub mod lane;
pub mod route;
