//! Passes on what the executable needs to find an iceoryx outside the system's own folders: cargo gives link arguments
//! of a dependency to nobody else.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if let Ok(argument) = std::env::var("DEP_IOX_BRIDGE_SHIM_LINK_ARG") {
        println!("cargo:rustc-link-arg={argument}");
    }
}
