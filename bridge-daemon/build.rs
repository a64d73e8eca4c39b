//! Passes on what the executable needs to find an iceoryx outside the system's own folders: cargo gives link arguments
//! of a dependency to nobody else.

fn main() {
    // Until 0.8 and since 0.9, iceoryx2 names the function that chooses a logger alike, of one type. The bridge sets the
    // logger of each release before it is asked (endpoint/iceoryx2/release/log.rs).
    println!("cargo:rustc-link-arg=-Wl,--allow-multiple-definition");
    println!("cargo:rerun-if-changed=build.rs");
    if let Ok(argument) = std::env::var("DEP_IOX_BRIDGE_SHIM_LINK_ARG") {
        println!("cargo:rustc-link-arg={argument}");
    }
}
