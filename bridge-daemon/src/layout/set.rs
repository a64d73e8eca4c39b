//! All layouts of a configuration: names looked up, circles found, each layout placed and checked once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::enums;
use super::error::LayoutError;
use super::field_type::{Base, FieldType};
use super::file::{EnumDecl, FieldDecl, LayoutDecl, LayoutFile};
use super::model::{Enum, Layout, Scalar, Type};
use super::name::LayoutName;
use super::order::{Contains, order};
use super::place::{MAX_FIELDS, place};
use crate::config::document::{Located, Report, Source, Span, did_you_mean};
use crate::config::numbers::MAX_SIZE;

/// Levels that a layout may have: each layout within a layout, and each dimension of an array, is one.
///
/// A plan travels as JSON, where one level of layout is four of JSON; readers stop at 128 of those.
pub const MAX_DEPTH: usize = 24;

/// Errors after which a layout is left alone.
const MAX_ERRORS: usize = 100;

/// The layouts of a configuration by name.
#[derive(Debug, Default)]
pub struct LayoutSet {
    /// A name that was described, but not soundly, has no layout.
    layouts: HashMap<String, Option<Arc<Layout>>>,
    enums: HashSet<String>,
}

/// A layout as it is described, with the file that does.
struct Described<'a> {
    source: &'a Arc<Source>,
    decl: &'a Located<LayoutDecl>,
}

/// Something with a name that fields can refer to.
enum Decl<'a> {
    Layout(&'a Located<LayoutDecl>),
    Enum(&'a Located<EnumDecl>),
}

impl<'a> Decl<'a> {
    fn name(&self) -> &'a Located<LayoutName> {
        match self {
            Self::Layout(decl) => &decl.name,
            Self::Enum(decl) => &decl.name,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Layout(_) => "layout",
            Self::Enum(_) => "enum",
        }
    }
}

/// What is known about a layout that was made.
struct Made {
    layout: Arc<Layout>,
    depth: usize,
    fields: usize,
}

/// What the fields of a layout can refer to.
struct Known<'a> {
    index: HashMap<&'a str, usize>,
    /// By that index; those that are still to be made, or not sound, are not there.
    made: Vec<Option<Made>>,
    /// Those that are not sound are there without one.
    enums: HashMap<&'a str, Option<Arc<Enum>>>,
}

/// What a field refers to.
#[derive(Clone, Copy)]
enum Inner<'a> {
    Layout(&'a Made),
    Enum(&'a Arc<Enum>),
}

impl Known<'_> {
    /// What the type refers to by name: `None` if nobody described it, `Some(None)` if it is not sound.
    fn find(&self, ty: &Base) -> Option<Option<Inner<'_>>> {
        let Base::Named(name) = ty else { return None };
        if let Some(at) = self.index.get(&**name) {
            return Some(self.made.get(*at).and_then(Option::as_ref).map(Inner::Layout));
        }
        self.enums.get(&**name).map(|named| named.as_ref().map(Inner::Enum))
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.index.keys().chain(self.enums.keys()).copied()
    }
}

impl Inner<'_> {
    fn depth(self) -> usize {
        match self {
            Self::Layout(made) => made.depth,
            Self::Enum(_) => 0,
        }
    }

    /// How much it counts against [`MAX_FIELDS`]. A plan holds the names of an enum once a field that has it.
    fn fields(self) -> usize {
        match self {
            Self::Layout(made) => made.fields,
            Self::Enum(named) => named.values.len(),
        }
    }
}

impl LayoutSet {
    /// Checks the layouts of some files and adds what is wrong with them to `report`. When a file of layouts could not
    /// be read at all, say so by `complete`: a name that is not found is no error then.
    #[must_use]
    pub fn new(files: &[(Arc<Source>, LayoutFile)], complete: bool, report: &mut Report) -> Self {
        let mut set = Self::default();
        let (described, enums) = set.collect(files, report);
        let index: HashMap<&str, usize> =
            described.iter().enumerate().map(|(at, layout)| (&**layout.decl.name, at)).collect();
        let contains: Vec<Vec<Contains>> = described.iter().map(|layout| contained(layout.decl, &index)).collect();
        let (sorted, circles) = order(&contains);
        for circle in circles {
            report_circle(&circle, &described, report);
        }
        let made = described.iter().map(|_| None).collect();
        let mut known = Known { index, made, enums };
        for at in sorted {
            let Some(layout) = described.get(at) else { continue };
            if report.is_full() {
                break;
            }
            let mut errors = Vec::new();
            let result = make(layout.decl, &known, complete, &mut errors);
            for error in errors {
                report.push(layout.source, error);
            }
            if let Some(result) = result {
                set.layouts.insert(layout.decl.name.to_string(), Some(Arc::clone(&result.layout)));
                if let Some(slot) = known.made.get_mut(at) {
                    *slot = Some(result);
                }
            }
        }
        set
    }

