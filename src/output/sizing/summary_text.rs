//! The summary as a short text.

use super::summary::Summary;
use crate::output::Quantiles;
use crate::output::words::{energy, number, or_dash, percent, plain, thousands};

type Lines = Vec<(&'static str, String)>;

impl Summary {
    /// At most 45 lines for a terminal, 50 with sessions and hire, the headline first.
    pub fn text(&self) -> String {
        let mut lines: Lines = vec![("found", self.headline.clone())];
        lines.extend(self.target_lines());
        lines.extend(self.reliability_lines());
        lines.extend(self.battery_lines());
        lines.extend(self.charging.lines());
        lines.extend(self.money_lines());
        lines.extend(self.trust_lines());
        lines.iter().map(|(name, text)| format!("{name:<12} {text}\n")).collect()
    }

    fn target_lines(&self) -> Lines {
        let mut lines = vec![(
            "target",
            format!(
                "LPSP at most {} in year {} on {} of paths: {}",
                whole_percent(self.target_lpsp),
                self.service_years,
                whole_percent(self.confidence),
                if self.met { "met" } else { "not met by any design of the lists" }
            ),
        )];
        lines.extend(self.binding.map(|binding| ("binds", binding.to_string())));
        // The headline may be these very words.
        lines
            .extend(self.shortfall.iter().filter(|words| **words != self.headline).map(|words| ("why", words.clone())));
        lines.push((if self.met { "chosen" } else { "nearest" }, self.design.clone()));
        lines
    }

    fn reliability_lines(&self) -> Lines {
        let mut lines = vec![
            ("LPSP", format!("year 1: {}; P90 {}", lpsp(self.lpsp_first, |q| q.p50), lpsp(self.lpsp_first, |q| q.p90))),
            (
                "",
                format!(
                    "year {}: {}; P90 {}; at the confidence {}",
                    self.service_years,
                    lpsp(self.lpsp_last, |q| q.p50),
                    lpsp(self.lpsp_last, |q| q.p90),
                    or_dash(self.lpsp_at_confidence, percent)
                ),
            ),
            (
                "plain models",
                format!(
                    "year 1 at the capacity of the start: energy balance {}, kinetic {}",
                    or_dash(self.plain_lpsp[0], percent),
                    or_dash(self.plain_lpsp[1], percent)
                ),
            ),
        ];
        if let Some(u) = &self.unserved {
            lines.push((
                "unserved",
                format!(
                    "{} in the last year, {} of it from 17 to 23 h; {} times, longest {} h (P90), {} of the time",
                    energy(u.eens_kwh),
                    or_dash(u.evening, percent),
                    number(u.events),
                    number(u.longest_p90_h),
                    percent(u.lolp)
                ),
            ));
            lines.push((
                "because",
                format!(
                    "battery empty {}, limit of power {}, temperature {}",
                    or_dash(u.energy, percent),
                    or_dash(u.power, percent),
                    or_dash(u.temperature, percent)
                ),
            ));
        }
        if let (Some(n), Some(h)) = (self.outages, self.outage_hours) {
            lines.push((
                "outages",
                format!(
                    "grid {} a year, {} h (SAIFI, SAIDI); load with the site {} a year, {} h",
                    number(n[0]),
                    number(h[0]),
                    number(n[1]),
                    number(h[1])
                ),
            ));
        }
        if let (Some(fuel), Some(hours)) = (self.fuel_l, self.genset_hours) {
            lines.push(("genset", format!("{} h a year, {} L", number(hours), number(fuel))));
        }
        lines
    }

    fn battery_lines(&self) -> Lines {
        let hours = |h: Option<f64>| or_dash(h, |h| format!("{} h", number(h)));
        let mut lines = vec![(
            "autonomy",
            format!("{} at the start, {} at the end", hours(self.autonomy_h[0]), hours(self.autonomy_h[1])),
        )];
        if let Some(k) = &self.kwh {
            lines.push((
                "battery",
                format!(
                    "{} kWh on the name plate, {} actual, {} usable at the start, {} at the end",
                    number(k.nameplate),
                    number(k.actual),
                    number(k.usable_start),
                    number(k.usable_end)
                ),
            ));
        }
        lines.push((
            "duty",
            format!(
                "{} full cycles a year, mean SoC {}",
                or_dash(self.efc_per_year, number),
                or_dash(self.soc_mean, percent)
            ),
        ));
        if let Some([low, middle, high]) = self.temperature_c {
            lines.push(("temperature", format!("P5 {low:.0}, median {middle:.0}, P95 {high:.0} degC")));
        }
        lines.push((
            "losses",
            format!(
                "inverter {} a year; curtailed {} ({})",
                or_dash(self.converter_loss_kwh, energy),
                or_dash(self.curtailed_kwh, energy),
                or_dash(self.curtailed_share, percent)
            ),
        ));
        lines.push(("SoH at end", format!("weakest module {}", band(self.soh_end, percent))));
        lines.push(("renewed", self.renewed()));
        lines
    }

    fn renewed(&self) -> String {
        let e = &self.ends;
        let mut text = match e.first_years {
            None => "on no path".to_string(),
            Some(years) => {
                let causes: Vec<String> = e.causes.iter().map(|(cause, n)| format!("{} {n}", plain(cause))).collect();
                let years = band(Some(years), |y| format!("{y:.1}"));
                format!("on {} of paths, first after {years} years; by {}", percent(e.replaced), causes.join(", "))
            }
        };
        if e.modules_added > 0.0 {
            text.push_str(&format!("; {} modules added", number(e.modules_added)));
        }
        text
    }

    fn money_lines(&self) -> Lines {
        let mut lines = vec![
            (
                "NPC",
                format!(
                    "mean {} USD; {}; {} before the first day",
                    or_dash(self.npc_mean_usd, thousands),
                    band(self.npc_usd, thousands),
                    or_dash(self.capex_usd, thousands)
                ),
            ),
            ("LCOE", format!("{} USD/kWh served", band(self.lcoe_usd_per_kwh, number))),
            ("LCOS", format!("{} USD/kWh discharged", band(self.lcos_usd_per_kwh, number))),
        ];
        if let Some(b) = &self.break_even {
            let price = band(b.usd_per_nameplate_kwh, number);
            lines.push(("break-even", format!("{price} USD a kWh on the name plate of a used module")));
            lines.push(("used cheaper", format!("on {} of paths", or_dash(b.used_is_cheaper, percent))));
        }
        let options: Vec<String> =
            self.options_npc_usd.iter().map(|(kind, usd)| format!("{} {}", plain(kind), thousands(*usd))).collect();
        if !options.is_empty() {
            lines.push(("NPC, options", format!("{} USD", options.join("; "))));
        }
        lines
    }

    fn trust_lines(&self) -> Lines {
        let refuted = match self.designs_refuted {
            0 => String::new(),
            n => format!("{} refuted by the worst of theirs, ", thousands(n as f64)),
        };
        let mut lines = vec![(
            "designs",
            format!(
                "{} simulated on {} paths each, {refuted}{} screened; {} meet the target",
                thousands(self.designs[0] as f64),
                thousands(f64::from(self.paths)),
                thousands(self.designs[1].saturating_sub(self.designs_refuted) as f64),
                thousands(self.designs_met as f64)
            ),
        )];
        if let Some([most, rms]) = self.screen_error {
            lines.push(("screen error", format!("LPSP at most {} off, {} rms", points(most), points(rms))));
        }
        let [time, throughput] = self.outside.map(|x| or_dash(x, percent));
        lines.push(("outside fit", format!("{time} of time, {throughput} of throughput")));
        lines.push(("balance", format!("largest error {}", or_dash(self.balance_error, |e| format!("{e:.1e}")))));
        // The terminal shows the first few; the page shows all.
        lines.extend(self.notes.iter().take(6).enumerate().map(|(k, n)| (if k == 0 { "note" } else { "" }, n.clone())));
        lines
    }
}

/// Difference of two shares in points.
pub(super) fn points(share: f64) -> String {
    format!("{} points", number(share * 100.0))
}

fn band(q: Option<Quantiles>, text: impl Fn(f64) -> String) -> String {
    or_dash(q, |q| format!("{} ({} to {})", text(q.p50), text(q.p10), text(q.p90)))
}

/// A share that someone wrote down as per cent: without decimals where they would be zeros.
pub(crate) fn whole_percent(share: f64) -> String {
    let p = share * 100.0;
    if (p - p.round()).abs() < 1e-9 { format!("{p:.0} %") } else { percent(share) }
}

fn lpsp(q: Option<Quantiles>, which: fn(&Quantiles) -> f64) -> String {
    or_dash(q, |q| percent(which(&q)))
}
