//! `iox-bridge layout` as people run it: from a header to a layout file, and from there to source code and a picture.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use bridge_daemon::cli::Exit;

use crate::compilers::run;

fn bridge(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iox-bridge"));
    command.current_dir(directory).arg("layout").args(arguments).env("CXX", "g++").env_remove("IOX_BRIDGE_LOG");
    command
}

fn failed(directory: &Path, arguments: &[&str], exit: Exit) -> String {
    let Output { status, stdout, stderr } = bridge(directory, arguments).output().unwrap();
    assert_eq!(status.code(), Some(exit as i32), "{arguments:?}: {}", String::from_utf8_lossy(&stderr));
    assert!(stdout.is_empty(), "{}", String::from_utf8_lossy(&stdout));
    String::from_utf8(stderr).unwrap()
}

#[test]
fn a_header_becomes_a_layout_and_a_layout_becomes_source_code() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    fs::write(
        here.join("tick.hpp"),
        "#include <cstdint>\nnamespace md { enum class Side : char { Buy = 'B', Sell = 'S' };\n\
         struct Tick { char symbol[PLACES]; double price; Side side; }; }\n",
    )
    .unwrap();
    let import = ["import", "--header", "tick.hpp", "--type", "Tick", "--name", "Tick", "--output", "tick.toml"];
    run(&mut bridge(here, &[&import, ["--", "-DPLACES=12", "-std=c++17"].as_slice()].concat()));
    let toml = fs::read_to_string(here.join("tick.toml")).unwrap();
    let again = "# iox-bridge layout import --header tick.hpp --type Tick --name Tick -- -DPLACES=12 -std=c++17\n";
    assert!(toml.contains(again), "{toml}");
    assert!(toml.contains("values = { Buy = 66, Sell = 83 }"), "{toml}");

    let picture = run(&mut bridge(here, &["show", "--file", "tick.toml"]));
    assert!(picture.starts_with("Tick: 32 bytes, aligned to 8\n"), "{picture}");
    assert!(picture.contains("12     4            -- padding --"), "{picture}");
    let json = run(&mut bridge(here, &["show", "--file", "tick.toml", "--layout", "Tick", "--json"]));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["rows"][1], serde_json::json!({"offset": 12, "size": 4, "type": null, "path": null, "depth": 0}));

    for (language, word) in
        [("cpp", "struct Tick {"), ("c", "} Tick;"), ("rust", "pub struct Tick"), ("python", "class Tick")]
    {
        let code = run(&mut bridge(here, &["emit", "--file", "tick.toml", "--language", language]));
        assert!(code.contains(word), "{code}");
    }
    let plain = run(&mut bridge(here, &["emit", "--file", "tick.toml", "--language", "rust", "--plain"]));
    assert!(!plain.contains("iceoryx2") && !plain.contains("serde"), "{plain}");
}

#[test]
fn failures_have_a_reason_and_an_exit_code() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    fs::write(here.join("bad.hpp"), "struct Bad { struct { const char* text; } name; };\n").unwrap();
    let bad = failed(here, &["import", "--header", "bad.hpp", "--type", "Bad"], Exit::Failure);
    assert!(bad.starts_with("iox-bridge: `Bad.name.text` is a pointer"), "{bad}");
    failed(here, &["import", "--type", "Bad"], Exit::Usage);
    failed(here, &["import", "--header", "bad.hpp", "--binary", "bad.hpp", "--type", "Bad"], Exit::Usage);
    failed(here, &["import", "--binary", "bad.hpp", "--type", "Bad", "--include", "."], Exit::Usage);

    fs::write(here.join("broken.toml"), "[[layout]]\nname = \"A\"\nfields = [{ name = \"a\", type = \"u33\" }]\n")
        .unwrap();
    let broken = failed(here, &["show", "--file", "broken.toml"], Exit::Config);
    assert!(broken.contains("broken.toml:3") && broken.contains("u33"), "{broken}");
    let absent = failed(here, &["emit", "--file", "absent.toml", "--language", "cpp"], Exit::Config);
    assert!(absent.contains("could not be read"), "{absent}");

    fs::write(
        here.join("two.toml"),
        "[[layout]]\nname = \"Tick\"\nfields = [{ name = \"a\", type = \"u32\" }]\n\
        [[layout]]\nname = \"Tock\"\nfields = [{ name = \"a\", type = \"u32\" }]\n",
    )
    .unwrap();
    let which = failed(here, &["show", "--file", "two.toml"], Exit::Failure);
    assert!(which.contains("say which with --layout: Tick, Tock"), "{which}");
    let near = failed(here, &["show", "--file", "two.toml", "--layout", "Tik"], Exit::Failure);
    assert!(near.contains("did you mean `Tick`?"), "{near}");
}
