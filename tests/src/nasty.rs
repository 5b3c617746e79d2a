//! Strings that YAML readers take for something else.

/// By themselves: words, numbers, dates, punctuation, blanks, breaks, controls.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "", " ", "  ", "~", "null", "Null", "NULL", "nUll", "true", "True", "TRUE", "false", "False", "FALSE", "yes",
    "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "y", "Y", "n", "N", "=", "<<", "0", "00",
    "-0", "+0", "1", "+1", "-1", "012", "0o14", "0O14", "0x1f", "0X1F", "0b101", "1_000", "1_0.5", "_1", "1e3", "1E3",
    "1e+3", "1.", ".5", "1.5", "1.5e-3", "+.5", ".inf", "-.inf", "+.INF", ".nan", ".NaN", "inf", "nan", "190:20:30",
    "1:30", "12:30:45", "2001-12-14", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5", "!", "!tag",
    "!!str x", "&a", "*a", "%", "%YAML 1.1", "@", "`", "#", "# x", "a #b", "a# b", "a: b", "a:b", ":", ": ", "a:",
    "?", "? a", "-", "- a", "--", "---", "...", "--- a", "|", ">", "|-", ">+", "[", "]", "{", "}", "[a]", "{a: b}",
    ",", "a, b", "'", "\"", "''", "it's", "\"quoted\"", "'single'", "\\", "\\n", "a\\", "$(VAR)", "${VAR}", "{{ x }}",
    "\t", "\ta", "a\t", "a\tb", " a", "a ", " a ", "\n", "\n\n", "a\n", "a\n\n", "\na", "a\nb", "a\nb\n", "a\n\nb\n",
    " a\nb\n", "a\n b\n", "a\n\tb\n", "\ta\nb\n", "a \nb\n", "a\nb ", "a\nb \n", "a\n \nb\n", "a\n\t\nb\n",
    "---\na\n", "a\n---\nb\n", "a\n...\nb\n", "# a\nb\n", "a\r\nb\r\n", "a\rb", "\r", "\u{0}", "\u{7}", "\u{1b}[0m",
    "\u{7f}", "\u{80}", "\u{85}", "a\u{85}b\nc\n", "\u{a0}", "\u{ad}", "\u{2028}", "a\u{2028}b\nc\n", "\u{2029}",
    "\u{feff}", "\u{feff}a", "a\u{feff}\nb\n", "\u{fffe}", "\u{ffff}", "\u{1f600}", "é", "日本語", "Élevé", "א\nב\n",
    "\u{202e}abc", "0.1.2", "1.2.3", "v1", "10.0.0.0/8", "::1", "1Gi", "100m", "50%", "a=b", "=a",
    "http://a:80/b?c=d#e", "{\"a\": 1}", "[1, 2]", "SELECT :'x';", "-1d", "0.", "0.0", "1e", "e1", "0x", "0o", "0o8",
    "1__0", "Infinity", "NaN", "undefined", "none", "None", "- - a", "a - b", "key: |\n  block\n", "x: y\nz: w\n",
    "1\n2\n", "true\nfalse\n",
];

/// Words of YAML 1.1 and 1.2, numbers in every base and form, blanks and breaks in every place.
pub fn strings() -> Vec<String> {
    let mut strings: Vec<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
    strings.push("long ".repeat(60));
    strings.push("x".repeat(2000));
    strings.push(format!("{}\nend\n", "long line ".repeat(30)));
    // Every pair of a telling beginning and a telling end, with something between.
    let edges = ["", " ", "\t", "\n", "-", "?", ":", "#", "'", "\"", "|", "0", "e", "é", "\u{85}"];
    let middles = ["", "a", "1", "a\nb", "a: b", "\n"];
    for start in edges {
        for middle in middles {
            strings.extend(edges.iter().map(|end| format!("{start}{middle}{end}")));
        }
    }
    strings.sort();
    strings.dedup();
    strings
}
