//! From a byte of a struct to the field that it is of.

use std::sync::Arc;

use super::model::{Container, Field, Layout, Type};

impl Layout {
    /// The path of the innermost field of which the byte at `at` is, as `orders[3].price`; `None`: it is none of a field.
    /// Of several bit-fields in one byte all are named.
    #[must_use]
    pub fn path_at(&self, at: usize) -> Option<String> {
        let covers = |field: &&Field| at.checked_sub(field.offset).is_some_and(|inner| inner < field.ty.size());
        let paths: Vec<String> = self
            .fields
            .iter()
            .filter(covers)
            .map(|field| {
                let inner = at - field.offset;
                let record = field.live.as_ref().and_then(|live| live.records.as_ref());
                let rest = match record {
                    // Which of a union's layouts it is does not follow from the place.
                    _ if field.variants.is_some() => String::new(),
                    Some(record) => element(&Type::Struct(Arc::clone(record)), inner),
                    None => within(&field.ty, inner),
                };
                joined(field.name.clone(), &rest)
            })
            .collect();
        (!paths.is_empty()).then(|| paths.join(" or "))
    }
}

/// A path with what follows in it.
fn joined(start: String, rest: &str) -> String {
    if rest.is_empty() || rest.starts_with('[') { start + rest } else { format!("{start}.{rest}") }
}

/// The element of a list of this type that has the byte `at` of the list, and what follows in the path.
fn element(ty: &Type, at: usize) -> String {
    match ty.size() {
        0 => String::new(),
        size => joined(format!("[{}]", at / size), &within(ty, at % size)),
    }
}

/// What follows in the path where a value of this type has its byte `at`; empty where the type has no parts with names.
fn within(ty: &Type, at: usize) -> String {
    match ty {
        Type::Struct(layout) => layout.path_at(at).unwrap_or_default(),
        Type::Array(inner, _) => element(inner, at),
        Type::Container(container) => {
            let parts = container.parts();
            match &**container {
                Container::Vector(_, inner, count) if (parts.data..parts.data + inner.size() * count).contains(&at) => {
                    element(inner, at - parts.data)
                }
                Container::Optional(_, inner) if (parts.data..parts.data + inner.size()).contains(&at) => {
                    within(inner, at - parts.data)
                }
                Container::String(..) | Container::Vector(..) | Container::Optional(..) => String::new(),
            }
        }
        Type::Scalar(_) | Type::Enum(_) | Type::Text(_) | Type::Bytes(_) | Type::Bits(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Bits, Live, Scalar, Stack};
    use super::*;

    fn layout(size: usize, fields: Vec<Field>) -> Arc<Layout> {
        Arc::new(Layout { name: "L".into(), size, align: 1, fields })
    }

    #[test]
    fn every_byte_of_a_field_has_its_path() {
        let scalar = Type::Scalar(Scalar::U16);
        let point = layout(4, vec![Field::new("x", 0, scalar.clone()), Field::new("y", 2, scalar.clone())]);
        let bits = |shift| Type::Bits(Box::new(Bits { ty: Type::Scalar(Scalar::U8), shift, width: 3 }));
        let records = Live { records: Some(Arc::clone(&point)), ..Live::default() };
        let container = |container| Type::Container(Box::new(container));
        let whole = layout(
            100,
            vec![
                Field::new("n", 0, scalar.clone()),
                Field::new(
                    "grid",
                    4,
                    Type::Array(Box::new(Type::Array(Box::new(Type::Struct(Arc::clone(&point))), 2)), 2),
                ),
                Field::new("a", 20, bits(0)),
                Field::new("b", 20, bits(3)),
                Field { live: Some(Box::new(records)), ..Field::new("records", 21, Type::Bytes(9)) },
                Field::new(
                    "list",
                    32,
                    container(Container::Vector(Stack::Classic, Type::Struct(Arc::clone(&point)), 2)),
                ),
                Field::new("maybe", 48, container(Container::Optional(Stack::Classic, Type::Struct(point)))),
                Field::new("text", 56, container(Container::String(Stack::Classic, 7))),
            ],
        );
        for (at, path) in [
            (1, Some("n")),
            (2, None),
            (4, Some("grid[0][0].x")),
            (19, Some("grid[1][1].y")),
            (20, Some("a or b")),
            (21, Some("records[0].x")),
            (28, Some("records[1].y")),
            (29, Some("records[2].x")),
            (37, Some("list[1].x")),
            (40, Some("list")),
            (50, Some("maybe.y")),
            (52, Some("maybe")),
            (57, Some("text")),
            (99, None),
            (usize::MAX, None),
        ] {
            assert_eq!(whole.path_at(at).as_deref(), path, "{at}");
        }
    }
}
