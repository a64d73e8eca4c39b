//! The rules of a stream for fields, and whether its two ends make a pair with them.

use super::Context;
use super::endpoint::End;
use super::error::StreamError;
use crate::document::{Located, Span};
use crate::fields::FieldsDecl;
use crate::plan::{EndpointPlan, FormatPlan};
use crate::stream::StreamDecl;
use bridge_layout::tree::left_out;
use bridge_layout::tree::rules::{FieldRule, RuleError, RuleKey, inverse};
use bridge_transcode::pair::{Pair, PairError, Which, pair};

/// Fields that are shown of many.
const MAX_SHOWN_FIELDS: usize = 4;

/// The rules of both directions of a stream.
pub(super) struct Rules<'a> {
    decl: &'a StreamDecl,
    /// Those from `from` to `to`; `None` when something about them was reported.
    pub(super) forth: Option<Vec<FieldRule>>,
}

/// An end and its plan.
type Planned<'a> = (&'a End, &'a EndpointPlan);

impl<'a> Rules<'a> {
    pub(super) fn of(decl: &'a StreamDecl, context: &mut Context<'_>) -> Self {
        if let Some(fields) = &decl.reverse_fields
            && !decl.bidirectional
        {
            context.report.push(context.source, StreamError::NoWayBack { at: fields.span });
        }
        Self { decl, forth: rules(decl.fields.as_ref()) }
    }

    /// Checks the way from `from` to `to`.
    pub(super) fn forth(&self, source: Planned<'_>, sink: Planned<'_>, context: &mut Context<'_>) {
        if let Some(rules) = &self.forth {
            check(source, sink, rules, self.decl.fields.as_ref(), context);
        }
    }

    /// Checks the way back, and gives its rules.
    pub(super) fn back(
        &self,
        source: Planned<'_>,
        sink: Planned<'_>,
        context: &mut Context<'_>,
    ) -> Option<Vec<FieldRule>> {
        if let Some(written) = &self.decl.reverse_fields {
            let rules = rules(Some(written))?;
            check(source, sink, &rules, Some(written), context);
            return Some(rules);
        }
        match inverse(self.forth.as_ref()?) {
            Ok(rules) => {
                // What is wrong is said at the ends: these rules stand nowhere.
                check(source, sink, &rules, None, context);
                Some(rules)
            }
            Err(errors) => {
                for error in errors {
                    tell(error.into(), source, sink, self.decl.fields.as_ref(), context);
                }
                None
            }
        }
    }
}

/// The rules as they are written; `None` when something about them was reported.
fn rules(written: Option<&Located<FieldsDecl>>) -> Option<Vec<FieldRule>> {
    let Some(fields) = written else { return Some(Vec::new()) };
    let is_sound = fields.sound && fields.0.iter().all(|(_, rule)| rule.sound && rule.is_sound());
    is_sound.then(|| fields.0.iter().map(|(path, rule)| rule.rule(path)).collect())
}

fn check(
    source: Planned<'_>,
    sink: Planned<'_>,
    rules: &[FieldRule],
    written: Option<&Located<FieldsDecl>>,
    context: &mut Context<'_>,
) {
    match pair(source.1.side(), sink.1.side(), rules) {
        // Who writes rules has looked at the fields.
        Ok(Pair::Convert(from, to)) if rules.is_empty() => {
            let left_out = left_out(&from, &to);
            if !left_out.is_empty() {
                let mut fields: Vec<_> =
                    left_out.iter().take(MAX_SHOWN_FIELDS).map(|path| format!("`{path}`")).collect();
                if left_out.len() > MAX_SHOWN_FIELDS {
                    fields.push(format!("{} more", left_out.len() - MAX_SHOWN_FIELDS));
                }
                let (fields, verb) = (fields.join(", "), if left_out.len() == 1 { "is" } else { "are" });
                let (from, to, at) = (from.name, to.name, sink.0.format_at);
                context.report.push(context.source, StreamError::LeftOut { fields, verb, from, to, at });
            }
        }
        Ok(_) => {}
        Err(errors) => errors.into_iter().for_each(|error| tell(error, source, sink, written, context)),
    }
}

/// Reports an error where what it is about is written.
fn tell(
    error: PairError,
    (from, source): Planned<'_>,
    (to, sink): Planned<'_>,
    written: Option<&Located<FieldsDecl>>,
    context: &mut Context<'_>,
) {
    let help = error.help();
    let at = match &error {
        PairError::Rule(rule) => written.map(|fields| place(fields, rule)),
        PairError::Alone { which: Which::Source, .. } => from.field_at,
        PairError::Alone { which: Which::Sink, .. } => to.field_at,
        PairError::NoLayout => written.map(|fields| fields.span).or(from.field_at).or(to.field_at),
        _ => None,
    };
    context.report.push(
        context.source,
        match at {
            Some(at) => StreamError::Rule { error, at, help },
            None => StreamError::Pair {
                error,
                from_at: from.format_at,
                from: word(source),
                at: to.format_at,
                to: word(sink),
                help,
            },
        },
    );
}

/// Where a part of a rule is written; the rule itself, where that part is not.
fn place(fields: &Located<FieldsDecl>, error: &RuleError) -> Span {
    let Some((_, rule)) = fields.0.iter().find(|(path, _)| *path == error.path) else { return fields.span };
    let key = match error.key {
        RuleKey::Path => None,
        RuleKey::From => rule.from.as_ref().map(|key| key.span),
        RuleKey::Value => rule.value.as_ref().map(|key| key.span),
        RuleKey::Default => rule.default.as_ref().map(|key| key.span),
        RuleKey::Scale => rule.scale.as_ref().map(|key| key.span),
        RuleKey::Map => rule.map.as_ref().map(|key| key.span),
        RuleKey::Omit => rule.omit.as_ref().map(|key| key.span),
    };
    key.unwrap_or(rule.span)
}

/// An end in a word: its layout, or its format.
fn word(plan: &EndpointPlan) -> String {
    match &plan.format {
        FormatPlan::Raw => "raw".to_owned(),
        FormatPlan::Struct(layout) => layout.name.clone(),
        FormatPlan::Msgpack(..) => "msgpack".to_owned(),
        FormatPlan::Json(_) => "json".to_owned(),
    }
}
