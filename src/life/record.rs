//! States of a pack along its life, as a battery record tells them. Not part of any result: made only when asked for.

use super::constants::JOULE_PER_KWH;
use super::grading::Tested;
use super::journey::Journey;
use super::outcome::{BoughtOutcome, FirstLifeOutcome};
use crate::pack::{Condition, ModuleString, remaining_power_w, round_trip_efficiency};

/// What is kept of a pack for its record.
#[derive(Clone, Debug, PartialEq)]
pub struct PackRecord {
    /// Day of the year on which the vehicle was sold, or the modules were bought.
    pub first_day: usize,
    /// Energy inside the vehicle's SoC window when new \[kWh\], as the entries of cell and vehicle say.
    pub certified_kwh: f64,
    /// The same at the end of the first life.
    pub energy_kwh: f64,
    /// Energy delivered by the pack in the vehicle \[kWh\]; none of bought modules.
    pub discharged_kwh: Option<f64>,
    /// Energy taken by the pack in the vehicle, regeneration included \[kWh\]; none of bought modules.
    pub charged_kwh: Option<f64>,
    /// A new pack of as many modules, as the entries say.
    pub as_new: BatteryState,
    /// At the end of the first life, or when bought.
    pub end_of_first_life: BatteryState,
    /// The same, module by module.
    pub modules: Vec<ModuleState>,
    /// What the tests said, module by module; empty when the pack failed the gate.
    pub tested: Vec<Tested>,
    /// Systems: at their start and at their end.
    pub systems: Vec<[BatteryState; 2]>,
}

/// State of a module.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModuleState {
    /// Present over nominal capacity.
    pub soh: f64,
    /// Present over new resistance.
    pub resistance: f64,
    /// Share of the loss that cycling took, where the law can say.
    pub cycle_share: Option<f64>,
    /// Self-discharge over that of the cell's entry.
    pub self_discharge: f64,
    /// Years since new.
    pub years: f64,
}

/// State of a battery: modules in one or more strings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatteryState {
    /// Modules.
    pub modules: u32,
    /// Mean years since the modules were new.
    pub years: f64,
    /// Mean SoH of the modules.
    pub soh_mean: f64,
    /// SoH of the weakest module.
    pub soh_min: f64,
    /// Mean resistance over new.
    pub resistance_mean: f64,
    /// Highest resistance of a module over new.
    pub resistance_max: f64,
    /// Power for ten seconds at half charge and 25 degC, discharge and charge \[kW\].
    pub power_kw: [f64; 2],
    /// Energy out over energy in of a full cycle.
    pub round_trip_efficiency: f64,
    /// Mean self-discharge over that of the cell's entry.
    pub self_discharge: f64,
    /// Equivalent full cycles since new, where they were counted.
    pub efc: Option<f64>,
}

impl BatteryState {
    /// State of strings whose cells saw so many equivalent full cycles since new.
    fn of(strings: &[ModuleString], efc: Option<f64>) -> Self {
        let all = || strings.iter().flat_map(|s| (0..s.len()).map(move |m| (s, m)));
        let n = all().count() as f64;
        let mean = |of: &dyn Fn(&ModuleString, usize) -> f64| all().map(|(s, m)| of(s, m)).sum::<f64>() / n;
        let conditions: Vec<Condition> = all().map(|(s, m)| s.condition(m)).collect();
        let mut power_kw = [0.0; 2];
        for string in strings {
            let modules: Vec<Condition> = (0..string.len()).map(|m| string.condition(m)).collect();
            let cells = string.cells_of_module() * string.len() as f64;
            let watt = remaining_power_w(string.cell(), &modules);
            power_kw.iter_mut().zip(watt).for_each(|(sum, w)| *sum += 1e-3 * cells * w);
        }
        BatteryState {
            modules: n as u32,
            years: mean(&|s, m| s.module_years(m)),
            soh_mean: mean(&|s, m| s.soh(m)),
            soh_min: conditions.iter().map(|c| c.soh).fold(f64::INFINITY, f64::min),
            resistance_mean: mean(&|s, m| s.resistance_of(m)),
            resistance_max: conditions.iter().map(|c| c.resistance).fold(0.0, f64::max),
            power_kw,
            round_trip_efficiency: strings.first().map_or(0.0, |s| round_trip_efficiency(s.cell(), &conditions)),
            self_discharge: mean(&|s, m| s.condition(m).self_discharge),
            efc,
        }
    }
}

impl PackRecord {
    /// At the end of the first life: the pack as it left the vehicle or was bought.
    pub(super) fn begin(
        journey: &Journey,
        first_day: usize,
        pack: &ModuleString,
        first: &FirstLifeOutcome,
        bought: Option<&BoughtOutcome>,
    ) -> Box<Self> {
        let [low, high] = journey.plan.vehicle.soc_window;
        let cell = pack.cell();
        let cells = pack.cells_of_module() * pack.len() as f64;
        let certified_kwh = 1e-3 * cell.spec.capacity_ah * (cell.enthalpy(high, 0.0) - cell.enthalpy(low, 0.0)) * cells;
        let new = vec![Condition::NEW; pack.len()];
        let ledger = pack.ledger();
        let lived = |joule: f64| bought.is_none().then_some(joule / JOULE_PER_KWH);
        let state = |m: usize| {
            let now = pack.condition(m);
            ModuleState {
                soh: now.soh,
                resistance: now.resistance,
                cycle_share: pack.cycle_share(m),
                self_discharge: now.self_discharge,
                years: pack.module_years(m),
            }
        };
        Box::new(PackRecord {
            first_day,
            certified_kwh,
            energy_kwh: pack.window_kwh(low, high),
            discharged_kwh: lived(ledger.discharged_j),
            charged_kwh: lived(ledger.charged_j),
            as_new: BatteryState {
                modules: pack.len() as u32,
                years: 0.0,
                soh_mean: 1.0,
                soh_min: 1.0,
                resistance_mean: 1.0,
                resistance_max: 1.0,
                power_kw: remaining_power_w(cell, &new).map(|w| 1e-3 * cells * w),
                round_trip_efficiency: round_trip_efficiency(cell, &new),
                self_discharge: 1.0,
                efc: Some(0.0),
            },
            end_of_first_life: BatteryState::of(
                std::slice::from_ref(pack),
                bought.map_or(Some(first.efc), |b| b.efc_mean),
            ),
            modules: (0..pack.len()).map(state).collect(),
            tested: Vec::new(),
            systems: Vec::new(),
        })
    }

    /// State of a system that is about to serve.
    pub(super) fn system_starts(&mut self, strings: &[ModuleString]) {
        let now = BatteryState::of(strings, self.end_of_first_life.efc);
        self.systems.push([now; 2]);
    }

    /// State of the system last begun, after so many equivalent full cycles of service.
    pub(super) fn system_ends(&mut self, strings: &[ModuleString], efc: f64) {
        let now = BatteryState::of(strings, self.end_of_first_life.efc.map(|before| before + efc));
        if let Some(system) = self.systems.last_mut() {
            system[1] = now;
        }
    }
}
