//! Checks of loads and grids.

use super::check::{Breach, Checker, Checks};
use crate::duty::{GridError, GridSpec, LoadError, LoadModel, LoadSpec, ProfileSpec, SessionSpec, Supply};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

impl Checks for LoadSpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        let found = self.kinds();
        if found != 1 {
            c.found.push(Breach::OneLoad { found });
        }
        if let Some(p) = &self.profile {
            profile(p, &mut c);
        }
        if let Some(s) = &self.sessions {
            sessions(s, &mut c);
        }
        if let Some(file) = &self.file {
            for kw in file.load_kw.values() {
                c.range("file.load_kw", *kw, 0.0, 1e6);
            }
        }
        if c.found.is_empty() {
            // What is left, the model itself looks at.
            c.found.extend(LoadModel::new(self, 60, ChaCha8Rng::seed_from_u64(0)).err().map(|f| load_fault(self, f)));
        }
        c.found
    }
}

fn profile(p: &ProfileSpec, c: &mut Checker) {
    c.positive(&[("profile.daily_kwh", p.daily_kwh)]);
    c.weights("profile.hour_weights", &p.hour_weights, Some(24));
    if let Some(weekend) = &p.weekend_weights {
        c.length("profile.weekend_weights", weekend.len(), 24);
        for weight in weekend {
            c.not_negative(&[("profile.weekend_weights", *weight)]);
        }
    }
    c.weights("profile.month_weights", &p.month_weights, Some(12));
    c.not_negative(&[
        ("profile.day_ln_sd", p.day_ln_sd),
        ("profile.site_ln_sd", p.site_ln_sd),
        ("profile.hour_ln_sd", p.hour_ln_sd),
    ]);
    c.range("profile.minute_ln_sd", p.minute_ln_sd, 0.0, 5.0);
    if let Some(minutes) = p.memory_minutes {
        c.positive(&[("profile.memory_minutes", minutes)]);
    }
}

fn sessions(s: &SessionSpec, c: &mut Checker) {
    c.positive(&[
        ("sessions.per_day", s.per_day),
        ("sessions.energy_kwh", s.energy_kwh),
        ("sessions.energy_shape", s.energy_shape),
    ]);
    for power in &s.power_kw {
        c.positive(&[("sessions.power_kw", *power)]);
    }
    c.weights("sessions.power_share", &s.power_share, Some(s.power_kw.len()));
    c.weights("sessions.hour_weights", &s.hour_weights, Some(24));
}

/// Where the fault of a load lies: the field of its table, or of the appliance that has such a value.
fn load_fault(load: &LoadSpec, fault: LoadError) -> Breach {
    let table = match load {
        LoadSpec { profile: Some(_), .. } => "profile",
        LoadSpec { sessions: Some(_), .. } => "sessions",
        LoadSpec { appliances: Some(_), .. } => "appliances",
        LoadSpec { events: Some(_), .. } => "events",
        LoadSpec { reserve: Some(_), .. } => "reserve",
        _ => "file",
    };
    let field = match (&fault, &load.appliances) {
        (LoadError::Value { field, .. } | LoadError::Length { field, .. }, Some(appliances)) => {
            // One kind alone shows which of them it is.
            let bad = appliances.kinds.iter().find(|(name, kind)| {
                let mut alone = load.clone();
                if let Some(a) = &mut alone.appliances {
                    a.kinds = [((*name).clone(), (*kind).clone())].into();
                }
                LoadModel::new(&alone, 1, ChaCha8Rng::seed_from_u64(0)).is_err()
            });
            match bad {
                Some((name, _)) if *field != "homes" => format!("{table}.kinds.{name}.{field}"),
                _ => format!("{table}.{field}"),
            }
        }
        (LoadError::Value { field, .. } | LoadError::Length { field, .. }, None) => format!("{table}.{field}"),
        (LoadError::Limit, _) => format!("{table}.limit_kw"),
        _ => table.into(),
    };
    Breach::Load { field, fault }
}

impl Checks for GridSpec {
    fn breaches(&self) -> Vec<Breach> {
        let fault = Supply::new(self, 1, ChaCha8Rng::seed_from_u64(0)).err();
        let place = |fault: &GridError| match fault {
            GridError::Duration { field } | GridError::Value { field, .. } => *field,
            GridError::Length { .. } => "availability",
            GridError::TooLong { .. } => "down",
            _ => "title",
        };
        fault.map(|fault| Breach::Grid { field: place(&fault).into(), fault }).into_iter().collect()
    }
}
