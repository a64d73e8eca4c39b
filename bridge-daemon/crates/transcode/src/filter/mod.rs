//! Which samples a route takes: `where` of its stream.
//!
//! A field of a struct is written as MessagePack by the encoder that also writes documents, so it has one form whatever
//! its bytes look like: names of enums, bit-fields, texts of every end. A document is followed to the field, before
//! anything else is read of it: documents of another kind need not be what the route makes of its own.

mod compile;

use std::cmp::Ordering;

use super::bytes::{Input, Output};
use super::json::{self, is_text};
use super::msgpack::{self, Encoder};
use super::number::Number;
use super::reject::Reject;

pub use compile::FilterError;

/// A name on the way to a field of a document.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) name: String,
    /// Its place where documents are arrays, if that is known.
    pub(super) index: Option<usize>,
}

/// The value of a field.
#[derive(Debug)]
pub(super) enum Found<'a> {
    Nil,
    Bool(bool),
    Number(Number),
    Text(Text<'a>),
    /// None that is compared.
    Other,
}

/// A text of a document.
#[derive(Debug)]
pub(super) enum Text<'a> {
    /// So many bytes from a place on.
    Bytes(Input<'a>, usize, usize),
    /// What follows a quote in JSON.
    Json(json::reader::Reader<'a>),
}

/// What a route's samples have to be.
#[derive(Debug)]
pub struct Filter {
    conditions: Vec<Condition>,
    /// Bytes of a struct; any other size is not the route's.
    size: Option<usize>,
    /// Room for the longest value of a struct's field.
    buffer: Vec<u8>,
}

#[derive(Debug)]
struct Condition {
    place: Place,
    any: Vec<Test>,
}

/// Where a field is.
#[derive(Debug)]
enum Place {
    /// In a struct.
    Struct(Box<Encoder>),
    Msgpack(Vec<Step>),
    Json(Vec<Step>),
}

/// What a field may be.
#[derive(Clone, Debug, PartialEq)]
enum Test {
    Bool(bool),
    Text(String),
    /// From the first to the second, both included.
    Number(Option<Number>, Option<Number>),
}

impl Filter {
    /// Whether the route takes this sample.
    ///
    /// # Errors
    ///
    /// It is no sample of the source's format, as far as was looked.
    pub fn takes(&mut self, input: Input<'_>) -> Result<bool, Reject> {
        let Self { conditions, size, buffer } = self;
        if size.is_some_and(|size| size != input.len()) {
            return Err(Reject::SizeMismatch);
        }
        for condition in conditions {
            if !condition.is_met(input, buffer)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Condition {
    fn is_met(&self, input: Input<'_>, buffer: &mut [u8]) -> Result<bool, Reject> {
        let found = match &self.place {
            Place::Struct(encoder) => {
                let written = encoder.measure(input).and_then(|len| {
                    let room = buffer.get_mut(..len).ok_or(Reject::SourceChanged)?;
                    encoder.run(input, Output::from(&mut *room))?;
                    Ok(len)
                });
                // A value that no document can show, of an enum say, is none that was asked for.
                let Ok(len) = written else { return Ok(false) };
                msgpack::find(Input::from(buffer.get(..len).unwrap_or_default()), &[])?
            }
            Place::Msgpack(path) => msgpack::find(input, path)?,
            Place::Json(path) => json::find(input, path)?,
        };
        let Some(found) = found else { return Ok(false) };
        for test in &self.any {
            if test.is_passed_by(&found)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Test {
    fn is_passed_by(&self, found: &Found<'_>) -> Result<bool, Reject> {
        Ok(match (self, found) {
            (Self::Bool(truth), Found::Bool(found)) => truth == found,
            (Self::Text(text), Found::Text(found)) => found.is(text)?,
            (Self::Number(min, max), Found::Number(found)) => is_within(*min, *max, *found),
            _ => false,
        })
    }
}

impl Text<'_> {
    fn is(&self, text: &str) -> Result<bool, Reject> {
        match self {
            Self::Bytes(input, at, len) if *len == text.len() => {
                Ok(text.bytes().enumerate().all(|(index, byte)| input.byte(at + index) == Some(byte)))
            }
            Self::Bytes(..) => Ok(false),
            Self::Json(reader) => is_text(reader.clone(), text),
        }
    }
}

/// Whether a number is from `min` to `max`, both included; `None`: without an end.
fn is_within(min: Option<Number>, max: Option<Number>, number: Number) -> bool {
    min.is_none_or(|min| compare(min, number).is_some_and(Ordering::is_le))
        && max.is_none_or(|max| compare(number, max).is_some_and(Ordering::is_le))
}

/// How two numbers compare, exactly; not at all if one is NaN.
fn compare(one: Number, other: Number) -> Option<Ordering> {
    match (one, other) {
        (Number::Integer(one), Number::Integer(other)) => Some(one.cmp(&other)),
        (Number::Float(one), Number::Float(other)) => one.partial_cmp(&other),
        (Number::Float(one), Number::Integer(other)) => to_integer(one, other),
        (Number::Integer(one), Number::Float(other)) => to_integer(other, one).map(Ordering::reverse),
    }
}

/// How a float compares with an integer of 64 bits.
fn to_integer(float: f64, integer: i128) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    // Beyond 128 bits it becomes the nearest of these, which is beyond all of 64 bits.
    let whole = float.floor() as i128;
    let has_part = float.floor() < float;
    Some(whole.cmp(&integer).then(if has_part { Ordering::Greater } else { Ordering::Equal }))
}
