//! Emit: a layout as a definition in C++, C, Rust or Python, which checks its own sizes and offsets where it is
//! compiled (or, in Python, loaded).
//!
//! Everything a layout contains is defined before it. Names that a language cannot have are changed, and the name in the
//! layout stands beside them. Plain data; no threads.

mod c;
mod cpp;
mod error;
mod lower;
mod names;
mod place;
mod python;
mod rust;
mod rust_bits;
mod rust_enums;
mod wire;

use std::collections::HashSet;
use std::sync::Arc;

use lower::{Group, Has, Lowered, lower, within};

use super::{Container, Endian, Enum, Field, Layout, Stack, TextEnd, TimeUnit, Type, Variant};

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
    let lowered = lower(layout, has(language));
    let parts = Parts::of(&lowered);
    match language {
        Language::Cpp => Ok(cpp::emit(&parts)),
        Language::C => Ok(c::emit(&parts)),
        Language::Rust => rust::emit(&parts, true),
        Language::PlainRust => rust::emit(&parts, false),
        Language::Python => Ok(python::emit(&parts)),
    }
}

/// What a language has types for.
fn has(language: Language) -> Has {
    let is_classic = |container: &Container| {
        let (Container::String(stack, _) | Container::Vector(stack, ..) | Container::Optional(stack, _)) = container;
        *stack == Stack::Classic
    };
    match language {
        Language::Cpp => Has { container: is_classic, bits: true },
        Language::C => Has { container: |_| false, bits: true },
        Language::Rust => Has { container: |_| true, bits: false },
        Language::PlainRust => Has { container: |container| !matches!(container, Container::String(..)), bits: false },
        // ctypes has bit-fields, but which bits they are differs from one release to another.
        Language::Python => Has { container: |_| false, bits: false },
    }
}

/// What is to be defined.
struct Parts<'a> {
    enums: Vec<Arc<Enum>>,
    /// Each after those it contains; the last is the one that was asked for.
    layouts: Vec<Arc<Layout>>,
    lowered: &'a Lowered,
}

impl<'a> Parts<'a> {
    /// The layout and all it contains, each once.
    fn of(lowered: &'a Lowered) -> Self {
        let mut parts = Self { enums: Vec::new(), layouts: Vec::new(), lowered };
        parts.visit(&lowered.layout, &mut HashSet::new());
        parts
    }

    /// As deep as layouts nest, which is not deep.
    fn visit(&mut self, layout: &Arc<Layout>, seen: &mut HashSet<String>) {
        if !seen.insert(layout.name.clone()) {
            return;
        }
        let mut inner = Vec::new();
        for field in &layout.fields {
            within(&field.ty, &mut |ty| inner.push(ty.clone()));
            inner.extend(field.live.iter().filter_map(|live| live.records.clone()).map(Type::Struct));
            let cases = field.variants.iter().flat_map(|variants| &variants.cases);
            inner.extend(cases.filter_map(|case| case.layout.clone()).map(Type::Struct));
        }
        for group in self.groups(layout) {
            inner.extend(group.fields.iter().map(|bits| bits.bits.ty.clone()));
        }
        for ty in inner {
            match ty {
                Type::Struct(inner) => self.visit(&inner, seen),
                Type::Enum(named) if seen.insert(named.name.clone()) => self.enums.push(named),
                _ => {}
            }
        }
        self.layouts.push(Arc::clone(layout));
    }

    /// The bit-fields of a layout that are bytes in this language.
    fn groups(&self, layout: &Layout) -> &'a [Group] {
        self.lowered.groups.get(&layout.name).map_or(&[], Vec::as_slice)
    }

    /// A layout with such bit-fields as it was.
    fn original(&self, layout: &'a Layout) -> &'a Layout {
        self.lowered.originals.get(&layout.name).map_or(layout, Arc::as_ref)
    }

    /// "`iox::cxx::string<8>` in parts. ", where a struct is there instead of a container.
    fn stands_for(&self, layout: &Layout) -> String {
        let container = self.lowered.containers.get(&layout.name);
        container.map_or_else(String::new, |container| format!("`{}` in parts. ", names::comment(container)))
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

/// What a definition cannot say of a field, in the words of a comment; empty if there is nothing.
fn remarks(field: &Field) -> Vec<String> {
    let mut remarks = Vec::new();
    if let Type::Text(text) = element(&field.ty) {
        match text.end {
            TextEnd::Nul => {}
            TextEnd::Terminated => remarks.push("text that always ends with a NUL".to_owned()),
            TextEnd::Padded(byte) => remarks.push(format!("text, filled up with 0x{byte:02x}")),
            TextEnd::Exact => remarks.push("text of exactly this length".to_owned()),
        }
    }
    if let Some(variants) = &field.variants {
        let case = |case: &Variant| {
            let what = case
                .layout
                .as_ref()
                .map_or("nothing".to_owned(), |layout| format!("a `{}`", names::comment(&layout.name)));
            format!("{what} where `{}` is {}", names::comment(&variants.tag), names::comment(&case.name))
        };
        remarks.extend(variants.cases.iter().map(case));
    }
    if field.endian == Endian::Big {
        remarks.push("numbers, the highest byte first".to_owned());
    }
    if let Some(unit) = field.timestamp {
        let unit = match unit {
            TimeUnit::Ns => "nanoseconds",
            TimeUnit::Us => "microseconds",
            TimeUnit::Ms => "milliseconds",
            TimeUnit::S => "seconds",
        };
        remarks.push(format!("{unit} since 1970"));
    }
    if let Some(live) = &field.live {
        let told = |what: &str, teller: &Option<String>| {
            teller.as_ref().map(|teller| format!("`{}` says {what}", names::comment(teller)))
        };
        remarks.extend(
            live.records.as_ref().map(|records| format!("one `{}` after the other", names::comment(&records.name))),
        );
        remarks.extend(told("how many count", &live.count));
        remarks.extend(told("how many bytes count", &live.length));
        remarks.extend(told("what the bytes that count add up to", &live.sum));
    }
    remarks
}

/// "  // a, b", or nothing.
fn after(begin: &str, remarks: &[String]) -> String {
    if remarks.is_empty() { String::new() } else { format!(" {begin} {}", remarks.join("; ")) }
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
