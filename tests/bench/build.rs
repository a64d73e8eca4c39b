//! Passes on what the executable needs to find an iceoryx outside the system's own folders: cargo gives link arguments
//! of a dependency to nobody else.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // Where the workspace is built as a whole, several releases of iceoryx2 may come into one executable; see
    // bridge-daemon/build.rs.
    println!("cargo:rustc-link-arg=-Wl,--allow-multiple-definition");
    if let Ok(argument) = std::env::var("DEP_IOX_BRIDGE_SHIM_LINK_ARG") {
        println!("cargo:rustc-link-arg={argument}");
    }
}
