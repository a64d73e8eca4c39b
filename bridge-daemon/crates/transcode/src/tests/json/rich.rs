//! Random layouts of every kind of field, nested in every way, and random samples of them with the document that they
//! are. Layout, bytes and document are made side by side, from one seed.

use super::super::live::allowed;
use super::super::sample::Random;
use super::*;
use bridge_layout::{Bits, Container, Live, Stack, Text, TextEnd};

const INTEGERS: [Scalar; 8] =
    [Scalar::U8, Scalar::U16, Scalar::U32, Scalar::U64, Scalar::I8, Scalar::I16, Scalar::I32, Scalar::I64];

/// A layout whose fields stand anywhere, in which types nest `depth` deep.
pub(super) fn struct_of(random: &mut Random, depth: usize) -> Arc<Layout> {
    let mut fields: Vec<Field> = Vec::new();
    let mut end = 0;
    for index in 0..random.within(0..=6) {
        end += [0, 0, 0, 1, 5][random.within(0..=4)];
        match random.within(0..=5) {
            0 => bits(random, index, &mut fields, &mut end),
            1 | 2 => live(random, index, depth, &mut fields, &mut end),
            _ => push(&mut fields, &mut end, format!("f{index}"), ty(random, depth)),
        }
    }
    Arc::new(Layout { name: "Rich".into(), size: end + random.within(1..=3), align: 1, fields })
}

fn push(fields: &mut Vec<Field>, end: &mut usize, name: String, ty: Type) {
    let size = ty.size();
    fields.push(Field::new(name, *end, ty));
    *end += size;
}

/// An integer full of bit-fields.
fn bits(random: &mut Random, index: usize, fields: &mut Vec<Field>, end: &mut usize) {
    let repr = INTEGERS[random.within(0..=7)];
    let all = 8 * repr.size();
    let mut shift = random.within(0..=all - 1);
    while shift < all {
        let width = random.within(1..=all - shift);
        let ty = match random.within(0..=3) {
            0 if repr == Scalar::U8 => scalar(Scalar::Bool),
            1 if width > 1 => named(repr, &[("None", 0), ("One", 1)], width.is_multiple_of(2)),
            _ => scalar(repr),
        };
        let ty = Type::Bits(Box::new(Bits { ty, shift: shift as u8, width: width as u8 }));
        fields.push(Field::new(format!("b{index}_{shift}"), *end, ty));
        shift += width + random.within(0..=2);
    }
    *end += repr.size();
}

/// A field with a live part, and those that tell of it, before it and behind it.
fn live(random: &mut Random, index: usize, depth: usize, fields: &mut Vec<Field>, end: &mut usize) {
    const TELLERS: [Scalar; 5] = [Scalar::U16, Scalar::I16, Scalar::U32, Scalar::I64, Scalar::U64];
    let told = random.within(1..=3);
    let mut live = Live::default();
    let tell = |what: &str, fields: &mut Vec<Field>, end: &mut usize, random: &mut Random| {
        let name = format!("{what}{index}");
        push(fields, end, name.clone(), scalar(TELLERS[random.within(0..=4)]));
        Some(name)
    };
    if told & 1 == 1 {
        live.count = tell("count", fields, end, random);
    }
    let ty = match random.within(0..=3) {
        0 => Type::Text(Text { capacity: random.within(1..=40), end: TextEnd::Nul }),
        1 => Type::Bytes(random.within(1..=40)),
        2 => {
            let record = struct_of(random, depth.saturating_sub(1));
            let room = record.size * random.within(1..=4) + random.within(0..=record.size - 1);
            live.records = Some(record);
            Type::Bytes(room)
        }
        _ => Type::Array(Box::new(ty(random, depth.saturating_sub(1))), random.within(1..=5)),
    };
    let place = fields.len();
    push(fields, end, format!("live{index}"), ty);
    if told & 2 == 2 {
        live.length = tell("length", fields, end, random);
    }
    if random.within(0..=1) == 1 {
        live.sum = tell("sum", fields, end, random);
    }
    fields[place].live = Some(Box::new(live));
}

