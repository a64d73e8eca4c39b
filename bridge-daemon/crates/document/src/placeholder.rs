//! A deserializer that has an answer to every question: it stands in for values that were wrong, and are reported, so
//! that the rest of the document can be decoded. Whoever is careful about [`super::Located::sound`] never acts on one.

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::error::DecodeError;
use super::located;

/// Answers 1, "x", false, nothing in an array or a map, the first of some words, and every field of a struct.
#[derive(Clone, Copy)]
pub(super) struct PlaceholderDe {
    /// Inside another placeholder optional values are left out, where something was written they are there.
    nested: bool,
}

impl PlaceholderDe {
    pub(super) fn new() -> Self {
        Self { nested: false }
    }
}

impl<'de> Deserializer<'de> for PlaceholderDe {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_borrowed_str("x")
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_bool(false)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_i64(1)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_u32(1)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_u64(1)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if self.nested { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_seq(Nothing)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_map(Fields { fields: [].iter(), place: None, outer: self })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_map(Fields { fields: fields.iter(), place: (name == located::NAME).then_some(0), outer: self })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let first: StrDeserializer<'_, DecodeError> = variants.first().copied().unwrap_or_default().into_deserializer();
        visitor.visit_enum(first)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct
        identifier ignored_any
    }
}

/// An array without items.
struct Nothing;

impl<'de> SeqAccess<'de> for Nothing {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, _: T) -> Result<Option<T::Value>, DecodeError> {
        Ok(None)
    }
}

/// A table with every key it may have.
struct Fields {
    fields: std::slice::Iter<'static, &'static str>,
    /// How many entries of a `Located` were given, when it is one.
    place: Option<usize>,
    outer: PlaceholderDe,
}

impl<'de> MapAccess<'de> for Fields {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, DecodeError> {
        let key: Option<StrDeserializer<'_, DecodeError>> = self.fields.next().map(|key| (*key).into_deserializer());
        key.map(|key| seed.deserialize(key)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, DecodeError> {
        let Some(given) = &mut self.place else { return seed.deserialize(PlaceholderDe { nested: true }) };
        *given += 1;
        match *given {
            1 | 2 => seed.deserialize(0_u64.into_deserializer()),
            3 | 4 => seed.deserialize(false.into_deserializer()),
            _ => seed.deserialize(self.outer),
        }
    }
}
