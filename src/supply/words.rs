//! Answers in words.

use super::parameter::Param;
use super::plan::Question;
use super::result::Moved;
use crate::numeric::stats::normal_cdf;

/// Scores up to this are likely: P10 to P90.
const LIKELY: f64 = super::value::SCORE_P90;
/// Scores beyond this are rarer than one in ten thousand.
const POSSIBLE: f64 = 3.719_016_485_455_709;
/// Parameters named of many.
const NAMED: usize = 3;

/// Places named of those where a parameter has values of its own.
const PLACES: usize = 2;

/// A parameter that was moved, where one rule holds.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub param: Param,
    pub place: String,
    pub z: f64,
    pub central: f64,
    pub low: f64,
    pub high: f64,
    pub value: f64,
}

impl Told {
    /// For tables.
    pub fn moved(&self) -> Moved {
        Moved { param: self.param, place: self.place.clone(), central: self.central, value: self.value }
    }
}

/// Three figures, without zeros at the end.
pub(super) fn figure(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return "0".into();
    }
    let digits = (2 - x.abs().log10().floor() as i32).clamp(0, 6) as usize;
    let text = format!("{x:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A value with its unit; shares in percent.
pub(super) fn with_unit(param: Param, value: f64) -> String {
    let years = |x: f64| figure((10.0 * x).round() / 10.0);
    match param.unit() {
        "" if is_percent(param) => format!("{}%", figure(100.0 * value)),
        "" => figure(value),
        "1/year" => format!("{}% a year", figure(100.0 * value)),
        "year" => format!("{} years", years(value)),
        unit => format!("{} {unit}", figure(value)),
    }
}

fn is_percent(param: Param) -> bool {
    use Param::*;
    !matches!(param, InflowFactor | GrowthFactor | PeriodFactor | MetalPriceFactor | UseExponent | AgingFactor)
}

/// The same without the unit where it goes without saying.
fn bare(param: Param, value: f64) -> String {
    with_unit(param, value).trim_end_matches(" years").trim_end_matches(" a year").to_owned()
}

/// A parameter in words.
pub fn noun(param: Param) -> &'static str {
    use Param::*;
    match param {
        InflowFactor => "factor on the inflow",
        GrowthFactor => "factor on the growth of the inflow",
        VehicleLifeMean => "mean vehicle life",
        VehicleLifeSd => "spread of the vehicle lives",
        BatteryLifeMean => "mean battery life",
        BatteryLifeSd => "spread of the battery lives",
        CrashPerYear => "crash hazard",
        WarrantyPerYear => "warranty hazard",
        WarrantyYears => "warranty",
        RecallShare => "recalled share",
        RecallAge => "battery age at the recall",
        PeriodFactor => "factor on the hazards of wear-out",
        RenewalAge => "highest vehicle age for a new battery",
        UseExponent => "exponent of the use on vehicle life",
        AgingFactor => "factor on the aging of batteries",
        FadeMean => "mean fade",
        FadeSd => "spread of the fade",
        ExportShare => "exported share",
        UnknownShare => "share that nobody knows of",
        CollectedShare => "collected share",
        CrashDamagedShare => "damaged share of crashed batteries",
        FailedUsableShare => "usable share of defective batteries",
        VehicleReuseShare => "share of spare parts",
        SohMin => "least SoH for a second life",
        TestSd => "error of the test",
        AgeMax => "highest age for a second life",
        RepurposedShare => "repurposed share",
        YieldShare => "yield of repurposing",
        StorageDemand => "demand of storage",
        StorageShareMax => "largest second-life share of storage",
        WaitingYears => "longest wait",
        WaitingFade => "fade in waiting",
        SecondSohEnd => "SoH at the end of second life",
        SecondFade => "fade in second life",
        SecondSpread => "spread of second lives",
        SecondMax => "longest second life",
        RoutePyro => "pyrometallurgical share",
        RouteDirect => "directly recycled share",
        RouteMechanical => "share made into black mass",
        HomeShare => "share of recovered material used at home",
        ScrapShare => "share of production scrap",
        MetalPriceFactor => "factor on metal prices",
        SecondPrice => "price of second-life batteries",
        RepurposingCost => "cost of repurposing",
        TransportCost => "cost of transport",
    }
}

/// "a mean vehicle life of 7.9 years".
fn moved(told: &Told) -> String {
    let noun = noun(told.param);
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'S']) { "an" } else { "a" };
    format!("{article} {noun} of {}", with_unit(told.param, told.value))
}

/// "central 16, P10 14".
fn known(told: &Told) -> String {
    let (name, end) = if told.z < 0.0 { ("P10", told.low) } else { ("P90", told.high) };
    format!("central {}, {name} {}", bare(told.param, told.central), bare(told.param, end))
}

/// " (light)" where there are other places.
fn placed(told: &Told, others: usize) -> String {
    if others == 0 || told.place.is_empty() { String::new() } else { format!(" ({})", plain(&told.place)) }
}

