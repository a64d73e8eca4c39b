//! Generates the bridge with cxx, lets CMake compile it together with our C++, and tells cargo what to link.
//!
//! An iceoryx outside the system's folders must be found by the loader, too. cargo does not hand link arguments on, so
//! dependents with executables repeat `DEP_IOX_BRIDGE_SHIM_LINK_ARG` (absent when not needed) in their build scripts, as
//! `cargo:rustc-link-arg`. `DEP_IOX_BRIDGE_SHIM_RELEASE` is the release of iceoryx that the shim is built with.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// The Rust files that hold a bridge; each has a header and a source of the same name.
const CONCEPTS: [&str; 8] =
    ["condition", "errors", "handshake", "managed_roudi", "platform", "publisher", "runtime", "subscriber"];

fn main() -> Result<(), Box<dyn Error>> {
    for watched in ["src", "include", "CMakeLists.txt", "../CMakeLists.txt"] {
        println!("cargo:rerun-if-changed={watched}");
    }
    println!("cargo:rerun-if-env-changed=CMAKE_PREFIX_PATH");
    println!("cargo:rerun-if-env-changed=CXXFLAGS");

    // Only the generated text is wanted here; CMake compiles it, in the same archive as the C++ it calls.
    let _generated = cxx_build::bridges(CONCEPTS.map(|concept| format!("src/{concept}.rs")));
    let generated = PathBuf::from(std::env::var("OUT_DIR")?).join("cxxbridge");

    let installed = cmake::Config::new("..")
        .define("IOX_BRIDGE_CXXBRIDGE_DIR", &generated)
        // Look for iceoryx anew: CMAKE_PREFIX_PATH may have changed, and CMake's cache would not.
        .configure_arg("-Uiceoryx_*")
        .configure_arg("-UIOX_ROUDI")
        // The crate's own choice holds -w, against which no warning of ours would count.
        .define("CMAKE_CXX_FLAGS", std::env::var("CXXFLAGS").unwrap_or_default())
        // Optimised in every profile: without it classic's inline code alone would double the cost of a sample.
        .profile("RelWithDebInfo")
        .build();
    println!("cargo:rustc-link-search=native={}", installed.join("lib").display());
    println!("cargo:rustc-link-lib=static=iox_bridge_shim");
    let build = installed.join("build");
    let one = |file: &str| Ok::<_, Box<dyn Error>>(lines(&build.join(file))?.pop().unwrap_or_default());
    println!("cargo:rustc-env=IOX_ROUDI={}", one("roudi.txt")?);
    let release = one("release.txt")?;
    println!("cargo:release={release}");
    // Only the tests ask: where files are called otherwise, and whether a process shows what it is linked with.
    println!("cargo:rustc-check-cfg=cfg(classic_2_95, classic_shared)");
    if release.starts_with("2.9") {
        println!("cargo:rustc-cfg=classic_2_95");
    }
    if lines(&build.join("link-libraries.txt"))?.iter().any(|line| line.starts_with("shared ")) {
        println!("cargo:rustc-cfg=classic_shared");
    }
    link_iceoryx(&build)
}

/// Links the libraries that CMake found, shared ones or static ones. An rpath only for a shared one that the loader would
/// not find by itself.
fn link_iceoryx(build: &Path) -> Result<(), Box<dyn Error>> {
    let system: BTreeSet<PathBuf> =
        lines(&build.join("system-folders.txt"))?.into_iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
    let mut elsewhere = BTreeSet::new();
    for line in lines(&build.join("link-libraries.txt"))? {
        let (kind, library) = line.split_once(' ').ok_or_else(|| format!("CMake wrote {line:?}"))?;
        if kind == "system" {
            println!("cargo:rustc-link-lib=dylib={library}");
            continue;
        }
        let library = Path::new(library);
        let name = library.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.strip_prefix("lib"));
        let (Some(name), Some(folder)) = (name, library.parent()) else {
            return Err(format!("CMake listed {}, which is not a library", library.display()).into());
        };
        let name = name.split(".so").next().unwrap_or(name);
        let folder = fs::canonicalize(folder)?;
        if !system.contains(&folder) {
            println!("cargo:rustc-link-search=native={}", folder.display());
        }
        if kind == "static" {
            println!("cargo:rustc-link-lib=static={name}");
            println!("cargo:rerun-if-changed={}", library.display());
            continue;
        }
        println!("cargo:rustc-link-lib=dylib={name}");
        if !system.contains(&folder) {
            elsewhere.insert(folder.display().to_string());
        }
    }
    if !elsewhere.is_empty() {
        let folders = elsewhere.into_iter().collect::<Vec<_>>().join(":");
        // The old kind of rpath holds for what the libraries need themselves, too.
        let argument = format!("-Wl,--disable-new-dtags,-rpath,{folders}");
        println!("cargo:rustc-link-arg={argument}");
        println!("cargo:link_arg={argument}");
    }
    Ok(())
}

/// The lines of a file that CMake wrote, without empty ones.
fn lines(file: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
}
