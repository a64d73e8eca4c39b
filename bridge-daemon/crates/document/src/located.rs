//! A value that knows where it was written, and whether it was written well.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::Span;

/// The struct name by which this module's deserializer knows that it is asked for a [`Located`].
pub(super) const NAME: &str = "$iox-bridge::Located";
/// The entries that it then gives, in this order.
pub(super) const FIELDS: &[&str] = &["offset", "len", "sound", "complete", "value"];

/// A value with its place in the file.
#[derive(Clone, Debug)]
pub struct Located<T> {
    /// Where it stands.
    pub span: Span,
    /// Nothing was wrong with it; for a table, with its own entries. What is not sound was reported already, so no
    /// rule needs to look at it.
    pub sound: bool,
    /// No key was taken out of it because nobody knows it: one that is not there was not written, misspelt or otherwise.
    pub complete: bool,
    value: T,
}

impl<T> Located<T> {
    /// The value, if nothing was wrong with it.
    pub fn sound(&self) -> Option<&T> {
        self.sound.then_some(&self.value)
    }

    /// The value without its place.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Located<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Located<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(NAME, FIELDS, LocatedVisitor(PhantomData))
    }
}

struct LocatedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for LocatedVisitor<T> {
    type Value = Located<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of a TOML document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let offset: usize = next(&mut map)?;
        let len: usize = next(&mut map)?;
        let sound = next(&mut map)?;
        let complete = next(&mut map)?;
        let value = next(&mut map)?;
        Ok(Located { span: Span::new(offset.into(), len), sound, complete, value })
    }
}

fn next<'de, A: MapAccess<'de>, T: Deserialize<'de>>(map: &mut A) -> Result<T, A::Error> {
    match map.next_key::<IgnoredAny>()? {
        Some(IgnoredAny) => map.next_value(),
        None => Err(de::Error::custom("a value without a place: this type is read from TOML documents only")),
    }
}
