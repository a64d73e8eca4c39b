//! From the place of a type to shapes: typedefs and qualifiers followed, arrays counted, structs read once each.

use std::collections::HashMap;
use std::rc::Rc;

use gimli::{AttributeValue, constants as dw};

use super::ImportError;
use super::dwarf::{At, Dwarf, Entry, Unit, flag, unsigned};
use super::error::Refusal;
use super::names::LayoutNames;
use super::scopes::is_struct;
use super::shape::{FieldShape, Shape};
use super::unions::TaggedUnion;
use super::{containers, enums, members, scalar, special};
use crate::{MAX_DEPTH, MAX_DIMENSIONS};

/// Typedefs, `const` and the like between a field and its type.
const MAX_LINKS: usize = 256;

/// What a type is to the field that has it.
#[derive(Clone, Debug)]
pub(super) enum Resolved {
    /// Something with bytes.
    Field(FieldShape),
    /// Nothing that holds data: an empty struct, `()`, an array of no elements.
    Empty,
}

/// A type after its typedefs and qualifiers.
pub(super) struct Plain<'a> {
    pub(super) at: At,
    pub(super) unit: Rc<Unit<'a>>,
    pub(super) entry: Entry<'a>,
    /// The last typedef's place.
    alias: Option<At>,
    /// What a typedef says about the alignment.
    pub(super) align: Option<u64>,
}

/// Reads structs.
pub(super) struct Reader<'d, 'a> {
    pub(super) dwarf: &'d Dwarf<'a>,
    /// Every struct and enum that was met; none while it is being read.
    known: HashMap<At, Option<Resolved>>,
    names: LayoutNames,
    /// What becomes of them: those that others contain come first.
    pub(super) shapes: Vec<Shape>,
    pub(super) enums: Vec<enums::EnumShape>,
    depth: usize,
    /// What the struct that was asked for is in: `md::`.
    scope: String,
    /// Paths of fields that are taken as bytes, whatever they are, and whether each was met.
    pub(super) as_bytes: Vec<(String, bool)>,
    /// Unions that are tagged, and whether each was met.
    pub(super) unions: Vec<(TaggedUnion, bool)>,
}

impl<'d, 'a> Reader<'d, 'a> {
    pub(super) fn new(dwarf: &'d Dwarf<'a>, as_bytes: &[String], unions: &[TaggedUnion]) -> Self {
        Self {
            dwarf,
            known: HashMap::new(),
            names: LayoutNames::default(),
            shapes: Vec::new(),
            enums: Vec::new(),
            depth: 0,
            scope: String::new(),
            as_bytes: as_bytes.iter().map(|path| (path.clone(), false)).collect(),
            unions: unions.iter().map(|union| (union.clone(), false)).collect(),
        }
    }

    /// Reads the struct at `at`, which becomes the last of the shapes. `path` is its name in messages.
    pub(super) fn root(&mut self, at: At, path: &str) -> Result<(), ImportError> {
        let plain = self.plain(at)?;
        if plain.entry.tag() == dw::DW_TAG_union_type {
            return Err(refused(path, Refusal::Union));
        }
        if !is_struct(plain.entry.tag()) {
            return Err(ImportError::NotAStruct(path.to_owned()));
        }
        let full = self.full_name(&plain);
        self.scope = full.iter().take(full.len().saturating_sub(1)).map(|part| format!("{part}::")).collect();
        let before = self.shapes.len();
        if containers::is_another(&full, plain.unit.rust) {
            return Err(refused(path, Refusal::OtherContainer));
        }
        // The struct itself was asked for, so that it holds but one number, or is one of the library's, does not matter.
        match self.layout(&plain, &full, path)? {
            Resolved::Field(_) if self.shapes.len() > before => {}
            _ => return Err(refused(path, Refusal::Empty)),
        }
        let mut asked = self
            .as_bytes
            .iter()
            .map(|(path, is_met)| (path, *is_met))
            .chain(self.unions.iter().map(|(union, is_met)| (&union.path, *is_met)));
        match asked.find(|(_, is_met)| !is_met) {
            Some((unmet, _)) => Err(ImportError::NoField { path: unmet.clone(), ty: path.to_owned() }),
            None => Ok(()),
        }
    }

