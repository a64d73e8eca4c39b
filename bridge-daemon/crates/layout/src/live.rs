//! Which part of a field counts: the keys `records`, `count`, `length` and `sum`.

use std::collections::HashMap;

use super::error::LayoutError;
use super::file::{FieldDecl, LayoutDecl};
use super::key_error::KeyError;
use super::known::{Inner, Known, Made};
use super::make::Unplaced;
use super::model::Type;
use super::name::{FieldName, LayoutName};
use super::type_name::type_name;
use bridge_document::{Located, Span, did_you_mean};

/// The layout of the records in a field of type `ty`; `None` if there are none that are sound, and `errors` then has
/// the reason, unless it was reported before, or `known` is not complete.
pub(super) fn records<'a>(
    records: &Located<LayoutName>,
    ty: &Type,
    (known, complete): (&'a Known<'_>, bool),
    path: &str,
    errors: &mut Vec<LayoutError>,
) -> Option<&'a Made> {
    let (name, path, at) = (records.sound()?, path.to_owned(), records.span);
    let Type::Bytes(len) = ty else {
        errors.push(KeyError::RecordsKey { path, ty: type_name(ty), at }.into());
        return None;
    };
    let made = match known.find(name) {
        Some(Some(Inner::Layout(made))) => made,
        Some(None) => return None,
        found => {
            if complete || found.is_some() {
                let help = match known.near(name) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if found.is_some() => {
                        format!("records are layouts; describe one with a field of the enum `{name}`")
                    }
                    None => format!("describe the layout `{name}`"),
                };
                errors.push(KeyError::NoInner { path, name: name.to_string(), at, help }.into());
            }
            return None;
        }
    };
    if made.layout.size > *len {
        let (name, size) = (name.to_string(), made.layout.size);
        errors.push(KeyError::LargeRecord { path, name, size, len: *len, at }.into());
        return None;
    }
    Some(made)
}

/// The keys of a field that name fields beside it.
pub(super) fn tellers(field: &FieldDecl) -> impl Iterator<Item = (&'static str, &Located<FieldName>)> {
    let keys = [("count", &field.count), ("length", &field.length), ("sum", &field.sum)];
    keys.into_iter().filter_map(|(key, name)| Some((key, name.as_ref()?)))
}

/// Checks that fields can have live parts, and are told of them by integers beside them, which tell nothing else.
pub(super) fn check(decl: &LayoutDecl, fields: &[Option<Unplaced>], errors: &mut Vec<LayoutError>) {
    let known = decl.fields.iter().zip(fields).filter(|(field, _)| field.name.sound);
    let by_name: HashMap<&str, &Option<Unplaced>> =
        known.map(|(field, unplaced)| (&**field.name as &str, unplaced)).collect();
    let complete = decl.fields.sound && decl.fields.iter().all(|field| field.name.sound);
    let mut told: HashMap<&str, (String, Span)> = HashMap::new();
    for (field, unplaced) in decl.fields.iter().zip(fields) {
        let path = format!("{}.{}", *decl.name, *field.name);
        if let Some(unplaced) = unplaced {
            has_parts(field, unplaced, &path, errors);
        }
        for (key, teller) in tellers(field).filter(|(_, teller)| teller.sound) {
            let (path, name, at) = (path.clone(), teller.to_string(), teller.span);
            let error = match by_name.get(&**teller as &str) {
                _ if field.name.sound && **teller == *field.name => Some(KeyError::TellsItself { path, key, at }),
                None if complete => {
                    let help = match did_you_mean(&name, by_name.keys().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("describe the integer `{name}` in this layout, or remove `{key}`"),
                    };
                    Some(KeyError::NoTeller { path, key, name, at, help })
                }
                Some(Some(other)) if !is_integer(other) => {
                    Some(KeyError::TellerType { path, key, name, ty: type_name(&other.ty), at })
                }
                _ => match told.get(&**teller as &str) {
                    Some((other, first)) => {
                        Some(KeyError::ToldTwice { path, name, other: other.clone(), at, first: *first })
                    }
                    None => {
                        told.insert(teller, (format!("`{key}` of `{path}`"), at));
                        None
                    }
                },
            };
            errors.extend(error.map(LayoutError::from));
        }
    }
}

/// Whether it is an integer that has its bytes for itself.
fn is_integer(field: &Unplaced) -> bool {
    matches!(&field.ty, Type::Scalar(scalar) if scalar.integer_range().is_some()) && field.width.is_none()
}

/// Reports a field with a live part that can have none.
fn has_parts(field: &FieldDecl, unplaced: &Unplaced, path: &str, errors: &mut Vec<LayoutError>) {
    let Some((key, name)) = tellers(field).next() else { return };
    let (path, at) = (path.to_owned(), name.span);
    match &unplaced.ty {
        Type::Bytes(_) | Type::Array(..) => {}
        Type::Text(_) if field.count.is_some() || field.length.is_some() => {}
        Type::Text(_) => errors.push(KeyError::TextSum { path, at }.into()),
        Type::Container(_) => errors.push(KeyError::ContainerTold { path, key, at }.into()),
        ty => {
            let ty = if unplaced.width.is_some() { "a bit-field".to_owned() } else { format!("`{}`", type_name(ty)) };
            errors.push(KeyError::NoParts { path, key, ty, at }.into());
        }
    }
}
