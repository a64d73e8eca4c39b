//! `iox-bridge layout`: layouts from debug information, source code from layouts, and a picture of their bytes.

mod sample;

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde_json::json;

use crate::config::document::{did_you_mean, on_one_line};
use crate::layout::emit::{Language, emit};
use crate::layout::import::{Choice, HeaderProbe, Imported, TaggedUnion, from_binary, from_header};
use crate::layout::show::{Row, RowBits, rows};
use crate::layout::{Layout, LayoutSet, load};

use super::{Exit, Look};

/// Columns of a table.
const WIDTH: u16 = 80;

/// `iox-bridge layout`
#[derive(Debug, Subcommand)]
pub enum LayoutCommand {
    /// Make a layout file of a struct in a C++ header, or in a program with debug information
    #[command(after_help = "Examples:
  iox-bridge layout import --header radar.hpp --type radar::Object --output layouts/radar.toml
  iox-bridge layout import --header radar.hpp --type 'Matrix<double, 3>' --include include -- -std=c++20 -DNDEBUG
  iox-bridge layout import --binary target/debug/app --type app::Tick --name MarketTick")]
    Import(Import),
    /// Write a layout as a definition in C++, C, Rust or Python
    #[command(after_help = "Examples:
  iox-bridge layout emit --file layouts/market.toml --layout MarketTick --language cpp
  iox-bridge layout emit --file layouts/market.toml --layout MarketTick --language rust --output src/market_tick.rs")]
    Emit(Emit),
    /// Show where the bytes of a layout are
    #[command(after_help = "Example:\n  iox-bridge layout show --file layouts/market.toml --layout MarketTick")]
    Show(Show),
    /// Show one sample as JSON: the bytes of a struct, or a document
    #[command(
        after_help = "What a stream would reject is told with the reason that it counts, the field and the place.

Examples:
  iox-bridge layout decode --file layouts/market.toml --layout MarketTick tick.bin
  curl ... | iox-bridge layout decode --file layouts/market.toml --layout MarketTick --from msgpack"
    )]
    Decode(sample::Decode),
    /// Make one sample of JSON: the bytes of a struct, or a document
    #[command(after_help = "Examples:
  iox-bridge layout encode --file layouts/market.toml --layout MarketTick --output tick.bin tick.json
  echo '{...}' | iox-bridge layout encode --file layouts/market.toml --layout MarketTick --to msgpack | xxd")]
    Encode(sample::Encode),
}

/// `iox-bridge layout import`
#[derive(Args, Debug)]
pub struct Import {
    #[command(flatten)]
    from: Origin,
    /// The struct, as in the source; outer namespaces may be left out
    #[arg(long = "type", value_name = "TYPE")]
    ty: String,
    /// Call the layout this instead of by the struct's full name
    #[arg(long)]
    name: Option<String>,
    /// Of several structs of that name, the one declared in this source file; the end of its path does, FILE:LINE is exact
    #[arg(long, value_name = "FILE[:LINE]", conflicts_with = "header")]
    file: Option<String>,
    /// Take the field with this path as bytes, a union say; may be repeated
    #[arg(long, value_name = "PATH")]
    as_bytes: Vec<String>,
    /// The union with this path holds what a field beside it says, one of an enum: body=kind. Where the names of its values
    /// and of the union's members differ, say more: body=kind,Cancel=order,Ping= (nothing); may be repeated
    #[arg(long, value_name = "PATH=FIELD[,VALUE=MEMBER...]")]
    tag: Vec<TaggedUnion>,
    /// Directory with headers that the header includes; may be repeated
    #[arg(long, value_name = "DIR", conflicts_with = "binary")]
    include: Vec<PathBuf>,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Flags for the compiler
    #[arg(last = true, value_name = "FLAGS", conflicts_with = "binary")]
    flags: Vec<OsString>,
}

