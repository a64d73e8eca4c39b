//! A struct as it was found, on its way to a layout: what the debug information does not say is made out here.

use crate::numbers::{Align, MAX_SIZE};

/// A struct that was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// The layout's name.
    pub(super) name: String,
    /// The type's name in its language.
    pub(super) type_name: String,
    pub(super) size: u64,
    /// Bytes, if the debug information says it.
    pub(super) align: Option<u64>,
    pub(super) fields: Vec<ShapeField>,
    /// Remarks about the whole struct.
    pub(super) notes: Vec<String>,
}

/// A field that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ShapeField {
    pub(super) name: String,
    pub(super) offset: u64,
    pub(super) ty: FieldShape,
    /// Alignment that the member itself was given (`alignas`).
    pub(super) align: u64,
    /// The base class that it comes from.
    pub(super) base: Option<String>,
    /// It is a bit-field in an integer of its type: the place of the lowest bit, and how many.
    pub(super) bits: Option<(u64, u64)>,
    /// It is a union, of which a field says what it holds.
    pub(super) variants: Option<ShapeVariants>,
}

/// What a union holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ShapeVariants {
    /// The field that says it.
    pub(super) tag: String,
    /// Its values, each with the name of a layout; none: nothing.
    pub(super) cases: Vec<(String, Option<String>)>,
}

/// The type of a field, as a layout writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldShape {
    /// What stands before the brackets.
    pub(super) base: String,
    /// Rows before columns.
    pub(super) dimensions: Vec<u64>,
    /// Bytes, all elements together.
    pub(super) size: u64,
    /// That of the type in a layout.
    pub(super) align: u64,
    /// What the type was given beyond that: by a typedef, or as a vector. 1 where it was given none.
    pub(super) given: u64,
    /// Its numbers stand with the highest byte first, where this machine's do not.
    pub(super) swapped: bool,
}

/// What a layout says about the placing of its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placing {
    pub(super) align: u64,
    pub(super) packed: bool,
    /// There are gaps that C's rules do not explain.
    pub(super) any_padding: bool,
}

impl FieldShape {
    /// A single value.
    pub(super) fn single(base: &str, size: u64, align: u64) -> Self {
        Self { base: base.to_owned(), dimensions: Vec::new(), size, align, given: 1, swapped: false }
    }

    /// The type itself; a single `char` is text of one byte, since a layout knows text by its length only.
    pub(super) fn of_one_letter(mut self) -> Self {
        if self.base == "char" && self.dimensions.is_empty() {
            self.dimensions.push(1);
        }
        self
    }

    /// The field's `type`.
    pub(super) fn written(&self) -> String {
        let dimensions: String = self.dimensions.iter().map(|len| format!("[{len}]")).collect();
        format!("{}{dimensions}", self.base)
    }
}

impl ShapeField {
    /// The place of its first bit, on the little-endian machines that the bridge runs on.
    pub(super) fn first_bit(&self) -> u64 {
        self.offset.saturating_mul(8).saturating_add(self.bits.map_or(0, |(bit, _)| bit))
    }

    /// The place behind its last bit; of a bit-field, the integer around it does not count.
    pub(super) fn last_bit(&self) -> u64 {
        let bits = self.bits.map_or_else(|| self.ty.size.min(MAX_SIZE).saturating_mul(8), |(_, width)| width);
        self.first_bit().saturating_add(bits)
    }

    /// The byte behind its last one.
    fn end(&self) -> u64 {
        self.last_bit().div_ceil(8)
    }
}

impl Shape {
    /// Makes out the alignment where it is not said, and whether the struct is packed.
    pub(super) fn placing(&self) -> Placing {
        let align_of = |field: &ShapeField| field.ty.align.clamp(1, Align::MAX);
        let natural = self.fields.iter().map(align_of).max().unwrap_or(1);
        let given = self.fields.iter().map(|field| field.align.clamp(1, Align::MAX)).max().unwrap_or(1);
        let aligned = self.fields.iter().all(|field| field.offset % align_of(field) == 0);
        let fits = |align: u64| self.size.is_multiple_of(align);
        let align = match self.align {
            Some(align) => align,
            None if aligned && fits(natural.max(given)) => natural.max(given),
            None if aligned && fits(natural) => natural,
            // `#pragma pack(n)`, with the largest n that explains what is there.
            None => (0..=natural.trailing_zeros())
                .rev()
                .map(|power| 1 << power)
                .find(|pack| {
                    fits(*pack) && self.fields.iter().all(|field| field.offset % align_of(field).min(*pack) == 0)
                })
                .unwrap_or(1),
        };
        let packed = !aligned || align < natural;
        Placing { align, packed, any_padding: self.has_gaps(align, packed) }
    }

    /// Whether some bytes belong to no field and are not there for alignment.
    fn has_gaps(&self, align: u64, packed: bool) -> bool {
        let mut fields: Vec<&ShapeField> = self.fields.iter().collect();
        fields.sort_by_key(|field| field.first_bit());
        let mut end = 0_u64;
        for field in fields {
            let step = if packed { field.ty.align.min(align) } else { field.ty.align };
            if (field.first_bit() / 8).saturating_sub(end) >= step.max(1) {
                return true;
            }
            end = field.end();
        }
        self.size.saturating_sub(end) >= align
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(size: u64, align: Option<u64>, fields: &[(u64, u64)]) -> Placing {
        let field = |(offset, size): &(u64, u64)| ShapeField {
            name: format!("f{offset}"),
            offset: *offset,
            ty: FieldShape::single("u", *size, *size),
            align: 1,
            base: None,
            bits: None,
            variants: None,
        };
        let fields = fields.iter().map(field).collect();
        Shape { name: "S".into(), type_name: "S".into(), size, align, fields, notes: Vec::new() }.placing()
    }

    fn placing(align: u64, packed: bool, any_padding: bool) -> Placing {
        Placing { align, packed, any_padding }
    }

    #[test]
    fn what_is_not_said_is_made_out() {
        assert_eq!(shape(16, None, &[(0, 1), (8, 8)]), placing(8, false, false));
        assert_eq!(shape(9, None, &[(0, 1), (1, 8)]), placing(1, true, false));
        assert_eq!(shape(12, None, &[(0, 1), (4, 8)]), placing(4, true, false));
        assert_eq!(shape(16, Some(1), &[(0, 8), (8, 8)]), placing(1, true, false));
        assert_eq!(shape(64, Some(64), &[(0, 8), (8, 8)]), placing(64, false, false));
    }

    #[test]
    fn gaps_that_alignment_does_not_explain_are_seen() {
        assert_eq!(shape(24, None, &[(0, 1), (16, 8)]), placing(8, false, true));
        assert_eq!(shape(16, None, &[(8, 8)]), placing(8, false, true));
        assert_eq!(shape(24, None, &[(0, 8), (8, 8)]), placing(8, false, true));
        assert_eq!(shape(16, Some(1), &[(0, 1), (8, 8)]), placing(1, true, true));
    }
}
