//! JSON lines, file by file.

use std::{
    borrow::Cow,
    fs::{self, File},
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Others, Unread, Wanted};

/// No row is longer, in bytes: what is, is none.
const LONGEST: u64 = 1 << 20;

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    at: Cow<'a, str>,
    #[serde(borrow)]
    model: Cow<'a, str>,
    #[serde(borrow)]
    version: Cow<'a, str>,
    #[serde(borrow)]
    inputs: &'a RawValue,
}

pub(super) fn read(folder: &Path, wanted: &Wanted, row: &mut impl FnMut(&str) -> bool) -> Result<Others, Unread> {
    let mut others = Others::default();
    for path in files(folder).map_err(|source| Unread::Io { path: folder.to_owned(), source })? {
        match one(&path, wanted, row, &mut others) {
            // A generation that was rotated away since the folder was listed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(Unread::Io { path, source }),
            Ok(()) => {}
        }
    }
    Ok(others)
}

/// In a fixed order, so that the first unreadable line is always the same.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    let mut paths: Vec<_> =
        paths.into_iter().filter(|path| path.extension().is_some_and(|end| end == "jsonl") && path.is_file()).collect();
    paths.sort();
    Ok(paths)
}

fn one(path: &Path, wanted: &Wanted, row: &mut impl FnMut(&str) -> bool, others: &mut Others) -> io::Result<()> {
    let mut file = BufReader::with_capacity(1 << 16, File::open(path)?);
    let (mut line, mut number) = (Vec::new(), 0);
    loop {
        line.clear();
        number += 1;
        if (&mut file).take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let whole = line.last() == Some(&b'\n');
        let long = !whole && line.len() as u64 == LONGEST;
        if long {
            file.skip_until(b'\n')?;
        }
        // Half a line at the end may be one that is being written.
        if !counted(&line, wanted, row, others) && (whole || long) {
            others.unreadable += 1;
            others.first_unreadable.get_or_insert_with(|| (path.to_owned(), number));
        }
    }
}

/// Hands a row on if it is wanted, and counts it otherwise; `false` if it is none.
fn counted(line: &[u8], wanted: &Wanted, row: &mut impl FnMut(&str) -> bool, others: &mut Others) -> bool {
    let Ok(Line { at, model, version, inputs }) = serde_json::from_slice(line) else { return false };
    let Ok(at) = at.parse::<Timestamp>() else { return false };
    if at < wanted.since || at >= wanted.until {
        return true;
    }
    if model != wanted.model {
        others.models += 1;
    } else if version != wanted.version {
        others.version(&version, 1);
    } else {
        return row(inputs.get());
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: &str, model: &str, version: &str, inputs: &str) -> String {
        format!(r#"{{"id":"1","at":"{at}","model":"{model}","version":"{version}","inputs":{inputs},"outputs":{{}}}}"#)
    }

    fn of(folder: &Path) -> (Vec<String>, Others) {
        let [since, until] = ["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"].map(|at| at.parse().unwrap());
        let wanted = Wanted { model: "iris".into(), version: "2".into(), since, until };
        let mut rows = Vec::new();
        let others = read(folder, &wanted, &mut |inputs: &str| {
            rows.push(inputs.to_owned());
            inputs.starts_with('{')
        });
        (rows, others.unwrap())
    }

    #[test]
    fn what_is_wanted_is_handed_on_and_the_rest_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let noon = "2026-11-01T12:00:00.000001Z";
        let first = [
            line("2026-10-31T23:59:59.999999Z", "iris", "2", "{\"too\":\"early\"}"),
            line("2026-11-01T00:00:00Z", "iris", "2", "{\"x\":1}"),
            line(noon, "iris", "1", "{\"x\":2}"),
            line(noon, "diabetes", "2", "{\"x\":3}"),
            "half a li".to_owned(),
            line(noon, "ir\\u0069s", "2", "{\"x\":4}"),
            line("2026-11-02T00:00:00Z", "iris", "2", "{\"too\":\"late\"}"),
            "x".repeat(3 << 20),
            line(noon, "iris", "2", "[5]"),
        ];
        fs::write(folder.path().join("a.1.jsonl"), first.join("\n") + "\n").unwrap();
        fs::write(folder.path().join("a.jsonl"), line(noon, "iris", "2", "{\"x\":6}") + "\n{\"id\":").unwrap();
        fs::write(folder.path().join("b.jsonl"), line(noon, "iris", "2", "{\"x\":7}")).unwrap();
        fs::write(folder.path().join("notes.txt"), "something else").unwrap();
        let (rows, others) = of(folder.path());
        assert_eq!(rows, ["{\"x\":1}", "{\"x\":4}", "[5]", "{\"x\":6}", "{\"x\":7}"]);
        assert_eq!((&others.versions["1"], others.versions.len(), others.models), (&1, 1, 1));
        assert_eq!(others.unreadable, 3, "half a line, one without end, and one that its reader refuses");
        assert_eq!(others.first_unreadable, Some((folder.path().join("a.1.jsonl"), 5)));
    }

    #[test]
    fn an_empty_folder_has_no_rows_and_a_missing_one_is_a_mistake() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(of(folder.path()), (Vec::new(), Others::default()));
        let now = Timestamp::UNIX_EPOCH;
        let wanted = Wanted { model: "iris".into(), version: "2".into(), since: now, until: now };
        let error = read(&folder.path().join("none"), &wanted, &mut |_: &str| true).unwrap_err().to_string();
        assert!(error.contains("none: ") && error.contains("\n\nhint: "), "{error}");
    }
}
