//! Random layouts, and random samples of them together with the value that a reader must see. The value is built next
//! to the bytes, not from them, so nothing of the transcoder is used to test the transcoder.

use std::ops::RangeInclusive;
use std::sync::Arc;

use proptest::prelude::*;
use rmpv::Value;

use super::live::tellers;
use super::*;

/// Layouts of what every layout has, of up to three levels, with and without padding, at aligned and unaligned offsets.
pub(super) fn layouts() -> impl Strategy<Value = Arc<Layout>> {
    struct_of(types())
}

/// Types that hold no others: those that every layout has.
pub(super) fn plain() -> impl Strategy<Value = Type> {
    use Scalar::{Bool, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64};
    let scalars = proptest::sample::select(vec![U8, U16, U32, U64, I8, I16, I32, I64, F32, F64, Bool]);
    prop_oneof![
        24 => scalars.prop_map(Type::Scalar),
        8 => (1_usize..40).prop_map(Type::text),
        4 => (1_usize..20).prop_map(Type::Bytes),
        3 => enums(),
        1 => prop_oneof![4 => Just(256_usize), 4 => Just(300), 1 => Just(70_000)].prop_flat_map(|len| {
            prop_oneof![Just(Type::text(len)), Just(Type::Bytes(len))]
        }),
    ]
}

fn types() -> impl Strategy<Value = Type> {
    plain()
        .prop_recursive(3, 24, 6, |inner| {
            prop_oneof![
                (inner.clone(), 1_usize..20).prop_map(|(element, count)| Type::Array(Box::new(element), count)),
                struct_of(inner).prop_map(Type::Struct),
            ]
        })
        .prop_filter("small enough", |ty| ty.size() < 1 << 17)
}

pub(super) fn enums() -> impl Strategy<Value = Type> {
    use Scalar::{I8, I16, I32, I64, U8, U16, U32, U64};
    let reprs = proptest::sample::select(vec![U8, U16, U32, U64, I8, I16, I32, I64]);
    let names = proptest::collection::btree_set("[A-Z\"\u{e9}\u{1}]{0,40}", 1..6);
    (reprs, names, any::<u64>(), any::<bool>()).prop_map(|(repr, names, seed, open)| {
        let (min, max) = repr.integer_range().expect("an integer");
        let mut random = Random::new(seed);
        let mut values: Vec<(String, i128)> = Vec::new();
        for name in names {
            let value = min + i128::from(random.number()) % (max - min + 1);
            if values.iter().all(|(_, other)| *other != value) {
                values.push((name, value));
            }
        }
        Type::Enum(Arc::new(Enum { name: "Random".into(), repr, values, open }))
    })
}

fn struct_of(types: impl Strategy<Value = Type>) -> impl Strategy<Value = Arc<Layout>> {
    let field = ("[a-z_\u{e9}]{0,40}", prop_oneof![3 => Just(0_usize), 1 => 1_usize..9], types);
    (proptest::collection::vec(field, 0..20), 0_usize..9).prop_map(|(parts, tail)| {
        let mut end = 0;
        let mut fields = Vec::new();
        for (index, (name, gap, ty)) in parts.into_iter().enumerate() {
            let offset = end + gap;
            end = offset + ty.size();
            fields.push(Field::new(format!("{name}{index}"), offset, ty));
        }
        Arc::new(Layout { name: "Random".into(), size: (end + tail).max(1), align: 1, fields })
    })
}

/// A sample of a layout.
#[derive(Debug)]
pub(super) struct Sample {
    /// As an application may leave it: garbage in padding and behind the NUL of texts.
    pub(super) bytes: Vec<u8>,
    /// As the bridge writes it: zeros there.
    pub(super) clean: Vec<u8>,
    /// What a reader must see, with structs as maps.
    pub(super) value: Value,
}

impl Sample {
    pub(super) fn random(layout: &Layout, random: &mut Random) -> Self {
        let bytes = (0..layout.size).map(|_| random.next() as u8).collect();
        let mut sample = Self { bytes, clean: vec![0; layout.size], value: Value::Nil };
        sample.value = sample.structure(layout, 0, random);
        sample
    }

    fn structure(&mut self, layout: &Layout, at: usize, random: &mut Random) -> Value {
        let told = tellers(layout);
        let shown = layout.fields.iter().filter(|field| !told.contains(&field.name));
        let entry = |field: &Field| {
            let value = match &field.live {
                None => self.put(&field.ty, at + field.offset, random),
                Some(live) => self.live(field, live, layout, at, random),
            };
            (field.name.as_str().into(), value)
        };
        Value::Map(shown.map(entry).collect())
    }

