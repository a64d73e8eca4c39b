//! Unions: the keys `variants` and `tag`.

use std::collections::HashMap;
use std::sync::Arc;

use super::error::LayoutError;
use super::file::{FieldDecl, LayoutDecl};
use super::key_error::KeyError;
use super::known::{Inner, Known};
use super::live;
use super::make::Unplaced;
use super::model::{Enum, Type, Variant, Variants};
use super::name::LayoutName;
use super::type_name::type_name;
use bridge_document::{Located, did_you_mean};

/// What a union holds, and how much that is.
pub(super) struct Found {
    pub(super) variants: Variants,
    /// The levels of the deepest layout in it.
    pub(super) depth: usize,
    /// The fields of all layouts in it.
    pub(super) fields: usize,
}

/// What a field of type `ty` holds; `None` if it is no union. The error: it is one that is not sound, and `errors` has
/// the reason, unless it was reported before, or `known` is not complete.
pub(super) fn variants(
    field: &FieldDecl,
    ty: &Type,
    (known, complete): (&Known<'_>, bool),
    path: &str,
    errors: &mut Vec<LayoutError>,
) -> Result<Option<Found>, ()> {
    let path = path.to_owned();
    let mut refuse = |error: KeyError| {
        errors.push(error.into());
        Err(())
    };
    let (variants, tag) = match (&field.variants, &field.tag) {
        (None, None) => return Ok(None),
        (Some(variants), Some(tag)) => (variants, tag),
        (Some(Located { span: at, .. }), None) => return refuse(KeyError::NoTag { path, at: *at }),
        (None, Some(Located { span: at, .. })) => {
            return refuse(KeyError::NoVariants { path, at: *at });
        }
    };
    let at = variants.span;
    let Type::Bytes(len) = ty else {
        return refuse(KeyError::VariantsKey { path, ty: type_name(ty), at });
    };
    let records = field.records.as_ref().map(|key| ("records", key.span));
    let mut told = live::tellers(field).map(|(key, name)| (key, name.span));
    if let Some((key, at)) = records.or_else(|| told.next()) {
        return refuse(KeyError::UnionKey { path, key, at });
    }
    let decls = &variants.sound().ok_or(())?.0;
    let mut found = Found {
        variants: Variants { tag: tag.sound().ok_or(())?.to_string(), cases: Vec::with_capacity(decls.len()) },
        depth: 0,
        fields: decls.len(),
    };
    let mut is_sound = true;
    for (name, variant) in decls {
        let Some(decl) = variant.sound() else {
            is_sound = false;
            continue;
        };
        let mut case = Variant { name: name.to_string(), layout: None };
        if let Some(layout) = &decl.0 {
            match known.find(layout) {
                Some(Some(Inner::Layout(made))) if made.layout.size <= *len => {
                    found.depth = found.depth.max(made.depth);
                    found.fields = found.fields.saturating_add(made.fields);
                    case.layout = Some(Arc::clone(&made.layout));
                }
                Some(Some(Inner::Layout(made))) => {
                    let (path, name, size) = (path.clone(), layout.to_string(), made.layout.size);
                    errors.push(KeyError::LargeVariant { path, name, size, len: *len, at: variant.span }.into());
                    is_sound = false;
                }
                Some(None) => is_sound = false,
                other => {
                    if complete || other.is_some() {
                        let (path, name, help) = (path.clone(), layout.to_string(), help(layout, known));
                        errors.push(KeyError::NoInner { path, name, at: variant.span, help }.into());
                    }
                    is_sound = false;
                }
            }
        }
        found.variants.cases.push(case);
    }
    if is_sound { Ok(Some(found)) } else { Err(()) }
}

/// What to write instead of a name that is that of no layout.
fn help(name: &LayoutName, known: &Known<'_>) -> String {
    match known.near(name) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("describe the layout `{name}`, or write \"\" if nothing is there then"),
    }
}

/// Checks that the tags of unions are enums beside them, each value of which is explained, and that no layout has two.
pub(super) fn check(decl: &LayoutDecl, fields: &[Option<Unplaced>], errors: &mut Vec<LayoutError>) {
    let known = decl.fields.iter().zip(fields).filter(|(field, _)| field.name.sound);
    let by_name: HashMap<&str, &Option<Unplaced>> =
        known.map(|(field, unplaced)| (&**field.name as &str, unplaced)).collect();
    let complete = decl.fields.sound && decl.fields.iter().all(|field| field.name.sound);
    let mut first = None;
    for field in decl.fields.iter() {
        let (Some(tag), Some(_)) = (&field.tag, &field.variants) else { continue };
        let path = format!("{}.{}", *decl.name, *field.name);
        match first {
            Some(first) => errors.push(KeyError::TwoUnions { path, at: field.name.span, first }.into()),
            None => {
                first = Some(field.name.span);
                let Some(name) = tag.sound() else { continue };
                match by_name.get(&**name as &str) {
                    None if complete => {
                        let near = did_you_mean(name, by_name.keys().copied());
                        let help = near.map_or_else(
                            || "name a field of an enum in this layout".to_owned(),
                            |near| format!("did you mean `{near}`?"),
                        );
                        errors.push(KeyError::NoTagField { path, name: name.to_string(), at: tag.span, help }.into());
                    }
                    Some(Some(other)) => match &other.ty {
                        Type::Enum(named) if other.width.is_none() => covered(field, named, &path, errors),
                        ty => {
                            let what = if other.width.is_some() { "a bit-field of " } else { "" };
                            let (name, ty) = (name.to_string(), format!("{what}`{}`", type_name(ty)));
                            errors.push(KeyError::TagType { path, name, ty, at: tag.span }.into());
                        }
                    },
                    None | Some(None) => {}
                }
            }
        }
    }
}

/// Reports names that the tag has not, and values of it that are not explained.
fn covered(field: &FieldDecl, named: &Enum, path: &str, errors: &mut Vec<LayoutError>) {
    let Some(variants) = &field.variants else { return };
    let Some(decls) = variants.sound() else { return };
    for (name, variant) in &decls.0 {
        if !named.values.iter().any(|(known, _)| **known == **name) {
            let near = did_you_mean(name, named.values.iter().map(|(known, _)| known.as_str()));
            let help = near.map_or_else(
                || format!("write one of the names of `{}`", named.name),
                |near| format!("did you mean `{near}`?"),
            );
            let (path, name, of) = (path.to_owned(), name.to_string(), named.name.clone());
            errors.push(KeyError::NoTagValue { path, name, of, at: variant.span, help }.into());
        }
    }
    let is_told = |name: &str| decls.0.iter().any(|(told, _)| **told == *name);
    if let Some((missing, _)) = named.values.iter().find(|(name, _)| !is_told(name)) {
        let (path, missing) = (path.to_owned(), missing.clone());
        errors.push(KeyError::ValueUntold { path, missing, at: variants.span }.into());
    }
}
