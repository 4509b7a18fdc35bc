//! "What must be true for so much second-life supply in a year?"

use super::draws::Draw;
use super::error::SupplyError;
use super::parameter::{Param, Rule, Scope};
use super::plan::{Question, SupplyPlan};
use super::result::Must;
use super::study::Study;
use super::values::Level;
use super::variance::Swing;
use super::words::{self, Told};
use std::collections::BTreeMap;

/// Scores that are tried before the one in between is sought: each so much further than the one before.
const FIRST_STEP: f64 = 0.25;
const STRIDE: f64 = 1.5;
/// A narrow band needs many steps to the end of its range.
const STEPS: usize = 30;
/// Halvings of the last stride.
const HALVINGS: usize = 40;
/// Distance beyond which parameters moved together are not pushed: what is less likely than one in a billion is no answer.
const SCORE_MAX: f64 = 6.0;

/// Answers: each parameter alone, the two strongest together, all together.
///
/// A parameter is moved by its normal score until the wanted supply is met, through P10 and P90 on to the end of its
/// admissible range, all its regions, years and chemistries at once, everything else central. Parameters moved together
/// move in proportion to what each does, in the direction that helps; correlations play no part. Where the central values do more
/// than is wanted the answers tell how far things may go wrong. Parameters that change nothing are left out. Answers
/// that are met come first, the likeliest first; the pair and all together are last.
pub(super) fn must<S: Study>(
    study: &S,
    question: &Question,
    central: f64,
    swings: &[Swing],
) -> Result<Vec<Must>, SupplyError> {
    let seek = Seek { study, question, central };
    let acting: Vec<&Swing> = swings.iter().filter(|(_, ends)| ends.iter().any(|end| *end != central)).collect();
    let alone = study.each(0..acting.len() as u64, |k| seek.alone(acting[k as usize].0))?;
    let mut alone: Vec<(f64, Must)> = alone.into_iter().flatten().collect();
    // Those that are met by no score at all last, the nearest first.
    let gap = |must: &Must| (must.reached_gwh - question.gwh).abs();
    alone.sort_by(|a, b| a.0.total_cmp(&b.0).then(gap(&a.1).total_cmp(&gap(&b.1))));
    let mut answers: Vec<Must> = alone.into_iter().map(|(_, must)| must).collect();
    let mut strongest = acting;
    let swing = |ends: [f64; 2]| (ends[1] - ends[0]).abs();
    strongest.sort_by(|a, b| swing(b.1).total_cmp(&swing(a.1)));
    if strongest.len() > 2 {
        answers.push(seek.together(&strongest[..2])?);
    }
    if strongest.len() > 1 {
        answers.push(seek.together(&strongest)?);
    }
    Ok(answers)
}

/// How far a search came.
#[derive(Clone, Copy, Debug)]
struct Reached {
    /// Distance from the central values, a score.
    score: f64,
    gwh: f64,
    /// Whether the wanted supply was crossed.
    crossed: bool,
}

struct Seek<'a, S> {
    study: &'a S,
    question: &'a Question,
    central: f64,
}

