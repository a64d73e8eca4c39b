//! DWARF as this importer needs it: units, entries by place, names, references. What is read may be broken or hostile:
//! every place is checked, every loop is over bytes that are there, and a budget bounds what is followed.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use gimli::{
    Abbreviations, AttributeValue, DebugAbbrev, DebugInfo, DebugLineStr, DebugStr, DebugStrOffsets, DebugTypes, DwAt,
    NativeEndian, Section, UnitHeader, UnitOffset, UnitType, constants as dw,
};

use super::ImportError;
use super::object::Sections;
use super::scopes::{self, MAX_SCOPES, Scopes};

/// Units that a file may have; the largest programs have some ten thousand.
const MAX_UNITS: usize = 1 << 20;

/// Entries that are looked at after the search for the type: far more than any struct leads to.
const BUDGET: u64 = 1 << 24;

/// Units that are kept open.
const OPEN_UNITS: usize = 64;

/// Bytes of a name that are looked at.
const MAX_TEXT: usize = 4096;

pub(super) type Slice<'a> = gimli::EndianSlice<'a, NativeEndian>;
pub(super) type Entry<'a> = gimli::DebuggingInformationEntry<Slice<'a>>;

/// The place of an entry: the unit's number, and the offset within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct At {
    pub(super) unit: usize,
    pub(super) offset: UnitOffset,
}

/// A unit that is open.
pub(super) struct Unit<'a> {
    pub(super) number: usize,
    pub(super) header: UnitHeader<Slice<'a>>,
    pub(super) abbreviations: Rc<Abbreviations>,
    /// Compiled by rustc.
    pub(super) rust: bool,
    /// What is in here is elsewhere: `-gsplit-dwarf`.
    pub(super) skeleton: bool,
    str_offsets_base: gimli::DebugStrOffsetsBase,
    scopes: RefCell<Option<Rc<Scopes<'a>>>>,
}

/// The debug information of one file.
pub(super) struct Dwarf<'a> {
    abbrev: DebugAbbrev<Slice<'a>>,
    str: DebugStr<Slice<'a>>,
    line_str: DebugLineStr<Slice<'a>>,
    str_offsets: DebugStrOffsets<Slice<'a>>,
    /// Those of `.debug_info` by ascending offset, then those of `.debug_types`.
    units: Vec<UnitHeader<Slice<'a>>>,
    info_units: usize,
    signatures: HashMap<u64, At>,
    open: RefCell<HashMap<usize, Rc<Unit<'a>>>>,
    /// Of the unit opened last: units often share them.
    last: RefCell<Option<(usize, Rc<Abbreviations>)>>,
    /// Scopes of all open units.
    open_scopes: Cell<usize>,
    budget: Cell<u64>,
}

impl<'a> Dwarf<'a> {
    /// # Errors
    /// When the units do not follow one another.
    pub(super) fn new(sections: &'a Sections) -> Result<Self, ImportError> {
        let mut dwarf = Self {
            abbrev: DebugAbbrev::new(&sections.abbrev, NativeEndian),
            str: DebugStr::new(&sections.str, NativeEndian),
            line_str: DebugLineStr::new(&sections.line_str, NativeEndian),
            str_offsets: DebugStrOffsets::from(Slice::new(&sections.str_offsets, NativeEndian)),
            units: Vec::new(),
            info_units: 0,
            signatures: HashMap::new(),
            open: RefCell::default(),
            last: RefCell::default(),
            open_scopes: Cell::new(0),
            budget: Cell::new(u64::MAX),
        };
        let mut units = DebugInfo::new(&sections.info, NativeEndian).units();
        while let Some(header) = units.next()? {
            dwarf.add(header)?;
        }
        dwarf.info_units = dwarf.units.len();
        let mut units = DebugTypes::new(&sections.types, NativeEndian).units();
        while let Some(header) = units.next()? {
            dwarf.add(header)?;
        }
        Ok(dwarf)
    }

