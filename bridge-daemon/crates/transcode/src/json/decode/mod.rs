//! JSON to struct.
//!
//! [`build`] turns the tree of a layout into a tree of what is expected where. [`run`] follows the document and this tree
//! together: keys in the order of the layout, written as serde_json writes them, are compared as they are; others are
//! looked up. The reader reads each byte that steers it once and never beyond the end; [`text`] and [`name`] are what
//! becomes of strings. All of RFC 8259 is understood, and nothing else.
//!
//! Padding is zeroed before, and every field must be found once or is written without the document, so each byte of the
//! output is written.

mod build;
mod find;
mod name;
mod one_of;
mod run;
mod text;

use super::reader::Reader;
use crate::blank::{Blank, Fixed};
use crate::bytes::{Input, Output};
use crate::fields::Place;
use crate::format::Tolerance;
use crate::leaf::Taker;
use crate::reject::Reject;
use crate::spot::note;
use crate::told::Told;
use bridge_layout::Scalar;
use bridge_layout::tree::{Extent, Span, Text, Tree};

/// A struct, and the fields that its object must have.
pub(crate) use find::{find, is_text};

#[derive(Debug)]
struct Struct {
    fields: Vec<Field>,
    /// The names, sorted, each with the index of its field.
    names: Vec<(Box<[u8]>, usize)>,
    /// Written before the fields.
    fixed: Fixed,
    /// What it may lack or have besides.
    tolerance: Tolerance,
}

/// A field, in the order in which documents have them.
#[derive(Debug)]
struct Field {
    /// The key as serde_json writes it, with its quotes and the colon.
    key: Box<[u8]>,
    place: Place,
    value: Value,
}

/// A value of the struct, and where it stands.
#[derive(Debug)]
struct Value {
    /// Bytes from the start of the struct or of the array element that is being read.
    at: usize,
    kind: Kind,
}

/// What a value is read from.
#[derive(Debug)]
enum Kind {
    /// One scalar.
    One(Scalar),
    /// One scalar, the bytes of which stand in the other order than those of this machine.
    Swapped(Scalar),
    /// An array of scalars, which stand side by side.
    Many(Scalar, Extent),
    /// A text.
    Text(Text),
    /// Bytes, as a text in Base64 or an array of numbers.
    Bytes(Extent),
    /// An integer, a truth value or a name that takes a closer look.
    Leaf(Taker),
    /// A number in another unit: it may be written as a fraction, whatever it becomes.
    Scaled(Taker),
    /// An array of elements, `stride` bytes apart.
    Repeat { element: Box<Value>, stride: usize, extent: Extent },
    /// A struct.
    Struct(Struct),
    /// A value in these bytes, or `null`. The byte at the place of this says which it is.
    Optional { value: Box<Value>, bytes: Span },
    /// One of several structs, in the order of the cases.
    OneOf(Told, Vec<Struct>),
    /// `null`, for nothing.
    Nil,
    /// Nothing: the value is none of the document's.
    Nothing,
}

/// The program of a route.
#[derive(Debug)]
pub(crate) struct Decoder {
    blank: Blank,
    root: Value,
}

impl Decoder {
    /// What reads structs with this tree.
    pub(crate) fn compile(tree: &Tree, tolerance: Tolerance) -> Self {
        let root = build::value(&tree.value, tolerance);
        Self { blank: Blank::of(tree), root }
    }

    /// Bytes of every result.
    pub(crate) fn output_size(&self) -> usize {
        self.blank.size()
    }

    pub(crate) fn run(&self, input: Input<'_>, mut output: Output<'_>) -> Result<(), Reject> {
        self.blank.write(&mut output)?;
        let mut reader = Reader::new(input);
        run::value(&self.root, &mut reader, &mut output, 0)
            .and_then(|()| reader.finish())
            .map_err(|reject| note(reject, None, Some(reader.position())))
    }
}
