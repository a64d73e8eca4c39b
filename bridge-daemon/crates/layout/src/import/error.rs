//! Why a struct cannot be imported, in words for the person who wants it.

use std::path::PathBuf;

use super::names::list;
use bridge_document::on_one_line;

/// Why there is no layout.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("{} could not be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A directory, a pipe, a device.
    #[error("{} is not a file; name an executable, a shared library or an object file", .0.display())]
    NotAFile(PathBuf),
    /// A static library.
    #[error("{} is a static library; take the object out of it (`ar x`) and name that", .0.display())]
    Archive(PathBuf),
    /// Not ELF, or broken.
    #[error("{} is not an executable, shared library or object file that Linux runs", path.display())]
    NotElf {
        /// The file.
        path: PathBuf,
        /// Why.
        source: object::read::Error,
    },
    /// Of another machine, whose structs may be laid out otherwise.
    #[error("{} is built for another kind of machine; import from one that runs here", .0.display())]
    Machine(PathBuf),
    /// More than is read.
    #[error("{what} of {} is too large to be read", path.display())]
    Large {
        /// The file.
        path: PathBuf,
        /// What is large.
        what: &'static str,
    },
    /// Stripped, or never compiled with `-g`.
    #[error(
        "{} has no debug information; build it with `-g` (cargo: `debug = true` in the profile), do not strip it, \
         or name its separate debug file", .0.display()
    )]
    NoDebugInfo(PathBuf),
    /// The debug information is somewhere else.
    #[error(
        "the debug information is split into .dwo files; build without `-gsplit-dwarf` (cargo: `split-debuginfo = \"off\"`)"
    )]
    Split,
    /// Part of the debug information is in another file.
    #[error(
        "the debug information was compressed into a file shared by several programs (dwz); import from a build of your own"
    )]
    Supplement,
    /// DWARF that makes no sense.
    #[error("the debug information is broken")]
    Dwarf(#[from] gimli::Error),
    /// DWARF whose parts contradict each other.
    #[error("the debug information is broken: {0}")]
    Broken(&'static str),
    /// Not the name of a type.
    #[error("{} is not the name of a type; write it as in the source, for example `md::Tick` or `Matrix<double, 3>`", quoted(.0))]
    TypeName(String),
    /// No such struct.
    #[error("there is no struct {}{}", quoted(ty), near.as_ref().map(|near| format!("; did you mean {}?", quoted(near))).unwrap_or_default())]
    NotFound {
        /// What was asked for.
        ty: String,
        /// What is there.
        near: Option<String>,
    },
    /// More than one.
    #[error("{} can be any of {}; write more of its name", quoted(ty), list(candidates))]
    Ambiguous {
        /// What was asked for.
        ty: String,
        /// The full names it ends.
        candidates: Vec<String>,
    },
    /// Different structs of one name.
    #[error(
        "there are different structs {}; say with `--file FILE` or `--file FILE:LINE` which is meant:{places}",
        quoted(ty)
    )]
    Several {
        /// What was asked for.
        ty: String,
        /// Where they are, each on a line of its own.
        places: String,
    },
    /// It is not in the file that was named.
    #[error("there is no struct {} in {}; these are all of that name:{places}", quoted(ty), quoted(file))]
    NotThere {
        /// What was asked for.
        ty: String,
        /// Where it should be.
        file: String,
        /// Where they are, each on a line of its own.
        places: String,
    },
    /// Fields nobody described.
    #[error(
        "{} is declared, but what is in it is not said: either it has virtual functions or bases, which no layout can \
         have, or nothing here uses its fields (clang: compile with `-fstandalone-debug`)", quoted(.0)
    )]
    Declared(String),
    /// Debug information without types.
    #[error("the debug information describes no type at all, as with `-g1`; build with `-g` (cargo: `debug = true`)")]
    NoTypes,
    /// The header does not say what is in it.
    #[error("{} is only declared in the header; name the header that defines it", quoted(.0))]
    Incomplete(String),
    /// A field that should be bytes, or a tagged union, is not there.
    #[error("{} has no field {}, of which you say what it is", quoted(ty), quoted(path))]
    NoField {
        /// As it was asked for.
        path: String,
        /// The struct.
        ty: String,
    },
    /// A field that should be a tagged union is none.
    #[error("`{}` is no union, so no tag says what it holds", on_one_line(path))]
    NoUnion {
        /// The field.
        path: String,
    },
    /// What should say what a union holds does not.
    #[error("what `{}` holds can be said by an enum beside it, and {} is not an enum", on_one_line(path), quoted(tag))]
    NoTag {
        /// The union.
        path: String,
        /// As it was asked for.
        tag: String,
    },
    /// A case that there is not.
    #[error(
        "of `{}` there is no case {}: the tag's values are {values}, and the union's members {members}",
        on_one_line(path),
        quoted(case)
    )]
    NoCase {
        /// The union.
        path: String,
        /// As it was asked for.
        case: String,
        /// The names of the tag's values.
        values: String,
        /// The names of the union's members.
        members: String,
    },
    /// Which member is live for a value of the tag does not follow from the names.
    #[error(
        "which member of `{}` is live where its tag is {} does not follow from their names; add to --tag: `,{value}=<one of {members}>`, or `,{value}=` if none is",
        on_one_line(path),
        quoted(value)
    )]
    UntoldValue {
        /// The union.
        path: String,
        /// The name of the tag's value.
        value: String,
        /// The names of the union's members.
        members: String,
    },
    /// Numbers, enums, pointers are no layouts.
    #[error("{} is no struct", quoted(.0))]
    NotAStruct(String),
    /// A field that no layout can have.
    #[error("`{}` {refusal}", on_one_line(path))]
    Refused {
        /// The field, from the struct that was asked for: `Tick.header.name`.
        path: String,
        /// Why.
        refusal: Refusal,
    },
    /// The compiler cannot be run.
    #[error("the compiler `{compiler}` could not be run; install it, or set CXX to another one")]
    Compiler {
        /// Its name.
        compiler: String,
        /// Why.
        source: std::io::Error,
    },
    /// The header does not compile.
    #[error(
        "the compiler `{compiler}` does not accept the header; give it what it needs with --include DIR and `-- FLAGS`\n{output}"
    )]
    Compile {
        /// Its name.
        compiler: String,
        /// What it said.
        output: String,
    },
    /// A directory for the compiler's output cannot be made.
    #[error("no temporary directory could be made; check TMPDIR")]
    Temporary(#[source] std::io::Error),
    /// What was found is no sound layout.
    #[error("what the debug information says is no layout: {0}")]
    Unsound(String),
}

