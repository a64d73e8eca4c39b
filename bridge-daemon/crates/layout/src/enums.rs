//! Enums: integers whose values have names, checked.

use std::collections::HashMap;
use std::sync::Arc;

use super::error::LayoutError;
use super::file::EnumDecl;
use super::model::{Enum, Scalar};
use bridge_document::Located;

/// Names that an enum may have.
pub const MAX_ENUM_VALUES: usize = 4096;

/// Errors after which an enum is left alone.
const MAX_ERRORS: usize = 100;

/// Makes the enum that `decl` describes; `None` when it is not sound, and `errors` then has the reasons, unless they
/// were reported before.
pub(super) fn make(decl: &Located<EnumDecl>, errors: &mut Vec<LayoutError>) -> Option<Arc<Enum>> {
    let before = errors.len();
    let name = decl.name.to_string();
    let values = &decl.values.sound()?.0;
    let at = decl.values.span;
    if values.is_empty() {
        errors.push(LayoutError::NoValues { path: name.clone(), at });
    }
    if values.len() > MAX_ENUM_VALUES {
        errors.push(LayoutError::ManyValues { path: name, count: values.len(), at });
        return None;
    }
    let repr = decl.repr.sound().map(|repr| Scalar::from(*repr));
    let mut first = HashMap::new();
    for (value_name, located) in values {
        let (Some(value), at) = (located.sound().map(|value| value.0), located.span) else { continue };
        let path = format!("{name}.{value_name}");
        if errors.len() - before > MAX_ERRORS {
            return None;
        }
        if let Some((min, max)) = repr.and_then(Scalar::integer_range)
            && !(min..=max).contains(&value)
        {
            let repr = repr.map_or("", Scalar::name);
            errors.push(LayoutError::ValueRange { path: path.clone(), value, repr, min, max, at });
        }
        match first.get(&value) {
            None => drop(first.insert(value, (path, at))),
            Some((other, first)) => {
                errors.push(LayoutError::ValueTwice { path, other: other.clone(), value, at, first: *first });
            }
        }
    }
    let sound = decl.sound && values.iter().all(|(_, value)| value.sound);
    if !sound || errors.len() != before {
        return None;
    }
    let values = values.iter().map(|(name, value)| (name.to_string(), value.0)).collect();
    Some(Arc::new(Enum { name, repr: repr?, values, open: decl.open }))
}
