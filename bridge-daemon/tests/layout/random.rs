//! Random layouts, sound by construction, as layout files. A run says its seed; `LAYOUT_SEED=...` repeats it.

use std::fmt::Write;

/// SplitMix64: good enough to choose, and the same everywhere.
pub(crate) struct Random(u64);

impl Random {
    /// Seeded by `LAYOUT_SEED`, or by the clock.
    pub(crate) fn new(purpose: &str) -> Self {
        let seed = match std::env::var("LAYOUT_SEED") {
            Ok(seed) => seed.parse().expect("LAYOUT_SEED is a number"),
            Err(_) => std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos() as u64,
        };
        eprintln!("{purpose}: LAYOUT_SEED={seed}");
        Self(seed)
    }

    /// A number from 0 up to, but without, `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) as usize % end
    }
}

const SCALARS: &[(&str, usize)] = &[
    ("u8", 1),
    ("i8", 1),
    ("bool", 1),
    ("u16", 2),
    ("i16", 2),
    ("u32", 4),
    ("i32", 4),
    ("f32", 4),
    ("u64", 8),
    ("i64", 8),
    ("f64", 8),
];

/// How the fields of a struct are placed.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// As C does.
    Natural,
    /// With bytes left out here and there.
    Gaps,
    /// `alignas`.
    OverAligned,
    /// `#pragma pack(n)`.
    Packed(usize),
    /// `#pragma pack(1)` and `alignas`.
    PackedAligned,
}

struct Made {
    name: String,
    size: usize,
    align: usize,
}

/// A field and where it stands.
struct Piece {
    /// What stands in braces, but for the name.
    line: String,
    /// Its first bit, and the one behind its last.
    start: usize,
    end: usize,
}

/// Up to four bit-fields from the bit `cursor` on, as C places them; with the bit up to which there has to be room for the
/// integers around them in packed structs, and with their alignment.
fn bit_fields(random: &mut Random, cursor: usize, packed: bool, gaps: bool) -> (Vec<Piece>, usize, usize) {
    let (mut pieces, mut cursor, mut align, mut room) = (Vec::new(), cursor, 1, 0);
    for _ in 0..1 + random.below(4) {
        let (ty, size) = [("u8", 1), ("i16", 2), ("u32", 4), ("i32", 4), ("u64", 8), ("bool", 1)][random.below(6)];
        // Packed bit-fields begin anywhere, and still have to lie in an integer of their type.
        let most_bits = if packed { size * 8 - 7 } else { size * 8 };
        let width = if ty == "bool" { 1 } else { 1 + random.below(most_bits) };
        let start = cursor + if gaps { random.below(20) } else { 0 };
        let unit = size * 8;
        let start = if !packed && start % unit + width > unit { start.next_multiple_of(unit) } else { start };
        let offset = if packed { start / 8 } else { start / unit * size };
        let bit = start - offset * 8;
        pieces.push(Piece {
            line: format!("offset = {offset}, type = \"{ty}\", bits = {width}, bit = {bit}"),
            start,
            end: start + width,
        });
        (cursor, align) = (start + width, align.max(size));
        if packed {
            room = room.max(offset + size);
        }
    }
    (pieces, room * 8, align)
}

/// A layout file with `count` layouts called `{prefix}0` and so on, later ones made of earlier ones.
pub(crate) fn layouts(random: &mut Random, prefix: &str, count: usize, bits: bool) -> String {
    let mut text = String::new();
    let mut made: Vec<Made> = Vec::new();
    for number in 0..3 {
        let (repr, size) = [("u8", 1), ("i16", 2), ("u32", 4), ("i64", 8)][random.below(4)];
        let name = format!("{prefix}E{number}");
        let values: Vec<String> = (0..1 + random.below(5)).map(|value| format!("V{value} = {}", value * 11)).collect();
        let values = values.join(", ");
        let _ = writeln!(text, "[[enum]]\nname = \"{name}\"\ntype = \"{repr}\"\nvalues = {{ {values} }}\n");
        made.push(Made { name, size, align: size });
    }
    for number in 0..count {
        let layout = layout(random, format!("{prefix}{number}"), &made, bits, &mut text);
        made.push(layout);
    }
    text
}

