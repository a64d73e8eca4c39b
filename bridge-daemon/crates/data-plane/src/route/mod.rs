//! A route: the running form of one direction of a stream.

mod circle;
mod forward;
mod opening;
mod state;

pub use circle::REST;
pub use forward::{Forward, Step};
pub use opening::{ClassicPort, HELD_BACK, Opening, OpeningStep, Outside, PortRequest};
pub use state::{RouteState, StateName};