fn ty(random: &mut Random, depth: usize) -> Type {
    let stack = [Stack::Classic, Stack::Iceoryx2][random.within(0..=1)];
    let container = |container| Type::Container(Box::new(container));
    match random.within(0..=if depth == 0 { 6 } else { 11 }) {
        0..=2 => scalar([Scalar::Bool, Scalar::F32, Scalar::F64, Scalar::U64, Scalar::I16][random.within(0..=4)]),
        3 => {
            let end = match random.within(0..=3) {
                0 => TextEnd::Nul,
                1 => TextEnd::Terminated,
                2 => TextEnd::Padded([b' ', b'x', 0][random.within(0..=2)]),
                _ => TextEnd::Exact,
            };
            Type::Text(Text { capacity: random.within(1..=20), end })
        }
        4 => Type::Bytes(random.within(1..=9)),
        5 => named(Scalar::I8, &[("Tick", -1), ("B\"ar", 7)], random.within(0..=1) == 1),
        6 => container(Container::String(stack, random.within(1..=20))),
        7 | 8 => container(Container::Vector(stack, ty(random, depth - 1), random.within(1..=4))),
        9 => container(Container::Optional(stack, ty(random, depth - 1))),
        10 => Type::Struct(struct_of(random, depth - 1)),
        _ => Type::Array(Box::new(ty(random, depth - 1)), random.within(1..=18)),
    }
}

/// A sample, as an application may leave it (with garbage where nothing counts), and as the bridge writes it.
pub(super) struct Rich {
    pub(super) bytes: Vec<u8>,
    pub(super) clean: Vec<u8>,
}

impl Rich {
    /// A sample, and its document.
    pub(super) fn random(layout: &Layout, random: &mut Random) -> (Self, String) {
        let bytes = (0..layout.size).map(|_| random.next() as u8).collect();
        let mut sample = Self { bytes, clean: vec![0; layout.size] };
        let document = sample.structure(layout, 0, random);
        (sample, document)
    }

    fn structure(&mut self, layout: &Layout, base: usize, random: &mut Random) -> String {
        let tellers = layout.fields.iter().filter_map(|field| field.live.as_ref());
        let tellers: Vec<_> = tellers.flat_map(|live| [&live.count, &live.length, &live.sum]).flatten().collect();
        let mut members = Vec::new();
        for field in layout.fields.iter().filter(|field| !tellers.contains(&&field.name)) {
            let value = match &field.live {
                Some(live) => self.live(&field.ty, live, base + field.offset, layout, base, random),
                None => self.put(&field.ty, base + field.offset, random),
            };
            members.push(format!("{:?}:{value}", field.name));
        }
        format!("{{{}}}", members.join(","))
    }

    fn put(&mut self, ty: &Type, at: usize, random: &mut Random) -> String {
        match ty {
            Type::Scalar(scalar) => self.scalar(*scalar, at, random),
            Type::Text(Text { capacity, end }) => self.text(*capacity, *end, at, random),
            Type::Bytes(len) => self.list(&scalar(Scalar::U8), at, *len, random),
            Type::Array(element, count) => self.list(element, at, *count, random),
            Type::Struct(layout) => self.structure(layout, at, random),
            Type::Enum(_) => {
                let (value, text) = [(-1_i8, "\"Tick\""), (7, "\"B\\\"ar\"")][random.within(0..=1)];
                self.store(at, &value.to_ne_bytes());
                text.into()
            }
            Type::Bits(bits) => self.bits(bits, at, random),
            Type::Container(container) => self.container(container, at, random),
        }
    }

    fn list(&mut self, element: &Type, at: usize, count: usize, random: &mut Random) -> String {
        let elements = (0..count).map(|index| self.put(element, at + index * element.size(), random));
        format!("[{}]", elements.collect::<Vec<_>>().join(","))
    }

