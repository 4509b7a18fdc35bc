//! The summary as a short text.

use super::stats::Quantiles;
use super::summary::{ShareOf, Summary, TestSummary};
use super::words::{energy, mass, number, or_dash, percent, plain, thousands};

impl Summary {
    /// A summary of at most 40 lines for a terminal.
    pub fn text(&self) -> String {
        let mut lines: Vec<(&str, String)> = vec![("packs", self.packs_line())];
        if self.packs == self.failed {
            return aligned(&lines);
        }
        if let Some(bought) = &self.bought {
            let text = format!(
                "{} modules in {} packs, SoH {}, {} years old",
                thousands(bought.modules as f64),
                thousands(bought.packs as f64),
                band(Some(bought.soh), percent),
                band(Some(bought.years), |x| format!("{x:.1}")),
            );
            lines.push(("bought", text));
        }
        for (k, route) in self.exit_routes.iter().filter(|r| r.packs > 0 && self.bought.is_none()).enumerate() {
            let text = format!(
                "{:<12} {:>7}   median {} years, SoH {}",
                plain(route.route),
                percent(route.share),
                or_dash(route.median_years, |y| format!("{y:.1}")),
                or_dash(route.median_soh, percent),
            );
            lines.push((if k == 0 { "exit" } else { "" }, text));
        }
        if self.bought.is_none() {
            lines.push(("first life", format!("{} years", band(self.first_life_years, |x| format!("{x:.1}")))));
        }
        if let Some(f) = &self.fade {
            let text = format!(
                "SoH falls {} points a year to {} at month {}, resistance x{}",
                number(f.soh_per_year * 100.0),
                percent(f.soh),
                f.month,
                or_dash(f.resistance, |r| format!("{r:.2}")),
            );
            lines.push(("fade", text));
        }
        lines.push((
            if self.bought.is_some() { "at the gate" } else { "at exit" },
            format!(
                "SoH {}, resistance x{}",
                band(self.exit_soh, percent),
                band(self.exit_resistance, |x| format!("{x:.2}"))
            ),
        ));
        lines.push(("grades", list(&self.grades)));
        lines.push(("modules", self.modules_line()));
        lines.extend(self.test_lines().unwrap_or_default());
        let second = &self.second_life;
        lines.push((
            "second life",
            format!(
                "{} systems, {} years",
                thousands(second.systems as f64),
                band(second.years, |x| format!("{x:.1}"))
            ),
        ));
        if second.systems > 0 {
            lines.push(("ended by", list(&second.end_causes)));
            let years: Vec<String> =
                second.unmet.iter().map(|u| format!("year {}: {}", u.year, percent(u.unmet_share))).collect();
            let all = or_dash(second.unmet_share, percent);
            lines.push((
                "unmet",
                format!("{all} of demand ({}); served {}", years.join(", "), energy(second.served_kwh)),
            ));
        }
        if second.systems > 0 {
            let text = format!(
                "{} of the modules' energy out of reach at the start; balancing {}, converters of strings or modules {}",
                or_dash(second.unused_start_share, percent),
                energy(second.balancing_loss_kwh),
                energy(second.unit_converter_loss_kwh)
            );
            lines.push(("joining", text));
            if let Some(o) = &second.operation {
                let text = format!(
                    "{} from the grid, {} L of fuel ({} of CO2e): the customer's, in no cost here",
                    energy(o.grid_kwh),
                    thousands(o.fuel_l),
                    mass(o.fuel_co2_kg)
                );
                lines.push(("operation", text));
            }
            if second.modules_replaced + second.modules_added > 0 {
                let text = format!(
                    "{} modules replaced, {} added, for {} USD",
                    thousands(second.modules_replaced as f64),
                    thousands(second.modules_added as f64),
                    thousands(second.service_usd)
                );
                lines.push(("service", text));
            }
        }
        lines.extend(self.decision_lines());
        let efficiency = or_dash(self.recycling_efficiency, percent);
        lines.push(("recycled", format!("{}, {efficiency} of it recovered", mass(self.recycled_mass_kg))));
        if let Some(t) = &self.targets {
            let missed = if t.missed.is_empty() { "none".to_owned() } else { plain(&t.missed.join(", ")) };
            lines.push((
                "targets",
                format!("{} of {} met (an item and year each); missed by: {missed}", t.met, t.checked),
            ));
        }
        let materials = self.materials();
        for (k, part) in materials.chunks(6).enumerate() {
            lines.push((if k == 0 { "recovered" } else { "" }, part.join(", ")));
        }
        if let Some(c) = &self.costs {
            let text = format!(
                "{} USD a kWh on the name plate, {} actual, {} usable at the start, {} usable at the end",
                number(c.usd_per_nameplate_kwh),
                number(c.usd_per_actual_kwh),
                number(c.usd_per_usable_kwh),
                number(c.usd_per_usable_end_kwh)
            );
            lines.push(("cost", text));
        }
        lines.push(("NPV a pack", format!("{} USD", band(self.npv_usd, thousands))));
        if let Some(c) = &self.co2 {
            let text = format!(
                "{} kg CO2e caused, {} saved by materials, {} by storage not made",
                thousands(c.caused_kg),
                thousands(c.saved_materials_kg),
                thousands(c.saved_storage_kg)
            );
            lines.push(("CO2 a pack", text));
        }
        for (k, law) in self.laws.iter().enumerate() {
            let text = if self.laws.len() == 1 {
                law.law.clone()
            } else {
                format!(
                    "{}: SoH at exit {}, second life {} years, unmet {}",
                    law.law,
                    band(law.exit_soh, percent),
                    band(law.second_life_years, |x| format!("{x:.1}")),
                    or_dash(law.unmet_share, percent)
                )
            };
            lines.push((if k == 0 { "aging law" } else { "" }, text));
        }
        lines.push(("outside fit", self.outside_line()));
        lines.push(("balance", format!("largest error {}", or_dash(self.balance_error_max, |e| format!("{e:.1e}")))));
        lines.push(("bands", self.bands.clone()));
        aligned(&lines)
    }

