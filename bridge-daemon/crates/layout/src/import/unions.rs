//! Unions that the user says are tagged: their members become layouts of their own, and the tag's values say which.

use std::fmt;
use std::str::FromStr;

use gimli::constants as dw;

use super::ImportError;
use super::as_bytes::is_path;
use super::dwarf::At;
use super::error::Refusal;
use super::members::entries;
use super::read::{Reader, Resolved, refused};
use super::shape::{FieldShape, Shape, ShapeField, ShapeVariants};
use bridge_document::on_one_line;

/// What the user says of a union: its path, the field that says what it holds, and the members that are meant by some of
/// that field's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaggedUnion {
    /// As fields are called in messages: `Message.body`, or `body`.
    pub path: String,
    /// The field beside it.
    pub tag: String,
    /// Names of values of the tag, each with the member that is live then; empty: none is.
    pub cases: Vec<(String, String)>,
}

impl FromStr for TaggedUnion {
    type Err = String;

    /// As on the command line: `body=kind`, or `body=kind,Cancel=order,Ping=`.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut pairs = text.split(',').map(|pair| pair.split_once('='));
        let first = pairs.next().flatten().filter(|(path, tag)| !path.is_empty() && !tag.is_empty());
        let cases: Option<Vec<_>> =
            pairs.map(|pair| pair.map(|(value, member)| (value.to_owned(), member.to_owned()))).collect();
        match (first, cases) {
            (Some((path, tag)), Some(cases)) => Ok(Self { path: path.to_owned(), tag: tag.to_owned(), cases }),
            _ => {
                Err("write the union and its tag, and where names differ a value and its member: body=kind,Ping="
                    .into())
            }
        }
    }
}

/// As on the command line.
impl fmt::Display for TaggedUnion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.path, self.tag)?;
        self.cases.iter().try_for_each(|(value, member)| write!(f, ",{value}={member}"))
    }
}

/// A union that was met while the members of a struct were read.
pub(super) struct Met {
    /// Which field it is.
    pub(super) field: usize,
    /// The type's place.
    pub(super) at: At,
    pub(super) path: String,
    /// Which of those that the user named.
    pub(super) wanted: usize,
}

impl Reader<'_, '_> {
    /// Which of the unions that the user named the field called `path` is.
    pub(super) fn tagged(&mut self, path: &str) -> Option<usize> {
        let index = self.unions.iter().position(|(wanted, _)| is_path(path, &wanted.path))?;
        self.unions.get_mut(index)?.1 = true;
        Some(index)
    }

    /// What a union holds for each value of its tag, which is one of the fields beside it.
    pub(super) fn variants(&mut self, met: &Met, fields: &[ShapeField]) -> Result<ShapeVariants, ImportError> {
        let Met { at, path, wanted, .. } = met;
        let Some((wanted, _)) = self.unions.get(*wanted).cloned() else { return Err(refused(path, Refusal::Union)) };
        let no_tag = || ImportError::NoTag { path: path.clone(), tag: wanted.tag.clone() };
        let tag = fields.iter().find(|field| field.name == wanted.tag && field.bits.is_none()).ok_or_else(no_tag)?;
        let named = self.named(&tag.ty.base).filter(|_| tag.ty.dimensions.is_empty()).ok_or_else(no_tag)?;
        let values: Vec<String> = named.values.iter().map(|(name, _)| name.clone()).collect();
        let union = self.plain(*at)?;
        if union.entry.tag() != dw::DW_TAG_union_type {
            return Err(ImportError::NoUnion { path: path.clone() });
        }
        let mut members = Vec::new();
        for member in entries(self.dwarf, union.at, path)? {
            let Some(name) = member.name else { return Err(refused(&format!("{path}.<unnamed>"), Refusal::Union)) };
            members.push((name, member.ty));
        }
        let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
        for (value, member) in &wanted.cases {
            if !values.contains(value) || !(member.is_empty() || names.contains(&member.as_str())) {
                let (path, case) = (path.clone(), format!("{value}={member}"));
                return Err(ImportError::NoCase { path, case, values: values.join(", "), members: names.join(", ") });
            }
        }
        let mut cases = Vec::with_capacity(values.len());
        for value in &values {
            let given = wanted.cases.iter().find(|(given, _)| given == value).map(|(_, member)| member.as_str());
            let member = given.or_else(|| alike(value, &names));
            let Some(member) = member else {
                let (path, value) = (path.clone(), value.clone());
                return Err(ImportError::UntoldValue { path, value, members: names.join(", ") });
            };
            cases.push((value.clone(), member.to_owned()));
        }
        // A member becomes a layout once, whatever it is.
        let mut layouts: Vec<(String, Option<String>)> = vec![(String::new(), None)];
        for (name, ty) in &members {
            if cases.iter().any(|(_, member)| member == name) {
                let layout = self.variant(*ty, &format!("{path}.{name}"), name)?;
                layouts.push((name.clone(), layout));
            }
        }
        let layout_of =
            |member: &String| layouts.iter().find(|(name, _)| name == member).and_then(|(_, ty)| ty.clone());
        let cases = cases.iter().map(|(value, member)| (value.clone(), layout_of(member))).collect();
        Ok(ShapeVariants { tag: wanted.tag, cases })
    }

