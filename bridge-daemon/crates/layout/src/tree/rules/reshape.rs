//! Moves the members of a tree to where rules want them.
//!
//! Places of values do not depend on the structs around them, only on the list or optional that they are in. So a member
//! may go into another struct, or one that is made for it, as long as that is in the same list.

use std::sync::Arc;

use super::apply::error;
use super::map::relabel;
use super::{
    FieldRule, Kind, Member, RuleError, RuleKey, RuleProblem, Scale, Struct, Tree, Value, constant, find, join, split,
};
use crate::tree::{Absent, Leaf, List, Meaning, OneOf, Optional};

/// Which tree changes, and to whose names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The source's, to the document's.
    Shown,
    /// The sink's, to the document's.
    Taken,
    /// The sink's, to the source's.
    Keyed,
}

/// A rule, as a move of a member of the tree.
#[derive(Debug)]
pub(super) struct Move<'a> {
    pub(super) rule: &'a FieldRule,
    /// Where it is in the layout, if the rule says so.
    origin: Option<&'a str>,
    /// Where it is to be, if the rule says so.
    target: Option<&'a str>,
    /// It was made.
    pub(super) used: bool,
}

impl<'a> Move<'a> {
    pub(super) fn new(rule: &'a FieldRule, origin: Option<&'a str>, target: Option<&'a str>) -> Self {
        Self { rule, origin, target, used: false }
    }

    /// Where the member is to be, as far as the rule says it.
    pub(super) fn target(&self) -> &'a str {
        self.target.or(self.origin).unwrap_or_default()
    }
}

/// Where a struct is.
struct Place {
    /// In the layout; `None` for one that is made for what is moved into it.
    origin: Option<String>,
    /// In the new tree.
    target: String,
    /// The innermost list or optional around it, in the layout.
    scope: String,
}

/// The work on one tree.
#[derive(Debug)]
pub(super) struct Reshape<'a> {
    tree: &'a Tree,
    /// The source's tree, where that is known as well.
    source: Option<&'a Tree>,
    pub(super) way: Way,
    pub(super) moves: Vec<Move<'a>>,
    pub(super) errors: Vec<RuleError>,
}

impl<'a> Reshape<'a> {
    pub(super) fn new(tree: &'a Tree, source: Option<&'a Tree>, way: Way, moves: Vec<Move<'a>>) -> Self {
        Self { tree, source, way, moves, errors: Vec::new() }
    }

    /// The new tree.
    pub(super) fn run(&mut self) -> Tree {
        let place = Place { origin: Some(String::new()), target: String::new(), scope: String::new() };
        let value = match &self.tree.value.kind {
            Kind::Struct(members) => {
                Value { at: self.tree.value.at, kind: Kind::Struct(self.structure(members, &place)) }
            }
            Kind::OneOf(one_of) => Value { at: self.tree.value.at, kind: Kind::OneOf(self.one_of(one_of, &place)) },
            _ => self.tree.value.clone(),
        };
        Tree { value, ..self.tree.clone() }
    }

    /// A struct with a union; what that holds stays as it is.
    fn one_of(&mut self, one_of: &OneOf, place: &Place) -> Box<OneOf> {
        Box::new(OneOf { shared: self.structure(&one_of.shared, place), ..one_of.clone() })
    }

