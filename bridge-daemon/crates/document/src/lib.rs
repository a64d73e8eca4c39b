//! TOML documents as the operator meets them: read with limits, decoded into serde structs, and every error of a file
//! found in one go, each with its place in the text.
//!
//! Nothing here knows what the documents mean: those who read them bring the structs and the rules. One thread.

#![forbid(unsafe_code)]

mod advice;
mod de;
mod decode;
mod error;
mod finding;
mod located;
mod node;
mod numbers;
mod placeholder;
mod render;
mod report;
mod source;

pub use advice::did_you_mean;
pub use decode::{Decoded, decode};
pub use finding::{Finding, Position};
pub use located::Located;
pub use numbers::NumberError;
pub use report::Report;
pub use source::on_one_line;
pub use source::{MAX_FILE_SIZE, ReadError, Source};

/// Bytes `offset .. offset + len` of a file.
pub type Span = miette::SourceSpan;
