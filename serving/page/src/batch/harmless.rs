//! Text in a cell that a spreadsheet would take for a formula.

use std::borrow::Cow;

/// `text` as a cell of text: an apostrophe before what begins a formula and is no number
/// (<https://owasp.org/www-community/attacks/CSV_Injection>).
pub fn harmless(text: &str) -> Cow<'_, str> {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number = || text.parse::<f64>().is_ok_and(f64::is_finite);
    if formula && !number() { format!("'{text}").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_text_and_a_number_a_number() {
        for text in ["=1+1", "+1+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "-inf", "-", "-1,5", "-1 "] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["", "yes", "-1", "+2.5", "-1e-5", "1-1", "'=1", "é"] {
            assert_eq!(harmless(text), text);
        }
    }
}
