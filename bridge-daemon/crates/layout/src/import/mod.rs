//! Import: layouts of structs as a compiler laid them out, read from debug information (DWARF in ELF files).
//!
//! [`from_binary`] reads a program, library or object, [`from_header`] has the user's compiler make an object of a
//! header first. [`Imported::to_toml`] is the layout file. What is read may be hostile: it costs memory in proportion
//! to its size and never a panic. One thread; nothing outlives the call.

mod as_bytes;
mod bits;
#[cfg(any(test, fuzzing))]
pub mod check;
mod choose;
mod containers;
mod dwarf;
mod enums;
mod error;
mod find;
mod members;
mod names;
mod object;
mod probe;
mod read;
mod scalar;
mod scopes;
mod shape;
mod special;
mod unions;
mod written;

use std::path::Path;

pub use error::{ImportError, Refusal};
pub use probe::HeaderProbe;
pub use unions::TaggedUnion;
pub use written::Imported;

use dwarf::Dwarf;
use enums::EnumShape;
use object::Sections;
use shape::Shape;

/// What was found.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    enums: Vec<EnumShape>,
    /// Each after those it contains; the last is the one that was asked for.
    structs: Vec<Shape>,
}

/// What a name and a file leave open.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Of several structs of the name, the one that is declared in this source file, or in what was compiled as that: the
    /// end of its path, and perhaps the line: `src/feed.c:12`. Of programs only: a header has one.
    pub file: Option<String>,
    /// Paths of fields that are taken as so many bytes, whatever they are: `Message.body`, or `body`.
    pub as_bytes: Vec<String>,
    /// Unions of which a field says what they hold.
    pub unions: Vec<TaggedUnion>,
}

/// Reads the struct `ty`, C++ or Rust, from the debug information of an executable, a shared library, an object file or
/// a separate debug file. Outer namespaces may be left out of the name where that is not ambiguous.
///
/// # Errors
/// When there is no such struct, when a field of it can be in no layout, or when the file cannot be read.
pub fn from_binary(path: &Path, ty: &str, choice: &Choice) -> Result<Imported, ImportError> {
    let ty = checked_name(ty)?;
    let sections = object::read(path)?;
    Imported::new(read(&sections, ty, ty, choice)?)
}

/// Reads the struct `ty` from a C++ header, by way of the user's compiler.
///
/// # Errors
/// As [`from_binary`], and when the compiler does not run or does not accept the header.
pub fn from_header(header: &HeaderProbe, ty: &str, choice: &Choice) -> Result<Imported, ImportError> {
    let ty = checked_name(ty)?;
    let (sections, align) = header.compile(ty)?;
    if align.is_some() {
        return Imported::new(probed(&sections, ty, align, choice)?);
    }
    // The compiler does not know the name as it is written; that of the struct found by it, it does.
    let found = match read(&sections, ty, ty, choice) {
        Err(ImportError::NotFound { .. } | ImportError::NoTypes) if header.declares(ty)? => {
            return Err(ImportError::Incomplete(ty.to_owned()));
        }
        found => found?,
    };
    let full = found.structs.last().map(|root| root.type_name.clone()).unwrap_or_default();
    match header.compile(&full) {
        Ok((sections, Some(align))) => Imported::new(probed(&sections, ty, Some(align), choice)?),
        _ => Imported::new(found),
    }
}

fn probed(sections: &Sections, ty: &str, align: Option<u64>, choice: &Choice) -> Result<Found, ImportError> {
    let mut found = read(sections, ty, probe::ALIAS, choice)?;
    if let Some(root) = found.structs.last_mut() {
        root.align = align;
    }
    Ok(found)
}

/// The name of a type without the `struct` that C has before it.
fn checked_name(ty: &str) -> Result<&str, ImportError> {
    let plain = ["struct ", "class "].iter().find_map(|word| ty.trim_start().strip_prefix(word)).unwrap_or(ty);
    if names::is_type_name(plain) { Ok(plain) } else { Err(ImportError::TypeName(ty.to_owned())) }
}

/// Reads the struct that the debug information calls `name`, and the user `ty`.
fn read(sections: &Sections, ty: &str, name: &str, choice: &Choice) -> Result<Found, ImportError> {
    let dwarf = Dwarf::new(sections)?;
    let found = find::find(&dwarf, name)?;
    let short = names::parts(ty).last().map_or(ty, |last| last.trim());
    choose::choose((&dwarf, sections), ty, found, choice, short)
}