impl<S: Study> Seek<'_, S> {
    /// 1 where supply must rise to meet the wanted, -1 where it may fall to it.
    fn sense(&self) -> f64 {
        if self.central < self.question.gwh { 1.0 } else { -1.0 }
    }

    /// Supply of a draw; none where there is no such life, or no inflow that meets a given stock.
    fn supply(&self, draw: &Draw) -> Result<Option<f64>, SupplyError> {
        use SupplyError::{Life, NegativeInflow, NothingLeft};
        match self.study.supply(draw) {
            Err(Life { .. } | NegativeInflow { .. } | NothingLeft { .. }) => Ok(None),
            other => other.map(Some),
        }
    }

    /// Walks away from the central values up to `score_max` or until `draw` tells that nothing moves any more, and
    /// closes in on the wanted supply; otherwise the best that was met on the way.
    fn walk(&self, score_max: f64, draw: impl Fn(f64) -> Option<Draw>) -> Result<Reached, SupplyError> {
        let (sense, wanted) = (self.sense(), self.question.gwh);
        // Central values that do just what is wanted are not left.
        let short = |gwh: f64| if sense > 0.0 { gwh < wanted } else { gwh >= wanted };
        let mut best = Reached { score: 0.0, gwh: self.central, crossed: false };
        let (mut last, mut next) = (best, FIRST_STEP.min(score_max));
        for _ in 0..STEPS {
            let Some(moved) = draw(next) else { break };
            let Some(gwh) = self.supply(&moved)? else { break };
            let here = Reached { score: next, gwh, crossed: !short(gwh) };
            if here.crossed {
                return self.close_in(last, here, draw, short);
            }
            if sense * (gwh - best.gwh) > 0.0 {
                best = here;
            }
            if next >= score_max {
                break;
            }
            last = here;
            next = (next * STRIDE).min(score_max);
        }
        Ok(best)
    }

    /// The least score that crosses the wanted supply, between one that does not and one that does.
    fn close_in(
        &self,
        mut below: Reached,
        mut above: Reached,
        draw: impl Fn(f64) -> Option<Draw>,
        short: impl Fn(f64) -> bool,
    ) -> Result<Reached, SupplyError> {
        for _ in 0..HALVINGS {
            let score = 0.5 * (below.score + above.score);
            let Some(gwh) = draw(score).map(|moved| self.supply(&moved)).transpose()?.flatten() else { break };
            let here = Reached { score, gwh, crossed: !short(gwh) };
            *(if here.crossed { &mut above } else { &mut below }) = here;
            if (above.gwh - below.gwh).abs() <= 1e-6 * self.question.gwh {
                break;
            }
        }
        Ok(above)
    }

    /// One parameter, either way; with the distance of the score that crosses the wanted supply. None where it does not
    /// help, whichever way it goes.
    fn alone(&self, param: Param) -> Result<Option<(f64, Must)>, SupplyError> {
        let plan = self.study.plan();
        let mut ways = Vec::new();
        for sign in [-1.0, 1.0] {
            let draw = |score: f64| {
                let before = if score > FIRST_STEP { score / STRIDE } else { 0.0 };
                let moves = can_move(plan, param, sign * before, sign * score);
                moves.then(|| Draw::central().with(param, sign * score))
            };
            let reached = self.walk(f64::MAX, draw)?;
            ways.push((sign, reached));
        }
        let sense = self.sense();
        let better = |a: &(f64, Reached), b: &(f64, Reached)| {
            let nearer = b.1.score.total_cmp(&a.1.score);
            let by_reach = (sense * a.1.gwh).total_cmp(&(sense * b.1.gwh));
            a.1.crossed.cmp(&b.1.crossed).then(if a.1.crossed { nearer } else { by_reach })
        };
        let Some((sign, reached)) = ways.into_iter().max_by(better) else { return Ok(None) };
        if reached.score == 0.0 && sense > 0.0 {
            return Ok(None);
        }
        let told = told(plan, self.question, param, sign * reached.score);
        let moved = told.iter().map(Told::moved).collect();
        let words = words::alone(self.question, self.central, reached.gwh, reached.crossed, &told);
        let met = reached.crossed || sense < 0.0;
        let score = if reached.crossed { reached.score } else { f64::MAX };
        Ok(Some((score, Must { moved, reached_gwh: reached.gwh, met, words })))
    }

    /// Several parameters, each in the direction that helps and in proportion to what it moves: of all mixes about the
    /// likeliest, the first step towards the nearest point of Hasofer and Lind (1974).
    fn together(&self, swings: &[&Swing]) -> Result<Must, SupplyError> {
        let plan = self.study.plan();
        let sense = self.sense();
        let pull = |[low, high]: [f64; 2]| {
            let sign = if sense * (high - low) >= 0.0 { 1.0 } else { -1.0 };
            let end = if sign > 0.0 { high } else { low };
            let gain = if end > 0.0 && self.central > 0.0 { (end / self.central).ln() } else { end - self.central };
            sign * (sense * gain).max(0.0)
        };
        let pulls: Vec<(Param, f64)> = swings.iter().map(|(param, ends)| (*param, pull(*ends))).collect();
        let whole = pulls.iter().map(|(_, pull)| pull * pull).sum::<f64>().sqrt();
        let parts: Vec<(Param, f64)> =
            pulls.into_iter().map(|(p, pull)| (p, pull / whole.max(f64::MIN_POSITIVE))).collect();
        let draw = |score: f64| {
            Some(parts.iter().fold(Draw::central(), |draw, (param, part)| draw.with(*param, part * score)))
        };
        let reached = self.walk(SCORE_MAX, draw)?;
        let told: Vec<Vec<Told>> =
            parts.iter().map(|(p, part)| told(plan, self.question, *p, part * reached.score)).collect();
        let words = words::together(self.question, self.central, reached.gwh, reached.crossed, reached.score, &told);
        let moved = told.iter().flatten().map(Told::moved).collect();
        Ok(Must { moved, reached_gwh: reached.gwh, met: reached.crossed || sense < 0.0, words })
    }
}

/// Whether any value of a parameter differs between two scores.
fn can_move(plan: &SupplyPlan, param: Param, from: f64, to: f64) -> bool {
    let rules = plan.parameters.rules.iter().filter(|rule| rule.param == param);
    let at = |rule: &Rule, z| rule.knots.iter().any(|knot| rule.value(knot.year, from) != rule.value(knot.year, z));
    rules.into_iter().any(|rule| at(rule, to))
}

