//! Rules for the way back.

use super::apply::error;
use super::{Constant, FieldRule, RuleError, RuleKey, RuleProblem};

/// The rules of the way back: renames, scales and maps the other way round; constants and defaults do not apply in the reverse direction.
///
/// # Errors
///
/// Rules that cannot be turned round.
pub fn inverse(rules: &[FieldRule]) -> Result<Vec<FieldRule>, Vec<RuleError>> {
    let (mut turned, mut errors) = (Vec::new(), Vec::new());
    for rule in rules {
        let mut refuse = |key, why| errors.push(error(rule, key, RuleProblem::NotInvertible(why)));
        if rule.omit {
            refuse(RuleKey::Omit, "the document has no value to write to the field");
        }
        let source = rule.from.as_ref().unwrap_or(&rule.path);
        let same = |other: &&FieldRule| other.from.as_ref().unwrap_or(&other.path) == source && other.value.is_none();
        if rule.value.is_none() && rules.iter().filter(same).count() > 1 {
            refuse(RuleKey::From, "several fields take their values from this one");
        }
        let map = match rule.map.as_deref().map(turn) {
            Some(None) => {
                refuse(RuleKey::Map, "two names become one");
                None
            }
            map => map.flatten(),
        };
        if rule.value.is_none() && !rule.omit {
            let from = rule.from.is_some().then(|| rule.path.clone());
            let scale = rule.scale.map(super::Scale::inverse);
            turned.push(FieldRule { path: source.clone(), from, scale, map, ..FieldRule::default() });
        }
    }
    if errors.is_empty() { Ok(turned) } else { Err(errors) }
}

/// The map the other way round; `None` if two names become one.
fn turn(map: &[(String, Constant)]) -> Option<Vec<(String, Constant)>> {
    let mut turned: Vec<(String, Constant)> = Vec::new();
    for (from, to) in map {
        let key = match to {
            Constant::Text(name) => name.clone(),
            other => other.to_string(),
        };
        if turned.iter().any(|(other, _)| *other == key) {
            return None;
        }
        // Names do not begin with digits; integers do.
        let value = from.parse().map_or_else(|_| Constant::Text(from.clone()), Constant::Integer);
        turned.push((key, value));
    }
    Some(turned)
}
