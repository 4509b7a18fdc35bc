//! An identification: what was found, how well, and what it foretells.

use super::error::IdentifyError;
use super::model::{Drive, Factors, Numbers, Thermal, simulate};
use super::ocv::{self, FirstOcv};
use super::soc::{self, Leg};
use super::solve::{Layout, Problem, settled};
use super::start;
use super::trace::Trace;
use crate::cell::{Cell, CellSpec};
use crate::numeric::table::interpolate;

/// Knots of the resistances: close where they rise, near empty.
const RESISTANCE_SOC: [f64; 14] = [0.0, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0];
/// A knot between the last two of those, so that the top is free to bend.
const RESISTANCE_TOP: f64 = 0.9;
/// Posterior deviation of a logarithm up to which a value counts as identified, and as partly identified.
const IDENTIFIED: [f64; 2] = [0.15, 0.4];
/// Weight of rows below the voltage that must be right.
const WEIGHT_BELOW: f64 = 0.3;
/// Least and most time that a row counts for \[s\].
const SHORTEST_S: f64 = 0.5;
/// See [`SHORTEST_S`].
const LONGEST_S: f64 = 30.0;
/// Weight of a slow leg against the pulse traces.
const SHARE_OF_LEG: f64 = 0.3;
/// Cooling of a cell of one kilogram where nothing tells it \[W/K\]; it goes with the surface.
const COOLING_W_PER_K: f64 = 1.2;
/// Rise of the temperature from which the cooling is read \[K\].
const RISE_K: f64 = 1.5;
/// Time constant of a third pair at the start \[s\].
const TAU3_S: f64 = 3000.0;
const TWO_SIDED_95: f64 = 1.959_964;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct IdentifyOptions {
    /// A cell of the library: first guess, and source of what the test does not tell.
    pub like: CellSpec,
    /// Capacity \[Ah\]; by default that of the slow discharge, or between full and empty in the pulse test.
    pub capacity_ah: Option<f64>,
    /// Mass \[kg\]; by default that of the like cell, by capacity.
    pub mass_kg: Option<f64>,
    /// Specific heat \[J/(kg K)\].
    pub specific_heat_j_per_kgk: Option<f64>,
    /// Cooling \[W/K\]; by default from the temperatures of the test, else assumed.
    pub cooling_w_per_k: Option<f64>,
    /// Lowest voltage \[V\]; by default the lowest of the slow traces.
    pub voltage_min_v: Option<f64>,
    /// Highest voltage \[V\]; by default the highest of the slow traces.
    pub voltage_max_v: Option<f64>,
    /// SoC at the start of the first pulse trace.
    pub soc_start: Option<f64>,
    /// Voltage above which errors are told and count in full \[V\].
    pub above_v: f64,
    /// Temperature where a trace has none \[degC\].
    pub ambient_c: f64,
    /// Time after a step within which the logged current is taken as that at its end \[s\].
    pub settle_s: Option<f64>,
    /// Pairs of the circuit, 2 or 3; library entries have two.
    pub pairs: usize,
}

impl IdentifyOptions {
    /// Defaults beside a like cell.
    pub fn like(like: CellSpec) -> Self {
        IdentifyOptions {
            like,
            capacity_ah: None,
            mass_kg: None,
            specific_heat_j_per_kgk: None,
            cooling_w_per_k: None,
            voltage_min_v: None,
            voltage_max_v: None,
            soc_start: None,
            above_v: 3.0,
            ambient_c: 25.0,
            settle_s: None,
            pairs: 2,
        }
    }
}

/// How well the traces tell a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Well.
    Identified,
    /// With help of its neighbours.
    Partly,
    /// Hardly: it follows its neighbours or the first guess.
    NotIdentified,
}

impl Told {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Told::Identified => "identified",
            Told::Partly => "partly",
            Told::NotIdentified => "not identified",
        }
    }

    fn of(sd: f64) -> Told {
        let [well, partly] = IDENTIFIED;
        if sd <= well {
            Told::Identified
        } else if sd <= partly {
            Told::Partly
        } else {
            Told::NotIdentified
        }
    }
}

/// A value with what the traces leave open.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Field of the entry; those of a third pair are not in it.
    pub field: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// SoC of a table's knot.
    pub soc: Option<f64>,
    /// The value.
    pub value: f64,
    /// Interval of 95 %.
    pub interval: [f64; 2],
    /// How well it is told.
    pub told: Told,
}

