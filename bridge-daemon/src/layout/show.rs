//! Show: the bytes of a layout, one line a field, structs within it opened, padding marked.

use serde::Serialize;

use super::{Layout, Type};

/// Rows after which no more are made.
const MAX_ROWS: usize = 100_000;

/// Some bytes of a layout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Bytes from the start of the outermost layout.
    pub offset: usize,
    /// Bytes; of an array, all elements.
    pub size: usize,
    /// The type as a layout writes it; none for padding.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// The field, from the outermost layout: `header.time`, `ticks[0].price`; none for padding.
    pub path: Option<String>,
    /// The field within the layout around it: `time`, `[0].price`; none for padding.
    #[serde(skip)]
    pub name: Option<String>,
    /// Layouts around it.
    pub depth: usize,
}

/// The rows of a layout, by offset. The fields of a struct within it follow the struct; of an array of structs those of
/// its first element.
#[must_use]
pub fn rows(layout: &Layout) -> Vec<Row> {
    let mut rows = Vec::new();
    open(layout, &Around { start: 0, path: "", indices: "", depth: 0 }, &mut rows);
    rows
}

/// What a layout stands in.
struct Around<'a> {
    start: usize,
    path: &'a str,
    /// It is the first element of an array: `[0]`.
    indices: &'a str,
    depth: usize,
}

fn open(layout: &Layout, around: &Around<'_>, rows: &mut Vec<Row>) {
    let &Around { start, path, indices, depth } = around;
    let mut end = 0;
    let gap = |from: usize, to: usize, rows: &mut Vec<Row>| {
        if from < to {
            rows.push(Row { offset: start + from, size: to - from, ty: None, path: None, name: None, depth });
        }
    };
    for field in &layout.fields {
        if rows.len() >= MAX_ROWS {
            return;
        }
        gap(end, field.offset, rows);
        end = field.offset + field.ty.size();
        let dot = if path.is_empty() { "" } else { "." };
        let (path, name) = (format!("{path}{indices}{dot}{}", field.name), name(indices, &field.name));
        let (offset, size, ty) = (start + field.offset, field.ty.size(), Some(type_name(&field.ty)));
        rows.push(Row { offset, size, ty, path: Some(path.clone()), name: Some(name), depth });
        let (inner, indices) = element(&field.ty);
        if let Type::Struct(inner) = inner {
            open(inner, &Around { start: offset, path: &path, indices: &indices, depth: depth + 1 }, rows);
        }
    }
    gap(end, layout.size, rows);
}

fn name(indices: &str, field: &str) -> String {
    if indices.is_empty() { field.to_owned() } else { format!("{indices}.{field}") }
}

/// The innermost element of arrays of arrays, and the indices of the first.
fn element(ty: &Type) -> (&Type, String) {
    match ty {
        Type::Array(inner, _) => {
            let (inner, indices) = element(inner);
            (inner, format!("[0]{indices}"))
        }
        _ => (ty, String::new()),
    }
}

/// A type as a layout writes it: `f64[3][4]`.
#[must_use]
pub fn type_name(ty: &Type) -> String {
    match ty {
        Type::Scalar(scalar) => scalar.name().to_owned(),
        Type::Text(len) => format!("char[{len}]"),
        Type::Bytes(len) => format!("u8[{len}]"),
        Type::Struct(layout) => layout.name.clone(),
        Type::Enum(named) => named.name.clone(),
        Type::Array(element, len) => {
            // The first dimension stands first.
            let inner = type_name(element);
            let at = inner.find('[').unwrap_or(inner.len());
            let (base, rest) = inner.split_at(at);
            format!("{base}[{len}]{rest}")
        }
    }
}