    fn add(&mut self, header: UnitHeader<Slice<'a>>) -> Result<(), ImportError> {
        if self.units.len() >= MAX_UNITS {
            return Err(ImportError::Broken("it has too many units"));
        }
        if let UnitType::Type { type_signature, type_offset } = header.type_() {
            self.signatures.insert(type_signature.0, At { unit: self.units.len(), offset: type_offset });
        }
        self.units.push(header);
        Ok(())
    }

    /// How many units there are.
    pub(super) fn len(&self) -> usize {
        self.units.len()
    }

    /// The unit with this number.
    pub(super) fn unit(&self, number: usize) -> Result<Rc<Unit<'a>>, ImportError> {
        if let Some(unit) = self.open.borrow().get(&number) {
            return Ok(Rc::clone(unit));
        }
        let header = *self.units.get(number).ok_or(ImportError::Broken("it leads to a unit that is not there"))?;
        let abbreviations = self.abbreviations(&header)?;
        let root = header.entry(&abbreviations, header.root_offset())?;
        let language = root.attr_value(dw::DW_AT_language);
        let base = match root.attr_value(dw::DW_AT_str_offsets_base) {
            Some(AttributeValue::DebugStrOffsetsBase(base)) => base,
            _ => gimli::DebugStrOffsetsBase(0),
        };
        let dwo = root.has_attr(dw::DW_AT_dwo_name) || root.has_attr(dw::DW_AT_GNU_dwo_name);
        let unit = Rc::new(Unit {
            number,
            header,
            abbreviations,
            rust: matches!(language, Some(AttributeValue::Language(dw::DW_LANG_Rust))),
            skeleton: dwo || matches!(header.type_(), UnitType::Skeleton(_)),
            str_offsets_base: base,
            scopes: RefCell::default(),
        });
        let mut open = self.open.borrow_mut();
        if open.len() >= OPEN_UNITS {
            open.clear();
        }
        open.insert(number, Rc::clone(&unit));
        Ok(unit)
    }

    fn abbreviations(&self, header: &UnitHeader<Slice<'a>>) -> Result<Rc<Abbreviations>, ImportError> {
        let offset = header.debug_abbrev_offset().0;
        let mut last = self.last.borrow_mut();
        match &*last {
            Some((known, abbreviations)) if *known == offset => Ok(Rc::clone(abbreviations)),
            _ => {
                self.spend(self.abbrev.reader().len() as u64 / 4096)?;
                let abbreviations = Rc::new(header.abbreviations(&self.abbrev)?);
                *last = Some((offset, Rc::clone(&abbreviations)));
                Ok(abbreviations)
            }
        }
    }

    /// The named scopes and types of a unit.
    pub(super) fn scopes(&self, unit: &Unit<'a>) -> Result<Rc<Scopes<'a>>, ImportError> {
        if let Some(scopes) = &*unit.scopes.borrow() {
            return Ok(Rc::clone(scopes));
        }
        self.spend(unit.header.unit_length() as u64 / 64)?;
        let scopes = Rc::new(scopes::read(self, unit)?);
        let open_scopes = self.open_scopes.get() + scopes.len();
        self.open_scopes.set(open_scopes);
        if open_scopes > MAX_SCOPES {
            self.open.borrow_mut().clear();
            self.open_scopes.set(scopes.len());
        }
        *unit.scopes.borrow_mut() = Some(Rc::clone(&scopes));
        Ok(scopes)
    }

    /// From now on only what a struct leads to is looked at, which is little.
    pub(super) fn end_search(&self) {
        self.budget.set(BUDGET);
    }

    /// Takes from the budget.
    fn spend(&self, steps: u64) -> Result<(), ImportError> {
        let left = self.budget.get().checked_sub(steps).ok_or(ImportError::Broken("it leads nowhere"))?;
        self.budget.set(left);
        Ok(())
    }

    /// The entry at a place.
    pub(super) fn entry(&self, at: At) -> Result<(Rc<Unit<'a>>, Entry<'a>), ImportError> {
        self.spend(1)?;
        let unit = self.unit(at.unit)?;
        let entry = unit.header.entry(&unit.abbreviations, at.offset)?;
        Ok((unit, entry))
    }

    /// Calls `each` with every direct child of the entry at a place.
    pub(super) fn children(
        &self,
        at: At,
        mut each: impl FnMut(&Unit<'a>, &Entry<'a>) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        let unit = self.unit(at.unit)?;
        let mut entries = unit.header.entries_raw(&unit.abbreviations, Some(at.offset))?;
        let mut entry = Entry::null();
        entries.read_entry(&mut entry)?;
        while entries.next_depth() > 0 && !entries.is_empty() {
            self.spend(1)?;
            if entries.read_entry(&mut entry)? && entry.depth() == 1 {
                each(&unit, &entry)?;
            }
        }
        Ok(())
    }

    /// A name, as it is in the file.
    pub(super) fn text(
        &self,
        unit: &Unit<'a>,
        value: Option<AttributeValue<Slice<'a>>>,
    ) -> Result<Option<&'a [u8]>, ImportError> {
        let text = match value {
            Some(AttributeValue::String(text)) => text,
            Some(AttributeValue::DebugStrRef(offset)) => self.str.get_str(offset)?,
            Some(AttributeValue::DebugLineStrRef(offset)) => self.line_str.get_str(offset)?,
            Some(AttributeValue::DebugStrOffsetsIndex(index)) => {
                let format = unit.header.format();
                self.str.get_str(self.str_offsets.get_str_offset(format, unit.str_offsets_base, index)?)?
            }
            Some(AttributeValue::DebugStrRefSup(_)) => return Err(ImportError::Supplement),
            _ => return Ok(None),
        };
        Ok(text.slice().get(..text.len().min(MAX_TEXT)))
    }

    /// The name of an entry.
    pub(super) fn name(&self, unit: &Unit<'a>, entry: &Entry<'a>) -> Result<Option<String>, ImportError> {
        let text = self.text(unit, entry.attr_value(dw::DW_AT_name))?;
        Ok(text.filter(|text| !text.is_empty()).map(|text| String::from_utf8_lossy(text).into_owned()))
    }

    /// The place that an attribute of an entry refers to.
    pub(super) fn reference(&self, unit: &Unit<'a>, entry: &Entry<'a>, name: DwAt) -> Result<Option<At>, ImportError> {
        let place = match entry.attr_value(name) {
            None => return Ok(None),
            Some(AttributeValue::UnitRef(offset)) => Some(At { unit: unit.number, offset }),
            Some(AttributeValue::DebugInfoRef(offset)) => {
                let units = self.units.get(..self.info_units).unwrap_or_default();
                let after = units.partition_point(|unit| unit.offset().0 <= offset.0);
                after.checked_sub(1).and_then(|number| {
                    let start = units.get(number)?.offset().0;
                    Some(At { unit: number, offset: UnitOffset(offset.0.checked_sub(start)?) })
                })
            }
            Some(AttributeValue::DebugTypesRef(signature)) => self.signatures.get(&signature.0).copied(),
            Some(AttributeValue::DebugInfoRefSup(_)) => return Err(ImportError::Supplement),
            Some(_) => None,
        };
        place.map(Some).ok_or(ImportError::Broken("a reference leads nowhere"))
    }
}

/// A number that is not negative.
pub(super) fn unsigned(entry: &Entry<'_>, name: DwAt) -> Option<u64> {
    entry.attr_value(name)?.udata_value()
}

/// A yes.
pub(super) fn flag(entry: &Entry<'_>, name: DwAt) -> bool {
    matches!(entry.attr_value(name), Some(AttributeValue::Flag(true)))
}
