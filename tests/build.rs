//! Builds the C++ applications with CMake and tells the crate where they are, and which classic they were built with.

use std::error::Error;
use std::fs;

fn main() -> Result<(), Box<dyn Error>> {
    for watched in ["apps", "build.rs"] {
        println!("cargo::rerun-if-changed={watched}");
    }
    for variable in ["CMAKE_PREFIX_PATH", "ICEORYX_EXAMPLES_DIR"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    let mut applications = cmake::Config::new("apps");
    // They stand for applications in production, whatever profile the tests have.
    applications.profile("RelWithDebInfo");
    // Look anew: CMAKE_PREFIX_PATH may have changed, and CMake's cache would not.
    for found in ["iceoryx_*", "IOX_ROUDI"] {
        applications.configure_arg(format!("-U{found}"));
    }
    let installed = applications.build();
    println!("cargo::rustc-env=CLASSIC_APPLICATIONS={}", installed.join("bin").display());

    let file = installed.join("build/classic.txt");
    let classic = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let fact = |name: &str| {
        let found = classic.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        found.ok_or_else(|| format!("{} does not say {name}", file.display()))
    };
    println!("cargo::rustc-env=CLASSIC_ROUDI={}", fact("roudi")?);
    println!("cargo::rustc-env=CLASSIC_RELEASE={}", fact("release")?);
    println!("cargo::rustc-check-cfg=cfg(classic_examples, classic_shared, classic_2_95)");
    if fact("examples")? == "true" {
        println!("cargo::rustc-cfg=classic_examples");
    }
    if fact("shared")? == "true" {
        println!("cargo::rustc-cfg=classic_shared");
    }
    if fact("release")?.starts_with("2.9") {
        println!("cargo::rustc-cfg=classic_2_95");
    }
    Ok(())
}
