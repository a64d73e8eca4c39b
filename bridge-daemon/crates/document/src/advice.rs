//! "Did you mean": the known word nearest to the one that was written.

/// Candidates that are looked at: comparing takes its time, and errors can be many.
const MAX_CANDIDATES: usize = 1000;

/// The candidate that is most likely meant by `written`, if any is near enough to be worth saying.
pub fn did_you_mean<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A word of megabytes is nobody's typing error, and comparing it would cost its square.
    if written.len() > 300 {
        return None;
    }
    candidates
        .into_iter()
        .take(MAX_CANDIDATES)
        .filter(|candidate| candidate.len() <= 300)
        .map(|candidate| (similarity(written, candidate), candidate))
        .filter(|(similarity, _)| *similarity > 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

fn similarity(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(&a.to_lowercase(), &b.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn the_nearest_word_is_offered() {
        let keys = ["service", "instance", "event", "format", "layout", "queue"];
        assert_eq!(did_you_mean("layuot", keys), Some("layout"));
        assert_eq!(did_you_mean("Service", keys), Some("service"));
        assert_eq!(did_you_mean("zzz", keys), None);
    }
}
