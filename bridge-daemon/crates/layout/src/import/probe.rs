//! From a header to an object file with debug information: a small translation unit that includes the header and uses
//! the type, compiled by the user's compiler with the user's flags.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gimli::constants as dw;

use super::ImportError;
use super::dwarf::{At, Dwarf};
use super::object::{self, Sections};
use super::scopes::Scopes;

/// What the probe calls the type that was asked for.
pub(super) const ALIAS: &str = "::iox_bridge_probe_type";

/// The enumerator whose value is the type's alignment: debug information does not always say that of a packed struct.
const ALIGN: &str = "iox_bridge_probe_align";

/// Bytes of the compiler's messages that are passed on.
const MAX_OUTPUT: usize = 8192;

/// A header and how to compile it.
#[derive(Clone, Debug)]
pub struct HeaderProbe {
    /// The header.
    pub header: PathBuf,
    /// The compiler's command and leading arguments, `CXX` as it is.
    pub compiler: String,
    /// Directories to find other headers in.
    pub include: Vec<PathBuf>,
    /// More arguments for the compiler.
    pub flags: Vec<OsString>,
}

impl HeaderProbe {
    /// The object's debug information, and the alignment of `ty` if the compiler knows the name as it is written. If not,
    /// the object describes every type in the header.
    pub(super) fn compile(&self, ty: &str) -> Result<(Sections, Option<u64>), ImportError> {
        let include = self.inclusion()?;
        let directory = tempfile::tempdir().map_err(ImportError::Temporary)?;
        // The enum needs the whole type, so the compiler describes all of it, templates included. A type of an anonymous
        // namespace is only described where something of it is used.
        let uses = format!(
            "using {alias} = {ty};\nenum iox_bridge_probe {{ {ALIGN} = alignof({alias}) }};\n\
             iox_bridge_probe iox_bridge_probe_value;\n[[gnu::used]] {alias}* iox_bridge_probe_pointer;\n",
            alias = ALIAS.trim_start_matches(':'),
        );
        let named = self.object(directory.path(), &format!("{include}{uses}"), &[]);
        match named {
            Ok(sections) => {
                let align = alignment(&sections)?.ok_or(ImportError::Split)?;
                Ok((sections, Some(align)))
            }
            Err(ImportError::Compile { compiler, output }) => {
                // Is it the header, or the name?
                let all = self.object(directory.path(), &include, &["-fno-eliminate-unused-debug-types"]);
                match all {
                    Ok(sections) => Ok((sections, None)),
                    Err(ImportError::NoDebugInfo(_)) => Err(ImportError::Compile { compiler, output }),
                    Err(error) => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }

    fn object(&self, directory: &Path, source: &str, more: &[&str]) -> Result<Sections, ImportError> {
        let (input, output) = (directory.join("probe.cpp"), directory.join("probe.o"));
        fs::write(&input, source).map_err(ImportError::Temporary)?;
        let mut words = self.compiler.split_whitespace();
        let program = words.next().unwrap_or("c++");
        let mut command = Command::new(program);
        command.args(words);
        for include in &self.include {
            command.arg("-I").arg(include);
        }
        // Otherwise clang leaves out what is in types that the header itself does not use.
        if self.is_clang(program) {
            command.arg("-fstandalone-debug");
        }
        // Ours come last, so they hold whatever the user's build has.
        command.args(&self.flags).args(more).args(["-g", "-fno-lto", "-w", "-c"]).arg(&input).arg("-o").arg(&output);
        let result = command.stdin(Stdio::null()).output();
        let result = result.map_err(|source| ImportError::Compiler { compiler: program.to_owned(), source })?;
        if !result.status.success() {
            let bytes = result.stderr.get(..result.stderr.len().min(MAX_OUTPUT)).unwrap_or_default();
            let output = String::from_utf8_lossy(bytes).trim_end().to_owned();
            return Err(ImportError::Compile { compiler: program.to_owned(), output });
        }
        object::read(&output)
    }

    /// The line that includes the header.
    fn inclusion(&self) -> Result<String, ImportError> {
        let header = self.header.canonicalize();
        let header = header.map_err(|source| ImportError::Read { path: self.header.clone(), source })?;
        match header.to_str().filter(|name| !name.contains(['"', '\n', '\\'])) {
            Some(name) => Ok(format!("#include \"{name}\"\n")),
            None => Err(ImportError::NotAFile(header)),
        }
    }

    /// Whether the header has a type of this name, if only its name.
    pub(super) fn declares(&self, ty: &str) -> Result<bool, ImportError> {
        let uses = format!("{}{ty}* iox_bridge_probe_pointer;\n", self.inclusion()?);
        let directory = tempfile::tempdir().map_err(ImportError::Temporary)?;
        Ok(!matches!(self.object(directory.path(), &uses, &[]), Err(ImportError::Compile { .. })))
    }

    /// Whether the compiler says that it is clang.
    fn is_clang(&self, program: &str) -> bool {
        let words = self.compiler.split_whitespace().skip(1);
        let said = Command::new(program).args(words).arg("--version").stdin(Stdio::null()).output();
        said.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).contains("clang"))
    }
}

/// The alignment that the probe's enumerator has.
fn alignment(sections: &Sections) -> Result<Option<u64>, ImportError> {
    let dwarf = Dwarf::new(sections)?;
    let mut align = None;
    for number in 0..dwarf.len() {
        let unit = dwarf.unit(number)?;
        let scopes = dwarf.scopes(&unit)?;
        for scope in Scopes::iter(&scopes).filter(|scope| scope.name == Some(b"iox_bridge_probe")) {
            dwarf.children(At { unit: number, offset: scope.offset }, |unit, child| {
                if dwarf.name(unit, child)?.as_deref() == Some(ALIGN) {
                    align = child.attr_value(dw::DW_AT_const_value).and_then(|value| value.udata_value());
                }
                Ok(())
            })?;
        }
    }
    Ok(align.filter(|align: &u64| align.is_power_of_two()))
}
