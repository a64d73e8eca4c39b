//! What can be wrong with the keys of a field that say more than its type.

use miette::Diagnostic;

use bridge_document::Span;

/// A key of a field that contradicts the field, or others beside it. Paths are `Layout.field`.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(super) enum KeyError {
    #[error("`{path}`: there are no bit-fields of `{ty}`")]
    #[diagnostic(help("write an integer type (u8 to u64, i8 to i64), `bool` or an enum, or remove `bits`"))]
    BitsType {
        path: String,
        ty: String,
        #[label]
        at: Span,
    },
    #[error("`{path}`: a bit-field of `{ty}` cannot have {width} bits")]
    #[diagnostic(help("write a number from 1 to {room}"))]
    BitsWidth {
        path: String,
        width: u64,
        ty: String,
        room: u64,
        #[label]
        at: Span,
    },
    #[error("`{path}`: bits {bit} to {last} do not lie in one `{ty}`, which has bits 0 to {}", room - 1)]
    #[diagnostic(help("write a lower `bit`, fewer `bits`, a larger type, or leave `offset` and `bit` out"))]
    BitsOutside {
        path: String,
        bit: u64,
        last: u64,
        ty: String,
        room: u64,
        #[label]
        at: Span,
    },
    #[error("`{path}`: {width} bits have no room for `{name}`, which is {value}")]
    #[diagnostic(help("they hold {min} to {max}; write more `bits`, or correct the enum"))]
    BitsValue {
        path: String,
        name: String,
        value: i128,
        width: u8,
        min: i128,
        max: i128,
        #[label]
        at: Span,
    },
    #[error("`{path}`: `bit` is only allowed on bit-fields, and this is not one")]
    #[diagnostic(help("write `bits`, too, or remove `bit`"))]
    BitKey {
        path: String,
        #[label]
        at: Span,
    },
    #[error("`{path}`: `bit` is a place in the integer at `offset`, which is missing")]
    #[diagnostic(help("write `offset`, too, or remove `bit`: then C's rules place the bit-field"))]
    BitAlone {
        path: String,
        #[label]
        at: Span,
    },
    #[error("`{path}` lies in {bytes}, of which no integer of the layout's {size} bytes has all")]
    #[diagnostic(help("describe these bytes as `u8[N]` instead, or a type of the right size"))]
    NoUnit {
        path: String,
        bytes: String,
        size: u64,
        #[label]
        at: Span,
    },
    #[error("`{path}` is part of a `{ty}` at byte {offset}, which ends at byte {end}, but the layout's size is {size}")]
    #[diagnostic(help("write a smaller type, or leave `offset` and `bit` out"))]
    UnitExceeds {
        path: String,
        ty: String,
        offset: u64,
        end: u64,
        size: u64,
        #[label(primary, "this field")]
        at: Span,
        #[label("size is set here")]
        size_at: Span,
    },
    #[error("`{path}`: `text` says where the text in `char[N]` ends, and this is no `char[N]`")]
    #[diagnostic(help("remove it, or write `char[N]` as the type"))]
    TextKey {
        path: String,
        #[label]
        at: Span,
    },
    #[error("`{path}`: `text` and `{key}` both say where the text ends")]
    #[diagnostic(help("remove `text`"))]
    TextTold {
        path: String,
        key: &'static str,
        #[label(primary, "this")]
        at: Span,
        #[label("and this")]
        other: Span,
    },
    #[error("`{path}`: `pad` is for texts that are padded")]
    #[diagnostic(help("write `text = \"padded\"`, or remove `pad`"))]
    PadKey {
        path: String,
        #[label]
        at: Span,
    },
    #[error("`{path}`: records lie in `u8[N]`, not in `{ty}`")]
    #[diagnostic(help("write `type = \"u8[N]\"` with the bytes that there are, or remove `records`"))]
    RecordsKey {
        path: String,
        ty: String,
        #[label]
        at: Span,
    },
    #[error("`{path}`: there is no layout `{name}`")]
    NoInner {
        path: String,
        name: String,
        #[label]
        at: Span,
        #[help]
        help: String,
    },
    #[error("`{path}`: a record, `{name}`, has {size} bytes, more than the {len} of the field")]
    #[diagnostic(help("write at least `u8[{size}]`, or correct `{name}`"))]
    LargeRecord {
        path: String,
        name: String,
        size: usize,
        len: usize,
        #[label]
        at: Span,
    },
    #[error("`{path}`: `variants` does not say which of them it is")]
    #[diagnostic(help("name the field beside it that does, one of an enum: tag = \"kind\""))]
    NoTag {
        path: String,
        #[label]
        at: Span,
    },
    #[error("`{path}`: `tag` says what a union holds, and this is not a union")]
    #[diagnostic(help("write `variants`, too, or remove `tag`"))]
    NoVariants {
        path: String,
        #[label]
        at: Span,
    },
    #[error("`{path}`: a union is a block of bytes, not `{ty}`")]
    #[diagnostic(help("write `u8[N]` with as many bytes as the union has"))]
    VariantsKey {
        path: String,
        ty: String,
        #[label]
        at: Span,
    },
    #[error("`{path}`: all of a union counts, so `{key}` says nothing of it")]
    #[diagnostic(help("remove `{key}`, or `variants`"))]
    UnionKey {
        path: String,
        key: &'static str,
        #[label]
        at: Span,
    },
    #[error("`{path}`: a variant, `{name}`, has {size} bytes, more than the {len} of the union")]
    #[diagnostic(help("write at least `u8[{size}]`, or correct `{name}`"))]
    LargeVariant {
        path: String,
        name: String,
        size: usize,
        len: usize,
        #[label]
        at: Span,
    },
    #[error("`{path}`: a layout has one union, and this is its second")]
    #[diagnostic(help("put each with its tag into a layout of its own"))]
    TwoUnions {
        path: String,
        #[label(primary, "the second")]
        at: Span,
        #[label("the first")]
        first: Span,
    },
    #[error("`{path}`: there is no field `{name}` beside it")]
    NoTagField {
        path: String,
        name: String,
        #[label]
        at: Span,
        #[help]
        help: String,
    },
    #[error("`{path}`: `{name}` cannot say what the union holds, since it is {ty}")]
    #[diagnostic(help(
        "a tag is an enum: describe its values in an [[enum]], and write its name as the type of `{name}`"
    ))]
    TagType {
        path: String,
        name: String,
        ty: String,
        #[label]
        at: Span,
    },
    #[error("`{path}`: `{name}` is no value of `{of}`")]
    NoTagValue {
        path: String,
        name: String,
        of: String,
        #[label]
        at: Span,
        #[help]
        help: String,
    },
    #[error("`{path}`: nothing says what the union holds when its tag is `{missing}`")]
    #[diagnostic(help("write {missing} = \"<a layout>\", or {missing} = \"\" if it holds nothing then"))]
    ValueUntold {
        path: String,
        missing: String,
        #[label]
        at: Span,
    },
    #[error("`{path}`: `{key}` names the field itself")]
    #[diagnostic(help("name the integer beside it that says how much of it counts"))]
    TellsItself {
        path: String,
        key: &'static str,
        #[label]
        at: Span,
    },
    #[error("`{path}`: `{key}` names `{name}`, but there is no such field beside it")]
    NoTeller {
        path: String,
        key: &'static str,
        name: String,
        #[label]
        at: Span,
        #[help]
        help: String,
    },
    #[error("`{path}`: `{key}` names `{name}`, which is no integer")]
    #[diagnostic(help("name a field of type u8 to u64 or i8 to i64, without `bits`; `{name}` is `{ty}`"))]
    TellerType {
        path: String,
        key: &'static str,
        name: String,
        ty: String,
        #[label]
        at: Span,
    },
    #[error("`{path}`: `{name}` is already the {other}")]
    #[diagnostic(help("a field can tell one thing; name another one, or remove one of the two"))]
    ToldTwice {
        path: String,
        name: String,
        other: String,
        #[label(primary, "again here")]
        at: Span,
        #[label("first here")]
        first: Span,
    },
    #[error("`{path}`: `endian` is for numbers, enums and arrays of them, not for {ty}")]
    #[diagnostic(help("remove it; of a struct, write it at the struct's own fields"))]
    EndianType {
        path: String,
        ty: String,
        #[label]
        at: Span,
    },
    #[error("`{path}`: a timestamp is an integer, or an array or container of integers, not `{ty}`")]
    #[diagnostic(help("write `u64` or another integer type, or remove `timestamp`"))]
    TimestampType {
        path: String,
        ty: String,
        #[label]
        at: Span,
    },
    #[error("`{path}`: `sum` alone does not say where the text ends")]
    #[diagnostic(help("write `length`, too, or `u8[N]` as the type"))]
    TextSum {
        path: String,
        #[label]
        at: Span,
    },
    #[error("`{path}`: a container knows how much of it counts, so `{key}` cannot say it")]
    #[diagnostic(help("remove `{key}`"))]
    ContainerTold {
        path: String,
        key: &'static str,
        #[label]
        at: Span,
    },
    #[error("`{path}`: `{key}` is for arrays, bytes and text, not for {ty}")]
    #[diagnostic(help("remove `{key}`, or write an array as the type"))]
    NoParts {
        path: String,
        key: &'static str,
        ty: String,
        #[label]
        at: Span,
    },
}
