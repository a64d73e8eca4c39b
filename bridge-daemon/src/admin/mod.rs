//! What the supervisor answers the operator.

pub mod status;
