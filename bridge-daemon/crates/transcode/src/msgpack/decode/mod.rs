//! MessagePack to struct.
//!
//! [`build`] turns the tree of a struct into a tree of what is expected where. [`run`] follows the document and this tree
//! together: keys in the order of the fields, which is how every derived serializer writes them, are compared as
//! words; any other order goes through a sorted table. [`reader`] looks at each byte that steers it once and never
//! beyond the end, [`number`] converts where nothing is lost.
//!
//! Padding is zeroed before, and every field must be found once or is zeroed, so each byte of the output is written.

mod build;
mod find;
mod live;
mod number;
mod one_of;
mod reader;
mod run;
mod skip;
mod text;

use crate::blank::{Blank, Fixed};
use crate::bytes::{Input, Output};
use crate::fields::Place;
use crate::format::Tolerance;
use crate::leaf::Taker;
use crate::reject::Reject;
use crate::spot::note;
use bridge_layout::Scalar;
use bridge_layout::tree::{Text, Tree};
pub(crate) use find::find;
use live::LiveList;
use one_of::OneOf;
use reader::Reader;

/// Words of a key that are compared at once: the longest key, with its header, is 24 bytes.
const KEY_WORDS: usize = 3;

/// A struct, and the fields that its map or array must have.
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
    /// The key as it stands in a document, header included, zeros after it.
    key: [u64; KEY_WORDS],
    /// Bytes of it; 0: it is too long for `key`, and found by name.
    key_len: usize,
    place: Place,
    value: Value,
}

/// A value and its place, in bytes from a base: the start of the struct, or of the element of a list around it.
#[derive(Debug)]
struct Element {
    at: usize,
    value: Value,
}

/// A value that may be nil.
#[derive(Debug)]
struct Optional {
    /// Where a byte says whether the value is there.
    flag: usize,
    /// Bytes of the value, from its place on, to zero where it is not.
    size: usize,
    some: Element,
}

/// A value of the struct and what it is read from. Whatever is rare or large is boxed, so that fields lie close together.
#[derive(Debug)]
enum Value {
    /// One scalar.
    One(Scalar),
    /// A float that must be in the document as it is.
    ExactFloat,
    /// A number whose bytes stand in the other order than those of this machine: so many bytes.
    Swapped(Box<Value>, usize),
    /// An array of this many scalars.
    Many(Scalar, usize),
    /// A text in this many bytes, which ends at the first NUL.
    Text(usize),
    /// A text that ends in another way.
    OtherText(Box<Text>),
    /// This many bytes.
    Bytes(usize),
    /// An array of `count` elements, `stride` bytes apart.
    Repeat { count: usize, stride: usize, element: Box<Element> },
    /// Elements or bytes of which the sample tells something.
    Live(Box<LiveList>),
    /// A struct; its fields have the same base.
    Struct(Struct),
    /// A value or nil.
    Optional(Box<Optional>),
    /// A number, a truth value or a name that takes a closer look.
    Leaf(Box<Taker>),
    /// One of several structs.
    OneOf(Box<OneOf>),
    /// Nil, for nothing.
    Nil,
    /// Anything; it is passed over.
    Ignored,
}

/// The program of a route.
#[derive(Debug)]
pub(crate) struct Decoder {
    blank: Blank,
    root: Element,
}

impl Decoder {
    /// The program that reads what a tree shows of a struct.
    pub(crate) fn compile(tree: &Tree, tolerance: Tolerance) -> Self {
        let root = build::element(&tree.value, tolerance);
        Self { blank: Blank::of(tree), root }
    }

    /// Bytes of every result.
    pub(crate) fn output_size(&self) -> usize {
        self.blank.size()
    }

    pub(crate) fn run(&self, input: Input<'_>, mut output: Output<'_>) -> Result<(), Reject> {
        self.blank.write(&mut output)?;
        let mut reader = Reader::new(input, 0);
        reader.hand_on(|input, start| run::root(&self.root, input, start, output))?;
        let end = reader.position();
        reader.finish().map_err(|reject| note(reject, None, Some(end)))
    }
}
