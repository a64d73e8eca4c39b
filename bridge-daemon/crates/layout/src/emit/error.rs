//! What a language cannot say.

/// Why there is no definition.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// `repr(packed)` and `repr(align)` exclude each other.
    #[error(
        "`{0}` is packed and yet aligned as a whole, for which Rust has no struct; describe it without `packed`, \
         or with an `align` that its offsets keep"
    )]
    PackedAndAligned(String),
    /// iceoryx2's vectors are no `Copy`, and nothing can be derived for a packed struct that is none.
    #[error(
        "`{0}` is packed and contains a vector, which iceoryx2 has no type for that could stand there; emit it with \
         `--plain`, or describe it without `packed`"
    )]
    VectorInPacked(String),
    /// `repr(packed)` must not contain `repr(align)`.
    #[error(
        "`{outer}` is packed and contains `{inner}`, which is aligned to more than its fields need: Rust has no such struct"
    )]
    AlignedInPacked {
        /// The packed one.
        outer: String,
        /// The aligned one.
        inner: String,
    },
}