/// What a parameter comes to at a score in the year that matters: all its uncertain rules, that with most inflow first.
fn told(plan: &SupplyPlan, question: &Question, param: Param, z: f64) -> Vec<Told> {
    let life = rule_of_life(plan, question.year).unwrap_or(0.0);
    let sold = (question.year - life.round() as i32).max(plan.first_year);
    let year = if by_year_of_sale(param) { sold } else { question.year };
    let rules = &plan.parameters.rules;
    let mut inflow: BTreeMap<usize, f64> = BTreeMap::new();
    for series in &plan.series {
        let [chemistry, segment] = [series.chemistry, series.segment].map(Some);
        let scope = match param.level() {
            Level::Series => Scope { region: Some(series.region), chemistry, segment },
            Level::Group => Scope { region: Some(series.region), chemistry, segment: None },
            Level::Region => Scope { region: Some(series.region), chemistry: None, segment: None },
        };
        if let Some(rule) = plan.parameters.rule(param, scope) {
            *inflow.entry(rule).or_default() += series.gwh.iter().sum::<f64>();
        }
    }
    let mut found: Vec<(usize, f64)> = inflow.into_iter().collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    let uncertain = |rule: &&Rule| rule.knots.iter().any(|knot| knot.band.is_uncertain());
    let told = |rule: &Rule| {
        let band = rule.band(year);
        let (place, value) = (plan.place_name(rule.scope), rule.value(year, z));
        Told { param, place, z, central: band.value, low: band.low, high: band.high, value }
    };
    found.iter().map(|(rule, _)| &rules[*rule]).filter(uncertain).map(told).collect()
}

/// Mean life of the vehicles of the first series.
fn rule_of_life(plan: &SupplyPlan, year: i32) -> Option<f64> {
    let first = plan.series.first()?;
    let scope = Scope { region: Some(first.region), chemistry: Some(first.chemistry), segment: Some(first.segment) };
    plan.parameters.value(Param::VehicleLifeMean, scope, year, 0.0)
}

