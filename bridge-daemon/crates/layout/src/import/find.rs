//! From the name of a type to its place, over all units of a file.

use std::collections::{BTreeMap, BTreeSet};

use gimli::constants as dw;

use super::ImportError;
use super::dwarf::{At, Dwarf, Unit};
use super::names::{normal, parts};
use super::scopes::{Scope, Scopes, is_struct};
use bridge_document::did_you_mean;

/// Places of one name that are compared; a struct is in every unit that uses it.
const MAX_PLACES: usize = 100_000;

/// Names that are kept for "did you mean".
const MAX_NEAR: usize = 500;

/// What was asked for.
struct Query {
    /// As it was written, from the outermost scope.
    parts: Vec<String>,
    /// It began with `::`, so nothing may stand before it.
    whole: bool,
}

/// Where one full name was found.
#[derive(Default)]
struct Places {
    structs: Vec<At>,
    /// Another name of a type.
    typedefs: Vec<At>,
    /// Something that is no struct.
    other: Option<At>,
    declared: bool,
}

/// The structs of this name, or typedefs of some: one at least. A name may leave out outer namespaces where that is not
/// ambiguous.
///
/// # Errors
/// When there is none, when the name may mean several, or when the debug information is broken.
pub(super) fn find(dwarf: &Dwarf<'_>, ty: &str) -> Result<Vec<At>, ImportError> {
    let text = normal(ty);
    let whole = text.starts_with("::");
    let query = Query { parts: parts(text.trim_start_matches("::")).into_iter().map(str::to_owned).collect(), whole };
    let (mut found, skeletons) = search(dwarf, &query)?;
    dwarf.end_search();
    let full = query.parts.join("::");
    // The whole name is meant before any that ends like it.
    let name = match found.contains_key(&full) {
        true => full,
        false => {
            let defined = |places: &Places| !places.structs.is_empty() || !places.typedefs.is_empty();
            if found.values().any(defined) {
                found.retain(|_, places| defined(places));
            }
            let mut names = found.keys();
            match (names.next(), found.len()) {
                (Some(name), 1) => name.clone(),
                (Some(_), _) => {
                    return Err(ImportError::Ambiguous { ty: ty.to_owned(), candidates: found.into_keys().collect() });
                }
                (None, _) if skeletons => return Err(ImportError::Split),
                (None, _) if !has_types(dwarf)? => return Err(ImportError::NoTypes),
                (None, _) => {
                    return Err(ImportError::NotFound { ty: ty.to_owned(), near: near(dwarf, &query)? });
                }
            }
        }
    };
    let places = found.remove(&name).unwrap_or_default();
    let types = if places.structs.is_empty() { places.typedefs } else { places.structs };
    match types.is_empty() {
        false => Ok(types),
        true if places.declared && skeletons => Err(ImportError::Split),
        true if places.declared => Err(ImportError::Declared(name)),
        true => places.other.map(|at| vec![at]).ok_or(ImportError::NotAStruct(name)),
    }
}

/// All places by full name, and whether some units are only skeletons.
fn search(dwarf: &Dwarf<'_>, query: &Query) -> Result<(BTreeMap<String, Places>, bool), ImportError> {
    let mut found: BTreeMap<String, Places> = BTreeMap::new();
    let (mut skeletons, mut count) = (false, 0);
    for number in 0..dwarf.len() {
        let unit = dwarf.unit(number)?;
        skeletons |= unit.skeleton;
        let scopes = dwarf.scopes(&unit)?;
        for scope in scopes.iter() {
            let Some(name) = query.matches(&scopes, scope) else { continue };
            count += 1;
            if count > MAX_PLACES {
                return Ok((found, skeletons));
            }
            found.entry(name).or_default().add(&unit, scope);
        }
    }
    Ok((found, skeletons))
}

impl Places {
    fn add(&mut self, unit: &Unit<'_>, scope: &Scope<'_>) {
        let at = At { unit: unit.number, offset: scope.offset };
        match scope.tag {
            tag if is_struct(tag) && scope.declaration => self.declared = true,
            tag if is_struct(tag) => self.structs.push(at),
            dw::DW_TAG_typedef => self.typedefs.push(at),
            _ => {
                self.other.get_or_insert(at);
            }
        }
    }
}

impl Query {
    /// The full name of a scope that is a type of the name asked for.
    fn matches(&self, scopes: &Scopes<'_>, scope: &Scope<'_>) -> Option<String> {
        let named = scopes.named(scope);
        let last = self.parts.last()?;
        // Most names differ in their first letters already.
        let start = last.find(['<', ' ', '(', '&']).unwrap_or(last.len());
        let is_type = scope.tag != dw::DW_TAG_namespace && scope.tag != dw::DW_TAG_subprogram;
        if !is_type || !named.name?.starts_with(last.get(..start)?.as_bytes()) {
            return None;
        }
        let path: Vec<String> = scopes.path(scope).iter().map(|name| normal(name)).collect();
        let fits = if self.whole { path == self.parts } else { path.ends_with(&self.parts) };
        fits.then(|| path.join("::"))
    }
}

/// Whether anything but functions is described.
fn has_types(dwarf: &Dwarf<'_>) -> Result<bool, ImportError> {
    for number in 0..dwarf.len() {
        let scopes = dwarf.scopes(&*dwarf.unit(number)?)?;
        if scopes.iter().any(|scope| !matches!(scope.tag, dw::DW_TAG_subprogram | dw::DW_TAG_namespace)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The name that was most likely meant.
fn near(dwarf: &Dwarf<'_>, query: &Query) -> Result<Option<String>, ImportError> {
    let wanted = query.parts.join("::");
    let Some(last) = query.parts.last().map(|last| last.to_lowercase()) else { return Ok(None) };
    let mut names = BTreeSet::new();
    for number in 0..dwarf.len() {
        let unit = dwarf.unit(number)?;
        let scopes = dwarf.scopes(&unit)?;
        for scope in scopes.iter().filter(|scope| is_struct(scope.tag) || scope.tag == dw::DW_TAG_typedef) {
            let Some(name) = scope.name.and_then(|name| std::str::from_utf8(name).ok()) else { continue };
            if name.len() < 100 && strsim::jaro_winkler(&name.to_lowercase(), &last) > 0.85 {
                names.insert(scopes.path(scope).join("::"));
            }
            if names.len() >= MAX_NEAR {
                break;
            }
        }
    }
    let whole = did_you_mean(&wanted, names.iter().map(String::as_str)).map(str::to_owned);
    let by_last = || {
        let similarity = |name: &String| {
            let last_part = parts(name).last().map(|part| part.to_lowercase()).unwrap_or_default();
            strsim::jaro_winkler(&last_part, &last)
        };
        names.iter().max_by(|a, b| similarity(a).total_cmp(&similarity(b))).cloned()
    };
    Ok(whole.or_else(by_last))
}
