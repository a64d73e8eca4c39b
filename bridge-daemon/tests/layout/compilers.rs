//! The compilers of this machine, and a directory for what they make.

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

/// An object of a Rust source, with debug information.
pub(crate) fn rust(source: &Path, object: &Path) {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let flags = ["--edition=2021", "--crate-name=app", "--crate-type=lib", "--emit=obj", "-g", "-Dwarnings"];
    run(Command::new(rustc).args(flags).arg(source).arg("-o").arg(object));
}

/// A layout of a file that must be sound.
pub(crate) fn layout(file: &Path, name: &str) -> Arc<Layout> {
    let set = load(file).unwrap_or_else(|report| panic!("{}: {report}", file.display()));
    Arc::clone(set.get(name).flatten().unwrap_or_else(|| panic!("{} has no {name}", file.display())))
}

/// Compares with a golden file, or writes it anew if `UPDATE_EXPECTED` is set.
pub(crate) fn expect(path: &Path, found: &str) {
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(path, found).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert!(expected == found, "{} differs; UPDATE_EXPECTED=1 writes it anew:\n{found}", path.display());
}

/// A file of these tests.
pub(crate) fn file(name: &str) -> PathBuf {
    Path::new("tests/layout").join(name)
}