    fn scalar(&mut self, kind: Scalar, at: usize, random: &mut Random) -> String {
        let bits = random.next() >> random.within(0..=63);
        match kind {
            Scalar::Bool => {
                self.store(at, &[bits as u8 & 1]);
                (bits & 1 == 1).to_string()
            }
            Scalar::F32 => {
                let value = bits as i32 as f32 / 8.0;
                self.store(at, &value.to_ne_bytes());
                serde_json::to_string(&value).expect("writes")
            }
            Scalar::F64 => {
                let value = bits as i64 as f64 / 1e5;
                self.store(at, &value.to_ne_bytes());
                serde_json::to_string(&value).expect("writes")
            }
            Scalar::I16 => {
                self.store(at, &(bits as i16).to_ne_bytes());
                (bits as i16).to_string()
            }
            Scalar::U8 => {
                self.store(at, &[bits as u8]);
                (bits as u8).to_string()
            }
            _ => {
                self.store(at, &bits.to_ne_bytes());
                bits.to_string()
            }
        }
    }

    fn bits(&mut self, bits: &Bits, at: usize, random: &mut Random) -> String {
        let (size, width) = (bits.ty.size(), u32::from(bits.width));
        let mask = u64::MAX >> (64 - width);
        let names = match &bits.ty {
            Type::Enum(named) => Some(named.open),
            _ => None,
        };
        let is_small = names == Some(false) || bits.ty == scalar(Scalar::Bool);
        let value = random.next() & if is_small { 1 } else { mask };
        let (mask, shifted) = (mask << bits.shift, value << bits.shift);
        for part in [&mut self.bytes[at..at + size], &mut self.clean[at..at + size]] {
            let mut whole = [0; 8];
            whole[..size].copy_from_slice(part);
            part.copy_from_slice(&((u64::from_le_bytes(whole) & !mask) | shifted).to_le_bytes()[..size]);
        }
        match (&bits.ty, names) {
            (Type::Scalar(Scalar::Bool), _) => (value == 1).to_string(),
            (_, Some(_)) if value < 2 => ["\"None\"", "\"One\""][value as usize].into(),
            (Type::Scalar(Scalar::I8 | Scalar::I16 | Scalar::I32 | Scalar::I64), _) => sign_extended(value, width),
            (Type::Enum(named), _) if named.repr.integer_range().is_some_and(|(min, _)| min < 0) => {
                sign_extended(value, width)
            }
            _ => value.to_string(),
        }
    }

    fn text(&mut self, capacity: usize, end: TextEnd, at: usize, random: &mut Random) -> String {
        let room = capacity - usize::from(end == TextEnd::Terminated);
        let mut text = characters(room, end == TextEnd::Exact, random);
        match end {
            TextEnd::Nul | TextEnd::Terminated => {
                self.store(at, text.as_bytes());
                if text.len() < capacity {
                    self.store(at + text.len(), &[0]);
                }
            }
            TextEnd::Exact => {
                text.push_str(&"x".repeat(capacity - text.len()));
                self.store(at, text.as_bytes());
            }
            TextEnd::Padded(pad) => {
                text.truncate(text.trim_end_matches(char::from(pad)).len());
                self.store(at, text.as_bytes());
                self.store(at + text.len(), &vec![pad; capacity - text.len()]);
                let zeros = random.within(0..=capacity - text.len());
                self.bytes[at + capacity - zeros..at + capacity].fill(0);
            }
        }
        serde_json::to_string(&text).expect("writes")
    }

