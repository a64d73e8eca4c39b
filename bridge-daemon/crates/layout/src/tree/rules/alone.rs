//! Documents that are one field of a struct, and not all of it.

use super::constant::{self, Bytes};
use super::{Kind, Tree, find, join, paths};
use crate::tree::OnMissing;
use crate::tree::{Member, Struct, Value};
use bridge_document::did_you_mean;

/// Why a field of a struct cannot be a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AloneError {
    /// There is no such field.
    #[error("there is no field `{path}` in the layout `{layout}`")]
    NoField {
        /// As it was written.
        path: String,
        /// The layout's name.
        layout: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// It is in a list or an optional.
    #[error("`{0}` is inside of a list or an optional, so there is not one of it")]
    Inside(String),
    /// Nothing says what the struct's other fields are.
    #[error("documents are `{field}` alone, and nothing says what the field `{missing}` is then")]
    Missing {
        /// The field that documents are.
        field: String,
        /// The first field without a value.
        missing: String,
    },
}

impl AloneError {
    /// What to write.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::NoField { near: Some(near), .. } => format!("did you mean \"{near}\"?"),
            Self::NoField { .. } => "write the path of a field, names with dots between them".into(),
            Self::Inside(_) => "write a field outside of lists, or the list itself".into(),
            Self::Missing { missing, .. } => {
                format!(
                    "give it a `value` in [stream.fields]: \"{missing}\" = {{ value = ... }}; or write `on_missing = \"zero\"`"
                )
            }
        }
    }
}

/// The tree of a document that is the field at `path` alone.
///
/// # Errors
///
/// There is no such field, or not one of it.
pub fn alone_shown(tree: &Tree, path: &str) -> Result<Tree, AloneError> {
    let field = field(tree, path)?;
    Ok(Tree { value: field.value.clone(), ..tree.clone() })
}

/// The tree of a struct that is read from documents which are the field at `path` alone. Its other fields have their
/// constants or defaults, or are zero if that is what happens to missing ones.
///
/// # Errors
///
/// There is no such field, or not one of it, or it is not known what another field is.
pub fn alone_taken(tree: &Tree, path: &str, on_missing: OnMissing) -> Result<Tree, AloneError> {
    let value = field(tree, path)?.value.clone();
    let mut fixed = tree.fixed.clone();
    if let Kind::Struct(members) = &tree.value.kind {
        others(members, "", path, on_missing, &mut fixed)
            .map_err(|missing| AloneError::Missing { field: path.to_owned(), missing })?;
    }
    if let Kind::OneOf(one_of) = &tree.value.kind {
        return Err(AloneError::Missing { field: path.to_owned(), missing: one_of.name.clone() });
    }
    Ok(Tree { value, fixed, ..tree.clone() })
}

fn field<'a>(tree: &'a Tree, path: &str) -> Result<&'a Member, AloneError> {
    match find(tree, path) {
        Some((member, scope)) if scope.is_empty() => Ok(member),
        Some(_) => Err(AloneError::Inside(path.to_owned())),
        None => {
            let known = paths(tree);
            let near = did_you_mean(path, known.iter().map(String::as_str)).map(str::to_owned);
            Err(AloneError::NoField { path: path.to_owned(), layout: tree.name.clone(), near })
        }
    }
}

/// Adds the bytes of all fields but that at `path`. What is zero needs none: bytes that nobody writes are. The error is
/// the path of a field that has no bytes.
fn others(members: &Struct, at: &str, path: &str, on_missing: OnMissing, fixed: &mut Vec<Bytes>) -> Result<(), String> {
    constant::add(fixed, members.fixed.clone());
    for member in &members.members {
        let here = join(at, &member.name);
        if here == path {
            continue;
        }
        match (&member.value, &member.default) {
            (_, Some(default)) => constant::add(fixed, default.write.clone()),
            (Value { kind: Kind::OneOf(_), .. }, None) => return Err(here),
            (Value { kind: Kind::Struct(inner), .. }, None) => others(inner, &here, path, on_missing, fixed)?,
            (value, None) => {
                let absent = value.absent();
                if on_missing == OnMissing::Reject || absent.is_no_value {
                    return Err(here);
                }
                constant::add(fixed, absent.write);
            }
        }
    }
    Ok(())
}