/// A row of a trace beside the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beside {
    /// Time \[s\].
    pub time_s: f64,
    /// Current, positive on discharge \[A\].
    pub current_a: f64,
    /// State of charge.
    pub soc: f64,
    /// Measured \[V\].
    pub measured_v: f64,
    /// By the model \[V\].
    pub model_v: f64,
    /// Temperature in the model \[degC\].
    pub temperature_c: f64,
}

impl Beside {
    /// Measured less model \[V\].
    pub fn error_v(&self) -> f64 {
        self.measured_v - self.model_v
    }
}

/// A trace beside the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Trace.
    pub name: String,
    /// Rows of the asked part.
    pub rows: Vec<Beside>,
    /// Voltage above which errors are told \[V\].
    pub above_v: f64,
    /// Highest current of the trace \[A\].
    pub current_max_a: f64,
}

impl Comparison {
    /// Root of the mean square of the errors above the voltage, over the rows that pass \[V\].
    pub fn rmse_v(&self, keep: impl Fn(&Beside) -> bool) -> Option<f64> {
        let errors = self.rows.iter().filter(|r| r.measured_v >= self.above_v && keep(r)).map(Beside::error_v);
        let (sum, count) = errors.fold((0.0, 0_usize), |(s, n), e| (s + e * e, n + 1));
        (count > 0).then(|| (sum / count as f64).sqrt())
    }

    /// The same over all rows.
    pub fn rmse_all_v(&self) -> Option<f64> {
        self.rmse_v(|_| true)
    }

    /// The same over rows of discharge.
    pub fn rmse_discharge_v(&self) -> Option<f64> {
        let least = 0.02 * self.current_max_a;
        self.rmse_v(|r| r.current_a > least)
    }

    /// Largest error above the voltage \[V\].
    pub fn worst_v(&self) -> f64 {
        self.rows.iter().filter(|r| r.measured_v >= self.above_v).map(|r| r.error_v().abs()).fold(0.0, f64::max)
    }
}

/// An identified cell.
#[derive(Clone, Debug)]
pub struct Identified {
    /// The entry's values. Of a fit with three pairs the third is left away, so that the entry then is none.
    pub spec: CellSpec,
    /// All values with their intervals.
    pub values: Vec<Value>,
    /// Pulse traces beside the entry.
    pub pulses: Vec<Comparison>,
    /// What a user must not miss.
    pub notes: Vec<String>,
    /// Whether the solver arrived.
    pub converged: bool,
    /// Fields that traces back.
    pub told: Backing,
    numbers: Numbers,
    factors: Factors,
    options: IdentifyOptions,
    voltage_max_v: f64,
}

/// Where groups of fields come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backing {
    /// Whether the capacity was measured or given.
    pub capacity: bool,
    /// Whether the voltage limits were measured or given.
    pub voltages: bool,
    /// Whether slow traces tell the open-circuit voltage.
    pub ocv_slow: bool,
    /// Range of SoC over which the open-circuit voltage was measured.
    pub ocv_range: [f64; 2],
    /// Whether a gap between the branches was measured.
    pub hysteresis: bool,
    /// Whether the mass was given.
    pub mass: bool,
    /// Whether the specific heat was given.
    pub specific_heat: bool,
    /// Cooling \[W/K\] and whether the test or the user told it; not part of an entry.
    pub cooling: (f64, bool),
}

