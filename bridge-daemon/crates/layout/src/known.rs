//! What the fields of a layout can refer to by name, and their types with these names looked up.

use std::collections::HashMap;
use std::sync::Arc;

use super::container_type::{ContainerType, Holds};
use super::field_type::{Base, FieldType, foreign};
use super::model::{Container, Enum, Layout, Scalar, Text, TextEnd, Type};
use crate::numbers::MAX_SIZE;
use bridge_document::did_you_mean;

/// What is known about a layout that was made.
pub(super) struct Made {
    pub(super) layout: Arc<Layout>,
    /// Its levels.
    pub(super) depth: usize,
    /// Fields, as `MAX_FIELDS` counts them.
    pub(super) fields: usize,
}

/// What the fields of a layout can refer to.
pub(super) struct Known<'a> {
    index: HashMap<&'a str, usize>,
    /// By that index; those that are still to be made, or not sound, are not there.
    made: HashMap<usize, Made>,
    /// Those that are not sound are there without one.
    enums: HashMap<&'a str, Option<Arc<Enum>>>,
}

/// What a name stands for.
#[derive(Clone, Copy)]
pub(super) enum Inner<'a> {
    Layout(&'a Made),
    Enum(&'a Arc<Enum>),
}

/// A type with its names looked up.
pub(super) struct Resolved {
    pub(super) ty: Type,
    /// Levels within the layout that has a field of it.
    pub(super) depth: usize,
    /// How much it counts against `MAX_FIELDS`. A plan holds the names of an enum once a field that has it.
    pub(super) fields: usize,
}

/// Why a type cannot be had.
pub(super) enum Unresolved {
    /// Nobody described this.
    Unknown(String),
    /// What it names is not sound, which was reported.
    Unsound,
    /// No sample is that large.
    Large,
}

impl<'a> Known<'a> {
    /// Layouts that are still to be made, by the index in a list of them, and enums.
    pub(super) fn new(index: HashMap<&'a str, usize>, enums: HashMap<&'a str, Option<Arc<Enum>>>) -> Self {
        Self { index, made: HashMap::new(), enums }
    }

    /// Adds the layout with this index.
    pub(super) fn add(&mut self, at: usize, made: Made) {
        self.made.insert(at, made);
    }

    /// The index of the layout of this name.
    pub(super) fn index(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// Whether there is a layout or enum of this name, sound or not.
    pub(super) fn describes(&self, name: &str) -> bool {
        self.index.contains_key(name) || self.enums.contains_key(name)
    }

    /// What the name stands for: `None` if nobody described it, `Some(None)` if it is not sound.
    pub(super) fn find(&self, name: &str) -> Option<Option<Inner<'_>>> {
        match self.index.get(name) {
            Some(at) => Some(self.made.get(at).map(Inner::Layout)),
            None => self.enums.get(name).map(|named| named.as_ref().map(Inner::Enum)),
        }
    }

    /// What to write instead of the name of something that nobody described.
    pub(super) fn help(&self, name: &str) -> String {
        const SCALARS: [&str; 12] =
            ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f32", "f64", "bool", "char"];
        let names = self.index.keys().chain(self.enums.keys()).copied();
        match foreign(name).or_else(|| did_you_mean(name, names.chain(SCALARS))) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write a basic type (u8 to u64, i8 to i64, f32, f64, bool, char[N]), or describe `{name}`"),
        }
    }

    /// The layout that is most likely meant by a name that is not known.
    pub(super) fn near(&self, name: &str) -> Option<&str> {
        did_you_mean(name, self.index.keys().copied())
    }

    /// The type with its names looked up; texts end as `end` says.
    pub(super) fn resolve(&self, ty: &FieldType, end: TextEnd) -> Result<Resolved, Unresolved> {
        let mut dimensions = ty.dimensions.iter().rev().copied();
        let mut length = || dimensions.next().map(count).transpose();
        let leaf = |ty| Resolved { ty, depth: 0, fields: 1 };
        let mut result = match &ty.base {
            Base::Named(name) => self.named(name)?,
            Base::Container(container) => self.container(container)?,
            // The innermost dimension of bytes and texts is their own.
            Base::Scalar(Scalar::U8) => match length()? {
                Some(len) => leaf(Type::Bytes(len)),
                None => leaf(Type::Scalar(Scalar::U8)),
            },
            Base::Scalar(scalar) => leaf(Type::Scalar(*scalar)),
            Base::Char => leaf(Type::Text(Text { capacity: length()?.unwrap_or(1), end })),
        };
        while let Some(len) = length()? {
            room(&result.ty, len)?;
            result.ty = Type::Array(Box::new(result.ty), len);
        }
        result.depth += ty.dimensions.len();
        Ok(result)
    }

    fn named(&self, name: &str) -> Result<Resolved, Unresolved> {
        Ok(match self.find(name) {
            None => return Err(Unresolved::Unknown(name.to_owned())),
            Some(None) => return Err(Unresolved::Unsound),
            Some(Some(Inner::Layout(made))) => {
                Resolved { ty: Type::Struct(Arc::clone(&made.layout)), depth: made.depth, fields: made.fields }
            }
            Some(Some(Inner::Enum(named))) => {
                Resolved { ty: Type::Enum(Arc::clone(named)), depth: 0, fields: named.values.len() }
            }
        })
    }

    fn container(&self, container: &ContainerType) -> Result<Resolved, Unresolved> {
        if let Some(name) = container.name.as_ref().filter(|name| self.describes(name)) {
            return self.named(name);
        }
        let stack = container.stack;
        let made = |container, depth, fields| Resolved { ty: Type::Container(Box::new(container)), depth, fields };
        Ok(match &container.holds {
            Holds::Text(capacity) => made(Container::String(stack, count(*capacity)?), 0, 1),
            Holds::Many(element, capacity) => {
                let (Resolved { ty, depth, fields }, capacity) =
                    (self.resolve(element, TextEnd::Nul)?, count(*capacity)?);
                room(&ty, capacity)?;
                made(Container::Vector(stack, ty, capacity), depth + 1, fields)
            }
            Holds::Maybe(value) => {
                let Resolved { ty, depth, fields } = self.resolve(value, TextEnd::Nul)?;
                made(Container::Optional(stack, ty), depth + 1, fields)
            }
        })
    }
}

fn count(len: u64) -> Result<usize, Unresolved> {
    usize::try_from(len).ok().filter(|_| len <= MAX_SIZE).ok_or(Unresolved::Large)
}

/// Whether a sample has room for so many elements.
fn room(element: &Type, len: usize) -> Result<(), Unresolved> {
    let size = (element.size() as u64).saturating_mul(len as u64);
    if size <= MAX_SIZE { Ok(()) } else { Err(Unresolved::Large) }
}