    fn structure(&mut self, members: &Struct, place: &Place) -> Struct {
        let mut made = Struct { members: Vec::new(), fixed: members.fixed.clone() };
        for member in &members.members {
            let Some(origin) = &place.origin else { continue };
            let origin = join(origin, &member.name);
            let stays = join(&place.target, &member.name);
            let claims: Vec<usize> = self.moves_from(&origin);
            if claims.is_empty() {
                let index = if self.way == Way::Shown { self.move_to(&stays) } else { None };
                let rule = index.and_then(|index| self.moves.get_mut(index));
                match rule {
                    Some(one) if one.rule.omit => one.used = true,
                    // Something else is shown in its place.
                    Some(one) if one.rule.value.is_some() || one.origin.is_some() => {}
                    Some(one) => {
                        one.used = true;
                        let rule = one.rule;
                        self.emit(&mut made, member, (&origin, &stays), Some(rule), place);
                    }
                    None => self.emit(&mut made, member, (&origin, &stays), None, place),
                }
            }
            for index in claims {
                let Some(one) = self.moves.get_mut(index) else { continue };
                let (rule, target) = (one.rule, one.target.unwrap_or(&stays));
                if self.way != Way::Shown && (rule.value.is_some() || rule.omit) {
                    one.used = true;
                    self.fix(&mut made, member, rule);
                } else if split(target).0 == place.target {
                    one.used = true;
                    self.emit(&mut made, member, (&origin, target), Some(rule), place);
                }
            }
        }
        self.additions(&mut made, place);
        made
    }

    /// Adds what is moved into the struct, and structs for what is moved deeper.
    fn additions(&mut self, made: &mut Struct, place: &Place) {
        for index in 0..self.moves.len() {
            let Some(one) = self.moves.get_mut(index) else { continue };
            let (rule, Some(target)) = (one.rule, one.target) else { continue };
            let Some(inside) = inside(&place.target, target).filter(|_| !one.used) else { continue };
            if let Some((group, _)) = inside.split_once('.') {
                // Where there is a member of this name, what is inside was looked at with it.
                if made.member(group).is_none() && (one.origin.is_some() || rule.value.is_some()) {
                    let target = join(&place.target, group);
                    let inner = Place { origin: None, target, scope: place.scope.clone() };
                    let kind = Kind::Struct(self.structure(&Struct::default(), &inner));
                    let value = Value { at: 0, kind };
                    made.members.push(Member { name: group.to_owned(), value, default: None });
                }
                continue;
            }
            match (one.origin, &rule.value) {
                (None, Some(constant)) => {
                    one.used = true;
                    let value = Value { at: 0, kind: Kind::Constant(constant.clone()) };
                    made.members.push(Member { name: inside.to_owned(), value, default: None });
                }
                (Some(origin), _) => {
                    let Some((member, scope)) = find(self.tree, origin) else { continue };
                    one.used = true;
                    if scope == place.scope {
                        self.emit(made, member, (origin, target), Some(rule), place);
                    } else {
                        let (from, to) = if self.way == Way::Shown { (origin, target) } else { (target, origin) };
                        let problem = RuleProblem::OtherList { from: from.to_owned(), to: to.to_owned() };
                        self.errors.push(error(rule, RuleKey::From, problem));
                    }
                }
                (None, None) => {}
            }
        }
    }

    /// Adds a member of the layout under a new name.
    fn emit(
        &mut self,
        made: &mut Struct,
        member: &Member,
        (origin, target): (&str, &str),
        rule: Option<&FieldRule>,
        place: &Place,
    ) {
        let mut value = self.inside(&member.value, (origin, target), &place.scope);
        let mut default = member.default.clone();
        if let Some(rule) = rule {
            self.change(&mut value, rule, target);
            default = rule.default.as_ref().and_then(|_| self.default(&value, rule)).or(default);
        }
        // Nothing of it is left to be read.
        if let Kind::Struct(inner) = &value.kind
            && inner.members.is_empty()
            && matches!(&member.value.kind, Kind::Struct(whole) if !whole.members.is_empty())
            && self.way != Way::Shown
        {
            constant::add(&mut made.fixed, inner.fixed.clone());
            return;
        }
        made.members.push(Member { name: split(target).1.to_owned(), value, default });
    }

