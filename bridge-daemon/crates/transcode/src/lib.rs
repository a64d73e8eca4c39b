//! Transcoding: compile a (source format, sink format) pair once, when a route is made, and run it for every sample.
//!
//! A [`Transcoder`] is immutable and may be shared between threads. Running it reads the source's shared memory and
//! writes straight into the loaned chunk: no allocation, no lock, no system call, no intermediate value. It knows
//! nothing of ports; whoever holds the sample and the loan wraps them as [`Input`] and [`Output`].
//!
//! | from, to | how |
//! | --- | --- |
//! | `raw` to or from anything; equal formats | a copy, its length checked where a layout tells it |
//! | `struct` to `struct` of another layout | `convert`: a flat list of operations |
//! | `struct` to `msgpack` | `msgpack::encode`: a flat list of operations, measured first, then run |
//! | `msgpack` to `struct` | `msgpack::decode`: a tree of expectations that follows the layout |
//! | `struct` to `json` | `json::encode`: a flat list of operations, followed to count and to write |
//! | `json` to `struct` | `json::decode`: a tree of expectations that follows the layout |
//! | `msgpack` to `json` and back | `document`: value by value, whatever they are |
//!
//! Nothing here knows of either iceoryx, of services or of routes: a sample is bytes, wherever they are.
//!
//! ```
//! use std::sync::Arc;
//!
//! use bridge_transcode::format::{FormatPlan, Shape, Tolerance};
//! use bridge_transcode::{Input, Output, Transcoder};
//!
//! let layouts = bridge_layout::parse(
//!     "ticks.toml",
//!     r#"
//!     [[layout]]
//!     name = "Tick"
//!     fields = [{ name = "price", type = "f64" }, { name = "volume", type = "u32" }]
//!     "#,
//! )
//! .expect("it is sound");
//! let tick = FormatPlan::Struct(Arc::clone(layouts.get("Tick").flatten().expect("it is there")));
//! let document = FormatPlan::Msgpack(Shape::Map, Tolerance::default());
//! let (encode, decode) = (Transcoder::compile(&tick, &document)?, Transcoder::compile(&document, &tick)?);
//!
//! // As a C++ program has it in memory: price, volume, and four bytes of padding.
//! let mut sample = [0; 16];
//! sample[..8].copy_from_slice(&10.5_f64.to_ne_bytes());
//! sample[8..12].copy_from_slice(&300_u32.to_ne_bytes());
//!
//! let mut packed = vec![0; encode.measure(Input::from(&sample[..]))?];
//! encode.run(Input::from(&sample[..]), Output::from(&mut packed[..]))?;
//! assert_eq!(packed, b"\x82\xa5price\xcb\x40\x25\0\0\0\0\0\0\xa6volume\xcd\x01\x2c");
//!
//! let mut again = [0; 16];
//! decode.run(Input::from(&packed[..]), Output::from(&mut again[..]))?;
//! assert_eq!(again, sample);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod blank;
mod bytes;
#[cfg(any(test, fuzzing))]
pub mod check;
#[cfg(any(test, fuzzing))]
pub mod check_layouts;
mod choice;
mod condition;
mod convert;
mod document;
mod error;
mod fields;
pub mod filter;
pub mod format;
mod json;
mod leaf;
mod live;
mod msgpack;
mod named;
mod number;
pub mod pair;
mod pipeline;
mod reject;
mod spot;
mod stamp;
mod survey;
#[cfg(test)]
mod tests;
mod text;
mod time;
mod told;
mod transcoder;

pub use bytes::{Input, Output};
pub use condition::{Condition, Test};
pub use error::{CompileError, FieldProblem};
pub use filter::{Filter, FilterError};
pub use pipeline::{Conversion, Pipeline};
pub use reject::Reject;
pub use spot::Spot;
pub use stamp::Stamp;
pub use transcoder::Transcoder;
