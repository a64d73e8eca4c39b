//! Types of the standard libraries, and Rust's newtypes: what a layout makes of them.

use super::containers;
use super::error::Refusal;
use super::shape::{FieldShape, ShapeField};

/// What a struct is to the one that has it as a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A struct like any other.
    Struct,
    /// As good as the one field it has.
    Wrapper,
    /// Holds nothing.
    Empty,
    /// Of the standard library, and not to be looked into.
    Library,
    /// One of the stacks' containers.
    Container(containers::Kind),
}

/// What the struct of this full name is.
pub(super) fn kind(full: &[String], rust: bool) -> Result<Kind, Refusal> {
    if let Some(kind) = containers::kind(full, rust) {
        return Ok(Kind::Container(kind));
    }
    if containers::is_another(full, rust) {
        return Err(Refusal::OtherContainer);
    }
    let last = full.last().map_or("", String::as_str);
    let root = full.first().map_or("", String::as_str);
    if rust { rust_kind(root, last) } else { Ok(cpp_kind(root, last)) }
}

fn cpp_kind(root: &str, last: &str) -> Kind {
    if root != "std" && root != "__gnu_cxx" {
        return Kind::Struct;
    }
    match base_name(last) {
        "array" | "atomic" | "atomic_flag" | "__atomic_base" | "__atomic_float" | "duration" | "time_point" => {
            Kind::Wrapper
        }
        // Plain structs with plain members.
        "pair" => Kind::Struct,
        _ => Kind::Library,
    }
}

fn rust_kind(root: &str, last: &str) -> Result<Kind, Refusal> {
    match last.as_bytes().first() {
        Some(b'&') => return Err(Refusal::Reference),
        Some(b'*') => return Err(Refusal::Pointer),
        Some(b'(') => return Err(Refusal::Tuple),
        _ => {}
    }
    if !matches!(root, "core" | "alloc" | "std") {
        return Ok(Kind::Struct);
    }
    match base_name(last) {
        "PhantomData" | "PhantomPinned" => Ok(Kind::Empty),
        "UnsafeCell" | "Cell" | "SyncUnsafeCell" | "Wrapping" | "Saturating" | "ManuallyDrop" => Ok(Kind::Wrapper),
        name if name.starts_with("NonZero") => Err(Refusal::NonZero),
        name if name.starts_with("Atomic") && name != "AtomicPtr" => Ok(Kind::Wrapper),
        _ => Ok(Kind::Library),
    }
}

/// What the wrapper of this full name is to the one that has it: Rust keeps a truth value that is atomic in a `u8`.
pub(super) fn wrapped(full: &[String], only: &FieldShape) -> FieldShape {
    match full.last().map(String::as_str) {
        Some("AtomicBool") => FieldShape::single("bool", only.size, only.align),
        _ => only.clone(),
    }
}

/// The name without what stands in `<>`.
fn base_name(name: &str) -> &str {
    name.split('<').next().unwrap_or_default()
}

/// A Rust tuple struct of one field is that field, as serde has it. `Text<N>` around bytes, which `layout emit` writes,
/// is text: Rust has no type for it.
pub(super) fn newtype(name: &str, fields: &[ShapeField], size: u64, align: Option<u64>) -> Option<FieldShape> {
    let [only] = fields else { return None };
    if only.name != "0" || only.offset != 0 || only.ty.size != size || align.is_some_and(|align| align != only.ty.align)
    {
        return None;
    }
    let mut ty = only.ty.clone();
    let text = super::names::parts(name).last().is_some_and(|last| last.starts_with("Text<"));
    if text && ty.base == "u8" && ty.dimensions.len() == 1 {
        "char".clone_into(&mut ty.base);
    }
    Some(ty)
}
