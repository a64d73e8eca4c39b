//! The compilers of this machine, and a directory for what they make.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use bridge_daemon::layout::{Layout, load};

/// Runs a command and gives back what it wrote; the test ends if it fails.
pub(crate) fn run(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?} ended with {}:\n{out}{err}", output.status);
    out.into_owned()
}

/// An object of a C++ source.
pub(crate) fn cpp(source: &Path, object: &Path, flags: &[&str]) {
    let warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Wno-packed-not-aligned"];
    run(Command::new("g++").args(["-std=c++17", "-c"]).args(warnings).args(flags).arg(source).arg("-o").arg(object));
}

/// An object of a C source; warnings are errors.
pub(crate) fn c(source: &Path, object: &Path, flags: &[&str]) {
    let warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wno-packed-not-aligned"];
    run(Command::new("gcc").args(["-std=c11", "-c"]).args(warnings).args(flags).arg(source).arg("-o").arg(object));
}

/// The flags with which a C++ compiler finds the headers of iceoryx; its warnings about them do not count.
pub(crate) fn iceoryx() -> Vec<String> {
    let prefixes = std::env::var("CMAKE_PREFIX_PATH").unwrap_or_default();
    let prefixes = prefixes.split([':', ';']).filter(|prefix| !prefix.is_empty()).chain(["/usr", "/usr/local"]);
    let mut roots: Vec<PathBuf> = prefixes.map(|prefix| Path::new(prefix).join("include")).collect();
    for root in roots.clone() {
        let versions = fs::read_dir(root.join("iceoryx")).into_iter().flatten().flatten();
        roots.extend(versions.map(|entry| entry.path()));
    }
    let found = roots.into_iter().find(|root| root.join("iceoryx_hoofs").is_dir());
    let found = found.expect("the headers of iceoryx are installed: see tests/tools/setup");
    vec!["-isystem".to_owned(), found.display().to_string()]
}

/// An object of a Rust source, with debug information.
pub(crate) fn rust(source: &Path, object: &Path) {
    rust_with(source, object, &[]);
}

fn rustc(source: &Path, object: &Path, more: &[OsString]) -> Command {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let flags = ["--edition=2021", "--crate-name=app", "--crate-type=lib", "--emit=obj", "-g", "-Dwarnings"];
    let mut command = Command::new(rustc);
    command.args(flags).args(more).arg(source).arg("-o").arg(object);
    command
}

fn rust_with(source: &Path, object: &Path, more: &[OsString]) {
    run(&mut rustc(source, object, more));
}

/// An object of a Rust source that uses `name`, a crate that this test was built with.
pub(crate) fn rust_with_crate(source: &Path, object: &Path, name: &str) {
    let built = std::env::current_exe().unwrap();
    let folder = built.parent().unwrap();
    let search = OsString::from(format!("dependency={}", folder.display()));
    let is_library = |path: &PathBuf| {
        let file = path.file_name().and_then(|file| file.to_str()).unwrap_or_default();
        file.starts_with(&format!("lib{name}-")) && file.ends_with(".rlib")
    };
    let mut libraries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).filter(is_library).collect();
    // There may be older ones, which other compilers made.
    libraries.sort_by_key(|path| std::cmp::Reverse(fs::metadata(path).unwrap().modified().unwrap()));
    let with = |library: &PathBuf| {
        let found = OsString::from(format!("{name}={}", library.display()));
        vec!["-L".into(), search.clone(), "--extern".into(), found]
    };
    let fine = libraries.iter().find(|library| {
        let output = rustc(source, object, &with(library)).output().unwrap();
        output.status.success()
    });
    match (fine, libraries.first()) {
        (Some(_), _) => {}
        (None, Some(first)) => rust_with(source, object, &with(first)),
        (None, None) => panic!("{name} is not in {}", folder.display()),
    }
}

/// A layout of a file that must be sound.
pub(crate) fn layout(file: &Path, name: &str) -> Arc<Layout> {
    let set = load(file).unwrap_or_else(|report| panic!("{}: {report}", file.display()));
    Arc::clone(set.get(name).flatten().unwrap_or_else(|| panic!("{} has no {name}", file.display())))
}

/// Compares with a golden file, or writes it anew if `UPDATE_EXPECTED` is set.
pub(crate) fn expect(path: &Path, found: &str) {
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(path, found).unwrap();
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert!(expected == found, "{} differs; UPDATE_EXPECTED=1 writes it anew:\n{found}", path.display());
}

/// A file of these tests.
pub(crate) fn file(name: &str) -> PathBuf {
    Path::new("tests/layout").join(name)
}
