//! Everything that people read, in each language. A language that lacks something does not compile.

mod en;
mod fr;

use axum::http::{HeaderMap, header};

/// The languages, the first of which is for who asks for none of them.
pub static LANGUAGES: [&Words; 2] = [&en::WORDS, &fr::WORDS];

/// The words of a language.
#[derive(Debug)]
pub struct Words {
    /// As in addresses (BCP 47).
    pub code: &'static str,
    /// Its own name.
    pub language: &'static str,
    /// Between the whole and the parts of a number.
    pub point: char,
    /// Between the thousands of a count, as browsers have it.
    pub thousands: &'static str,
    /// Before a percent sign or a colon.
    pub gap: &'static str,
    /// Before and after a word that is quoted.
    pub quotes: [&'static str; 2],

    pub skip: &'static str,
    pub models: &'static str,
    pub choose: &'static str,
    pub languages: &'static str,

    pub loaded: &'static str,
    pub version: &'static str,
    pub no_model: &'static str,
    pub foreign: &'static str,
    pub unreachable: &'static str,
    pub unknown: &'static str,

    pub predict: &'static str,
    pub inputs: &'static str,
    pub live: &'static str,
    pub reset: &'static str,
    pub usually: &'static str,
    pub to: &'static str,
    pub slider: &'static str,

    pub result: &'static str,
    pub probability: &'static str,
    pub probability_of: &'static str,
    pub risk: &'static str,
    pub answered_in: &'static str,
    pub tried: &'static str,
    pub link: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub outside: &'static str,
    pub nothing_yet: &'static str,
    pub no_advice: &'static str,

    pub why: &'static str,
    pub why_how: &'static str,
    pub why_many: &'static str,
    pub base: &'static str,
    pub contribution: &'static str,
    pub feature: &'static str,
    pub raises: &'static str,
    pub lowers: &'static str,
    pub unexplained: &'static str,
    pub more: &'static str,
    pub unexplained_now: &'static str,
    pub numbers: &'static str,

    pub what_if: &'static str,
    pub what_if_how: &'static str,
    pub what_if_of: &'static str,
    pub strongest: &'static str,
    pub show: &'static str,
    pub now: &'static str,

    pub history: &'static str,
    pub history_how: &'static str,
    pub history_empty: &'static str,
    pub history_script: &'static str,
    pub time: &'static str,
    pub export: &'static str,
    pub clear: &'static str,

    pub watch: &'static str,
    pub watch_how: &'static str,
    pub state: &'static str,
    pub asking: &'static str,
    pub last_known: &'static str,
    pub watch_refused: &'static str,
    pub watch_away: &'static str,
    pub watch_away_then: &'static str,
    pub watch_not_told: &'static str,

    pub traffic: &'static str,
    pub traffic_how: &'static str,
    pub rate: &'static str,
    pub median: &'static str,
    pub p95: &'static str,
    pub failed: &'static str,
    pub no_requests: &'static str,
    pub quiet: &'static str,
    pub measuring: &'static str,

    pub versions: &'static str,
    pub versions_how: &'static str,
    pub versions_chosen: &'static str,
    pub registered: &'static str,
    pub served: &'static str,
    pub no_versions: &'static str,

    pub drift: &'static str,
    pub drift_how: &'static str,
    pub drift_yes: &'static str,
    pub drift_no: &'static str,
    pub drift_few: &'static str,
    pub feature_changed: &'static str,
    pub feature_calm: &'static str,
    pub feature_few: &'static str,
    pub no_report: &'static str,
    pub rows_seen: &'static str,
    pub learnt: &'static str,
    pub lately: &'static str,
    pub psi_how: &'static str,
    pub missing: &'static str,
    pub never_learnt: &'static str,
    pub below: &'static str,
    pub above: &'static str,

    pub number_wanted: &'static str,
    pub whole_wanted: &'static str,
    pub choice_wanted: &'static str,
    pub too_large: &'static str,
    pub refused: &'static str,

    pub batch: &'static str,
    pub batch_how: &'static str,
    pub batch_columns: &'static str,
    pub batch_columns_how: &'static str,
    pub batch_file: &'static str,
    /// Of a file that comes without scripts.
    pub batch_limit: &'static str,
    pub batch_drop: &'static str,
    pub batch_cancel: &'static str,
    pub batch_example: &'static str,
    pub batch_progress: &'static str,
    pub batch_done: &'static str,
    pub batch_waiting: &'static str,
    pub batch_finished: &'static str,
    pub batch_stopped: &'static str,
    pub batch_nothing: &'static str,
    pub batch_rows: &'static str,
    pub batch_line: &'static str,
    pub batch_line_how: &'static str,
    pub batch_wrong: &'static str,
    pub batch_problem: &'static str,
    pub batch_wrong_how: &'static str,
    pub batch_download: &'static str,
    pub batch_spread: &'static str,
    pub batch_likeliest: &'static str,
    pub batch_first: &'static str,
    pub batch_cells: &'static str,
    pub batch_blank: &'static str,
    pub batch_missing: &'static str,
    pub batch_found: &'static str,

    pub trouble_batch_empty: Advice,
    pub trouble_batch_binary: Advice,
    pub trouble_batch_missing: Advice,
    pub trouble_batch_twice: Advice,
    pub trouble_batch_large: Advice,
    pub trouble_batch_gone: Advice,
    pub trouble_unreachable: Advice,
    pub trouble_no_model: Advice,
    pub trouble_foreign: Advice,
    pub trouble_busy: Advice,
    pub trouble_key: Advice,
    pub trouble_wrong: Advice,
    pub trouble_unexpected: Advice,
    pub trouble_form: Advice,
    pub trouble_nothing_here: Advice,
    pub trouble_page: Advice,
    pub again: &'static str,
    pub back: &'static str,
}

/// What is wrong, and what to do about it.
#[derive(Debug, Clone, Copy)]
pub struct Advice {
    pub what: &'static str,
    pub then: &'static str,
}

impl Words {
    /// Those of the language `code`.
    pub fn of(code: &str) -> Option<&'static Self> {
        LANGUAGES.into_iter().find(|words| words.code == code)
    }

