//! Builds the C++ applications with CMake and tells the crate where they are.

fn main() {
    for watched in ["apps", "build.rs"] {
        println!("cargo::rerun-if-changed={watched}");
    }
    for variable in ["CMAKE_PREFIX_PATH", "ICEORYX_EXAMPLES_DIR"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    let mut applications = cmake::Config::new("apps");
    // They stand for applications in production, whatever profile the tests have.
    applications.profile("RelWithDebInfo");
    if let Ok(folder) = std::env::var("ICEORYX_EXAMPLES_DIR") {
        applications.define("ICEORYX_EXAMPLES_DIR", folder);
    }
    let installed = applications.build();
    println!("cargo::rustc-env=CLASSIC_APPLICATIONS={}", installed.join("bin").display());
}
