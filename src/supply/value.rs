//! The value of a parameter: which rule holds, between its years, at a normal score.

use super::parameter::{Band, Knot, Param, Parameters, Rule, Scale, Scope};

/// Normal score of the P90; the P10 lies as far below.
pub const SCORE_P90: f64 = 1.281_551_565_544_600_4;

impl Scope {
    /// Whether what holds here holds in `asked` too.
    pub fn holds_in(&self, asked: &Scope) -> bool {
        let fits = |own: Option<usize>, asked: Option<usize>| own.is_none() || own == asked;
        fits(self.region, asked.region) && fits(self.chemistry, asked.chemistry) && fits(self.segment, asked.segment)
    }

    /// The more, the narrower: by the number of dimensions named, then segment over chemistry over region.
    fn narrowness(&self) -> usize {
        let named = |dimension: Option<usize>| usize::from(dimension.is_some());
        let (region, chemistry, segment) = (named(self.region), named(self.chemistry), named(self.segment));
        8 * (region + chemistry + segment) + 4 * segment + 2 * chemistry + region
    }
}

impl Rule {
    /// The band of a year: linear between knots, before the first and after the last as there. A rule without knots,
    /// which no checked plan has, holds the least value of its parameter.
    pub fn band(&self, year: i32) -> Band {
        let after = self.knots.partition_point(|knot| knot.year <= year);
        match (after.checked_sub(1).and_then(|k| self.knots.get(k)), self.knots.get(after)) {
            (Some(last), Some(next)) => between(last, next, year),
            (Some(only), None) | (None, Some(only)) => only.band,
            (None, None) => Band::sure(self.param.range()[0]),
        }
    }

    /// The value of a year at normal score `z`.
    pub fn value(&self, year: i32, z: f64) -> f64 {
        self.band(year).at(self.param.scale(), self.param.range(), z)
    }
}

fn between(last: &Knot, next: &Knot, year: i32) -> Band {
    let share = f64::from(year - last.year) / f64::from(next.year - last.year);
    let linear = |from: f64, to: f64| from + (to - from) * share;
    Band {
        value: linear(last.band.value, next.band.value),
        low: linear(last.band.low, next.band.low),
        high: linear(last.band.high, next.band.high),
    }
}

impl Band {
    /// Whether P10 and P90 are apart.
    pub fn is_uncertain(&self) -> bool {
        self.low != self.high
    }

    /// The value at normal score `z`.
    ///
    /// Two pieces, `g(x) = g(P50) + z / z90 (g(P90) - g(P50))` above the median and the same with the P10 below it, `g`
    /// being logit, logarithm or the value itself. A piece that touches an end of its scale, where `g` is infinite, is
    /// drawn plainly. The value is held inside the range of the parameter.
    pub fn at(&self, scale: Scale, range: [f64; 2], z: f64) -> f64 {
        let [least, most] = range;
        let far = if z < 0.0 { self.low } else { self.high };
        if z == 0.0 || far == self.value {
            return self.value.clamp(least, most);
        }
        let steps = z.abs() / SCORE_P90;
        let plain = self.value + steps * (far - self.value);
        let inside = |x: f64| x > 0.0 && (scale != Scale::Share || x < 1.0);
        let bent = inside(self.value) && inside(far);
        let value = match scale {
            Scale::Share if bent => {
                let odds = |x: f64| x / (1.0 - x);
                let odds = odds(self.value) * (odds(far) / odds(self.value)).powf(steps);
                if odds.is_finite() { odds / (1.0 + odds) } else { 1.0 }
            }
            Scale::Positive if bent => self.value * (far / self.value).powf(steps),
            _ => plain,
        };
        value.clamp(least, most)
    }
}

impl Parameters {
    /// Number of the rule that holds for a parameter in a scope; none where no rule does.
    pub fn rule(&self, param: Param, scope: Scope) -> Option<usize> {
        let fits = |rule: &Rule| rule.param == param && rule.scope.holds_in(&scope);
        let fitting = self.rules.iter().enumerate().filter(|(_, rule)| fits(rule));
        // Of equals the last is kept.
        fitting.max_by_key(|(_, rule)| rule.scope.narrowness()).map(|(k, _)| k)
    }

    /// The value of a parameter in a scope and year at normal score `z`; none where no rule holds. Whoever asks often
    /// finds the rule once.
    pub fn value(&self, param: Param, scope: Scope, year: i32, z: f64) -> Option<f64> {
        self.rule(param, scope).map(|k| self.rules[k].value(year, z))
    }

    /// Parameters with any P10 and P90 apart, in the order of [`Param::ALL`].
    pub fn uncertain(&self) -> Vec<Param> {
        let uncertain = |rule: &Rule| rule.knots.iter().any(|knot| knot.band.is_uncertain());
        let any = |param: &Param| self.rules.iter().any(|rule| rule.param == *param && uncertain(rule));
        Param::ALL.iter().copied().filter(any).collect()
    }