    /// The study in one sentence.
    pub fn headline(&self) -> String {
        let done = self.packs - self.failed;
        let Some((years, soh)) = self.first_life_years.zip(self.exit_soh) else {
            return format!("None of {} packs lived a life to the end.", thousands(self.packs as f64));
        };
        let lives = if self.laws.len() > 1 { "lives" } else { "packs" };
        let mut text = match &self.bought {
            Some(bought) => format!(
                "{} modules in {} packs are bought at a SoH of {} and an age of {:.1} years (medians of their packs)",
                thousands(bought.modules as f64),
                thousands(bought.packs as f64),
                percent(bought.soh.p50),
                bought.years.p50
            ),
            None => format!(
                "Of {} {lives}, half leave the vehicle after at most {:.1} years, with a median SoH of {}",
                thousands(done as f64),
                years.p50,
                percent(soh.p50)
            ),
        };
        match (self.second_life.years, self.modules.accepted_share) {
            (Some(second), Some(accepted)) => text.push_str(&format!(
                "; {} of the tested modules are accepted and their systems serve {:.1} years (median; P10-P90 {:.1} to \
                 {:.1}), with {} of demand unmet.",
                percent(accepted),
                second.p50,
                second.p10,
                second.p90,
                or_dash(self.second_life.unmet_share, percent)
            )),
            _ => text.push_str("; none gets a second life."),
        }
        text
    }

    fn packs_line(&self) -> String {
        let mut text = format!("{}, {} failed", thousands(self.packs as f64), thousands(self.failed as f64));
        if self.laws.len() > 1 {
            text =
                format!("{text} ({} packs, each under {} laws)", self.packs / self.laws.len() as u64, self.laws.len());
        }
        if self.failed > 0 {
            let stages: Vec<String> =
                self.failures_by_stage.iter().map(|(stage, n)| format!("{} {n}", plain(stage))).collect();
            text.push_str(&format!(" ({})", stages.join(", ")));
        }
        text
    }

    fn modules_line(&self) -> String {
        let m = &self.modules;
        format!(
            "{} tested, {} accepted; falsely: {} of accepted, {} of rejected",
            thousands(m.tested as f64),
            or_dash(m.accepted_share, percent),
            or_dash(m.false_accepts_of_accepted, percent),
            or_dash(m.false_rejects_of_rejected, percent)
        )
    }

