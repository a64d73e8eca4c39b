//! serde's view of a [`Node`]: a deserializer whose errors carry the way to the value.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
};

use super::error::{DecodeError, Step};
use super::located;
use super::node::{Entry, Kind, Node};
use super::placeholder::PlaceholderDe;

/// Reads one node.
#[derive(Clone, Copy)]
pub(super) struct NodeDe<'a>(pub(super) &'a Node);

/// Placeholders answer what they are asked; everything else says what it is and lets the visitor judge.
macro_rules! answer_or_tell {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            match self.0.kind {
                Kind::Placeholder => PlaceholderDe::new().$method(visitor),
                _ => self.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for NodeDe<'de> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match &self.0.kind {
            Kind::Text(text) => visitor.visit_borrowed_str(text),
            Kind::Integer(number) => match (i64::try_from(*number), u64::try_from(*number)) {
                (Ok(number), _) => visitor.visit_i64(number),
                (_, Ok(number)) => visitor.visit_u64(number),
                _ => Err(DecodeError::invalid_type(Unexpected::Other("a number beyond 64 bits"), &visitor)),
            },
            Kind::Float(number) => visitor.visit_f64(*number),
            Kind::Bool(truth) => visitor.visit_bool(*truth),
            Kind::Datetime => Err(DecodeError::invalid_type(Unexpected::Other("a date or time"), &visitor)),
            Kind::Array(items) => visitor.visit_seq(Items { items: items.iter().enumerate() }),
            Kind::Table(table) => visitor.visit_map(Entries { entries: table.entries.iter(), current: None }),
            Kind::Placeholder => PlaceholderDe::new().deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        match &self.0.kind {
            _ if name == located::NAME => visitor.visit_map(Place { node: self.0, given: 0 }),
            Kind::Placeholder => PlaceholderDe::new().deserialize_struct(name, fields, visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        match &self.0.kind {
            Kind::Text(text) => {
                let text: StrDeserializer<'_, DecodeError> = text.as_str().into_deserializer();
                visitor.visit_enum(text)
            }
            Kind::Placeholder => PlaceholderDe::new().deserialize_enum(name, variants, visitor),
            _ => self.deserialize_any(ExpectOneOf { variants }).map(|never: std::convert::Infallible| match never {}),
        }
    }

    answer_or_tell! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64 deserialize_char deserialize_str
        deserialize_string deserialize_bytes deserialize_byte_buf deserialize_unit deserialize_seq deserialize_map
        deserialize_identifier deserialize_ignored_any
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_seq(visitor)
    }
}

/// Refuses whatever is not text where one of a few words is wanted, and names the words.
struct ExpectOneOf {
    variants: &'static [&'static str],
}

impl Visitor<'_> for ExpectOneOf {
    type Value = std::convert::Infallible;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "one of \"{}\"", self.variants.join("\", \""))
    }
}

/// The items of an array.
struct Items<'a> {
    items: std::iter::Enumerate<std::slice::Iter<'a, Node>>,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, DecodeError> {
        self.items
            .next()
            .map(|(index, item)| seed.deserialize(NodeDe(item)).map_err(|error| error.within(Step::Index(index))))
            .transpose()
    }
}

/// The entries of a table.
struct Entries<'a> {
    entries: std::slice::Iter<'a, Entry>,
    current: Option<&'a Entry>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, DecodeError> {
        self.current = self.entries.next();
        self.current
            .map(|entry| {
                let key: StrDeserializer<'_, DecodeError> = entry.key.as_str().into_deserializer();
                seed.deserialize(key)
            })
            .transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, DecodeError> {
        let entry = self.current.take().ok_or_else(|| DecodeError::custom("a value was asked for before its key"))?;
        seed.deserialize(NodeDe(&entry.node)).map_err(|error| error.within(Step::Key(entry.key.clone())))
    }
}

/// A node's place, whether it is sound and complete, and then the node: what a `Located` is made from.
struct Place<'a> {
    node: &'a Node,
    given: usize,
}

impl<'de> MapAccess<'de> for Place<'de> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, DecodeError> {
        let key: Option<StrDeserializer<'_, DecodeError>> =
            located::FIELDS.get(self.given).map(|key| (*key).into_deserializer());
        key.map(|key| seed.deserialize(key)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, DecodeError> {
        let field = self.given;
        self.given += 1;
        match field {
            0 => seed.deserialize(self.node.span.offset().into_deserializer()),
            1 => seed.deserialize(self.node.span.len().into_deserializer()),
            2 => {
                let sound = match &self.node.kind {
                    Kind::Placeholder => false,
                    Kind::Table(table) => !table.repaired,
                    _ => true,
                };
                seed.deserialize(sound.into_deserializer())
            }
            3 => {
                let complete = match &self.node.kind {
                    Kind::Placeholder => false,
                    Kind::Table(table) => table.removed.is_empty(),
                    _ => true,
                };
                seed.deserialize(complete.into_deserializer())
            }
            _ => seed.deserialize(NodeDe(self.node)),
        }
    }
}
