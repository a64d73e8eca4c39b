//! Of several structs of one name, the one that is meant: most are the same struct, described in each unit that uses it;
//! others only share the name, as structs of anonymous namespaces and of C may.

use std::fmt;

use gimli::{AttributeValue, DebugLine, NativeEndian, constants as dw};

use super::dwarf::{At, Dwarf, unsigned};
use super::object::Sections;
use super::{Choice, Found, ImportError, read};

/// Structs of one name that are compared with each other.
const MAX_COMPARED: usize = 256;

/// Places that a message names.
const MAX_NAMED: usize = 16;

/// Where a struct stands in the source, as far as that is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Place {
    /// The file that it is declared in.
    file: String,
    line: u64,
    /// The file that was compiled.
    unit: String,
}

/// Reads the struct at one of these places, which all have the name `ty`. `short` is its name in messages.
///
/// # Errors
/// When they are not all the same and `file` does not tell them apart, or as [`read::Reader::root`].
pub(super) fn choose<'a>(
    (dwarf, sections): (&Dwarf<'a>, &'a Sections),
    ty: &str,
    mut at: Vec<At>,
    Choice { file, as_bytes, unions }: &Choice,
    short: &str,
) -> Result<Found, ImportError> {
    let read = |at: At| {
        let mut reader = read::Reader::new(dwarf, as_bytes, unions);
        reader.root(at, short).map(|()| Found { enums: reader.enums, structs: reader.shapes })
    };
    let file = file.as_deref();
    if let ([only], None) = (at.as_slice(), file) {
        return read(*only);
    }
    at.truncate(MAX_COMPARED);
    let (mut sound, mut faulty) = (Vec::new(), Vec::new());
    let mut all = Vec::new();
    for at in at {
        let place = place(dwarf, sections, at)?;
        all.push(place.clone());
        if file.is_some_and(|file| !place.is_in(file)) {
            continue;
        }
        match read(at) {
            Ok(found) => sound.push((place, found)),
            Err(error) => faulty.push((place, error)),
        }
    }
    // What one unit only declares, another one describes: the same struct, if it stands at the same place.
    faulty.retain(|(place, _)| !sound.iter().any(|(other, _)| (&other.file, other.line) == (&place.file, place.line)));
    let differ = sound.windows(2).any(|two| matches!(two, [(_, one), (_, other)] if one != other));
    if differ || !(sound.is_empty() || faulty.is_empty()) {
        let places = sound.iter().map(|(place, _)| place).chain(faulty.iter().map(|(place, _)| place));
        return Err(ImportError::Several { ty: ty.to_owned(), places: named(places) });
    }
    let sound = sound.into_iter().map(|(_, found)| Ok(found));
    let found = sound.chain(faulty.into_iter().map(|(_, error)| Err(error))).next();
    found.unwrap_or_else(|| {
        let file = file.unwrap_or_default().to_owned();
        Err(ImportError::NotThere { ty: ty.to_owned(), file, places: named(&all) })
    })
}

/// Each place once, on a line of its own.
fn named<'a>(all: impl IntoIterator<Item = &'a Place>) -> String {
    let mut places: Vec<&Place> = Vec::new();
    for place in all {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let more =
        if places.len() > MAX_NAMED { format!("\n  and {} more", places.len() - MAX_NAMED) } else { String::new() };
    let lines = places.iter().take(MAX_NAMED).map(|place| format!("\n  {place}"));
    lines.collect::<String>() + &more
}

impl Place {
    /// Whether it is in the file whose path ends so, or in what was compiled as that.
    fn is_in(&self, file: &str) -> bool {
        let ends =
            |path: &str, end: &str| path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
        let with_line = file.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse::<u64>().ok()?)));
        let is_there = |file: &str| ends(&self.file, file) || ends(&self.unit, file);
        is_there(file) || with_line.is_some_and(|(file, line)| line == self.line && is_there(file))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |text: &str| bridge_document::on_one_line(text);
        let file = if self.file.is_empty() { "an unknown file".to_owned() } else { shown(&self.file) };
        write!(f, "{file}:{}", self.line)?;
        if self.unit.is_empty() || self.unit == self.file { Ok(()) } else { write!(f, " in {}", shown(&self.unit)) }
    }
}

/// Where the type at `at` is declared.
fn place<'a>(dwarf: &Dwarf<'a>, sections: &'a Sections, at: At) -> Result<Place, ImportError> {
    let (unit, entry) = dwarf.entry(at)?;
    let line = unsigned(&entry, dw::DW_AT_decl_line).unwrap_or(0);
    let root = unit.header.entry(&unit.abbreviations, unit.header.root_offset())?;
    let text =
        |value| dwarf.text(&unit, value).map(|text| String::from_utf8_lossy(text.unwrap_or_default()).into_owned());
    let (name, folder) = (text(root.attr_value(dw::DW_AT_name))?, text(root.attr_value(dw::DW_AT_comp_dir))?);
    let in_folder = |folder: &str, name: &str| match name.starts_with('/') || folder.is_empty() || name.is_empty() {
        true => name.to_owned(),
        false => format!("{}/{name}", folder.trim_end_matches('/')),
    };
    let number = match entry.attr_value(dw::DW_AT_decl_file) {
        Some(AttributeValue::FileIndex(number)) => Some(number),
        Some(value) => value.udata_value(),
        None => None,
    };
    let lines = match root.attr_value(dw::DW_AT_stmt_list) {
        Some(AttributeValue::DebugLineRef(offset)) => Some(offset),
        _ => None,
    };
    let mut file = String::new();
    if let (Some(number), Some(offset)) = (number, lines) {
        let program =
            DebugLine::new(&sections.line, NativeEndian).program(offset, unit.header.address_size(), None, None)?;
        let header = program.header();
        if let Some(entry) = header.file(number) {
            // Directory 0 is the folder that the compiler ran in, which older forms do not list.
            let directory = if entry.directory_index() == 0 { String::new() } else { text(entry.directory(header))? };
            file = in_folder(&folder, &in_folder(&directory, &text(Some(entry.path_name()))?));
        }
    }
    Ok(Place { file, line, unit: in_folder(&folder, &name) })
}
