//! Which known word was probably meant.

/// Edits (insert, delete, replace, swap neighbours) that turn one word into another.
pub fn edit_distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replace = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replace.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// The candidates nearest to `word`, best first, at most `count`; none that is not alike.
///
/// Alike: a third of the letters edited at most, or one word contains the other.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>, count: usize) -> Vec<String> {
    let lower = word.to_lowercase();
    let mut alike: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|c| {
            let distance = edit_distance(&lower, &c.to_lowercase());
            let allowed = (lower.chars().count().max(c.chars().count()) / 3).max(1);
            let contains = lower.len() >= 3 && (c.contains(&lower) || (c.len() >= 3 && lower.contains(c)));
            (distance <= allowed || contains).then_some((distance, c))
        })
        .collect();
    alike.sort();
    // Beside a near miss, what is only distantly alike would mislead.
    let best = alike.first().map_or(0, |(distance, _)| *distance);
    alike.retain(|(distance, _)| *distance <= best + 2);
    alike.into_iter().take(count).map(|(_, c)| c.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        assert_eq!(edit_distance("", ""), 0);
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("vehicle", "vehicle"), 0);
        assert_eq!(edit_distance("vehicle", "vehilce"), 1, "a swap is one edit");
        assert_eq!(edit_distance("délhi", "delhi"), 1, "letters, not bytes");
    }

    #[test]
    fn nearest_keeps_only_what_is_alike() {
        let names = ["vehicle", "climate", "use", "aging", "years_max"];
        assert_eq!(nearest("vehicel", names, 3), ["vehicle"]);
        assert_eq!(nearest("year_max", names, 3), ["years_max"]);
        assert_eq!(nearest("Climate", names, 3), ["climate"]);
        assert!(nearest("zzzzzz", names, 3).is_empty());
        assert_eq!(nearest("delhi", ["delhi_ncr", "oslo"], 3), ["delhi_ncr"]);
    }
}
