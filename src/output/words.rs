//! Numbers as people read them.

/// Whole number with a comma every three digits.
pub fn thousands(x: f64) -> String {
    let digits = format!("{:.0}", x.abs());
    let mut text = String::new();
    for (k, c) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) {
            text.push(',');
        }
        text.push(c);
    }
    if x < 0.0 && digits != "0" { format!("-{text}") } else { text }
}

/// Three significant digits, or all digits before the point.
pub fn number(x: f64) -> String {
    let size = x.abs();
    if size >= 99.95 {
        thousands(x)
    } else if size >= 9.995 {
        format!("{x:.1}")
    } else if size == 0.0 {
        "0".into()
    } else if size >= 0.9995 {
        format!("{x:.2}")
    } else if size >= 1e-3 {
        format!("{x:.3}")
    } else {
        format!("{x:.1e}")
    }
}

/// A share as per cent, with decimals where it is small.
pub fn percent(share: f64) -> String {
    let p = share * 100.0;
    let size = p.abs();
    if size == 0.0 {
        "0 %".into()
    } else if size < 0.01 {
        if p > 0.0 { "<0.01 %".into() } else { ">-0.01 %".into() }
    } else if size < 0.995 {
        format!("{p:.2} %")
    } else if size < 99.95 {
        format!("{p:.1} %")
    } else {
        format!("{p:.0} %")
    }
}

/// Energy with a unit that keeps it short.
pub fn energy(kwh: f64) -> String {
    let size = kwh.abs();
    if size >= 1e6 {
        format!("{} GWh", number(kwh / 1e6))
    } else if size >= 1e3 {
        format!("{} MWh", number(kwh / 1e3))
    } else {
        format!("{} kWh", number(kwh))
    }
}

/// Mass with a unit that keeps it short.
pub fn mass(kg: f64) -> String {
    if kg.abs() >= 1e3 { format!("{} t", number(kg / 1e3)) } else { format!("{} kg", number(kg)) }
}

/// A name of tables as words: `end_of_life` becomes `end of life`.
pub fn plain(name: &str) -> String {
    name.replace('_', " ")
}

/// Text of a value that may be missing.
pub fn or_dash<T>(value: Option<T>, text: impl Fn(T) -> String) -> String {
    value.map_or_else(|| "-".to_string(), text)
}
