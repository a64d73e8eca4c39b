//! The bridge as an executable that says it was built with another line of classic than it was: what a machine has where
//! both lines are served. What it says of itself is in `BRIDGE_VERSION` and `BRIDGE_CLASSIC`; in everything else it is the
//! bridge, which must lie beside it, but that its workers do not do what they should where `BRIDGE_WORKER` says so: `hangs`
//! never takes up its plan, `ends=CODE` ends at once.
#![allow(clippy::print_stdout, reason = "this is what the bridge asks for")]

use std::env;
use std::os::unix::process::CommandExt;
use std::process::Command;

fn main() {
    let mut arguments = env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == "version") {
        let said = |name: &str, otherwise: &str| env::var(name).unwrap_or_else(|_| otherwise.to_owned());
        let version = said("BRIDGE_VERSION", env!("CARGO_PKG_VERSION"));
        let classic = said("BRIDGE_CLASSIC", if cfg!(classic_2_95) { "2.0.8" } else { "2.95.8" });
        println!(r#"{{ "iox-bridge": "{version}", "iceoryx": "{classic}", "iceoryx2": ["0.10.0"] }}"#);
        return;
    }
    if env::args_os().nth(1).is_some_and(|first| first == "worker") {
        let asked = env::var("BRIDGE_WORKER").unwrap_or_default();
        if asked == "hangs" {
            loop {
                std::thread::park();
            }
        }
        if let Some(code) = asked.strip_prefix("ends=").and_then(|code| code.parse().ok()) {
            std::process::exit(code);
        }
    }
    let beside = env::current_exe().expect("the running program has a path").with_file_name("iox-bridge");
    let bridge = env::var_os("IOX_BRIDGE_BIN").map_or(beside, Into::into);
    let error = Command::new(&bridge).arg0("iox-bridge").args(env::args_os().skip(1)).exec();
    panic!("{} does not start: {error}", bridge.display());
}
