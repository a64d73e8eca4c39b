//! All layouts of a configuration: names looked up, circles found, each layout placed and checked once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::enums;
use super::error::LayoutError;
use super::file::{EnumDecl, LayoutDecl, LayoutFile};
use super::known::Known;
use super::make::make;
use super::model::{Enum, Layout};
use super::name::LayoutName;
use super::order::{Contains, order};
use bridge_document::{Located, Report, Source, Span};

/// Levels that a layout may have: each layout within a layout, each dimension of an array, and each container around
/// something else, is one. Records in a block of bytes are an array of layouts, and so two.
///
/// A plan travels as JSON, where one level of layout is at most four of JSON, and the deepest of what has no levels, a
/// bit-field with an enum, six. Readers stop at 128 of those, and what is around a layout in a plan is less than 12.
pub const MAX_DEPTH: usize = 24;

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

impl LayoutSet {
    /// Checks the layouts of some files and adds what is wrong with them to `report`. When a file of layouts could not
    /// be read at all, say so by `complete`: a name that is not found is no error then.
    #[must_use]
    pub fn new(files: &[(Arc<Source>, LayoutFile)], complete: bool, report: &mut Report) -> Self {
        let mut set = Self::default();
        let (described, enums) = set.collect(files, report);
        let index: HashMap<&str, usize> =
            described.iter().enumerate().map(|(at, layout)| (&**layout.decl.name, at)).collect();
        let mut known = Known::new(index, enums);
        let contains: Vec<Vec<Contains>> = described.iter().map(|layout| contained(layout.decl, &known)).collect();
        let (sorted, circles) = order(&contains);
        for circle in circles {
            report_circle(&circle, &described, report);
        }
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
                known.add(at, result);
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

/// What the fields of a layout are made of, and the records and variants in them.
fn contained(decl: &LayoutDecl, known: &Known<'_>) -> Vec<Contains> {
    let mut contains = Vec::new();
    for (field, decl) in decl.fields.iter().enumerate() {
        let mut names: Vec<_> = decl.records.as_ref().and_then(Located::sound).into_iter().collect();
        let variants = decl.variants.iter().filter_map(|variants| variants.sound()).flat_map(|variants| &variants.0);
        names.extend(variants.filter_map(|(_, variant)| variant.sound()?.0.as_ref()));
        if let Some(ty) = decl.ty.sound() {
            ty.names(&|name| known.describes(name), &mut names);
        }
        let inner = names.into_iter().filter_map(|name| known.index(name));
        contains.extend(inner.map(|inner| Contains { inner, field }));
    }
    contains
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