    /// Those that a browser asks for first (RFC 9110, 12.5.4; weights are not looked at, since browsers send the order).
    pub fn asked(headers: &HeaderMap) -> &'static Self {
        let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let codes = asked.split(',').map(|range| range.trim().split(['-', ';']).next().unwrap_or_default());
        let mut known = codes.filter_map(|code| Self::of(&code.to_ascii_lowercase()));
        known.next().unwrap_or(LANGUAGES[0])
    }

    /// A number with at most so many decimals, as the language writes it.
    pub fn number(&self, value: f64, decimals: usize) -> String {
        let text = format!("{value:.decimals$}");
        let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        let text = if text == "-0" { "0" } else { text };
        text.replace('.', self.point.encode_utf8(&mut [0; 4])).replace('-', "\u{2212}")
    }

    /// How many, as the language writes it.
    pub fn count(&self, count: u64) -> String {
        let digits = count.to_string();
        let mut text = String::new();
        for (place, digit) in digits.char_indices() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push_str(self.thousands);
            }
            text.push(digit);
        }
        text
    }

    /// A word of the model's among those of the page.
    pub fn quoted(&self, word: &str) -> String {
        let [open, close] = self.quotes;
        format!("{open}{word}{close}")
    }

    /// A share of one in percent, with one decimal.
    pub fn percent(&self, share: f64) -> String {
        let text = format!("{:.1}", share * 100.0).replace('.', self.point.encode_utf8(&mut [0; 4]));
        format!("{text}{}%", self.gap)
    }

    /// How much a share of one moves, in points of percent, with its sign.
    pub fn points(&self, share: f64) -> String {
        let text = format!("{:+.1}", share * 100.0).replace('.', self.point.encode_utf8(&mut [0; 4]));
        text.replace('-', "\u{2212}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_first_known_language_is_taken() {
        let asked = |text: &str| {
            let headers = [(header::ACCEPT_LANGUAGE, text.parse().expect("text"))].into_iter().collect();
            Words::asked(&headers).code
        };
        assert_eq!(asked("fr-CH, fr;q=0.9, en;q=0.8"), "fr");
        assert_eq!(asked("de, en-GB;q=0.8, fr;q=0.5"), "en");
        assert_eq!(asked("*"), "en");
        assert_eq!(Words::asked(&HeaderMap::new()).code, "en");
    }

    #[test]
    fn numbers_are_written_as_the_language_has_them() {
        let [en, fr] = LANGUAGES;
        assert_eq!([en.number(67.1, 3), fr.number(67.1, 3)], ["67.1", "67,1"]);
        assert_eq!([en.number(200.0, 3), en.number(-0.0001, 2), fr.number(-1.5, 1)], ["200", "0", "\u{2212}1,5"]);
        assert_eq!([en.percent(0.734), fr.percent(0.734)], ["73.4%", "73,4\u{a0}%"]);
        assert_eq!(fr.points(-0.034), "\u{2212}3,4");
        let counts = |words: &Words| [0, 999, 7000, 1_234_567].map(|count| words.count(count));
        assert_eq!(counts(en), ["0", "999", "7,000", "1,234,567"]);
        assert_eq!(counts(fr), ["0", "999", "7\u{202f}000", "1\u{202f}234\u{202f}567"]);
    }

    #[test]
    fn no_line_of_french_begins_with_a_sign_that_belongs_to_the_word_before() {
        let text = format!("{:?}", LANGUAGES[1]);
        for apart in [" ;", " :", " ?", " !", " %", " »", "« "] {
            let found = text.find(apart).map(|at| text[..at].chars().rev().take(40).collect::<String>());
            let found = found.map(|before| before.chars().rev().collect::<String>());
            assert_eq!(found, None, "a plain space in {apart:?}");
        }
    }
}
