//! The block of 8 KiB of the example layouts: a header, and room for 204 ticks with the number of those that count.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use bridge_daemon::layout::{Enum, Field, Layout, Live, Scalar, Type};
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::types::{Random, Sample, Tick};

const ROOM: usize = 204;

#[derive(Serialize, Deserialize)]
pub(crate) struct MarketBlock {
    sequence_number: u64,
    timestamp_ns: u64,
    data_type: DataType,
    flags: u8,
    #[serde(with = "serde_bytes")]
    reserved: [u8; 6],
    data: Ticks,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum DataType {
    Tick,
    Bar,
    Kline,
    OrderBook,
    Trade,
}

impl Sample for MarketBlock {
    fn layout() -> Arc<Layout> {
        let names = ["Tick", "Bar", "Kline", "OrderBook", "Trade"];
        let values = names.iter().zip(0..).map(|(name, value)| ((*name).into(), value)).collect();
        let data_type = Enum { name: "MarketDataType".into(), repr: Scalar::U8, values, open: false };
        let live = Live { records: Some(Tick::layout()), count: Some("record_count".into()), ..Live::default() };
        let data = Field { live: Some(Box::new(live)), ..Field::new("data", 32, Type::Bytes(8160)) };
        let fields = vec![
            Field::new("sequence_number", 0, Type::Scalar(Scalar::U64)),
            Field::new("timestamp_ns", 8, Type::Scalar(Scalar::U64)),
            Field::new("record_count", 16, Type::Scalar(Scalar::U64)),
            Field::new("data_type", 24, Type::Enum(Arc::new(data_type))),
            Field::new("flags", 25, Type::Scalar(Scalar::U8)),
            Field::new("reserved", 26, Type::Bytes(6)),
            data,
        ];
        Arc::new(Layout { name: "MarketBlock".into(), size: 8192, align: 64, fields })
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for number in [self.sequence_number, self.timestamp_ns, self.data.0.len() as u64] {
            bytes.extend(number.to_ne_bytes());
        }
        bytes.extend([self.data_type as u8, self.flags]);
        bytes.extend(self.reserved);
        bytes.extend(self.data.0.iter().flat_map(Sample::bytes));
        bytes.resize(8192, 0);
        bytes
    }

    fn random(random: &mut Random) -> Self {
        let mut data = Ticks::none();
        data.0.extend((0..ROOM).map(|_| Tick::random(random)));
        Self {
            sequence_number: random.below(1_000_000),
            timestamp_ns: 1_700_000_000_000_000_000 + random.below(1_000_000_000),
            data_type: DataType::Tick,
            flags: random.below(4) as u8,
            reserved: [0; 6],
            data,
        }
    }
}

thread_local! {
    /// Rooms that nobody uses.
    static SPARE: RefCell<Vec<Vec<Tick>>> = RefCell::new(Vec::with_capacity(8));
}

/// Up to 204 ticks, in a room that is used again when they are dropped.
struct Ticks(Vec<Tick>);

impl Ticks {
    fn none() -> Self {
        let mut room = SPARE.with_borrow_mut(Vec::pop).unwrap_or_else(|| Vec::with_capacity(ROOM));
        room.clear();
        Self(room)
    }
}

impl Drop for Ticks {
    fn drop(&mut self) {
        SPARE.with_borrow_mut(|spare| spare.push(std::mem::take(&mut self.0)));
    }
}

impl Serialize for Ticks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}

impl<'de> Deserialize<'de> for Ticks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements;
        impl<'de> Visitor<'de> for Elements {
            type Value = Ticks;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "at most {ROOM} ticks")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Ticks, A::Error> {
                let mut ticks = Ticks::none();
                while let Some(tick) = elements.next_element()? {
                    if ticks.0.len() == ROOM {
                        return Err(A::Error::invalid_length(ROOM + 1, &self));
                    }
                    ticks.0.push(tick);
                }
                Ok(ticks)
            }
        }
        deserializer.deserialize_seq(Elements)
    }
}
