//! Sun and cloud inside an hour: how an array's yield moves about the mean of its hour.

use rand::{Rng, RngExt};

/// Yield behind a cloud over that of a clear sky (assumed).
const CLOUD_SHARE: f64 = 0.25;
/// Mean time that a spell of sun and one of cloud last together, at half and half \[min\] (assumed).
const SPELL_MIN: f64 = 10.0;
/// Share of a clear sky from which an hour is steady, and below which it is overcast.
const STEADY: [f64; 2] = [CLOUD_SHARE, 1.0];

/// Two states, sun and cloud, that follow one another as a Markov chain through the parts of an hour and on into the next.
///
/// With `f` the share of clear time, sun turns to cloud at a rate of `2 (1 - f) / S` and cloud to sun at `2 f / S`, `S` the
/// spell; so the chain forgets as `exp(-2 t / S)` and is clear for `f` of the time. The rates, `S` and the yield behind a
/// cloud are assumed: they are the order of minutes that cumulus over one array takes, and nothing is fitted.
#[derive(Clone, Copy, Debug, Default)]
pub struct MinuteSun {
    /// Whether the last part was clear; none before the first hour.
    clear: Option<bool>,
}

impl MinuteSun {
    /// Fills `out` with the yield of each part of an hour over the mean of the hour: none negative, mean 1.
    ///
    /// * `clear_share` - yield of the hour over that under a clear sky (see [`super::clear_sky_year`]), or the like
    ///   ratio of irradiance; at 1 and above, and at 0.25 and below, the hour is steady and all factors are 1
    /// * `out` - parts of the hour in order: 4 of a quarter, 60 of a minute, any number
    ///
    /// A part is clear for `f = (c - 0.25) / 0.75` of the time, `c` the clear share; its yield is 1 or 0.25 of a clear
    /// sky's, scaled so that the hour's mean is kept to rounding. Parts longer than a few minutes are means over the
    /// chain's own steps of at most one minute, so quarters vary less than minutes.
    ///
    /// A draw a minute is taken from `rng` in each hour that is not steady, and none in others.
    pub fn minute_factors(&mut self, clear_share: f64, out: &mut [f64], rng: &mut impl Rng) {
        out.fill(1.0);
        let [overcast, clear] = STEADY;
        // Of a share that is no number nothing can be said either.
        if out.is_empty() || !(clear_share > overcast && clear_share < clear) {
            self.clear = Some(clear_share >= clear);
            return;
        }
        let share = (clear_share - CLOUD_SHARE) / (1.0 - CLOUD_SHARE);
        let steps = 60_usize.div_ceil(out.len());
        let step_min = 60.0 / (out.len() * steps) as f64;
        // Exact over a step of the chain in continuous time.
        let forgotten = 1.0 - (-2.0 * step_min / SPELL_MIN).exp();
        let mut clear = match self.clear {
            Some(clear) => clear,
            None => rng.random::<f64>() < share,
        };
        for part in out.iter_mut() {
            let mut sum = 0.0;
            for _ in 0..steps {
                let stays_or_turns = rng.random::<f64>();
                clear = if clear {
                    stays_or_turns >= forgotten * (1.0 - share)
                } else {
                    stays_or_turns < forgotten * share
                };
                sum += if clear { 1.0 } else { CLOUD_SHARE };
            }
            *part = sum;
        }
        self.clear = Some(clear);
        let mean = out.iter().sum::<f64>() / out.len() as f64;
        out.iter_mut().for_each(|part| *part /= mean);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::ChaCha8Rng;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_mean_of_an_hour_is_kept(share in -0.5f64..1.5, parts in 1usize..121, seed in 0u64..1000) {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let (mut sun, mut out) = (MinuteSun::default(), vec![0.0; parts]);
            for _ in 0..5 {
                sun.minute_factors(share, &mut out, &mut rng);
                prop_assert!((out.iter().sum::<f64>() / parts as f64 - 1.0).abs() < 1e-12);
                prop_assert!(out.iter().all(|x| (0.2..4.0001).contains(x)));
            }
        }
    }

    #[test]
    fn steady_hours_draw_nothing() {
        let (mut sun, mut out) = (MinuteSun::default(), [0.0; 60]);
        for share in [0.0, 0.25, 1.0, 1.3, f64::NAN] {
            let mut rng = ChaCha8Rng::seed_from_u64(1);
            sun.minute_factors(share, &mut out, &mut rng);
            assert_eq!(out, [1.0; 60]);
            assert_eq!(rng.random::<u64>(), ChaCha8Rng::seed_from_u64(1).random::<u64>());
        }
    }

    #[test]
    fn spells_last_minutes_and_take_their_share() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let (mut sun, mut out) = (MinuteSun::default(), [0.0; 60]);
        let (mut clear, mut turns) = (0, 0);
        let hours = 4000;
        for _ in 0..hours {
            sun.minute_factors(0.625, &mut out, &mut rng);
            let bright: Vec<bool> = out.iter().map(|x| *x > 1.0).collect();
            clear += bright.iter().filter(|b| **b).count();
            turns += bright.windows(2).filter(|w| w[0] != w[1]).count();
        }
        let share = clear as f64 / f64::from(hours * 60);
        assert!((share - 0.5).abs() < 0.03, "{share}");
        // Each minute forgets 1 - exp(-0.2) and half of what is forgotten turns.
        let expected = 0.5 * (1.0 - (-0.2_f64).exp());
        let rate = turns as f64 / f64::from(hours * 59);
        assert!((rate / expected - 1.0).abs() < 0.05, "{rate} for {expected}");
    }

    #[test]
    fn quarters_vary_less_than_minutes() {
        let spread = |parts: usize| {
            let mut rng = ChaCha8Rng::seed_from_u64(5);
            let (mut sun, mut out) = (MinuteSun::default(), vec![0.0; parts]);
            let squares = (0..2000).map(|_| {
                sun.minute_factors(0.6, &mut out, &mut rng);
                out.iter().map(|x| (x - 1.0).powi(2)).sum::<f64>() / parts as f64
            });
            (squares.sum::<f64>() / 2000.0).sqrt()
        };
        let (minutes, quarters) = (spread(60), spread(4));
        assert!(quarters < 0.8 * minutes && quarters > 0.1, "{minutes} {quarters}");
    }
}
