//! `iox-bridge layout` as people run it: from a header to a layout file, and from there to source code and a picture.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

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

const TIME: &str = "[[layout]]\nname = \"T\"\nfields = [{ name = \"t\", type = \"i64\", timestamp = \"ms\" }]\n";

/// As the package msgpack of Python writes `{"t": datetime(2026, 11, 27, 16, 35, 27, 500000, timezone.utc)}`.
const PACKED_TIME: &[u8] = b"\x81\xa1t\xd7\xff\x77\x35\x94\x00\x6b\x09\xb1\x4f";

const ORDERS: &str = "[[layout]]\nname = \"Leg\"\nfields = [{ name = \"ratio\", type = \"f32\" }, { name = \"live\", type = \"bool\" }]\n\
    [[layout]]\nname = \"Order\"\nsize = 32\nfields = [{ name = \"id\", type = \"u32\" }, { name = \"symbol\", type = \"char[8]\" },\n\
    { name = \"legs\", type = \"Leg[2]\" }, { name = \"side\", type = \"u8\" }]\n";

/// What the command writes for this on its standard input, with its exit code and its words.
fn fed(directory: &Path, arguments: &[&str], input: &[u8]) -> (Option<i32>, Vec<u8>, String) {
    let mut child = bridge(directory, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    (status.code(), stdout, String::from_utf8(stderr).unwrap())
}

#[test]
fn a_layout_is_tried_with_samples() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    fs::write(here.join("orders.toml"), ORDERS).unwrap();
    let which = ["--file", "orders.toml", "--layout", "Order"];
    let json = "{\"id\":7,\"symbol\":\"AAPL\",\"legs\":[{\"ratio\":0.5,\"live\":true},{\"ratio\":-1.0,\"live\":false}],\"side\":1}";
    let with = |arguments: &[&'static str]| [arguments, &which].concat();

    let (code, sample, told) = fed(here, &with(&["encode"]), json.as_bytes());
    assert_eq!((code, sample.len(), told.as_str()), (Some(0), 32, ""));
    assert_eq!(sample[..12], *b"\x07\0\0\0AAPL\0\0\0\0");
    assert_eq!(fed(here, &with(&["decode"]), &sample), (Some(0), format!("{json}\n").into_bytes(), String::new()));
    for arguments in [&["encode", "--to", "msgpack"][..], &["encode", "--to", "msgpack", "--array"]] {
        let (_, packed, _) = fed(here, &with(arguments), json.as_bytes());
        let (code, again, told) = fed(here, &with(&["decode", "--from", "msgpack"]), &packed);
        assert_eq!((code, String::from_utf8_lossy(&again).trim_end(), told.as_str()), (Some(0), json, ""));
    }
    // Points in time, in the two ways that formats have.
    fs::write(here.join("time.toml"), TIME).unwrap();
    let text = "{\"t\":\"2026-11-27T16:35:27.5Z\"}";
    let of_time = |arguments: &[&'static str]| [arguments, &["--timestamps", "--file", "time.toml"]].concat();
    let (code, packed, told) = fed(here, &of_time(&["encode", "--to", "msgpack"]), text.as_bytes());
    assert_eq!((code, packed.as_slice(), told.as_str()), (Some(0), PACKED_TIME, ""));
    let (code, again, told) = fed(here, &of_time(&["decode", "--from", "msgpack"]), &packed);
    assert_eq!((code, String::from_utf8_lossy(&again).trim_end(), told.as_str()), (Some(0), text, ""));
    // From a file to a file, and what is not in the layout.
    fs::write(here.join("order.json"), json.replace("\"id\":7,", "\"idd\":7,")).unwrap();
    let lenient = ["encode", "--ignore-unknown", "--zero-missing", "--output", "order.bin"];
    run(&mut bridge(here, &[&with(&lenient)[..], &["order.json"]].concat()));
    assert_eq!(fs::read(here.join("order.bin")).unwrap()[..12], *b"\0\0\0\0AAPL\0\0\0\0");

    let mut torn = sample.clone();
    torn[24] = 2;
    let message = |reason: &str| format!("iox-bridge: a stream would reject this sample as {reason}");
    for (arguments, input, expected) in [
        (with(&["decode"]), torn, "out_of_range, in `legs[1].live`: a value does not fit"),
        (with(&["decode"]), sample[1..].to_vec(), "size_mismatch: the sample's size is not that of the layout"),
        (
            with(&["encode"]),
            json.replace("true", "1").into_bytes(),
            "wrong_type, in `legs[0].live`, at byte 52 of the document: a value",
        ),
        (
            with(&["encode"]),
            json.replace("side", "sode").into_bytes(),
            "unknown_field, at byte 87 of the document: the document",
        ),
        (with(&["encode"]), b"{}".to_vec(), "missing_field, in `id`, at byte 2 of the document: a field"),
        (
            with(&["decode", "--from", "msgpack"]),
            b"\x84\xa2id\xa1x".to_vec(),
            "wrong_type, in `id`, at byte 4 of the document: a value",
        ),
    ] {
        let (code, out, told) = fed(here, &arguments, &input);
        assert_eq!((code, out.as_slice()), (Some(Exit::Failure as i32), &b""[..]));
        assert!(told.starts_with(&message(expected)), "{told}");
    }
    let (_, _, told) = fed(here, &with(&["decode"]), &sample[1..]);
    assert!(told.ends_with("The sample has 31 bytes, and the struct 32.\n"), "{told}");
    assert!(
        failed(here, &[&with(&["decode"])[..], &["absent"]].concat(), Exit::Failure)
            .contains("absent could not be read")
    );
}