    /// The layout of this name: `None` if nobody described it, `Some(None)` if it was described but is not sound.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Option<&Arc<Layout>>> {
        self.layouts.get(name).map(Option::as_ref)
    }

    /// Whether this name is that of an enum that was described.
    #[must_use]
    pub fn is_enum(&self, name: &str) -> bool {
        self.enums.contains(name)
    }

    /// The names of all layouts that were described.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.layouts.keys().map(String::as_str)
    }

    /// One description a name: the layouts, and the enums, which are made at once.
    fn collect<'a>(
        &mut self,
        files: &'a [(Arc<Source>, LayoutFile)],
        report: &mut Report,
    ) -> (Vec<Described<'a>>, HashMap<&'a str, Option<Arc<Enum>>>) {
        let mut first: HashMap<&str, (&Arc<Source>, Span)> = HashMap::new();
        let (mut described, mut enums) = (Vec::new(), HashMap::new());
        for (source, file) in files {
            let mut all: Vec<_> = file.layout.iter().map(Decl::Layout).collect();
            all.extend(file.enums.iter().map(Decl::Enum));
            all.sort_by_key(|decl| decl.name().span.offset());
            for decl in all {
                let Some(name) = decl.name().sound() else { continue };
                let (kind, at) = (decl.kind(), decl.name().span);
                match (first.get(&**name), decl) {
                    (None, decl) => {
                        first.insert(name, (source, at));
                        match decl {
                            Decl::Layout(decl) => {
                                self.layouts.insert(name.to_string(), None);
                                described.push(Described { source, decl });
                            }
                            Decl::Enum(decl) => {
                                self.enums.insert(name.to_string());
                                let mut errors = Vec::new();
                                enums.insert(&**name, enums::make(decl, &mut errors));
                                errors.into_iter().for_each(|error| report.push(source, error));
                            }
                        }
                    }
                    (Some((other, first)), _) if Arc::ptr_eq(other, source) => {
                        let name = name.to_string();
                        report.push(source, LayoutError::TwiceHere { kind, name, at, first: *first });
                    }
                    (Some((other, first)), _) => {
                        let (file, line) = (other.name().to_owned(), other.line_column(first.offset()).0);
                        let name = name.to_string();
                        report.push(source, LayoutError::TwiceElsewhere { kind, name, file, line, at });
                    }
                }
            }
        }
        (described, enums)
    }
}

fn contained(decl: &LayoutDecl, index: &HashMap<&str, usize>) -> Vec<Contains> {
    let inner = |(field, decl): (usize, &Located<FieldDecl>)| match &decl.ty.sound()?.base {
        Base::Named(name) => index.get(&**name).map(|inner| Contains { inner: *inner, field }),
        _ => None,
    };
    decl.fields.iter().enumerate().filter_map(inner).collect()
}

