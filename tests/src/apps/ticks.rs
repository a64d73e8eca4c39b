//! Lists and blocks of ticks. How many there are, and all that they say, follows from the sample's id.

use std::fmt::{self, Display};

use iceoryx2::prelude::*;

use super::SampleId;
use super::pattern::mixed;
use super::topics::{MarketTick, Topic};

/// Ticks that the C++ applications' block has room for; the Rust applications' has room for more.
const ROOM: u64 = 204;

/// Ticks that a [`QuantBlock`] has room for.
const QUANT_ROOM: usize = 910;

/// What a tick's content follows from.
#[derive(Clone, Copy)]
struct TickNumber(u64);

impl TickNumber {
    /// The ticks of a sample: from none to [`ROOM`], one more from id to id.
    fn all(id: SampleId) -> impl Iterator<Item = Self> {
        let first = id.sequence % 1_000_000_000 * (ROOM + 1);
        (first..first + id.sequence % (ROOM + 1)).map(Self)
    }

    /// Every second one has the 16 bytes that a C++ application's tick has room for.
    fn symbol(self) -> String {
        let Self(number) = self;
        if number % 2 == 0 { number.to_string() } else { format!("{number:016}") }
    }

    fn price(self) -> f64 {
        self.0 as f64 * 0.01
    }

    fn volume(self) -> u64 {
        self.0 % 1000
    }
}

/// The ticks of a sample as the C++ applications have them: these publish volumes with a `fraction` of a quarter, and
/// expect none.
pub fn market_ticks(id: SampleId, fraction: f64) -> Vec<MarketTick> {
    let tick = |number: TickNumber| MarketTick {
        symbol: number.symbol(),
        price: number.price(),
        volume: number.volume() as f64 + fraction,
        timestamp: id.encoded(),
    };
    TickNumber::all(id).map(tick).collect()
}

/// Says which sample a list of ticks is. Every tick has its id; a list without ticks is the one behind the last, and
/// wrong if that should have some.
pub struct Place {
    next: SampleId,
}

impl Place {
    /// Before the first list of the first of these sources.
    pub fn new(sources: &[u16]) -> Self {
        Self { next: SampleId { source: sources.first().copied().unwrap_or_default(), sequence: 0 } }
    }

    /// The id of the next list; `encoded` is what its first tick says, if it has one.
    pub fn of(&mut self, encoded: Option<u64>) -> SampleId {
        let id = encoded.map_or(self.next, SampleId::decoded);
        self.next = SampleId { source: id.source, sequence: if id.is_probe() { 0 } else { id.sequence + 1 } };
        id
    }
}

/// A tick of a [`QuantBlock`].
#[derive(Clone, Copy, Debug, PartialEq, ZeroCopySend)]
#[repr(C)]
pub struct QuantTick {
    /// The sample's id.
    pub timestamp_ns: i64,
    /// A hundredth of the tick's number.
    pub last: f64,
    /// As the block's [`Prices`] say.
    pub bid: f64,
    /// As the block's [`Prices`] say.
    pub ask: f64,
    /// The tick's number below 1000.
    pub volume: u64,
    /// The tick's number in digits, zeros behind.
    pub symbol: [u8; 32],
}

/// Where bid and ask of a tick come from.
#[derive(Clone, Copy)]
enum Prices {
    /// Half of the tick's number, and a quarter of it: the publisher knows all three.
    Known,
    /// Both are the last price: the publisher knows only that.
    Last,
    /// Nobody knows them.
    Zero,
}

impl QuantTick {
    const NONE: Self = Self { timestamp_ns: 0, last: 0.0, bid: 0.0, ask: 0.0, volume: 0, symbol: [0; 32] };

    fn of(id: SampleId, number: TickNumber, prices: Prices) -> Self {
        let last = number.price();
        let (bid, ask) = match prices {
            Prices::Known => (number.0 as f64 * 0.5, number.0 as f64 * 0.25),
            Prices::Last => (last, last),
            Prices::Zero => (0.0, 0.0),
        };
        let mut symbol = [0; 32];
        let text = number.symbol();
        symbol[..text.len()].copy_from_slice(text.as_bytes());
        Self { timestamp_ns: id.encoded() as i64, last, bid, ask, volume: number.volume(), symbol }
    }

