//! Data sets that cannot be trained on: refused with the exact place, and nothing is registered.

use std::{fs, path::Path};

use servers::free_port;

use crate::{project::Project, stub::Stub};

const MODEL: &str = "registry: {model: m, experiment: e, run: r}
data: {file: good.csv, target: answer}
features:
  - {name: length, type: number, range: [0, 9]}
  - {name: count, type: integer, range: [0, 9]}
  - {name: colour, type: category, values: [red, blue]}
classes: [{value: 'yes', label: Yes}, {value: 'no', label: No}]
training:
  {n_estimators: 3, max_depth: 3, min_samples_split: 2, min_samples_leaf: 1, random_state: 1, test_size: 0.25, stratify: true}
";

/// Twenty rows, the last of them on line 21.
fn good() -> String {
    let row = |row: u32| {
        let (colour, answer) = (["red", "blue"][row as usize % 2], ["yes", "no"][row as usize % 2]);
        format!("{}.5,{row},{colour},{answer}\n", row % 7)
    };
    format!("length,count,colour,answer\n{}", (1..=20).map(row).collect::<String>())
}

fn project() -> Project {
    let project = Project::new();
    fs::write(project.path("model.yaml"), MODEL).unwrap();
    fs::write(project.path("good.csv"), good()).unwrap();
    project
}

/// No trace of a version.
fn nothing_in(registry: &str) -> bool {
    !Path::new(registry).join("m").exists()
}

#[test]
fn bad_data_is_refused_with_its_place() {
    let project = project();
    let (registry, file) = (project.registry(), project.text("bad.csv"));
    let line = |number: usize, text: &str| -> String {
        let lines = good().lines().map(str::to_owned).enumerate().collect::<Vec<_>>();
        let kept = lines.into_iter().map(|(at, kept)| if at + 1 == number { text.to_owned() } else { kept });
        kept.map(|line| line + "\n").collect()
    };
    for (data, words) in [
        (
            line(1, "length,colour,answer,x"),
            &["there is no column count; the header has length, colour, answer, x"][..],
        ),
        (line(1, "length,count,colour,colour"), &["the column colour is there twice", "there is no column answer"]),
        (line(3, "1,,red,no"), &["row 2 (line 3), column count: the cell is empty"]),
        (line(3, "1,many,red,no"), &["row 2 (line 3), column count: \"many\" is no number"]),
        (line(3, "1,2.5,red,no"), &["row 2 (line 3), column count: 2.5 is not whole"]),
        (line(3, "1e99,2,red,no"), &["row 2 (line 3), column length: 1e99 is no number that a model can hold"]),
        (line(3, "nan,2,red,no"), &["row 2 (line 3), column length: nan is no number that a model can hold"]),
        (line(21, "1,2,green,no"), &["row 20 (line 21), column colour: \"green\" is none of red, blue"]),
        (line(21, "1,2,red,perhaps"), &["row 20 (line 21), column answer: \"perhaps\" is no class", "yes, no"]),
        (line(5, "1,2,red"), &["row 4 (line 5): it has 3 cells, the header 4"]),
        (good().replace(",no\n", ",yes\n"), &["the class no has 0 rows"]),
        (line(3, ",x,green,perhaps"), &["column length", "column count", "column colour", "column answer"]),
        ("length,count,colour,answer\n".to_owned() + &"1,x,red,no\n".repeat(50), &["row 20 (line 21)", "and 30 more"]),
        (String::new(), &["there is no column length"]),
    ] {
        fs::write(&file, data).unwrap();
        let (code, said) = project.training(&["--data", &file]);
        assert!(code == 2 && said.contains(&file) && said.contains("\n\nhint: "), "{code}: {said}");
        assert!(words.iter().all(|words| said.contains(words)), "{words:?}: {said}");
        assert!(nothing_in(&registry), "{said}");
    }
    // A quote that holds a line end: rows and lines are not the same.
    fs::write(&file, good().replacen("blue,no", "\"bl\nue\",no", 1).replacen("red,yes", "red,yess", 1)).unwrap();
    let (_, said) = project.training(&["--data", &file]);
    assert!(said.contains("row 1 (line 2), column colour") && said.contains("row 2 (line 4), column answer"), "{said}");
    // A quote that is never closed, and a file of something else: what is shown of them is short.
    for (data, words) in [
        (good().replacen("red,yes", "red,\"yes", 1) + &"1,2,red,no\n".repeat(9999), "row 2 (line 3), column answer"),
        (format!("{{\"rows\": [{}]}}", "1.5, ".repeat(9999)), "there is no column length"),
    ] {
        fs::write(&file, data).unwrap();
        let (code, said) = project.training(&["--data", &file]);
        assert!(code == 2 && said.contains(words) && said.len() < 3000, "{code}: {said}");
    }
    let mut latin = good().into_bytes();
    latin.extend(b"1,2,red,n\xf6\n");
    fs::write(&file, latin).unwrap();
    let (code, said) = project.training(&["--data", &file]);
    assert!(code == 2 && said.contains("row 21 (line 22), cell 4: it is not UTF-8"), "{code}: {said}");
}