    /// Follows typedefs and qualifiers.
    pub(super) fn plain(&self, at: At) -> Result<Plain<'a>, ImportError> {
        let (mut at, mut alias, mut align) = (at, None, None);
        for _ in 0..MAX_LINKS {
            let (unit, entry) = self.dwarf.entry(at)?;
            let next = match entry.tag() {
                dw::DW_TAG_typedef => {
                    alias = Some(at);
                    align = align.or(unsigned(&entry, dw::DW_AT_alignment));
                    dw::DW_AT_type
                }
                dw::DW_TAG_const_type | dw::DW_TAG_volatile_type | dw::DW_TAG_atomic_type => dw::DW_AT_type,
                // A stand-in for a type with a unit of its own.
                _ if entry.has_attr(dw::DW_AT_signature) => dw::DW_AT_signature,
                _ => return Ok(Plain { at, unit, entry, alias, align }),
            };
            // A qualifier of nothing is `const void`, and no field has that type.
            at = self.dwarf.reference(&unit, &entry, next)?.ok_or(ImportError::Broken("a type is missing"))?;
        }
        Err(ImportError::Broken("types refer to each other in a circle"))
    }

    /// The parts of a type's full name. A struct without a name has that of its typedef.
    pub(super) fn full_name(&self, plain: &Plain<'a>) -> Vec<String> {
        match plain.alias {
            Some(alias) if !self.is_named(plain) => self.path_of(alias),
            _ => self.path_of(plain.at),
        }
    }

    fn path_of(&self, at: At) -> Vec<String> {
        let path = || {
            let unit = self.dwarf.unit(at.unit).ok()?;
            let scopes = self.dwarf.scopes(&unit).ok()?;
            Some(scopes.path(scopes.at(at.offset)?))
        };
        path().unwrap_or_default()
    }

    /// The type at `at`, of the field called `path`.
    pub(super) fn resolve(&mut self, at: At, path: &str) -> Result<Resolved, ImportError> {
        if self.is_bytes(path) {
            return self.bytes(at, path).map(Resolved::Field);
        }
        let plain = self.plain(at)?;
        let tag = plain.entry.tag();
        let refusal = match tag {
            tag if is_struct(tag) => return self.structure(&plain, path),
            dw::DW_TAG_base_type => {
                let name = self.dwarf.name(&plain.unit, &plain.entry)?.unwrap_or_default();
                match scalar::base(&name, &plain.entry) {
                    Ok(shape) if shape.size == 0 => return Ok(Resolved::Empty),
                    Ok(shape) => return Ok(Resolved::Field(aligned(shape, &plain))),
                    Err(refusal) => refusal,
                }
            }
            dw::DW_TAG_enumeration_type => return self.enumeration(&plain, path),
            dw::DW_TAG_array_type => return self.array(&plain, path),
            dw::DW_TAG_pointer_type => self.pointer(&plain)?,
            dw::DW_TAG_reference_type | dw::DW_TAG_rvalue_reference_type => Refusal::Reference,
            dw::DW_TAG_ptr_to_member_type => Refusal::MemberPointer,
            dw::DW_TAG_subroutine_type => Refusal::Function,
            dw::DW_TAG_union_type => Refusal::Union,
            _ => Refusal::Unknown,
        };
        Err(refused(path, refusal))
    }

    /// What kind of pointer it is; Rust's references are pointers called `&T`.
    fn pointer(&self, plain: &Plain<'a>) -> Result<Refusal, ImportError> {
        if self.dwarf.name(&plain.unit, &plain.entry)?.is_some_and(|name| name.starts_with('&')) {
            return Ok(Refusal::Reference);
        }
        let target = self.dwarf.reference(&plain.unit, &plain.entry, dw::DW_AT_type)?;
        let target = target.map(|at| self.plain(at)).transpose()?;
        let function = target.is_some_and(|target| target.entry.tag() == dw::DW_TAG_subroutine_type);
        Ok(if function { Refusal::Function } else { Refusal::Pointer })
    }

    fn enumeration(&mut self, plain: &Plain<'a>, path: &str) -> Result<Resolved, ImportError> {
        if let Some(Some(known)) = self.known.get(&plain.at) {
            return Ok(with_alignment(known.clone(), plain));
        }
        let underlying = match self.dwarf.reference(&plain.unit, &plain.entry, dw::DW_AT_type)? {
            Some(at) => {
                let under = self.plain(at)?;
                if under.entry.tag() != dw::DW_TAG_base_type {
                    return Err(refused(path, Refusal::Unknown));
                }
                match scalar::base("", &under.entry) {
                    Ok(shape) => Some(shape),
                    Err(refusal) => return Err(refused(path, refusal)),
                }
            }
            None => None,
        };
        let shape = match enums::read(self.dwarf, plain.at, &plain.entry, underlying)? {
            Ok(enums::Found::Integer(shape)) => shape,
            Ok(enums::Found::Named(found, size)) => {
                let type_name = self.type_name(plain, path);
                let name = self.names.unique(&type_name);
                let shape = FieldShape::single(&name, size, size);
                self.enums.push(enums::EnumShape { name, type_name, ..found });
                shape
            }
            Err(refusal) => return Err(refused(path, refusal)),
        };
        self.known.insert(plain.at, Some(Resolved::Field(shape.clone())));
        Ok(Resolved::Field(aligned(shape, plain)))
    }

    /// The name of a type in its language. One without a name is called by the field that has it.
    fn type_name(&self, plain: &Plain<'a>, path: &str) -> String {
        let full = self.full_name(plain);
        match full.is_empty() || !(plain.alias.is_some() || self.is_named(plain)) {
            true => self.in_scope(path),
            false => full.join("::"),
        }
    }

    /// What a type without a name is called, which the field called `path` has.
    pub(super) fn in_scope(&self, path: &str) -> String {
        format!("{}{}", self.scope, path.replace('.', "::"))
    }

    /// The name of a layout of a type.
    pub(super) fn unique(&mut self, type_name: &str) -> String {
        self.names.unique(type_name)
    }

    /// The type of an array's elements, and its dimensions.
    pub(super) fn array_of(&self, plain: &Plain<'a>, path: &str) -> Result<(At, Vec<u64>), ImportError> {
        let element = self
            .dwarf
            .reference(&plain.unit, &plain.entry, dw::DW_AT_type)?
            .ok_or(ImportError::Broken("an array has no element type"))?;
        let mut dimensions = Vec::new();
        let mut refusal = None;
        self.dwarf.children(plain.at, |_, child| {
            if child.tag() == dw::DW_TAG_subrange_type && refusal.is_none() {
                match length(child) {
                    Some(_) if dimensions.len() >= MAX_DIMENSIONS => refusal = Some(Refusal::Dimensions),
                    Some(len) => dimensions.push(len),
                    None => refusal = Some(Refusal::OpenArray),
                }
            }
            Ok(())
        })?;
        if dimensions.is_empty() {
            refusal = refusal.or(Some(Refusal::OpenArray));
        }
        match refusal {
            Some(refusal) => Err(refused(path, refusal)),
            None => Ok((element, dimensions)),
        }
    }

    fn array(&mut self, plain: &Plain<'a>, path: &str) -> Result<Resolved, ImportError> {
        let (element, mut dimensions) = self.array_of(plain, path)?;
        self.enter(path)?;
        let resolved = self.resolve(element, path);
        self.depth -= 1;
        let mut shape = match resolved? {
            _ if dimensions.contains(&0) => return Ok(Resolved::Empty),
            Resolved::Empty => return Err(refused(path, Refusal::EmptyElements)),
            Resolved::Field(shape) => shape,
        };
        let mut size = shape.size;
        for len in &dimensions {
            size = size.checked_mul(*len).ok_or(ImportError::Broken("an array is larger than any memory"))?;
        }
        if dimensions.len() + shape.dimensions.len() > MAX_DIMENSIONS {
            return Err(refused(path, Refusal::Dimensions));
        }
        dimensions.append(&mut shape.dimensions);
        let given = if flag(&plain.entry, dw::DW_AT_GNU_vector) { size } else { shape.given };
        Ok(Resolved::Field(aligned(FieldShape { dimensions, size, given, ..shape }, plain)))
    }

    /// A struct as the type of a field.
    fn structure(&mut self, plain: &Plain<'a>, path: &str) -> Result<Resolved, ImportError> {
        if let Some(known) = self.known.get(&plain.at) {
            let known = known.clone().ok_or(ImportError::Broken("a struct contains itself"))?;
            return Ok(with_alignment(known, plain));
        }
        self.known.insert(plain.at, None);
        self.enter(path)?;
        let full = self.full_name(plain);
        let kind = match special::kind(&full, plain.unit.rust) {
            Ok(kind) => kind,
            Err(refusal) => return Err(refused(path, refusal)),
        };
        let is_declared = flag(&plain.entry, dw::DW_AT_declaration);
        let resolved = match kind {
            special::Kind::Empty => Resolved::Empty,
            // Declared only, it says nothing of what is in it.
            special::Kind::Library if is_declared => return Err(refused(path, Refusal::Std)),
            special::Kind::Wrapper if is_declared => return Err(ImportError::Declared(full.join("::"))),
            special::Kind::Library if members::none(self.dwarf, plain.at)? => Resolved::Empty,
            special::Kind::Library => return Err(refused(path, Refusal::Std)),
            special::Kind::Struct => self.layout(plain, &full, path)?,
            special::Kind::Wrapper => self.wrapper(plain, &full, path)?,
            special::Kind::Container(kind) => containers::read(self, plain, kind, path)?,
        };
        self.depth -= 1;
        self.known.insert(plain.at, Some(resolved.clone()));
        Ok(with_alignment(resolved, plain))
    }

    /// A type of the standard library around one other.
    fn wrapper(&mut self, plain: &Plain<'a>, full: &[String], path: &str) -> Result<Resolved, ImportError> {
        let size = unsigned(&plain.entry, dw::DW_AT_byte_size).unwrap_or(0);
        let members = members::read(self, plain, path)?;
        match members.fields.as_slice() {
            [only] if only.offset == 0 && only.ty.size == size => Ok(Resolved::Field(special::wrapped(full, &only.ty))),
            [] => Ok(Resolved::Empty),
            _ => Err(refused(path, Refusal::Std)),
        }
    }

    /// A struct as a layout of its own.
    fn layout(&mut self, plain: &Plain<'a>, full: &[String], path: &str) -> Result<Resolved, ImportError> {
        if flag(&plain.entry, dw::DW_AT_declaration) {
            return Err(ImportError::Declared(full.join("::")));
        }
        let size = unsigned(&plain.entry, dw::DW_AT_byte_size).ok_or(ImportError::Broken("a struct has no size"))?;
        let align = unsigned(&plain.entry, dw::DW_AT_alignment).filter(|align| align.is_power_of_two());
        let members = members::read(self, plain, path)?;
        if members.fields.is_empty() {
            return Ok(Resolved::Empty);
        }
        let type_name = self.type_name(plain, path);
        if self.depth > 0
            && plain.unit.rust
            && let Some(inner) = special::newtype(&type_name, &members.fields, size, align)
        {
            return Ok(Resolved::Field(inner));
        }
        let mut shape = Shape {
            name: self.names.unique(&type_name),
            type_name,
            size,
            align,
            fields: members.fields,
            notes: members.notes,
        };
        if plain.unit.rust && shape.fields.windows(2).any(|two| matches!(two, [a, b] if a.first_bit() > b.first_bit()))
        {
            shape.notes.push(
                "The fields do not stand in the order of the source: without #[repr(C)], rustc may place them anew in \
                 every build."
                    .to_owned(),
            );
        }
        // Where they begin, which the integers around bit-fields do not say.
        shape.fields.sort_by_key(|field| field.first_bit());
        let shares = shape.fields.windows(2).find_map(|two| match two {
            [before, field] if field.first_bit() < before.last_bit() => Some(field.name.clone()),
            _ => None,
        });
        if let Some(name) = shares {
            return Err(refused(&format!("{path}.{name}"), Refusal::Shared));
        }
        let align = shape.placing().align;
        let field = FieldShape::single(&shape.name, size, align);
        self.shapes.push(shape);
        Ok(Resolved::Field(field))
    }

    /// Whether a struct has a name of its own: here, or where it is announced.
    fn is_named(&self, plain: &Plain<'a>) -> bool {
        let scopes = self.dwarf.scopes(&plain.unit);
        scopes.is_ok_and(|scopes| scopes.at(plain.at.offset).is_some_and(|scope| scopes.named(scope).name.is_some()))
    }

    /// The enum that layouts call by this name.
    pub(super) fn named(&self, name: &str) -> Option<&enums::EnumShape> {
        self.enums.iter().find(|found| found.name == name)
    }

    fn enter(&mut self, path: &str) -> Result<(), ImportError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(refused(path, Refusal::Depth)) } else { Ok(()) }
    }
}