    /// The sum of its bytes.
    fn sum(&self) -> u64 {
        let words = [self.last.to_bits(), self.bid.to_bits(), self.ask.to_bits(), self.volume];
        let words = words.into_iter().chain([self.timestamp_ns as u64]).flat_map(u64::to_le_bytes);
        words.chain(self.symbol).map(u64::from).sum()
    }
}

/// A block of ticks as a Rust application has it.
#[derive(Clone, Copy, Debug, PartialEq, ZeroCopySend)]
#[type_name("QuantBlock")]
#[repr(C)]
#[repr(align(64))]
pub struct QuantBlock {
    /// The first `record_count` of them count.
    pub data: [QuantTick; QUANT_ROOM],
    /// Not enough for another tick.
    pub rest: [u8; 16],
    /// Bytes of `data` that count.
    pub length: u64,
    /// Ticks that count.
    pub record_count: u64,
    /// 1: ticks.
    pub data_type: u32,
    /// The id, mixed; 0 in a block made of a list.
    pub timestamp: i64,
    /// The id; 0 in a block made of a list.
    pub sequence_id: u64,
    /// 1.
    pub source_id: u32,
    /// The sum of all bytes of `data` that count.
    pub checksum: u64,
    /// Zero.
    pub metadata: [u8; 256],
}

const _: () = assert!(size_of::<QuantTick>() == 72 && size_of::<QuantBlock>() == 65856);
const _: () = assert!(std::mem::offset_of!(QuantBlock, checksum) == 65584);

impl QuantBlock {
    fn new(id: SampleId, prices: Prices) -> Self {
        let mut block = Self {
            data: [QuantTick::NONE; QUANT_ROOM],
            rest: [0; 16],
            length: 0,
            record_count: 0,
            data_type: 1,
            timestamp: (mixed(id.encoded()) >> 1) as i64,
            sequence_id: id.encoded(),
            source_id: 1,
            checksum: 0,
            metadata: [0; 256],
        };
        for (tick, number) in block.data.iter_mut().zip(TickNumber::all(id)) {
            *tick = QuantTick::of(id, number, prices);
            block.record_count += 1;
            block.length += size_of::<QuantTick>() as u64;
            block.checksum += tick.sum();
        }
        block
    }

    /// Which sample this is.
    pub fn id(&self, place: &mut Place) -> SampleId {
        place.of((self.record_count > 0).then_some(self.data[0].timestamp_ns as u64))
    }

    /// Whether every field is as it should be in a block that comes from a C++ application: zero where nothing counts. One
    /// that was `recorded` from a list has neither a number nor a time of its own.
    pub fn is_intact(&self, id: SampleId, recorded: bool) -> bool {
        let mut expected = Self::new(id, if recorded { Prices::Zero } else { Prices::Last });
        if recorded {
            (expected.timestamp, expected.sequence_id) = (0, 0);
        }
        *self == expected
    }

    /// The sample with this id, as a publisher fills it: behind the ticks that count lies what an older block has left.
    pub fn of(id: SampleId) -> Self {
        let mut block = Self::new(id, Prices::Known);
        block.data[block.record_count as usize..].fill(QuantTick {
            volume: u64::MAX,
            symbol: [0xee; 32],
            ..QuantTick::NONE
        });
        block.metadata.fill(0xee);
        block
    }
}

/// A tick of C++ applications as a struct.
#[derive(Clone, Copy, Debug, PartialEq, ZeroCopySend)]
#[type_name("MarketTick")]
#[repr(C)]
pub struct TickStruct {
    /// Zeros behind.
    pub symbol: [u8; 16],
    /// As in [`MarketTick`].
    pub price: f64,
    /// As in [`MarketTick`].
    pub volume: f64,
    /// The sample's id.
    pub timestamp: u64,
}

impl Topic for TickStruct {
    fn of(id: SampleId) -> Self {
        let MarketTick { symbol: text, price, volume, timestamp } = MarketTick::of(id);
        let mut symbol = [0; 16];
        symbol[..text.len()].copy_from_slice(text.as_bytes());
        Self { symbol, price, volume, timestamp }
    }

    fn id(&self) -> SampleId {
        SampleId::decoded(self.timestamp)
    }

    fn is_intact(&self) -> bool {
        *self == Self::of(self.id())
    }
}

impl Display for TickStruct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(&MarketTick::of(self.id()), f)
    }
}
