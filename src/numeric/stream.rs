//! Random numbers keyed by (seed, pack, purpose).
//!
//! Each purpose of each pack has a stream of its own, so a new purpose never shifts the numbers of another, and a
//! pack gets the same life in any thread, order or subset of a study.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng};
use rand_distr::StandardNormal;

/// What a stream is for. The numbers are part of the results: append, never renumber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// Differences between modules when new, and their rates of aging.
    ModuleSpread = 0,
    /// The owner: distances, charging.
    Usage = 1,
    /// Which weather years the pack meets in the vehicle.
    Weather = 2,
    /// When and how it leaves the vehicle.
    Exit = 3,
    /// Incoming gate.
    Gate = 4,
    /// Test errors.
    Test = 5,
    /// Which weather years a system meets.
    SystemWeather = 6,
    /// Load of a system.
    Load = 7,
    /// Synthetic weather years shared by a study; the "pack" is the number of the year.
    WeatherYear = 8,
    /// Which set of an aging law's numbers a pack ages by.
    ParameterSet = 9,
    /// What is measured and believed of modules bought used.
    UsedModules = 10,
    /// Modules bought for the service of a system.
    ServiceModules = 11,
    /// Where the owner can charge, and charges made out of habit.
    ChargingPlaces = 12,
    /// Errors of the tests that the modules of a pack share.
    TestShared = 14,
    /// Cells lost when modules are opened.
    Harvest = 15,
    /// The future of metal prices that a pack meets.
    MetalPrices = 16,
    /// Outages of the grid at a system.
    Outages = 17,
    /// What a load does inside the hours that `Load` gives.
    LoadMinutes = 18,
    /// Sun and cloud inside the hours.
    MinuteSun = 19,
    /// Which modules of the pool a path of a sizing study gets.
    SizingModules = 20,
    /// Scores of the uncertain parameters of a projection of supply; the "pack" is the number of the draw.
    SupplyDraw = 21,
}

/// A standard normal draw, cut at three standard deviations: what lies beyond is sorted out when built or sold.
pub fn cut_normal(rng: &mut impl Rng) -> f64 {
    rng.sample::<f64, _>(StandardNormal).clamp(-3.0, 3.0)
}

/// The stream for another purpose of the same pack and index as a stream of [`Streams`].
pub fn sibling(stream: &ChaCha8Rng, purpose: Purpose) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::from_seed(stream.get_seed());
    rng.set_stream((stream.get_stream() & !0xff) | purpose as u64);
    rng
}

/// Streams of one pack.
#[derive(Clone, Debug)]
pub struct Streams {
    key: [u8; 32],
    pack: u64,
}

impl Streams {
    /// Streams of pack `pack` in a study with this seed.
    pub fn new(seed: u64, pack: u64) -> Self {
        let mut key = [0; 32];
        ChaCha8Rng::seed_from_u64(seed).fill_bytes(&mut key);
        Streams { key, pack }
    }

    /// The stream for a purpose.
    pub fn stream(&self, purpose: Purpose) -> ChaCha8Rng {
        self.indexed(purpose, 0)
    }

    /// The stream for a purpose that a pack has several of, such as the load of its third system.
    pub fn indexed(&self, purpose: Purpose, index: u16) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::from_seed(self.key);
        rng.set_stream((self.pack << 24) | (u64::from(index) << 8) | purpose as u64);
        rng
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;

    #[test]
    fn a_sibling_is_the_stream_of_the_other_purpose() {
        let streams = Streams::new(1, 7);
        let mut load = streams.indexed(Purpose::Load, 3);
        load.random::<u64>();
        let draws = |mut rng: ChaCha8Rng| [rng.random::<u64>(), rng.random::<u64>()];
        let expected = draws(streams.indexed(Purpose::LoadMinutes, 3));
        assert_eq!(draws(sibling(&load, Purpose::LoadMinutes)), expected);
    }

    #[test]
    fn streams_differ_and_repeat() {
        let draw = |seed, pack, purpose, index| Streams::new(seed, pack).indexed(purpose, index).random::<u64>();
        let base = draw(1, 2, Purpose::Usage, 0);
        assert_eq!(base, draw(1, 2, Purpose::Usage, 0));
        for other in [
            draw(2, 2, Purpose::Usage, 0),
            draw(1, 3, Purpose::Usage, 0),
            draw(1, 2, Purpose::Exit, 0),
            draw(1, 2, Purpose::Usage, 1),
        ] {
            assert_ne!(base, other);
        }
    }
}
