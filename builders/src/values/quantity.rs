//! Amounts of CPU, memory and storage, written as the API server stores them.
//!
//! The API server rewrites `0.5` to `500m` and `1024Mi` to `1Gi`. A manifest that says it another
//! way shows a difference for ever, so a [`Quantity`] is canonical from the start. The rules are
//! those of `k8s.io/apimachinery/pkg/api/resource`; a test compares them with that package itself.

use std::{fmt, iter::Sum, ops, str::FromStr};

use super::text::Invalid;
use crate::text_value;

const RULE: &str = "write a number and a unit, such as `250m` or `2` for CPU, `512Mi` or `5Gi` for memory and storage";
/// The API server rounds what a container asks for up to thousandths.
const MILLI: i128 = 1000;
const BINARY: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];

/// Where thousandths stand among the decimal units.
const THOUSANDTHS: usize = 2;

/// How the amount was written, which decides how it is written back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Format {
    /// `512Mi`: powers of 1024.
    Binary,
    /// `500m`, `2G`: powers of 1000.
    Decimal,
    /// `5e3`: powers of 1000, as an exponent.
    Exponent,
}

/// An amount, never negative, exact to a thousandth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity {
    millis: i128,
    format: Format,
}

impl Quantity {
    /// Nothing; the start of a sum.
    pub const ZERO: Self = Self { millis: 0, format: Format::Decimal };

    /// `count` Mi (mebibytes, 1024² bytes).
    pub const fn mebibytes(count: u32) -> Self {
        Self { millis: count as i128 * 1024 * 1024 * MILLI, format: Format::Binary }
    }

    /// `count` Gi (gibibytes, 1024³ bytes).
    pub const fn gibibytes(count: u32) -> Self {
        Self { millis: count as i128 * 1024 * 1024 * 1024 * MILLI, format: Format::Binary }
    }

    /// `count` thousandths: `250` is a quarter of a CPU.
    pub const fn milli(count: u32) -> Self {
        Self { millis: count as i128, format: Format::Decimal }
    }

    /// The number without its fraction.
    pub(crate) const fn whole(&self) -> i128 {
        self.millis / MILLI
    }

    /// Whether it has no fraction.
    pub const fn is_whole(&self) -> bool {
        self.millis % MILLI == 0
    }

    /// Whether it is nothing at all.
    pub const fn is_zero(&self) -> bool {
        self.millis == 0
    }
}

impl FromStr for Quantity {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refused = |why: &str| Invalid::new(format!("{text:?} is not a quantity: {why}"), RULE);
        let unsigned = text.strip_prefix('+').unwrap_or(text);
        if unsigned.starts_with('-') {
            return Err(refused("it is negative"));
        }
        let split = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
        let (number, suffix) = unsigned.split_at(split);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(refused("it does not begin with a number"));
        }
        if fraction.contains('.') {
            return Err(refused("its number has two points"));
        }
        let (format, power) = unit(suffix).ok_or_else(|| refused(&format!("{suffix:?} is no unit")))?;
        let digits: i128 = format!("{whole}{fraction}").parse().map_err(|_| refused("it is too large"))?;
        let decimals = u32::try_from(fraction.len()).map_err(|_| refused("it has too many digits"))?;
        let millis = scale(digits, decimals, format, power).ok_or_else(|| refused("it is too large"))?;
        Ok(Self { millis, format })
    }
}

/// The unit's format and power (of 1024 or of ten).
fn unit(suffix: &str) -> Option<(Format, i32)> {
    if let Some(power) = BINARY.iter().skip(1).position(|unit| *unit == suffix) {
        return Some((Format::Binary, i32::try_from(power).ok()? + 1));
    }
    if let Some((_, power)) = DECIMAL.iter().find(|(unit, _)| *unit == suffix) {
        return Some((Format::Decimal, *power));
    }
    let exponent = suffix.strip_prefix(['e', 'E'])?;
    // A sign needs a digit behind it; `i32` would take "+5" and refuse "+", as wanted.
    exponent.parse().ok().filter(|power| (-18..=18).contains(power)).map(|power| (Format::Exponent, power))
}

