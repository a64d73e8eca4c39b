//! Show: the bytes of a layout, one line a field, structs and containers within it opened, padding marked.

use serde::Serialize;

use super::model::{Container, Endian, Field, Live, TextEnd};
use super::{Layout, Type, type_name};

/// Rows after which no more are made.
const MAX_ROWS: usize = 100_000;

/// Some bytes of a layout, or some bits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Bytes from the start of the outermost layout.
    pub offset: usize,
    /// Bytes; of an array, all elements; of bits, those that they lie in.
    pub size: usize,
    /// Bits alone.
    #[serde(flatten)]
    pub bits: Option<RowBits>,
    /// The type as a layout writes it, and which part of it counts; none for padding.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// The field, from the outermost layout: `header.time`, `ticks[0].price`; none for padding.
    pub path: Option<String>,
    /// Of a part of a container which that part is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// The field within the layout around it: `time`, `[0].price`; none for padding.
    #[serde(skip)]
    pub name: Option<String>,
    /// Layouts and containers around it.
    pub depth: usize,
}

/// Some bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RowBits {
    /// The place of the lowest bit in the byte at the row's offset: 0 to 7.
    pub bit: u8,
    /// How many; they go on in the bytes that follow.
    pub bits: usize,
}

/// A part of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The bytes of a string, with the NUL behind it.
    Text,
    /// The elements of a vector.
    Elements,
    /// How many bytes or elements count.
    Length,
    /// The value of an optional.
    Value,
    /// Whether an optional has a value.
    Flag,
}

impl Part {
    /// In the picture.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Elements => "elements",
            Self::Length => "length",
            Self::Value => "value",
            Self::Flag => "flag",
        }
    }
}

/// The rows of a layout, in order. What is within a struct or container follows it; of an array of them what is within
/// its first element.
#[must_use]
pub fn rows(layout: &Layout) -> Vec<Row> {
    let mut rows = Vec::new();
    open(layout, &Around { start: 0, path: "", indices: "", depth: 0 }, &mut rows);
    rows
}

/// What a layout or container stands in.
struct Around<'a> {
    start: usize,
    path: &'a str,
    /// It is the first element of an array: `[0]`.
    indices: &'a str,
    depth: usize,
}

impl Around<'_> {
    /// Adds what is between two bits, counted from the start, if anything is: bits, bytes and bits again.
    fn gap(&self, from: usize, to: usize, rows: &mut Vec<Row>) {
        let (first, last) = (from.next_multiple_of(8).min(to), (to / 8 * 8).max(from));
        for (from, to) in [(from, first), (first, last.max(first)), (last.max(first), to)] {
            if from < to {
                rows.push(Row { depth: self.depth, ..self.place(from, to) });
            }
        }
    }

    /// A row that has only a place.
    fn place(&self, from: usize, to: usize) -> Row {
        let (offset, size) = (from / 8, to.div_ceil(8) - from / 8);
        let is_bytes = from.is_multiple_of(8) && to.is_multiple_of(8);
        let bits = (!is_bytes).then_some(RowBits { bit: (from % 8) as u8, bits: to - from });
        Row { offset: self.start + offset, size, bits, ..Row::default() }
    }
}

fn open(layout: &Layout, around: &Around<'_>, rows: &mut Vec<Row>) {
    let &Around { start, path, indices, depth } = around;
    let mut end = 0;
    for field in &layout.fields {
        if rows.len() >= MAX_ROWS {
            return;
        }
        let (from, to) = extent(field);
        around.gap(end, from, rows);
        end = to;
        let dot = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{indices}{dot}{}", field.name);
        let name = if indices.is_empty() { field.name.clone() } else { format!("{indices}.{}", field.name) };
        let mut row = around.place(from, to);
        if let Type::Bits(_) = field.ty {
            // Whole bytes of bits are bits, too.
            row.bits = Some(RowBits { bit: (from % 8) as u8, bits: to - from });
        }
        rows.push(Row { ty: Some(words(field)), path: Some(path.clone()), name: Some(name), depth, ..row });
        let start = start + field.offset;
        if let Some(variants) = &field.variants {
            for case in &variants.cases {
                let Some(layout) = &case.layout else { continue };
                let indices = format!("({})", case.name);
                open(layout, &Around { start, path: &path, indices: &indices, depth: depth + 1 }, rows);
            }
            continue;
        }
        match field.live.as_ref().and_then(|live| live.records.as_ref()) {
            Some(record) => open(record, &Around { start, path: &path, indices: "[0]", depth: depth + 1 }, rows),
            None => within(&field.ty, &Around { start, path: &path, indices: "", depth: depth + 1 }, rows),
        }
    }
    around.gap(end, 8 * layout.size, rows);
}