/// Finds the cell behind pulse traces and slow ones.
///
/// # Errors
/// When the traces do not hold what is needed.
pub fn identify(pulses: &[Trace], slow: &[Trace], options: &IdentifyOptions) -> Result<Identified, IdentifyError> {
    let like = &options.like;
    let pulses: Vec<Trace> =
        pulses.iter().map(|t| options.settle_s.map_or_else(|| t.clone(), |settle| t.clone().squared(settle))).collect();
    for trace in &pulses {
        let most = trace.current_max();
        let steps = trace.rows.windows(2).filter(|w| (w[1].current_a - w[0].current_a).abs() > 0.1 * most).count();
        if most == 0.0 || steps < 2 {
            return Err(IdentifyError::NoPulses(trace.name.clone()));
        }
    }
    let mut legs: Vec<Leg> = slow.iter().map(soc::legs).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    let mut notes = Vec::new();

    // Limits and capacity.
    let slow_v = |trace: &Trace| trace.rows.iter().filter(|r| r.counted).map(|r| r.voltage_v).collect::<Vec<_>>();
    let slow_v: Vec<f64> = slow.iter().flat_map(slow_v).collect();
    let (measured_min, measured_max) =
        (slow_v.iter().copied().fold(f64::MAX, f64::min), slow_v.iter().copied().fold(f64::MIN, f64::max));
    let round = |v: f64| (v * 100.0).round() / 100.0;
    let has_legs = !legs.is_empty();
    let voltage_max_v =
        options.voltage_max_v.unwrap_or(if has_legs { round(measured_max) } else { like.voltage_max_v });
    let voltage_min_v =
        options.voltage_min_v.unwrap_or(if has_legs { round(measured_min) } else { like.voltage_min_v });
    let measured = capacity(&pulses, &legs, voltage_min_v, voltage_max_v);
    let capacity_ah = options.capacity_ah.or(measured).ok_or(IdentifyError::NoCapacity)?;

    legs.iter_mut().for_each(|leg| leg.placed(capacity_ah));

    // The first curve and the SoC of every row.
    let leg_refs: Vec<&Leg> = legs.iter().collect();
    let first = ocv::from_legs(&leg_refs, like);
    let lookup = |v: f64| interpolate(&first.voltage_v, &ocv::knots(), v);
    let at_rest: Option<&dyn Fn(f64) -> f64> = if has_legs { Some(&lookup) } else { None };
    let socs: Vec<Vec<f64>> = pulses
        .iter()
        .enumerate()
        .map(|(k, t)| soc::count(t, capacity_ah, voltage_max_v, options.soc_start.filter(|_| k == 0), at_rest))
        .collect::<Result<_, _>>()?;
    let first = if has_legs {
        first
    } else {
        let pairs: Vec<(&Trace, &[f64])> = pulses.iter().zip(&socs).map(|(t, s)| (t, s.as_slice())).collect();
        ocv::from_rests(&pairs, like).unwrap_or(FirstOcv { told: [0.0, 0.0], ..first })
    };

    // Temperature.
    let scale = capacity_ah / like.capacity_ah;
    let mass_kg = options.mass_kg.unwrap_or(like.mass_kg * scale);
    let specific_heat = options.specific_heat_j_per_kgk.unwrap_or(like.specific_heat_j_per_kgk);
    let heat_capacity = mass_kg * specific_heat;
    let read = || pulses.iter().zip(&socs).find_map(|(t, s)| cooling(t, s, &first.voltage_v, heat_capacity));
    let known_cooling = options.cooling_w_per_k.or_else(read);
    let thermal = Thermal {
        ea_j_per_mol: like.resistance_ea_j_per_mol,
        floor_share: like.resistance_floor_share,
        heat_capacity_j_per_k: heat_capacity,
        cooling_w_per_k: known_cooling.unwrap_or(COOLING_W_PER_K * mass_kg.powf(2.0 / 3.0)),
    };
    let factors = thermal.table(like);

    // Drives: pulse traces, then slow legs.
    let rows: usize = pulses.iter().map(|t| t.rows.iter().filter(|r| r.counted).count()).sum();
    let mut drives: Vec<Drive> = pulses.iter().zip(&socs).map(|(t, s)| drive(t, s.clone(), options, true)).collect();
    drives.extend(legs.iter().map(|l| leg_drive(l, rows, options)));

    // First values by linear least squares, then all at once.
    let mut resistance_soc = RESISTANCE_SOC.to_vec();
    resistance_soc.insert(resistance_soc.len() - 1, RESISTANCE_TOP);
    let flat = |r: &[f64]| vec![1e-3 * r.iter().sum::<f64>() / r.len() as f64 / scale; resistance_soc.len()];
    let half_gap = first.half_gap_v.filter(|g| *g > 0.0);
    let guess = Numbers {
        capacity_ah,
        ocv_soc: ocv::knots(),
        ocv_v: first.voltage_v.clone(),
        r_ohm: vec![flat(&like.r0_mohm), flat(&like.r1_mohm), flat(&like.r2_mohm)],
        resistance_soc: resistance_soc.clone(),
        tau_s: vec![like.tau1_s, like.tau2_s],
        hysteresis_v: half_gap.map_or(like.hysteresis_v, |g| 0.7 * g).max(1e-4),
        hysteresis_gamma: like.hysteresis_gamma.max(1.0),
        thermal,
    };
    let offset_sd_v = ocv::offset_sd(&first.voltage_v, first.sd_v);
    let pulse_drives: Vec<&Drive> = drives[..pulses.len()].iter().collect();
    let begun = start::start(&guess, &pulse_drives, &ocv::offset_knots(), &offset_sd_v);
    let mut centre = begun.clone();
    let steep = ocv::steepness(&first.voltage_v, &resistance_soc);
    for (of, r) in centre.r_ohm.iter_mut().enumerate() {
        let mean = (r.iter().map(|r| r.ln()).sum::<f64>() / r.len() as f64).exp();
        r.iter_mut().zip(&steep).for_each(|(r, steep)| *r = if of == 2 { mean * steep } else { mean });
    }
    if let (Some(gap), Some(leg)) = (half_gap, legs.iter().find(|l| l.leads_ohm.is_none())) {
        let ohm: f64 = centre.r_ohm.iter().map(|r| r[r.len() / 2]).sum();
        let current = leg.current_a.iter().map(|i| i.abs()).sum::<f64>() / leg.current_a.len() as f64;
        centre.hysteresis_v = (gap - ohm * current).max(0.1 * gap);
    }
    let mut begin_r = begun.r_ohm.clone();
    if options.pairs > 2 {
        let third: Vec<f64> = centre.r_ohm[2].clone();
        begin_r.push(third.clone());
        centre.r_ohm.push(third);
        centre.tau_s.push(TAU3_S.max(3.0 * centre.tau_s[1]));
    }
    let layout = Layout {
        offset_knots: ocv::offset_knots(),
        offset_sd_v,
        first: centre,
        drives: drives.len(),
        pulses: pulses.len(),
    };
    let mut x = vec![0.0; layout.len()];
    for (of, r) in begin_r.iter().enumerate() {
        r.iter().enumerate().for_each(|(k, r)| x[layout.resistance(of, k)] = (r / layout.first.r_ohm[of][k]).ln());
    }
    let solution = Problem::new(&layout, &drives, &factors).solve(&x);
    let covariance =
        Problem::new(&layout, &drives, &factors).covariance(&solution.x).ok_or(IdentifyError::NotFinite)?;
    let sd: Vec<f64> = (0..layout.len()).map(|k| covariance[(k, k)].max(0.0).sqrt()).collect();
    let found = settled(layout.numbers(&solution.x));
    let values = values(&layout, &found, &sd, &pulse_drives, half_gap.is_some());

    let spec = spec(&found, options, [voltage_min_v, voltage_max_v], mass_kg, specific_heat, capacity_ah);
    Cell::new(spec.clone())?;
    let numbers = rounded(found, &spec);
    let told = Backing {
        capacity: options.capacity_ah.is_some() || measured.is_some(),
        voltages: has_legs || (options.voltage_min_v.is_some() && options.voltage_max_v.is_some()),
        ocv_slow: has_legs,
        ocv_range: first.told,
        hysteresis: half_gap.is_some(),
        mass: options.mass_kg.is_some(),
        specific_heat: options.specific_heat_j_per_kgk.is_some(),
        cooling: (thermal.cooling_w_per_k, known_cooling.is_some()),
    };
    if first.from_rests {
        notes.push(format!(
            "the open-circuit voltage is that of rests from SoC {:.2} to {:.2}; beyond, the shape of the like cell",
            first.told[0], first.told[1]
        ));
    } else if !has_legs {
        notes.push(
            "neither slow traces nor long rests: the open-circuit voltage is that of the like cell, moved".into(),
        );
    }
    for leg in legs.iter().filter(|l| l.leads_ohm.is_some()) {
        notes.push(format!(
            "{:.1} mOhm at the steps of the slow {} were taken for leads and left away",
            1e3 * leg.leads_ohm.unwrap_or(0.0),
            if leg.discharge { "discharge" } else { "charge" }
        ));
    }
    let mut result = Identified {
        spec,
        values,
        pulses: Vec::new(),
        notes,
        converged: solution.converged,
        told,
        numbers,
        factors,
        options: options.clone(),
        voltage_max_v,
    };
    result.pulses = pulses
        .iter()
        .zip(socs)
        .enumerate()
        .map(|(k, (trace, soc))| {
            let shift = layout.shift_of(&solution.x, k);
            let drive = drive(trace, soc, &result.options, true);
            result.beside(trace, &drive, shift)
        })
        .collect();
    Ok(result)
}

