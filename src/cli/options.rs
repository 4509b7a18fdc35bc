//! Options of `packlife run` that are not for every scenario.

use super::CliError;
use super::args::RunArgs;
use crate::report::OUTSIDE_WARNING;

/// What a scenario is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Whole lives of packs.
    Lives,
    /// A sizing study.
    Sizing,
    /// A projection of supply; whether its lives are those of simulated packs.
    Supply { simulated: bool },
}

/// Refuses options that would do nothing.
pub(super) fn check(args: &RunArgs, kind: Kind) -> Result<(), CliError> {
    let lives = kind == Kind::Lives;
    let supply = matches!(kind, Kind::Supply { .. });
    let idle = [
        ("--records", args.records && !lives, "whole lives of packs"),
        ("--paths", args.paths.is_some() && kind != Kind::Sizing, "sizing studies"),
        ("--draws", args.draws.is_some() && !supply, "projections of supply"),
        ("--packs", args.packs.is_some() && kind == Kind::Supply { simulated: false }, "scenarios that simulate packs"),
    ];
    match idle.into_iter().find(|(_, found, _)| *found) {
        Some((option, _, of)) => Err(CliError::IdleOption { option, of }),
        None => Ok(()),
    }
}

/// Refuses a study that spent more than a hundredth of its time or throughput where its law was not fitted.
pub(super) fn in_range(shares: &[(String, Option<f64>)]) -> Result<(), CliError> {
    let told = |(what, share): &(String, Option<f64>)| {
        share.filter(|x| *x > OUTSIDE_WARNING).map(|x| format!("{:.1} % {what}", 100.0 * x))
    };
    let worst: Vec<String> = shares.iter().filter_map(told).collect();
    if worst.is_empty() { Ok(()) } else { Err(CliError::OutOfRange(worst.join(", "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_above_a_hundredth_are_refused() {
        let of = |share| in_range(&[("of the time of fleet cars".into(), share), ("of the rest".into(), Some(0.002))]);
        assert!(of(None).is_ok() && of(Some(0.01)).is_ok());
        let told = of(Some(0.034)).unwrap_err().to_string();
        assert!(told.contains("3.4 % of the time of fleet cars; the results were written"), "{told}");
        assert!(!told.contains("of the rest"));
    }
}
