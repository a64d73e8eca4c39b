//! `[stream.fields]`: what becomes of single fields.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

use super::document::Located;
use bridge_layout::tree::rules::FieldRule;
use bridge_layout::tree::{Constant, Scale};

/// Rules by the path of their field at the sink.
#[derive(Debug, Default)]
pub struct FieldsDecl(pub Vec<(String, Located<RuleDecl>)>);

/// What becomes of one field.
#[derive(Debug, serde::Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a rule: { from = ... }, or with `value`, `default`, `scale`, `map` or `omit`"
)]
pub struct RuleDecl {
    /// The path of the field at the source, where it is another one.
    pub from: Option<Located<String>>,
    /// It always has this value.
    pub value: Option<Located<ConstantDecl>>,
    /// The value that it has when a document lacks it.
    pub default: Option<Located<ConstantDecl>>,
    /// The field at the sink is the source's, times this.
    pub scale: Option<Located<ScaleDecl>>,
    /// What names of the source are at the sink.
    pub map: Option<Located<MapDecl>>,
    /// The document has it not.
    pub omit: Option<Located<bool>>,
}

/// A number, a truth value or a text.
#[derive(Clone, Debug, PartialEq)]
pub struct ConstantDecl(pub Constant);

/// A number as an exact fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScaleDecl(pub Scale);

/// Names with what they become.
#[derive(Clone, Debug, PartialEq)]
pub struct MapDecl(pub Vec<(String, Constant)>);

impl RuleDecl {
    /// The rule of the field at `path`.
    pub(super) fn rule(&self, path: &str) -> FieldRule {
        let constant = |decl: &Option<Located<ConstantDecl>>| decl.as_ref().map(|decl| decl.0.clone());
        FieldRule {
            path: path.to_owned(),
            from: self.from.as_ref().map(|from| (**from).clone()),
            value: constant(&self.value),
            default: constant(&self.default),
            scale: self.scale.as_ref().map(|scale| scale.0),
            map: self.map.as_ref().map(|map| map.0.clone()),
            omit: self.omit.as_ref().is_some_and(|omit| **omit),
        }
    }

    /// Nothing about it was reported.
    pub(super) fn is_sound(&self) -> bool {
        let constant = |decl: &Option<Located<ConstantDecl>>| decl.as_ref().is_none_or(|decl| decl.sound);
        self.from.as_ref().is_none_or(|from| from.sound)
            && constant(&self.value)
            && constant(&self.default)
            && self.scale.as_ref().is_none_or(|scale| scale.sound)
            && self.map.as_ref().is_none_or(|map| map.sound)
            && self.omit.as_ref().is_none_or(|omit| omit.sound)
    }
}

impl<'de> Deserialize<'de> for FieldsDecl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries::new("a table of rules, by the paths of fields")).map(Self)
    }
}

impl<'de> Deserialize<'de> for MapDecl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries =
            deserializer.deserialize_map(Entries::<ConstantDecl>::new("a table of names: { Old = \"New\" }"))?;
        Ok(Self(entries.into_iter().map(|(name, value)| (name, value.0)).collect()))
    }
}

impl<'de> Deserialize<'de> for ConstantDecl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue("a number, true, false or a text")).map(Self)
    }
}

impl<'de> Deserialize<'de> for ScaleDecl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = match deserializer.deserialize_any(AnyValue("a number, or a fraction like \"1/3\""))? {
            Constant::Integer(number) => number.to_string(),
            Constant::Float(number) => format!("{number:e}"),
            Constant::Text(text) => text,
            Constant::Bool(_) => String::new(),
        };
        let refused = "this is no scale\nwrite a number other than 0, or a fraction like \"1/3\", of at most 18 digits";
        fraction(&written).map(Self).ok_or_else(|| de::Error::custom(refused))
    }
}

/// Reads `-12.5e-3`, or `1/3`, exactly.
fn fraction(text: &str) -> Option<Scale> {
    let (over, under) = match text.split_once('/') {
        Some((over, under)) => (decimal(over.trim())?, decimal(under.trim())?),
        None => (decimal(text)?, (1, 1)),
    };
    let numerator = over.0.checked_mul(under.1)?;
    let denominator = over.1.checked_mul(under.0)?;
    let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
    let divisor = i128::try_from(divisor).ok().filter(|divisor| *divisor > 0)? * denominator.signum();
    let (numerator, denominator) = (numerator.checked_div(divisor)?, denominator.checked_div(divisor)?);
    let limit = |number: i128| i64::try_from(number).ok().filter(|number| *number != 0 && *number != i64::MIN);
    Some(Scale { numerator: limit(numerator)?, denominator: limit(denominator)? })
}

/// A decimal number as a fraction.
fn decimal(text: &str) -> Option<(i128, i128)> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.len() + part.len() > 20 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits: i128 = format!("{whole}{part}").parse().ok()?;
    let exponent = exponent.parse::<i32>().ok()?.checked_sub(i32::try_from(part.len()).ok()?)?;
    let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
    if exponent < 0 { Some((digits, power)) } else { Some((digits.checked_mul(power)?, 1)) }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Reads a table whose keys are the operator's.
pub(super) struct Entries<T> {
    expecting: &'static str,
    entries: Vec<(String, T)>,
}

impl<T> Entries<T> {
    pub(super) fn new(expecting: &'static str) -> Self {
        Self { expecting, entries: Vec::new() }
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
    type Value = Vec<(String, T)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self::Value, A::Error> {
        while let Some(entry) = map.next_entry()? {
            self.entries.push(entry);
        }
        Ok(self.entries)
    }
}

/// Reads one value that may be of several kinds.
struct AnyValue(&'static str);

impl Visitor<'_> for AnyValue {
    type Value = Constant;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Constant, E> {
        Ok(Constant::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Constant, E> {
        Ok(Constant::Integer(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Constant, E> {
        Ok(Constant::Integer(number.into()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Constant, E> {
        finite(number)
    }

    fn visit_str<E>(self, text: &str) -> Result<Constant, E> {
        Ok(Constant::Text(text.to_owned()))
    }
}

/// A float that a field can have.
pub(super) fn finite<E: de::Error>(number: f64) -> Result<Constant, E> {
    if number.is_finite() {
        return Ok(Constant::Float(number));
    }
    Err(E::custom("this is not finite\nwrite a finite number"))
}

#[cfg(test)]
mod tests {
    use super::{Scale, fraction};

    #[test]
    fn scales_are_exact_fractions() {
        for (text, numerator, denominator) in [
            ("1e-3", 1, 1000),
            ("0.001", 1, 1000),
            ("2.5e-1", 1, 4),
            ("1000", 1000, 1),
            ("1e3", 1000, 1),
            ("-12.5", -25, 2),
            ("1/3", 1, 3),
            ("-2 / 6", -1, 3),
            ("1/-3", -1, 3),
            ("0.1/0.3", 1, 3),
            ("9223372036854775807", i64::MAX, 1),
        ] {
            assert_eq!(fraction(text), Some(Scale { numerator, denominator }), "{text}");
        }
        for text in [
            "",
            "0",
            "0/1",
            "1/0",
            "x",
            "1/2/3",
            "1e400",
            "9223372036854775808",
            "1e-19",
            "-9223372036854775808",
            "1.-5",
        ] {
            assert_eq!(fraction(text), None, "{text}");
        }
    }
}
