//! The types that are transcoded, with derived `Serialize` and `Deserialize`, and their layouts.

use std::fmt;
use std::sync::Arc;

use bridge_daemon::layout::{Field, Layout, Scalar, Type};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A type whose struct has this layout.
pub(crate) trait Sample {
    fn layout() -> Arc<Layout>;
    /// The struct as C would store it.
    fn bytes(&self) -> Vec<u8>;
    fn random(random: &mut Random) -> Self;
}

/// A simple generator (xorshift): the same numbers in every run.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From 0 to `limit`, as a field has values of one magnitude, not of all.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

/// `char[16]` as a text: without an allocation, as a careful author would write it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Symbol([u8; 16]);

impl Serialize for Symbol {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let len = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        serializer.serialize_str(std::str::from_utf8(&self.0[..len]).map_err(serde::ser::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for Symbol {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Symbol;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text of at most 16 bytes")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Symbol, E> {
                let mut symbol = [0; 16];
                let room = symbol.get_mut(..text.len()).ok_or_else(|| E::invalid_length(text.len(), &self))?;
                room.copy_from_slice(text.as_bytes());
                Ok(Symbol(symbol))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// How a type stands in a struct.
trait Stored {
    const TYPE: Type;
    fn store(&self, bytes: &mut Vec<u8>);
    fn random(random: &mut Random, magnitude: u64) -> Self;
}

macro_rules! stored {
    ($($rust:ty: $scalar:ident, |$random:ident, $magnitude:ident| $value:expr;)*) => {$(
        impl Stored for $rust {
            const TYPE: Type = Type::Scalar(Scalar::$scalar);

            fn store(&self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_ne_bytes());
            }

            fn random($random: &mut Random, $magnitude: u64) -> Self {
                $value
            }
        }
    )*};
}

stored! {
    u64: U64, |random, magnitude| 1_700_000_000_000_000_000_u64.wrapping_mul(magnitude % 2) + random.below(magnitude);
    u32: U32, |random, magnitude| random.below(magnitude) as u32;
    u16: U16, |random, magnitude| random.below(magnitude) as u16;
    i64: I64, |random, magnitude| random.below(magnitude) as i64 - (magnitude / 2) as i64;
    i32: I32, |random, magnitude| random.below(magnitude) as i32;
    f64: F64, |random, magnitude| random.below(magnitude) as f64 / 100.0;
    f32: F32, |random, magnitude| random.below(magnitude) as f32 / 10.0;
}

impl Stored for bool {
    const TYPE: Type = Type::Scalar(Scalar::Bool);

    fn store(&self, bytes: &mut Vec<u8>) {
        bytes.push(u8::from(*self));
    }

    fn random(random: &mut Random, _: u64) -> Self {
        random.below(2) == 1
    }
}

impl Stored for Symbol {
    const TYPE: Type = Type::text(16);

    fn store(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.0);
    }

    fn random(random: &mut Random, _: u64) -> Self {
        let mut symbol = [0; 16];
        symbol[..6].fill_with(|| b'0' + random.below(10) as u8);
        Self(symbol)
    }
}

/// A struct without padding, its serde, its layout and its bytes.
macro_rules! sample {
    ($name:ident { $($field:ident: $type:ty = $magnitude:expr),* $(,)? }) => {
        #[derive(Clone, Copy, Default, Serialize, Deserialize)]
        pub(crate) struct $name {
            $($field: $type,)*
        }

        impl Sample for $name {
            fn layout() -> Arc<Layout> {
                let mut fields = Vec::new();
                let mut size = 0;
                for (name, ty) in [$((stringify!($field), <$type as Stored>::TYPE),)*] {
                    let offset = size;
                    size += ty.size();
                    fields.push(Field::new(name, offset, ty));
                }
                Arc::new(Layout { name: stringify!($name).into(), size, align: 8, fields })
            }

            fn bytes(&self) -> Vec<u8> {
                let mut bytes = Vec::new();
                $(self.$field.store(&mut bytes);)*
                bytes
            }

            fn random(random: &mut Random) -> Self {
                Self { $($field: Stored::random(random, $magnitude),)* }
            }
        }
    };
}

// An odd magnitude marks a time: nanoseconds since 1970.
sample!(Tick { symbol: Symbol = 0, price: f64 = 1_000_000, volume: f64 = 100_000_000, timestamp: u64 = 1_000_000_001 });

sample!(Flat {
    sequence: u64 = 1_000_000,
    timestamp_ns: u64 = 1_000_000_001,
    received_ns: u64 = 1_000_000_001,
    order_id: u64 = 40_000_000_000,
    total_volume: u64 = 5_000_000,
    turnover: u64 = 90_000_000_000,
    position: i64 = 20_000,
    profit: i64 = 900_000_000,
    last_price: f64 = 1_000_000,
    open: f64 = 1_000_000,
    high: f64 = 1_000_000,
    low: f64 = 1_000_000,
    close: f64 = 1_000_000,
    bid_price_1: f64 = 1_000_000,
    bid_price_2: f64 = 1_000_000,
    bid_price_3: f64 = 1_000_000,
    ask_price_1: f64 = 1_000_000,
    ask_price_2: f64 = 1_000_000,
    ask_price_3: f64 = 1_000_000,
    upper_limit: f64 = 1_000_000,
    lower_limit: f64 = 1_000_000,
    settlement: f64 = 1_000_000,
    velocity: f64 = 1_000_000,
    acceleration: f64 = 1_000_000,
    bid_volume_1: u32 = 5_000,
    bid_volume_2: u32 = 5_000,
    bid_volume_3: u32 = 5_000,
    ask_volume_1: u32 = 70_000,
    ask_volume_2: u32 = 70_000,
    ask_volume_3: u32 = 70_000,
    channel: u32 = 100,
    flags: u32 = 200,
    delta: i32 = 100_000,
    temperature: f32 = 1_000,
    pressure: f32 = 1_000,
    trading_day: u32 = 20_000_000,
    venue: u16 = 60,
    state: u16 = 8,
    is_open: bool = 0,
    is_halted: bool = 0,
});
