//! Configurations that are wrong, and what `iox-bridge check` says about each: `check/*.toml` with `check/*.expected`.
//! `UPDATE_EXPECTED=1 cargo test --test check` writes the latter anew; read the difference before you keep it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use bridge_daemon::cli::check::check;
use bridge_daemon::cli::{Exit, Look};
use bridge_daemon::config::load;
use bridge_daemon::endpoint::SERVED;

const LOOK: Look = Look { width: 120, color: false };

/// The exit code, standard output and standard error of a check.
fn checked(path: &Path, json: bool) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = check(path, json, (&mut out, LOOK), (&mut err, LOOK));
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

fn cases() -> Vec<PathBuf> {
    let files = fs::read_dir("tests/check").unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<_> = files.filter(|path| path.extension().is_some_and(|ending| ending == "toml")).collect();
    cases.sort();
    assert!(cases.len() > 15, "the cases are gone");
    cases
}

#[test]
fn every_case_is_told_as_expected() {
    let update = std::env::var_os("UPDATE_EXPECTED").is_some();
    let mut wrong = Vec::new();
    for case in cases() {
        let (code, out, err) = checked(&case, false);
        let said = format!("{err}{out}exit code {code}\n");
        let expected = case.with_extension("expected");
        if update {
            fs::write(&expected, &said).unwrap();
        } else if fs::read_to_string(&expected).ok().as_deref() != Some(&said) {
            wrong.push(format!("{}:\n{said}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "not as expected:\n\n{}", wrong.join("\n"));
}

#[test]
fn only_the_cases_named_fine_are_fine() {
    for case in cases() {
        let fine = case.file_stem().unwrap().to_str().unwrap().starts_with("fine");
        assert_eq!(checked(&case, false).0, if fine { 0 } else { Exit::Config as u8 }, "{}", case.display());
    }
}

#[test]
fn the_json_names_the_same_places() {
    for case in cases() {
        let (code, out, err) = checked(&case, true);
        assert_eq!(err, "");
        let document: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(document["valid"], code == 0);
        let report = load(&case, SERVED).map_or_else(|report| report, |config| config.warnings);
        let findings = document["findings"].as_array().unwrap();
        assert_eq!(findings.len(), report.findings().len());
        for (json, finding) in findings.iter().zip(report.findings()) {
            let place = finding.position();
            assert_eq!(json["file"], place.file.as_str());
            assert_eq!(
                (json["line"].as_u64(), json["column"].as_u64()),
                (Some(place.line as u64), Some(place.column as u64))
            );
            assert_eq!(json["severity"], if finding.is_error() { "error" } else { "warning" });
        }
    }
}

#[test]
fn errors_are_in_the_order_of_the_file() {
    let report = load(Path::new("tests/check/many.toml"), SERVED).unwrap_err();
    let places: Vec<_> = report.findings().iter().map(|finding| finding.position()).collect();
    let mut sorted = places.clone();
    sorted.sort_by_key(|place| (place.file.contains("layouts"), place.line, place.column));
    assert_eq!(places, sorted);
    assert!(places.len() > 20, "{places:?}");
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let directory = tempfile::tempdir().unwrap();
    let told = |name: &str, bytes: &[u8]| {
        let path = directory.path().join(name);
        fs::write(&path, bytes).unwrap();
        let (code, _, err) = checked(&path, false);
        assert_eq!(code, Exit::Config as u8);
        err
    };
    assert!(told("latin1.toml", b"version = 1\n# fran\xE7ais\n").contains("line 2, column 7 holds a byte"));
    assert!(told("huge.toml", &vec![b'\n'; (16 << 20) + 1]).contains("larger than 16 MiB"));
    assert!(told("empty.toml", b"").contains("the key `version` is missing"));
    let (code, _, err) = checked(&directory.path().join("absent.toml"), false);
    assert_eq!(code, Exit::Config as u8);
    assert!(err.contains("No such file or directory"), "{err}");
    let path = directory.path().join(std::ffi::OsStr::from_bytes(b"caf\xE9.toml"));
    fs::write(&path, "version = 1\n").unwrap();
    assert!(checked(&path, false).2.contains("is not UTF-8 text"));
    let (_, _, err) = checked(directory.path(), false);
    assert!(err.contains("Is a directory"), "{err}");
    assert!(told("utf16.toml", b"\xff\xfev\0e\0").contains("it is UTF-16 text; save it as UTF-8"));
    for shells in ["~/layouts.toml", "$HOME/layouts.toml", "~user"] {
        let text = format!("version = 1\n[bridge]\nlayouts = [\"{shells}\"]\n");
        assert!(
            told("shell.toml", text.as_bytes()).contains("nothing puts a folder in the place of `~` or `$...` here")
        );
    }
    // Nobody writes to it, so whoever opened it would wait for ever.
    let pipe = directory.path().join("pipe.toml");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();
    assert!(checked(&pipe, false).2.contains("it is a pipe, not a file"));
}

#[test]
fn a_hostile_file_does_not_reach_the_terminal() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("hostile.toml");
    // As bytes, which is a TOML error and shown; as an escape, which is fine TOML and an unknown key.
    fs::write(&path, "version = 1\n\u{1b}[2J = 1\n[bridge]\n\"\\u001b[2J\\u202e\" = 1\nx\u{9b}2J = 3\n").unwrap();
    let (_, _, err) = checked(&path, false);
    assert!(!err.contains(|c: char| c.is_control() && c != '\n'), "{err:?}");
    assert!(!err.contains('\u{202e}'), "{err:?}");
}

#[test]
fn lines_too_long_to_show_are_told_by_place() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("long.toml");
    fs::write(&path, format!("version = 1\nbridge = {{ name = \"{}\", nmae = 1 }}\n", "x".repeat(1 << 20))).unwrap();
    let (_, _, err) = checked(&path, false);
    assert!(err.len() < 1000, "{} bytes", err.len());
    assert!(err.contains("long.toml:2:19: the bridge's name is 1048576 bytes long"), "{err}");
    assert!(err.contains("unknown key `nmae`"), "{err}");
}

#[test]
fn what_is_shipped_is_fine() {
    let (code, out, err) = checked(Path::new("../config/iox-bridge.toml"), false);
    assert_eq!((code, err.as_str()), (0, ""));
    for route in [
        "ticks",
        "quotes",
        "ticks-json",
        "objects",
        "objects/back",
        "blocks",
        "market-data",
        "market-data/back",
        "block-ticks",
        "ticks-to-blocks",
        "quant-ticks",
        "ticks-to-quant",
    ] {
        assert!(out.contains(route), "{out}");
    }
}