impl Identified {
    /// Foretells a trace from its current and its start: SoC by counting from where the cell is full or rests,
    /// temperature by its own heat. No voltage of the load is used.
    ///
    /// # Errors
    /// When its SoC is not known.
    pub fn check(&self, trace: &Trace, soc_start: Option<f64>) -> Result<Comparison, IdentifyError> {
        let settle = self.options.settle_s;
        let trace = settle.map_or_else(|| trace.clone(), |settle| trace.clone().squared(settle));
        let lookup = |v: f64| self.numbers.soc_at(v);
        let soc = soc::count(&trace, self.numbers.capacity_ah, self.voltage_max_v, soc_start, Some(&lookup))?;
        let drive = drive(&trace, soc, &self.options, false);
        Ok(self.beside(&trace, &drive, 0.0))
    }

    /// Rows of the asked part beside the model.
    fn beside(&self, trace: &Trace, drive: &Drive, shift: f64) -> Comparison {
        let answer = simulate(&self.numbers, &self.factors, drive, shift);
        let row = |k: usize| Beside {
            time_s: trace.rows[k].time_s,
            current_a: trace.rows[k].current_a,
            soc: drive.soc[k] + shift,
            measured_v: trace.rows[k].voltage_v,
            model_v: answer.voltage_v[k],
            temperature_c: answer.temperature_c[k],
        };
        Comparison {
            name: trace.name.clone(),
            rows: (0..trace.rows.len()).filter(|k| trace.rows[*k].counted).map(row).collect(),
            above_v: self.options.above_v,
            current_max_a: trace.current_max(),
        }
    }