fn report_circle(circle: &[(usize, Contains)], described: &[Described<'_>], report: &mut Report) {
    let step = |(outer, edge): &(usize, Contains)| {
        let layout = described.get(*outer)?;
        let field = layout.decl.fields.get(edge.field)?;
        Some((layout, field))
    };
    let steps: Option<Vec<_>> = circle.iter().map(step).collect();
    let Some(steps) = steps else { return };
    let (Some((first, _)), Some((last, closing))) = (steps.first(), steps.last()) else { return };
    // A circle of thousands is not read by anyone; its beginning shows what it is.
    let mut words: Vec<String> =
        steps.iter().take(8).map(|(layout, field)| format!("{}.{}", *layout.decl.name, *field.name)).collect();
    if steps.len() > 8 {
        words.push("...".to_owned());
    }
    words.push(first.decl.name.to_string());
    report.push(last.source, LayoutError::Cycle { circle: words.join(" -> "), at: closing.ty.span });
}

/// Makes one layout from those it contains, which are all made, or unsound.
fn make(decl: &Located<LayoutDecl>, known: &Known<'_>, complete: bool, errors: &mut Vec<LayoutError>) -> Option<Made> {
    let name = decl.name.to_string();
    if decl.fields.sound && decl.fields.is_empty() {
        errors.push(LayoutError::Empty { path: name, at: decl.fields.span });
        return None;
    }
    let before = errors.len();
    let (mut depth, mut count) = (1, 0_usize);
    let mut names: HashMap<&str, Span> = HashMap::new();
    let mut types = Vec::with_capacity(decl.fields.len());
    for field in decl.fields.iter() {
        if errors.len() > MAX_ERRORS {
            return None;
        }
        let path = format!("{name}.{}", *field.name);
        if let Some(field_name) = field.name.sound()
            && let Some(first) = names.insert(field_name, field.name.span)
        {
            errors.push(LayoutError::TwiceField { path: path.clone(), at: field.name.span, first });
        }
        let inner = known.find(&field.ty.base);
        if let (true, Base::Named(ty), None) = (field.ty.sound && complete, &field.ty.base, inner) {
            let help = type_help(&field.ty, known);
            errors.push(LayoutError::UnknownType { path: path.clone(), ty: ty.to_string(), at: field.ty.span, help });
        }
        let inner = inner.flatten();
        count = count.saturating_add(inner.map_or(1, Inner::fields));
        let levels = 1 + field.ty.dimensions.len() + inner.map_or(0, Inner::depth);
        depth = depth.max(levels);
        if levels > MAX_DEPTH {
            errors.push(LayoutError::Deep { path: path.clone(), at: field.ty.span });
        }
        let ty = field.ty.sound().and_then(|ty| resolve(ty, inner));
        if let Some(Err(())) = ty {
            errors.push(LayoutError::Large { path, at: field.ty.span });
        }
        types.push(ty.and_then(Result::ok));
    }
    if count > MAX_FIELDS {
        errors.push(LayoutError::ManyFields { path: name, at: decl.name.span });
    }
    let layout = place(decl, types, errors).filter(|_| errors.len() == before)?;
    Some(Made { layout: Arc::new(layout), depth, fields: count })
}

fn type_help(ty: &FieldType, known: &Known<'_>) -> String {
    const SCALARS: [&str; 12] = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f32", "f64", "bool", "char"];
    let Base::Named(name) = &ty.base else { return String::new() };
    let near = ty.foreign_name().or_else(|| did_you_mean(name, known.names().chain(SCALARS)));
    match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write a basic type (u8 to u64, i8 to i64, f32, f64, bool, char[N]), or describe `{name}`"),
    }
}

/// The type with its names looked up; `None` when what it names is not sound, `Err` when it is too large.
fn resolve(ty: &FieldType, inner: Option<Inner<'_>>) -> Option<Result<Type, ()>> {
    let mut dimensions = ty.dimensions.iter().rev().copied().peekable();
    let mut length = || dimensions.next().map(|len| usize::try_from(len).ok().filter(|len| *len as u64 <= MAX_SIZE));
    let mut result = match &ty.base {
        Base::Named(_) => match inner? {
            Inner::Layout(made) => Type::Struct(Arc::clone(&made.layout)),
            Inner::Enum(named) => Type::Enum(Arc::clone(named)),
        },
        Base::Scalar(Scalar::U8) if !ty.dimensions.is_empty() => match length() {
            Some(Some(len)) => Type::Bytes(len),
            _ => return Some(Err(())),
        },
        Base::Scalar(scalar) => Type::Scalar(*scalar),
        Base::Char => match length() {
            Some(Some(len)) => Type::Text(len),
            _ => return Some(Err(())),
        },
    };
    while let Some(len) = length() {
        match len {
            Some(len) if (result.size() as u64).saturating_mul(len as u64) <= MAX_SIZE => {
                result = Type::Array(Box::new(result), len);
            }
            _ => return Some(Err(())),
        }
    }
    Some(Ok(result))
}