fn layout(random: &mut Random, name: String, made: &[Made], bits: bool, text: &mut String) -> Made {
    let style = match random.below(8) {
        0..=2 => Style::Natural,
        3 => Style::Gaps,
        4 => Style::OverAligned,
        5 => Style::Packed(1),
        6 => Style::Packed(1 << random.below(4)),
        _ => Style::PackedAligned,
    };
    let fields: Vec<(String, usize, usize)> = (0..1 + random.below(6)).map(|_| field(random, made)).collect();
    let mut natural = fields.iter().map(|(_, _, align)| *align).max().unwrap();
    let most = match style {
        Style::Natural | Style::Gaps | Style::OverAligned => usize::MAX,
        Style::Packed(pack) => pack,
        Style::PackedAligned => 1,
    };
    let mut pieces = Vec::new();
    let mut end = 0_usize;
    for (ty, size, align) in &fields {
        if bits && random.below(4) == 0 {
            let (found, room, align) = bit_fields(random, end, most < usize::MAX, style == Style::Gaps);
            end = found.last().map_or(end, |piece| piece.end).max(room);
            natural = natural.max(align);
            pieces.extend(found);
        }
        let step = (*align).min(most);
        let gap = if style == Style::Gaps { random.below(3) * step } else { 0 };
        let offset = end.div_ceil(8).next_multiple_of(step) + gap;
        let line = format!("offset = {offset}, type = \"{ty}\"");
        end = (offset + size) * 8;
        pieces.push(Piece { line, start: offset * 8, end });
    }
    let end = end / 8;
    let align = match style {
        Style::Natural | Style::Gaps => natural,
        Style::OverAligned => natural << (1 + random.below(3)),
        Style::Packed(pack) => natural.min(pack),
        Style::PackedAligned => 1 << random.below(4),
    };
    assert!(pieces.windows(2).all(|two| two[0].end <= two[1].start), "pieces overlap");
    let lines: String =
        pieces.iter().enumerate().map(|(at, piece)| format!("  {{ name = \"f{at}\", {} }},\n", piece.line)).collect();
    let tail = if style == Style::Gaps { random.below(2) * align } else { 0 };
    let size = end.next_multiple_of(align) + tail;
    let packed = matches!(style, Style::Packed(_) | Style::PackedAligned);
    let _ = writeln!(
        text,
        "[[layout]]\nname = \"{name}\"\nsize = {size}\nalign = {align}\npacked = {packed}\npadding = \"any\"\nfields = [\n{lines}]\n"
    );
    Made { name, size, align }
}

/// A type with its size and alignment.
fn field(random: &mut Random, made: &[Made]) -> (String, usize, usize) {
    let (mut ty, mut size, align) = match random.below(10) {
        0 => {
            let len = 1 + random.below(20);
            (format!("char[{len}]"), len, 1)
        }
        1 => {
            let len = 1 + random.below(40);
            (format!("u8[{len}]"), len, 1)
        }
        2..=4 if !made.is_empty() => {
            let inner = &made[random.below(made.len())];
            (inner.name.clone(), inner.size, inner.align)
        }
        _ => {
            let (name, size) = SCALARS[random.below(SCALARS.len())];
            (name.to_owned(), size, size)
        }
    };
    // Structs of structs of arrays grow fast.
    if size < 4096 {
        for _ in 0..random.below(3) {
            let len = 1 + random.below(4);
            let at = ty.find('[').unwrap_or(ty.len());
            ty.insert_str(at, &format!("[{len}]"));
            size *= len;
        }
    }
    (ty, size, align)
}
