//! How samples store what takes more than its own bytes. Whatever does not count is garbage in `bytes`, and zero in
//! `clean`.

use std::collections::HashSet;

use rmpv::Value;

use super::super::sample::{Random, Sample};
use super::*;
use bridge_layout::{Bits, Container, Live, Stack, Text, TextEnd};

/// The names of the fields that only tell something of others.
pub(in crate::tests) fn tellers(layout: &Layout) -> HashSet<String> {
    let live = layout.fields.iter().filter_map(|field| field.live.as_deref());
    live.flat_map(|live| [&live.count, &live.length, &live.sum]).flatten().cloned().collect()
}

impl Sample {
    pub(in crate::tests) fn text(&mut self, text: Text, at: usize, random: &mut Random) -> Value {
        let Text { capacity, end } = text;
        let mut content = random.text(if end == TextEnd::Terminated { capacity - 1 } else { capacity });
        let live = at..at + capacity;
        match end {
            TextEnd::Nul | TextEnd::Terminated => {
                if let Some(end) = self.bytes[live].get_mut(content.len()) {
                    *end = 0;
                }
            }
            TextEnd::Padded(pad) => {
                content.truncate(content.trim_end_matches(char::from(pad)).len());
                self.clean[live.clone()].fill(pad);
                self.bytes[live].fill_with(|| if random.within(0..=3) == 0 { 0 } else { pad });
            }
            TextEnd::Exact => {
                content = with_nuls(content, random);
                content.extend((content.len()..capacity).map(|_| 'a'));
            }
        }
        self.store(at, content.as_bytes());
        content.into()
    }

    pub(in crate::tests) fn bits(&mut self, bits: &Bits, at: usize, random: &mut Random) -> Value {
        let Bits { ty, shift, width } = bits;
        let mask = u64::MAX >> (64 - width);
        let mut number = random.number() & mask;
        if let Type::Enum(named) = ty
            && (!named.open || random.within(0..=1) == 0)
        {
            number = named.values[random.within(0..=named.values.len() - 1)].1 as u64 & mask;
        }
        let size = ty.size();
        for (buffer, keep) in [(&mut self.clean, u64::MAX), (&mut self.bytes, !(mask << shift))] {
            let place = &mut buffer[at..at + size];
            let mut word = [0; 8];
            word[..size].copy_from_slice(place);
            let word = u64::from_le_bytes(word) & keep | number << shift;
            place.copy_from_slice(&word.to_le_bytes()[..size]);
        }
        let is_signed = |scalar: Scalar| scalar.integer_range().is_some_and(|(min, _)| min < 0);
        let value = |scalar: Scalar| match number >> (width - 1) {
            1 if is_signed(scalar) => i128::from((number | !mask) as i64),
            _ => i128::from(number),
        };
        match ty {
            Type::Scalar(Scalar::Bool) => (number == 1).into(),
            Type::Scalar(scalar) => integer(value(*scalar)),
            Type::Enum(named) => {
                let value = value(named.repr);
                let name = named.values.iter().find(|(_, other)| *other == value);
                name.map_or_else(|| integer(value), |(name, _)| name.as_str().into())
            }
            other => unreachable!("{other:?} is no bit-field"),
        }
    }

    pub(in crate::tests) fn container(&mut self, container: &Container, at: usize, random: &mut Random) -> Value {
        let parts = container.parts();
        match container {
            Container::String(stack, capacity) => {
                let text = allowed(*stack, &random.text(*capacity));
                self.store(at, text.as_bytes());
                self.tell(Scalar::U64, at + parts.tag, text.len(), text.len() == *capacity, random);
                text.into()
            }
            Container::Vector(_, element, capacity) => {
                let count = count_of(*capacity, random);
                self.tell(Scalar::U64, at + parts.tag, count, count == *capacity, random);
                self.elements(element, at, count, random)
            }
            Container::Optional(_, value) => {
                let is_there = random.within(0..=1) == 1;
                self.store(at + parts.tag, &[u8::from(is_there)]);
                if is_there { self.put(value, at + parts.data, random) } else { Value::Nil }
            }
        }
    }

