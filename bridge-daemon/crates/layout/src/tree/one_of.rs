//! Structs with a union: which of several structs one is, a field of it says.

use std::collections::HashSet;
use std::sync::Arc;

use super::rules::constant;
use super::{Cell, Kind, Leaf, Meaning, Member, Struct, Tree, Value};
use crate::model::Enum;
use crate::tree::UnionsAs;

/// One of several structs, which have some members in common.
#[derive(Clone, Debug, PartialEq)]
pub struct OneOf {
    /// The members that all have. The tag is one of them, unless documents do not show it.
    pub shared: Struct,
    /// Which it is.
    pub tag: Tag,
    /// The union's name.
    pub name: String,
    /// How many of the shared members stand before what the union holds.
    pub position: usize,
    /// What the union holds, one entry for each value of the tag that may occur.
    pub cases: Vec<Case>,
    /// Bytes of the struct.
    pub size: usize,
    /// How documents have it.
    pub form: UnionsAs,
}

/// Where stands which of several structs one is.
#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    /// Its place, with the base of the struct.
    pub at: usize,
    /// How it lies in memory.
    pub cell: Cell,
    /// Its name.
    pub name: String,
}

/// What a union holds where the tag has one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The value.
    pub value: i128,
    /// Its name.
    pub name: String,
    /// A struct, with the base of the one around it; `None`: nothing.
    pub content: Option<Value>,
}

/// Why documents cannot have a union in the form that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnionError {
    /// Two values would have one name.
    #[error("documents would have two values of the name `{name}` where the union `{union}` holds `{case}`")]
    Twice {
        /// The name.
        name: String,
        /// The union's name.
        union: String,
        /// The name of the tag's value.
        case: String,
    },
    /// There are no fields to stand beside the others.
    #[error(
        "what the union `{union}` holds as `{case}` has a union itself, which cannot stand beside the other fields"
    )]
    Nested {
        /// The union's name.
        union: String,
        /// The name of the tag's value.
        case: String,
    },
    /// An array has no names.
    #[error("an array has no names, so it does not show what the union `{union}` holds")]
    Array {
        /// The union's name.
        union: String,
    },
}

impl UnionError {
    /// What to write.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Twice { .. } => "write `unions = \"adjacent\"` at the endpoint, or give a field another name",
            Self::Nested { .. } => "write `unions = \"adjacent\"` or `unions = \"external\"` at the endpoint",
            Self::Array { .. } => "write `unions = \"adjacent\"` at the endpoint, or `shape = \"map\"`",
        }
    }
}

impl OneOf {
    /// Whether a member is the tag.
    pub fn is_tag(&self, member: &Member) -> bool {
        let Tag { at, cell, .. } = self.tag;
        member.value.at == at && matches!(&member.value.kind, Kind::Leaf(leaf) if leaf.cell == cell)
    }

    /// The shared members but the tag.
    pub fn but_tag(&self) -> impl Iterator<Item = &Member> {
        self.shared.members.iter().filter(|member| !self.is_tag(member))
    }

    /// Where the tag is among the shared members.
    pub fn tag_index(&self) -> Option<usize> {
        self.shared.members.iter().position(|member| self.is_tag(member))
    }

    /// The struct that it is in one case, as documents have it. The tag, where they show it, has this one value.
    pub fn structure(&self, case: &Case) -> Struct {
        let mut made = Struct { members: Vec::new(), fixed: self.shared.fixed.clone() };
        let (before, after) = self.shared.members.split_at(self.position.min(self.shared.members.len()));
        let mut has_tag = false;
        let mut share = |members: &[Member], made: &mut Struct| {
            for member in members {
                let mut member = member.clone();
                if self.is_tag(&member) {
                    has_tag = true;
                    member.value.kind = self.told(case);
                }
                made.members.push(member);
            }
        };
        share(before, &mut made);
        self.content(case, &mut made);
        share(after, &mut made);
        if !has_tag {
            let bytes = constant::cell(self.tag.cell, case.value).map(|bytes| (self.tag.at, bytes));
            constant::add(&mut made.fixed, bytes.into_iter().collect());
        }
        made
    }

    /// The tag where it has this one value.
    fn told(&self, case: &Case) -> Kind {
        let values = vec![(case.name.clone(), case.value)];
        let named = Enum { name: self.tag.name.clone(), repr: self.tag.cell.scalar, values, open: false };
        Kind::Leaf(Arc::new(Leaf { cell: self.tag.cell, meaning: Meaning::Enum(Arc::new(named)) }))
    }

    /// Adds what the union holds.
    fn content(&self, case: &Case, made: &mut Struct) {
        let member = |name: &str, value| Member { name: name.to_owned(), value, default: None };
        match (self.form, &case.content) {
            (UnionsAs::External, Some(content)) => made.members.push(member(&case.name, content.clone())),
            (UnionsAs::External, None) => {
                made.members.push(member(&case.name, Value { at: self.tag.at, kind: Kind::Nil }))
            }
            (UnionsAs::Adjacent, Some(content)) => made.members.push(member(&self.name, content.clone())),
            (UnionsAs::Internal, Some(Value { kind: Kind::Struct(inner), .. })) => {
                made.members.extend(inner.members.iter().cloned());
                constant::add(&mut made.fixed, inner.fixed.clone());
            }
            // One that has a union itself is refused.
            (UnionsAs::Adjacent | UnionsAs::Internal, _) => {}
        }
    }
}

impl Tree {
    /// Has documents show unions in this form; those that are arrays have no names.
    ///
    /// # Errors
    ///
    /// They cannot have it.
    pub fn show_unions(&mut self, form: UnionsAs, are_arrays: bool) -> Result<(), UnionError> {
        show(&mut self.value, form, are_arrays)
    }
}

fn show(value: &mut Value, form: UnionsAs, are_arrays: bool) -> Result<(), UnionError> {
    match &mut value.kind {
        Kind::Struct(inner) => {
            inner.members.iter_mut().try_for_each(|member| show(&mut member.value, form, are_arrays))
        }
        Kind::List(list) => show(&mut list.element, form, are_arrays),
        Kind::Optional(optional) => show(&mut optional.value, form, are_arrays),
        Kind::OneOf(one_of) => {
            one_of.form = form;
            if form == UnionsAs::External
                && let Some(index) = one_of.tag_index()
            {
                one_of.shared.members.remove(index);
                one_of.position -= usize::from(index < one_of.position);
            }
            if are_arrays && form != UnionsAs::Adjacent {
                return Err(UnionError::Array { union: one_of.name.clone() });
            }
            let OneOf { shared, cases, .. } = &mut **one_of;
            shared.members.iter_mut().try_for_each(|member| show(&mut member.value, form, are_arrays))?;
            cases.iter_mut().flat_map(|case| &mut case.content).try_for_each(|value| show(value, form, are_arrays))?;
            one_of.cases.iter().try_for_each(|case| unambiguous(one_of, case))
        }
        _ => Ok(()),
    }
}

fn unambiguous(one_of: &OneOf, case: &Case) -> Result<(), UnionError> {
    let (union, name) = (one_of.name.clone(), case.name.clone());
    if one_of.form == UnionsAs::Internal
        && matches!(&case.content, Some(value) if !matches!(value.kind, Kind::Struct(_)))
    {
        return Err(UnionError::Nested { union, case: name });
    }
    let mut names = HashSet::new();
    let members = one_of.structure(case).members;
    match members.into_iter().find(|member| !names.insert(member.name.clone())) {
        Some(member) => Err(UnionError::Twice { name: member.name, union, case: name }),
        None => Ok(()),
    }
}
