//! TOML documents as the operator meets them: read with limits, decoded into serde structs, and every error of a file
//! found in one go, each with its place in the text.
//!
//! Nothing here knows what the documents mean; `config` and `layout` bring the structs and the rules. One thread.

mod advice;
mod de;
mod decode;
mod error;
mod finding;
mod located;
mod node;
mod placeholder;
mod render;
mod report;
mod source;

pub(crate) use advice::did_you_mean;
pub(crate) use decode::{Decoded, decode};
pub use finding::{Finding, Position};
pub use located::Located;
pub use report::Report;
pub(crate) use source::on_one_line;
pub use source::{MAX_FILE_SIZE, ReadError, Source};

/// Bytes `offset .. offset + len` of a file.
pub type Span = miette::SourceSpan;
