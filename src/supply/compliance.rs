//! What rules demand, beside what is reached.

/// A demand of a rule in a region and year.
#[derive(Clone, Debug, PartialEq)]
pub struct Compliance {
    /// Number of the region.
    pub region: usize,
    /// Calendar year.
    pub year: i32,
    /// `efficiency`, `recovery_` or `recycled_content_` and a material, `collection`.
    pub item: String,
    /// Share reached.
    pub share: f64,
    /// Share demanded; 0 where nothing is.
    pub demanded: f64,
    /// Whether it is reached.
    pub met: bool,
}
