//! When a sample was made, as its struct says it.

use super::{Input, Output};
use bridge_layout::{Layout, Scalar, TimeUnit, Type};

/// Where the structs of a layout say when they were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    offset: usize,
    scalar: Scalar,
    is_swapped: bool,
    unit: TimeUnit,
}

impl Stamp {
    /// The first field of a layout that says `timestamp`, also inside of structs that it has as fields, but not of arrays,
    /// containers and unions, of which there are many values or perhaps none. `None` where there is no such field.
    #[must_use]
    pub fn of(layout: &Layout) -> Option<Self> {
        layout.fields.iter().filter(|field| field.variants.is_none()).find_map(|field| {
            match (&field.ty, field.timestamp) {
                (Type::Scalar(scalar), Some(unit)) => {
                    Some(Self { offset: field.offset, scalar: *scalar, is_swapped: field.endian.is_swapped(), unit })
                }
                (Type::Struct(inner), _) => {
                    let stamp = Self::of(inner)?;
                    Some(Self { offset: field.offset.checked_add(stamp.offset)?, ..stamp })
                }
                _ => None,
            }
        })
    }

    /// Nanoseconds from 1970 to when this sample was made. `None` where it does not say so: it is 0, lies before 1970 or
    /// after 2554, or the sample ends before.
    #[inline]
    #[must_use]
    pub fn read(&self, sample: Input<'_>) -> Option<u64> {
        let mut bytes = [0; 8];
        let used = bytes.get_mut(..self.scalar.size())?;
        for (index, byte) in used.iter_mut().enumerate() {
            *byte = sample.byte(self.offset.checked_add(index)?)?;
        }
        // The order of this machine is the lowest first.
        if self.is_swapped {
            used.reverse();
        }
        let value = u64::from_le_bytes(bytes);
        let (_, highest) = self.scalar.integer_range()?;
        let value = u64::try_from(highest).is_ok_and(|highest| (1..=highest).contains(&value)).then_some(value)?;
        value.checked_mul(self.unit.nanoseconds().into())
    }

    /// As [`read`](Self::read), of a sample that was just written.
    #[inline]
    #[must_use]
    pub fn read_written(&self, sample: &Output<'_>) -> Option<u64> {
        self.read(sample.written())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(fields: &str) -> Option<Stamp> {
        let text = format!(
            r#"
            [[layout]]
            name = "Header"
            fields = [{{ name = "kind", type = "u8" }}, {{ name = "at", type = "i64", timestamp = "us" }}]

            [[layout]]
            name = "Sample"
            fields = [{fields}]
            "#
        );
        let layouts = bridge_layout::parse("stamps.toml", &text).expect("it is sound");
        Stamp::of(layouts.get("Sample").flatten().expect("it is there"))
    }

    #[test]
    fn the_first_time_of_a_sample_counts_wherever_it_is() {
        let nested = r#"{ name = "price", type = "f64" }, { name = "header", type = "Header" }, { name = "t", type = "u64", timestamp = "ns" }"#;
        let found = stamp(nested).expect("it has two");
        let mut sample = [0; 32];
        sample[16..24].copy_from_slice(&1_000_007_i64.to_le_bytes());
        assert_eq!(found.read(Input::from(&sample[..])), Some(1_000_007_000));
        assert_eq!(found.read(Input::from(&sample[..20])), None, "it ends before");

        let seconds = stamp(r#"{ name = "t", type = "u32", timestamp = "s", endian = "big" }"#).expect("it has one");
        assert_eq!(seconds.read(Input::from(&[0, 0, 1, 2][..])), Some(258_000_000_000));
    }

    #[test]
    fn what_is_no_time_is_not_taken_for_one() {
        assert_eq!(stamp(r#"{ name = "t", type = "u64" }"#), None);
        assert_eq!(stamp(r#"{ name = "t", type = "u64[3]", timestamp = "ns" }"#), None);
        let found = stamp(r#"{ name = "t", type = "i64", timestamp = "ms" }"#).expect("it has one");
        for none in [0, -1, i64::MIN, i64::MAX] {
            assert_eq!(found.read(Input::from(&none.to_le_bytes()[..])), None, "{none}");
        }
    }
}
