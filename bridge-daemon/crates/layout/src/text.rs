//! How one knows where the text of a field ends: the keys `text` and `pad`.

use super::error::LayoutError;
use super::field_type::Base;
use super::file::{FieldDecl, TextWord};
use super::key_error::KeyError;
use super::model::TextEnd;
use bridge_document::Located;

/// The end of a field's text, if the field has one.
pub(super) fn end(field: &Located<FieldDecl>, path: &str, errors: &mut Vec<LayoutError>) -> Option<TextEnd> {
    let path = || path.to_owned();
    let word = match &field.text {
        Some(text) => {
            let at = text.span;
            if field.ty.sound().is_some_and(|ty| ty.base != Base::Char) {
                errors.push(KeyError::TextKey { path: path(), at }.into());
            } else if let Some((key, other)) = told(field) {
                errors.push(KeyError::TextTold { path: path(), key, at, other }.into());
            }
            *text.sound()?
        }
        None => TextWord::Nul,
    };
    if let Some(pad) = &field.pad
        && word != TextWord::Padded
        && field.complete
    {
        errors.push(KeyError::PadKey { path: path(), at: pad.span }.into());
    }
    Some(word.end(field.pad.as_ref().map(|pad| **pad)))
}

/// The key that says that another field tells the length.
fn told(field: &FieldDecl) -> Option<(&'static str, bridge_document::Span)> {
    let count = field.count.as_ref().map(|name| ("count", name.span));
    count.or_else(|| field.length.as_ref().map(|name| ("length", name.span))).filter(|_| is_one_text(field))
}

/// Whether the field is a text, and not an array of texts.
fn is_one_text(field: &FieldDecl) -> bool {
    field.ty.dimensions.len() == 1
}