    /// Time constants \[s\], that of a third pair too.
    pub fn time_constants_s(&self) -> &[f64] {
        &self.numbers.tau_s
    }
}

/// Charge of the slow discharge, or between full and empty in a pulse trace \[Ah\]. A slow leg with long leads ends
/// before the cell is empty, so it comes last.
fn capacity(pulses: &[Trace], legs: &[Leg], min_v: f64, max_v: f64) -> Option<f64> {
    let whole = |leads: bool| {
        let mut some = legs.iter().filter(|l| l.leads_ohm.is_some() == leads);
        some.clone().find(|l| l.discharge).or_else(|| some.next()).map(|l| l.charge_ah)
    };
    let in_pulses = || {
        pulses.iter().find_map(|trace| {
            let taken = soc::taken_ah(trace);
            let full = soc::full_row(trace, max_v)?;
            let empty = (full..taken.len()).max_by(|a, b| taken[*a].total_cmp(&taken[*b]))?;
            (trace.rows[empty].voltage_v <= min_v + 0.05).then(|| taken[empty] - taken[full])
        })
    };
    whole(false).or_else(in_pulses).or_else(|| whole(true))
}

fn drive(trace: &Trace, soc: Vec<f64>, options: &IdentifyOptions, known_temperature: bool) -> Drive {
    let rows = &trace.rows;
    let known: Option<Vec<f64>> = rows.iter().map(|r| r.temperature_c).collect();
    let weight = |r: &super::trace::Sample| match (r.counted, r.voltage_v >= options.above_v) {
        (false, _) => 0.0,
        (true, true) => 1.0,
        (true, false) => WEIGHT_BELOW,
    };
    let first = soc[0];
    // A row counts for the time around it: a pulse logged ten times a second is not worth an hour of discharge.
    let gap = |k: usize| if k == 0 || k >= rows.len() { 0.0 } else { rows[k].time_s - rows[k - 1].time_s };
    let mut weights: Vec<f64> = (0..rows.len())
        .map(|k| weight(&rows[k]) * (0.5 * (gap(k) + gap(k + 1))).clamp(SHORTEST_S, LONGEST_S).sqrt())
        .collect();
    let counted = rows.iter().filter(|r| r.counted).count().max(1) as f64;
    let mean = (weights.iter().map(|w| w * w).sum::<f64>() / counted).sqrt().max(1e-9);
    weights.iter_mut().for_each(|w| *w /= mean);
    Drive {
        dt_s: (0..rows.len()).map(|k| if k == 0 { 0.0 } else { rows[k].time_s - rows[k - 1].time_s }).collect(),
        current_a: rows.iter().map(|r| r.current_a).collect(),
        voltage_v: rows.iter().map(|r| r.voltage_v).collect(),
        weight: weights,
        ambient_c: rows[0].temperature_c.unwrap_or(options.ambient_c),
        temperature_c: known.filter(|_| known_temperature),
        // A cell that is full was charged, one that is empty discharged.
        hysteresis: f64::from(u8::from(first > 0.9)) - f64::from(u8::from(first < 0.1)),
        soc,
        without_r0: false,
    }
}

