//! A stream's rules for fields: what is renamed, constant, in another unit, called otherwise or left out.
//!
//! A rule is named by the path of its field at the sink: names with dots between them, from the outermost struct down;
//! lists are passed through without an index. Applied to a tree, rules change its names and values:
//!
//! | from, to | tree that changes | its names are then |
//! | --- | --- | --- |
//! | struct, document: [`shown`] | the source's | those of the document |
//! | document, struct: [`taken`] | the sink's | those of the document |
//! | struct, struct: [`keyed`] | the sink's | those of the source |
//!
//! What is wrong with them is found here alone: the configuration's checks say it with the place in the file, and the
//! transcoder relies on it.

mod alone;
mod apply;
pub mod constant;
mod error;
mod inverse;
mod map;
mod reshape;

use serde::{Deserialize, Serialize};

use super::pair::join;
use super::{Constant, Kind, Member, Scale, Struct, Tree, Value};

pub use alone::{AloneError, alone_shown, alone_taken};
pub use apply::{keyed, shown, taken};
pub use error::{RuleError, RuleKey, RuleProblem};
pub use inverse::inverse;
pub use map::NUMBERED;

/// What a stream says about a field of its sink.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FieldRule {
    /// The field at the sink.
    pub path: String,
    /// The field of the source that it takes its value from, where that is not the one of the same path.
    pub from: Option<String>,
    /// It always has this value.
    pub value: Option<Constant>,
    /// The value that it has where a document lacks it, or an optional has none.
    pub default: Option<Constant>,
    /// The field at the sink is the source's, times this.
    pub scale: Option<Scale>,
    /// What names of the source are at the sink: other names, or integers. Integers of the source are in digits.
    pub map: Option<Vec<(String, Constant)>>,
    /// The document does not have this field of the struct.
    #[serde(default)]
    pub omit: bool,
}

/// Every path in a tree, in its order.
fn paths(tree: &Tree) -> Vec<String> {
    fn add(value: &Value, path: &str, found: &mut Vec<String>) {
        for member in members(value).map_or(&[][..], |members| &members.members) {
            let path = join(path, &member.name);
            found.push(path.clone());
            add(&member.value, &path, found);
        }
    }
    let mut found = Vec::new();
    add(&tree.value, "", &mut found);
    found
}

/// The struct that a value is, or the innermost one of a list or optional.
fn members(value: &Value) -> Option<&Struct> {
    match &value.kind {
        Kind::Struct(members) => Some(members),
        Kind::OneOf(one_of) => Some(&one_of.shared),
        Kind::List(list) => members(&list.element),
        Kind::Optional(optional) => members(&optional.value),
        _ => None,
    }
}

/// The member at `path`, and the path of the innermost list or optional that it is in; empty: in none.
fn find<'a>(tree: &'a Tree, path: &str) -> Option<(&'a Member, String)> {
    fn look<'a>(value: &'a Value, at: &str, scope: &str, path: &str) -> Option<(&'a Member, String)> {
        let scope = match value.kind {
            Kind::List(_) | Kind::Optional(_) => at,
            _ => scope,
        };
        members(value)?.members.iter().find_map(|member| {
            let here = join(at, &member.name);
            if here == path {
                return Some((member, scope.to_owned()));
            }
            let is_inside = path.strip_prefix(&here).is_some_and(|rest| rest.starts_with('.'));
            if is_inside { look(&member.value, &here, scope, path) } else { None }
        })
    }
    look(&tree.value, "", "", path)
}

/// A path without its last name, and that.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}