/// The first bit of a field and the one behind its last, from the start of its struct.
fn extent(field: &Field) -> (usize, usize) {
    let start = 8 * field.offset;
    match &field.ty {
        Type::Bits(bits) => {
            let first = start + usize::from(bits.shift);
            (first, first + usize::from(bits.width))
        }
        ty => (start, start + 8 * ty.size()),
    }
}

/// What is within a value, or within the first element of an array.
fn within(ty: &Type, around: &Around<'_>, rows: &mut Vec<Row>) {
    let (ty, indices) = element(ty);
    let indices = format!("{}{indices}", around.indices);
    let around = Around { indices: &indices, ..*around };
    match ty {
        Type::Struct(layout) => open(layout, &around, rows),
        Type::Container(container) => parts(container, &around, rows),
        _ => {}
    }
}

/// The parts of a container, in order.
fn parts(container: &Container, around: &Around<'_>, rows: &mut Vec<Row>) {
    let places = container.parts();
    let (data, ty, size, inner) = match container {
        Container::String(_, capacity) => (Part::Text, format!("char[{}]", capacity + 1), capacity + 1, None),
        Container::Vector(_, element, len) => {
            let all = Type::Array(Box::new(element.clone()), *len);
            (Part::Elements, type_name(&all), all.size(), Some((element, "[0]")))
        }
        Container::Optional(_, value) => (Part::Value, type_name(value), value.size(), Some((value, ""))),
    };
    let (tag, tag_type, tag_size) = match container {
        Container::Optional(..) => (Part::Flag, "bool", 1),
        _ => (Part::Length, "u64", 8),
    };
    let mut both = [(places.data, data, ty, size, inner), (places.tag, tag, tag_type.to_owned(), tag_size, None)];
    both.sort_by_key(|part| part.0);
    let path = format!("{}{}", around.path, around.indices);
    let mut end = 0;
    for (at, part, ty, size, inner) in both {
        around.gap(8 * end, 8 * at, rows);
        end = at + size;
        let row = around.place(8 * at, 8 * end);
        let (ty, path, depth) = (Some(ty), path.as_str(), around.depth);
        rows.push(Row { ty, path: Some(path.to_owned()), part: Some(part), depth, ..row });
        if let Some((inner, indices)) = inner {
            within(inner, &Around { start: around.start + at, path, indices, depth: depth + 1 }, rows);
        }
    }
    around.gap(8 * end, 8 * places.size, rows);
}

/// The innermost element of arrays of arrays, and the indices of the first.
fn element(ty: &Type) -> (&Type, String) {
    match ty {
        Type::Array(inner, _) => {
            let (inner, indices) = element(inner);
            (inner, format!("[0]{indices}"))
        }
        _ => (ty, String::new()),
    }
}

/// The type of a field, where its text ends, and which part of it counts: `u8[8160] as Tick[204], count in n`.
fn words(field: &Field) -> String {
    let mut words = match &field.ty {
        // Its size is in a column of its own.
        Type::Bits(bits) => type_name(&bits.ty),
        ty => type_name(ty),
    };
    if let (Type::Text(text), _) = element(&field.ty) {
        match text.end {
            TextEnd::Nul => {}
            TextEnd::Terminated => words += ", terminated",
            TextEnd::Padded(pad) => words += &format!(", padded with {:?}", char::from(pad)),
            TextEnd::Exact => words += ", exact",
        }
    }
    if let Some(variants) = &field.variants {
        words += &format!(", a union by {}", variants.tag);
    }
    if field.endian == Endian::Big {
        words += ", big-endian";
    }
    if let Some(unit) = field.timestamp {
        words += &format!(", timestamp in {}", unit.name());
    }
    let Some(Live { records, count, length, sum }) = field.live.as_deref() else { return words };
    if let Some(record) = records {
        words += &format!(" as {}[{}]", record.name, field.ty.size() / record.size.max(1));
    }
    for (key, teller) in [("count", count), ("length", length), ("sum", sum)] {
        if let Some(teller) = teller {
            words += &format!(", {key} in {teller}");
        }
    }
    words
}