/// The elements of one dimension; none if that is not said.
fn length(subrange: &Entry<'_>) -> Option<u64> {
    if let Some(count) = unsigned(subrange, dw::DW_AT_count) {
        return Some(count);
    }
    match subrange.attr_value(dw::DW_AT_upper_bound)? {
        // One less than nothing, in as many bytes as the compiler likes.
        AttributeValue::Sdata(-1) | AttributeValue::Data8(u64::MAX) | AttributeValue::Udata(u64::MAX) => Some(0),
        AttributeValue::Data4(u32::MAX) => Some(0),
        bound => bound.udata_value()?.checked_add(1),
    }
}

fn aligned(shape: FieldShape, plain: &Plain<'_>) -> FieldShape {
    match plain.align.filter(|align| align.is_power_of_two()) {
        Some(align) => FieldShape { given: align.max(shape.given), ..shape },
        None => shape,
    }
}

fn with_alignment(resolved: Resolved, plain: &Plain<'_>) -> Resolved {
    match resolved {
        Resolved::Field(shape) => Resolved::Field(aligned(shape, plain)),
        Resolved::Empty => Resolved::Empty,
    }
}

pub(super) fn refused(path: &str, refusal: Refusal) -> ImportError {
    ImportError::Refused { path: path.to_owned(), refusal }
}