    pub(super) fn put(&mut self, ty: &Type, at: usize, random: &mut Random) -> Value {
        match ty {
            Type::Scalar(scalar) => self.scalar(*scalar, at, random),
            Type::Text(text) => self.text(*text, at, random),
            Type::Bits(bits) => self.bits(bits, at, random),
            Type::Container(container) => self.container(container, at, random),
            Type::Bytes(len) => {
                let bytes: Vec<u8> = (0..*len).map(|_| random.next() as u8).collect();
                self.store(at, &bytes);
                Value::Binary(bytes)
            }
            Type::Array(element, count) => {
                Value::Array((0..*count).map(|index| self.put(element, at + index * element.size(), random)).collect())
            }
            Type::Struct(layout) => self.structure(layout, at, random),
            Type::Enum(named) => self.named(named, at, random),
        }
    }

    fn named(&mut self, named: &Enum, at: usize, random: &mut Random) -> Value {
        if named.open && random.within(0..=1) == 0 {
            let number = self.scalar(named.repr, at, random);
            let value = number.as_i64().map(i128::from).or(number.as_u64().map(i128::from)).expect("an integer");
            let found = named.values.iter().find(|(_, other)| *other == value);
            return found.map_or(number, |(name, _)| name.as_str().into());
        }
        let (name, value) = &named.values[random.within(0..=named.values.len() - 1)];
        let bytes = value.to_le_bytes();
        let mut bytes = bytes[..named.repr.size()].to_vec();
        if cfg!(target_endian = "big") {
            bytes.reverse();
        }
        self.store(at, &bytes);
        name.as_str().into()
    }

    pub(super) fn scalar(&mut self, scalar: Scalar, at: usize, random: &mut Random) -> Value {
        let bits = random.number();
        match scalar {
            Scalar::U8 => self.number(at, (bits as u8).to_ne_bytes(), bits as u8),
            Scalar::U16 => self.number(at, (bits as u16).to_ne_bytes(), bits as u16),
            Scalar::U32 => self.number(at, (bits as u32).to_ne_bytes(), bits as u32),
            Scalar::U64 => self.number(at, bits.to_ne_bytes(), bits),
            Scalar::I8 => self.number(at, (bits as i8).to_ne_bytes(), bits as i8),
            Scalar::I16 => self.number(at, (bits as i16).to_ne_bytes(), bits as i16),
            Scalar::I32 => self.number(at, (bits as i32).to_ne_bytes(), bits as i32),
            Scalar::I64 => self.number(at, (bits as i64).to_ne_bytes(), bits as i64),
            Scalar::F32 => {
                let float = if bits & 1 == 0 { f32::from_bits((bits >> 8) as u32) } else { bits as i16 as f32 };
                self.number(at, float.to_ne_bytes(), float)
            }
            Scalar::F64 => {
                let float = if bits & 1 == 0 { f64::from_bits(random.next()) } else { bits as i32 as f64 };
                self.number(at, float.to_ne_bytes(), float)
            }
            Scalar::Bool => self.number(at, [bits as u8 & 1], bits & 1 == 1),
        }
    }

    fn number<const N: usize>(&mut self, at: usize, bytes: [u8; N], value: impl Into<Value>) -> Value {
        self.store(at, &bytes);
        value.into()
    }

    pub(super) fn store(&mut self, at: usize, bytes: &[u8]) {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        self.clean[at..at + bytes.len()].copy_from_slice(bytes);
    }
}

/// Structs as arrays of their values: every map of a sample's value is a struct.
pub(super) fn without_keys(value: &Value) -> Value {
    match value {
        Value::Map(entries) => Value::Array(entries.iter().map(|(_, value)| without_keys(value)).collect()),
        Value::Array(elements) => Value::Array(elements.iter().map(without_keys).collect()),
        other => other.clone(),
    }
}

pub(super) fn encoded(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, value).expect("writes to memory");
    bytes
}

/// A simple generator (xorshift), seeded by proptest, which prints the seed of a failure.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(super) fn within(&mut self, range: RangeInclusive<usize>) -> usize {
        range.start() + (self.next() % (range.end() - range.start() + 1) as u64) as usize
    }

    /// Of any magnitude and sign, the limits of every encoding often among them.
    pub(super) fn number(&mut self) -> u64 {
        let bits = self.within(0..=63);
        let value = match self.within(0..=3) {
            0 => 1 << bits,
            1 => (1 << bits) - 1,
            _ => self.next() >> bits,
        };
        if self.within(0..=2) == 0 { value.wrapping_neg() } else { value }
    }

    /// Of at most `len` bytes, often of exactly that many.
    pub(super) fn text(&mut self, len: usize) -> String {
        let chars =
            ['a', 'Z', '0', ' ', '\u{1}', '\u{7f}', '\u{e9}', '\u{20ac}', '\u{ffff}', '\u{1f600}', '\u{10ffff}'];
        let ascii = self.within(0..=1) == 0;
        let target = if self.within(0..=2) == 0 { len } else { self.within(0..=len) };
        let mut text = String::new();
        loop {
            let char = chars[self.within(0..=if ascii { 5 } else { chars.len() - 1 })];
            if text.len() + char.len_utf8() > target {
                return text;
            }
            text.push(char);
        }
    }
}