/// What a struct is imported from.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct Origin {
    /// A C++ header; it is compiled with $CXX, or else c++
    #[arg(long, value_name = "FILE")]
    header: Option<PathBuf>,
    /// An executable, shared library or object file, C++ or Rust, with debug information
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
}

/// `iox-bridge layout emit`
#[derive(Args, Debug)]
pub struct Emit {
    #[command(flatten)]
    which: Which,
    /// What to write
    #[arg(long, value_enum)]
    language: LanguageName,
    /// Rust without iceoryx2 and serde
    #[arg(long)]
    plain: bool,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// `iox-bridge layout show`
#[derive(Args, Debug)]
pub struct Show {
    #[command(flatten)]
    which: Which,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A layout of a file.
#[derive(Args, Debug)]
struct Which {
    /// The layout file
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// The layout; may be left out if the file has only one
    #[arg(long, value_name = "NAME")]
    layout: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LanguageName {
    /// C++17
    Cpp,
    /// Rust, with the derives of iceoryx2 and serde
    Rust,
    /// Python 3, with ctypes
    Python,
    /// C11
    C,
}

impl LayoutCommand {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Import(import) => import.run(),
            Self::Emit(emit) => emit.run(),
            Self::Show(show) => show.run(),
            Self::Decode(decode) => decode.run(),
            Self::Encode(encode) => encode.run(),
        }
    }
}

impl Import {
    fn run(self) -> anyhow::Result<ExitCode> {
        let origin = self.origin();
        let imported = self.imported()?;
        let text = imported.to_toml(self.name.as_deref(), &origin)?;
        write(self.output.as_deref(), &text)
    }

    fn imported(&self) -> anyhow::Result<Imported> {
        let choice = Choice { file: self.file.clone(), as_bytes: self.as_bytes.clone(), unions: self.tag.clone() };
        Ok(match (&self.from.header, &self.from.binary) {
            (Some(header), _) => {
                let compiler = std::env::var("CXX").ok().filter(|compiler| !compiler.trim().is_empty());
                let probe = HeaderProbe {
                    header: header.clone(),
                    compiler: compiler.unwrap_or_else(|| "c++".to_owned()),
                    include: self.include.clone(),
                    flags: self.flags.clone(),
                };
                from_header(&probe, &self.ty, &choice)?
            }
            (None, Some(binary)) => from_binary(binary, &self.ty, &choice)?,
            // clap asks for one of them.
            (None, None) => anyhow::bail!("give --header or --binary"),
        })
    }

    /// The command that makes the same file again.
    fn origin(&self) -> Vec<String> {
        let mut words = vec!["iox-bridge layout import".to_owned()];
        let mut option = |name: &str, value: &str| words.push(format!("--{name} {}", shell(value)));
        for (name, path) in [("header", &self.from.header), ("binary", &self.from.binary)] {
            if let Some(path) = path {
                option(name, &path.display().to_string());
            }
        }
        option("type", &self.ty);
        if let Some(file) = &self.file {
            option("file", file);
        }
        self.as_bytes.iter().for_each(|path| option("as-bytes", path));
        self.tag.iter().for_each(|union| option("tag", &union.to_string()));
        if let Some(name) = &self.name {
            option("name", name);
        }
        for directory in &self.include {
            option("include", &directory.display().to_string());
        }
        if !self.flags.is_empty() {
            words.push("--".to_owned());
            words.extend(self.flags.iter().map(|flag| shell(&flag.to_string_lossy())));
        }
        vec!["Imported with".to_owned(), words.join(" ")]
    }
}

impl Emit {
    fn run(self) -> anyhow::Result<ExitCode> {
        let language = match (self.language, self.plain) {
            (LanguageName::Cpp, _) => Language::Cpp,
            (LanguageName::C, _) => Language::C,
            (LanguageName::Python, _) => Language::Python,
            (LanguageName::Rust, false) => Language::Rust,
            (LanguageName::Rust, true) => Language::PlainRust,
        };
        match self.which.layout()? {
            Some(layout) => write(self.output.as_deref(), &emit(&layout, language)?),
            None => Ok(Exit::Config.into()),
        }
    }
}

impl Show {
    fn run(self) -> anyhow::Result<ExitCode> {
        let Some(layout) = self.which.layout()? else { return Ok(Exit::Config.into()) };
        let text = if self.json { json(&layout)? } else { picture(&layout) };
        write(None, &text)
    }
}

impl Which {
    /// The layout; none if the file has errors, which standard error then has.
    fn layout(&self) -> anyhow::Result<Option<Arc<Layout>>> {
        match load(&self.file) {
            Ok(set) => Ok(Some(self.choose(&set)?)),
            Err(report) => {
                eprint!("{}", Look::of_stderr().render(&report));
                Ok(None)
            }
        }
    }

