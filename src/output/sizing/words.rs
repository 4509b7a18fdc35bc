//! Names of tables and words of people for what a study is made of.

use crate::sizing::{Cause, Design, Grade, Method, OptionKind, Renewal};

/// Calendar months.
pub(crate) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// Traced weeks, in order.
pub(crate) const SEASONS: [&str; 3] = ["winter", "spring", "summer"];

/// How a design was looked at, as tables say it.
pub(super) fn method(method: Method) -> &'static str {
    match method {
        Method::Screened => "screened",
        Method::Refuted => "refuted",
        Method::Simulated => "simulated",
    }
}

/// What happens to the battery inside the service life, as tables say it.
pub(super) fn renewal_name(renewal: Renewal) -> &'static str {
    match renewal {
        Renewal::None => "none",
        Renewal::ReplaceAtEnd => "replace_at_end",
        Renewal::Augment { .. } => "augment",
    }
}

/// The same in words.
pub(crate) fn renewal(renewal: Renewal) -> String {
    match renewal {
        Renewal::None => "never renewed".into(),
        Renewal::ReplaceAtEnd => "replaced at its end".into(),
        Renewal::Augment { after_years, strings } => {
            format!("{strings} string{} added after {after_years} years", if strings == 1 { "" } else { "s" })
        }
    }
}

/// New or used, as tables say it.
pub(super) fn option_name(kind: OptionKind) -> &'static str {
    match kind {
        OptionKind::New => "new",
        OptionKind::NewReplaced => "new_replaced",
        OptionKind::UsedReplaced => "used_replaced",
        OptionKind::UsedAugmented => "used_augmented",
        OptionKind::LeadAcid => "lead_acid",
    }
}

/// The same in words.
pub(crate) fn option(kind: OptionKind) -> &'static str {
    match kind {
        OptionKind::New => "new, sized to last",
        OptionKind::NewReplaced => "new, replaced once",
        OptionKind::UsedReplaced => "used, replaced",
        OptionKind::UsedAugmented => "used, augmented",
        OptionKind::LeadAcid => "lead-acid, replaced",
    }
}

/// What binds, in words.
pub(crate) fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Sun => "too little sun",
        Cause::Capacity => "too little capacity",
        Cause::ConverterPower => "inverter, genset or grid connection too small",
        Cause::BatteryPower => "too little power of the battery",
        Cause::Temperature => "the battery's temperature",
        Cause::Life => "the battery's life",
    }
}

/// A rating as short as it can be said.
pub(crate) fn rating(x: f64) -> String {
    format!("{}", (x * 100.0).round() / 100.0)
}

/// A design on one line.
pub(crate) fn design(design: &Design, grades: &[Grade]) -> String {
    let class = grades.get(design.grade).map_or(String::new(), |g| format!(" of class {}", g.name));
    let strings = if design.strings == 1 { "string" } else { "strings" };
    let genset =
        if design.genset_kw > 0.0 { format!(", genset {} kW", rating(design.genset_kw)) } else { String::new() };
    format!(
        "{} kW array, {} modules{class} in {} {strings}, inverter {} kW{genset}, {}",
        rating(design.pv_kw),
        design.modules,
        design.strings,
        rating(design.inverter_kw),
        renewal(design.renewal)
    )
}