fn leg_drive(leg: &Leg, pulse_rows: usize, options: &IdentifyOptions) -> Drive {
    let weight = (SHARE_OF_LEG * pulse_rows as f64 / leg.soc.len() as f64).min(1.0).sqrt();
    let of = |v: &f64| if *v >= options.above_v { weight } else { WEIGHT_BELOW * weight };
    Drive {
        dt_s: leg.dt_s.clone(),
        current_a: leg.current_a.clone(),
        voltage_v: leg.voltage_v.clone(),
        soc: leg.soc.clone(),
        weight: leg.voltage_v.iter().map(of).collect(),
        temperature_c: Some(vec![options.ambient_c; leg.soc.len()]),
        ambient_c: options.ambient_c,
        hysteresis: if leg.discharge { 1.0 } else { -1.0 },
        without_r0: leg.leads_ohm.is_some(),
    }
}

/// Cooling that meets the measured temperatures best, where they rise enough \[W/K\].
fn cooling(trace: &Trace, soc: &[f64], ocv_v: &[f64], heat_capacity_j_per_k: f64) -> Option<f64> {
    let measured: Vec<f64> = trace.rows.iter().map(|r| r.temperature_c).collect::<Option<_>>()?;
    let ambient = measured[0];
    if measured.iter().copied().fold(f64::MIN, f64::max) - ambient < RISE_K {
        return None;
    }
    let knots = ocv::knots();
    let error = |log: f64| {
        let h = log.exp();
        let (mut t, mut sum) = (ambient, 0.0);
        for k in 1..measured.len() {
            let row = &trace.rows[k];
            let dt = row.time_s - trace.rows[k - 1].time_s;
            let heat = (row.current_a * (interpolate(&knots, ocv_v, soc[k]) - row.voltage_v)).max(0.0);
            let settled = ambient + heat / h;
            t = settled + (t - settled) * (-dt * h / heat_capacity_j_per_k).exp();
            sum += (t - measured[k]).powi(2);
        }
        sum
    };
    // A grid, then closer around its best place.
    let mut centre = (heat_capacity_j_per_k / 1000.0).ln();
    let mut width = 3.0;
    for _ in 0..5 {
        let tries = (-10..=10).map(|k| centre + width * f64::from(k) / 10.0);
        centre = tries.min_by(|a, b| error(*a).total_cmp(&error(*b)))?;
        width *= 0.2;
    }
    Some(centre.exp())
}

