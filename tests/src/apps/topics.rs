//! What these applications exchange. Every field of a topic follows from the sample's id, so that a receiver can tell
//! each value, not only the number of samples.

use std::cell::RefCell;
use std::fmt::{self, Debug, Display};

use crate::IceoryxSend;
use iceoryx2::prelude::*;

use serde::{Deserialize, Serialize};

use super::pattern::mixed;
use super::{Pattern, SampleId};

/// A struct of fixed layout whose content follows from a sample's id.
pub trait Topic: Copy + Debug + Display + ZeroCopySend + IceoryxSend + 'static {
    /// The sample with this id.
    fn of(id: SampleId) -> Self;
    /// The id that it claims.
    fn id(&self) -> SampleId;
    /// Whether every byte is as the id asks.
    fn is_intact(&self) -> bool;
}

/// The type of iceoryx2's publish-subscribe example.
#[derive(Clone, Copy, Debug, PartialEq, ZeroCopySend)]
#[type_name("TransmissionData")]
#[repr(C)]
pub struct TransmissionData {
    /// The sequence number; -1 in a probe.
    pub x: i32,
    /// Three times `x` and the source.
    pub y: i32,
    /// 812.12 times `x`.
    pub funky: f64,
}

impl Topic for TransmissionData {
    fn of(id: SampleId) -> Self {
        let x = if id.is_probe() { -1 } else { id.sequence as i32 };
        Self { x, y: x.wrapping_mul(3).wrapping_add(i32::from(id.source)), funky: f64::from(x) * 812.12 }
    }

    fn id(&self) -> SampleId {
        let source = self.y.wrapping_sub(self.x.wrapping_mul(3)) as u16;
        SampleId { source, sequence: u64::try_from(self.x).unwrap_or(SampleId::PROBE) }
    }

    fn is_intact(&self) -> bool {
        self.x >= -1 && *self == Self::of(self.id())
    }
}

impl Display for TransmissionData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "x {} y {} funky {:.2}", self.x, self.y, self.funky)
    }
}

/// A block of a trading system's market stream.
#[derive(Clone, Copy, Debug, PartialEq, ZeroCopySend)]
#[type_name("MarketBlock")]
#[repr(C)]
#[repr(align(64))]
pub struct MarketBlock {
    /// The sample's id.
    pub sequence_number: u64,
    /// The id, mixed.
    pub timestamp_ns: u64,
    /// Below 204.
    pub record_count: u64,
    /// Lowest byte of the sequence number.
    pub data_type: u8,
    /// The next byte of it.
    pub flags: u8,
    /// Pattern.
    pub reserved: [u8; 6],
    /// Pattern.
    pub data: [u8; 8160],
}

const _: () = assert!(size_of::<MarketBlock>() == 8192 && align_of::<MarketBlock>() == 64);
const _: () = assert!(std::mem::offset_of!(MarketBlock, data) == 32);

thread_local! {
    static BLOCK_PATTERN: RefCell<Pattern> = RefCell::new(Pattern::new(8160));
}

impl Topic for MarketBlock {
    fn of(id: SampleId) -> Self {
        let mut block = Self {
            sequence_number: id.encoded(),
            timestamp_ns: mixed(id.encoded()),
            record_count: id.sequence % 204,
            data_type: id.sequence as u8,
            flags: (id.sequence >> 8) as u8,
            reserved: [0; 6],
            data: [0; 8160],
        };
        BLOCK_PATTERN.with_borrow_mut(|pattern| {
            block.reserved.copy_from_slice(pattern.content(6, id));
            block.data.copy_from_slice(pattern.content(8160, id));
        });
        block
    }

    fn id(&self) -> SampleId {
        SampleId::decoded(self.sequence_number)
    }

    fn is_intact(&self) -> bool {
        *self == Self::of(self.id())
    }
}

impl Display for MarketBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} records of type {}", self.record_count, self.data_type)
    }
}

/// A tick as an application sees it that knows MessagePack and nothing of C++.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarketTick {
    /// At most 16 bytes.
    pub symbol: String,
    /// A hundredth of the sequence number.
    pub price: f64,
    /// Sequence number below 1000, plus the source.
    pub volume: f64,
    /// The sample's id.
    pub timestamp: u64,
}

impl MarketTick {
    /// The sample with this id.
    pub fn of(id: SampleId) -> Self {
        Self {
            symbol: format!("S{}-{}", id.source, id.sequence % 1_000_000),
            price: id.sequence as f64 * 0.01,
            volume: (id.sequence % 1000) as f64 + f64::from(id.source),
            timestamp: id.encoded(),
        }
    }
}

impl Display for MarketTick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} price {:.2} volume {}", self.symbol, self.price, self.volume)
    }
}

/// What Eclipse iceoryx's icehello and icedelivery examples exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, ZeroCopySend)]
#[type_name("RadarObject")]
#[repr(C)]
pub struct RadarObject {
    /// The examples set all three alike.
    pub x: f64,
    /// As `x`.
    pub y: f64,
    /// As `x`.
    pub z: f64,
}

/// The payload of Eclipse iceoryx's user header example.
#[derive(Clone, Copy, Debug, Default, PartialEq, ZeroCopySend)]
#[type_name("Data")]
#[repr(C)]
pub struct FibonacciData {
    /// A Fibonacci number.
    pub fibonacci: u64,
}

/// The user header of Eclipse iceoryx's user header example.
#[derive(Clone, Copy, Debug, Default, PartialEq, ZeroCopySend)]
#[type_name("Header")]
#[repr(C)]
pub struct TimestampHeader {
    /// Milliseconds; rises by 1000 a sample.
    pub publisher_timestamp: u64,
}
