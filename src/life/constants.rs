//! Numbers of the model that no library entry holds. All are judgement; a run reports them with the other values.

/// A number that the stages use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constant {
    /// Name, as `model.name` in reports.
    pub name: &'static str,
    /// Value.
    pub value: f64,
    /// Unit, empty for none.
    pub unit: &'static str,
    /// What it is and why.
    pub reason: &'static str,
}

macro_rules! constants {
    ($( $(#[doc = $reason:literal])+ $name:ident: $unit:literal = $value:literal; )*) => {
        $( $(#[doc = $reason])+ pub(crate) const $name: f64 = $value; )*

        /// Every constant of the stages.
        pub const CONSTANTS: &[Constant] = &[
            $( Constant { name: stringify!($name), value: $value, unit: $unit, reason: concat!($($reason),+) } ),*
        ];
    };
}

/// A unit, not a choice.
pub(super) const JOULE_PER_KWH: f64 = 3.6e6;

constants! {
    /// SoC of a new pack when the vehicle is sold
    DELIVERY_SOC: "" = 0.5;
    /// time constant of a liquid-cooled pack while the coolant runs
    COOLED_TIME_CONSTANT_H: "h" = 1.5;
    /// SoC of the vehicle's window below which a driver looks for a fast charger
    RESERVE_SOC: "" = 0.10;
    /// SoC of the vehicle's window at which a fast charge ends, as usually advised
    FAST_CHARGE_SOC: "" = 0.80;
    /// longest stop at a fast charger
    FAST_CHARGE_HOURS: "h" = 3.0;
    /// energy into the pack over energy from the socket, fast charging
    FAST_CHARGE_EFFICIENCY: "" = 0.93;
    /// SoC of the vehicle's window below which an owner without a charger at home goes to a fast charger
    PUBLIC_CHARGE_SOC: "" = 0.40;
    /// SoC of the vehicle's window up to which braking returns all it can; from there down to nothing at the top
    REGENERATION_SOC: "" = 0.95;
    /// temperature of the cells at and below which braking returns nothing
    REGENERATION_NONE_C: "degC" = 0.0;
    /// temperature of the cells from which braking returns all it can
    REGENERATION_FULL_C: "degC" = 10.0;
    /// shortest time in which a cold cabin takes its warm-up energy; a shorter trip takes a part of it
    WARM_UP_H: "h" = 0.1;
    /// slope of the open-circuit voltage over SoC from which a millivolt or so of error still tells fuller modules from
    /// emptier ones, to half a percent
    BALANCE_SLOPE_V: "V" = 0.2;
    /// longest step while parked and not charging; packs follow ambient with a time constant of 8 h or so
    PARKED_STEP_H: "h" = 3.0;
    /// temperature above which a battery's record counts the time as harmful, common upper limit of charging
    HOT_CELLS_C: "degC" = 45.0;
    /// temperature below which a battery's record counts the time as harmful, common lower limit of charging
    COLD_CELLS_C: "degC" = 0.0;
    /// SoC of the vehicle's window below which a discharge counts as deep
    DEEP_SOC: "" = 0.05;
    /// SoC at which the rated power of a system must still be carried
    POWER_CHECK_SOC: "" = 0.5;
    /// temperature at which the rated power of a system must still be carried
    POWER_CHECK_TEMPERATURE_C: "degC" = 15.0;
    /// distance below the top of the window within which the balancing resistors of a system work
    BALANCE_BAND: "" = 0.02;
    /// years that a new stationary pack would have lasted; second-life storage replaces it in proportion
    NEW_PACK_YEARS: "year" = 15.0;
}
