//! Which part of a file is asked for.

use std::path::PathBuf;

/// A part of a file: `FILE[@COLUMN=VALUE][@FROM..TO][@NUMBERdegC]`, times in seconds; either end may be left out.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceRequest {
    /// The file.
    pub path: PathBuf,
    /// Rows with this value in this column.
    pub only: Option<(String, String)>,
    /// Rows between these times count \[s\].
    pub between: [f64; 2],
    /// Temperature of the surroundings \[degC\].
    pub ambient_c: Option<f64>,
}

impl std::str::FromStr for TraceRequest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.split('@');
        let path = PathBuf::from(parts.next().unwrap_or(""));
        let mut request =
            TraceRequest { path, only: None, between: [f64::NEG_INFINITY, f64::INFINITY], ambient_c: None };
        for part in parts {
            if let Some((column, value)) = part.split_once('=') {
                request.only = Some((column.trim().into(), value.trim().into()));
            } else if let Some((from, to)) = part.split_once("..") {
                let end = |text: &str, open: f64| match text.trim() {
                    "" => Ok(open),
                    text => text.parse::<f64>().map_err(|_| format!("`{text}` is no time in seconds")),
                };
                request.between = [end(from, f64::NEG_INFINITY)?, end(to, f64::INFINITY)?];
            } else if let Some(number) = part.strip_suffix("degC") {
                let temperature = number.trim().parse::<f64>().ok().filter(|t| (-60.0..=100.0).contains(t));
                request.ambient_c = Some(temperature.ok_or_else(|| format!("`{part}` is no temperature of a cell"))?);
            } else {
                return Err(format!("`@{part}` is none of `@COLUMN=VALUE`, `@FROM..TO` and `@NUMBERdegC`"));
            }
        }
        if request.path.as_os_str().is_empty() { Err("a file is needed".into()) } else { Ok(request) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_temperature_are_read() {
        let all: TraceRequest = "a/b.csv@test=hppc@5..@-10degC".parse().unwrap();
        assert_eq!(all.path, PathBuf::from("a/b.csv"));
        assert_eq!(all.only, Some(("test".into(), "hppc".into())));
        assert_eq!((all.between, all.ambient_c), ([5.0, f64::INFINITY], Some(-10.0)));
        for bad in ["b.csv@warm", "b.csv@xdegC", "b.csv@400degC", "b.csv@NaNdegC", "@10degC"] {
            assert!(bad.parse::<TraceRequest>().is_err(), "{bad}");
        }
    }
}
