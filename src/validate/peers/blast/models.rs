//! The models of BLAST-Lite 1.1.1 by the names of their files, and the law of ours that each is.

use super::faults;
use crate::aging::profile::{Rates, Samples, Window, WindowCell, WindowRule};
use crate::aging::{AgingOptions, CycleStress, Form, Law, LawKind, LawSpec, Rate, laws};
use std::collections::BTreeMap;

/// A column of a table of rates, as a function of our rates.
pub(super) type RateColumn = (&'static str, fn(&Rates) -> f64);

/// A step of a window, as hooks see it.
pub(super) struct Step<'a> {
    pub law: &'a Law,
    pub samples: &'a Samples<'a>,
    pub window: &'a Window,
    pub rates: &'a Rates,
    pub explicit: bool,
    pub before: WindowCell,
}

/// Rate of a time-driven mechanism, as in a form.
type TimeRate = fn(&[f64], usize, f64, f64) -> Rate;
/// Rate of a cycle-driven mechanism, as in a form.
type CycleRate = fn(&[f64], usize, &CycleStress) -> Rate;

/// A model of the package in terms of our laws.
pub(super) struct Model {
    /// Stem of its files.
    pub name: &'static str,
    law: &'static str,
    /// Form that is not one of ours.
    form: Option<&'static Form>,
    time: Option<TimeRate>,
    cycle: Option<CycleRate>,
    /// How it takes a window.
    pub mean_first: bool,
    ocv_v: Option<fn(f64) -> f64>,
    /// Losses at the start by mechanism.
    pub start: &'static [(usize, f64)],
    /// Rates that need all samples of a window.
    pub rates: Option<fn(&Law, &Samples<'_>, &Window, &mut Rates)>,
    /// What it does to a step after its own rule.
    pub after: Option<fn(&Step<'_>, &mut WindowCell)>,
    /// Capacity, where it is not the scarcer of lithium and material.
    pub capacity: Option<fn(&WindowCell, &Law) -> f64>,
    /// Resistance, if it has one.
    pub resistance: Resistance,
    /// Columns of its tables of rates.
    pub columns: &'static [RateColumn],
}

/// Where the resistance of a model comes from.
#[derive(Clone, Copy)]
pub(super) enum Resistance {
    None,
    /// Mechanisms of the law.
    Law,
    /// Mechanisms of its own, kept beside the law.
    Own(fn(&mut [f64; 4], &Step<'_>)),
    /// The same, or one that follows from the cell, whichever is higher.
    OwnOr(fn(&mut [f64; 4], &Step<'_>), fn(&WindowCell, &Law) -> f64),
}

const PLAIN: Model = Model {
    name: "",
    law: "",
    form: None,
    time: None,
    cycle: None,
    mean_first: false,
    ocv_v: None,
    start: &[],
    rates: None,
    after: None,
    capacity: None,
    resistance: Resistance::None,
    columns: &[("rate_kcal", |r| r[0].k()), ("rate_kcyc", |r| r[1].k())],
};

const UNDERSCORED: &[RateColumn] = &[("rate_k_cal", |r| r[0].k()), ("rate_k_cyc", |r| r[1].k())];

/// Every model of the package.
pub(super) static MODELS: &[Model] = &[
    Model { name: "Lfp_Gr_250AhPrismatic", law: "lfp_prismatic250", ..PLAIN },
    Model {
        name: "Lfp_Gr_SonyMurata3Ah_Battery",
        law: "lfp_sony",
        time: Some(faults::sony_time),
        cycle: Some(faults::sony_cycle),
        resistance: Resistance::Own(faults::sony_resistance),
        columns: &[
            ("rate_q1", |r| r[0].sigmoid[0]),
            ("rate_q3", |r| r[0].sigmoid[1]),
            ("rate_q5", |r| r[1].k()),
            ("rate_r_kcal", |r| r[2].k() / 86_400.0),
            ("rate_r_kcyc", |r| 100.0 * r[3].k()),
        ],
        ..PLAIN
    },
    Model {
        name: "Lmo_Gr_NissanLeaf66Ah_2ndLife_Battery",
        law: "lmo_leaf_second_life",
        columns: &[("rate_k_cal", |r| r[0].k())],
        ..PLAIN
    },
    Model {
        name: "NCA_GrSi_SonyMurata2p5Ah_Battery",
        form: Some(&faults::NCA_GRSI),
        rates: Some(faults::nca_grsi_cycle),
        after: Some(faults::nca_grsi_digits),
        columns: &[
            ("rate_kcal", |r| r[0].sigmoid[0]),
            ("rate_pcal", |r| r[0].sigmoid[1]),
            ("rate_kcyc", |r| r[1].sigmoid[0]),
            ("rate_pcyc", |r| r[1].sigmoid[1]),
        ],
        ..PLAIN
    },
    Model { name: "NMC_Gr_50Ah_B1", law: "nmc50_b1", ..PLAIN },
    Model { name: "NMC_Gr_50Ah_B2", law: "nmc50_b2", cycle: Some(faults::b2_cycle), ..PLAIN },
    Model { name: "NMC_Gr_75Ah_A", law: "nmc75_a", cycle: Some(faults::a_cycle), ..PLAIN },
    Model { name: "Nca_Gr_Panasonic3Ah_Battery", law: "nca_panasonic", columns: UNDERSCORED, ..PLAIN },
    Model {
        name: "Nmc111_Gr_Kokam75Ah_Battery",
        law: "nmc_kokam",
        start: &[(2, 1e-8)],
        rates: Some(faults::kokam_material),
        resistance: Resistance::OwnOr(faults::kokam_resistance, faults::kokam_resistance_of_material),
        columns: &[("rate_q1", |r| r[0].k()), ("rate_q3", |r| r[1].k()), ("rate_q5", |r| 1.0 / r[2].k())],
        ..PLAIN
    },
    Model {
        name: "Nmc111_Gr_Sanyo2Ah_Battery",
        law: "nmc111_schmalstieg",
        ocv_v: Some(laws::nmc111_schmalstieg::ocv),
        after: Some(faults::sanyo_shallow_resistance),
        resistance: Resistance::Law,
        columns: &[
            ("rate_alpha_cap", |r| r[0].k()),
            ("rate_beta_cap", |r| r[1].k()),
            ("rate_alpha_res", |r| r[2].k()),
            ("rate_beta_res", |r| r[3].k()),
        ],
        ..PLAIN
    },
    Model {
        name: "Nmc622_Gr_DENSO50Ah_Battery",
        law: "nmc622_denso",
        mean_first: true,
        after: Some(faults::denso_ceiling),
        columns: &[("rate_b1t", |r| r[0].k()), ("rate_b1N", |r| r[1].k() / (0.985 * r[0].k()))],
        ..PLAIN
    },
    Model {
        name: "Nmc811_GrSi_LGM50_5Ah_Battery",
        law: "nmc811_lgm50",
        time: Some(faults::lgm50_time),
        cycle: Some(faults::lgm50_cycle),
        columns: UNDERSCORED,
        ..PLAIN
    },
    Model { name: "Nmc811_GrSi_LGMJ1_4Ah_Battery", law: "nmc811_mj1", columns: UNDERSCORED, ..PLAIN },
    Model {
        name: "Nmc_Lto_10Ah_Battery",
        form: Some(&faults::LTO_BANK),
        after: Some(faults::lto_bank_overshoot),
        capacity: Some(faults::lto_bank_capacity),
        columns: &[("rate_alpha", |r| r[1].k()), ("rate_beta", |r| r[0].k()), ("rate_gamma", |r| r[2].k())],
        ..PLAIN
    },
];

impl Model {
    /// The model whose files have that stem.
    pub(super) fn named(stem: &str) -> Option<&'static Model> {
        MODELS.iter().find(|model| model.name == stem)
    }

    /// Our law, as it ships; `None` for a model that does not ship.
    pub(super) fn shipped(&self) -> Option<Result<Law, String>> {
        self.form.is_none().then(|| crate::validate::law(self.law, AgingOptions::default()))
    }

    /// Our law with the package's faults in it.
    pub(super) fn law(&self) -> Result<Law, String> {
        let mut law = match (self.shipped(), self.form) {
            (Some(law), _) => law?,
            (None, Some(form)) => bare(form),
            (None, None) => return Err("neither a law nor a form".into()),
        };
        if self.time.is_some() || self.cycle.is_some() {
            let mut form = *law.form;
            form.time = self.time.unwrap_or(form.time);
            form.cycle = self.cycle.unwrap_or(form.cycle);
            // One small leak a law and run: forms live for ever.
            law.form = Box::leak(Box::new(form));
        }
        Ok(law)
    }

    /// How the package takes a window of samples.
    pub(super) fn rule(&self, explicit: bool) -> WindowRule {
        WindowRule { explicit, mean_first: self.mean_first, ocv_v: self.ocv_v }
    }
}

/// A form with its own numbers, outside the library.
fn bare(form: &'static Form) -> Law {
    let parameters: Vec<f64> = form.parameters.iter().map(|p| p.value).collect();
    let range = crate::aging::FittedRange {
        temperature_c: [-50.0, 100.0],
        soc: [0.0, 1.0],
        depth: [0.0, 1.0],
        charge_c_max: 10.0,
        discharge_c_max: 10.0,
        test_years: 1.0,
        loss_max: 1.0,
    };
    let spec = LawSpec {
        title: form.name.into(),
        form: form.name.into(),
        kind: LawKind::Laboratory,
        parameters: BTreeMap::new(),
        sets: vec![],
        range,
        resistance_per_loss: Some(1.0),
        loss_cv: 0.0,
        resistance_cv: 0.0,
        soh_at_start: 1.0,
    };
    Law::assemble(form, parameters, spec, AgingOptions::default())
}