    /// Whether any rule tells a parameter.
    pub fn has(&self, param: Param) -> bool {
        self.rules.iter().any(|rule| rule.param == param)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scope(region: Option<usize>, chemistry: Option<usize>, segment: Option<usize>) -> Scope {
        Scope { region, chemistry, segment }
    }

    fn sure(param: Param, scope: Scope, value: f64) -> Rule {
        Rule { param, scope, knots: vec![Knot { year: 2020, band: Band::sure(value) }] }
    }

    #[test]
    fn the_narrowest_rule_wins_and_of_equals_the_later() {
        let p = Param::CollectedShare;
        let parameters = Parameters {
            rules: vec![
                sure(p, scope(Some(0), Some(0), None), 0.5),
                sure(p, scope(None, None, Some(0)), 0.4),
                sure(p, scope(None, Some(0), None), 0.3),
                sure(p, scope(Some(0), None, None), 0.2),
                sure(p, scope(None, None, None), 0.05),
                sure(p, scope(None, None, None), 0.1),
            ],
        };
        for (asked, expected) in [
            (scope(Some(0), Some(0), Some(0)), 0.5),
            (scope(Some(0), Some(1), Some(0)), 0.4),
            (scope(Some(0), None, None), 0.2),
            (scope(Some(1), Some(0), Some(1)), 0.3),
            (scope(Some(1), Some(1), Some(1)), 0.1),
        ] {
            assert_eq!(parameters.value(p, asked, 2030, 0.0), Some(expected));
        }
        assert_eq!(parameters.value(Param::ExportShare, scope(None, None, None), 2030, 0.0), None);
        assert!(parameters.has(p) && !parameters.has(Param::ExportShare) && parameters.uncertain().is_empty());
    }

    #[test]
    fn years_between_knots_are_linear_and_ends_are_held() {
        let knot = |year, value, low, high| Knot { year, band: Band { value, low, high } };
        let knots = vec![knot(2020, 10.0, 8.0, 12.0), knot(2030, 20.0, 16.0, 20.0)];
        let parameters =
            Parameters { rules: vec![Rule { param: Param::WarrantyYears, scope: Scope::default(), knots }] };
        let at = |year, z| parameters.value(Param::WarrantyYears, Scope::default(), year, z).unwrap();
        assert_eq!(
            [at(2000, 0.0), at(2020, 0.0), at(2025, 0.0), at(2030, 0.0), at(2050, 0.0)],
            [10.0, 10.0, 15.0, 20.0, 20.0]
        );
        assert_eq!([at(2025, -SCORE_P90), at(2025, SCORE_P90)], [12.0, 16.0]);
        assert_eq!([at(2030, 3.0), at(2020, 100.0), at(2020, -100.0)], [20.0, 30.0, 0.0]);
        assert_eq!(parameters.uncertain(), [Param::WarrantyYears]);
    }

    #[test]
    fn each_scale_is_drawn_by_its_own_law() {
        // Odds 1 and 3 at the median and the P90: 9 at twice its score; 1/2 of 1/2 on a logarithm.
        let share = Band { value: 0.5, low: 0.5, high: 0.75 };
        assert!((share.at(Scale::Share, [0.0, 1.0], 2.0 * SCORE_P90) - 0.9).abs() < 1e-14);
        assert_eq!(share.at(Scale::Share, [0.0, 1.0], -2.0), 0.5);
        let life = Band { value: 16.0, low: 8.0, high: 20.0 };
        assert!((life.at(Scale::Positive, [0.1, 80.0], -2.0 * SCORE_P90) - 4.0).abs() < 1e-13);
        assert!((life.at(Scale::Plain, [0.1, 80.0], -2.0 * SCORE_P90) - 0.1).abs() < 1e-13);
        assert_eq!(life.at(Scale::Positive, [0.1, 80.0], 100.0), 80.0);
    }

    #[test]
    fn ends_of_a_scale_survive() {
        for (value, low, high) in [(0.0, 0.0, 0.2), (1.0, 0.7, 1.0), (0.5, 0.0, 1.0), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)]
        {
            let band = Band { value, low, high };
            for scale in [Scale::Share, Scale::Positive, Scale::Plain] {
                let at = |z| band.at(scale, [0.0, 1.0], z);
                assert!((at(-SCORE_P90) - low).abs() < 1e-15 && (at(SCORE_P90) - high).abs() < 1e-15);
                assert!([-1e9, -40.0, -3.0, 0.5, 3.0, 40.0, 1e9].iter().all(|z| (0.0..=1.0).contains(&at(*z))));
            }
        }
    }

    proptest! {
        /// Through P10, P50 and P90, rising with the score, inside the range.
        #[test]
        fn values_rise_with_the_score(
            mut three in prop::array::uniform3(0.0..=1.0f64), a in -6.0..6.0f64, b in -6.0..6.0f64,
        ) {
            three.sort_by(f64::total_cmp);
            let band = Band { value: three[1], low: three[0], high: three[2] };
            for scale in [Scale::Share, Scale::Positive, Scale::Plain] {
                let at = |z| band.at(scale, [0.0, 1.0], z);
                prop_assert!(at(a.min(b)) <= at(a.max(b)) + 1e-12);
                prop_assert!((at(-SCORE_P90) - band.low).abs() < 1e-12);
                prop_assert!((at(SCORE_P90) - band.high).abs() < 1e-12);
                prop_assert_eq!(at(0.0), band.value);
            }
        }
    }
}
