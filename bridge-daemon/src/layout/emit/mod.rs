//! Emit: a layout as a definition in C++, C, Rust or Python, which checks its own sizes and offsets where it is
//! compiled (or, in Python, loaded).
//!
//! Everything a layout contains is defined before it. Names that a language cannot have are changed, and the name in the
//! layout stands beside them. Plain data; no threads.

mod c;
mod cpp;
mod error;
mod names;
mod place;
mod python;
mod rust;
mod rust_enums;
mod wire;

use std::collections::HashSet;
use std::sync::Arc;

use super::{Enum, Layout, Type};

pub use error::EmitError;

/// What to write a definition in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// C++17.
    Cpp,
    /// C11.
    C,
    /// Rust, to be sent with iceoryx2 and to be read and written with serde as the bridge's formats have it.
    Rust,
    /// Rust without a dependency.
    PlainRust,
    /// Python 3, with ctypes.
    Python,
}

/// The source code of `layout` and of all it contains.
///
/// # Errors
/// When the language has no struct that lies in memory like this.
pub fn emit(layout: &Arc<Layout>, language: Language) -> Result<String, EmitError> {
    let parts = Parts::of(layout);
    match language {
        Language::Cpp => Ok(cpp::emit(&parts)),
        Language::C => Ok(c::emit(&parts)),
        Language::Rust => rust::emit(&parts, true),
        Language::PlainRust => rust::emit(&parts, false),
        Language::Python => Ok(python::emit(&parts)),
    }
}

/// What is to be defined.
#[derive(Default)]
struct Parts {
    enums: Vec<Arc<Enum>>,
    /// Each after those it contains; the last is the one that was asked for.
    layouts: Vec<Arc<Layout>>,
}

impl Parts {
    /// The layout and all it contains, each once.
    fn of(layout: &Arc<Layout>) -> Self {
        fn visit(layout: &Arc<Layout>, seen: &mut HashSet<String>, parts: &mut Parts) {
            if !seen.insert(layout.name.clone()) {
                return;
            }
            // As deep as layouts nest, which is not deep.
            for field in &layout.fields {
                match element(&field.ty) {
                    Type::Struct(inner) => visit(inner, seen, parts),
                    Type::Enum(named) if seen.insert(named.name.clone()) => parts.enums.push(Arc::clone(named)),
                    _ => {}
                }
            }
            parts.layouts.push(Arc::clone(layout));
        }
        let mut parts = Self::default();
        visit(layout, &mut HashSet::new(), &mut parts);
        parts
    }

    /// The names of all of them.
    fn names(&self) -> impl Iterator<Item = &str> + Clone {
        let enums = self.enums.iter().map(|named| named.name.as_str());
        enums.chain(self.layouts.iter().map(|layout| layout.name.as_str()))
    }

    /// The first lines of what is written, each after `begin`.
    fn headline(&self, begin: &str) -> String {
        let name = names::comment(self.layouts.last().map_or("", |layout| &layout.name));
        format!(
            "{begin}{name}, as written by `iox-bridge layout emit`.\n\
             {begin}The asserts fail where a struct would not lie in memory as the layout says.\n"
        )
    }
}

/// What a type is, or is an array of, of any number of dimensions.
fn element(ty: &Type) -> &Type {
    match ty {
        Type::Array(inner, _) => element(inner),
        _ => ty,
    }
}

/// "40 bytes, aligned to 8".
fn measures(layout: &Layout) -> String {
    format!("{}, aligned to {}", bytes(layout.size), layout.align)
}

/// "1 byte, one of these values".
fn values(named: &Enum) -> String {
    let which = if named.open { "one of these values or another" } else { "one of these values" };
    format!("{}, {which}", bytes(named.repr.size()))
}

fn bytes(count: usize) -> String {
    if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") }
}

/// "name: ", where a definition is not called as the layout or enum is.
fn original(name: &str, identifier: &str) -> String {
    if name == identifier { String::new() } else { format!("{}: ", names::comment(name)) }
}