/// Why a field cannot be in a layout. Each reads on from the field's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages are the documentation")]
pub enum Refusal {
    #[error("is a pointer, which means nothing in another process; put the data itself into the struct")]
    Pointer,
    #[error("is a reference, which means nothing in another process; put the data itself into the struct")]
    Reference,
    #[error("is a pointer to a member, which means nothing in another process; take it out of the struct")]
    MemberPointer,
    #[error("is a function, which means nothing in another process; take it out of the struct")]
    Function,
    #[error(
        "is a type of the standard library that keeps its data elsewhere, or promises no layout; use numbers, fixed arrays and plain structs"
    )]
    Std,
    #[error("has virtual functions or bases, so a pointer into one process is in it; make it a plain struct")]
    Virtual,
    #[error(
        "is a union, and nothing says which of its members is live; name the enum that does, with `--tag`, or take its bytes as they are, with `--as-bytes`"
    )]
    Union,
    #[error("is a bit-field that lies in no integer of 1, 2, 4 or 8 bytes within the struct; use a whole integer")]
    BitField,
    #[error(
        "is a container of another release than the ones that a layout knows (iceoryx 2.0 and iceoryx2 0.10); use arrays and plain structs"
    )]
    Container,
    #[error(
        "is a type of iceoryx that no layout has: those with a layout are `string`, `vector` and `optional` of iceoryx 2.0, and \
         `StaticString`, `StaticVec` and `RelocatableOption` of iceoryx2 0.10; use these, arrays and plain structs"
    )]
    OtherContainer,
    #[error(
        "keeps its bytes in the other order than this machine (`scalar_storage_order`), which a layout cannot say of a \
         bit-field, or of an enum among numbers of both orders; use an array of bytes, or the machine's order"
    )]
    ByteOrder,
    #[error(
        "lies in bytes of the field before it (`[[no_unique_address]]`), which no layout can say; take the attribute off"
    )]
    Shared,
    #[error("is an integer that is never 0, which a bridge cannot promise its readers; use the plain integer")]
    NonZero,
    #[error("is an enum with data, whose layout Rust does not promise; use an integer and a struct")]
    EnumWithData,
    #[error("is a tuple, whose layout Rust does not promise; use a `#[repr(C)]` struct")]
    Tuple,
    #[error("is a float of another size than 4 or 8 bytes; use `float` or `double`")]
    Float,
    #[error("is an integer of more than 8 bytes; use two of 8")]
    Integer,
    #[error("is a complex number; use a struct of two numbers")]
    Complex,
    #[error("is a wide character; use `char` for text in UTF-8, or an integer")]
    WideChar,
    #[error("is an array without a length; give it one")]
    OpenArray,
    #[error("is an array of empty elements; take it out of the struct")]
    EmptyElements,
    #[error("is an array of more dimensions than a layout can have; put an array of structs into it")]
    Dimensions,
    #[error("is nested too deeply; use fewer structs within structs")]
    Depth,
    #[error("has more fields than a layout can have; use arrays where fields repeat")]
    ManyFields,
    #[error("has no name, or one of more than 255 bytes, and a layout's field needs one")]
    Name,
    #[error("has no fields")]
    Empty,
    #[error("is of a kind that a layout does not know")]
    Unknown,
}

/// A name out of a file or from the command line, as it can be shown.
fn quoted(name: &str) -> String {
    let short: String = name.chars().take(200).collect();
    let dots = if short.len() < name.len() { "..." } else { "" };
    format!("`{}{dots}`", on_one_line(&short))
}
