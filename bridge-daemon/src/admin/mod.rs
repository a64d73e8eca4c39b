//! What the supervisor answers the operator.

mod remark;
pub mod status;
