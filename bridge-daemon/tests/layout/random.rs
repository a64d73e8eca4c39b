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

/// A layout file with `count` layouts called `{prefix}0` and so on, later ones made of earlier ones.
pub(crate) fn layouts(random: &mut Random, prefix: &str, count: usize) -> String {
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
        let layout = layout(random, format!("{prefix}{number}"), &made, &mut text);
        made.push(layout);
    }
    text
}

fn layout(random: &mut Random, name: String, made: &[Made], text: &mut String) -> Made {
    let style = match random.below(8) {
        0..=2 => Style::Natural,
        3 => Style::Gaps,
        4 => Style::OverAligned,
        5 => Style::Packed(1),
        6 => Style::Packed(1 << random.below(4)),
        _ => Style::PackedAligned,
    };
    let fields: Vec<(String, usize, usize)> = (0..1 + random.below(6)).map(|_| field(random, made)).collect();
    let natural = fields.iter().map(|(_, _, align)| *align).max().unwrap();
    let (most, align) = match style {
        Style::Natural | Style::Gaps => (natural, natural),
        Style::OverAligned => (natural, natural << (1 + random.below(3))),
        Style::Packed(pack) => (pack, natural.min(pack)),
        Style::PackedAligned => (1, 1 << random.below(4)),
    };
    let mut lines = String::new();
    let mut end = 0_usize;
    for (at, (ty, size, align)) in fields.iter().enumerate() {
        let step = (*align).min(most);
        let gap = if style == Style::Gaps { random.below(3) * step } else { 0 };
        let offset = end.next_multiple_of(step) + gap;
        let _ = writeln!(lines, "  {{ name = \"f{at}\", offset = {offset}, type = \"{ty}\" }},");
        end = offset + size;
    }
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