#[test]
fn data_that_cannot_be_had_is_told_with_its_reason() {
    let project = project();
    let folder = project.path("folder");
    fs::create_dir(&folder).unwrap();
    let stub = Stub::start(&good());
    fs::write(project.path("page.html"), "\n <html>").unwrap();
    let nobody = format!("http://127.0.0.1:{}/x.csv", free_port());
    for (data, code, words) in [
        (project.text("gone.csv"), 2, "No such file"),
        (folder.to_string_lossy().into_owned(), 2, "Is a directory"),
        (stub.url("/gone"), 2, "the server says 404"),
        (stub.url("/loop"), 2, "too many redirects"),
        (stub.url("/page"), 2, "is a web page"),
        (stub.url("/away"), 1, "503"),
        (stub.url("/cut"), 1, "end of file before message length reached"),
        (nobody, 1, "Connection refused"),
        ("http://".to_owned(), 2, "is no URL"),
        (project.text("page.html"), 2, "is a web page"),
    ] {
        let (found, said) = project.training(&["--data", &data]);
        assert!(found == code && said.contains(words) && said.contains("\n\nhint: "), "{data}: {found}: {said}");
        assert!(said.len() < 2000 && nothing_in(&project.registry()), "{data}: {said}");
    }
    for data in [project.text("good.csv"), stub.url("/ok"), stub.url("/endless")] {
        let (code, said) = project.training(&["--data", &data, "--max-data-bytes", "100"]);
        assert!(code == 2 && said.contains("has more than 100 bytes"), "{data}: {code}: {said}");
    }
    let (code, said) = project.training(&["--data", &stub.url("/moved")]);
    assert!(code == 0 && said.contains("champion is version 1"), "{said}");
}

#[test]
fn data_with_another_sum_is_another_data_set() {
    let project = project();
    let with_sum = |sum: &str| MODEL.replace("good.csv,", &format!("good.csv, sha256: '{sum}',"));
    fs::write(project.path("model.yaml"), with_sum(&"a".repeat(64))).unwrap();
    let (code, said) = project.training(&[]);
    assert!(code == 2 && said.contains("its SHA-256 is ") && nothing_in(&project.registry()), "{code}: {said}");
    // What the hint says works.
    let sum = said.split("its SHA-256 is ").nth(1).unwrap()[..64].to_owned();
    fs::write(project.path("model.yaml"), with_sum(&sum)).unwrap();
    let (code, said) = project.training(&[]);
    assert_eq!(code, 0, "{said}");
}

/// Addresses of object stores carry signatures, and some people write passwords into them.
#[test]
fn an_address_keeps_its_secrets() {
    let project = project();
    let stub = Stub::start(&good());
    let secret = |path: &str| stub.url(&format!("{path}?X-Amz-Signature=s3cret")).replace("//", "//me:s3cret@");
    for path in ["/ok", "/gone", "/page", "/loop", "/away", "/cut"] {
        let (_, said) = project.training(&["--data", &secret(path)]);
        assert!(said.contains(path) && !said.contains("s3cret"), "{said}");
    }
    let noted = servers::run(std::process::Command::new("grep").args(["-r", "-l", "s3cret", &project.registry()]));
    assert_eq!(String::from_utf8_lossy(&noted.stdout), "");
    let noted = servers::run(std::process::Command::new("grep").args(["-r", "-l", "/ok", &project.registry()]));
    assert!(noted.status.success(), "where the data came from is noted");
}