/// `digits` / 10^`decimals` in the unit, as thousandths, rounded up as the API server does.
fn scale(digits: i128, decimals: u32, format: Format, power: i32) -> Option<i128> {
    let mut millis = digits.checked_mul(MILLI)?;
    let mut divisor = 10_i128.checked_pow(decimals)?;
    match (format, u32::try_from(power)) {
        (Format::Binary, Ok(power)) => millis = millis.checked_mul(1024_i128.checked_pow(power)?)?,
        (_, Ok(power)) => millis = millis.checked_mul(10_i128.checked_pow(power)?)?,
        (_, Err(_)) => divisor = divisor.checked_mul(10_i128.checked_pow(power.unsigned_abs())?)?,
    }
    let millis = millis / divisor + i128::from(millis % divisor != 0);
    // The API server holds at most 2^63 - 1 and silently lowers what is more.
    (millis <= i128::from(i64::MAX) * MILLI).then_some(millis)
}

impl fmt::Display for Quantity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Below 1024 a binary amount is a plain number, fractions and all, as in the API server.
        if self.format == Format::Binary && self.millis >= 1024 * MILLI {
            let mut amount = self.millis / MILLI + i128::from(self.millis % MILLI != 0);
            let mut power = 0;
            while amount % 1024 == 0 && power + 1 < BINARY.len() {
                amount /= 1024;
                power += 1;
            }
            return write!(out, "{amount}{}", BINARY[power]);
        }
        let (mut amount, mut at) = (self.millis, THOUSANDTHS);
        if amount == 0 {
            return out.write_str("0");
        }
        while amount % 1000 == 0 && at + 1 < DECIMAL.len() {
            amount /= 1000;
            at += 1;
        }
        match (self.format, DECIMAL[at]) {
            (Format::Exponent, (_, power)) if power != 0 => write!(out, "{amount}e{power}"),
            (_, (unit, _)) => write!(out, "{amount}{unit}"),
        }
    }
}

impl ops::Add for Quantity {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let format = if self.is_zero() { other.format } else { self.format };
        Self { millis: self.millis.saturating_add(other.millis), format }
    }
}

impl ops::Mul<u32> for Quantity {
    type Output = Self;

    fn mul(self, times: u32) -> Self {
        Self { millis: self.millis.saturating_mul(i128::from(times)), ..self }
    }
}

impl Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, ops::Add::add)
    }
}

impl From<Quantity> for k8s_openapi::apimachinery::pkg::api::resource::Quantity {
    fn from(amount: Quantity) -> Self {
        Self(amount.to_string())
    }
}

text_value!(Quantity, schema: "Quantity", about: "An amount of CPU, memory or storage", example: "512Mi", pattern: r"^\+?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$", numbers: number);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_as_the_api_server_stores_it() {
        for (written, stored) in [
            ("0.5", "500m"),
            ("1000m", "1"),
            ("1024Mi", "1Gi"),
            ("0.5Gi", "512Mi"),
            ("1.5Gi", "1536Mi"),
            ("1500Mi", "1500Mi"),
            ("100000k", "100M"),
            ("512", "512"),
            ("1e3", "1e3"),
            ("12e2", "1200"),
            ("0", "0"),
            ("0Gi", "0"),
            ("1Ki", "1Ki"),
            ("0.5Ki", "512"),
            ("+2", "2"),
            ("1.", "1"),
            (".5", "500m"),
            ("1u", "1m"),
            ("0.1n", "1m"),
        ] {
            assert_eq!(written.parse::<Quantity>().expect(written).to_string(), stored, "{written}");
        }
    }

    #[test]
    fn what_is_no_quantity_is_refused() {
        for bad in ["", "Gi", "5 Gi", "5gi", "5GB", "-1", "1..2", "1e", "1e+", "1e99", "9999999999E", "١"] {
            assert!(bad.parse::<Quantity>().is_err(), "{bad}");
        }
    }

    #[test]
    fn sums_keep_the_unit_of_the_amounts() {
        let sum: Quantity = [Quantity::mebibytes(512), Quantity::gibibytes(1)].into_iter().sum();
        assert_eq!(sum.to_string(), "1536Mi");
        assert_eq!((Quantity::milli(100) * 13).to_string(), "1300m");
    }
}