/// A name of a table in words.
fn plain(name: &str) -> String {
    name.replace('_', " ")
}

/// What moves with the first: ", with 1.4 years for heavy (central 8) and 3 others alike".
fn with_it(others: &[Told]) -> String {
    let place = |t: &Told| if t.place.is_empty() { "all others".to_owned() } else { plain(&t.place) };
    let named = others.iter().take(PLACES);
    let mut list: Vec<String> = named
        .map(|t| {
            let (value, central) = (with_unit(t.param, t.value), bare(t.param, t.central));
            format!("{value} for {} (central {central})", place(t))
        })
        .collect();
    match others.len().saturating_sub(PLACES) {
        0 => {}
        1 => list.push("one other alike".into()),
        more => list.push(format!("{more} others alike")),
    }
    match list.split_last() {
        None => String::new(),
        Some((last, [])) => format!(", with {last}"),
        Some((last, before)) => format!(", with {} and {last}", before.join(", ")),
    }
}

/// How likely it is that a parameter lies there or further out.
fn judged(score: f64) -> String {
    match score {
        s if s <= LIKELY => "inside what is thought likely".into(),
        s if s <= POSSIBLE => format!("unlikely, {}", chance(s)),
        _ => "outside what is thought possible".into(),
    }
}

/// How likely it is that several lie at this distance from their central values or further out, in that direction.
fn mixed(score: f64) -> String {
    if score <= POSSIBLE { chance(score) } else { "outside what is thought possible".into() }
}

fn chance(score: f64) -> String {
    let rarity = 1.0 / normal_cdf(-score);
    if rarity < 10.0 { format!("one chance in {rarity:.1}") } else { format!("one chance in {}", figure(rarity)) }
}

/// One parameter, in all places at once.
pub(super) fn alone(question: &Question, central: f64, reached: f64, crossed: bool, told: &[Told]) -> String {
    let Some((first, others)) = told.split_first() else { return String::new() };
    let asked = format!("{} GWh in {}", figure(question.gwh), question.year);
    let judged = judged(first.z.abs());
    let moved = format!("{}{}", moved(first), placed(first, others.len()));
    let (known, with_it) = (known(first), with_it(others));
    let name = noun(first.param);
    if central < question.gwh {
        if crossed {
            format!("{asked} needs {moved} ({known}){with_it}: {judged}.")
        } else {
            format!("No {name} gives {asked}: at most {} GWh, with {moved} ({known}){with_it}.", figure(reached))
        }
    } else if crossed {
        let (to, beyond) = if first.z < 0.0 { ("down to", "less") } else { ("up to", "more") };
        format!("{asked} is met {to} {moved} ({known}){with_it}: {beyond} is {judged}.")
    } else {
        format!("{asked} is met whatever the {name}.")
    }
}

/// Several parameters, at a distance from their central values.
pub(super) fn together(
    question: &Question,
    central: f64,
    reached: f64,
    crossed: bool,
    score: f64,
    told: &[Vec<Told>],
) -> String {
    let asked = format!("{} GWh in {}", figure(question.gwh), question.year);
    let first = told.iter().filter_map(|of| of.split_first()).take(NAMED);
    let named: Vec<String> = first
        .map(|(t, others)| format!("{}{} (central {})", moved(t), placed(t, others.len()), bare(t.param, t.central)))
        .collect();
    let list = match told.len() - named.len() {
        0 => match named.split_last() {
            Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
            _ => named.join(", "),
        },
        others => format!("{} and {others} more", named.join(", ")),
    };
    let mix = format!("of such mixes about the likeliest, {}", mixed(score));
    if central < question.gwh {
        if crossed {
            format!("{asked} needs together {list}: {mix}.")
        } else {
            format!("Not even {list} give {asked}, but {} GWh.", figure(reached))
        }
    } else if crossed {
        format!("{asked} is met as far as {list} together: {mix}.")
    } else {
        format!("{asked} is met even with {list} together.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_to_what_is_meant() {
        let told = [7.8765, 16.0, 14.04, 199.6, 12_345.0, 0.012_34, 0.0, 1e-9, 0.5].map(figure);
        assert_eq!(told, ["7.88", "16", "14", "200", "12345", "0.0123", "0", "0", "0.5"]);
        assert_eq!(with_unit(Param::VehicleLifeMean, 7.8765), "7.9 years");
        assert_eq!(with_unit(Param::CollectedShare, 0.9987), "99.9%");
        assert_eq!(with_unit(Param::CrashPerYear, 0.0154), "1.54% a year");
        assert_eq!(with_unit(Param::InflowFactor, 1.256), "1.26");
        assert_eq!(with_unit(Param::SecondPrice, 61.3), "61.3 USD/kWh");
    }

    #[test]
    fn nouns_tell_parameters_apart() {
        let mut nouns: Vec<&str> = Param::ALL.iter().map(|p| noun(*p)).collect();
        nouns.sort_unstable();
        nouns.dedup();
        assert_eq!(nouns.len(), Param::COUNT);
    }
}
