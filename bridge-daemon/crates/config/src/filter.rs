//! `where`: which samples a stream takes.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::document::Located;
use super::fields::{Entries, finite};
use bridge_layout::tree::Constant;
use bridge_transcode::{Condition, Test};

/// What has to be true of a sample: of each of these fields, by its path.
#[derive(Debug, Default)]
pub struct WhereDecl(pub Vec<(String, Located<TestsDecl>)>);

/// What a field may be: one of these.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TestsDecl(pub Vec<Test>);

impl WhereDecl {
    /// The conditions.
    pub(super) fn conditions(&self) -> Vec<Condition> {
        self.0.iter().map(|(path, tests)| Condition { path: path.clone(), any: tests.0.clone() }).collect()
    }

    /// Nothing about it was reported.
    pub(super) fn is_sound(&self) -> bool {
        self.0.iter().all(|(_, tests)| tests.sound)
    }
}

impl<'de> Deserialize<'de> for WhereDecl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expecting = "a table of fields with what they may be: { kind = \"Tick\" }";
        deserializer.deserialize_map(Entries::new(expecting)).map(Self)
    }
}

impl<'de> Deserialize<'de> for TestsDecl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyTests { is_inner: false })
    }
}

/// One of several, which is no list itself.
struct One(Vec<Test>);

impl<'de> Deserialize<'de> for One {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyTests { is_inner: true }).map(|tests| Self(tests.0))
    }
}

struct AnyTests {
    is_inner: bool,
}

fn is(constant: Constant) -> TestsDecl {
    TestsDecl(vec![Test::Is(constant)])
}

impl<'de> Visitor<'de> for AnyTests {
    type Value = TestsDecl;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, true, false, a text, { min = ..., max = ... }, or a list of these")
    }

    fn visit_bool<E>(self, truth: bool) -> Result<TestsDecl, E> {
        Ok(is(Constant::Bool(truth)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<TestsDecl, E> {
        Ok(is(Constant::Integer(number.into())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<TestsDecl, E> {
        Ok(is(Constant::Integer(number.into())))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<TestsDecl, E> {
        finite(number).map(is)
    }

    fn visit_str<E>(self, text: &str) -> Result<TestsDecl, E> {
        Ok(is(Constant::Text(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<TestsDecl, A::Error> {
        if self.is_inner {
            return Err(de::Error::custom("this is a list in a list\nwrite all values into one"));
        }
        let mut tests = Vec::new();
        while let Some(One(test)) = list.next_element()? {
            tests.extend(test);
        }
        if tests.is_empty() {
            return Err(de::Error::custom("no sample can match an empty list\nwrite a value, or remove the field"));
        }
        Ok(TestsDecl(tests))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TestsDecl, A::Error> {
        let (mut min, mut max) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            let end = match key.as_str() {
                "min" => &mut min,
                "max" => &mut max,
                _ => return Err(de::Error::unknown_field(&key, &["min", "max"])),
            };
            *end = Some(map.next_value::<EndDecl>()?.0);
        }
        if min.is_none() && max.is_none() {
            return Err(de::Error::custom("this says nothing\nwrite `min`, `max` or both"));
        }
        Ok(TestsDecl(vec![Test::Within(min, max)]))
    }
}

/// The end of a range.
struct EndDecl(Constant);

impl<'de> Deserialize<'de> for EndDecl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EndVisitor).map(Self)
    }
}

struct EndVisitor;

impl Visitor<'_> for EndVisitor {
    type Value = Constant;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_i64<E>(self, number: i64) -> Result<Constant, E> {
        Ok(Constant::Integer(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Constant, E> {
        Ok(Constant::Integer(number.into()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Constant, E> {
        finite(number)
    }
}