    /// The value, with what is inside of it where it is to be.
    fn inside(&mut self, value: &Value, (origin, target): (&str, &str), scope: &str) -> Value {
        let kind = match &value.kind {
            Kind::Struct(members) => {
                let place = Place { origin: Some(origin.into()), target: target.into(), scope: scope.into() };
                Kind::Struct(self.structure(members, &place))
            }
            Kind::OneOf(one_of) => {
                let place = Place { origin: Some(origin.into()), target: target.into(), scope: scope.into() };
                Kind::OneOf(self.one_of(one_of, &place))
            }
            Kind::List(list) => {
                let element = Box::new(self.inside(&list.element, (origin, target), origin));
                Kind::List(List { element, ..list.clone() })
            }
            Kind::Optional(optional) => {
                let value = Box::new(self.inside(&optional.value, (origin, target), origin));
                Kind::Optional(Optional { value, ..optional.clone() })
            }
            other => other.clone(),
        };
        Value { at: value.at, kind }
    }

    /// Changes what the value means as the rule says.
    fn change(&mut self, value: &mut Value, rule: &FieldRule, target: &str) {
        if let Some(scale) = rule.scale {
            let scale = if self.way == Way::Shown { scale } else { scale.inverse() };
            if let Err(problem) = scale_of(value.innermost_mut(), scale) {
                self.errors.push(error(rule, RuleKey::Scale, problem));
            }
        }
        let Some(map) = &rule.map else { return };
        let source = self.source.and_then(|source| find(source, target));
        let source = source.map(|(member, _)| &member.value.kind);
        let leaf = value.innermost_mut();
        match relabel(&leaf.kind, map, self.way, source) {
            Ok(kind) => leaf.kind = kind,
            Err(problem) => self.errors.push(error(rule, RuleKey::Map, problem)),
        }
    }

    /// Gives a member of a struct that is written the rule's value.
    fn fix(&mut self, made: &mut Struct, member: &Member, rule: &FieldRule) {
        let Some(value) = &rule.value else { return };
        match constant::bytes(&member.value, value) {
            Ok(bytes) => constant::add(&mut made.fixed, bytes),
            Err(problem) => self.errors.push(error(rule, RuleKey::Value, problem)),
        }
    }

    fn default(&mut self, value: &Value, rule: &FieldRule) -> Option<Absent> {
        let written = if is_bits(value) {
            Err(RuleProblem::DefaultOfBits)
        } else {
            constant::bytes(value, rule.default.as_ref()?)
        };
        match written {
            Ok(write) => Some(Absent { zero: value.absent().zero, write, is_no_value: false }),
            Err(problem) => {
                self.errors.push(error(rule, RuleKey::Default, problem));
                None
            }
        }
    }

    fn moves_from(&self, origin: &str) -> Vec<usize> {
        let found = self.moves.iter().enumerate().filter(|(_, one)| one.origin == Some(origin));
        found.map(|(index, _)| index).collect()
    }

    fn move_to(&self, target: &str) -> Option<usize> {
        self.moves.iter().position(|one| one.target == Some(target))
    }
}

/// What of `path` lies inside of the struct at `outer`.
fn inside<'a>(outer: &str, path: &'a str) -> Option<&'a str> {
    if outer.is_empty() { Some(path) } else { path.strip_prefix(outer)?.strip_prefix('.') }
}

fn is_bits(value: &Value) -> bool {
    matches!(&value.kind, Kind::Leaf(leaf) if leaf.cell.bits.is_some())
}

fn scale_of(value: &mut Value, scale: Scale) -> Result<(), RuleProblem> {
    let cell = value.kind.number().ok_or_else(|| RuleProblem::ScaleOf(value.kind.to_string()))?;
    value.kind = Kind::Leaf(Arc::new(Leaf { cell, meaning: Meaning::Scaled(scale) }));
    Ok(())
}

impl Scale {
    /// The scale of the way back.
    pub(super) fn inverse(self) -> Self {
        let sign = self.numerator.signum();
        Self { numerator: self.denominator.saturating_mul(sign), denominator: self.numerator.saturating_abs() }
    }
}
