//! Rules applied to a tree.

use std::collections::HashSet;

use super::reshape::{Move, Reshape, Way};
use super::{FieldRule, Kind, RuleError, RuleKey, RuleProblem, Tree, Value, join, members, paths};
use bridge_document::did_you_mean;

/// Rules of one direction of a stream.
const MAX_RULES: usize = 1024;

/// Names in a path.
const MAX_NAMES: usize = 64;

/// The tree of a struct as a document shows it.
///
/// # Errors
///
/// Everything that is wrong with the rules.
pub fn shown(tree: &Tree, rules: &[FieldRule]) -> Result<Tree, Vec<RuleError>> {
    bounded(rules)?;
    let known = paths(tree);
    let mut errors = exclusive(rules);
    for rule in rules {
        let field = rule.from.as_ref().filter(|from| !known.contains(*from));
        errors.extend(field.map(|from| no_field(rule, RuleKey::From, from, tree, &known)));
        if rule.default.is_some() {
            errors.push(error(rule, RuleKey::Default, RuleProblem::DefaultOfStruct));
        }
    }
    let moves = rules.iter().map(|rule| Move::new(rule, rule.from.as_deref(), Some(&rule.path)));
    let reshape = Reshape::new(tree, None, Way::Shown, moves.collect());
    finish(reshape, errors, &known)
}

/// The tree of a struct that is read from documents.
///
/// # Errors
///
/// Everything that is wrong with the rules.
pub fn taken(tree: &Tree, rules: &[FieldRule]) -> Result<Tree, Vec<RuleError>> {
    bounded(rules)?;
    let known = paths(tree);
    let errors = of_sink(tree, rules, &known);
    let moves = rules.iter().map(|rule| Move::new(rule, Some(&rule.path), rule.from.as_deref()));
    finish(Reshape::new(tree, None, Way::Taken, moves.collect()), errors, &known)
}

/// The tree of a struct that is made of structs of `source`.
///
/// # Errors
///
/// Everything that is wrong with the rules.
pub fn keyed(source: &Tree, tree: &Tree, rules: &[FieldRule]) -> Result<Tree, Vec<RuleError>> {
    bounded(rules)?;
    let (known, sources) = (paths(tree), paths(source));
    let mut errors = of_sink(tree, rules, &known);
    for rule in rules {
        let field = rule.from.as_ref().filter(|from| !sources.contains(*from));
        errors.extend(field.map(|from| no_field(rule, RuleKey::From, from, source, &sources)));
    }
    let moves = rules.iter().map(|rule| Move::new(rule, Some(&rule.path), rule.from.as_deref()));
    finish(Reshape::new(tree, Some(source), Way::Keyed, moves.collect()), errors, &known)
}

/// Refuses rules that would take too long to apply, or that no checked configuration has.
fn bounded(rules: &[FieldRule]) -> Result<(), Vec<RuleError>> {
    let is_deep = |path: &String| path.matches('.').count() >= MAX_NAMES;
    for (index, rule) in rules.iter().enumerate() {
        let problem = match rule.scale {
            _ if index >= MAX_RULES => RuleProblem::TooMany(MAX_RULES),
            _ if is_deep(&rule.path) || rule.from.as_ref().is_some_and(is_deep) => RuleProblem::TooDeep(MAX_NAMES),
            Some(scale) if scale.numerator == 0 || scale.denominator < 1 => RuleProblem::NoScale,
            _ => continue,
        };
        return Err(vec![error(rule, RuleKey::Path, problem)]);
    }
    Ok(())
}

/// What is wrong with rules for fields of a struct that is written.
fn of_sink(tree: &Tree, rules: &[FieldRule], known: &[String]) -> Vec<RuleError> {
    let mut errors = exclusive(rules);
    for rule in rules {
        if !known.contains(&rule.path) {
            errors.push(no_field(rule, RuleKey::Path, &rule.path, tree, known));
        }
        if rule.omit {
            errors.push(error(rule, RuleKey::Omit, RuleProblem::OmitOfStruct));
        }
    }
    errors
}

fn finish(mut reshape: Reshape<'_>, mut errors: Vec<RuleError>, known: &[String]) -> Result<Tree, Vec<RuleError>> {
    let tree = reshape.run();
    if reshape.way != Way::Keyed {
        doubled(&tree.value, "", &mut |path| {
            let rule = reshape.moves.iter().find(|one| one.target() == path).or(reshape.moves.first());
            let rule = rule.map_or_else(|| path.to_owned(), |one| one.rule.path.clone());
            errors.push(RuleError { path: rule, key: RuleKey::From, problem: RuleProblem::Twice(path.to_owned()) });
        });
    }
    for unused in reshape.moves.iter().filter(|one| !one.used) {
        let rule = unused.rule;
        // What was said about its path or source already explains it.
        if errors.iter().any(|error| error.path == rule.path) {
            continue;
        }
        let is_new = rule.from.is_some() || rule.value.is_some();
        errors.push(match is_new {
            true => error(rule, RuleKey::From, RuleProblem::NoPlace(unused.target().to_owned())),
            false => no_field(rule, RuleKey::Path, &rule.path, &tree, known),
        });
    }
    errors.extend(reshape.errors);
    if errors.is_empty() { Ok(tree) } else { Err(errors) }
}

/// Keys that cannot be together in one rule.
fn exclusive(rules: &[FieldRule]) -> Vec<RuleError> {
    let mut errors = Vec::new();
    for rule in rules {
        let keys = [
            ("from", RuleKey::From, rule.from.is_some()),
            ("default", RuleKey::Default, rule.default.is_some()),
            ("scale", RuleKey::Scale, rule.scale.is_some()),
            ("map", RuleKey::Map, rule.map.is_some()),
        ];
        let alone = [("omit", rule.omit), ("value", rule.value.is_some())].into_iter().find(|(_, is_there)| *is_there);
        for (name, key, is_there) in keys {
            if let (Some((alone, _)), true) = (alone, is_there) {
                errors.push(error(rule, key, RuleProblem::Either(alone, name)));
            }
        }
        if rule.omit && rule.value.is_some() {
            errors.push(error(rule, RuleKey::Value, RuleProblem::Either("omit", "value")));
        }
        if rule.scale.is_some() && rule.map.is_some() {
            errors.push(error(rule, RuleKey::Map, RuleProblem::Either("scale", "map")));
        }
    }
    errors
}

/// Tells of members that have the name of another one of their struct.
fn doubled(value: &Value, path: &str, tell: &mut dyn FnMut(&str)) {
    let mut names = HashSet::new();
    for member in members(value).map_or(&[][..], |members| &members.members) {
        let path = join(path, &member.name);
        if !names.insert(&member.name) {
            tell(&path);
        }
        if !matches!(member.value.kind, Kind::Constant(_)) {
            doubled(&member.value, &path, tell);
        }
    }
}

pub(super) fn error(rule: &FieldRule, key: RuleKey, problem: RuleProblem) -> RuleError {
    RuleError { path: rule.path.clone(), key, problem }
}

fn no_field(rule: &FieldRule, key: RuleKey, path: &str, tree: &Tree, known: &[String]) -> RuleError {
    let near = did_you_mean(path, known.iter().map(String::as_str)).map(str::to_owned);
    error(rule, key, RuleProblem::NoField { path: path.to_owned(), layout: tree.name.clone(), near })
}
