//! What is sent: a payload with a mark, by which its receiver knows which sample it is.
//!
//! Who publishes small payloads and blocks writes all of them. Large raw ones are only marked, at both ends: an
//! application that works without copies has its data there already, and its own writing is no part of a hop.

use std::mem::MaybeUninit;

use serde::{Deserialize, Serialize};
use tests::apps::topics::MarketTick;

/// Marks are below; this and more are free for signs between processes.
pub(crate) const SIGNS: u64 = u64::MAX - 16;
/// Says that a connection stands. Never counted.
pub(crate) const PROBE: u64 = SIGNS + 1;
/// Tells an echo to rest.
pub(crate) const REST: u64 = SIGNS + 2;
/// The first mark: above 32 bits, so that MessagePack has it in eight bytes, wherever it came from.
pub(crate) const FIRST: u64 = 1 << 40;

const WORD: usize = size_of::<u64>();
/// Above that many bytes, raw payloads are marked only.
const WHOLE: usize = 256;

/// Which payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// So many bytes that mean nothing; at least 16.
    Raw(usize),
    /// A C++ application's block of 8 KiB with 204 ticks. All of it is written for each sample.
    Block,
    /// A C++ application's tick, 40 bytes.
    Tick,
    /// The same as a MessagePack map.
    Document,
}

impl Kind {
    /// In bytes.
    pub(crate) fn len(self) -> usize {
        Content::new(self).len()
    }
}

/// Ticks in a [`Kind::Block`].
pub(crate) const TICKS_IN_BLOCK: u64 = 204;

/// A payload, ready to be sent again and again.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    template: Vec<MaybeUninit<u8>>,
    /// Where the mark stands, twice; the same place where there is room for one only.
    marks: [usize; 2],
    is_whole: bool,
    is_document: bool,
}

impl Content {
    pub(crate) fn new(kind: Kind) -> Self {
        let tick = tick();
        let template: Vec<u8> = match kind {
            Kind::Raw(size) => (0..size).map(|at| at as u8).collect(),
            Kind::Block => {
                let header = [FIRST, FIRST, TICKS_IN_BLOCK, 0].map(u64::to_ne_bytes).concat();
                [header, tick_bytes(&tick).repeat(TICKS_IN_BLOCK as usize)].concat()
            }
            Kind::Tick => tick_bytes(&tick),
            Kind::Document => rmp_serde::to_vec_named(&tick).expect("a tick is a map"),
        };
        let last = template.len() - WORD;
        let first = if matches!(kind, Kind::Raw(_) | Kind::Block) { 0 } else { last };
        Self {
            marks: [first, last],
            is_whole: kind == Kind::Block || template.len() <= WHOLE,
            is_document: kind == Kind::Document,
            template: template.into_iter().map(MaybeUninit::new).collect(),
        }
    }

    /// In bytes.
    pub(crate) fn len(&self) -> usize {
        self.template.len()
    }

    /// Writes a sample; `payload` has [`Content::len`] bytes.
    #[inline]
    pub(crate) fn write(&self, payload: &mut [MaybeUninit<u8>], mark: u64) {
        let mark = if self.is_document { mark.to_be_bytes() } else { mark.to_ne_bytes() }.map(MaybeUninit::new);
        if self.is_whole {
            payload.copy_from_slice(&self.template);
        }
        for at in self.marks {
            payload[at..at + WORD].copy_from_slice(&mark);
        }
    }

    /// The mark of a sample.
    ///
    /// # Panics
    ///
    /// If the sample has not arrived as it was sent, as far as can be seen at a glance.
    #[inline]
    pub(crate) fn read(&self, payload: &[u8]) -> u64 {
        assert_eq!(payload.len(), self.len(), "a sample has another size than it was sent with");
        let [first, last] = self.marks.map(|at| {
            let bytes = payload[at..].first_chunk().copied().unwrap_or_default();
            if self.is_document { u64::from_be_bytes(bytes) } else { u64::from_ne_bytes(bytes) }
        });
        assert_eq!(first, last, "the beginning of a sample and its end belong to two");
        first
    }
}

/// The tick that all benchmarks send.
pub(crate) fn tick() -> MarketTick {
    MarketTick { symbol: "600519.SH".into(), price: 1688.88, volume: 1200.0, timestamp: FIRST }
}

fn tick_bytes(tick: &MarketTick) -> Vec<u8> {
    let mut bytes = tick.symbol.clone().into_bytes();
    bytes.resize(16, 0);
    bytes.extend([tick.price.to_ne_bytes(), tick.volume.to_ne_bytes(), tick.timestamp.to_ne_bytes()].concat());
    bytes
}