/// Values with intervals.
fn values(layout: &Layout, found: &Numbers, sd: &[f64], drives: &[&Drive], gap: bool) -> Vec<Value> {
    const FIELDS: [&str; 4] = ["r0_mohm", "r1_mohm", "r2_mohm", "r3_mohm"];
    const TAUS: [&str; 3] = ["tau1_s", "tau2_s", "tau3_s"];
    let mut out = Vec::new();
    for (k, s) in layout.offset_knots.iter().enumerate() {
        let (value, sd) = (interpolate(&found.ocv_soc, &found.ocv_v, *s), layout.offset_sd_v[k] * sd[k]);
        let told = if sd < 0.003 {
            Told::Identified
        } else if sd < 0.01 {
            Told::Partly
        } else {
            Told::NotIdentified
        };
        let half = TWO_SIDED_95 * sd;
        out.push(Value {
            field: "ocv_v",
            unit: "V",
            soc: Some(*s),
            value,
            interval: [value - half, value + half],
            told,
        });
    }
    let soc = &found.resistance_soc;
    let loaded = |k: usize| {
        let (low, high) = (soc[k.saturating_sub(1)], soc[(k + 1).min(soc.len() - 1)]);
        drives.iter().any(|d| {
            let most = d.current_a.iter().map(|i| i.abs()).fold(0.0, f64::max);
            (0..d.soc.len())
                .any(|r| d.weight[r] > 0.0 && d.current_a[r].abs() > 0.1 * most && (low..=high).contains(&d.soc[r]))
        })
    };
    let log = |field, unit, soc, value: f64, sd: f64, seen: bool| {
        let factor = (TWO_SIDED_95 * sd).min(20.0).exp();
        let told = if seen { Told::of(sd) } else { Told::NotIdentified };
        Value { field, unit, soc, value, interval: [value / factor, value * factor], told }
    };
    for (of, r) in found.r_ohm.iter().enumerate() {
        for (k, r) in r.iter().enumerate() {
            let sd = sd[layout.resistance(of, k)];
            out.push(log(FIELDS[of], "mOhm", Some(soc[k]), 1e3 * r, sd, loaded(k)));
        }
    }
    for (k, tau) in found.tau_s.iter().enumerate() {
        out.push(log(TAUS[k], "s", None, *tau, sd[layout.tau(k)], true));
    }
    let h = layout.hysteresis();
    out.push(log("hysteresis_v", "V", None, found.hysteresis_v, sd[h], gap));
    out.push(log("hysteresis_gamma", "", None, found.hysteresis_gamma, sd[h + 1], true));
    out
}

/// A number with five significant digits.
fn five(x: f64) -> f64 {
    format!("{x:.4e}").parse().unwrap_or(x)
}

fn spec(
    found: &Numbers,
    options: &IdentifyOptions,
    [voltage_min_v, voltage_max_v]: [f64; 2],
    mass_kg: f64,
    specific_heat_j_per_kgk: f64,
    capacity_ah: f64,
) -> CellSpec {
    let milli = |r: &[f64]| r.iter().map(|r| five(1e3 * r)).collect::<Vec<_>>();
    // The pair with the shorter time constant is the first.
    let (fast, slow) = if found.tau_s[0] <= found.tau_s[1] { (0, 1) } else { (1, 0) };
    let mut ocv_v: Vec<f64> = found.ocv_v.iter().map(|v| (v * 1e4).round() / 1e4).collect();
    ocv::rising(&mut ocv_v);
    CellSpec {
        capacity_ah: five(capacity_ah),
        nominal_voltage_v: (1e3 * mean(&found.ocv_soc, &found.ocv_v)).round() / 1e3,
        voltage_min_v,
        voltage_max_v,
        mass_kg: five(mass_kg),
        specific_heat_j_per_kgk,
        ocv_soc: found.ocv_soc.clone(),
        ocv_v: ocv_v.iter().map(|v| (v * 1e4).round() / 1e4).collect(),
        resistance_soc: found.resistance_soc.clone(),
        r0_mohm: milli(&found.r_ohm[0]),
        r1_mohm: milli(&found.r_ohm[1 + fast]),
        r2_mohm: milli(&found.r_ohm[1 + slow]),
        tau1_s: five(found.tau_s[fast]),
        tau2_s: five(found.tau_s[slow]),
        hysteresis_v: (found.hysteresis_v * 1e5).round() / 1e5,
        hysteresis_gamma: five(found.hysteresis_gamma),
        ..options.like.clone()
    }
}

/// Mean of a piecewise straight line over 0..=1.
fn mean(knots: &[f64], values: &[f64]) -> f64 {
    let pieces = knots.windows(2).zip(values.windows(2));
    pieces.map(|(s, v)| 0.5 * (v[0] + v[1]) * (s[1] - s[0])).sum()
}

/// The numbers as the entry has them; a third pair stays.
fn rounded(mut found: Numbers, spec: &CellSpec) -> Numbers {
    found.capacity_ah = spec.capacity_ah;
    found.ocv_v.clone_from(&spec.ocv_v);
    if found.tau_s.len() == 2 {
        let ohm = |r: &[f64]| r.iter().map(|r| 1e-3 * r).collect::<Vec<_>>();
        found.r_ohm = vec![ohm(&spec.r0_mohm), ohm(&spec.r1_mohm), ohm(&spec.r2_mohm)];
        found.tau_s = vec![spec.tau1_s, spec.tau2_s];
    }
    (found.hysteresis_v, found.hysteresis_gamma) = (spec.hysteresis_v, spec.hysteresis_gamma);
    found
}
