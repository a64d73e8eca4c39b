//! Which release of iceoryx2 made a service.

use std::fs;

/// Says it in words, as far as the file with the service's description tells: each release has words of its own in it.
pub(super) fn made_by(static_file: &str) -> String {
    let content = fs::read(static_file).unwrap_or_default();
    let content = String::from_utf8_lossy(&content);
    let has = |key: &str| content.lines().any(|line| line.trim_start().starts_with(key));
    let release = if has("[iceoryx2_version]") {
        exact(&content).unwrap_or_else(|| "0.10".into())
    } else if has("service_hash") {
        "0.9".into()
    } else if has("service_id") {
        "0.7 or 0.8".into()
    } else {
        return "another release of iceoryx2".into();
    };
    format!("iceoryx2 {release}")
}

/// Since 0.10 the file says the whole release.
fn exact(content: &str) -> Option<String> {
    let version = toml::from_str::<toml::Table>(content).ok()?.get("iceoryx2_version")?.clone();
    let part = |key: &str| version.get(key)?.as_integer();
    Some(format!("{}.{}.{}", part("major")?, part("minor")?, part("patch")?))
}
