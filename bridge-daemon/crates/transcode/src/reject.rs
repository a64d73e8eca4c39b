//! Why a sample was not transcoded.

use thiserror::Error;

/// Why a sample was not transcoded. Routes count rejected samples by reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
pub enum Reject {
    /// The sample, or the room for the result, does not have the size that the layout says.
    #[error("the sample's size is not that of the layout")]
    SizeMismatch,
    /// The source wrote the sample while it was read.
    #[error("the sample was changed by its publisher while it was read")]
    SourceChanged,
    /// The document ends in the middle of a value.
    #[error("the document ends in the middle of a value")]
    Truncated,
    /// Bytes follow the document.
    #[error("bytes follow after the end of the document")]
    TrailingBytes,
    /// A value or key is of another type than the layout needs.
    #[error("a value has another type than the field of the layout")]
    WrongType,
    /// A field of the layout is not in the document.
    #[error("a field of the layout is missing from the document")]
    MissingField,
    /// The document has a field that is missing from the layout.
    #[error("the document has a field that the layout does not have")]
    UnknownField,
    /// The document has a field twice.
    #[error("the document has a field twice")]
    DuplicateField,
    /// A number cannot be represented in its field without loss, or a `bool` is neither 0 nor 1.
    #[error("a value does not fit into the field of the layout without loss")]
    OutOfRange,
    /// A text has more bytes than its field.
    #[error("a text is longer than the field of the layout")]
    TextTooLong,
    /// A text is not UTF-8, or has a NUL in it where the field would end.
    #[error("a text is not valid UTF-8 or contains a NUL")]
    InvalidText,
    /// An array or a byte block has more or fewer elements than its field, or a struct's array not its fields' number.
    #[error("an array has another number of elements than the layout")]
    ArrayLength,
    /// A text is not among the names of the field's enum.
    #[error("a text is not a name of the enum")]
    UnknownName,
    /// A value has no name in the field's enum, which is not open.
    #[error("a value has no name in the enum")]
    UnnamedValue,
    /// The document is not JSON.
    #[error("the document breaks the rules of JSON")]
    Malformed,
    /// A value that no layout describes nests too deeply.
    #[error("a value that no layout describes nests more than 128 levels deep")]
    TooDeep,
    /// The sum of a block's bytes is not the one that the sample says.
    #[error("the sum of the block's bytes is not the one in the sample")]
    SumMismatch,
    /// A text has fewer bytes than its field, all of which it must fill.
    #[error("a text is shorter than the field of the layout, which it must fill")]
    TextTooShort,
    /// A float is infinite or no number, for which JSON has no word.
    #[error("a float is not finite, which JSON cannot say")]
    NotFinite,
    /// A text that should be bytes is not Base64.
    #[error("a text is not Base64")]
    InvalidBase64,
    /// A value that should be a point in time is neither MessagePack's timestamp nor a text by RFC 3339.
    #[error("a value is not MessagePack's timestamp, or a text is not a time by RFC 3339")]
    InvalidTimestamp,
}

impl Reject {
    /// Every reason, in the order of [`Reject::index`].
    pub const ALL: [Self; 21] = [
        Self::SizeMismatch,
        Self::SourceChanged,
        Self::Truncated,
        Self::TrailingBytes,
        Self::WrongType,
        Self::MissingField,
        Self::UnknownField,
        Self::DuplicateField,
        Self::OutOfRange,
        Self::TextTooLong,
        Self::InvalidText,
        Self::ArrayLength,
        Self::UnknownName,
        Self::UnnamedValue,
        Self::Malformed,
        Self::TooDeep,
        Self::SumMismatch,
        Self::TextTooShort,
        Self::NotFinite,
        Self::InvalidBase64,
        Self::InvalidTimestamp,
    ];

    /// The place of the reason in [`Reject::ALL`], for tables of counters.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name of the reason in metrics and in tables: `snake_case`, stable.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SizeMismatch => "size_mismatch",
            Self::SourceChanged => "source_changed",
            Self::Truncated => "truncated",
            Self::TrailingBytes => "trailing_bytes",
            Self::WrongType => "wrong_type",
            Self::MissingField => "missing_field",
            Self::UnknownField => "unknown_field",
            Self::DuplicateField => "duplicate_field",
            Self::OutOfRange => "out_of_range",
            Self::TextTooLong => "text_too_long",
            Self::InvalidText => "invalid_text",
            Self::ArrayLength => "array_length",
            Self::UnknownName => "unknown_name",
            Self::UnnamedValue => "unnamed_value",
            Self::Malformed => "malformed",
            Self::TooDeep => "too_deep",
            Self::SumMismatch => "sum_mismatch",
            Self::TextTooShort => "text_too_short",
            Self::NotFinite => "not_finite",
            Self::InvalidBase64 => "invalid_base64",
            Self::InvalidTimestamp => "invalid_timestamp",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reject;

    #[test]
    fn every_reason_stands_at_its_index_and_has_its_own_name() {
        for (index, reason) in Reject::ALL.into_iter().enumerate() {
            assert_eq!(reason.index(), index);
            assert_eq!(Reject::ALL.iter().filter(|other| other.name() == reason.name()).count(), 1);
        }
    }
}