    fn container(&mut self, container: &Container, at: usize, random: &mut Random) -> String {
        let parts = container.parts();
        match container {
            Container::String(stack, capacity) => {
                let text = allowed(*stack, &characters(*capacity, true, random));
                self.store(at, text.as_bytes());
                self.store(at + parts.tag, &(text.len() as u64).to_ne_bytes());
                serde_json::to_string(&text).expect("writes")
            }
            Container::Vector(_, element, capacity) => {
                let count = random.within(0..=*capacity);
                let told = if count == *capacity && random.within(0..=1) == 1 { u64::MAX } else { count as u64 };
                self.store(at + parts.tag, &(count as u64).to_ne_bytes());
                self.bytes[at + parts.tag..at + parts.tag + 8].copy_from_slice(&told.to_ne_bytes());
                self.list(element, at, count, random)
            }
            Container::Optional(..) if random.within(0..=1) == 0 => {
                self.store(at + parts.tag, &[0]);
                "null".into()
            }
            Container::Optional(_, inner) => {
                self.store(at + parts.tag, &[1]);
                match self.put(inner, at + parts.data, random).as_str() {
                    // Documents cannot tell an optional that has none from one that has an optional that has none.
                    "null" => {
                        self.store(at + parts.tag, &[0]);
                        "null".into()
                    }
                    text => text.into(),
                }
            }
        }
    }

    /// The field of `layout`, which starts at `base`, that stands at `at`.
    fn live(&mut self, ty: &Type, live: &Live, at: usize, layout: &Layout, base: usize, random: &mut Random) -> String {
        let element = match (ty, &live.records) {
            (Type::Bytes(_), Some(record)) => Type::Struct(Arc::clone(record)),
            (Type::Array(element, _), _) => (**element).clone(),
            _ => scalar(Scalar::U8),
        };
        let stride = element.size();
        let capacity = ty.size() / stride;
        let mut count = random.within(0..=capacity);
        let text = match ty {
            Type::Text(_) => {
                let text = characters(count, true, random);
                count = text.len();
                self.store(at, text.as_bytes());
                serde_json::to_string(&text).expect("writes")
            }
            _ => self.list(&element, at, count, random),
        };
        let length = count * stride;
        // Of two that tell, one may say more, and a length may end within an element.
        let more = match (&live.count, &live.length) {
            (Some(_), Some(_)) => [(0, 0), (3, 0), (0, stride)][random.within(0..=2)],
            _ => (0, random.within(0..=stride - 1)),
        };
        let sum = |bytes: &[u8]| bytes[at..at + length].iter().map(|byte| u64::from(*byte)).sum();
        let sums = (sum(&self.bytes), sum(&self.clean));
        let told = [
            (&live.count, (count + more.0) as u64, count as u64),
            (&live.length, (length + more.1) as u64, length as u64),
            (&live.sum, sums.0, sums.1),
        ];
        for (name, found, clean) in told {
            let Some(field) = layout.fields.iter().find(|field| Some(&field.name) == name.as_ref()) else { continue };
            let (at, size) = (base + field.offset, field.ty.size());
            self.bytes[at..at + size].copy_from_slice(&found.to_le_bytes()[..size]);
            self.clean[at..at + size].copy_from_slice(&clean.to_le_bytes()[..size]);
        }
        text
    }

    fn store(&mut self, at: usize, bytes: &[u8]) {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        self.clean[at..at + bytes.len()].copy_from_slice(bytes);
    }
}

fn sign_extended(value: u64, width: u32) -> String {
    (((value << (64 - width)) as i64) >> (64 - width)).to_string()
}

/// Text of at most `room` bytes.
fn characters(room: usize, may_have_nul: bool, random: &mut Random) -> String {
    const CHARS: [char; 9] = ['a', 'x', ' ', '"', '\n', '\u{7f}', '\u{e9}', '\u{1f600}', '\0'];
    let target = random.within(0..=room);
    let mut text = String::new();
    loop {
        let char = CHARS[random.within(0..=if may_have_nul { 8 } else { 7 })];
        if text.len() + char.len_utf8() > target {
            return text;
        }
        text.push(char);
    }
}