/// Whether it acts by the year in which a vehicle was sold.
fn by_year_of_sale(param: Param) -> bool {
    use Param::*;
    matches!(
        param,
        InflowFactor
            | GrowthFactor
            | VehicleLifeMean
            | VehicleLifeSd
            | BatteryLifeMean
            | BatteryLifeSd
            | CrashPerYear
            | WarrantyPerYear
            | WarrantyYears
            | RecallShare
            | RecallAge
            | RenewalAge
            | UseExponent
            | AgingFactor
            | FadeMean
            | FadeSd
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monte::Silent;
    use crate::supply::SCORE_P90;
    use crate::supply::parameter::{Band, Knot};
    use crate::supply::study::PlanStudy;
    use crate::supply::testing::{plan, result_of};
    use crate::supply::variance::swings;

    /// Collected times repurposed share of a retirement that falls with life; the wanted supply is met where both are
    /// high.
    fn supply(plan: &SupplyPlan, draw: &Draw) -> f64 {
        let at = |param| plan.parameters.value(param, Scope::default(), 2030, draw.of(param)).unwrap();
        let shares = at(Param::CollectedShare) * at(Param::RepurposedShare);
        4000.0 * shares * (-at(Param::VehicleLifeMean) / 4.0).exp()
    }

    fn answers(gwh: f64, supply: impl Fn(&SupplyPlan, &Draw) -> f64 + Sync) -> Vec<Must> {
        let plan = SupplyPlan { question: Some(Question { gwh, year: 2030 }), ..plan(1) };
        let evaluate = |draw: &Draw, _: bool| Ok(result_of(&plan, supply(&plan, draw)));
        let study = PlanStudy::new(&plan, &Silent, evaluate).unwrap();
        let central = supply(&plan, &Draw::central());
        must(&study, plan.question.as_ref().unwrap(), central, &swings(&study).unwrap()).unwrap()
    }

    #[test]
    fn values_that_meet_the_wanted_supply_are_found() {
        let answers = answers(200.0, supply);
        let life =
            answers.iter().find(|must| must.moved.len() == 1 && must.moved[0].param == Param::VehicleLifeMean).unwrap();
        // 4000 x 0.7 x 0.5 exp(-life / 4) = 200.
        assert!((life.moved[0].value - 4.0 * 7.0_f64.ln()).abs() < 1e-4 && life.met && life.moved[0].central == 16.0);
        assert!((life.reached_gwh - 200.0).abs() < 1e-3);
        // All collected is not enough.
        let collected = answers.iter().find(|must| must.moved[0].param == Param::CollectedShare).unwrap();
        assert!(!collected.met && (collected.reached_gwh - 2000.0 * (-4.0_f64).exp()).abs() < 1e-6);
        assert_eq!(answers.iter().map(|must| must.moved.len()).collect::<Vec<_>>(), [1, 1, 1, 2, 3]);
        let all = answers.last().unwrap();
        assert!(all.met && all.moved.iter().all(|m| (m.value > m.central) == (m.param != Param::VehicleLifeMean)));
    }

    #[test]
    fn the_words() {
        let told: Vec<String> =
            [200.0, 40.0, 30.0, 5.0].into_iter().flat_map(|gwh| answers(gwh, supply)).map(|must| must.words).collect();
        insta::assert_snapshot!(told.join("\n"));
    }

    /// A score moves a parameter wherever it has values of its own, and all of them are told.
    #[test]
    fn places_with_values_of_their_own_are_told() {
        let mut plan = SupplyPlan { question: Some(Question { gwh: 60.0, year: 2030 }), ..plan(2) };
        plan.regions = vec!["Here".into(), "There".into()];
        plan.series.iter_mut().filter(|s| s.region == 1).for_each(|s| s.gwh.fill(10.0));
        let of_there = Rule {
            param: Param::VehicleLifeMean,
            scope: Scope { region: Some(1), ..Scope::default() },
            knots: vec![Knot { year: 2025, band: Band { value: 8.0, low: 7.0, high: 10.0 } }],
        };
        plan.parameters.rules.push(of_there);
        let supply = |draw: &Draw| {
            let life = |region| {
                let scope = Scope { region: Some(region), ..Scope::default() };
                plan.parameters.value(Param::VehicleLifeMean, scope, 2030, draw.of(Param::VehicleLifeMean)).unwrap()
            };
            400.0 / life(0) + 40.0 / life(1)
        };
        let study =
            PlanStudy::new(&plan, &Silent, |draw: &Draw, _: bool| Ok(result_of(&plan, supply(draw) / 2.0))).unwrap();
        let central = supply(&Draw::central());
        let answers = must(&study, plan.question.as_ref().unwrap(), central, &swings(&study).unwrap()).unwrap();
        assert_eq!(answers.len(), 1);
        let places: Vec<&str> = answers[0].moved.iter().map(|m| m.place.as_str()).collect();
        assert_eq!(places, ["", "There"]);
        let supply = 400.0 / answers[0].moved[0].value + 40.0 / answers[0].moved[1].value;
        assert!((supply - 60.0).abs() < 1e-3 && answers[0].is_alone());
        insta::assert_snapshot!(answers[0].words);
    }

    /// Where scores act on the logarithm in a straight line the nearest point has a closed form: `ln(200 / 73.6) / 0.5 = 2`.
    #[test]
    fn several_move_in_the_likeliest_mix() {
        let central = 200.0 * (-1.0_f64).exp();
        let answers = answers(200.0, |_, draw| {
            central * (0.4 * draw.of(Param::CollectedShare) - 0.3 * draw.of(Param::VehicleLifeMean)).exp()
        });
        let both = answers.last().unwrap();
        assert_eq!(
            both.moved.iter().map(|m| m.param).collect::<Vec<_>>(),
            [Param::CollectedShare, Param::VehicleLifeMean]
        );
        assert!(both.words.contains("about the likeliest, one chance in 44."), "{}", both.words);
        // Scores of 1.6 and -1.2.
        let life = 16.0 * (14.0_f64 / 16.0).powf(1.2 / SCORE_P90);
        assert!((both.moved[1].value - life).abs() < 1e-3, "{:?}", both.moved);
    }

    #[test]
    fn what_changes_nothing_is_left_out() {
        let answers = answers(30.0, |_, draw| 25.0 + 5.0 * draw.of(Param::CollectedShare) / SCORE_P90);
        assert_eq!(answers.len(), 1);
        assert!((answers[0].moved[0].value - 0.85).abs() < 1e-5 && answers[0].met);
    }

    #[test]
    fn what_is_met_whatever_happens_is_told() {
        let answers = answers(30.0, |_, draw| 40.0 + 5.0 * draw.of(Param::CollectedShare).tanh());
        assert_eq!(answers.len(), 1);
        assert_eq!(
            (answers[0].met, answers[0].words.as_str()),
            (true, "30 GWh in 2030 is met whatever the collected share.")
        );
        assert!((answers[0].reached_gwh - 35.0).abs() < 1e-3);
    }

    #[test]
    fn either_way_may_help() {
        // Least at the central value: both ways help, the shorter one is told.
        let answers = answers(30.0, |_, draw| {
            let z = draw.of(Param::CollectedShare);
            20.0 + if z < 0.0 { -10.0 * z } else { 5.0 * z }
        });
        assert!(answers[0].met && answers[0].moved[0].value < 0.7);
    }
}