    fn choose(&self, set: &LayoutSet) -> anyhow::Result<Arc<Layout>> {
        let file = self.file.display();
        let mut names: Vec<&str> = set.names().collect();
        names.sort_unstable();
        let name = match (&self.layout, names.as_slice()) {
            (Some(name), _) => name.as_str(),
            (None, [only]) => only,
            (None, []) => anyhow::bail!("{file} describes no layout"),
            (None, names) => {
                anyhow::bail!("{file} describes several layouts; say which with --layout: {}", list(names))
            }
        };
        let near = did_you_mean(name, names.iter().copied());
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it has {}", list(&names)),
        };
        let found = set.get(name).flatten().cloned();
        found.with_context(|| format!("{file} describes no layout `{}`; {hint}", on_one_line(name)))
    }
}

fn list(names: &[&str]) -> String {
    const SHOWN: usize = 20;
    let more = if names.len() > SHOWN { format!(" and {} more", names.len() - SHOWN) } else { String::new() };
    names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ") + &more
}

/// The layout as a table.
#[must_use]
pub fn picture(layout: &Layout) -> String {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH)
        .force_no_tty()
        .set_header(["OFFSET", "SIZE", "TYPE", "NAME"]);
    for row in rows(layout) {
        let (offset, size) = place(&row);
        table.add_row([offset, size, row.ty.as_deref().map(on_one_line).unwrap_or_default(), name(&row)]);
    }
    for column in table.column_iter_mut().take(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let bytes = if layout.size == 1 { "byte" } else { "bytes" };
    format!("{}: {} {bytes}, aligned to {}\n\n{}\n", layout.name, layout.size, layout.align, table.trim_fmt())
}

/// Offset and size: in bytes, or for bits `24.3`, which is bit 3 of byte 24, and `5 bits`.
fn place(row: &Row) -> (String, String) {
    match row.bits {
        None => (row.offset.to_string(), row.size.to_string()),
        Some(RowBits { bit, bits }) => {
            (format!("{}.{bit}", row.offset), format!("{bits} {}", if bits == 1 { "bit" } else { "bits" }))
        }
    }
}

fn name(row: &Row) -> String {
    let name = match (row.part, &row.name) {
        (Some(part), _) => format!("-- {} --", part.name()),
        (None, Some(name)) => on_one_line(name),
        (None, None) => "-- padding --".to_owned(),
    };
    format!("{}{name}", "  ".repeat(row.depth))
}

fn json(layout: &Layout) -> anyhow::Result<String> {
    let document = json!({ "name": layout.name, "size": layout.size, "align": layout.align, "rows": rows(layout) });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// A word as a shell takes it.
fn shell(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./:=+,@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

fn write(output: Option<&Path>, bytes: impl AsRef<[u8]>) -> anyhow::Result<ExitCode> {
    match output {
        Some(path) => fs::write(path, bytes).with_context(|| format!("{} could not be written", path.display()))?,
        None => match io::stdout().lock().write_all(bytes.as_ref()) {
            // The reader has seen enough (`| head`).
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            result => result.context("standard output could not be written")?,
        },
    }
    Ok(Exit::Ok.into())
}