    /// The test that costs least with its mistakes, and those that avoid most for their price.
    fn test_lines(&self) -> Option<Vec<(&'static str, String)>> {
        let total = |t: &TestSummary| t.pack_cost_usd + t.pack_loss_usd;
        let none = self.tests.first()?;
        let least = self.tests.iter().min_by(|a, b| total(a).total_cmp(&total(b)))?;
        let mut paying: Vec<(&str, f64)> = self
            .tests
            .iter()
            .filter_map(|t| Some((t.test.as_str(), t.loss_avoided_per_usd.filter(|x| *x > 0.0)?)))
            .collect();
        paying.sort_by(|a, b| b.1.total_cmp(&a.1));
        let paying: Vec<String> =
            paying.iter().take(4).map(|(test, per_usd)| format!("{test} {}", number(*per_usd))).collect();
        if paying.is_empty() {
            let text = format!("none avoids a loss here; no test costs {} USD a pack", number(total(none)));
            return Some(vec![("tests", text)]);
        }
        let least = format!(
            "least with its mistakes: {}, {} USD a pack ({} for the test); no test {}",
            least.test,
            number(total(least)),
            number(least.pack_cost_usd),
            number(total(none))
        );
        Some(vec![("tests", least), ("", format!("loss avoided per USD of test: {}", paying.join(", ")))])
    }

    /// Recovered materials with their mass, the largest first.
    fn materials(&self) -> Vec<String> {
        let mut materials: Vec<(&String, f64)> =
            self.recovered_kg.iter().map(|(m, kg)| (m, *kg)).filter(|m| m.1 > 0.0).collect();
        materials.sort_by(|a, b| b.1.total_cmp(&a.1));
        materials.iter().map(|(m, kg)| format!("{} {}", plain(m), mass(*kg))).collect()
    }

    /// What tested packs were worth, and where chemistries switch, a line a price set.
    fn decision_lines(&self) -> Vec<(&'static str, String)> {
        let d = &self.decision;
        let mut lines = Vec::new();
        if let Some(regret) = d.regret_usd {
            let sent = match d.sent_to_recycler {
                0 => String::new(),
                n => format!("; {} packs recycled whole", thousands(n as f64)),
            };
            lines.push(("worth most", format!("{}; regret {} USD a pack{sent}", list(&d.best), number(regret))));
        }
        let mut sets: Vec<&str> = Vec::new();
        for s in &d.switching {
            if !sets.contains(&s.prices.as_str()) {
                sets.push(&s.prices);
            }
        }
        for (k, set) in sets.iter().enumerate() {
            let of_set = d.switching.iter().filter(|s| s.prices == *set);
            let points: Vec<String> =
                of_set.map(|s| format!("{} {}", s.chemistry, s.soh.map_or("never".into(), percent))).collect();
            let text = format!("reuse from SoH: {} ({set})", points.join(", "));
            lines.push((if k == 0 { "switching" } else { "" }, text));
        }
        lines
    }

    fn outside_line(&self) -> String {
        let o = &self.outside;
        format!(
            "first life {} of time, {} of throughput, {} past the tests; second life {}, {}, {}",
            or_dash(o.first_time, percent),
            or_dash(o.first_throughput, percent),
            or_dash(o.first_beyond, percent),
            or_dash(o.second_time, percent),
            or_dash(o.second_throughput, percent),
            or_dash(o.second_beyond, percent)
        )
    }
}

fn aligned(lines: &[(&str, String)]) -> String {
    lines.iter().map(|(name, text)| format!("{name:<12} {text}\n")).collect()
}

fn band(q: Option<Quantiles>, text: impl Fn(f64) -> String) -> String {
    or_dash(q, |q| format!("{} ({} to {})", text(q.p50), text(q.p10), text(q.p90)))
}

fn list(shares: &[ShareOf]) -> String {
    let present: Vec<String> =
        shares.iter().filter(|s| s.count > 0).map(|s| format!("{} {}", s.name, percent(s.share))).collect();
    if present.is_empty() { "-".into() } else { present.join(", ") }
}