    /// The alignment of the layout with this name.
    pub(super) fn alignment(&self, layout: &str) -> u64 {
        self.shapes.iter().find(|shape| shape.name == layout).map_or(1, |shape| shape.placing().align)
    }

    /// The name of the layout of a member: of a struct its own, of anything else that of a struct which has it alone. None
    /// for one without data.
    fn variant(&mut self, ty: At, path: &str, name: &str) -> Result<Option<String>, ImportError> {
        let Resolved::Field(shape) = self.resolve(ty, path)? else { return Ok(None) };
        let is_struct = self.shapes.iter().any(|known| known.name == shape.base) && shape.dimensions.is_empty();
        if is_struct {
            return Ok(Some(shape.base));
        }
        let shape = shape.of_one_letter();
        let type_name = self.in_scope(path);
        let FieldShape { size, align, given, .. } = shape;
        let field = ShapeField {
            name: name.to_owned(),
            offset: 0,
            ty: shape,
            align: given,
            base: None,
            bits: None,
            variants: None,
        };
        let notes = vec![format!("`{}` of the union, as a struct of its own.", on_one_line(name))];
        let layout = self.unique(&type_name);
        let align = Some(align.max(given)).filter(|align| size.is_multiple_of(*align));
        self.shapes.push(Shape { name: layout.clone(), type_name, size, align, fields: vec![field], notes });
        Ok(Some(layout))
    }
}

/// The member that is called like a value of the tag: `order` for `Order`, `KIND_ORDER` and `kOrder`; none if that is not
/// clear.
fn alike<'a>(value: &str, members: &[&'a str]) -> Option<&'a str> {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let value = plain(value);
    if let Some(same) = members.iter().find(|member| plain(member) == value) {
        return Some(same);
    }
    let mut ends = members.iter().filter(|member| {
        let member = plain(member);
        !member.is_empty() && value.ends_with(&member)
    });
    match (ends.next(), ends.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_by_names_that_are_alike() {
        let members = ["order", "new_trade", "trade", "x"];
        assert_eq!(alike("Order", &members), Some("order"));
        assert_eq!(alike("KIND_ORDER", &members), Some("order"));
        assert_eq!(alike("kNewTrade", &members), None);
        assert_eq!(alike("NewTrade", &members), Some("new_trade"));
        assert_eq!(alike("Cancel", &members), None);
    }

    #[test]
    fn what_the_user_says_is_read() {
        let told = |text: &str| text.parse::<TaggedUnion>();
        let cases = vec![("Cancel".to_owned(), "order".to_owned()), ("Ping".to_owned(), String::new())];
        let expected = TaggedUnion { path: "M.body".into(), tag: "kind".into(), cases };
        assert_eq!(told("M.body=kind,Cancel=order,Ping="), Ok(expected));
        for wrong in ["", "body", "=kind", "body=", "body=kind,", "body=kind,Ping"] {
            assert!(told(wrong).is_err(), "{wrong:?}");
        }
    }
}