    pub(in crate::tests) fn live(
        &mut self,
        field: &Field,
        live: &Live,
        layout: &Layout,
        base: usize,
        random: &mut Random,
    ) -> Value {
        let at = base + field.offset;
        let (element, capacity) = match (&field.ty, &live.records) {
            (Type::Bytes(len), Some(record)) => (Type::Struct(Arc::clone(record)), len / record.size),
            (Type::Bytes(len), None) => (scalar(Scalar::U8), *len),
            (Type::Array(element, len), None) => ((**element).clone(), *len),
            (Type::Text(text), None) => (scalar(Scalar::U8), text.capacity),
            (other, _) => unreachable!("{other:?} has no live part"),
        };
        let is_told = live.count.is_some() || live.length.is_some();
        let mut count = if is_told { count_of(capacity, random) } else { capacity };
        let value = match (&field.ty, &live.records) {
            (Type::Text(_), _) => {
                let text = with_nuls(random.text(count), random);
                count = text.len();
                self.store(at, text.as_bytes());
                text.into()
            }
            (Type::Bytes(_), None) => {
                let bytes: Vec<u8> = (0..count).map(|_| random.next() as u8).collect();
                self.store(at, &bytes);
                Value::Binary(bytes)
            }
            _ => self.elements(&element, at, count, random),
        };
        let stride = element.size();
        let mut tell = |teller: &Option<String>, number: usize, may_be_more: bool, random: &mut Random| {
            let Some(teller) = teller else { return };
            let teller = layout.by_name()[teller.as_str()];
            let Type::Scalar(scalar) = teller.ty else { unreachable!("a teller is an integer") };
            self.tell(scalar, base + teller.offset, number, may_be_more, random);
        };
        // What is told may exceed the room, and one of the two the other.
        let other_tells = live.length.is_some() && random.within(0..=1) == 1;
        let is_full = count == capacity;
        tell(&live.count, count, is_full || other_tells, random);
        tell(&live.length, count * stride, is_full || (live.count.is_some() && !other_tells), random);
        if let Some(teller) = &live.sum {
            let teller = layout.by_name()[teller.as_str()];
            let place = base + teller.offset..base + teller.offset + teller.ty.size();
            for buffer in [&mut self.bytes, &mut self.clean] {
                let sum: u64 = buffer[at..at + count * stride].iter().map(|byte| u64::from(*byte)).sum();
                buffer[place.clone()].copy_from_slice(&sum.to_le_bytes()[..place.len()]);
            }
        }
        value
    }

    fn elements(&mut self, element: &Type, at: usize, count: usize, random: &mut Random) -> Value {
        Value::Array((0..count).map(|index| self.put(element, at + index * element.size(), random)).collect())
    }

    /// Tells a number; in a sample of an application perhaps a greater one, if that means the same.
    fn tell(&mut self, scalar: Scalar, at: usize, number: usize, may_be_more: bool, random: &mut Random) {
        let size = scalar.size();
        self.store(at, &number.to_le_bytes()[..size]);
        let (_, max) = scalar.integer_range().expect("an integer");
        if may_be_more && random.within(0..=1) == 1 {
            let more = [max, (number as i128 + 1).min(max)][random.within(0..=1)];
            self.bytes[at..at + size].copy_from_slice(&more.to_le_bytes()[..size]);
        }
    }
}

fn integer(value: i128) -> Value {
    i64::try_from(value).map_or_else(|_| (value as u64).into(), Value::from)
}

/// Often all or none.
fn count_of(capacity: usize, random: &mut Random) -> usize {
    match random.within(0..=3) {
        0 => 0,
        1 => capacity,
        _ => random.within(0..=capacity),
    }
}

/// The text without what strings of that stack cannot hold.
pub(in crate::tests) fn allowed(stack: Stack, text: &str) -> String {
    let is_allowed = |c: &char| *c != '\0' && (stack == Stack::Classic || c.is_ascii());
    text.chars().filter(is_allowed).collect()
}

/// The text, perhaps with NULs.
fn with_nuls(text: String, random: &mut Random) -> String {
    if random.within(0..=3) == 0 { text.replace('Z', "\0") } else { text }
}
