//! Points in time: integers in structs, MessagePack's timestamps, and texts by RFC 3339.

use std::io::Write;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::reject::Reject;
use bridge_layout::TimeUnit;

/// Nanoseconds of a second.
const SECOND: u32 = 1_000_000_000;

/// Bytes of the longest text that is written, in quotes: `"9999-12-31T23:59:59.999999999Z"`.
pub(super) const TEXT: usize = 32;

/// A point in time, between 292 billion years before and after 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Time {
    /// Whole seconds since 1970-01-01 00:00 UTC, without leap seconds.
    seconds: i64,
    /// Nanoseconds since the begin of that second: below [`SECOND`].
    nanoseconds: u32,
}

/// A point in time as MessagePack has it: what follows the marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extension {
    /// Seconds alone, as the timestamp of 32 bits.
    Short([u8; 4]),
    /// Nanoseconds in 30 bits, and seconds in 34, as the timestamp of 64 bits.
    Middle([u8; 8]),
    /// Nanoseconds in 32 bits, then seconds in 64 with a sign, as the timestamp of 96 bits.
    Long([u8; 12]),
}

impl Extension {
    /// Bytes of the shortest and of the longest one in a document.
    pub(super) const LENGTHS: (usize, usize) = (Self::Short([0; 4]).len(), Self::Long([0; 12]).len());

    /// Bytes of it in a document: a marker, the length where the marker does not say it, the type, and what follows.
    pub(super) const fn len(self) -> usize {
        match self {
            Self::Short(bytes) => 2 + bytes.len(),
            Self::Middle(bytes) => 2 + bytes.len(),
            Self::Long(bytes) => 3 + bytes.len(),
        }
    }
}

impl Time {
    /// The point in time that an integer in a struct is; out of range if it is more than `i64::MAX` seconds.
    #[inline]
    pub(super) fn of(value: i128, unit: TimeUnit) -> Result<Self, Reject> {
        let units = i128::from(SECOND / unit.nanoseconds());
        let seconds = i64::try_from(value.div_euclid(units)).map_err(|_| Reject::OutOfRange)?;
        Ok(Self { seconds, nanoseconds: value.rem_euclid(units) as u32 * unit.nanoseconds() })
    }

    /// How many whole `unit`s have passed since 1970; what is less than one is cut off, also before that year.
    #[inline]
    pub(super) fn to(self, unit: TimeUnit) -> i128 {
        let units = i128::from(SECOND / unit.nanoseconds());
        i128::from(self.seconds) * units + i128::from(self.nanoseconds / unit.nanoseconds())
    }

    /// The shortest form in MessagePack.
    #[inline]
    pub(super) fn extension(self) -> Extension {
        let Self { seconds, nanoseconds } = self;
        match (u32::try_from(seconds), u64::try_from(seconds)) {
            (Ok(seconds), _) if nanoseconds == 0 => Extension::Short(seconds.to_be_bytes()),
            (_, Ok(seconds)) if seconds < 1 << 34 => {
                Extension::Middle((u64::from(nanoseconds) << 34 | seconds).to_be_bytes())
            }
            _ => {
                let mut bytes = [0; 12];
                let (first, second) = bytes.split_at_mut(4);
                first.copy_from_slice(&nanoseconds.to_be_bytes());
                second.copy_from_slice(&seconds.to_be_bytes());
                Extension::Long(bytes)
            }
        }
    }

    /// The point in time that a timestamp of MessagePack is, if it is one.
    #[inline]
    pub(super) fn of_extension(extension: Extension) -> Result<Self, Reject> {
        let time = match extension {
            Extension::Short(bytes) => Self { seconds: u32::from_be_bytes(bytes).into(), nanoseconds: 0 },
            Extension::Middle(bytes) => {
                let word = u64::from_be_bytes(bytes);
                Self { seconds: (word & ((1 << 34) - 1)) as i64, nanoseconds: (word >> 34) as u32 }
            }
            Extension::Long([a, b, c, d, seconds @ ..]) => {
                Self { seconds: i64::from_be_bytes(seconds), nanoseconds: u32::from_be_bytes([a, b, c, d]) }
            }
        };
        if time.nanoseconds < SECOND { Ok(time) } else { Err(Reject::InvalidTimestamp) }
    }

    /// Writes the time in UTC by RFC 3339, in quotes, into `room`; the text is given back. Out of range before the year
    /// 0 and after 9999, for which there are no such texts.
    pub(super) fn text(self, room: &mut [u8; TEXT]) -> Result<&[u8], Reject> {
        let nanoseconds = i128::from(self.seconds) * i128::from(SECOND) + i128::from(self.nanoseconds);
        let time = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).map_err(|_| Reject::OutOfRange)?;
        let mut rest = room.as_mut_slice();
        let mut write = || {
            rest.write_all(b"\"").ok()?;
            time.format_into(&mut rest, &Rfc3339).ok()?;
            rest.write_all(b"\"").ok()?;
            Some(rest.len())
        };
        let left = write().ok_or(Reject::OutOfRange)?;
        Ok(room.get(..TEXT - left).unwrap_or_default())
    }

    /// The time that a text is by RFC 3339, whatever its offset from UTC. The 61st second of a minute is the end of its
    /// 60th, and digits after the ninth are cut off.
    pub(super) fn of_text(text: &[u8]) -> Result<Self, Reject> {
        let text = std::str::from_utf8(text).map_err(|_| Reject::InvalidTimestamp)?;
        let time = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| Reject::InvalidTimestamp)?;
        Ok(Self { seconds: time.unix_timestamp(), nanoseconds: time.nanosecond() })
    }
}
