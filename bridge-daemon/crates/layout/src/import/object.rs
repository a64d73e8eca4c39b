//! The sections with debug information of an ELF file, read, decompressed and relocated. Knows nothing of DWARF.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use object::read::{CompressedData, Object, ObjectSection, ObjectSymbol, ReadCache, RelocationTarget};
use object::{Architecture, CompressionFormat, ObjectKind, RelocationKind, SectionIndex};

use super::ImportError;

/// Bytes of debug information that are read of one file, decompressed.
const MAX_BYTES: u64 = 4 << 30;

/// Where distributions keep separate debug files.
const DEBUG_DIRECTORY: &str = "/usr/lib/debug";

type Elf<'a> = object::File<'a, &'a ReadCache<File>>;

/// The sections of one file that types are read from; one that is not there is empty.
#[derive(Default)]
pub(super) struct Sections {
    pub(super) info: Vec<u8>,
    pub(super) types: Vec<u8>,
    pub(super) abbrev: Vec<u8>,
    pub(super) str: Vec<u8>,
    pub(super) line: Vec<u8>,
    pub(super) line_str: Vec<u8>,
    pub(super) str_offsets: Vec<u8>,
}

/// Reads the debug information of `path`, or of the separate debug file that belongs to it.
pub(super) fn read(path: &Path) -> Result<Sections, ImportError> {
    let read_error = |source| ImportError::Read { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(read_error)?;
    if !file.metadata().map_err(read_error)?.is_file() {
        return Err(ImportError::NotAFile(path.to_owned()));
    }
    let mut magic = [0; 8];
    if file.read(&mut magic).map_err(read_error)? == magic.len() && (magic == *b"!<arch>\n" || magic == *b"!<thin>\n") {
        return Err(ImportError::Archive(path.to_owned()));
    }
    let bytes = file.try_clone().map_err(read_error)?;
    let cache = ReadCache::new(file);
    let not_elf = |source| ImportError::NotElf { path: path.to_owned(), source };
    let elf = Elf::parse(&cache).map_err(not_elf)?;
    if elf.is_little_endian() != cfg!(target_endian = "little") || !elf.is_64() || !runs_here(elf.architecture()) {
        return Err(ImportError::Machine(path.to_owned()));
    }
    if elf.section_by_name(".debug_info").is_some() {
        return Reader { path, elf: &elf, file: &bytes, left: MAX_BYTES }.sections();
    }
    if elf.section_by_name(".debug_info.dwo").is_some() {
        return Err(ImportError::Split);
    }
    match separate(path, &elf) {
        Some(separate) => read(&separate),
        None => Err(ImportError::NoDebugInfo(path.to_owned())),
    }
}

fn runs_here(architecture: Architecture) -> bool {
    match std::env::consts::ARCH {
        "x86_64" => architecture == Architecture::X86_64,
        "aarch64" => architecture == Architecture::Aarch64,
        "riscv64" => architecture == Architecture::Riscv64,
        // On others the sizes of types are what the debug information says they are, too.
        _ => true,
    }
}

/// The separate debug file, found by build id, or by its name and then checked by build id: one of another build would
/// describe other structs.
fn separate(path: &Path, elf: &Elf<'_>) -> Option<PathBuf> {
    let id = elf.build_id().ok()??;
    let hex: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    let by_id = hex
        .split_at_checked(2)
        .map(|(first, rest)| Path::new(DEBUG_DIRECTORY).join(".build-id").join(first).join(format!("{rest}.debug")));
    let mut candidates: Vec<PathBuf> = by_id.into_iter().collect();
    if let Ok(Some((name, _))) = elf.gnu_debuglink()
        && let Some(name) = std::str::from_utf8(name).ok().and_then(|name| Path::new(name).file_name())
        && let Some(directory) = path.canonicalize().ok().as_deref().and_then(Path::parent)
    {
        candidates.push(directory.join(name));
        candidates.push(directory.join(".debug").join(name));
        candidates
            .extend(directory.strip_prefix("/").ok().map(|rest| Path::new(DEBUG_DIRECTORY).join(rest).join(name)));
    }
    candidates.into_iter().find(|candidate| is_debug_file(candidate, id))
}

/// A file with debug information and this build id; following it cannot lead to a third.
fn is_debug_file(path: &Path, id: &[u8]) -> bool {
    let Ok(file) = File::open(path) else { return false };
    if !file.metadata().is_ok_and(|data| data.is_file()) {
        return false;
    }
    let cache = ReadCache::new(file);
    let Ok(elf) = Elf::parse(&cache) else { return false };
    elf.build_id().is_ok_and(|found| found == Some(id)) && elf.section_by_name(".debug_info").is_some()
}

struct Reader<'a, 'data> {
    path: &'a Path,
    elf: &'a Elf<'data>,
    file: &'a File,
    left: u64,
}

impl Reader<'_, '_> {
    fn sections(mut self) -> Result<Sections, ImportError> {
        Ok(Sections {
            info: self.section(".debug_info")?,
            types: self.section(".debug_types")?,
            abbrev: self.section(".debug_abbrev")?,
            str: self.section(".debug_str")?,
            line: self.section(".debug_line")?,
            line_str: self.section(".debug_line_str")?,
            str_offsets: self.section(".debug_str_offsets")?,
        })
    }

    /// All sections of this name, one after the other: an object file has one for each group of units that a linker may
    /// take from another object instead.
    fn section(&mut self, name: &str) -> Result<Vec<u8>, ImportError> {
        let mut whole: Vec<u8> = Vec::new();
        let mut starts = HashMap::new();
        let sections = || self.elf.sections().filter(|section| section.name() == Ok(name));
        let mut found: Vec<_> = sections().collect();
        // Compressed in the old way, it has another name.
        if found.is_empty() {
            found.extend(self.elf.section_by_name(name));
        }
        for section in found {
            let data = self.data(&section)?;
            starts.insert(section.index(), whole.len() as u64);
            if whole.is_empty() {
                whole = data;
            } else {
                whole.extend_from_slice(&data);
            }
        }
        if self.elf.kind() == ObjectKind::Relocatable {
            for (index, start) in &starts {
                if let Ok(section) = self.elf.section_by_index(*index) {
                    self.relocate(&section, *start, &starts, &mut whole);
                }
            }
        }
        Ok(whole)
    }

    fn data<'data>(&mut self, section: &impl ObjectSection<'data>) -> Result<Vec<u8>, ImportError> {
        let not_elf = |source| ImportError::NotElf { path: self.path.to_owned(), source };
        let read_error = |source| ImportError::Read { path: self.path.to_owned(), source };
        let large = || ImportError::Large { path: self.path.to_owned(), what: "the debug information" };
        let range = section.compressed_file_range().map_err(not_elf)?;
        // What is claimed is reserved, so it is checked first.
        let length = self.file.metadata().map_err(read_error)?.len();
        if range.offset.checked_add(range.compressed_size).is_none_or(|end| end > length) {
            return Err(ImportError::Broken("a section lies outside of the file"));
        }
        let most = range.compressed_size.max(range.uncompressed_size);
        self.left = self.left.checked_sub(most).ok_or_else(large)?;
        let mut data = vec![0; usize::try_from(range.compressed_size).map_err(|_| large())?];
        self.file.read_exact_at(&mut data, range.offset).map_err(read_error)?;
        if range.format == CompressionFormat::None {
            return Ok(data);
        }
        let compressed =
            CompressedData { format: range.format, data: &data, uncompressed_size: range.uncompressed_size };
        Ok(compressed.decompress().map_err(not_elf)?.into_owned())
    }

    /// Puts the offsets into an object file's section that a linker would. `start` is where the section begins in
    /// `data`, `starts` where others of its name do. What is not understood is no offset into debug sections.
    fn relocate<'data>(
        &self,
        section: &impl ObjectSection<'data>,
        start: u64,
        starts: &HashMap<SectionIndex, u64>,
        data: &mut [u8],
    ) {
        for (offset, relocation) in section.relocations() {
            if relocation.kind() != RelocationKind::Absolute {
                continue;
            }
            let symbol = match relocation.target() {
                RelocationTarget::Symbol(index) => self.elf.symbol_by_index(index).ok(),
                _ => None,
            };
            let base = symbol.as_ref().and_then(|symbol| starts.get(&symbol.section_index()?)).copied().unwrap_or(0);
            let target = symbol.map_or(0, |symbol| symbol.address()).wrapping_add(base);
            let width = usize::from(relocation.size() / 8);
            let from = offset.checked_add(start).and_then(|offset| usize::try_from(offset).ok());
            let place = from.and_then(|from| data.get_mut(from..from.checked_add(width)?));
            let Some(place) = place else { continue };
            let present = if relocation.has_implicit_addend() { number(place) } else { 0 };
            let value = target.wrapping_add_signed(relocation.addend()).wrapping_add(present);
            match (<&mut [u8; 4]>::try_from(&mut *place), width) {
                (Ok(place), 4) => *place = (value as u32).to_ne_bytes(),
                (_, 8) => place.copy_from_slice(&value.to_ne_bytes()),
                _ => {}
            }
        }
    }
}

fn number(bytes: &[u8]) -> u64 {
    match bytes {
        [_, _, _, _] => bytes.try_into().map_or(0, |bytes| u64::from(u32::from_ne_bytes(bytes))),
        _ => bytes.try_into().map_or(0, u64::from_ne_bytes),
    }
}
