//! Whether a struct of one layout can become one of another: their fields go by name.
//!
//! The configuration's checks report what is said here, and the transcoder compiles what is fine.

use std::fmt;

use super::model::{Layout, Type};
use super::place::type_name;

/// Why a field of a layout cannot be had from another layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The field, from the outermost layout down, dots between the names.
    pub path: String,
    /// What is wrong with it.
    pub problem: MismatchProblem,
}

/// What is wrong with a pair of fields.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MismatchProblem {
    /// There is no field of this name to take it from.
    #[error("is not there")]
    Missing,
    /// The two types have no values in common.
    #[error("is `{from}`, which cannot become `{to}`")]
    Types {
        /// As it is written in a layout file.
        from: String,
        /// As it is written in a layout file.
        to: String,
    },
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.path, self.problem)
    }
}

/// What keeps structs of the layout `from` from becoming structs of `to`; nothing if they can.
#[must_use]
pub fn mismatches(from: &Layout, to: &Layout) -> Vec<Mismatch> {
    let mut found = Vec::new();
    structure(from, to, "", &mut found);
    found
}

/// The fields of `from` that `to` has not, by their paths. Their values are left out.
#[must_use]
pub fn left_out(from: &Layout, to: &Layout) -> Vec<String> {
    let mut found = Vec::new();
    leave_out(from, to, "", &mut found);
    found
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn structure(from: &Layout, to: &Layout, path: &str, found: &mut Vec<Mismatch>) {
    let sources = from.by_name();
    for field in &to.fields {
        let path = join(path, &field.name);
        match sources.get(field.name.as_str()) {
            Some(source) => value(&source.ty, &field.ty, path, found),
            None => found.push(Mismatch { path, problem: MismatchProblem::Missing }),
        }
    }
}

fn value(from: &Type, to: &Type, path: String, found: &mut Vec<Mismatch>) {
    match (from, to) {
        (Type::Struct(from), Type::Struct(to)) => structure(from, to, &path, found),
        _ => match (from.elements(), to.elements()) {
            (Some((from, from_len)), Some((to, to_len))) if from_len == to_len => value(&from, &to, path, found),
            (None, None) if is_convertible(from, to) => {}
            _ => {
                let (from, to) = (whole_name(from), whole_name(to));
                found.push(Mismatch { path, problem: MismatchProblem::Types { from, to } });
            }
        },
    }
}

/// A type as it is written in a layout file, with its dimensions.
fn whole_name(ty: &Type) -> String {
    let (mut dimensions, mut innermost) = (String::new(), ty);
    while let Type::Array(element, len) = innermost {
        dimensions += &format!("[{len}]");
        innermost = element;
    }
    let name = type_name(innermost);
    let (base, own) = name.split_at(name.find('[').unwrap_or(name.len()));
    format!("{base}{dimensions}{own}")
}

/// Whether values of a type that is neither array nor struct can become values of another: numbers become numbers, and
/// integers and enums each other, where nothing is lost, which shows when they are there.
fn is_convertible(from: &Type, to: &Type) -> bool {
    use super::model::Scalar::Bool;
    match (from, to) {
        (Type::Scalar(Bool), Type::Scalar(Bool)) | (Type::Text(_), Type::Text(_)) | (Type::Enum(_), Type::Enum(_)) => {
            true
        }
        (Type::Scalar(Bool), _) | (_, Type::Scalar(Bool)) => false,
        (Type::Scalar(_), Type::Scalar(_)) => true,
        (Type::Scalar(number), Type::Enum(_)) | (Type::Enum(_), Type::Scalar(number)) => {
            number.integer_range().is_some()
        }
        _ => false,
    }
}

fn leave_out(from: &Layout, to: &Layout, path: &str, found: &mut Vec<String>) {
    let sinks = to.by_name();
    for field in &from.fields {
        let path = join(path, &field.name);
        match sinks.get(field.name.as_str()) {
            None => found.push(path),
            Some(sink) => leave_out_of(&field.ty, &sink.ty, &path, found),
        }
    }
}

fn leave_out_of(from: &Type, to: &Type, path: &str, found: &mut Vec<String>) {
    match (from, to) {
        (Type::Struct(from), Type::Struct(to)) => leave_out(from, to, path, found),
        (Type::Array(from, _), Type::Array(to, _)) => leave_out_of(from, to, path, found),
        _ => {}
    }
}
